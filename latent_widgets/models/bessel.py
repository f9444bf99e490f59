"""What a von Mises-Fisher density needs of modified Bessel functions, with gradients.

Everything rests on the exponentially scaled `scipy.special.ive`, so that a concentration of 1e5
is as good as one of 1; torch has no Bessel function of general order.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy  # its parts load when they are first used: they would slow every import of ours
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd import Function

from latent_widgets.geometry.arrays import widen

Floats = NDArray[np.float64]

# Below this `ive` is about to leave the range of float64, and a series takes its place.
_TINY = 1e-280


def mean_length(kappa: Tensor, m: int) -> Tensor:
    """A_m(kappa) = I_{m/2}(kappa) / I_{m/2-1}(kappa), length of the mean of a vMF draw in R^m.

    Parameters
    ----------
    kappa : Tensor
        Concentrations, at least 0.
    m : int
        Dimension of the space around, at least 2.

    Returns
    -------
    Tensor
        In [0, 1], float64, differentiable any number of times: A' = 1 - A^2 - (m - 1) A / kappa.
    """
    found: Tensor = _MeanLength.apply(widen(kappa), m)
    return found


def log_normaliser(kappa: Tensor, m: int) -> Tensor:
    """Ln C_m(kappa) + kappa of the density C_m(kappa) exp(kappa mu.x), float64, in nats.

    C_m = kappa^(m/2-1) / ((2 pi)^(m/2) I_{m/2-1}(kappa)) (Mardia and Jupp, 2000); kappa is
    added because ln C_m alone would cancel with kappa mu.x in every use. Its derivative is
    1 - A_m(kappa).
    """
    found: Tensor = _LogNormaliser.apply(widen(kappa), m)
    return found


class _MeanLength(Function):
    @staticmethod
    def forward(ctx: Any, kappa: Tensor, m: int) -> Tensor:  # noqa: ANN401
        order, x = m / 2 - 1, _numpy(kappa)
        below, above = scipy.special.ive(order, x), scipy.special.ive(order + 1, x)
        safe = above > _TINY
        ratio = np.where(safe, above, 0.0) / np.where(safe, below, 1.0)
        slow = x * np.exp(_log_power_over_ive(order, x) - _log_power_over_ive(order + 1, x))
        found = _tensor(np.where(safe, ratio, slow), kappa)
        ctx.save_for_backward(kappa)
        ctx.m = m
        return found

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:  # noqa: ANN401
        (kappa,) = ctx.saved_tensors
        a = mean_length(kappa, ctx.m)
        small = kappa < 1e-8
        share = torch.where(small, 1 / ctx.m, a / torch.where(small, 1.0, kappa))
        return grads[0] * (1 - a.square() - (ctx.m - 1) * share), None


class _LogNormaliser(Function):
    @staticmethod
    def forward(ctx: Any, kappa: Tensor, m: int) -> Tensor:  # noqa: ANN401
        ctx.save_for_backward(kappa)
        ctx.m = m
        found = _log_power_over_ive(m / 2 - 1, _numpy(kappa))
        return _tensor(found - m / 2 * math.log(2 * math.pi), kappa)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:  # noqa: ANN401
        (kappa,) = ctx.saved_tensors
        return grads[0] * (1 - mean_length(kappa, ctx.m)), None


def _log_power_over_ive(order: float, x: Floats) -> Floats:
    """Take ln(x^order / ive(order, x)), also where both vanish."""
    scaled = scipy.special.ive(order, x)
    safe = scaled > _TINY
    direct = scipy.special.xlogy(order, np.where(safe, x, 1.0)) - np.log(
        np.where(safe, scaled, 1.0)
    )
    near = np.where(safe, 0.0, x)
    # I_v(x) = (x / 2)^v 0F1(v + 1, x^2 / 4) / Gamma(v + 1).
    series = order * math.log(2) + scipy.special.gammaln(order + 1) + near
    series = series - np.log(scipy.special.hyp0f1(order + 1, near**2 / 4))
    found: Floats = np.where(safe, direct, series)
    return found


def _numpy(x: Tensor) -> Floats:
    found: Floats = x.detach().cpu().numpy()
    return found


def _tensor(x: Floats, like: Tensor) -> Tensor:
    return torch.as_tensor(x, dtype=like.dtype, device=like.device)
