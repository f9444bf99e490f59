"""From a place on a map back to a latent, where no formula leads back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours

from latent_widgets.analysis.blending import HERE, Array, KNearest, Wide, columns, like, variance
from latent_widgets.geometry import Geometry

__all__ = ["KNearest", "RadialBasis"]

FLAT = 1e-10
"""Rows are on a line where the least of their variances is this share of the largest."""


class RadialBasis:
    """Interpolates latents over the map by thin plates through the nearest rows.

    Called with places (..., dim) it gives latents (..., d) float32: smoother than `KNearest`,
    slower, and without bounds outside the rows.

    Parameters
    ----------
    points, xy, geometry
        As for `KNearest`; what leaves a curved space is brought back by `geometry.project`.
    neighbours
        How many rows to lay each plate through; all when there are fewer.

    Raises
    ------
    ValueError
        If an argument does not fit; the sentence names it.

    Notes
    -----
    Duchon (1977), by scipy's `RBFInterpolator`. Rows that share a place are averaged there first.
    Where the rows around a place lie on one line, a thin plate has no single shape, and inverse
    distances (`KNearest`) answer instead.
    """

    def __init__(
        self,
        points: npt.ArrayLike,
        xy: npt.ArrayLike,
        neighbours: int = 30,
        geometry: Geometry | None = None,
    ) -> None:
        if isinstance(neighbours, bool) or not isinstance(neighbours, int | np.integer):
            raise TypeError(f"neighbours must be a whole number, got {neighbours!r}")
        self._near = KNearest(points, xy, geometry=geometry)
        places, latents = _merged(self._near.xy, self._near.points)
        needed = places.shape[1] + 1
        if neighbours < needed:
            raise ValueError(f"neighbours must be at least {needed}, got {neighbours}")
        self._tree = scipy.spatial.cKDTree(places)
        self._laid_through = min(int(neighbours), len(places))
        self._plate: scipy.interpolate.RBFInterpolator | None = None
        if len(places) >= needed:
            self._plate = scipy.interpolate.RBFInterpolator(
                places, latents, neighbors=self._laid_through
            )

    def __call__(self, xy: npt.ArrayLike) -> Array:
        """Give the latents of places (..., dim): (..., d) float32."""
        near = self._near
        places = columns("xy", xy, near.xy.shape[1]).astype(np.float64)
        found = self._laid(places)
        if near.geometry is not None:
            found = np.asarray(near.geometry.project(found))
        return like(found, xy)

    def spread(self, xy: npt.ArrayLike) -> Array:
        """Say how far the 10 nearest rows of places (..., dim) lie from the answer: (...)."""
        return self._near.spread_about(xy, self(xy))

    def nearest(self, xy: npt.ArrayLike) -> tuple[Array, npt.NDArray[np.int64]]:
        """Find the row nearest to places (..., dim): distances (...) in map units, rows (...)."""
        return self._near.nearest(xy)

    def _laid(self, places: Wide) -> Array:
        found = self._near(places)
        if self._plate is not None:
            plain = ~self._on_a_line(places)
            if plain.any():
                found[plain] = np.asarray(self._plate(places[plain]))
        return found

    def _on_a_line(self, places: Wide) -> npt.NDArray[np.bool_]:
        """Whether the rows that a plate would go through lie on one line (in 3-D, one plane)."""
        _, rows = self._tree.query(places, k=np.arange(1, self._laid_through + 1))
        around = self._tree.data[rows]
        around = around - around.mean(axis=1, keepdims=True)
        spans = np.linalg.eigvalsh(around.swapaxes(1, 2) @ around)
        flat: npt.NDArray[np.bool_] = spans[:, 0] <= FLAT * spans[:, -1]
        return flat


def _merged(xy: Array, points: Array) -> tuple[Wide, Wide]:
    """Rows at one place (as near as `HERE`) made one, with the mean of their latents."""
    grain = np.sqrt(HERE * variance(xy)) or 1.0
    cell = np.round(xy.astype(np.float64) / grain)
    _, first, member = np.unique(cell, axis=0, return_index=True, return_inverse=True)
    sums = np.zeros((len(first), points.shape[1]))
    np.add.at(sums, member.reshape(-1), points)
    count = np.bincount(member.reshape(-1), minlength=len(first))
    return xy[first].astype(np.float64), sums / count[:, None]
