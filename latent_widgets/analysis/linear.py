"""Linear maps of latents: principal axes, dimensions of the latent, random or chosen directions."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.base import Array, Projection
from latent_widgets.progress import Progress

Wide = npt.NDArray[np.float64]

# As many as stay near the processor.
_ROWS_AT_ONCE = 8_192
_ABOUT = {
    "pca": "PCA: the {dim} directions of largest variance",
    "axes": "{dim} dimensions of the latent as they are",
    "random": "{dim} random directions, orthogonal to each other",
    "directions": "{dim} chosen directions",
}


class LinearProjection(Projection):
    """Latents drawn on a plane, or in space, by a linear map.

    Parameters
    ----------
    xy
        (n, dim) float32, where each row lands.
    center
        (d,) the latent that lands at the origin.
    components
        (dim, d) directions of unit length, one an axis; orthogonal ones but with "directions".
    explained
        (dim,) the share of the variance along each axis, in [0, 1].
    method
        "pca", "axes", "random" or "directions".
    points
        (n, d) the rows themselves.
    """

    def __init__(
        self,
        xy: Array,
        center: Array,
        components: Array,
        explained: Array,
        *,
        method: str = "pca",
        points: Array | None = None,
    ) -> None:
        self.xy, self.center, self.components, self.explained = xy, center, components, explained
        self.method, self.points, self.geometry = method, points, None
        words = _ABOUT[method].format(dim=self.dim)
        # Slanted axes see some of the variance twice.
        share = "" if method == "directions" else f", {explained.sum():.0%} of it all"
        self.about = f"{words}{share}; the way back is exact."

    @functools.cached_property
    def back(self) -> Array:
        """(dim, d) how a latent moves for one step along each axis of the map.

        The transposed pseudo-inverse of `components` (Moore 1920; Penrose 1955): the shortest
        such moves. For orthogonal directions, the directions themselves.
        """
        return np.linalg.pinv(self.components.astype(np.float64)).T.astype(np.float32)

    def transform(self, z: npt.ArrayLike) -> Array:
        """Project latents (..., d): (..., dim) float32."""
        moved = np.asarray(z, np.float32) - self.center
        return (moved @ self.components.T).astype(np.float32)

    def facing(self, other: Projection) -> LinearProjection:
        """Turn and mirror the map within its plane, to look as much like another as it can.

        Parameters
        ----------
        other
            A map of the same d, to as many dimensions; one that is not linear changes nothing.

        Returns
        -------
        LinearProjection
            The same plane; by orthogonal Procrustes (Schonemann 1966).
        """
        if not isinstance(other, LinearProjection) or other.dim != self.dim:
            return self
        left, _, right = np.linalg.svd(other.components @ self.components.T)
        turn = left @ right
        xy = self.xy @ turn.T
        share = self.explained.sum() / max(float(self.xy.var(axis=0).sum()), 1e-30)
        return LinearProjection(
            xy=xy,
            center=self.center,
            components=turn @ self.components,
            explained=xy.var(axis=0) * share,
            method=self.method,
            points=self.points,
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
        return (start + shift @ self.back).astype(np.float32)


def linear_projection(
    points: Array,
    method: str,
    dim: int,
    seed: int = 0,
    *,
    axes: Sequence[int] | None = None,
    directions: npt.ArrayLike | None = None,
    progress: Progress | None = None,
) -> LinearProjection:
    """Project finite rows (n, d) by one of the linear methods; see `project`."""
    tell = progress or (lambda _share, _words: None)
    d = points.shape[1]
    center, scatter = _moments(points, tell)
    if method == "pca":
        components = _principal(scatter, dim)
    elif method == "axes":
        components = _dimensions(d, dim, axes)
    elif method == "random":
        components = _random(d, dim, seed)
    else:
        components = _chosen(d, dim, directions)
    shown = np.einsum("ij,jk,ik->i", components, scatter, components)
    middle, axes_of_map = center.astype(np.float32), components.astype(np.float32)
    xy = np.empty((len(points), dim), np.float32)
    for start in range(0, len(points), _ROWS_AT_ONCE):
        tell(0.6 + 0.4 * start / len(points), "places")
        moved = points[start : start + _ROWS_AT_ONCE] - middle
        np.matmul(moved, axes_of_map.T, out=xy[start : start + _ROWS_AT_ONCE])
    return LinearProjection(
        xy=xy,
        center=middle,
        components=axes_of_map,
        explained=(shown.clip(0) / max(float(np.trace(scatter)), 1e-30)).astype(np.float32),
        method=method,
        points=points,
    )


def _moments(points: Array, tell: Progress) -> tuple[Wide, Wide]:
    """Mean (d,) of rows, and the sums (d, d) of their products around it."""
    # Around a place amid the data little cancels when the mean is told afterwards, so a million
    # rows are read once; and never copied whole in float64.
    few = points[:: max(len(points) // 1000, 1)]
    around = np.median(few.astype(np.float64), axis=0)
    total, products = np.zeros(len(around)), np.zeros((len(around), len(around)))
    for start in range(0, len(points), _ROWS_AT_ONCE):
        tell(0.6 * start / len(points), "variances")
        moved = points[start : start + _ROWS_AT_ONCE] - around
        total += np.ones(len(moved)) @ moved
        products += moved.T @ moved
    shift = total / len(points)
    return around + shift, products - len(points) * np.outer(shift, shift)


def class_difference(
    points: npt.ArrayLike, labels: npt.ArrayLike, first: object, second: object
) -> Array:
    """Direction from the rows of one class to those of another.

    Parameters
    ----------
    points
        (n, d) latents.
    labels
        (n,) classes.
    first, second
        From which class to which.

    Returns
    -------
    numpy.ndarray
        (d,) float32, the difference of their means (White 2016).

    Raises
    ------
    ValueError
        If a class has no rows.
    """
    rows, classes = np.asarray(points, np.float64), np.asarray(labels)
    for name in (first, second):
        if not (classes == name).any():
            raise ValueError(f"labels must hold the class {name!r}, but no row is of it")
    means = [rows[classes == name].mean(axis=0) for name in (first, second)]
    return np.asarray(means[1] - means[0], np.float32)


def _principal(scatter: Wide, dim: int) -> Wide:
    _, vectors = np.linalg.eigh(scatter)
    kept = vectors.T[::-1][:dim]
    largest = np.abs(kept).argmax(axis=1)
    kept = kept * np.sign(kept[np.arange(len(kept)), largest])[:, None]
    components = np.zeros((dim, scatter.shape[0]))
    components[: len(kept)] = kept
    return components


def _dimensions(d: int, dim: int, axes: Sequence[int] | None) -> Wide:
    chosen = list(range(dim)) if axes is None else list(axes)
    whole = all(isinstance(axis, int | np.integer) and 0 <= axis < d for axis in chosen)
    if len(chosen) != dim or len(set(chosen)) != dim or not whole:
        raise ValueError(f"axes must be {dim} different dimensions from 0 to {d - 1}, got {axes!r}")
    return np.eye(d)[chosen]


def _random(d: int, dim: int, seed: int) -> Wide:
    """Directions that are uniform among all frames (Haar measure; Mezzadri 2007)."""
    drawn = np.random.default_rng(seed).normal(size=(d, min(d, dim)))
    frame, upper = np.linalg.qr(drawn)
    components = np.zeros((dim, d))
    components[: frame.shape[1]] = (frame * np.sign(np.diag(upper))).T
    return components


def _chosen(d: int, dim: int, directions: npt.ArrayLike | None) -> Wide:
    if directions is None:
        raise ValueError("method 'directions' needs directions=, one vector an axis")
    given = np.asarray(directions, np.float64)
    if given.shape != (dim, d) or not np.isfinite(given).all():
        raise ValueError(f"directions must be finite, of shape ({dim}, {d}), got {given.shape}")
    length = np.linalg.norm(given, axis=1, keepdims=True)
    unit = given / np.where(length > 0, length, 1)
    if np.linalg.matrix_rank(unit, tol=1e-6) < dim:
        raise ValueError("directions must be independent: none zero, no two along one line")
    return unit
