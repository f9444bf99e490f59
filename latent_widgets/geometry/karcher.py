"""Frechet means by Karcher flow: walk along the mean of the logarithms until it vanishes."""

from collections.abc import Callable

import torch
from torch import Tensor

STEPS = 2000


def karcher_flow(
    start: Tensor,
    pull: Callable[[Tensor], Tensor],
    walk: Callable[[Tensor, Tensor], Tensor],
    left: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    """Follow x <- exp_x(pull(x)) until no point has further to go than rounding can tell.

    Parameters
    ----------
    start : Tensor, shape (..., d)
        First guess.
    pull : function
        Step (..., d) at x: the weighted mean of log_x of the points, scaled to be safe.
    walk : function
        The exponential map.
    left : function
        (x, step) to the step's length in units of what rounding does at x; below 1 is done.

    Returns
    -------
    Tensor, shape (..., d)

    Raises
    ------
    ValueError
        When the flow has not come to rest after 2000 steps: the points have no clear mean.

    Notes
    -----
    Karcher (1977); Afsari, Tron and Vidal (2013) on its convergence.
    """
    x = start
    for _ in range(STEPS):
        step = pull(x)
        if not bool((left(x, step) > 1).any()):
            return walk(x, step)
        x = walk(x, step)
    raise ValueError(f"points have no clear Frechet mean: no rest after {STEPS} steps")


def length(v: Tensor) -> Tensor:
    """Euclidean length of vectors (..., d), the last axis kept: (..., 1)."""
    norm: Tensor = torch.linalg.vector_norm(v, dim=-1, keepdim=True)
    return norm
