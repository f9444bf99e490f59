"""Directions across the border between two sides of latents, or from the one to the other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.rows import Floats

Sides = npt.NDArray[np.intp]
Fit = Callable[[Floats, Sides, Floats], Floats]
_MOST_STEPS = 5000


def mean_difference(rows: Floats, sides: Sides, weights: Floats) -> Floats:
    """From the weighted mean of side 0 to that of side 1 (White 2016)."""
    signed = np.where(sides == 1, weights, -weights)
    return np.asarray(signed @ rows)


def logistic_normal(rows: Floats, sides: Sides, weights: Floats) -> Floats:
    """Find the normal of the border that logistic regression draws (Alain and Bengio 2016)."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - slow to load

    model = LogisticRegression(max_iter=_MOST_STEPS)
    return _normal(model.fit(_scaled(rows), sides, _sample(weights)).coef_)


def svm_normal(rows: Floats, sides: Sides, weights: Floats) -> Floats:
    """Find the normal of a linear support vector machine's border (InterFaceGAN, Shen 2020)."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - slow to load

    model = LinearSVC(dual=False, max_iter=_MOST_STEPS)
    return _normal(model.fit(_scaled(rows), sides, _sample(weights)).coef_)


def fisher_direction(rows: Floats, sides: Sides, weights: Floats) -> Floats:
    """Fisher's linear discriminant, with Ledoit and Wolf's shrinkage of the spread within.

    Fisher 1936; Ledoit and Wolf, "A well-conditioned estimator", 2004.
    """
    from sklearn.covariance import ledoit_wolf  # noqa: PLC0415 - slow to load

    means = np.stack([np.average(rows[sides == s], 0, weights[sides == s]) for s in (0, 1)])
    within = (rows - means[sides]) * np.sqrt(_sample(weights))[:, None]
    covariance, _ = ledoit_wolf(within, assume_centered=True)
    ridge = 1e-12 * np.trace(covariance) * np.eye(rows.shape[1])
    if not covariance.any():
        return np.asarray(means[1] - means[0])
    return np.asarray(np.linalg.solve(covariance + ridge, means[1] - means[0]))


METHODS: dict[str, tuple[Fit, str]] = {
    "mean": (mean_difference, "difference of the means"),
    "logistic": (logistic_normal, "normal of a logistic probe"),
    "svm": (svm_normal, "normal of a linear SVM"),
    "lda": (fisher_direction, "linear discriminant"),
}


def _scaled(rows: Floats) -> Floats:
    # As a whole: scaled each by itself, dimensions that hardly vary would lead.
    size = float(np.sqrt(np.mean((rows - rows.mean(axis=0)) ** 2)))
    return rows / size if size > 0 else rows


def _sample(weights: Floats) -> Floats:
    scaled: Floats = weights * len(weights) / weights.sum()
    return scaled


def _normal(coefficients: npt.NDArray[np.float64]) -> Floats:
    return np.asarray(coefficients, np.float64).ravel()
