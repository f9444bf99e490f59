"""Which rows a report measures, and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from latent_widgets.analysis.rows import Floats, is_flat
from latent_widgets.datasets.images import Images

_MOST = 2000
_BATCH = 256
_FEWEST = 20


class Sample(NamedTuple):
    """Encoded rows.

    Attributes
    ----------
    about : str
        Which rows they are, in words.
    mean : numpy.ndarray, shape (n, d)
        Posterior means, float64.
    logvar : numpy.ndarray or None, shape (n, d)
        Log-variances of Gaussian posteriors under a prior N(0, I); None for all others.
    pictures : Tensor or None, shape (n, C, H, W)
        What was encoded, where it is at hand.
    factors : dict of str to numpy.ndarray, each of shape (n,)
        What is known of the rows; factors of one value are left out.
    """

    about: str
    mean: Floats
    logvar: Floats | None
    pictures: Tensor | None
    factors: dict[str, Any]


def take_sample(
    space: Any,  # noqa: ANN401 - a LatentSpace
    images: Any,  # noqa: ANN401
    factors: Mapping[str, Any] | None,
    seed: int,
) -> Sample:
    """Choose the rows of a report, 2,000 at most, and encode them where they are new.

    Parameters
    ----------
    space, images, factors, seed
        As for `report`.

    Returns
    -------
    Sample
        In random order.

    Raises
    ------
    ValueError
        If there are too few rows, or factors have another number of them.
    """
    generator = np.random.default_rng(seed)
    if images is not None:
        return _encode(space, Images(images), factors, generator)
    known = dict(space.factors) if factors is None else dict(factors)
    rows, about = _held_out(known.pop("split", None), len(space.points))
    if len(rows) < _FEWEST:
        raise ValueError(
            f"a report needs at least {_FEWEST} rows, got {len(rows)}: give held-out images"
        )
    rows = generator.permutation(rows)[:_MOST]
    source, logvar = space.data.images, space.logvar if is_flat(space) else None
    return Sample(
        f"{len(rows):,} {about}",
        space.points[rows].astype(np.float64),
        None if logvar is None else logvar[rows].astype(np.float64),
        None if source is None else source.take([int(row) for row in rows]),
        _choose(known, rows, len(space.points)),
    )


def _encode(
    space: Any,  # noqa: ANN401
    source: Images,
    factors: Mapping[str, Any] | None,
    generator: np.random.Generator,
) -> Sample:
    if len(source) < _FEWEST:
        raise ValueError(f"images must hold at least {_FEWEST} pictures, got {len(source)}")
    known = dict(factors or {})
    if factors is None and source.labels is not None:
        known = {"label": np.asarray(source.labels)}
    rows = generator.permutation(len(source))[:_MOST]
    chosen = _choose(known, rows, len(source))
    pictures = source.take([int(row) for row in rows])
    parts = [space.encode(part) for part in torch.split(pictures, _BATCH)]
    logvars = [part.logvar for part in parts if part.logvar is not None and is_flat(space)]
    return Sample(
        f"{len(rows):,} pictures that were given",
        torch.cat([part.mean for part in parts]).double().cpu().numpy(),
        torch.cat(logvars).double().cpu().numpy() if logvars else None,
        pictures,
        chosen,
    )


def _held_out(split: Any, n: int) -> tuple[Any, str]:  # noqa: ANN401
    """Give ids of the rows that were not trained on, where a column tells; else of all."""
    if split is not None:
        words = np.char.lower(np.asarray(split).astype(str))
        rows = np.flatnonzero(np.isin(words, ("held out", "held_out", "held-out", "test")))
        if len(rows) >= _FEWEST:
            return rows, "held-out rows of the space"
    return np.arange(n), "rows of the space, which the model may have been trained on"


def _choose(known: Mapping[str, Any], rows: Any, n: int) -> dict[str, Any]:  # noqa: ANN401
    chosen = {}
    for name, values in known.items():
        array = np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)
        if array.shape != (n,):
            raise ValueError(f"factor {name!r} must hold {n} values, got shape {array.shape}")
        if len(np.unique(array[rows])) > 1:
            chosen[str(name)] = array[rows]
    return chosen
