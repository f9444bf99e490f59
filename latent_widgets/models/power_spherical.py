"""The Power Spherical distribution: draws without rejection, everything in closed form."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from latent_widgets.geometry.arrays import widen
from latent_widgets.models.sphere import log_area, one_minus_cosine, turn_from


class PowerSpherical(NamedTuple):
    """Density proportional to (1 + mean.z)^concentration on the unit sphere in R^d.

    De Cao and Aziz, "The Power Spherical distribution", 2020.

    Attributes
    ----------
    mean : Tensor, shape (n, d)
        Unit vectors, d at least 2.
    concentration : Tensor, shape (n, 1)
        At least 0; 0 is the uniform distribution.
    """

    mean: Tensor
    concentration: Tensor

    def cosine(self) -> Tensor:
        """E[mean.z] = kappa / (d - 1 + kappa), shape (n, 1), float64."""
        kappa = widen(self.concentration)
        return kappa / (self.mean.shape[-1] - 1 + kappa)

    def draw(self, generator: torch.Generator | None = None) -> Tensor:
        """Draw one z per row, (n, d), reparameterised: (1 + mean.z) / 2 is a Beta variable."""
        alpha, beta = self._shapes()
        source = alpha.device if generator is None else generator.device
        # The ratio of two Gamma variables keeps the digits that a Beta variable near 1 has lost.
        toward, away = (
            torch._standard_gamma(shape.to(source), generator=generator)  # noqa: SLF001 - as torch.distributions does
            for shape in (alpha, beta.expand_as(alpha))
        )
        return turn_from(self.mean, (away.log() - toward.log()).to(alpha.device), generator)

    def log_density(self, z: Tensor) -> Tensor:
        """Log density of unit vectors z (..., n, d) with respect to area, (..., n), in nats."""
        kappa = widen(self.concentration)[..., 0]
        # ln((1 + t) / 2) from the chord to the point opposite.
        found = torch.xlogy(kappa, one_minus_cosine(-self.mean, z) / 2) + self._peak()[..., 0]
        return found.to(z.device, z.dtype)

    def divergence(self) -> Tensor:
        """KL to the uniform distribution, shape (n, 1), in nats, at least 0."""
        alpha, beta = self._shapes()
        kappa = widen(self.concentration)
        mean_log = torch.digamma(alpha) - torch.digamma(alpha + beta)
        kl = kappa * mean_log + self._peak() + log_area(self.mean.shape[-1])
        return kl.clamp_min(0.0).to(self.mean.device, self.mean.dtype)

    def _shapes(self) -> tuple[Tensor, Tensor]:
        kappa = widen(self.concentration)
        beta = kappa.new_tensor((self.mean.shape[-1] - 1) / 2)
        return beta + kappa, beta

    def _peak(self) -> Tensor:
        """Log density at the mean itself."""
        alpha, beta = self._shapes()
        ratio = torch.lgamma(alpha + beta) - torch.lgamma(alpha)
        return ratio - beta * math.log(4 * math.pi)
