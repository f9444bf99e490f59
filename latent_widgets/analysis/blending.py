"""The latents of the nearest rows, blended by their distances on the map."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours
import torch

from latent_widgets.analysis.neighbours import Neighbours
from latent_widgets.analysis.rows import finite_rows
from latent_widgets.geometry import Geometry

Array = npt.NDArray[np.float32]
Wide = npt.NDArray[np.float64]

HERE = 1e-12
"""A place this near to a row is that row: squared, in units of the rows' variance."""


class KNearest:
    """Blends the k rows that lie nearest, each by the inverse square of its distance.

    Called with places (..., dim) it gives latents (..., d) float32.

    Parameters
    ----------
    points
        (n, d) latents, finite, n >= 1.
    xy
        (n, dim) where each lies on the map, finite.
    k
        How many rows to blend, at least 1; all n when there are fewer.
    geometry
        What the latents live in; flat when None.

    Raises
    ------
    ValueError
        If an argument does not fit; the sentence names it.

    Notes
    -----
    Inverse distance weighting of power 2 (Shepard 1968), over the k nearest rows only
    (Franke and Nielson 1980). With D_i the distance on the map to the i-th of the k nearest rows::

        w_i = 1 / D_i^2,  scaled to sum to 1
        z   = combine(z_1 ... z_k; w_1 ... w_k)

    where `combine` is the geometry's own weighted sum: the plain one in flat space, brought back
    by its direction on a sphere, taken in the tangent space at the origin of a Poincare ball.
    It is a closed form on purpose: a Frechet mean is not always unique, and would jump or fail
    under a moving hand. Where directions on a sphere cancel, z is the nearest row.

    Where D_1^2 <= 1e-12 s^2, the place is a row: w_i is 1 for the rows with D_i^2 <= 1e-12 s^2
    and 0 for the others, scaled to sum to 1. s^2 is the mean squared distance of the n places
    from their mean. `transform` does the same the other way: D_i are then the distances between
    latents (the geometry's own), s^2 is that of the coordinates of the latents, and the sum over
    places is the plain one. Everything is float64 inside; rows that tie for the last place among
    the k are taken as they come.
    """

    def __init__(
        self,
        points: npt.ArrayLike,
        xy: npt.ArrayLike,
        k: int = 10,
        geometry: Geometry | None = None,
    ) -> None:
        self.points = finite_rows("points", points, np.float32)
        self.xy = finite_rows("xy", xy, np.float32)
        if len(self.points) != len(self.xy):
            raise ValueError(
                f"xy must have one place a row of points, {len(self.points)}, got {len(self.xy)}"
            )
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
            raise ValueError(f"k must be a whole number of at least 1, got {k!r}")
        self.k = min(int(k), len(self.xy))
        curved = geometry is not None and geometry.name != "euclidean"
        self.geometry = geometry if curved else None
        # A balanced tree takes for ever where many rows share one place.
        self._tree = scipy.spatial.cKDTree(self.xy, balanced_tree=False)
        rows = torch.from_numpy(self.points.copy())
        self._search = Neighbours(rows, self.geometry or "euclidean")
        self._here = (HERE * variance(self.xy), HERE * variance(self.points))

    def __call__(self, xy: npt.ArrayLike) -> Array:
        """Give the latents of places (..., dim): (..., d) float32."""
        places = self._places(xy)
        rows, weights = self._on_map(places)
        return like(self._blend(rows, weights), xy)

    def transform(self, z: npt.ArrayLike) -> Array:
        """Give the places of latents (..., d): (..., dim) float32."""
        asked = columns("z", z, self.points.shape[1])
        _, found = self._search.search(torch.from_numpy(asked.copy()), self.k)
        rows = found.numpy()
        far = self._apart(asked[:, None], self.points[rows]) ** 2
        weights = _weights(far, self._here[1])
        places = (weights[..., None] * self.xy[rows]).sum(axis=1)
        return like(places, z)

    def spread(self, xy: npt.ArrayLike) -> Array:
        """Say how far the k candidates of places (..., dim) lie from what they blend to.

        Returns
        -------
        numpy.ndarray
            (...) float32: sqrt(sum w_i |z_i - z|^2), a distance between latents (the geometry's
            own); 0 at a row that shares its place with no other.
        """
        return self.spread_about(xy, self(xy))

    def spread_about(self, xy: npt.ArrayLike, z: npt.ArrayLike) -> Array:
        """As `spread`, around latents (..., d) that were found in another way."""
        rows, weights = self._on_map(self._places(xy))
        middle = columns("z", z, self.points.shape[1])
        far = self._apart(middle[:, None], self.points[rows])
        spread: Array = np.sqrt((weights * far**2).sum(axis=1)).astype(np.float32)
        return spread.reshape(np.shape(xy)[:-1])

    def nearest(self, xy: npt.ArrayLike) -> tuple[Array, npt.NDArray[np.int64]]:
        """Find the row nearest to places (..., dim).

        Returns
        -------
        distances : numpy.ndarray
            (...) float32, in units of the map.
        rows : numpy.ndarray
            (...) int64.
        """
        far, rows = self._tree.query(self._places(xy))
        shape = np.shape(xy)[:-1]
        return far.astype(np.float32).reshape(shape), rows.astype(np.int64).reshape(shape)

    def _places(self, xy: npt.ArrayLike) -> Wide:
        return columns("xy", xy, self.xy.shape[1]).astype(np.float64)

    def _on_map(self, places: Wide) -> tuple[npt.NDArray[np.int64], Wide]:
        far, rows = self._tree.query(places, k=np.arange(1, self.k + 1))
        return rows, _weights(far**2, self._here[0])

    def _blend(self, rows: npt.NDArray[np.int64], weights: Wide) -> Array:
        candidates = self.points[rows]
        if self.geometry is None:
            total = np.einsum("mk,mkd->md", weights, candidates, dtype=np.float64)
            return np.asarray(total, np.float32)
        try:
            return np.asarray(self.geometry.combine(candidates, weights), np.float32)
        except ValueError:
            if len(rows) == 1:
                return candidates[:, 0]
            each = [self._blend(rows[i : i + 1], weights[i : i + 1]) for i in range(len(rows))]
            return np.concatenate(each)

    def _apart(self, a: Array, b: Array) -> Wide:
        wide = a.astype(np.float64), b.astype(np.float64)
        if self.geometry is None:
            return np.asarray(np.linalg.norm(wide[0] - wide[1], axis=-1))
        return np.asarray(self.geometry.distance(*wide), np.float64)


def _weights(squared: Wide, here: float) -> Wide:
    """Scaled weights of candidates at squared distances (m, k)."""
    at = squared <= here
    some = at.any(axis=1, keepdims=True)
    weights = np.where(some, at, 1 / np.where(at, 1.0, squared))
    scaled: Wide = weights / weights.sum(axis=1, keepdims=True)
    return scaled


def like(found: npt.NDArray[Any], asked: npt.ArrayLike) -> Array:
    """Give what was found for asked (..., any) rows their shape: (..., width) float32."""
    shape = (*np.shape(asked)[:-1], found.shape[1])
    return np.asarray(found, np.float32).reshape(shape)


def variance(rows: Array) -> float:
    """Mean squared distance of rows (n, width) from their mean."""
    wide = rows.astype(np.float64)
    return float(((wide - wide.mean(axis=0)) ** 2).sum(axis=1).mean())


def columns(name: str, given: npt.ArrayLike, width: int) -> Array:
    """Check an argument (..., width) and give it as rows: (m, width) float32."""
    rows = np.asarray(given, np.float32)
    if rows.ndim < 1 or rows.shape[-1] != width or not np.isfinite(rows).all():
        flaw = "" if np.isfinite(rows).all() else " with NaN or infinity"
        raise ValueError(
            f"{name} must be finite numbers of shape (..., {width}), got shape {rows.shape}{flaw}"
        )
    return rows.reshape(-1, width)
