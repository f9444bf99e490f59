"""Tensors to wire bytes and back: the only Python file that knows the wire layout.

Numbers travel as little-endian float32 or int32 without a header; pictures travel as
rows-first uint8, one after the other (an atlas), with their shape beside them in the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Bytes = bytes | bytearray | memoryview
Floats = npt.NDArray[np.float32]
Pictures = npt.NDArray[np.uint8]


def floats_to_bytes(values: npt.ArrayLike) -> bytes:
    """Pack numbers as little-endian float32.

    Parameters
    ----------
    values
        Any array of numbers; its shape is not kept.

    Returns
    -------
    bytes
        Four bytes a value, in C order.
    """
    return np.ascontiguousarray(values, dtype="<f4").tobytes()


def bytes_to_floats(buffer: Bytes, width: int) -> Floats:
    """Unpack latents sent by the page.

    Parameters
    ----------
    buffer
        Little-endian float32 values.
    width
        Values a row: the latent dimension.

    Returns
    -------
    numpy.ndarray
        (k, width) float32, a fresh copy.

    Raises
    ------
    ValueError
        If the bytes are no whole number of rows, or hold NaN or an infinity.
    """
    raw = bytes(buffer)
    if not raw or len(raw) % (4 * width):
        raise ValueError(
            f"a latent buffer must hold rows of {width} float32 values, got {len(raw)} bytes",
        )
    rows = np.frombuffer(raw, dtype="<f4").reshape(-1, width).astype(np.float32)
    if not np.isfinite(rows).all():
        raise ValueError("a latent buffer must hold finite values, got NaN or infinity")
    return rows


def ids_to_bytes(ids: Sequence[int]) -> bytes:
    """Pack row ids as little-endian int32.

    Parameters
    ----------
    ids
        Row ids, each in [0, 2**31).

    Returns
    -------
    bytes
        Four bytes an id.
    """
    return np.asarray(ids, dtype="<i4").tobytes()


def bytes_to_ids(value: Any) -> list[int]:  # noqa: ANN401 - whatever the page or a caller hands over
    """Unpack row ids; a plain sequence passes through.

    Parameters
    ----------
    value
        Little-endian int32 bytes, or any sequence of whole numbers.

    Returns
    -------
    list of int
        The row ids.

    Raises
    ------
    ValueError
        If the bytes are no whole number of int32 values.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        raw = bytes(value)
        if len(raw) % 4:
            raise ValueError(f"row ids must be int32 values, got {len(raw)} bytes")
        return [int(row) for row in np.frombuffer(raw, dtype="<i4")]
    return [int(row) for row in value]


def to_uint8(pictures: Tensor) -> Pictures:
    """Quantise pictures for the eye.

    Parameters
    ----------
    pictures
        (n, C, H, W) float tensor in [0, 1], any device; values outside are clipped.

    Returns
    -------
    numpy.ndarray
        (n, H, W, C) uint8, each value rounded to the nearest of 256 levels.
    """
    levels = pictures.detach().clamp(0, 1).mul(255).round_().to(torch.uint8)
    return levels.permute(0, 2, 3, 1).contiguous().cpu().numpy()
