"""A globe: latents by their direction, on a sphere that one can turn."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.base import Array, Projection
from latent_widgets.geometry import Geometry, Hypersphere


class GlobeProjection(Projection):
    """Latents on a hypersphere, shown on the unit sphere in three dimensions.

    Exact for the circle and for S^2 (d of 2 and 3). Of more dimensions the three of largest mean
    square are shown, and each row is drawn out to the surface.

    Parameters
    ----------
    points
        (n, d) float32 latents, d >= 2, none zero; only their directions count.
    geometry
        The hypersphere; when None, latents lead back at their mean length.

    Raises
    ------
    ValueError
        If a row is zero, which has no direction, or d is 1.
    """

    def __init__(self, points: Array, geometry: Geometry | None = None) -> None:
        if points.shape[1] < 2:
            raise ValueError("method 'sphere' needs latents of 2 or more dimensions, got 1")
        length = np.linalg.norm(points.astype(np.float64), axis=1, keepdims=True)
        if not length.all():
            row = int(np.flatnonzero(length == 0)[0])
            raise ValueError(
                f"method 'sphere' shows directions, and row {row} is zero: it has none"
            )
        unit = points / length
        self.points, self.geometry, self.method = points, geometry, "sphere"
        curved = isinstance(geometry, Hypersphere)
        self.radius = float(geometry.radius if curved else length.mean())  # type: ignore[union-attr]
        d = points.shape[1]
        self.components = np.eye(3, d)
        shown = 1.0
        if d > 3:
            values, vectors = np.linalg.eigh(unit.T @ unit)
            kept = vectors.T[::-1][:3]
            largest = np.abs(kept).argmax(axis=1)
            self.components = kept * np.sign(kept[np.arange(3), largest])[:, None]
            shown = float(values[-3:].sum() / values.sum())
        self.xy = self.transform(points)
        self.about = (
            "Globe: every direction at its own place; the way back is exact."
            if d <= 3
            else f"Globe: 3 of {d} directions, {shown:.0%} of the mean square, drawn out to the "
            "surface; rows of opposite hidden parts may share a place."
        )

    def transform(self, z: npt.ArrayLike) -> Array:
        """Project latents (..., d) to the unit sphere: (..., 3) float32.

        A latent that has no part along the shown directions lands at the first one.
        """
        flat = np.asarray(z, np.float64) @ self.components.T
        return _direction(flat).astype(np.float32)

    def inverse(self, xy: npt.ArrayLike, near: npt.ArrayLike | None = None) -> Array:
        """Find the latent that lands at a place, as near to another as can be.

        Parameters
        ----------
        xy
            (..., 3) places; their directions count.
        near
            (..., d) latents whose hidden part and whose length are kept; by default nothing is
            hidden and the length is the sphere's radius.

        Returns
        -------
        numpy.ndarray
            (..., d) float32; `transform` leads back to the place.
        """
        place = _direction(np.asarray(xy, np.float64))
        if self.components.shape[1] < 3:
            place = _direction(place[..., :2])
            place = np.concatenate([place, np.zeros_like(place[..., :1])], axis=-1)
        if near is None:
            return (self.radius * place @ self.components).astype(np.float32)
        start = np.asarray(near, np.float64)
        part = start @ self.components.T
        length = np.linalg.norm(part, axis=-1, keepdims=True)
        # Where all is hidden, a trace of the shown part is enough to land at the place.
        least = 1e-3 * np.maximum(np.linalg.norm(start, axis=-1, keepdims=True), 1e-6)
        moved = start + (np.maximum(length, least) * place - part) @ self.components
        whole = np.linalg.norm(start, axis=-1, keepdims=True)
        whole = np.where(whole > 0, whole, self.radius)
        return (_direction(moved) * whole).astype(np.float32)


def _direction(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    pole = np.eye(1, x.shape[-1])[0]
    return np.asarray(np.where(length > 0, x / np.where(length > 0, length, 1), pole))
