"""Perceptual path length: how much pictures change along paths, on the average."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from latent_widgets.geometry import lerp, matched_lerp, slerp
from latent_widgets.geometry.arrays import together
from latent_widgets.geometry.forward import jvp

Walk = Callable[[Tensor, Tensor, Tensor], Tensor]

PATHS: dict[str, Walk] = {"linear": lerp, "slerp": slerp, "matched": matched_lerp}
"""Paths that have a name here."""
# Twice as quick as 256 on a processor: what a batch makes stays near it.
_BATCH = 64


def path_length(
    decode: Callable[[Tensor], Tensor],
    a: Any,  # noqa: ANN401 - latents
    b: Any,  # noqa: ANN401
    *,
    path: str | Walk = "linear",
    epsilon: float | None = None,
    seed: int = 0,
) -> float:
    """Measure the perceptual path length (PPL) of a decoder, in squared pixels.

    The mean of |d/dt decode(gamma(t))|^2 over pairs of latents, at a time t drawn evenly from
    [0, 1] for each: the mean energy of paths gamma in the decoder's pull-back metric. Use it to
    rank decoders, with one kind of path and pairs drawn alike. Never rank kinds of path by it: it
    grows with their length and with how far out they go, so that a straight line "wins" by being
    short and by staying near the mean, where draws hardly ever are.

    Parameters
    ----------
    decode
        Pictures (m, ...) of latents (m, d), differentiable by torch.
    a, b
        (m, d) latents, the ends of each path; usually draws from the prior.
    path
        "linear", "slerp", "matched", or a callable of (a, b, t) with t (m,) that gives (m, d).
    epsilon
        None differentiates. A number, above 0 and below 1, compares the pictures at t and
        t + epsilon and divides by its square, as the paper does (1e-4 there); in float32 the
        difference of pictures so near is mostly rounding.
    seed
        Of the times.

    Returns
    -------
    float
        The mean, without the trimming of StyleGAN's own code.

    Raises
    ------
    ValueError
        If the latents do not fit, the path is unknown or epsilon is not in (0, 1).

    Notes
    -----
    Karras, Laine and Aila, "A style-based generator architecture for generative adversarial
    networks", 2019, with squared pixel differences for the perceptual distance. Of a linear
    decoder W it is |W (b - a)|^2, on the average 2 |W|_F^2 for draws from N(0, I).
    """
    if isinstance(path, str) and path not in PATHS:
        raise ValueError(f"path must be one of {list(PATHS)} or a callable, got {path!r:.60}")
    if epsilon is not None and not 0 < epsilon < 1:
        raise ValueError(f"epsilon must be None or above 0 and below 1, got {epsilon!r}")
    first, last = together(a=a, b=b)
    if first.ndim != 2 or first.shape != last.shape or not len(first):
        shapes = f"{tuple(first.shape)} and {tuple(last.shape)}"
        raise ValueError(f"a and b must both be (m, d), m of 1 or more, got shapes {shapes}")
    walk = PATHS[path] if isinstance(path, str) else path
    times = torch.rand(len(first), generator=torch.Generator().manual_seed(seed)).to(first)
    total = 0.0
    with torch.no_grad():
        for start in range(0, len(first), _BATCH):
            some = slice(start, start + _BATCH)
            walked = partial(walk, first[some], last[some])
            total += _energy(lambda t, at=walked: decode(at(t)), times[some], epsilon)  # type: ignore[misc]
    return total / len(first)


def _energy(see: Callable[[Tensor], Tensor], t: Tensor, epsilon: float | None) -> float:
    """Sum the squared speeds, at times (m,), of the pictures (m, ...) along m paths."""
    if epsilon is None:
        speed = jvp(see, t, torch.ones_like(t))
    else:
        # Both times lie on the path.
        before = (1 - epsilon) * t
        speed = (see(before + epsilon) - see(before)) / epsilon
    return float(speed.square().sum())
