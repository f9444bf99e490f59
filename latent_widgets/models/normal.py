"""The standard normal prior, and the densities around it."""

import math
from typing import Any

import torch
from torch import Tensor

from latent_widgets.geometry import Euclidean, Geometry


class NormalPrior:
    """What models share whose latents are drawn from N(0, I) in flat space."""

    latent_dim: int
    parameters: Any
    geometry: Geometry = Euclidean()
    """Latents lie in flat space."""

    def prior(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n latents from N(0, I): (n, d), on the model's device."""
        return normal_like(next(self.parameters()).new_empty(n, self.latent_dim), generator)

    @staticmethod
    def log_prior(z: Tensor) -> Tensor:
        """Log density of z (n, d) under N(0, I), shape (n,), in nats."""
        zeros = torch.zeros_like(z)
        return gaussian_log_density(z, zeros, zeros).sum(dim=-1)


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
