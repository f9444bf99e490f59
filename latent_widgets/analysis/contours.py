"""Lines around where most points lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from contourpy import contour_generator

from latent_widgets.analysis.density import Floats, Grid, choose_bandwidth

LEVELS = (0.9, 0.7, 0.45, 0.2)
"""Shares of the points that contours enclose unless told otherwise."""

_SUMMIT = 0.95


@dataclass(frozen=True)
class Contour:
    """One polygon around dense ground.

    Parameters
    ----------
    level
        The share of all points that this polygon and the others of its level enclose.
    rings
        (k, 2) float32 each, closed: the outline, then its holes.
    """

    level: float
    rings: tuple[npt.NDArray[np.float32], ...]


def check_places(xy: npt.ArrayLike) -> Floats:
    """Check places on a map.

    Parameters
    ----------
    xy
        (n, 2) finite numbers.

    Returns
    -------
    numpy.ndarray
        (n, 2) float64.

    Raises
    ------
    ValueError
        If they are none.
    """
    places = np.asarray(xy, np.float64)
    if places.ndim != 2 or places.shape[1] != 2:
        raise ValueError(f"xy must be places on a plane, (n, 2), got shape {places.shape}")
    flawed = int((~np.isfinite(places)).any(axis=1).sum())
    if flawed:
        raise ValueError(
            f"xy must be finite, got NaN or infinity in {flawed} of {len(places)} rows"
        )
    return places


def check_levels(levels: Sequence[float]) -> list[float]:
    """Check shares of points that contours shall enclose.

    Parameters
    ----------
    levels
        Numbers above 0 and below 1.

    Returns
    -------
    list of float
        The largest first.

    Raises
    ------
    ValueError
        If one is none.
    """
    found = sorted({float(level) for level in levels}, reverse=True)
    if not found or not all(0 < level < 1 for level in found):
        raise ValueError(f"levels must be shares above 0 and below 1, got {levels!r:.60}")
    return found


def thresholds(counts: Floats, density: Floats, levels: Sequence[float]) -> list[float]:
    """Find how dense the smallest ground is that holds given shares of the points.

    Parameters
    ----------
    counts
        (rows, columns) points in each cell.
    density
        (rows, columns) the same, smoothed.
    levels
        Shares above 0 and below 1.

    Returns
    -------
    list of float
        One density a level: highest density regions (Hyndman 1996).
    """
    order = np.argsort(-density, axis=None, kind="stable")
    held = np.cumsum(counts.ravel()[order])
    at = [int(np.searchsorted(held, level * held[-1])) for level in levels]
    # One heap may hold them all: the line then lies just around its summit.
    highest = _SUMMIT * float(density.max())
    return [min(float(density.ravel()[order[place]]), highest) for place in at]


def polygons(grid: Grid, density: Floats, threshold: float, level: float) -> list[Contour]:
    """Outline where a density is above a threshold, by marching squares.

    Parameters
    ----------
    grid
        The cells.
    density
        (rows, columns), empty at its border.
    threshold
        Above 0.
    level
        What to call it.

    Returns
    -------
    list of Contour
        One a connected piece.
    """
    x, y = grid.axes
    lines: Any = contour_generator(x, y, density, fill_type="OuterOffset")
    found, offsets = lines.filled(threshold, np.inf)
    return [
        Contour(level, tuple(ring.astype(np.float32) for ring in np.split(points, ends[1:-1])))
        for points, ends in zip(found, offsets, strict=True)
    ]


def density_contours(
    xy: npt.ArrayLike, levels: Sequence[float] = LEVELS, bandwidth: float | None = None
) -> list[Contour]:
    """Outline the densest ground that holds given shares of the points.

    Parameters
    ----------
    xy
        (n, 2) finite places.
    levels
        Shares of the points, above 0 and below 1.
    bandwidth
        Standard deviation of the Gaussian that smooths the histogram, in units of the map; as
        the points' own neighbourhoods suggest when None.

    Returns
    -------
    list of Contour
        Polygons, the widest level first; none for fewer than two different places.

    Raises
    ------
    ValueError
        If the places, the levels or the bandwidth do not fit.
    """
    places, shares = check_places(xy), check_levels(levels)
    if bandwidth is not None and not (np.isfinite(bandwidth) and bandwidth > 0):
        raise ValueError(f"bandwidth must be a number above 0, got {bandwidth!r:.60}")
    width = choose_bandwidth(places) if bandwidth is None else float(bandwidth)
    if not width:
        return []
    grid = Grid.around(places, width)
    counts = grid.count(places)
    density = grid.smooth(counts, width)
    ends = thresholds(counts, density, shares)
    return [
        polygon
        for share, end in zip(shares, ends, strict=True)
        for polygon in polygons(grid, density, end, share)
    ]
