"""Pictures beside what a model makes of them, and where the two differ."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from latent_widgets.codec import Pictures, to_uint8

# Shown the size of a stamp: more pixels would be sent and not be seen.
_SIDE = 128


class Residuals(NamedTuple):
    """Pictures, what they became, and the difference.

    Attributes
    ----------
    pictures, redrawn : numpy.ndarray, shape (n, H, W, C)
        uint8; large pictures are averaged over squares of pixels first.
    difference : numpy.ndarray, shape (n, H, W)
        int16 grey levels, -255 to 255: picture minus redrawn, the mean of the channels.
    """

    pictures: Pictures
    redrawn: Pictures
    difference: npt.NDArray[np.int16]


def residuals(pictures: Tensor, redrawn: Tensor) -> Residuals:
    """Compare pictures with their reconstructions.

    Parameters
    ----------
    pictures, redrawn
        (n, C, H, W) in [0, 1], any device.

    Returns
    -------
    Residuals
        Ready for a page.
    """
    before, after = small(pictures), small(redrawn)
    difference = (255 * (before - after).mean(dim=1)).round().to(torch.int16).cpu().numpy()
    return Residuals(to_uint8(before), to_uint8(after), difference)


def small(pictures: Tensor) -> Tensor:
    """Average (n, C, H, W) pictures over squares, so that no side has more than 256 pixels."""
    factor = max(min(pictures.shape[-2:]) // _SIDE, 1)
    pictures = pictures.float().cpu()
    return pictures if factor == 1 else functional.avg_pool2d(pictures, factor)
