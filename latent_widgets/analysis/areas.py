"""Regions of a map: what lies where, outlined and named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_edt, label

from latent_widgets.analysis.clusters import clusters
from latent_widgets.analysis.contours import (
    LEVELS,
    Contour,
    check_levels,
    check_places,
    polygons,
    thresholds,
)
from latent_widgets.analysis.density import Floats, Grid, choose_bandwidth

Progress = Callable[[float, str], None]
Rows = npt.NDArray[np.intp]

# An island of a class holds at least this share of its rows, or is none.
_ISLAND = 0.12
_MOST_CLASSES = 100
# So many bandwidths smooth the density whose summit a name stands on.
_BROAD = 2.5


@dataclass(frozen=True)
class Region:
    """One named area of a map.

    Parameters
    ----------
    key
        Names it for programs; a class that lies in two islands has one key for both.
    name
        Names it for people.
    rows
        Ids of the rows that belong to it.
    outlines
        Polygons around where these rows lie densest, the widest level first. Those of a class
        end where it is no longer in the majority; none where it never is, or where all its rows
        lie at one place.
    anchor
        (x, y), the densest place inside, seen broadly: where its name stands.
    level
        0 for what is seen from afar, then 1 and 2 for what it falls into.
    share
        Of all rows, in [0, 1].
    code
        The class it shows, or the cluster's number.
    parent
        Key of the region it is a part of, or None.
    """

    key: str
    name: str
    rows: Rows
    outlines: tuple[Contour, ...]
    anchor: tuple[float, float]
    level: int
    share: float
    code: int
    parent: str | None = None


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


def outline(places: Floats, draft: Region, levels: Sequence[float], *, split: bool) -> list[Region]:
    """Draw the outlines of a region from its rows.

    Parameters
    ----------
    places
        (n, 2) where all rows lie.
    draft
        The region without outlines, anchor and share.
    levels
        Shares of its rows, the largest first.
    split
        Whether only the ground counts where these rows are the majority, and its islands become
        regions of their own.

    Returns
    -------
    list of Region
        The region, or one for each island that holds an eighth of its rows.
    """
    own = places[draft.rows]
    width = choose_bandwidth(own)
    if not width:
        where = (float(own[0, 0]), float(own[0, 1]))
        return [replace(draft, anchor=where, share=len(own) / len(places))]
    grid = Grid.around(own, width)
    counts = grid.count(own)
    density = grid.smooth(counts, width)
    ends = thresholds(counts, density, levels)
    # Above 1 where a class is in the majority; where nobody lies, nobody is.
    standing = np.full(grid.shape, np.inf)
    if split:
        everyone = grid.smooth(grid.count(grid.inside(places)), width)
        standing = 2 * density / np.maximum(everyone, 1e-30)
    ground = (density >= ends[0]) & (standing >= 1)
    if counts[ground].sum() < _ISLAND * counts.sum():
        row, column = np.unravel_index(int(density.argmax()), grid.shape)
        x, y = grid.low + grid.step * np.array([column, row])
        return [replace(draft, anchor=(float(x), float(y)), share=len(own) / len(places))]
    pieces, kept = _islands(ground, counts, split=split)
    home = pieces[_nearest(np.isin(pieces, kept))][grid.cells(own)]
    # A name is as large as a region: what is densest at that scale is its place.
    broad = grid.smooth(counts, _BROAD * width)
    lines = [
        polygon
        for level, end in zip(levels, ends, strict=True)
        for polygon in polygons(grid, np.minimum(density / end, standing), 1.0, level)
    ]
    at = pieces[_nearest(ground)]
    islands = [int(at[grid.cells(line.rings[0][:1])][0]) for line in lines]
    found = []
    for island in kept:
        inside = np.where(pieces == island, broad, -1)
        row, column = np.unravel_index(int(inside.argmax()), grid.shape)
        x, y = grid.low + grid.step * np.array([column, row])
        rows = draft.rows[home == island]
        found.append(
            replace(
                draft,
                rows=rows,
                outlines=tuple(o for o, one in zip(lines, islands, strict=True) if one == island),
                anchor=(float(x), float(y)),
                share=len(rows) / len(places),
            )
        )
    return found


def _islands(
    ground: npt.NDArray[np.bool_], counts: Floats, *, split: bool
) -> tuple[npt.NDArray[np.intp], list[int]]:
    pieces, many = label(ground)
    held = np.bincount(pieces.ravel(), counts.ravel(), many + 1)
    held[0] = 0
    largest = int(held.argmax())
    if split:
        return pieces, [int(one) for one in np.flatnonzero(held >= _ISLAND * held.sum())] or [
            largest
        ]
    # All pieces count as the one that its name stands in.
    return np.where(pieces > 0, largest, 0), [largest]


def _nearest(ground: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], ...]:
    """For every cell, the cell of the ground that is nearest to it."""
    found = distance_transform_edt(~ground, return_distances=False, return_indices=True)
    return tuple(found)


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
