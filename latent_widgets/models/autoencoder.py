"""The deterministic autoencoder: a latent without a distribution."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from latent_widgets.models.base import LatentModel
from latent_widgets.models.normal import NormalPrior
from latent_widgets.models.posteriors import Posterior


class AutoEncoder(NormalPrior, LatentModel):
    """An encoder that gives a point and a decoder that gives it back; nothing else is asked.

    It has no prior: nothing in its training says where latents should lie. `prior` draws what
    one would draw for a VAE, which usually decodes to nothing known, and `log_prior` is of that.

    Parameters
    ----------
    image_shape : (C, H, W)
        See `ConvNet`.
    latent_dim : int
        Number of latent dimensions d, at least 1.
    **options
        ``channels``, ``hidden``, ``norm``, ``likelihood`` and ``sigma`` of `LatentModel`.

    Raises
    ------
    ValueError
        When a parameter is outside its range.

    Notes
    -----
    Hinton and Salakhutdinov, "Reducing the dimensionality of data with neural networks", 2006.
    """

    def __init__(
        self,
        image_shape: Sequence[int] = (1, 28, 28),
        latent_dim: int = 16,
        **options: Any,  # noqa: ANN401 - those of LatentModel
    ) -> None:
        super().__init__(image_shape, latent_dim, outputs=int(latent_dim), **options)

    def encode(self, x: Tensor) -> Posterior:
        """Latents of pictures x, shape (n, C, H, W) in [0, 1]: mean (n, d), and no logvar."""
        return Posterior(self.features(x))

    def reparameterize(
        self,
        posterior: Posterior,
        generator: torch.Generator | None = None,  # noqa: ARG002 - as for every family
    ) -> Tensor:
        """Give the mean, shape (n, d): there is nothing to draw."""
        return posterior.mean

    @staticmethod
    def divergence(posterior: Posterior) -> Tensor:
        """Zeros, shape (n, d): without a distribution there is nothing to diverge."""
        return torch.zeros_like(posterior.mean)

    @staticmethod
    def log_posterior(posterior: Posterior, z: Tensor) -> Tensor:
        """Refuse: a point has no density.

        Raises
        ------
        TypeError
            Always.
        """
        raise TypeError(
            f"An autoencoder's posterior is a point and has no density at z {tuple(z.shape)} "
            f"around {tuple(posterior.mean.shape)}; a VAE's has."
        )
