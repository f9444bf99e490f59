"""Peaks of density that stand out from chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours

from latent_widgets.analysis.density import Floats

Rows = npt.NDArray[np.intp]

# In so many of all maps without clusters does chance make a peak that passes, at most.
_LEVEL = 0.05


def peaks(places: Floats, k: int) -> Rows:
    """Find the rows at which the density of a map has a peak that chance does not make.

    Parameters
    ----------
    places
        (n, 2) float64, finite, n above k.
    k
        The density at a row is told from the distance to its k-th nearest row.

    Returns
    -------
    numpy.ndarray
        Row ids, the densest first; the densest of all rows is always one. Rows far from all
        others by so much that no 2 k nearest rows join them have a peak of their own.

    Notes
    -----
    A peak lasts from its own density down to that of the pass to a higher one; it counts where
    the logarithm of their ratio is more than z sqrt(2 / k), as the logarithm of a density told
    from k rows has a standard error of 1 / sqrt(k): the test of d'Errico, Facco, Laio and
    Rodriguez, "Automatic topography of high-dimensional data sets by non-parametric density peak
    clustering", 2021. z leaves a chance of 5 in 100 that any of the n / k
    independent places of a map without clusters passes (Bonferroni).
    """
    n = len(places)
    tree = scipy.spatial.cKDTree(places)
    distances, near = tree.query(places, k=min(n, 2 * k))
    radius = np.maximum(distances[:, k], np.finfo(float).tiny)
    start = np.repeat(np.arange(n), near.shape[1] - 1)
    end = near[:, 1:].ravel()
    # Two rows are joined at the density at which both are dense and no farther than that apart.
    joined = np.maximum(np.maximum(radius[start], radius[end]), distances[:, 1:].ravel())
    order = np.argsort(joined, kind="stable")
    least = float(scipy.stats.norm.isf(min(_LEVEL * k / n, 0.5)) * np.sqrt(2 / k))
    # The density falls with the square of the distance.
    far = float(np.exp(least / 2))
    lower = _lower(start[order].tolist(), end[order].tolist(), joined[order].tolist(), radius, far)
    found = np.setdiff1d(np.arange(n), lower)
    return found[np.argsort(radius[found], kind="stable")]


def _lower(
    start: list[int], end: list[int], joined: list[float], radius: Floats, far: float
) -> list[int]:
    """Go down from the peaks; give the rows that are no peak of their own."""
    top = list(range(len(radius)))
    high = radius.tolist()
    lower = []

    def find(row: int) -> int:
        while top[row] != row:
            top[row] = top[top[row]]
            row = top[row]
        return row

    for one, other, at in zip(start, end, joined, strict=True):
        first, second = find(one), find(other)
        if first == second:
            continue
        if high[first] > high[second]:
            first, second = second, first
        if at <= far * high[second]:
            lower.append(second)
        top[second] = first
    return lower
