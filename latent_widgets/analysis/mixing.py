"""Some dimensions of one latent, the rest of another."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from latent_widgets.geometry import Geometry
from latent_widgets.geometry.arrays import Latents, back, together

# A dimension that tells less than this of a factor, or half of what the best one tells, is not
# one of its own.
_LEAST, _OF_BEST = 0.05, 0.5


def check_dims(dims: Iterable[int], d: int) -> list[int]:
    """Check ids of dimensions.

    Parameters
    ----------
    dims
        Whole numbers from 0 to d - 1.
    d
        How many there are.

    Returns
    -------
    list of int
        In ascending order, each once.

    Raises
    ------
    ValueError
        If one is none.
    """
    try:
        found = sorted({operator.index(dim) for dim in dims})
    except TypeError:
        raise ValueError(
            f"dims must be whole numbers from 0 to {d - 1}, got {dims!r:.60}"
        ) from None
    if found and not (found[0] >= 0 and found[-1] < d):
        wrong = found[0] if found[0] < 0 else found[-1]
        raise ValueError(f"dims must be from 0 to {d - 1}, got {wrong}")
    return found


def mix(a: Latents, b: Latents, dims: Iterable[int], geometry: Geometry | None = None) -> Latents:
    """Take some dimensions of one latent, and the rest of another.

    Parameters
    ----------
    a
        (..., d) latents that give the rest.
    b
        (..., d) latents that give `dims`; leading axes broadcast.
    dims
        Ids of dimensions, 0 to d - 1.
    geometry
        Where they live: the mixture is brought to its nearest point. Flat when None.

    Returns
    -------
    Tensor or numpy.ndarray
        (..., d), of the kind of `a`.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a dimension is out of range.

    Examples
    --------
    >>> mix(np.zeros(3), np.ones(3), [1])
    array([0., 1., 0.])
    """
    first, second = together(a=a, b=b)
    chosen = check_dims(dims, first.shape[-1])
    shape = np.broadcast_shapes(first.shape, second.shape)
    mixed = first.expand(shape).clone()
    mixed[..., chosen] = second.expand(shape)[..., chosen]
    found = back(mixed, a)
    return found if geometry is None else geometry.project(found)


def factor_dims(points: npt.ArrayLike, values: npt.ArrayLike, *, classes: bool) -> list[int]:
    """Find the dimensions that tell most of a factor.

    Parameters
    ----------
    points
        (n, d) rows.
    values
        (n,) numbers, or codes of classes.
    classes
        Whether they are codes.

    Returns
    -------
    list of int
        Those that explain at least a twentieth of the factor's variance, and half of what the best
        of them does: squared correlation of numbers, correlation ratio of classes (Pearson, 1905).
    """
    rows, given = np.asarray(points, np.float64), np.asarray(values)
    told = np.asarray(given, np.float64)
    centred = rows - rows.mean(axis=0)
    total = np.maximum((centred**2).sum(axis=0), 1e-300)
    if classes:
        share = np.zeros(rows.shape[1])
        for code in np.unique(given):
            own = centred[given == code]
            share += len(own) * own.mean(axis=0) ** 2
        share /= total
    else:
        about = told - told.mean()
        share = (centred.T @ about) ** 2 / (total * max(float(about @ about), 1e-300))
    best = float(share.max(initial=0))
    return np.flatnonzero(share >= max(_LEAST, _OF_BEST * best)).tolist()


def block(
    shape: Sequence[int],
    channels: Iterable[int] | None = None,
    rows: Iterable[int] | None = None,
    columns: Iterable[int] | None = None,
) -> list[int]:
    """Find the dimensions of channels or regions of latents that are pictures.

    Parameters
    ----------
    shape
        (C, H, W) of a latent.
    channels, rows, columns
        Which of them; all when None.

    Returns
    -------
    list of int
        Ids among C * H * W.

    Raises
    ------
    ValueError
        If the shape has no three sides, or one is out of range.
    """
    if len(shape) != 3:
        raise ValueError(f"shape must be (C, H, W), got {tuple(shape)}")
    ids = np.arange(int(np.prod(shape))).reshape(shape)
    sides = (
        list(range(size)) if some is None else check_dims(some, size)
        for some, size in zip((channels, rows, columns), shape, strict=True)
    )
    found: list[int] = ids[np.ix_(*sides)].ravel().tolist()
    return found


def half_by(scores: npt.ArrayLike) -> list[int]:
    """Find the half of the dimensions with the highest scores."""
    best = np.argsort(-np.asarray(scores), kind="stable")[: max(np.size(scores) // 2, 1)]
    return sorted(best.tolist())
