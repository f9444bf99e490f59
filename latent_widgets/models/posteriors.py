"""What an encoder says about a picture: a diagonal Gaussian over the latent."""

from typing import NamedTuple

import torch
from torch import Tensor


class Posterior(NamedTuple):
    """Diagonal Gaussian q(z|x), one row per picture.

    Attributes
    ----------
    mean : Tensor, shape (n, d)
        Posterior means.
    logvar : Tensor, shape (n, d), or None
        Natural logarithms of the posterior variances; None when the encoder
        gives a point and no spread.
    """

    mean: Tensor
    logvar: Tensor | None = None


def gaussian_kl(mean: Tensor, logvar: Tensor) -> Tensor:
    """Kullback-Leibler divergence from N(mean, exp(logvar)) to N(0, 1), per dimension.

    Parameters
    ----------
    mean, logvar : Tensor, shape (n, d)
        Means and log-variances, floating point.

    Returns
    -------
    Tensor, shape (n, d)
        Nats, at least 0. Sum over the last axis for the divergence of a row.

    Notes
    -----
    KL_j = (mu_j^2 + sigma_j^2 - 1 - ln sigma_j^2) / 2: Kingma and Welling,
    "Auto-encoding variational Bayes", 2013, appendix B.
    """
    # expm1 keeps the digits of sigma^2 - 1 where sigma is near 1; its own rounding is clamped away.
    return 0.5 * (mean.square() + (torch.expm1(logvar) - logvar).clamp_min(0.0))
