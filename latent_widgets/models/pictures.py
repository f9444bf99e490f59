"""Pictures in the one form that models read."""

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

COLOURS = (1, 3, 4)


def as_pictures(images: Tensor | ArrayLike) -> Tensor:
    """Bring pictures to a CPU tensor (n, C, H, W), uint8 or float32 in [0, 1].

    Parameters
    ----------
    images : Tensor or array
        uint8 from 0 to 255 or floating point in [0, 1]; shape (n, C, H, W), (n, H, W)
        or, where only the last axis can be colours, (n, H, W, C).

    Returns
    -------
    Tensor, shape (n, C, H, W)
        uint8 stays uint8, which is a quarter of the memory.

    Raises
    ------
    ValueError
        For another shape or type, no pictures, or values outside the range.
    """
    pictures = images.detach() if isinstance(images, Tensor) else torch.tensor(np.asarray(images))
    if pictures.ndim == 3:
        pictures = pictures[:, None]
    if pictures.ndim != 4 or not pictures.numel():
        raise ValueError(
            "Pictures must be (n, C, H, W), (n, H, W) or (n, H, W, C) with n at least 1, "
            f"got {tuple(pictures.shape)}."
        )
    if pictures.shape[1] not in COLOURS and pictures.shape[3] in COLOURS:
        pictures = pictures.permute(0, 3, 1, 2)
    if pictures.dtype == torch.uint8:
        return pictures.cpu().contiguous()
    if not pictures.is_floating_point():
        raise ValueError(f"Pictures must be uint8 or floating point, got {pictures.dtype}.")
    low, high = pictures.min().item(), pictures.max().item()
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"Floating-point pictures must lie in [0, 1], got {low:.4g} to {high:.4g}."
        )
    return pictures.to("cpu", torch.float32).contiguous()


def to_unit(pictures: Tensor) -> Tensor:
    """Give uint8 pictures as float32 in [0, 1]; leave others as they are."""
    return pictures.to(torch.float32) / 255 if pictures.dtype == torch.uint8 else pictures
