"""Whether each known factor has a dimension of its own: MIG, SAP and the FactorVAE score."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.factors import Factors, KnownFactor, as_factors, in_bins
from latent_widgets.analysis.probes import balanced_accuracy, split_rows
from latent_widgets.analysis.rows import Floats, Rows, as_rows

_SILENT = 0.05
_TEST = 0.3


class Disentanglement(NamedTuple):
    """A measure of disentanglement.

    Attributes
    ----------
    score : float
        The mean over factors.
    by_factor : dict of str to float
        The score of each.
    matrix : numpy.ndarray, shape (d, k)
        What the scores were made from: dimensions by factors.
    """

    score: float
    by_factor: dict[str, float]
    matrix: Floats


def mig(codes: Rows, factors: Factors, bins: int = 20) -> Disentanglement:
    """Mutual information gap.

    Measure on held-out rows.

    Parameters
    ----------
    codes
        (n, d) posterior means.
    factors
        Names to n values each, or an array (n, k).
    bins
        Into how many bins of equal width numbers are sorted; as few different values stay
        as they are.

    Returns
    -------
    Disentanglement
        Of each factor, (I_1 - I_2) / H: how much more the best dimension tells than the
        second best, as a share of what there is to tell. `matrix` is I / H.

    Raises
    ------
    ValueError
        If an argument does not fit.

    Notes
    -----
    Chen, Li, Grosse and Duvenaud, "Isolating sources of disentanglement in variational
    autoencoders", 2018, section 4.1; the estimate from binned means follows Locatello et al.,
    2019. It is too high by about (bins - 1)(values - 1) / 2n nats.
    """
    rows = as_rows("codes", codes, 2)
    if bins < 2:
        raise ValueError(f"bins must be at least 2, got {bins}")
    known = as_factors(factors, len(rows))
    binned = [in_bins(column, bins) for column in rows.T]
    matrix = np.empty((len(binned), len(known)))
    for j, factor in enumerate(known):
        values = factor.bins(bins)
        entropy = _entropy(values)
        matrix[:, j] = [_information(column, values) / entropy for column in binned]
    return _gap(matrix, known)


def sap(codes: Rows, factors: Factors, seed: int = 0) -> Disentanglement:
    """Separated attribute predictability.

    Parameters
    ----------
    codes
        (n, d) posterior means, at least 10 rows.
    factors
        Names to n values each, or an array (n, k).
    seed
        Of the split into rows to fit and rows to judge.

    Returns
    -------
    Disentanglement
        Of each factor, how much better the best dimension alone predicts it than the second
        best: by squared correlation for a number, by the held-out balanced accuracy of a
        linear SVM for classes. `matrix` holds those.

    Raises
    ------
    ValueError
        If an argument does not fit.

    Notes
    -----
    Kumar, Sattigeri and Balakrishnan, "Variational inference of disentangled latent concepts
    from unlabeled observations", 2018, section 3.
    """
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - slow to load

    rows = as_rows("codes", codes, 10)
    known = as_factors(factors, len(rows))
    scale = rows.std(axis=0)
    units = (rows - rows.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    matrix = np.empty((rows.shape[1], len(known)))
    for j, factor in enumerate(known):
        if not factor.classes:
            values = (factor.values - factor.values.mean()) / factor.values.std()
            matrix[:, j] = (units.T @ values / len(values)) ** 2
            continue
        train, test = split_rows(factor.values, _TEST, seed, classes=True)
        for i, column in enumerate(units.T[:, :, None]):
            line = LinearSVC(C=0.01, class_weight="balanced", dual=False, random_state=seed)
            line.fit(column[train], factor.values[train])
            found = line.predict(column[test])
            matrix[i, j] = balanced_accuracy(factor.values[test], found)
    return _gap(matrix, known)


def factor_vae_score(
    codes: Rows,
    factors: Factors,
    *,
    votes: int = 800,
    batch: int = 64,
    bins: int = 20,
    seed: int = 0,
) -> float:
    """Share of votes for the right factor by the dimension that varies least.

    Again and again one factor is held still and `batch` rows with the same value of it are
    drawn; the dimension that varies least among them, beside its variance over all rows, casts
    a vote. Half as many votes again judge the rule that the first ones made.

    Parameters
    ----------
    codes
        (n, d) posterior means. Dimensions whose standard deviation is below 0.05 have no vote.
    factors
        Names to n values each, or an array (n, k).
    votes
        How many votes make the rule, at least 1.
    batch
        Rows per vote, at least 2; where fewer have the value, they are drawn repeatedly.
    bins
        Into how many bins numbers are sorted.
    seed
        Of all draws.

    Returns
    -------
    float
        In [0, 1]; 1 / k is about chance for k factors, and 0 means that no dimension varies.

    Raises
    ------
    ValueError
        If an argument does not fit.

    Notes
    -----
    Kim and Mnih, "Disentangling by factorising", 2018, section 4.
    """
    rows = as_rows("codes", codes, 2)
    if min(votes, batch - 1) < 1:
        raise ValueError(f"votes must be at least 1 and batch at least 2, got {votes} and {batch}")
    known = as_factors(factors, len(rows))
    active = rows.std(axis=0) >= _SILENT
    if not active.any():
        return 0.0
    units = rows[:, active] / rows[:, active].std(axis=0)
    groups = [_groups(factor.bins(bins)) for factor in known]
    generator = np.random.default_rng(seed)

    def vote() -> tuple[int, int]:
        factor = int(generator.integers(len(groups)))
        # A group is drawn as often as its rows occur, as drawing a row and its value would.
        sizes = np.array([len(group) for group in groups[factor]], float)
        if not len(sizes):
            raise ValueError(f"factor {known[factor].name!r} has no value that occurs twice")
        group = groups[factor][generator.choice(len(sizes), p=sizes / sizes.sum())]
        drawn = generator.choice(group, batch, replace=len(group) < batch)
        return int(units[drawn].var(axis=0).argmin()), factor

    table = np.zeros((units.shape[1], len(known)))
    for _ in range(votes):
        table[vote()] += 1
    rule = table.argmax(axis=1)
    cast = [vote() for _ in range(max(votes // 2, 1))]
    return float(np.mean([rule[dimension] == factor for dimension, factor in cast]))


def _gap(matrix: Floats, known: list[KnownFactor]) -> Disentanglement:
    """Best minus second best of every column; the best alone where there is one dimension."""
    ordered = np.sort(np.vstack([matrix, np.zeros(matrix.shape[1])]), axis=0)
    gaps = ordered[-1] - ordered[-2]
    by_factor = {factor.name: float(gap) for factor, gap in zip(known, gaps, strict=True)}
    return Disentanglement(float(gaps.mean()), by_factor, matrix)


def _groups(codes: npt.NDArray[np.int64]) -> list[npt.NDArray[np.intp]]:
    """Rows of each value that occurs at least twice."""
    groups = [np.flatnonzero(codes == code) for code in np.unique(codes)]
    return [group for group in groups if len(group) > 1]


def _entropy(codes: npt.NDArray[np.int64]) -> float:
    share = np.bincount(codes) / len(codes)
    return float(-(share[share > 0] * np.log(share[share > 0])).sum())


def _information(a: npt.NDArray[np.int64], b: npt.NDArray[np.int64]) -> float:
    """Mutual information of two columns of codes, in nats."""
    return _entropy(a) + _entropy(b) - _entropy(a * (b.max() + 1) + b)
