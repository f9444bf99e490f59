"""Numbers about a path: how far it goes, how evenly, and through how empty a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from latent_widgets.geometry import Euclidean, Geometry

Floats = npt.NDArray[np.float64]

# Of pixels in [0, 1] that are float32.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class PathFigures:
    """What was measured along a path of N steps, evenly in time."""

    t: Floats
    """(N,) middles of the steps, 0 to 1."""
    change: Floats | None
    """(N,) root summed squared change of the pixels at each step; None without pictures."""
    speed: Floats
    """(N,) length in latents over time, by the geometry of the space."""
    percentile: Floats | None
    """(N + 1,) share of the rows that lie emptier than the path, in percent; None without rows."""

    @property
    def length_in_pictures(self) -> float | None:
        """Sum of `change`."""
        return None if self.change is None else float(self.change.sum())

    @property
    def length_in_latents(self) -> float:
        """Length by the geometry of the space."""
        return float(self.speed.mean())

    @property
    def energy(self) -> float | None:
        """N times the sum of squared `change`: at least the square of the length."""
        return None if self.change is None else float(len(self.t) * np.square(self.change).sum())

    @property
    def unevenness(self) -> float | None:
        """Coefficient of variation of `change`: 0 for pictures that change at constant speed."""
        if self.change is None:
            return None
        mean = float(self.change.mean())
        # Pictures of one latent differ by rounding alone.
        return float(self.change.std()) / mean if mean > _ROUNDING else 0.0

    @property
    def emptiest(self) -> float | None:
        """Lowest `percentile`."""
        return None if self.percentile is None else float(self.percentile.min())


def measure_path(
    latents: npt.ArrayLike,
    pictures: npt.NDArray[np.floating] | None = None,
    log_density: npt.ArrayLike | None = None,
    usual: npt.ArrayLike | None = None,
    geometry: Geometry | None = None,
) -> PathFigures:
    """Measure a path.

    Parameters
    ----------
    latents
        (N + 1, d) evenly in time, at least two.
    pictures
        (N + 1, ...) what they decode to, floats in [0, 1].
    log_density
        (N + 1,) how dense the data are there.
    usual
        (n,) how dense they are at the rows, each among the others; goes with `log_density`.
    geometry
        Of the space; flat when None.

    Returns
    -------
    PathFigures
        The measures.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    z = np.asarray(latents, np.float64)
    if z.ndim != 2 or len(z) < 2:
        raise ValueError(f"latents must be (N + 1, d) with N of 1 or more, got shape {z.shape}")
    if pictures is not None and len(pictures) != len(z):
        raise ValueError(f"pictures must be {len(z)}, one a latent, got {len(pictures)}")
    if (log_density is None) != (usual is None):
        raise ValueError("log_density and usual go together: give both or neither")
    n, change, percentile = len(z) - 1, None, None
    if pictures is not None:
        flat = np.asarray(pictures, np.float64).reshape(n + 1, -1)
        change = np.linalg.norm(np.diff(flat, axis=0), axis=1)
    if log_density is not None:
        rows = np.sort(np.asarray(usual, np.float64))
        percentile = 100 * np.searchsorted(rows, np.asarray(log_density, np.float64)) / len(rows)
    far = np.asarray((geometry or Euclidean()).distance(z[:-1], z[1:]), np.float64)
    return PathFigures((np.arange(n) + 0.5) / n, change, far * n, percentile)
