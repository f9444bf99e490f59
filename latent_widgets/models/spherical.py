"""Models whose latents are directions: a variational and a deterministic one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize, softplus

from latent_widgets.geometry import Geometry, Hypersphere
from latent_widgets.models.base import LatentModel, check_weight
from latent_widgets.models.posteriors import Posterior
from latent_widgets.models.power_spherical import PowerSpherical
from latent_widgets.models.sphere import log_area
from latent_widgets.models.vmf import VonMisesFisher

POSTERIORS: dict[str, type[PowerSpherical | VonMisesFisher]] = {
    "power_spherical": PowerSpherical,
    "vmf": VonMisesFisher,
}
# Draws of float32 latents cannot be told from their mean far beyond this.
_STEEPEST = 1e6


class SphericalModel(LatentModel):
    """What models share whose latents are unit vectors, uniform under the prior."""

    geometry: Geometry = Hypersphere()
    """Latents lie on the unit sphere."""

    def __init__(
        self,
        image_shape: Sequence[int],
        latent_dim: int,
        **options: Any,  # noqa: ANN401 - those of LatentModel
    ) -> None:
        if latent_dim < 2:
            raise ValueError(f"latent_dim must be 2 or more on a sphere, got {latent_dim}.")
        super().__init__(image_shape, latent_dim, **options)

    def decode_logits(self, z: Tensor) -> Tensor:
        """Pictures before the sigmoid: z (n, d) to logits (n, C, H, W); only directions count."""
        # The layers see coordinates of variance 1, as they would from N(0, I).
        return super().decode_logits(normalize(z, dim=-1) * math.sqrt(self.latent_dim))

    def prior(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n latents uniformly from the sphere: (n, d), on the model's device."""
        like = next(self.parameters())
        return self.geometry.random(n, self.latent_dim, generator).to(like)

    @staticmethod
    def log_prior(z: Tensor) -> Tensor:
        """Log density of z (n, d) with respect to area: minus ln of all area, (n,), in nats."""
        return torch.full_like(z[..., 0], -log_area(z.shape[-1]))


class SphericalVAE(SphericalModel):
    """Directional posterior, uniform prior on the unit sphere in R^d (Davidson et al., 2018).

    Parameters
    ----------
    image_shape : (C, H, W)
        See `ConvNet`.
    latent_dim : int
        Number of latent coordinates d, at least 2; the sphere itself has one dimension less.
    posterior : {"power_spherical", "vmf"}
        Power Spherical (De Cao and Aziz, 2020) or von Mises-Fisher.
    beta : float
        Weight of the KL term, at least 0.
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
        latent_dim: int = 3,
        *,
        posterior: str = "power_spherical",
        beta: float = 1.0,
        **options: Any,  # noqa: ANN401 - those of LatentModel
    ) -> None:
        if posterior not in POSTERIORS:
            raise ValueError(
                f"posterior must be one of {', '.join(POSTERIORS)}, got {posterior!r}."
            )
        super().__init__(image_shape, latent_dim, outputs=int(latent_dim) + 1, **options)
        self.posterior = posterior
        self.beta = check_weight("beta", beta)

    @property
    def config(self) -> dict[str, Any]:
        """Keyword arguments that build the same architecture again; JSON-ready."""
        return super().config | {"posterior": self.posterior, "beta": self.beta}

    def encode(self, x: Tensor) -> PowerSpherical | VonMisesFisher:
        """Posterior of pictures x (n, C, H, W) in [0, 1]: mean (n, d), concentration (n, 1)."""
        features = self.features(x)
        # How much a concentration means goes with d: E[cos] depends on their ratio.
        concentration = self.latent_dim * softplus(features[:, -1:])
        return POSTERIORS[self.posterior](
            normalize(features[:, :-1], dim=-1), concentration.clamp_max(_STEEPEST)
        )

    def reparameterize(
        self,
        posterior: PowerSpherical | VonMisesFisher,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Draw z (n, d) from the posterior, with gradients in its mean and concentration."""
        return posterior.draw(generator)

    def divergence(self, posterior: PowerSpherical | VonMisesFisher) -> Tensor:
        """KL to the uniform distribution, shape (n, 1), in nats, in closed form."""
        return posterior.divergence()

    @staticmethod
    def log_posterior(posterior: PowerSpherical | VonMisesFisher, z: Tensor) -> Tensor:
        """Log density of z (n, d) under their posteriors with respect to area, (n,), in nats."""
        return posterior.log_density(z)


class SphericalAutoEncoder(SphericalModel):
    """Autoencoder with latents of norm 1, a compact space without edges.

    Zhao, Zhu and Zhang, "Latent variables on spheres for autoencoders in high dimensions", 2019.
    The uniform distribution is a fair guess of where latents lie, although nothing in training
    asks for it.

    Parameters
    ----------
    image_shape : (C, H, W)
        See `ConvNet`.
    latent_dim : int
        Number of latent coordinates d, at least 2.
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
        latent_dim: int = 3,
        **options: Any,  # noqa: ANN401 - those of LatentModel
    ) -> None:
        super().__init__(image_shape, latent_dim, outputs=int(latent_dim), **options)

    def encode(self, x: Tensor) -> Posterior:
        """Latents of pictures x (n, C, H, W) in [0, 1]: mean (n, d) of norm 1, and no logvar."""
        return Posterior(normalize(self.features(x), dim=-1))

    def reparameterize(
        self,
        posterior: Posterior,
        generator: torch.Generator | None = None,  # noqa: ARG002 - as for every family
    ) -> Tensor:
        """Give the mean, shape (n, d): there is nothing to draw."""
        return posterior.mean

    @staticmethod
    def divergence(posterior: Posterior) -> Tensor:
        """Zeros, shape (n, 1): without a distribution there is nothing to diverge."""
        return torch.zeros_like(posterior.mean[:, :1])

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
            f"around {tuple(posterior.mean.shape)}; a SphericalVAE's has."
        )
