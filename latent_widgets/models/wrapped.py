"""The wrapped normal distribution on the Poincare ball, in float64."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from latent_widgets.geometry import PoincareBall
from latent_widgets.models.normal import gaussian_log_density, normal_like


class WrappedNormal(NamedTuple):
    """A normal distribution in the tangent space at the mean, brought to the ball by `exp`.

    The tangent space is taken with hyperbolic lengths, in the axes of the ball: the first
    coordinate of a draw v from N(0, exp(logvar)) says how far it goes along the first axis.

    Nagano et al., "A wrapped normal distribution on hyperbolic space", 2019; Mathieu et al.,
    "Continuous hierarchical representations with Poincare variational auto-encoders", 2019.

    Attributes
    ----------
    mean : Tensor, shape (n, d)
        Points of the ball, float64.
    logvar : Tensor, shape (n, d)
        Natural logarithms of the variances of v, float64.
    """

    mean: Tensor
    logvar: Tensor


def draw_wrapped(
    ball: PoincareBall,
    posterior: WrappedNormal,
    generator: torch.Generator | None = None,
    noise: Tensor | None = None,
) -> Tensor:
    """Draw z (..., n, d), float64, reparameterised; `noise` are the standard normal numbers."""
    mean, logvar = posterior
    drawn = normal_like(mean, generator) if noise is None else noise
    return ball.exp(mean, torch.exp(0.5 * logvar) * drawn / ball.conformal_factor(mean))


def tangent_at(ball: PoincareBall, mean: Tensor, z: Tensor) -> Tensor:
    """Where z (..., n, d) lies seen from `mean`: its direction, and its distance as length."""
    return ball.conformal_factor(mean) * ball.log(mean, z)


def log_wrapped(ball: PoincareBall, posterior: WrappedNormal, z: Tensor) -> Tensor:
    """Log density of z (..., n, d) with respect to hyperbolic volume, (..., n), in nats.

    ln N(v; 0, exp(logvar)) - (d - 1) ln(sinh(sqrt(c) r) / (sqrt(c) r)), r = |v| the distance of
    z from the mean: the same angle spans more room in hyperbolic than in flat space.
    """
    mean, logvar = posterior
    v = tangent_at(ball, mean, z)
    flat = gaussian_log_density(v, torch.zeros_like(v), logvar).sum(-1)
    reach = math.sqrt(ball.c) * torch.linalg.vector_norm(v, dim=-1)
    return flat - (v.shape[-1] - 1) * log_sinhc(reach)


def log_sinhc(x: Tensor) -> Tensor:
    """Take ln(sinh(x) / x) for x of at least 0, without overflow and smooth at 0."""
    small = x < 1e-2
    safe = torch.where(small, 1.0, x)
    large = safe + torch.log(-torch.expm1(-2 * safe) / (2 * safe))
    return torch.where(small, x.square() / 6 - x.pow(4) / 180, large)


def log_sinhc_slope(x: Tensor) -> Tensor:
    """Take the derivative of `log_sinhc` divided by x: (x coth x - 1) / x^2, 1/3 at 0."""
    small = x < 1e-2
    safe = torch.where(small, 1.0, x)
    large = (safe / safe.tanh() - 1) / safe.square()
    return torch.where(small, 1 / 3 - x.square() / 45, large)
