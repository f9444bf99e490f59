"""The Gaussian variational autoencoder."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from latent_widgets.models.base import ELBO, LatentModel, check_weight
from latent_widgets.models.posteriors import Posterior, gaussian_kl

__all__ = ["ELBO", "VAE"]


class VAE(LatentModel):
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

    @property
    def geometry(self) -> Any:  # noqa: ANN401 - one of latent_widgets.geometry
        """Latents lie in flat space."""
        from latent_widgets.geometry import Euclidean  # type: ignore[attr-defined,unused-ignore]  # noqa: PLC0415

        return Euclidean()

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

    def prior(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n latents from N(0, I): (n, d), on the model's device."""
        like = next(self.parameters())
        return normal_like(like.new_empty(n, self.latent_dim), generator)

    @staticmethod
    def log_posterior(posterior: Posterior, z: Tensor) -> Tensor:
        """Log density of z (n, d) under their posteriors, shape (n,), in nats."""
        return gaussian_log_density(z, *posterior).sum(dim=-1)

    @staticmethod
    def log_prior(z: Tensor) -> Tensor:
        """Log density of z (n, d) under N(0, I), shape (n,), in nats."""
        return gaussian_log_density(z, torch.zeros_like(z), torch.zeros_like(z)).sum(dim=-1)


def normal_like(like: Tensor, generator: torch.Generator | None) -> Tensor:
    """Draw standard normal numbers in the shape, type and place of `like`."""
    source = like.device if generator is None else generator.device
    noise = torch.randn(like.shape, generator=generator, device=source, dtype=like.dtype)
    return noise.to(like.device)


def gaussian_log_density(z: Tensor, mean: Tensor, logvar: Tensor | None) -> Tensor:
    """Log density of each number of z under N(mean, exp(logvar)), in nats; shapes broadcast.

    Raises
    ------
    TypeError
        Without a logvar: a point has no density.
    """
    if logvar is None:
        raise TypeError("A density needs the posterior's logvar, and encode gave none.")
    error = (z - mean).square() * torch.exp(-logvar)
    return -0.5 * (error + logvar + math.log(2 * math.pi))
