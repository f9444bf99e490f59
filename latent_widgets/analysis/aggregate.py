"""Where all posteriors together lie, and how far that is from the prior."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch

from latent_widgets.analysis.holes import draw_both, holes
from latent_widgets.analysis.rows import Floats, Rows, as_posterior_rows, draw_rows, kl_rows

_MOST = 2000
_CHUNK = 64


class Surgery(NamedTuple):
    """The mean KL of a model, cut into three parts that sum to it.

    Attributes
    ----------
    kl : float
        E_x KL(q(z|x) || N(0, I)), in nats.
    mutual_information : float
        I_q(x; z): what a latent tells about which row it came from; at most ln n.
    total_correlation : float
        KL(q(z) || prod_j q(z_j)): what the dimensions tell about each other.
    dimension_kl : numpy.ndarray, shape (d,)
        KL(q(z_j) || N(0, 1)) of each dimension's aggregate.
    marginal_kl : float
        KL(q(z) || N(0, I)), the sum of the last two: aggregate posterior to prior.
    rows : int
        n.
    """

    kl: float
    mutual_information: float
    total_correlation: float
    dimension_kl: Floats
    marginal_kl: float
    rows: int

    @property
    def saturated(self) -> bool:
        """Whether n is too small: the mutual information is within a tenth of ln n.

        The total correlation and the marginal KL are then upper bounds and no more: they hold
        all that n rows cannot show to be mutual information.
        """
        return self.mutual_information > 0.9 * math.log(self.rows)


class Gap(NamedTuple):
    """How far the aggregate posterior is from the prior.

    Attributes
    ----------
    kl : float or None
        KL(q(z) || N(0, I)) in nats; None without log-variances or with another prior. An
        upper bound in many dimensions; see `Surgery.saturated`.
    accuracy : float
        Share of held-out draws that a classifier assigns to the right one of the two: 0.5
        where they cannot be told apart.
    p_value : float
        Probability of at least that accuracy if they were the same.
    holes : float
        Share of prior draws where no picture is encoded; see `holes`.
    """

    kl: float | None
    accuracy: float
    p_value: float
    holes: float


def elbo_surgery(mean: Rows, logvar: Rows, seed: int = 0) -> Surgery:
    """Cut the KL of an ELBO into mutual information, total correlation and dimension-wise KL.

    Measure on held-out rows. The aggregate posterior q(z) is the mixture of the given rows'
    posteriors, 2,000 of them at most, and is computed in full, not by minibatch weights. One
    latent is drawn per row; entropies that have a closed form are not sampled.

    Parameters
    ----------
    mean, logvar
        (n, d) posterior means and log-variances, at least 2 rows.
    seed
        Of the draws.

    Returns
    -------
    Surgery
        In nats. The parts sum to the KL exactly; each part alone has the noise of the draws.

    Raises
    ------
    ValueError
        If the rows do not fit.

    Notes
    -----
    Hoffman and Johnson, "ELBO surgery", 2016; Chen, Li, Grosse and Duvenaud, "Isolating
    sources of disentanglement in variational autoencoders", 2018, equation 2.
    """
    centre, spread = as_posterior_rows(mean, logvar, 2)
    generator = np.random.default_rng(seed)
    keep = generator.permutation(len(centre))[:_MOST]
    centre, spread = centre[keep], spread[keep]
    draws = draw_rows(centre, spread, generator)
    joint, single = _log_aggregate(draws, centre, spread)
    negative_entropy = -0.5 * (spread + math.log(2 * math.pi) + 1).sum(axis=1).mean()
    log_prior = -0.5 * (centre**2 + np.exp(spread) + math.log(2 * math.pi)).mean(axis=0)
    dimension_kl = single - log_prior
    marginal_kl = float(joint - log_prior.sum())
    return Surgery(
        kl=float(kl_rows(centre, spread).sum(axis=1).mean()),
        mutual_information=float(negative_entropy - joint),
        total_correlation=float(joint - single.sum()),
        dimension_kl=dimension_kl,
        marginal_kl=marginal_kl,
        rows=len(centre),
    )


def _log_aggregate(draws: Floats, mean: Floats, logvar: Floats) -> tuple[float, Floats]:
    """E[log q(z)], and E[log q(z_j)] of every dimension, over the draws."""
    at, centre, spread = (torch.from_numpy(rows) for rows in (draws, mean, logvar))
    joint, single = 0.0, torch.zeros(mean.shape[1], dtype=torch.float64)
    precision, log_scale = torch.exp(-spread), spread + math.log(2 * math.pi)
    for part in torch.split(at, _CHUNK):
        log_density = -0.5 * ((part[:, None] - centre).square() * precision + log_scale)
        joint += float(log_density.sum(dim=2).logsumexp(dim=1).sum())
        single += log_density.logsumexp(dim=1).sum(dim=0)
    n = len(mean)
    return joint / n - math.log(n), single.numpy() / n - math.log(n)


def aggregate_gap(
    mean: Rows, logvar: Rows | None = None, prior: Rows | None = None, seed: int = 0
) -> Gap:
    """Measure how far the aggregate posterior is from the prior, in three ways.

    Measure on held-out rows.

    Parameters
    ----------
    mean
        (n, d) posterior means, at least 20 rows; of many, 2,000 are drawn.
    logvar
        (n, d) log-variances; without, the means themselves are compared and there is no KL.
    prior
        (m, d) draws of the model's own prior; N(0, I) without.
    seed
        Of all draws.

    Returns
    -------
    Gap
        0, about a half and about 0.01 where the two are the same.

    Raises
    ------
    ValueError
        If the rows do not fit each other.

    Notes
    -----
    KL: Hoffman and Johnson, 2016. Classifier: Lopez-Paz and Oquab, "Revisiting classifier
    two-sample tests", 2017, with gradient boosting.
    """
    # Loading these takes as long as loading torch, and most sessions need neither.
    from scipy.stats import binomtest  # noqa: PLC0415
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415

    share = holes(mean, logvar, prior, seed)
    kl = None
    if logvar is not None and prior is None:
        kl = elbo_surgery(mean, logvar, seed).marginal_kl
    aggregate, other = draw_both(mean, logvar, prior, seed, least=20)
    both = np.concatenate([aggregate, other])
    truth = np.repeat([0, 1], len(aggregate))
    order = np.random.default_rng(seed).permutation(len(both))
    train, test = np.array_split(order, 2)
    classifier = HistGradientBoostingClassifier(random_state=seed, max_iter=50)
    right = classifier.fit(both[train], truth[train]).predict(both[test]) == truth[test]
    chance = binomtest(int(right.sum()), len(right), 0.5, alternative="greater")
    return Gap(kl, float(right.mean()), float(chance.pvalue), share)
