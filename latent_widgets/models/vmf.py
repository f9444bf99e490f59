"""The von Mises-Fisher distribution, the normal distribution of directions."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn.functional import softplus

from latent_widgets.geometry.arrays import widen
from latent_widgets.models.bessel import log_normaliser, mean_length
from latent_widgets.models.sphere import log_area, one_minus_cosine, turn_from

# Where the density has fallen by e^-30, what is left does not reach a tenth digit.
_DROP = 30.0
_NODES, _WEIGHTS = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(64))


class VonMisesFisher(NamedTuple):
    """Density C_d(concentration) exp(concentration mean.z) on the unit sphere in R^d.

    As the posterior of an autoencoder: Davidson et al., "Hyperspherical variational
    auto-encoders", 2018.

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
        """E[mean.z] = A_d(kappa), shape (n, 1), float64."""
        return mean_length(self.concentration, self.mean.shape[-1])

    def draw(self, generator: torch.Generator | None = None) -> Tensor:
        """Draw one z per row, (n, d), exactly: Wood's (1994) rejection sampler.

        Its gradient in the concentration is the implicit one, -dF/dkappa / p at the draw that
        was accepted (Figurnov, Mohamed and Mnih, 2018). It is exact too, where following the
        accepted proposal alone would leave out how acceptance itself changes.
        """
        d = self.mean.shape[-1]
        log_odds: Tensor = _LogOdds.apply(widen(self.concentration), d, generator)
        return turn_from(self.mean, log_odds, generator)

    def log_density(self, z: Tensor) -> Tensor:
        """Log density of unit vectors z (..., n, d) with respect to area, (..., n), in nats."""
        kappa = widen(self.concentration)[..., 0]
        peak = log_normaliser(kappa, self.mean.shape[-1])
        return (peak - kappa * one_minus_cosine(self.mean, z)).to(z.device, z.dtype)

    def divergence(self) -> Tensor:
        """KL to the uniform distribution, shape (n, 1), in nats, at least 0."""
        d = self.mean.shape[-1]
        kappa = widen(self.concentration)
        kl = kappa * (mean_length(kappa, d) - 1) + log_normaliser(kappa, d) + log_area(d)
        return kl.clamp_min(0.0).to(self.mean.device, self.mean.dtype)


class _LogOdds(Function):
    """Draws of v = ln((1 - t) / (1 + t)), t the cosine to the mean, and their derivative.

    v has the density exp(h(v)) with h = -2 kappa s(v) - a (softplus(v) + softplus(-v)), s the
    logistic function and a = (d - 1) / 2, smooth on the whole line for every d of 2 or more.
    """

    @staticmethod
    def forward(ctx: Any, kappa: Tensor, d: int, generator: torch.Generator | None) -> Tensor:  # noqa: ANN401
        source = kappa.device if generator is None else generator.device
        found = _wood(kappa.detach().to(source), d, generator).to(kappa.device)
        ctx.save_for_backward(kappa, found)
        ctx.d = d
        return found

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401
        kappa, v = ctx.saved_tensors
        return grads[0] * _slope(kappa, v, ctx.d), None, None


def _wood(kappa: Tensor, d: int, generator: torch.Generator | None) -> Tensor:
    """Wood's rejection sampler in log-odds, where its proposal is a shifted logit of a Beta."""
    a = (d - 1) / 2
    # Wood's b, written without the difference that cancels at large kappa.
    b = a / (kappa + (kappa.square() + a * a).sqrt())
    away = 2 * b / (1 + b)  # 1 - x0
    peak = 2 * a * torch.log(away * (2 - away)) - kappa * away
    found = torch.empty_like(kappa)
    waiting = torch.ones_like(kappa, dtype=torch.bool)
    while bool(waiting.any()):
        shift, rest, k, c = (each[waiting] for each in (b.log(), away, kappa, peak))
        shape = torch.full_like(k, a)
        one, two = (torch._standard_gamma(shape, generator=generator) for _ in range(2))  # noqa: SLF001 - as torch.distributions does
        v = shift + one.log() - two.log()
        far = 2 * torch.sigmoid(v)  # 1 - t
        level = -k * far + 2 * a * torch.log(rest + (1 - rest) * far) - c
        chance = torch.rand(k.shape, generator=generator, device=k.device, dtype=k.dtype)
        taken = level >= torch.log(chance)
        place = waiting.clone()
        place[waiting] = taken
        found[place] = v[taken]
        waiting &= ~place
    return found


def _slope(kappa: Tensor, v: Tensor, d: int) -> Tensor:
    """dv/dkappa at a fixed quantile, by Gauss-Legendre on the side where the density falls."""
    a = (d - 1) / 2

    def height(at: Tensor) -> Tensor:
        return -2 * kappa * torch.sigmoid(at) - a * (softplus(at) + softplus(-at))

    rises = -2 * kappa * torch.sigmoid(v) * torch.sigmoid(-v) - a * torch.tanh(v / 2) > 0
    side = torch.where(rises, -1.0, 1.0).to(v.dtype)
    top = height(v)
    low, high = torch.zeros_like(v), torch.full_like(v, 2 + (_DROP + (2 * _DROP * a) ** 0.5) / a)
    for _ in range(30):
        middle = (low + high) / 2
        deep = top - height(v + side * middle) > _DROP
        low, high = torch.where(deep, low, middle), torch.where(deep, middle, high)
    nodes, weights = (each.to(v.device) for each in (_NODES, _WEIGHTS))
    at = v + side * high * (nodes + 1) / 2
    excess = (1 - mean_length(kappa, d)) - 2 * torch.sigmoid(at)  # t - E[t]
    whole = (excess * torch.exp(height(at) - top) * weights).sum(-1, keepdim=True) * high / 2
    return side * whole
