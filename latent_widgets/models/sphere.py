"""What distributions around a direction share: the area of the sphere, and draws by their angle."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from latent_widgets.geometry.arrays import widen
from latent_widgets.models.normal import normal_like


def log_area(m: int) -> float:
    """Ln of the area of the unit sphere in R^m, 2 pi^(m/2) / Gamma(m/2); for m = 3, ln 4 pi."""
    return math.log(2) + m / 2 * math.log(math.pi) - math.lgamma(m / 2)


def turn_from(mean: Tensor, log_odds: Tensor, generator: torch.Generator | None) -> Tensor:
    """Turn each mean by its angle, in a direction drawn uniformly.

    Parameters
    ----------
    mean : Tensor, shape (n, m)
        Unit vectors.
    log_odds : Tensor, shape (n, 1)
        v = ln((1 - t) / (1 + t)) of the cosine t of the angle: it keeps its digits where t
        alone would round to 1. t = -tanh(v / 2), and the sine is 1 / cosh(v / 2).
    generator : torch.Generator, optional
        Where the direction comes from.

    Returns
    -------
    Tensor, shape (n, m)
        Unit vectors of the type of `mean`; differentiable in both arguments.
    """
    centre = widen(mean)
    drawn = normal_like(centre, generator)
    across = drawn - centre * (drawn * centre).sum(-1, keepdim=True)
    across = across / torch.linalg.vector_norm(across, dim=-1, keepdim=True)
    turned: Tensor = -torch.tanh(log_odds / 2) * centre + across / torch.cosh(log_odds / 2)
    return turned.to(mean.device, mean.dtype)


def one_minus_cosine(a: Tensor, b: Tensor) -> Tensor:
    """1 - a.b of unit vectors (..., m), float64, exact also where they nearly agree: (...)."""
    chord: Tensor = widen(a) - widen(b)
    return chord.square().sum(-1) / 2
