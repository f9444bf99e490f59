"""How much larger pictures make every place of a map: its magnification factors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.cell_grid import CellGrid, Trust, cell_at, cut_cells
from latent_widgets.analysis.contours import check_places
from latent_widgets.progress import Progress

Inverse = Callable[[npt.NDArray[np.float32]], npt.NDArray[Any]]
Decode = Callable[[npt.NDArray[Any]], Any]
Wide = npt.NDArray[np.float64]

SIZES = (8, 16, 32)
"""Cells along the longer side of the map, coarse first."""
# What is seen of a map without rows, as on the page.
_BARE = np.array([[-3.0, -3.0], [3.0, 3.0]])
# Pictures that change along one direction only cover no area: less than rounding may leave.
_THIN = 1e-3
_ENDS = (0.02, 0.98)
# A tint that spans more decades than this shows hardly anything of those that matter.
_DECADES = 4.0


@dataclass(frozen=True)
class MagnificationMap:
    """A map cut into cells, each with the area of pictures that it stands for.

    Parameters
    ----------
    low
        (2,) the corner of smallest x and y.
    step
        Side of a cell, in units of the map.
    log10
        (rows, columns) log10 of the magnification factor; rows go up the map; NaN where the
        pictures do not change, or along one direction only.
    trust
        (rows, columns) how far the rows of the data speak for a cell, in [0, 1].
    """

    low: Wide
    step: float
    log10: npt.NDArray[np.float32]
    trust: npt.NDArray[np.float32]

    @property
    def range(self) -> tuple[float, float]:
        """Where most of `log10` lies, from which a tint is made; NaN where it is nowhere known."""
        known = np.isfinite(self.log10) & (self.trust > 0.25)
        if not known.any():
            return float("nan"), float("nan")
        low, high = np.quantile(self.log10[known], _ENDS)
        return float(max(low, high - _DECADES)), float(high)

    def at(self, xy: npt.ArrayLike) -> float | None:
        """Look up log10 of the factor at a place (2,) of the map; None beyond the cells."""
        cell = cell_at(xy, self.low, self.step, self.log10.shape)
        return cell and float(self.log10[cell])


def magnify_cells(
    xy: npt.ArrayLike,
    inverse: Inverse,
    decode: Decode,
    *,
    sizes: Sequence[int] = SIZES,
    fade: bool = False,
    progress: Progress | None = None,
) -> Iterator[MagnificationMap]:
    """Measure how much pictures change around each place of a flat map.

    With F(x, y) the pixels of the picture that the map shows at (x, y), decode(inverse(x, y)),
    the factor is the area of pictures to that of the map, sqrt(det(J^T J)), with J the two
    columns dF/dx and dF/dy. It is that of the surface which the map shows: of a latent of more
    than two dimensions, the others stay where the way back puts them, and on a map that was laid
    out it also says how the map itself is stretched. In two dimensions, on a map without
    stretching, it is sqrt det G of the decoder's pull-back metric.

    Both columns are differences between the pictures at the middles of a cell's opposite edges,
    which neighbours share: two decodes a cell. What changes within less than a cell is not seen.

    Parameters
    ----------
    xy
        (n, 2) where the rows lie; without any, the square from -3 to 3 is measured.
    inverse
        From (m, 2) places to (m, d) latents.
    decode
        From (m, d) latents to (m, ...) pictures.
    sizes
        Cells along the longer side, one map each.
    fade
        Whether to trust cells less the farther they are from all rows: for a map that was laid
        out, whose inverse only knows what lies around the rows.
    progress
        Told how far it is, share and words.

    Yields
    ------
    MagnificationMap
        Coarse first.

    Raises
    ------
    ValueError
        If `xy` is no (n, 2) finite array.

    Notes
    -----
    Bishop, Svensen and Williams, "Magnification factors for the GTM algorithm", 1997.
    """
    places = check_places(xy)
    trust = Trust(places) if fade and len(places) else None
    grids = [cut_cells(places if len(places) else _BARE, size) for size in sizes]
    done, work = 0, sum(grid.rows for grid in grids)
    for grid in grids:
        lines = []
        for line in _lines(grid, inverse, decode):
            lines.append(line)
            done += 1
            if progress:
                progress(done / work, f"{grid.rows} x {grid.columns} cells")
        shape = grid.rows, grid.columns
        known = np.ones(shape) if trust is None else trust(grid.middles, grid.step).reshape(shape)
        yield MagnificationMap(
            low=grid.low,
            step=grid.step,
            log10=np.stack(lines).astype(np.float32),
            trust=known.astype(np.float32),
        )


def _lines(grid: CellGrid, inverse: Inverse, decode: Decode) -> Iterator[Wide]:
    """Measure line after line of cells, from the lowest: (columns,) log10 each."""

    def see(places: npt.NDArray[np.float32]) -> Wide:
        return np.asarray(decode(inverse(places)), np.float64).reshape(len(places), -1)

    edges, middles = np.arange(grid.columns + 1), np.arange(grid.columns) + 0.5
    below = see(grid.at(middles, 0))
    for row in range(grid.rows):
        both = [grid.at(edges, row + 0.5), grid.at(middles, row + 1)]
        beside, above = np.split(see(np.concatenate(both)), [len(edges)])
        yield _log_area((beside[1:] - beside[:-1]) / grid.step, (above - below) / grid.step)
        below = above


def _log_area(across: Wide, up: Wide) -> Wide:
    """Log10 of the areas (m,) of parallelograms with sides (m, p); NaN where there are none."""
    sides = np.linalg.norm(across, axis=1) * np.linalg.norm(up, axis=1)
    squared = sides**2 - (across * up).sum(axis=1) ** 2
    area = np.sqrt(np.maximum(squared, 0))
    there = (area > _THIN * sides) & (area > 0)
    result: Wide = np.log10(np.where(there, area, np.nan))
    return result
