"""Arrays and tensors of pictures, however they lie in memory."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import torch
from torch import Tensor

CHANNELS = (1, 3, 4)


def as_pictures(x: Tensor | np.ndarray[Any, Any], name: str = "images") -> Tensor:
    """Bring one batch of pictures into the form models take.

    Parameters
    ----------
    x
        (n, C, H, W), (n, H, W, C) or (n, H, W), uint8 or floats in [0, 1].
    name
        The argument it came from, used in error sentences.

    Returns
    -------
    torch.Tensor
        (n, C, H, W) float32 in [0, 1].

    Raises
    ------
    ValueError
        If the shape or the range is another.
    TypeError
        If it holds no numbers.
    """
    return to_unit(channels_first(to_tensor(x, name), name), name)


def to_tensor(x: Any, name: str) -> Tensor:  # noqa: ANN401 - anything may be given
    """View an array as a tensor; copy it only where torch cannot look at it as it lies."""
    if isinstance(x, Tensor):
        return x.detach()
    array = np.asarray(x)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold numbers, got {array.dtype}")
    if any(step < 0 for step in array.strides) or not array.dtype.isnative:
        array = np.array(array, array.dtype.newbyteorder("="), order="C")
    with warnings.catch_warnings():
        # Nothing writes to the pictures, so they may be read-only.
        warnings.filterwarnings("ignore", "The given NumPy array is not writ")
        return torch.as_tensor(array)


def channels_first(x: Tensor, name: str) -> Tensor:
    """View pictures as (n, C, H, W)."""
    if x.ndim == 3:
        return x[:, None]
    if x.ndim == 4 and x.shape[1] in CHANNELS:
        return x
    if x.ndim == 4 and x.shape[3] in CHANNELS:
        return x.permute(0, 3, 1, 2)
    raise ValueError(
        f"{name} must have shape (n, C, H, W), (n, H, W, C) or (n, H, W) with C of 1, 3 or 4, "
        f"got {tuple(x.shape)}"
    )


def to_unit(x: Tensor, name: str = "images") -> Tensor:
    """Give pictures as float32 in [0, 1]; refuse others than bytes and what lies there already."""
    if x.dtype == torch.uint8:
        return x.float() / 255
    x = x.float()
    low, high = (float(x.min()), float(x.max())) if x.numel() else (0.0, 0.0)
    # Written so that NaN fails too.
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"{name} must be uint8 or lie in [0, 1], got values from {low:.4g} to {high:.4g}"
        )
    return x
