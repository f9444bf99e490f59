"""How far a number lies from what is usual, on either side."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.rows import Floats

# The median absolute deviation of a Gaussian is its standard deviation divided by this.
_GAUSSIAN = 1.482602218505602


def typicality(scores: npt.ArrayLike, reference: npt.ArrayLike | None = None) -> Floats:
    """Distance of a score from its middle over the data, above or below.

    A row can be too good: the density of a Gaussian is highest at its centre, where none of its
    draws lie, and an all-black picture is likelier than any digit. So being far from the usual
    score is odd on both sides.

    Parameters
    ----------
    scores
        (m,) one score a row, such as -log p(x) in nats.
    reference
        (n,) scores of rows that are as they should be; `scores` themselves by default.

    Returns
    -------
    numpy.ndarray
        (m,) of ``|s - median|`` in robust standard deviations, 1.4826 times the median absolute
        deviation; in plain ones where more than half of the reference is equal. Where all of it
        is, 0 for the same score and infinity for any other.

    Raises
    ------
    ValueError
        If the scores are not finite, or there are none.

    Notes
    -----
    Nalisnick, Matsukawa, Teh and Lakshminarayanan, "Detecting out-of-distribution inputs to deep
    generative models using typicality", 2019, for one row at a time. They take the mean over
    training data; the median is left alone by odd rows among the reference.
    """
    given = _scores("scores", scores)
    known = given if reference is None else _scores("reference", reference)
    middle = float(np.median(known))
    spread = _GAUSSIAN * float(np.median(np.abs(known - middle))) or float(known.std())
    far = np.abs(given - middle)
    if not spread:
        return np.where(far > 0, np.inf, 0.0)
    usual: Floats = far / spread
    return usual


def _scores(name: str, value: npt.ArrayLike) -> Floats:
    scores = np.asarray(value, np.float64)
    if scores.ndim != 1 or not len(scores) or not np.isfinite(scores).all():
        flaw = "" if np.isfinite(scores).all() else " with NaN or infinity"
        raise ValueError(
            f"{name} must be at least one finite number a row, got shape {scores.shape}{flaw}"
        )
    return scores
