"""Three ways from one latent to another: straight, along the arc, and norm-preserving.

All take latents (..., d) and times (...) that broadcast, torch tensors or NumPy arrays, and
give (..., d) of the same kind. At t = 0 and t = 1 all of them are exact.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from latent_widgets.geometry.arrays import Latents, back, with_times

# Directions closer to opposite than this, in radians, are opposite: float32 cannot tell.
OPPOSITE = 1e-6


def lerp(a: Latents, b: Latents, t: Any) -> Latents:  # noqa: ANN401 - number, array or tensor
    """Go straight: (1 - t) a + t b.

    Parameters
    ----------
    a, b
        (..., d) latents.
    t
        (...) times, 0 at `a` and 1 at `b`; others go on along the line.

    Returns
    -------
    Tensor or numpy.ndarray
        (..., d), of the kind of `a`.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    return back(_straight(*with_times(a, b, t)), a)


def slerp(a: Latents, b: Latents, t: Any) -> Latents:  # noqa: ANN401 - number, array or tensor
    """Turn along the great arc: the direction by slerp, the norm by lerp.

    White (2016) mixes the vectors themselves with the same weights, and so bends the norm too;
    here the norm goes evenly from |a| to |b|. A zero vector has no direction: to or from one,
    this is `lerp`. Gradients stay finite where a equals b.

    Parameters
    ----------
    a, b
        (..., d) latents.
    t
        (...) times, 0 at `a` and 1 at `b`.

    Returns
    -------
    Tensor or numpy.ndarray
        (..., d), of the kind of `a`.

    Raises
    ------
    ValueError
        If the shapes do not fit, or some a and b point in opposite directions.
    """
    start, end, time = with_times(a, b, t)
    straight = _straight(start, end, time)
    norms = [torch.linalg.vector_norm(each, dim=-1, keepdim=True) for each in (start, end)]
    # Where the arc is not used it is still computed, from vectors that harm no gradient.
    arc = (norms[0] > 0) & (norms[1] > 0)
    one = torch.ones_like(norms[0])
    from_, to = (
        torch.where(arc, each, 1.0) / torch.where(arc, norm, one)
        for each, norm in zip((start, end), norms, strict=True)
    )
    apart = torch.linalg.vector_norm(from_ - to, dim=-1, keepdim=True)
    together = torch.linalg.vector_norm(from_ + to, dim=-1, keepdim=True)
    if bool((arc & (together < OPPOSITE)).any()):
        raise ValueError(
            "a and b point in opposite directions: there is no single shortest arc between them"
        )
    # Exact for small and for wide angles, where arccos loses half the digits.
    angle = 2 * torch.atan2(apart, together) / torch.pi
    direction = (
        from_ * (1 - time) * torch.sinc((1 - time) * angle) + to * time * torch.sinc(time * angle)
    ) / torch.sinc(angle)
    turned = direction * _straight(norms[0], norms[1], time)
    same = (start == end).all(dim=-1, keepdim=True)
    ends = (time == 0) | (time == 1)
    return back(torch.where(arc & ~same & ~ends, turned, straight), a)


def matched_lerp(a: Latents, b: Latents, t: Any) -> Latents:  # noqa: ANN401 - number, array or tensor
    """Go straight, stretched so that draws from N(0, I) stay draws from N(0, I).

    ((1 - t) a + t b) / sqrt((1 - t)^2 + t^2), the optimal transport map of Agustsson et al.
    (2019). It does not stay put where a equals b.

    Parameters
    ----------
    a, b
        (..., d) latents.
    t
        (...) times, 0 at `a` and 1 at `b`.

    Returns
    -------
    Tensor or numpy.ndarray
        (..., d), of the kind of `a`.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    start, end, time = with_times(a, b, t)
    return back(_straight(start, end, time) / ((1 - time) ** 2 + time**2).sqrt(), a)


def _straight(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Lerp that is exact at both ends, and everywhere when a equals b."""
    return torch.where(t < 0.5, a + t * (b - a), b - (1 - t) * (b - a))
