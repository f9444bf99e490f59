"""Which two scores are shown, and which rows a small picture of them needs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# The scores that fool each other least come first.
_PREFERRED = ("neg_elbo", "knn", "mahalanobis", "reconstruction", "kl", "typicality")
MOST_DOTS = 10_000
_STRANGEST = 500


def pick_two(offered: Sequence[str], score: str, beside: str) -> tuple[str, str]:
    """Choose the score that ranks and another beside it.

    Parameters
    ----------
    offered
        The scores there are.
    score, beside
        What is wished for; anything else takes the first that is left.

    Returns
    -------
    tuple of str
        Two different ones; the second, or both, empty where there are not so many.
    """
    left = [name for name in _PREFERRED if name in offered]
    if not left:
        return "", ""
    first = score if score in left else next((one for one in left if one != beside), left[0])
    left.remove(first)
    second = beside if beside in left else next(iter(left), "")
    return first, second


def spread_out(scores: Sequence[npt.NDArray[np.float64]]) -> npt.NDArray[np.int64]:
    """Choose rows to draw: all of up to 10,000, else the strangest and others evenly.

    Parameters
    ----------
    scores
        (n,) each.

    Returns
    -------
    numpy.ndarray
        Row ids, ascending.
    """
    n = len(scores[0])
    if n <= MOST_DOTS:
        return np.arange(n, dtype=np.int64)
    odd = [np.argpartition(values, n - _STRANGEST)[n - _STRANGEST :] for values in scores]
    even = np.linspace(0, n - 1, MOST_DOTS - _STRANGEST * len(scores)).astype(np.int64)
    return np.unique(np.concatenate([*odd, even]).astype(np.int64))
