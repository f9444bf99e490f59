"""Pictures as a training holds them: all at once, and as small as they came."""

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from latent_widgets.datasets.images import as_pictures


def compact(images: Tensor | ArrayLike, name: str = "images") -> Tensor:
    """Bring pictures to a CPU tensor (n, C, H, W) in which bytes stay bytes.

    Parameters
    ----------
    images : Tensor or array
        What `latent_widgets.datasets.images.as_pictures` takes.
    name : str
        The argument it came from, used in error sentences.

    Returns
    -------
    Tensor, shape (n, C, H, W)
        uint8, a quarter of the memory, where `images` were; else float32 in [0, 1].

    Raises
    ------
    ValueError
        For another shape, no pictures, or values outside the range.
    TypeError
        If it holds no numbers.
    """
    given = images.detach() if isinstance(images, Tensor) else np.asarray(images)
    small = given.dtype == (torch.uint8 if isinstance(given, Tensor) else np.uint8)
    # Of bytes, one picture says how the axes lie: all of them as floats might not fit.
    pictures = as_pictures(given[:1] if small and given.ndim else given, name)
    if not pictures.numel():
        raise ValueError(f"{name} must hold at least one picture, got none")
    if small:
        shape = pictures.shape[1:]
        # A copy: a torch tensor over an array that is read-only, or runs backwards, cannot be.
        pictures = given if isinstance(given, Tensor) else torch.tensor(given.copy())
        pictures = pictures[:, None] if pictures.ndim == 3 else pictures
        pictures = pictures if pictures.shape[1:] == shape else pictures.permute(0, 3, 1, 2)
    return pictures.cpu().contiguous()


def to_unit(pictures: Tensor) -> Tensor:
    """Give uint8 pictures as float32 in [0, 1]; leave others as they are."""
    return pictures.to(torch.float32) / 255 if pictures.dtype == torch.uint8 else pictures
