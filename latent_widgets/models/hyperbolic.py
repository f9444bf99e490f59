"""A variational autoencoder whose latents lie in the Poincare ball."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from latent_widgets.geometry import PoincareBall
from latent_widgets.geometry.arrays import widen
from latent_widgets.models.base import ELBO, LatentModel, check_weight
from latent_widgets.models.wrapped import (
    WrappedNormal,
    draw_wrapped,
    log_sinhc_slope,
    log_wrapped,
    tangent_at,
)

# Pairs of opposite draws that a KL is averaged over where no draws are given.
_PAIRS = 32


class PoincareVAE(LatentModel):
    """Wrapped normal posterior and prior in hyperbolic space (Mathieu et al., 2019).

    Latents and their densities are float64, for float32 is blind near the boundary of the ball;
    layers stay float32. The decoder sees a latent by its tangent vector at the origin, of the
    length of its distance: what it would see from N(0, I). No KL is known in closed form: it
    is estimated without bias, and an estimate of almost 0 may be slightly negative.

    Parameters
    ----------
    image_shape : (C, H, W)
        See `ConvNet`.
    latent_dim : int
        Number of latent coordinates d, at least 1.
    c : float
        Minus the curvature, above 0. The ball has the radius 1 / sqrt(c).
    beta : float
        Weight of the KL term, at least 0.
    **options
        ``channels``, ``hidden``, ``norm``, ``likelihood`` and ``sigma`` of `LatentModel`.

    Raises
    ------
    ValueError
        When a parameter is outside its range.
    """

    geometry: PoincareBall
    """Latents lie in the Poincare ball."""

    def __init__(
        self,
        image_shape: Sequence[int] = (1, 28, 28),
        latent_dim: int = 2,
        *,
        c: float = 1.0,
        beta: float = 1.0,
        **options: Any,  # noqa: ANN401 - those of LatentModel
    ) -> None:
        super().__init__(image_shape, latent_dim, outputs=2 * int(latent_dim), **options)
        self.geometry = PoincareBall(float(c))
        self.beta = check_weight("beta", beta)

    @property
    def config(self) -> dict[str, Any]:
        """Keyword arguments that build the same architecture again; JSON-ready."""
        return super().config | {"c": self.geometry.c, "beta": self.beta}

    def encode(self, x: Tensor) -> WrappedNormal:
        """Posterior of pictures x (n, C, H, W) in [0, 1]: mean and logvar (n, d), float64.

        Means stay where float32 can still hold them, at most 9.7 / sqrt(c) from the origin.
        """
        toward, logvar = widen(self.features(x)).chunk(2, dim=1)
        farthest = self.geometry.limit(torch.float32)
        root = math.sqrt(self.geometry.c)
        reach = 2 * math.atanh(root * farthest) / root
        length = torch.linalg.vector_norm(toward, dim=-1, keepdim=True)
        held = toward * (reach / length.clamp_min(reach))
        mean = self.geometry.exp(torch.zeros_like(held), held / 2)
        # Wider posteriors draw points that float64 itself cannot hold.
        return WrappedNormal(mean, logvar.clamp(-12.0, 2.0))

    def reparameterize(
        self, posterior: WrappedNormal, generator: torch.Generator | None = None
    ) -> Tensor:
        """Draw z (n, d), float64, with fresh noise for every element."""
        return draw_wrapped(self.geometry, posterior, generator)

    def decode_logits(self, z: Tensor) -> Tensor:
        """Pictures before the sigmoid: z (n, d) to logits (n, C, H, W), any real number.

        A z outside the ball is taken at its boundary.
        """
        # Written out, without the checks of the geometry, so that an exporter can trace it.
        root = math.sqrt(self.geometry.c)
        norm = torch.linalg.vector_norm(z, dim=-1, keepdim=True)
        inside = (root * norm).clamp(1e-6, root * self.geometry.limit(z.dtype))
        seen = z * (2 * torch.atanh(inside) / root / norm.clamp_min(1e-6 / root))
        like = next(self.decoder.parameters())
        return super().decode_logits(seen.to(like.device, like.dtype))

    def prior(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n latents from the standard wrapped normal: (n, d), float64."""
        drawn = self.geometry.random(n, self.latent_dim, generator, torch.float64)
        return drawn.to(widen(next(self.parameters())).device)

    def log_prior(self, z: Tensor) -> Tensor:
        """Log density of z (n, d) with respect to hyperbolic volume, (n,), in nats."""
        zeros = torch.zeros_like(widen(z))
        return log_wrapped(self.geometry, WrappedNormal(zeros, zeros), widen(z))

    def log_posterior(self, posterior: WrappedNormal, z: Tensor) -> Tensor:
        """Log density of z (n, d) under their posteriors, by volume, (n,), in nats."""
        return log_wrapped(self.geometry, posterior, widen(z))

    def divergence(self, posterior: WrappedNormal, z: Tensor | None = None) -> Tensor:
        """KL(q || p) estimated at draws, shape (n, 1), in nats.

        Parameters
        ----------
        posterior : WrappedNormal
            Means and log-variances, each (n, d).
        z : Tensor, shape (k, n, d), optional
            Draws from the posteriors. By default 32 pairs of opposite ones, the same at every
            call, so that the same batch has the same KL; in another batch, or at another place
            in it, a picture's estimate differs a little.

        Notes
        -----
        ln q - ln p at the draws, less terms in epsilon and epsilon^2 - 1 that have the mean 0:
        in flat space every single draw then gives the closed form, and elsewhere little noise
        is left.
        """
        mean, logvar = posterior
        if z is None:
            seeded = torch.Generator().manual_seed(0)
            half = torch.randn(_PAIRS, *mean.shape, generator=seeded, dtype=mean.dtype)
            noise = torch.cat([half, -half]).to(mean.device)
            z = draw_wrapped(self.geometry, posterior, noise=noise)
        ratio = self.log_posterior(posterior, z) - self.log_prior(z)
        sigma = torch.exp(0.5 * logvar)
        epsilon = tangent_at(self.geometry, mean, z) / sigma
        # How steeply -ln p rises from the mean outwards.
        outward = tangent_at(self.geometry, torch.zeros_like(mean), mean)
        reach = math.sqrt(self.geometry.c) * torch.linalg.vector_norm(outward, dim=-1, keepdim=True)
        steep = 1 + (self.latent_dim - 1) * self.geometry.c * log_sinhc_slope(reach)
        odd = steep * outward * sigma * epsilon
        even = 0.5 * torch.expm1(logvar) * (epsilon.square() - 1)
        return (ratio - (odd + even).sum(-1)).mean(0)[:, None]

    def elbo(self, x: Tensor, n_samples: int = 1, generator: torch.Generator | None = None) -> ELBO:
        """Evidence lower bound of each picture by Monte Carlo, in nats.

        Parameters
        ----------
        x : Tensor, shape (n, C, H, W)
            Pictures in [0, 1].
        n_samples : int
            Draws of z per picture, averaged; at least 1. They serve the KL as well.
        generator : torch.Generator, optional
            Where the draws come from.

        Returns
        -------
        ELBO
            Three tensors of shape (n,), in the type of `x`.
        """
        if n_samples < 1:
            raise ValueError(f"n_samples must be at least 1, got {n_samples}.")
        posterior = self.encode(x)
        z = torch.stack([self.reparameterize(posterior, generator) for _ in range(n_samples)])
        errors = [self.reconstruction(self.decode_logits(each), x) for each in z]
        reconstruction = torch.stack(errors).mean(dim=0)
        kl = self.divergence(posterior, z)[:, 0].to(x)
        return ELBO(reconstruction, kl, reconstruction + self.beta * kl)
