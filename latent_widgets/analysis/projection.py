"""A flat view of latents, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
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

    def facing(self, other: Projection) -> Projection:
        """Turn and mirror the map within its plane, to look as much like another as it can.

        Parameters
        ----------
        other
            A map of the same d, to as many dimensions.

        Returns
        -------
        Projection
            The same plane; by orthogonal Procrustes (Schonemann 1966).
        """
        left, _, right = np.linalg.svd(other.components @ self.components.T)
        turn = left @ right
        xy = self.xy @ turn.T
        share = self.explained.sum() / max(float(self.xy.var(axis=0).sum()), 1e-30)
        return Projection(
            xy=xy,
            center=self.center,
            components=turn @ self.components,
            explained=xy.var(axis=0) * share,
        )

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
    points: npt.NDArray[Any],
    method: str = "pca",
    dim: int = 2,
    seed: int = 0,
    axes: Sequence[int] | None = None,
) -> Projection:
    """Project points to a few dimensions.

    Parameters
    ----------
    points
        (n, d) latents, n >= 1 and d >= 1.
    method
        "pca": the directions of largest variance (Pearson 1901; Hotelling 1933); "axes":
        dimensions of the latent itself.
    dim
        How many dimensions to keep, 2 or 3; missing ones (d < dim) are filled with zeros.
    seed
        For methods that draw random numbers; these two draw none.
    axes
        With "axes", which dimensions: `dim` different ones; the first `dim` when None.

    Returns
    -------
    Projection
        The projected points and the map itself. Each principal axis points to where its
        largest component is positive, so that the same data always looks the same.

    Raises
    ------
    ValueError
        If the method or dim is unknown, the axes are not different dimensions, or the points
        are not finite rows.
    """
    del seed
    if method not in ("pca", "axes"):
        raise ValueError(f"method must be 'pca' or 'axes', got {method!r}")
    if dim not in (2, 3):
        raise ValueError(f"dim must be 2 or 3, got {dim!r}")
    rows = np.asarray(points, np.float64)
    if rows.ndim != 2 or not len(rows) or not np.isfinite(rows).all():
        raise ValueError(f"points must be finite rows of shape (n, d), got shape {rows.shape}")
    center = rows.mean(axis=0)
    moved = rows - center
    if method == "axes":
        components = _dimensions(rows.shape[1], dim, axes)
    else:
        components = _principal(moved, dim)
    shown = (moved @ components.T).var(axis=0)
    explained = shown / max(moved.var(axis=0).sum(), 1e-30)
    return Projection(
        xy=(moved @ components.T).astype(np.float32),
        center=center.astype(np.float32),
        components=components.astype(np.float32),
        explained=explained.astype(np.float32),
    )


def _principal(moved: npt.NDArray[np.float64], dim: int) -> npt.NDArray[np.float64]:
    _, vectors = np.linalg.eigh(moved.T @ moved / len(moved))
    kept = vectors.T[::-1][:dim]
    largest = np.abs(kept).argmax(axis=1)
    kept = kept * np.sign(kept[np.arange(len(kept)), largest])[:, None]
    components = np.zeros((dim, moved.shape[1]))
    components[: len(kept)] = kept
    return components


def _dimensions(d: int, dim: int, axes: Sequence[int] | None) -> npt.NDArray[np.float64]:
    chosen = list(range(dim)) if axes is None else list(axes)
    whole = all(isinstance(axis, int | np.integer) and 0 <= axis < d for axis in chosen)
    if len(chosen) != dim or len(set(chosen)) != dim or not whole:
        raise ValueError(f"axes must be {dim} different dimensions from 0 to {d - 1}, got {axes!r}")
    return np.eye(d)[chosen]
