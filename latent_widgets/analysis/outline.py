"""One region of a map: what it is called, what lies in it, and its outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours

from latent_widgets.analysis.contours import Contour, polygons, thresholds
from latent_widgets.analysis.density import Floats, Grid, choose_bandwidth

Rows = npt.NDArray[np.intp]

# An island of a class holds at least this share of its rows, or is none.
_ISLAND = 0.12
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
    pieces, many = scipy.ndimage.label(ground)
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
    found = scipy.ndimage.distance_transform_edt(
        ~ground, return_distances=False, return_indices=True
    )
    return tuple(found)
