"""The VAE that taxes only what its latents know of each other."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from latent_widgets.models.base import check_weight
from latent_widgets.models.normal import gaussian_log_density
from latent_widgets.models.posteriors import Posterior
from latent_widgets.models.vae import VAE

ESTIMATORS = ("stratified", "weighted")


class Decomposition(NamedTuple):
    """The KL of each row by its parts, each of shape (n,), in nats.

    Their sum is log q(z|x) - log p(z), a one-draw estimate of the row's KL; single rows may be
    negative, means over many are not, but for the bias of small batches.

    Attributes
    ----------
    mutual_information : Tensor
        log q(z|x) - log q(z).
    total_correlation : Tensor
        log q(z) - sum_j log q(z_j): how far the dimensions are from independent.
    dimension_wise_kl : Tensor
        sum_j log q(z_j) - log p(z_j).
    """

    mutual_information: Tensor
    total_correlation: Tensor
    dimension_wise_kl: Tensor


class DecomposedELBO(NamedTuple):
    """As `ELBO`, with the KL by its parts; all of shape (n,), in nats.

    `kl` is in closed form, the parts are estimates from one draw, so they add up to it only on
    average.
    """

    reconstruction: Tensor
    kl: Tensor
    neg_elbo: Tensor
    mutual_information: Tensor
    total_correlation: Tensor
    dimension_wise_kl: Tensor


class BetaTCVAE(VAE):
    """A VAE whose total correlation costs `beta` times what it would.

    Parameters
    ----------
    image_shape : (C, H, W)
        See `ConvNet`.
    latent_dim : int
        Number of latent dimensions d, at least 1.
    beta : float
        Weight of the total correlation, at least 0; with 1 it is a VAE on average.
    alpha, gamma : float
        Weights of the mutual information and of the dimension-wise KL, at least 0.
    n_data : int, optional
        How many pictures there are in all, at least 1. Without it, or in batches no smaller,
        a batch stands for all of them.
    estimator : {"stratified", "weighted"}
        How a batch stands for `n_data` pictures: by stratified or by weighted sampling. The
        second underestimates log q(z) by about log `n_data`, which changes no gradient.
    **options
        ``channels``, ``hidden``, ``norm``, ``likelihood`` and ``sigma`` of `LatentModel`.

    Raises
    ------
    ValueError
        When a parameter is outside its range.

    Notes
    -----
    Chen et al., "Isolating sources of disentanglement in variational autoencoders", 2018,
    equations 2 and 4 and appendix C.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (1, 28, 28),
        latent_dim: int = 16,
        *,
        beta: float = 6.0,
        alpha: float = 1.0,
        gamma: float = 1.0,
        n_data: int | None = None,
        estimator: str = "stratified",
        **options: Any,  # noqa: ANN401 - those of LatentModel
    ) -> None:
        super().__init__(image_shape, latent_dim, beta=beta, **options)
        self.alpha = check_weight("alpha", alpha)
        self.gamma = check_weight("gamma", gamma)
        if n_data is not None and n_data < 1:
            raise ValueError(f"n_data must be 1 or more, got {n_data}.")
        if estimator not in ESTIMATORS:
            raise ValueError(f"estimator must be one of {ESTIMATORS}, got {estimator!r}.")
        self.n_data = n_data
        self.estimator = estimator

    @property
    def config(self) -> dict[str, Any]:
        """Keyword arguments that build the same architecture again; JSON-ready."""
        return super().config | {
            "alpha": self.alpha,
            "gamma": self.gamma,
            "n_data": self.n_data,
            "estimator": self.estimator,
        }

    def elbo(  # type: ignore[override]  # more terms
        self, x: Tensor, n_samples: int = 1, generator: torch.Generator | None = None
    ) -> DecomposedELBO:
        """Evidence lower bound of each picture by Monte Carlo, with its KL by parts.

        Parameters
        ----------
        x : Tensor, shape (n, C, H, W)
            Pictures in [0, 1]; together they stand for all, so give a batch and not one.
        n_samples : int
            Draws of z per picture, averaged; at least 1.
        generator : torch.Generator, optional
            Where the draws come from.

        Returns
        -------
        DecomposedELBO
            Six tensors of shape (n,), in nats.
        """
        if n_samples < 1:
            raise ValueError(f"n_samples must be at least 1, got {n_samples}.")
        posterior = self.encode(x)
        kl = self.divergence(posterior).sum(dim=1)
        draws = []
        for _ in range(n_samples):
            z = self.reparameterize(posterior, generator)
            pixels = self.reconstruction(self.decode_logits(z), x)
            draws.append(torch.stack([pixels, *self.decompose(posterior, z)]))
        reconstruction, *parts = torch.stack(draws).mean(dim=0)
        total = self.objective(DecomposedELBO(reconstruction, kl, kl, *parts), self.beta, 1.0)
        return DecomposedELBO(reconstruction, kl, total, *parts)

    def decompose(self, posterior: Posterior, z: Tensor) -> Decomposition:
        """Split each row's KL, estimated at one draw from each posterior.

        Parameters
        ----------
        posterior : Posterior
            Means and log-variances of a batch, each (n, d).
        z : Tensor, shape (n, d)
            One draw from each.
        """
        mean, logvar = posterior
        if logvar is None:
            raise TypeError("A decomposition needs the posterior's logvar, and encode gave none.")
        # every[i, j, k]: the density of coordinate k of draw i under posterior j.
        every = gaussian_log_density(z[:, None], mean[None], logvar[None])
        weights = self._weights(len(z), z)
        log_marginals = torch.logsumexp(every + weights[..., None], dim=1).sum(dim=1)
        log_aggregate = torch.logsumexp(every.sum(dim=2) + weights, dim=1)
        return Decomposition(
            self.log_posterior(posterior, z) - log_aggregate,
            log_aggregate - log_marginals,
            log_marginals - self.log_prior(z),
        )

    def objective(self, terms: DecomposedELBO, weight: float, progress: float) -> Tensor:  # noqa: ARG002
        """Weigh what `elbo` returned: the loss of each picture, shape (n,), in nats.

        Parameters
        ----------
        terms : DecomposedELBO
            Of one batch.
        weight : float
            Weight of the total correlation: `beta`, but for a warmup.
        progress : float
            Not used.
        """
        return (
            terms.reconstruction
            + self.alpha * terms.mutual_information
            + weight * terms.total_correlation
            + self.gamma * terms.dimension_wise_kl
        )

    def _weights(self, n: int, like: Tensor) -> Tensor:
        """Logarithms of how much picture j of a batch counts in the aggregate at draw i."""
        rows = n if self.n_data is None else max(n, self.n_data)
        if self.estimator == "weighted" or rows == n or n < 2:
            share = 1 / (rows * n) if self.estimator == "weighted" else 1 / n
            return like.new_full((n, n), math.log(share))
        # A draw's own picture is one of all of them; one other stands for those not in the batch.
        weights = like.new_full((n, n), 1 / (n - 1))
        place = torch.arange(n, device=like.device)
        weights[place, (place + 1) % n] = (rows - n + 1) / (rows * (n - 1))
        weights[place, place] = 1 / rows
        return weights.log()
