"""How many dimensions of a latent say something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.rows import Floats, Rows, as_posterior_rows, as_rows, kl_rows


class Collapse(NamedTuple):
    """Which dimensions the posterior has given up.

    Attributes
    ----------
    dimensions : numpy.ndarray of bool, shape (d,)
        True where the KL is below epsilon for all but a share delta of the rows.
    kl : numpy.ndarray, shape (d,)
        Mean KL to N(0, 1) of each dimension, in nats.
    consistency : float
        Mean over dimensions of Var(mu_j) + E[sigma_j^2]: 1 where the aggregate posterior
        is as wide as the prior.
    """

    dimensions: npt.NDArray[np.bool_]
    kl: Floats
    consistency: float


def active_units(
    mean: Rows,
    logvar: Rows | None = None,
    threshold: float | Sequence[float] = (0.01, 0.1),
    kl_threshold: float = 0.1,
) -> dict[str, int]:
    """Count the dimensions that are in use, at several thresholds.

    Measure on held-out rows: on training rows nearly every dimension looks active. The
    count hangs on the threshold, so several are given; none of them is the right one.

    Parameters
    ----------
    mean
        (n, d) posterior means, at least two rows.
    logvar
        (n, d) log-variances; adds the count by KL.
    threshold
        Variances over the rows that E_q[z_j] must exceed (population variance, so that
        a doubled batch changes nothing).
    kl_threshold
        Nats that the mean KL of a dimension must exceed.

    Returns
    -------
    dict of str to int
        For example ``{"variance > 0.01": 16, "variance > 0.1": 9, "KL > 0.1": 9}``.

    Raises
    ------
    ValueError
        If the rows are not finite (n, d) numbers, or a threshold is below 0.

    Notes
    -----
    Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", 2015, section 5.
    """
    centre = as_rows("mean", mean, 2)
    limits = [float(limit) for limit in np.atleast_1d(np.asarray(threshold))]
    if not all(limit >= 0 for limit in [*limits, kl_threshold]):
        raise ValueError(f"thresholds must be at least 0, got {[*limits, kl_threshold]}")
    variance = centre.var(axis=0)
    found = {f"variance > {limit}": int((variance > limit).sum()) for limit in limits}
    if logvar is not None:
        kl = kl_rows(*as_posterior_rows(centre, logvar)).mean(axis=0)
        found[f"KL > {kl_threshold}"] = int((kl > kl_threshold).sum())
    return found


def posterior_collapse(
    mean: Rows, logvar: Rows, epsilon: float = 0.01, delta: float = 0.01
) -> Collapse:
    """Find the dimensions whose posterior is the prior, whatever the picture.

    Measure on held-out rows.

    Parameters
    ----------
    mean, logvar
        (n, d) posterior means and log-variances.
    epsilon
        Nats below which a row says nothing.
    delta
        Share of the rows, in [0, 1), that may say more.

    Returns
    -------
    Collapse
        By dimension, and how wide the aggregate posterior is.

    Raises
    ------
    ValueError
        If the rows do not fit, or epsilon or delta is out of range.

    Notes
    -----
    (epsilon, delta)-collapse: Lucas, Tucker, Grosse and Norouzi, "Don't blame the ELBO!",
    2019, definition 1.
    """
    if not (epsilon > 0 and 0 <= delta < 1):
        raise ValueError(f"epsilon must be above 0 and delta in [0, 1), got {epsilon} and {delta}")
    centre, spread = as_posterior_rows(mean, logvar)
    kl = kl_rows(centre, spread)
    silent = (kl < epsilon).mean(axis=0) >= 1 - delta
    width = centre.var(axis=0) + np.exp(spread).mean(axis=0)
    return Collapse(silent, kl.mean(axis=0), float(width.mean()))
