"""A flat view of latents, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Projection:
    """Latents drawn on a plane by a linear map.

    Parameters
    ----------
    xy
        (n, dim) float32, where each row lands.
    center
        (d,) the latent that lands at the origin.
    components
        (dim, d) orthonormal directions, one an axis.
    explained
        (dim,) the share of the variance each axis shows, in [0, 1].
    """

    xy: Array
    center: Array
    components: Array
    explained: Array

    def transform(self, z: npt.ArrayLike) -> Array:
        """Project latents.

        Parameters
        ----------
        z
            (..., d) latents.

        Returns
        -------
        numpy.ndarray
            (..., dim) float32.
        """
        moved = np.asarray(z, np.float32) - self.center
        return (moved @ self.components.T).astype(np.float32)

    def inverse(self, xy: npt.ArrayLike, near: npt.ArrayLike | None = None) -> Array:
        """Find the latent that lands at a place.

        Many do; the one nearest to `near` is taken, so that what the map does not show stays as
        it is.

        Parameters
        ----------
        xy
            (..., dim) places.
        near
            (..., d) latents to stay near; the centre of the data when None.

        Returns
        -------
        numpy.ndarray
            (..., d) float32; `transform` leads back to `xy` exactly (up to rounding).
        """
        start = self.center if near is None else np.asarray(near, np.float32)
        shift = np.asarray(xy, np.float32) - self.transform(start)
        return (start + shift @ self.components).astype(np.float32)


def project(
    points: npt.NDArray[Any], method: str = "pca", dim: int = 2, seed: int = 0
) -> Projection:
    """Project points to a few dimensions.

    Parameters
    ----------
    points
        (n, d) latents, n >= 1 and d >= 1.
    method
        "pca": the directions of largest variance (Pearson 1901; Hotelling 1933).
    dim
        How many dimensions to keep, 2 or 3; missing ones (d < dim) are filled with zeros.
    seed
        For methods that draw random numbers; PCA draws none.

    Returns
    -------
    Projection
        The projected points and the map itself. Each axis points to where its largest
        component is positive, so that the same data always looks the same.

    Raises
    ------
    ValueError
        If the method or dim is unknown, or the points are not finite rows.
    """
    del seed
    if method != "pca":
        raise ValueError(f"method must be 'pca', got {method!r}")
    if dim not in (2, 3):
        raise ValueError(f"dim must be 2 or 3, got {dim!r}")
    rows = np.asarray(points, np.float64)
    if rows.ndim != 2 or not len(rows) or not np.isfinite(rows).all():
        raise ValueError(f"points must be finite rows of shape (n, d), got shape {rows.shape}")
    center = rows.mean(axis=0)
    moved = rows - center
    variances, vectors = np.linalg.eigh(moved.T @ moved / len(rows))
    kept = vectors.T[::-1][:dim]
    largest = np.abs(kept).argmax(axis=1)
    kept = kept * np.sign(kept[np.arange(len(kept)), largest])[:, None]
    components = np.zeros((dim, rows.shape[1]))
    components[: len(kept)] = kept
    explained = np.zeros(dim)
    explained[: len(kept)] = variances[::-1][:dim].clip(0) / max(variances.sum(), 1e-30)
    return Projection(
        xy=(moved @ components.T).astype(np.float32),
        center=center.astype(np.float32),
        components=components.astype(np.float32),
        explained=explained.astype(np.float32),
    )
