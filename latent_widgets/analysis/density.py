"""How dense points lie on a plane: a histogram, smoothed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours

Floats = npt.NDArray[np.float64]

# A bandwidth spans so many cells, as long as the plane has no more than `_MOST` of them across.
_FINE = 3
_MOST = 384
_MARGIN = 4
# So many points, evenly picked, tell the bandwidth as well as all.
_SAMPLE = 4000


@dataclass(frozen=True)
class Grid:
    """Square cells over a plane.

    Parameters
    ----------
    low
        (2,) x and y of the middle of the first cell.
    step
        Side of a cell, in units of the plane.
    shape
        Rows (along y) and columns (along x).
    """

    low: Floats
    step: float
    shape: tuple[int, int]

    @classmethod
    def around(cls, xy: Floats, bandwidth: float) -> Grid:
        """Lay cells around points, with an empty frame that a smoothed point does not leave.

        Parameters
        ----------
        xy
            (n, 2) places, n >= 1.
        bandwidth
            The standard deviation they will be smoothed by, above 0.

        Returns
        -------
        Grid
            Three cells a bandwidth, or fewer where that would be more than 384 across.
        """
        low, high = xy.min(axis=0), xy.max(axis=0)
        widest = float((high - low).max())
        step = max(bandwidth / _FINE, widest / _MOST)
        frame = (_MARGIN * max(bandwidth, step)) + 2 * step
        columns, rows = np.ceil((high - low + 2 * frame) / step).astype(int) + 1
        return cls(low - frame, step, (int(rows), int(columns)))

    @property
    def axes(self) -> tuple[Floats, Floats]:
        """Where the middles of the columns and of the rows lie, (columns,) and (rows,)."""
        rows, columns = self.shape
        return (
            self.low[0] + self.step * np.arange(columns),
            self.low[1] + self.step * np.arange(rows),
        )

    def inside(self, xy: Floats) -> Floats:
        """Keep the places that lie on the grid.

        Parameters
        ----------
        xy
            (n, 2) places.

        Returns
        -------
        numpy.ndarray
            (m, 2) of them.
        """
        high = self.low + self.step * (np.array(self.shape[::-1]) - 1)
        kept: Floats = xy[((xy >= self.low) & (xy <= high)).all(axis=1)]
        return kept

    def cells(self, xy: npt.NDArray[np.floating]) -> tuple[npt.NDArray[np.intp], ...]:
        """Find the cell of each place, the nearest one for places outside.

        Parameters
        ----------
        xy
            (n, 2) places.

        Returns
        -------
        tuple of numpy.ndarray
            Row and column, (n,) each.
        """
        place = np.rint((xy - self.low) / self.step).astype(np.intp)
        rows, columns = self.shape
        return np.clip(place[:, 1], 0, rows - 1), np.clip(place[:, 0], 0, columns - 1)

    def count(self, xy: npt.NDArray[np.floating]) -> Floats:
        """Count the points in each cell.

        Parameters
        ----------
        xy
            (n, 2) places.

        Returns
        -------
        numpy.ndarray
            (rows, columns) float64.
        """
        row, column = self.cells(xy)
        rows, columns = self.shape
        flat = np.bincount(row * columns + column, minlength=rows * columns)
        return flat.astype(np.float64).reshape(self.shape)

    def smooth(self, counts: Floats, bandwidth: float) -> Floats:
        """Smooth counts: a Gaussian kernel density estimate, times the number of points.

        Parameters
        ----------
        counts
            (rows, columns) points in each cell.
        bandwidth
            Standard deviation of the kernel, in units of the plane; at least one cell is taken.

        Returns
        -------
        numpy.ndarray
            (rows, columns) expected points in each cell.
        """
        sigma = max(bandwidth / self.step, 1.0)
        smoothed: Floats = scipy.ndimage.gaussian_filter(
            counts, sigma, mode="constant", truncate=_MARGIN
        )
        return smoothed


def choose_bandwidth(xy: Floats) -> float:
    """Choose how much to smooth points, as their own neighbourhoods suggest.

    Scott's rule takes the spread of all points for the width of one normal cloud, and melts
    islands together. Here the distance to as many neighbours decides as lie within Scott's
    bandwidth of the middle of a normal cloud, n^(2/3) / 2; the median over the points.

    Parameters
    ----------
    xy
        (n, 2) places.

    Returns
    -------
    float
        Standard deviation in units of the plane; 0 for fewer than two different places.
    """
    n = len(xy)
    if n < 2:
        return 0.0
    some = xy[:: -(-n // _SAMPLE)]
    wanted = 0.5 * n ** (2 / 3) * len(some) / n
    k = int(np.clip(round(wanted), 2, len(some) - 1)) + 1
    distances, _ = scipy.spatial.cKDTree(some).query(
        some[:: -(-len(some) // 1000)], k=[min(k, len(some))]
    )
    bandwidth = float(np.median(distances))
    # Where most points lie on top of another, their whole spread is all there is to go by.
    return bandwidth or float(xy.std(axis=0).max()) * float(n) ** (-1 / 6)
