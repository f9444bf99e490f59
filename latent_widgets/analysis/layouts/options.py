"""What a layout may be asked for, and what does not fit the rows."""

from __future__ import annotations

import difflib
import importlib.metadata
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from latent_widgets.analysis.base import Array
from latent_widgets.analysis.layouts.torchdr import MODELS, torchdr_layout
from latent_widgets.analysis.layouts.tsne import tsne_layout
from latent_widgets.analysis.layouts.umap import umap_layout

Options = dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """A method that lays rows out, and what must be installed for it.

    Parameters
    ----------
    lay_out
        Called with points, start, seed, report and the options.
    library, module, extra
        The distribution, what it is imported by, and our extra that brings it.
    defaults
        Every option and its default.
    about
        One line for people; options are filled in.
    """

    lay_out: Callable[..., Array]
    library: str
    module: str
    extra: str
    defaults: Options
    about: str

    @property
    def installed(self) -> bool:
        """Whether the library is there."""
        return importlib.util.find_spec(self.module) is not None

    @property
    def version(self) -> str:
        """The library's version."""
        return importlib.metadata.version(self.library)


LAYOUTS = {
    "tsne": Layout(
        tsne_layout,
        "openTSNE",
        "openTSNE",
        "maps",
        {"perplexity": None, "iterations": 500, "exaggeration": 1.0},
        "t-SNE (perplexity {perplexity:.3g}): near rows stay near; sizes of groups and gaps "
        "between them mean little.",
    ),
    "umap": Layout(
        umap_layout,
        "umap-learn",
        "umap",
        "maps",
        {"neighbours": None, "min_dist": 0.1, "epochs": None},
        "UMAP ({neighbours} neighbours): near rows stay near; distances between groups are a hint "
        "at best.",
    ),
    "torchdr": Layout(
        torchdr_layout,
        "torchdr",
        "torchdr",
        "torchdr",
        {"model": "umap", "neighbours": None, "iterations": 1000, "device": "auto"},
        "TorchDR's {model}: near rows stay near; distances between groups are a hint at best.",
    ),
}
"""The methods that form step by step."""


def read_options(method: str, points: Array, given: Options) -> Options:
    """Fill in the options of a layout, and refuse what does not fit.

    Parameters
    ----------
    method
        One of `LAYOUTS`.
    points
        (n, d) rows.
    given
        What the caller asked for.

    Raises
    ------
    TypeError
        If there is no such option.
    ValueError
        If there are too few rows, or all are the same, or an option does not fit.
    """
    known = LAYOUTS[method].defaults
    refuse_unknown(method, given, tuple(known))
    n = len(points)
    if n < 4:
        raise ValueError(f"method {method!r} needs 4 or more rows, got {n}; 'pca' shows fewer")
    if (points == points[0]).all():
        raise ValueError(f"method {method!r} needs rows that differ, and all {n} are the same")
    options = {**known, **given}
    if method == "tsne":
        options["perplexity"] = _neighbours("perplexity", options["perplexity"], 30, (n - 1) / 3, n)
    elif method == "umap":
        options["neighbours"] = _neighbours("neighbours", options["neighbours"], 15, n - 1, n)
        options["neighbours"] = int(options["neighbours"])
    elif options["model"] not in MODELS:
        raise ValueError(f"model must be one of {tuple(MODELS)}, got {options['model']!r}")
    elif options["neighbours"] is not None:
        most = n - 1 if MODELS[options["model"]][1] == "n_neighbors" else (n - 1) / 3
        options["neighbours"] = _neighbours("neighbours", options["neighbours"], 0, most, n)
    _check_numbers(method, options)
    return options


def refuse_unknown(method: str, given: Options, known: tuple[str, ...]) -> None:
    """Raise a TypeError for an option that a method does not have."""
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            has = ", ".join(known) if known else "none"
            raise TypeError(f"method {method!r} has no option {name!r}{hint} (it has: {has})")


def _neighbours(name: str, value: object, usual: int, most: float, n: int) -> float:
    if value is None:
        return min(usual, most)
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise TypeError(f"{name} must be a number, got {value!r}")
    least = 1 if name == "perplexity" else 2
    if not least <= float(value) <= most:
        raise ValueError(
            f"{name} must be from {least} to {_short(most)} for {n} rows, got {value:g}"
        )
    return float(value)


def _short(most: float) -> str:
    return f"{int(most * 10) / 10:g}"


def _check_numbers(method: str, options: Options) -> None:
    least = {"iterations": 1, "epochs": 1, "min_dist": 0, "exaggeration": 0}
    for name, low in least.items():
        value = options.get(name)
        if value is None:
            continue
        whole = name in ("iterations", "epochs")
        kind = int | np.integer if whole else int | float | np.number
        if isinstance(value, bool) or not isinstance(value, kind) or not low <= value < np.inf:
            what = "a whole number" if whole else "a number"
            raise ValueError(f"{name} of {method!r} must be {what} from {low}, got {value!r}")
    device = options.get("device", "auto")
    if device not in ("auto", "cpu", "cuda"):
        raise ValueError(f"device must be 'auto', 'cpu' or 'cuda', got {device!r}")
