"""Clusters of a map, and clusters within them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours

from latent_widgets.analysis.contours import check_places
from latent_widgets.analysis.density import Floats
from latent_widgets.analysis.modes import peaks
from latent_widgets.progress import Progress

Codes = npt.NDArray[np.int32]

MOST = 6000
"""Rows that are clustered; of more, so many are drawn at random."""
# The smallest cluster of each depth, as a share of all rows, and never fewer rows than these.
_SHARES = (1 / 25, 1 / 80, 1 / 240)
_FEWEST = 8
# Parts that hold less than this share of a cluster are no account of it.
_TOLD = 0.5
# Where fewer rows than this share lie in any cluster, the map is one cloud with some clots.
_STAND_OUT = 0.3


def clusters(
    xy: npt.ArrayLike,
    depths: int = 3,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Codes]:
    """Find clusters of a map, and in each one the clusters it falls into.

    Parameters
    ----------
    xy
        (n, 2) finite places.
    depths
        How deep to look, 1 to 3.
    seed
        Draws the rows that are clustered where there are more than 6,000; every other row joins
        the cluster of the nearest of them.
    progress
        Told how far it is, share and words.

    Returns
    -------
    list of numpy.ndarray
        (n,) int32 a depth: the cluster of each row, -1 for none. Clusters are numbered by the
        rows they hold, the largest first; a cluster of one depth lies in one of the depth above.

    Raises
    ------
    ValueError
        If the places do not fit, or depths is not 1, 2 or 3.

    Notes
    -----
    HDBSCAN (Campello, Moulavi & Sander 2013) on the map, as far as it shows what is there: what
    a projection tears apart or lays on top of each other, it does too. A cluster counts where its
    density has a peak that chance does not make, see `modes.peaks`; of pure noise none does.
    """
    places = check_places(xy)
    if depths not in (1, 2, 3):
        raise ValueError(f"depths must be 1, 2 or 3, got {depths!r}")
    n = len(places)
    rows = np.arange(n)
    if n > MOST:
        rows = np.sort(np.random.default_rng(seed).choice(n, MOST, replace=False))
    some = places[rows]
    found = [np.full(len(some), -1, np.int32) for _ in range(depths)]
    parents = [np.arange(len(some))]
    for depth in range(depths):
        size = max(_FEWEST, round(len(some) * _SHARES[depth]))
        children: list[npt.NDArray[np.intp]] = []
        for i, inside in enumerate(parents):
            if progress:
                progress((depth + i / len(parents)) / depths, "looking for clusters")
            children += _split(some, inside, size, whole=depth == 0)
        children.sort(key=lambda child: (-len(child), int(child[0])))
        for code, child in enumerate(children):
            found[depth][child] = code
        parents = children
    if len(rows) == n:
        return found
    _, nearest = scipy.spatial.cKDTree(some).query(places)
    return [codes[nearest] for codes in found]


def _split(
    places: Floats, inside: npt.NDArray[np.intp], size: int, *, whole: bool
) -> list[npt.NDArray[np.intp]]:
    if len(inside) < 2 * size:
        return []
    here = places[inside]
    # Rows on top of each other have no distances to tell them apart by.
    if len(np.unique(here, axis=0)) < 2 * size:
        return _heaps(here, inside, size) if whole else []
    from sklearn.cluster import HDBSCAN  # noqa: PLC0415 - slow to import

    near = min(size, 20)
    labels = HDBSCAN(size, min_samples=near, copy=True).fit_predict(here)
    # HDBSCAN finds clots in pure noise: what has no peak above chance is none.
    real = np.setdiff1d(labels[peaks(here, near)], [-1])
    parts = [inside[labels == code] for code in real]
    if len(parts) < 2:
        return []
    told = sum(len(part) for part in parts)
    if whole:
        return parts if told >= _STAND_OUT * len(inside) else []
    return parts if told >= _TOLD * len(inside) else []


def _heaps(here: Floats, inside: npt.NDArray[np.intp], size: int) -> list[npt.NDArray[np.intp]]:
    _, heap, counts = np.unique(here, axis=0, return_inverse=True, return_counts=True)
    large = np.flatnonzero(counts >= size)
    # One heap of everything is no cluster among others.
    return [inside[heap.ravel() == one] for one in large] if len(large) > 1 else []
