"""How alike the data a latent is: a density of the rows, small enough for a page to evaluate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.mixture import Floats, Mixture, fit_mixture
from latent_widgets.geometry import Euclidean, Geometry

# Fewer rows have no first percentile worth the name.
_FEWEST = 20
_SAMPLE = 3000
_COMPONENTS = (1, 2, 4, 8)
# Of a half, for each coordinate of a mean: with fewer, rows would vouch for themselves.
_ROWS_A_NUMBER = 10
_WIDEST_FULL, _WIDEST_SEVERAL = 64, 512
# A dimension whose means vary less than this, beside the noise of the posterior, says nothing.
_ACTIVE = 0.01


@dataclass(frozen=True)
class Likeness:
    """A density of the rows, and the percentiles of the rows themselves under it.

    In flat spaces a Gaussian mixture of the rows' means, widened by their mean posterior
    variance, over the active dimensions alone: what the decoder does not look at cannot be
    strange. On a sphere round Gaussians around it, whose restriction to the sphere are von
    Mises-Fisher densities up to their constants. In the Poincare ball Gaussians in polar
    coordinates around the origin, per hyperbolic volume (wrapped normals).

    Attributes
    ----------
    geometry
        Where the latents live.
    active
        (a,) ids of the dimensions that count.
    mixture
        The density in those.
    percentiles
        (101,) percentiles 0 to 100 of the log density of the rows, in nats, each row by a mixture
        that was fitted to the other half of them.

    Notes
    -----
    Active dimensions: Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", 2016.
    Wrapped normals: Nagano et al., "A wrapped normal distribution on hyperbolic space for
    gradient-based learning", 2019.
    """

    geometry: Geometry
    active: npt.NDArray[np.intp]
    mixture: Mixture
    percentiles: Floats

    def log_density(self, z: npt.ArrayLike) -> Floats:
        """Log density of (m, d) latents: (m,), in nats, up to a constant on a sphere."""
        x, volume = _chart(np.asarray(z, np.float64), self.geometry)
        return self.mixture.log_density(x[:, self.active]) - volume

    def percentile(self, z: npt.ArrayLike) -> Floats:
        """Share of the rows that lie where there are fewer, for (m, d) latents: (m,), 0 to 100."""
        value, table = self.log_density(z), self.percentiles
        above = np.searchsorted(table, value, side="right")
        low = np.clip(above - 1, 0, 99)
        inside = low + (value - table[low]) / np.maximum(table[low + 1] - table[low], 1e-300)
        found: Floats = np.where(above == 0, 0.0, np.where(above > 100, 100.0, inside))
        return found


def active_dimensions(
    points: npt.ArrayLike, logvar: npt.ArrayLike | None = None
) -> npt.NDArray[np.intp]:
    """Find the dimensions that tell rows apart.

    Parameters
    ----------
    points
        (n, d) posterior means.
    logvar
        (n, d) log variances, or None.

    Returns
    -------
    numpy.ndarray
        (a,) those whose means vary by more than a hundredth of the mean posterior variance; all
        that vary without one.
    """
    varies = np.asarray(points, np.float64).var(axis=0)
    least = 0.0 if logvar is None else _ACTIVE * np.exp(np.asarray(logvar, np.float64)).mean(axis=0)
    return np.flatnonzero(varies > np.maximum(least, 1e-12))


def fit_likeness(
    points: npt.ArrayLike,
    geometry: Geometry | None = None,
    logvar: npt.ArrayLike | None = None,
    seed: int = 0,
) -> Likeness | None:
    """Fit a density to rows: of one, two, four or eight components, as unseen rows prefer.

    Parameters
    ----------
    points
        (n, d) latents; at most 3,000 of them, drawn with the seed, are looked at.
    geometry
        Where they live; flat when None.
    logvar
        (n, d) log variances of flat ones, or None.
    seed
        Of the sample, the halves and the fits.

    Returns
    -------
    Likeness or None
        None for fewer than 20 rows, or rows that are all the same.
    """
    geometry = geometry or Euclidean()
    rows = np.asarray(points)
    if len(rows) < _FEWEST:
        return None
    order = np.random.default_rng(seed).permutation(len(rows))[:_SAMPLE]
    noise = None if logvar is None or geometry.name != "euclidean" else np.asarray(logvar)[order]
    z = rows[order].astype(np.float64)
    active = active_dimensions(z, noise)
    if not len(active):
        return None
    x, volume = _chart(z, geometry)
    x = x[:, active]
    scale = x.std(axis=0) if geometry.name == "euclidean" else np.full(len(active), x.std())
    extra = 0.0 if noise is None else np.exp(noise[:, active].astype(np.float64)).mean(0) / scale**2
    white = x / scale
    halves = white[::2], white[1::2]
    kind = _covariance(len(halves[1]), len(active), geometry)
    tried = []
    for k in _COMPONENTS if len(active) <= _WIDEST_SEVERAL else (1,):
        if k > 1 and k * _ROWS_A_NUMBER * len(active) > len(halves[1]):
            break
        whole = fit_mixture(white, k, covariance=kind, extra=extra, seed=seed)
        seen = np.empty(len(x))
        for i in (0, 1):
            # From the same guess: two halves that found other clusters would not be comparable.
            half = fit_mixture(halves[1 - i], k, covariance=kind, extra=extra, like=whole)
            seen[i::2] = half.log_density(halves[i])
        tried.append((float(seen.mean()), whole, seen))
    _, whole, seen = max(tried, key=lambda one: one[0])
    seen = seen - np.log(scale).sum() - volume
    table = np.percentile(seen, np.arange(101))
    return Likeness(geometry, active, _scaled(whole, scale), table)


def _covariance(n: int, d: int, geometry: Geometry) -> str:
    if geometry.name == "hypersphere":
        return "round"
    return "full" if d <= _WIDEST_FULL and n >= 2 * d else "diagonal"


def _scaled(white: Mixture, scale: Floats) -> Mixture:
    """Undo the division by the scale; the numbers are those a page will have, in float32."""
    parts = (white.means * scale, white.factors / scale, white.logs - np.log(scale).sum())
    return Mixture(*(part.astype(np.float32).astype(np.float64) for part in parts))


def _chart(z: Floats, geometry: Geometry) -> tuple[Floats, Floats]:
    """Give coordinates in which Gaussians are laid, and their log volume: (m, d) and (m,)."""
    if geometry.name != "poincare":
        return z, np.zeros(len(z))
    far = np.asarray(geometry.distance(z, np.zeros_like(z)))
    size = np.linalg.norm(z, axis=1)
    bent = float(geometry.spec()["c"]) ** 0.5 * far
    # log(sinh(x) / x), without overflow far out.
    safe = np.maximum(bent, 1e-6)
    grown = safe + np.log1p(-np.exp(-2 * safe)) - np.log(2 * safe)
    return z * (far / np.maximum(size, 1e-300))[:, None], (z.shape[1] - 1) * grown
