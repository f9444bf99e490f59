"""What a user hands to a space, checked: every refusal names the argument."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latent_widgets.datasets.images import CHANNELS, Images


def refuse_beside(name: str | None, arguments: Mapping[str, object]) -> None:
    """Refuse what a bundled or saved space brings along itself.

    Parameters
    ----------
    name
        The bundled space; None for a saved one.
    arguments
        What was given beside it, by argument; None and empty ones were not given.

    Raises
    ------
    ValueError
        If there is anything; the sentence names it.
    """
    for argument, value in arguments.items():
        if value is not None and not (isinstance(value, tuple) and not value):
            which = "a saved space" if name is None else f"the bundled space {name!r}"
            raise ValueError(
                f"{argument} cannot be given with {which}, which brings its own model and data"
            )


def check_image_shape(
    value: Any,  # noqa: ANN401 - anything may be given
    images: Images | None,
) -> tuple[int, int, int]:
    """Check what a picture is said to be.

    Parameters
    ----------
    value
        What was given as `image_shape`.
    images
        The data, which must agree.

    Returns
    -------
    tuple of int
        (C, H, W).

    Raises
    ------
    ValueError
        If it is no such shape, or not that of the images.
    """
    try:
        channels, height, width = (operator.index(side) for side in value)
    except (TypeError, ValueError):
        channels = height = width = 0
    if channels not in CHANNELS or min(height, width) < 1:
        raise ValueError(f"image_shape must be (C, H, W) with C of 1, 3 or 4, got {value!r:.60}")
    shape = channels, height, width
    if images is not None and images.shape != shape:
        raise ValueError(f"image_shape must be {images.shape} as in the images, got {shape}")
    return shape


def numbers(name: str, value: Any, device: torch.device) -> Tensor:  # noqa: ANN401
    """Copy numbers to a device.

    Parameters
    ----------
    name
        The argument they came from.
    value
        A tensor, an array or nested lists.
    device
        Where to.

    Returns
    -------
    torch.Tensor
        A float32 copy: what the caller does to the original later changes nothing.

    Raises
    ------
    ValueError
        If they are no numbers.
    """
    if isinstance(value, Tensor) and not value.is_complex():
        return value.detach().to(device, torch.float32, copy=True)
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError):
        array = np.empty(0, object)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be rows of real numbers (n, d), got {value!r:.60}")
    # A copy has neither negative strides nor a foreign byte order, which torch refuses.
    return torch.from_numpy(np.array(array, np.float32)).to(device)


def latent_rows(z: object, dim: int, device: torch.device, name: str = "z") -> Tensor:
    """Check latents to decode.

    Parameters
    ----------
    z
        (n, d) or (d,) finite numbers.
    dim
        d.
    device
        Where to.
    name
        The argument they came from.

    Returns
    -------
    torch.Tensor
        (n, d) float32.

    Raises
    ------
    ValueError
        If they are none.
    """
    rows = numbers(name, z, device)
    rows = rows[None] if rows.ndim == 1 else rows
    finite = bool(torch.isfinite(rows).all())
    if rows.ndim != 2 or rows.shape[1] != dim or not finite:
        got = describe_rows(rows)
        raise ValueError(f"{name} must be finite rows of {dim} numbers, got {got}")
    return rows


def describe_rows(rows: Tensor) -> str:
    """Say what is wrong with rows that are refused.

    Parameters
    ----------
    rows
        A tensor of any shape.

    Returns
    -------
    str
        Its shape and, where it has rows with NaN or infinity, the first of them.
    """
    shape = f"shape {tuple(rows.shape)}"
    broken = (~torch.isfinite(rows).all(1)).nonzero()[:, 0].tolist() if rows.ndim == 2 else []
    if not broken:
        return shape
    named = ", ".join(map(str, broken[:3])) + (", ..." if len(broken) > 3 else "")
    return f"{shape} with NaN or infinity in {len(broken):,} of them: {named}"
