"""How odd a row is, and how well a score tells odd rows from others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.rows import Floats, Rows, as_rows


def mahalanobis(
    points: Rows, reference: Rows | None = None, classes: npt.ArrayLike | None = None
) -> Floats:
    """Squared Mahalanobis distance of latents from a cloud, or from the nearest of several.

    Parameters
    ----------
    points
        (m, d) latents to judge.
    reference
        (n, d) latents that are as they should be; `points` themselves by default. A
        direction in which they do not vary counts for nothing.
    classes
        (n,) the class of each row of the reference, when the distance is that from the mean of
        the nearest class, by the spread within classes (Lee et al., "A simple unified framework
        for detecting out-of-distribution samples and adversarial attacks", 2018).

    Returns
    -------
    numpy.ndarray
        (m,) of ``(z - m)^T S^-1 (z - m)``: chi-squared with d degrees of freedom where the
        reference is Gaussian; its minimum over the classes where there are any.

    Raises
    ------
    ValueError
        If the rows do not fit each other.
    """
    rows = as_rows("points", points)
    known = rows if reference is None else as_rows("reference", reference)
    if len(known) < 2 or known.shape[1] != rows.shape[1]:
        raise ValueError(
            f"reference must have at least 2 rows of {rows.shape[1]} numbers, got {known.shape}"
        )
    means, codes = known.mean(axis=0)[None], np.zeros(len(known), np.intp)
    if classes is not None:
        given = np.asarray(classes)
        if given.shape != (len(known),):
            raise ValueError(
                f"classes must be one class for each of {len(known)} rows, got shape {given.shape}"
            )
        words, codes = np.unique(given, return_inverse=True)
        means = np.stack([known[codes == code].mean(axis=0) for code in range(len(words))])
    within = known - means[codes]
    spread = within.T @ within / max(len(known) - len(means), 1)
    # As `matrix_rank` has it: below this a direction varies by rounding only.
    inverse = np.linalg.pinv(spread, len(spread) * np.finfo(float).eps, hermitian=True)
    nearest = np.full(len(rows), np.inf)
    for mean in means:
        offset = rows - mean
        # Two steps: all three factors at once never reach BLAS, ten times as slow.
        np.minimum(nearest, np.einsum("ie,ie->i", offset @ inverse, offset), out=nearest)
    return nearest


def auroc(normal: npt.ArrayLike, odd: npt.ArrayLike) -> float:
    """Area under the ROC curve of a score: the probability that an odd row scores higher.

    Parameters
    ----------
    normal, odd
        Scores of rows that are as they should be, and of odd ones; higher means odder.

    Returns
    -------
    float
        In [0, 1]: 0.5 tells nothing apart, ties count a half.
    """
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 - slow to load

    scores = [np.ravel(np.asarray(part, np.float64)) for part in (normal, odd)]
    truth = np.repeat([0, 1], [len(part) for part in scores])
    return float(roc_auc_score(truth, np.concatenate(scores)))
