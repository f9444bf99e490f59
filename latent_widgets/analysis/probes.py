"""What a linear model reads off latents."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.factors import as_factor
from latent_widgets.analysis.rows import Rows, as_rows

Ids = npt.NDArray[np.intp]
_FEWEST = 10


class Probe(NamedTuple):
    """How much of a factor a linear model finds.

    Attributes
    ----------
    score : float
        On rows it was not fitted to.
    measure : str
        "balanced accuracy" for classes, "R2" for numbers.
    chance : float
        The score of a model that ignores the latents.
    """

    score: float
    measure: str
    chance: float


def linear_probe(codes: Rows, target: Any, test: float = 0.3, seed: int = 0) -> Probe:  # noqa: ANN401
    """Fit a linear model from latents to a known factor and judge it on held-out rows.

    Parameters
    ----------
    codes
        (n, d) posterior means, at least 10 rows.
    target
        n values: words, booleans and whole numbers are classes, other numbers numbers.
    test
        Share of the rows that are held out, between 0 and 1.
    seed
        Of the split.

    Returns
    -------
    Probe
        Logistic regression and the mean recall of the classes, or ridge regression and
        the coefficient of determination, which is below 0 for worse than the mean.

    Raises
    ------
    ValueError
        If an argument does not fit.

    Notes
    -----
    Alain and Bengio, "Understanding intermediate layers using linear classifier probes", 2016.
    """
    from sklearn.linear_model import LogisticRegression, Ridge  # noqa: PLC0415 - slow to load
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    rows = as_rows("codes", codes, _FEWEST)
    if not 0 < test < 1:
        raise ValueError(f"test must be a share between 0 and 1, got {test}")
    factor = as_factor("target", target, len(rows))
    train, held_out = split_rows(factor.values, test, seed, classes=factor.classes > 0)
    known = factor.values[held_out]
    if not factor.classes:
        line = make_pipeline(StandardScaler(), Ridge())
        found = line.fit(rows[train], factor.values[train]).predict(rows[held_out])
        return Probe(explained(known, found), "R2", 0.0)
    line = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    found = line.fit(rows[train], factor.values[train]).predict(rows[held_out])
    return Probe(balanced_accuracy(known, found), "balanced accuracy", 1 / factor.classes)


def balanced_accuracy(known: npt.NDArray[Any], found: npt.NDArray[Any]) -> float:
    """Mean recall of the classes that occur in `known`."""
    return float(np.mean([(found[known == code] == code).mean() for code in np.unique(known)]))


def explained(known: npt.NDArray[Any], found: npt.NDArray[Any]) -> float:
    """Coefficient of determination: 1 less the error's share of the variance."""
    return float(1 - ((known - found) ** 2).sum() / ((known - known.mean()) ** 2).sum())


def split_rows(
    values: npt.NDArray[Any], test: float, seed: int, *, classes: bool
) -> tuple[Ids, Ids]:
    """Set rows aside, of every class its share; a class of one row stays in training.

    Parameters
    ----------
    values
        (n,) class codes or numbers.
    test
        Share of the rows.
    seed
        Of the split.
    classes
        Whether the values are classes.

    Returns
    -------
    train, held_out : numpy.ndarray of int
        Row ids.
    """
    generator = np.random.default_rng(seed)
    groups = np.unique(values, return_inverse=True)[1] if classes else np.zeros(len(values), int)
    train, held_out = [], []
    for group in range(groups.max() + 1):
        rows = generator.permutation(np.flatnonzero(groups == group))
        aside = min(max(round(test * len(rows)), 1), len(rows) - 1)
        held_out.append(rows[:aside])
        train.append(rows[aside:])
    return np.concatenate(train), np.concatenate(held_out)
