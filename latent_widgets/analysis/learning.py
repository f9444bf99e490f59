"""What the curves of a training say: learnt by heart, stopped too early, or neither."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from latent_widgets.analysis.rows import Floats
from latent_widgets.models.history import History

_FEWEST = 4
_SHARE = 0.02
_UNSETTLED = 0.01


class Overfitting(NamedTuple):
    """A gap between training and validation that grows.

    Attributes
    ----------
    epoch : int
        The epoch, from 0, with the lowest validation loss: the gap has grown since.
    growth : float
        Nats per picture by which the gap has grown since then.
    """

    epoch: int
    growth: float


def overfitting(history: History) -> Overfitting | None:
    """Tell since when a model has been learning its training pictures by heart.

    Parameters
    ----------
    history
        With validation losses.

    Returns
    -------
    Overfitting or None
        None while validation still improves, without validation, or while what has
        grown is no more than the curves' own noise (three times the median step) or 2 %
        of what training has gained.
    """
    train = _curve(history.train["neg_elbo"])
    validation = _curve(history.validation["neg_elbo"])
    if min(len(train), len(validation)) < _FEWEST + 1:
        return None
    best = int(np.argmin(validation))
    gap = validation - train
    after = gap[best:]
    if len(after) <= _FEWEST:
        return None
    # The lowest of noisy losses lies below its own curve: its neighbours say where that runs.
    before = np.median(gap[max(best - 1, 0) : best + 2])
    growth = float(np.median(after[-3:]) - before)
    noise = 3 * float(np.median(np.abs(np.diff(after))))
    learnt = _SHARE * float(train[0] - train.min())
    return Overfitting(best, growth) if growth > max(noise, learnt) else None


def underfitting(history: History) -> float | None:
    """Tell whether a training ended while it was still getting better.

    Parameters
    ----------
    history
        Of a training that has ended: of one that runs there is nothing to say yet.

    Returns
    -------
    float or None
        Nats per picture by which -ELBO (of validation, else of training) still fell with
        every one of the last epochs; None when that is less than 1 % of the whole fall.
    """
    curve = _curve(history.validation["neg_elbo"] or history.train["neg_elbo"])
    if not history.stopped or len(curve) < _FEWEST + 1:
        return None
    last = curve[-_FEWEST - 1 :]
    slope = -float(np.polyfit(np.arange(len(last)), last, 1)[0])
    steady = (np.diff(last) < 0).mean() > 0.5
    return slope if steady and slope > _UNSETTLED * float(curve[0] - curve.min()) else None


def _curve(losses: list[float]) -> Floats:
    """Drop what is no number: a loss that is not finite ends a training and tells nothing more."""
    curve = np.asarray(losses, np.float64)
    return curve[: int(np.isfinite(curve).cumprod().sum())]
