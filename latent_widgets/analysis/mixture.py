"""Gaussian mixtures, small enough to be evaluated anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_TURNS = 40
_LLOYD = 8
_ENOUGH = 1e-3  # nats a point


@dataclass(frozen=True)
class Mixture:
    """A weighted sum of k Gaussians in d dimensions.

    Attributes
    ----------
    means
        (k, d).
    factors
        (k, d, d) inverses of the lower Cholesky factors of the covariances; (k, d) inverses of
        the standard deviations where covariances are diagonal.
    logs
        (k,) what a component adds to minus half its squared distance, in nats.
    """

    means: Floats
    factors: Floats
    logs: Floats

    def parts(self, x: Floats) -> Floats:
        """Log density of each weighted component: (n, d) points give (n, k), in nats."""
        k, d = self.means.shape
        if self.factors.ndim == 2:
            white = (x[:, None, :] - self.means) * self.factors
        else:
            moved = (self.factors @ self.means[:, :, None])[:, :, 0]
            white = (x @ self.factors.reshape(k * d, d).T).reshape(len(x), k, d) - moved
        found: Floats = self.logs - 0.5 * np.square(white).sum(axis=2)
        return found

    def log_density(self, x: Floats) -> Floats:
        """Log density of (n, d) points: (n,), in nats."""
        parts = self.parts(x)
        most = parts.max(axis=1)
        found: Floats = most + np.log(np.exp(parts - most[:, None]).sum(axis=1))
        return found


def fit_mixture(
    x: Floats,
    k: int,
    *,
    covariance: str = "full",
    extra: Floats | float = 0.0,
    seed: int = 0,
    like: Mixture | None = None,
) -> Mixture:
    """Fit k Gaussians by expectation and maximisation.

    Parameters
    ----------
    x
        (n, d) points of unit variance, about; n >= k.
    k
        How many.
    covariance
        "full", "diagonal", or "round" for a multiple of the identity.
    extra
        (d,) or one variance to add to every component after the fit.
    seed
        Of the first guess.
    like
        The first guess itself, where there is one.

    Returns
    -------
    Mixture
        The maximum a posteriori: each covariance is pulled towards the identity as if by d more
        points, so that few points make no needle.

    Notes
    -----
    Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
    1977; the pull is that of Fraley and Raftery, "Bayesian regularization for normal mixture
    estimation and model-based clustering", 2007. Own code: scikit-learn's gives the same and takes
    a second or more to import, in which a hand on the page would feel it.
    """
    if like is None:
        shares = _first_guess(x, k, np.random.default_rng(seed))
    else:
        shares, _ = _expect(x, like)
    before = -np.inf
    for _ in range(_TURNS):
        shares, score = _expect(x, _maximise(x, shares, covariance, 0.0))
        if score - before < _ENOUGH:
            break
        before = score
    return _maximise(x, shares, covariance, extra)


def _expect(x: Floats, mixture: Mixture) -> tuple[Floats, float]:
    """Whose each point is, (n, k), and the mean log density."""
    parts = mixture.parts(x)
    most = parts.max(axis=1, keepdims=True)
    likely = np.exp(parts - most)
    total = likely.sum(axis=1, keepdims=True)
    return likely / total, float((most + np.log(total)).mean())


def _maximise(x: Floats, shares: Floats, covariance: str, extra: Floats | float) -> Mixture:
    n, d = x.shape
    counts = shares.sum(axis=0)
    means = shares.T @ x / np.maximum(counts, 1e-12)[:, None]
    with np.errstate(divide="ignore"):
        logs = np.log(counts / n) - 0.5 * d * np.log(2 * np.pi)
    pulled = (counts + d)[:, None]
    if covariance == "full":
        outer = (shares.T[:, None, :] * x.T) @ x
        scatter = outer - counts[:, None, None] * means[:, :, None] * means[:, None, :]
        spread = (scatter + d * np.eye(d)) / pulled[:, :, None]
        spread = spread + np.eye(d) * extra
        factors = np.linalg.inv(np.linalg.cholesky(spread))
        logs = logs + np.log(np.einsum("kdd->kd", factors)).sum(axis=1)
        return Mixture(means, factors, logs)
    scatter = shares.T @ x**2 - counts[:, None] * means**2
    if covariance == "round":
        scatter = np.broadcast_to(scatter.mean(axis=1, keepdims=True), scatter.shape)
    factors = 1 / np.sqrt((np.maximum(scatter, 0) + d) / pulled + extra)
    return Mixture(means, factors, logs + np.log(factors).sum(axis=1))


def _first_guess(x: Floats, k: int, random: np.random.Generator) -> Floats:
    """Shares of k-means, begun with points that are far from one another (k-means++)."""
    centres = x[[random.integers(len(x))]]
    while len(centres) < k:
        far = _squares(x, centres).min(axis=1)
        weight = far / far.sum() if far.sum() > 0 else None
        centres = np.concatenate([centres, x[[random.choice(len(x), p=weight)]]])
    for _ in range(_LLOYD):
        own = np.eye(k)[_squares(x, centres).argmin(axis=1)]
        counts = own.sum(axis=0)
        found = own.T @ x / np.maximum(counts, 1)[:, None]
        centres = np.where(counts[:, None] > 0, found, centres)
    shares: Floats = np.eye(k)[_squares(x, centres).argmin(axis=1)]
    return shares


def _squares(x: Floats, centres: Floats) -> Floats:
    squares: Floats = (x**2).sum(1)[:, None] - 2 * x @ centres.T + (centres**2).sum(1)
    kept: Floats = np.maximum(squares, 0)
    return kept
