"""Disentanglement, completeness, informativeness: from how much each dimension is relied on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.factors import Factors, KnownFactor, as_factors
from latent_widgets.analysis.probes import balanced_accuracy, explained, split_rows
from latent_widgets.analysis.rows import Floats, Rows, as_rows

_TEST = 0.3


class DCI(NamedTuple):
    """Disentanglement, completeness and informativeness.

    Attributes
    ----------
    disentanglement : float
        How little each dimension is relied on for more than one factor; dimensions are
        weighted by how much they are relied on.
    completeness : float
        How little each factor relies on more than one dimension; factors are weighted by how
        much importance they have.
    informativeness : dict of str to float
        Held-out balanced accuracy (classes) or R2 (numbers) of each factor; empty when
        importances were given.
    importance : numpy.ndarray, shape (d, k)
        How much each factor relies on each dimension.
    by_dimension : numpy.ndarray, shape (d,)
        Disentanglement of each dimension.
    by_factor : numpy.ndarray, shape (k,)
        Completeness of each factor; its plain mean is the completeness of the first paper.
    """

    disentanglement: float
    completeness: float
    informativeness: dict[str, float]
    importance: Floats
    by_dimension: Floats
    by_factor: Floats


def dci(codes: Rows, factors: Factors, *, trees: int = 100, seed: int = 0) -> DCI:
    """Measure how dimensions and factors rely on each other, by gradient-boosted trees.

    Measure on held-out rows.

    Parameters
    ----------
    codes
        (n, d) posterior means, at least 10 rows.
    factors
        Names to n values each, or an array (n, k).
    trees
        Boosting stages per factor, at least 1.
    seed
        Of the split and the trees.

    Returns
    -------
    DCI
        From the trees' impurity importances.

    Raises
    ------
    ValueError
        If an argument does not fit.

    Notes
    -----
    Eastwood and Williams, "A framework for the quantitative evaluation of disentangled
    representations", 2018; gradient boosting follows Locatello et al., 2019.
    """
    rows = as_rows("codes", codes, 10)
    if trees < 1:
        raise ValueError(f"trees must be at least 1, got {trees}")
    known = as_factors(factors, len(rows))
    found = [fit_importance(rows, factor, trees, seed) for factor in known]
    judged = dci_from_importance(np.stack([importance for importance, _ in found], axis=1))
    scores = {factor.name: score for factor, (_, score) in zip(known, found, strict=True)}
    return judged._replace(informativeness=scores)


def fit_importance(
    rows: Floats, factor: KnownFactor, trees: int, seed: int
) -> tuple[Floats, float]:
    """Predict one factor by boosted trees: importances (d,) and the held-out score.

    Parameters
    ----------
    rows
        (n, d) float64 latents.
    factor
        What is predicted.
    trees, seed
        As for `dci`.

    Returns
    -------
    importance : numpy.ndarray
        (d,), at least 0, summing to 1 where any split helped.
    score : float
        Balanced accuracy or R2 on 30 % of the rows.
    """
    # Slow to load.
    from sklearn.ensemble import (  # noqa: PLC0415
        GradientBoostingClassifier,
        GradientBoostingRegressor,
    )

    train, test = split_rows(factor.values, _TEST, seed, classes=factor.classes > 0)
    kind = GradientBoostingClassifier if factor.classes else GradientBoostingRegressor
    model = kind(n_estimators=trees, random_state=seed)
    model.fit(rows[train], factor.values[train])
    found, known = model.predict(rows[test]), factor.values[test]
    score = balanced_accuracy(known, found) if factor.classes else explained(known, found)
    # Rounding leaves importances of -1e-17 where a split did nothing.
    return np.maximum(np.asarray(model.feature_importances_, np.float64), 0.0), score


def dci_from_importance(importance: npt.ArrayLike) -> DCI:
    """Disentanglement and completeness of a given matrix of importances.

    Parameters
    ----------
    importance
        (d, k), at least 0: how much factor j relies on dimension i.

    Returns
    -------
    DCI
        Without informativeness. Each row's and column's entropy is taken to the base of its
        length; a row or column of zeros scores 0 and has no weight.

    Raises
    ------
    ValueError
        If it is no finite matrix of numbers of at least 0.
    """
    matrix = as_rows("importance", importance)
    if (matrix < 0).any():
        raise ValueError(f"importance must be at least 0, got {matrix.min()}")
    by_dimension, by_factor = _concentration(matrix), _concentration(matrix.T)
    total = matrix.sum()
    weights = matrix / total if total > 0 else matrix
    return DCI(
        disentanglement=float(weights.sum(axis=1) @ by_dimension),
        completeness=float(weights.sum(axis=0) @ by_factor),
        informativeness={},
        importance=matrix,
        by_dimension=by_dimension,
        by_factor=by_factor,
    )


def _concentration(matrix: Floats) -> Floats:
    """One minus the entropy of every row, to the base of its length."""
    total = matrix.sum(axis=1, keepdims=True)
    share = matrix / np.where(total > 0, total, 1.0)
    logs = np.log(np.where(share > 0, share, 1.0))
    entropy = -(share * logs).sum(axis=1) / np.log(max(matrix.shape[1], 2))
    concentration: Floats = np.where(total[:, 0] > 0, 1 - entropy, 0.0)
    return concentration
