"""Regions of a map: what lies where, outlined and named."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.clusters import clusters
from latent_widgets.analysis.contours import LEVELS, check_levels, check_places
from latent_widgets.analysis.density import Floats
from latent_widgets.analysis.outline import Region, outline
from latent_widgets.progress import Progress

_MOST_CLASSES = 100


def regions(
    xy: npt.ArrayLike,
    labels: npt.ArrayLike | None = None,
    method: str = "labels",
    *,
    names: Sequence[str] | None = None,
    levels: Sequence[float] = LEVELS,
    seed: int = 0,
    progress: Progress | None = None,
) -> list[Region]:
    """Find the regions of a map.

    Parameters
    ----------
    xy
        (n, 2) finite places.
    labels
        With "labels", (n,) classes: words, or whole numbers, at most 100 different ones.
    method
        "labels": where each class lies, each island of it for itself. "hdbscan": the clusters
        of the map, and the clusters within them (see `clusters`).
    names
        Names of whole-number labels, `names[code]`.
    levels
        Shares of a region's rows that its outlines enclose.
    seed
        See `clusters`.
    progress
        Told how far it is, share and words.

    Returns
    -------
    list of Region
        The same for the same places; by level, the largest first.

    Raises
    ------
    ValueError
        If the places, labels, method or levels do not fit.
    """
    places, shares = check_places(xy), check_levels(levels)
    if method == "labels":
        codes, words = _classes(labels, names, len(places))
        # Class by class, as a sort of all rows once is quicker than a look at all for each.
        order = np.argsort(codes, kind="stable")
        ends = np.searchsorted(codes[order], np.arange(len(words) + 1))
        found: list[Region] = []
        for code, word in enumerate(words):
            if progress:
                progress(code / len(words), "outlining regions")
            rows = order[ends[code] : ends[code + 1]]
            if len(rows):
                draft = Region(word, word, rows, (), (0.0, 0.0), 0, 0.0, code)
                found += outline(places, draft, shares, split=True)
    elif method == "hdbscan":
        found = _clustered(places, shares, seed, progress)
    else:
        raise ValueError(f"method must be 'labels' or 'hdbscan', got {method!r:.60}")
    return sorted(found, key=lambda region: (region.level, -region.share, region.key))


def _clustered(
    places: Floats, levels: Sequence[float], seed: int, progress: Progress | None
) -> list[Region]:
    above: dict[int, str] = {}
    found: list[Region] = []
    before = None
    for depth, codes in enumerate(clusters(places, seed=seed, progress=progress)):
        keys: dict[int, str] = {}
        siblings: dict[str | None, int] = {}
        for code in range(int(codes.max(initial=-1)) + 1):
            rows = np.flatnonzero(codes == code)
            parent = (
                None if before is None else above[int(np.bincount(before[rows] + 1).argmax()) - 1]
            )
            number = siblings[parent] = siblings.get(parent, 0) + 1
            key = f"cluster {number}" if parent is None else f"{parent}.{number}"
            keys[code] = key
            draft = Region(key, key, rows, (), (0.0, 0.0), depth, 0.0, code, parent)
            found += outline(places, draft, levels, split=False)
        above, before = keys, codes
    return found


def _classes(
    labels: npt.ArrayLike | None, names: Sequence[str] | None, n: int
) -> tuple[npt.NDArray[np.intp], list[str]]:
    if labels is None:
        raise ValueError("labels must be given with method 'labels'")
    given = np.asarray(labels)
    if given.shape != (n,):
        raise ValueError(f"labels must be one class for each of {n} rows, got shape {given.shape}")
    if given.dtype.kind == "f" and not (np.isfinite(given) & (given == np.floor(given))).all():
        part = given[~(np.isfinite(given) & (given == np.floor(given)))][0]
        raise ValueError(f"labels must be classes, got the number {part}")
    words, codes = np.unique(
        given.astype(int) if given.dtype.kind == "f" else given, return_inverse=True
    )
    if len(words) > _MOST_CLASSES:
        raise ValueError(f"labels must be at most {_MOST_CLASSES} classes, got {len(words)}")
    if names is None:
        return codes.ravel(), [str(word) for word in words]
    if words.dtype.kind not in "iub" or (
        len(words) and not 0 <= words[0] <= words[-1] < len(names)
    ):
        raise ValueError(f"names must name every label, got {len(names)} names")
    return given.astype(np.intp), [str(name) for name in names]
