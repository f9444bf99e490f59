"""The Gaussian variational autoencoder."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from latent_widgets.models.base import ELBO, LatentModel, check_weight
from latent_widgets.models.normal import NormalPrior, gaussian_log_density, normal_like
from latent_widgets.models.posteriors import Posterior, gaussian_kl

__all__ = ["ELBO", "VAE"]


class VAE(NormalPrior, LatentModel):
    """Gaussian posterior, standard normal prior (Kingma and Welling, 2013).

    Parameters
    ----------
    image_shape : (C, H, W)
        See `ConvNet`.
    latent_dim : int
        Number of latent dimensions d, at least 1.
    beta : float
        Weight of the KL term, at least 0 (Higgins et al., 2017). 1 is the VAE.
    **options
        ``channels``, ``hidden``, ``norm``, ``likelihood`` and ``sigma`` of `LatentModel`.

    Raises
    ------
    ValueError
        When a parameter is outside its range.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (1, 28, 28),
        latent_dim: int = 16,
        *,
        beta: float = 1.0,
        **options: Any,  # noqa: ANN401 - those of LatentModel
    ) -> None:
        super().__init__(image_shape, latent_dim, outputs=2 * int(latent_dim), **options)
        self.beta = check_weight("beta", beta)

    @property
    def config(self) -> dict[str, Any]:
        """Keyword arguments that build the same architecture again; JSON-ready."""
        return super().config | {"beta": self.beta}

    def encode(self, x: Tensor) -> Posterior:
        """Posterior of pictures x, shape (n, C, H, W) in [0, 1]; mean and logvar are (n, d)."""
        mean, logvar = self.features(x).chunk(2, dim=1)
        # Beyond these bounds exp() leaves float32 or float16 and one bad picture ends a training.
        return Posterior(mean, logvar.clamp(-12.0, 8.0))

    def reparameterize(
        self, posterior: Posterior, generator: torch.Generator | None = None
    ) -> Tensor:
        """Draw z = mean + sigma * epsilon, shape (n, d), with fresh noise for every element.

        Parameters
        ----------
        posterior : Posterior
            Means and log-variances, each (n, d).
        generator : torch.Generator, optional
            Where the noise comes from; it may live on another device than the tensors.
        """
        mean, logvar = posterior
        if logvar is None:
            return mean
        return mean + torch.exp(0.5 * logvar) * normal_like(mean, generator)

    @staticmethod
    def divergence(posterior: Posterior) -> Tensor:
        """KL(q || N(0, I)) of each dimension, shape (n, d), in nats; needs a logvar."""
        mean, logvar = posterior
        if logvar is None:
            raise TypeError("An ELBO needs the posterior's logvar, and encode gave none.")
        return gaussian_kl(mean, logvar)

    @staticmethod
    def log_posterior(posterior: Posterior, z: Tensor) -> Tensor:
        """Log density of z (n, d) under their posteriors, shape (n,), in nats."""
        return gaussian_log_density(z, *posterior).sum(dim=-1)
