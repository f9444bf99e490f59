"""What is said about a space while it is looked at: new columns, and drawings on its maps."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
import traitlets as t
from torch import Tensor

from latent_widgets import codec, state
from latent_widgets.brought import Values
from latent_widgets.columns import make_column
from latent_widgets.encoded import Encoded
from latent_widgets.given import latent_rows

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

# Two panels may draw at once, each on a thread of its own.
_turn = threading.Lock()
# More lines than a map can show would only keep the page from moving.
_MOST_EDGES = 200_000


class Annotated(t.HasTraits):
    """Lets panels and cells colour the rows anew, and draw on every map of a space."""

    overlays = t.Dict(read_only=True).tag(sync=True)
    """What maps draw beside the points, by the name of who wants it; see `draw`."""

    facts: Any
    _data: Encoded

    def add_column(self, name: str, values: Values, names: Sequence[str] | None = None) -> None:
        """Add a column to colour and to select by; one of the same name is replaced.

        Parameters
        ----------
        name
            What it is called on screen.
        values
            (n,) numbers, or classes.
        names
            Class names of whole numbers.

        Raises
        ------
        ValueError
            If there is not one finite value a row; the columns stay as they were.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        column = make_column(str(name), values, len(self._data), names)
        with _turn:
            # A dictionary keeps the place of a key whose value is replaced.
            named = {one.name: one for one in self._data.columns}
            self._data.columns = list({**named, column.name: column}.values())
            self.facts = state.facts(space, self._data)

    def draw(
        self,
        name: str,
        *,
        edges: npt.ArrayLike | None = None,
        paths: Sequence[npt.ArrayLike | Tensor] | None = None,
        points: npt.ArrayLike | Tensor | None = None,
        spread: npt.ArrayLike | Tensor | None = None,
        labels: Sequence[str] | None = None,
        color: str | None = None,
    ) -> None:
        """Draw on every map of this space; what was drawn under the same name goes.

        Parameters
        ----------
        name
            The drawing's own name.
        edges
            (m, 2) row ids to join by lines, at most 200,000 of them.
        paths
            Lines through latents, each (k, d).
        points
            (m, d) latents to mark by rings.
        spread
            (m, d) standard deviations around `points`, drawn as ellipses.
        labels
            One text a point or, without points, a path.
        color
            A CSS colour such as "#d55e00"; the theme's accent when None.

        Raises
        ------
        ValueError
            If something does not fit; what was drawn stays.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        d = space.latent_dim
        lines = [_latents(f"paths[{i}]", path, d) for i, path in enumerate(paths or [])]
        marked = _latents("points", points, d) if points is not None else np.zeros((0, d))
        around = None if spread is None else _latents("spread", spread, d)
        if around is not None and around.shape != marked.shape:
            raise ValueError(
                f"spread must have the shape of points, {marked.shape}, got {around.shape}"
            )
        wanted = len(marked) or len(lines)
        if labels is not None and len(labels) != wanted:
            raise ValueError(f"labels must be {wanted} texts, got {len(labels)}")
        drawing = {
            "edges": codec.ids_to_bytes(_edges(edges, len(space.points)).tolist()),
            "paths": codec.floats_to_bytes(np.concatenate([*lines, np.zeros((0, d))])),
            "lengths": [len(line) for line in lines],
            "points": codec.floats_to_bytes(marked),
            "spread": None if around is None else codec.floats_to_bytes(around),
            "labels": [str(text) for text in labels or []],
            "color": color,
        }
        with _turn:
            self.set_trait("overlays", {**self.overlays, str(name): drawing})

    def erase(self, name: str) -> None:
        """Take a drawing off every map; nothing happens when there is none of that name.

        Parameters
        ----------
        name
            As it was drawn.
        """
        with _turn:
            kept = {key: one for key, one in self.overlays.items() if key != name}
            if len(kept) < len(self.overlays):
                self.set_trait("overlays", kept)


def _latents(name: str, given: npt.ArrayLike | Tensor, d: int) -> npt.NDArray[np.float32]:
    found: npt.NDArray[np.float32] = latent_rows(given, d, torch.device("cpu"), name).numpy()
    return found


def _edges(given: npt.ArrayLike | None, n: int) -> npt.NDArray[np.intp]:
    edges = np.asarray([] if given is None else given)
    if not edges.size:
        return np.zeros(0, np.intp)
    if edges.ndim != 2 or edges.shape[1] != 2 or edges.dtype.kind not in "iu":
        raise ValueError(f"edges must be pairs of row ids (m, 2), got shape {edges.shape}")
    if edges.min() < 0 or edges.max() >= n:
        wrong = edges[(edges < 0) | (edges >= n)][0]
        raise ValueError(f"edges must be row ids from 0 to {n - 1}, got {wrong}")
    if len(edges) > _MOST_EDGES:
        raise ValueError(f"edges must be at most {_MOST_EDGES:,} lines, got {len(edges):,}")
    return edges.astype(np.intp).ravel()
