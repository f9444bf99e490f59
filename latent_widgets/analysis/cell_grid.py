"""A flat map cut into square cells, and how far its rows speak for them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours

Places = npt.NDArray[np.float64]

# Cells go so much beyond the outermost rows.
_MARGIN = 0.08
# The distance to so many rows is how far one row speaks.
_AROUND = 12


class CellGrid(NamedTuple):
    """Square cells that cover the rows of a map, and a little more."""

    low: Places
    """(2,) the corner of smallest x and y."""
    step: float
    """Side of a cell, in units of the map."""
    rows: int
    """How many cells up the map."""
    columns: int
    """How many across it."""

    def at(self, across: npt.ArrayLike, up: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Give the places (m, 2) of positions (m,) counted in cells from the corner."""
        counted = np.stack(np.broadcast_arrays(across, up), axis=-1)
        return (self.low + self.step * counted).reshape(-1, 2).astype(np.float32)

    @property
    def middles(self) -> npt.NDArray[np.float32]:
        """(rows * columns, 2) the middle of each cell, row by row from the lowest."""
        return self.at(*np.meshgrid(np.arange(self.columns) + 0.5, np.arange(self.rows) + 0.5))


def cell_at(
    xy: npt.ArrayLike, low: Places, step: float, shape: tuple[int, ...]
) -> tuple[int, int] | None:
    """Find the cell of a place.

    Parameters
    ----------
    xy
        (2,) a place on the map.
    low, step
        Corner and side of the cells, as of a `CellGrid`.
    shape
        How many cells up and across.

    Returns
    -------
    tuple of int or None
        Row and column; None beyond the cells.
    """
    column, row = np.floor((np.asarray(xy, float) - low) / step).astype(int)
    inside = 0 <= row < shape[0] and 0 <= column < shape[1]
    return (int(row), int(column)) if inside else None


def cut_cells(places: npt.NDArray[Any], size: int) -> CellGrid:
    """Cut the part of a map where its rows lie into cells.

    Parameters
    ----------
    places
        (n, 2) where the rows lie, at least one.
    size
        Cells along the longer side.
    """
    low, high = places.min(axis=0), places.max(axis=0)
    widest = float((high - low).max()) or 1.0
    low, high = low - _MARGIN * widest, high + _MARGIN * widest
    step = float((high - low).max()) / size
    columns, rows = np.maximum(np.ceil((high - low) / step - 1e-9).astype(int), 1)
    corner = (low + high) / 2 - step * np.array([columns, rows]) / 2
    return CellGrid(corner, step, int(rows), int(columns))


class Trust:
    """How far the rows of a map speak for the places around them, in [0, 1].

    Parameters
    ----------
    places
        (n, 2) where the rows lie, at least one.
    """

    def __init__(self, places: Places) -> None:
        self._tree = scipy.spatial.cKDTree(places)
        some = places[:: -(-len(places) // 2000)]
        distances, _ = self._tree.query(some, k=min(_AROUND, len(places)))
        self._usual = float(np.quantile(np.atleast_2d(distances)[..., -1], 0.9))

    def __call__(self, at: npt.NDArray[np.float32], step: float) -> Places:
        """Judge places (m, 2) in cells of side `step`: (m,)."""
        distances, _ = self._tree.query(at)
        # A row anywhere in the cell speaks for all of it.
        reach = max(self._usual, 0.75 * step)
        result: Places = np.minimum(reach / np.maximum(distances, 1e-30), 1) ** 2
        return result
