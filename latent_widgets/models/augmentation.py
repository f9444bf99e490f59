"""Small random changes that let a few thousand training pictures stand for more."""

import torch
from torch import Tensor
from torch.nn import functional


def random_affine(x: Tensor, generator: torch.Generator, share: float = 0.5) -> Tensor:
    """Rotate, stretch, slant and shift some pictures a little, each by its own amount.

    Parameters
    ----------
    x : Tensor, shape (n, C, H, W)
        Pictures in [0, 1].
    generator : torch.Generator
        On the CPU; the only source of randomness.
    share : float
        Probability in [0, 1] that a picture is changed at all.

    Returns
    -------
    Tensor, shape (n, C, H, W)
        Rotated by up to 10 degrees, stretched by up to 10 % per axis, slanted by up to
        0.15 and shifted by up to 1/28 of a side, bicubic, in [0, 1].
    """
    n = len(x)

    def uniform(limit: float) -> Tensor:
        return (torch.rand(n, generator=generator) * 2 - 1) * limit

    angle, slant = uniform(0.17), uniform(0.15)
    wide, high = 1 + uniform(0.1), 1 + uniform(0.1)
    # grid_sample measures from -1 to 1, so a shift of 1/14 is 1/28 of a side.
    right, down = uniform(1 / 14), uniform(1 / 14)
    cos, sin = angle.cos(), angle.sin()
    rows = [
        torch.stack([wide * cos, slant - sin, right], 1),
        torch.stack([sin, high * cos, down], 1),
    ]
    grid = functional.affine_grid(torch.stack(rows, 1), list(x.shape), align_corners=False)
    moved = functional.grid_sample(x, grid.to(x.device), mode="bicubic", align_corners=False)
    chosen = torch.rand(n, generator=generator) < share
    return torch.where(chosen.to(x.device)[:, None, None, None], moved.clamp(0, 1), x)
