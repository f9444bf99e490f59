"""Tensors to wire bytes and back: the only Python file that knows the wire layout.

Numbers travel as little-endian float32 or int32 without a header. Pictures travel with their
shape beside them in the message: small ones as rows-first uint8, one after the other (an atlas);
large ones as one file, the atlas from top to bottom, JPEG while they move and lossless WebP or
raw when they rest.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Bytes = bytes | bytearray | memoryview
Floats = npt.NDArray[np.float32]
Pictures = npt.NDArray[np.uint8]

RAW_UP_TO = 65_536  # bytes: what a notebook's server passes on without a noticeable wait
_TALLEST = {"jpeg": 65_500, "webp": 16_383}  # rows, as their formats say


class Packed(NamedTuple):
    """Pictures on their way to a page."""

    format: str
    """"raw", "jpeg" or "webp"."""
    data: bytes


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
        found: list[int] = np.frombuffer(raw, dtype="<i4").tolist()
        return found
    return [int(row) for row in value]


def to_levels(pictures: Tensor, shrink: int = 1) -> Tensor:
    """Quantise pictures for the eye, where they are.

    Parameters
    ----------
    pictures
        (n, C, H, W) float tensor in [0, 1], any device; values outside are clipped.
    shrink
        Each square of so many pixels a side becomes their mean.

    Returns
    -------
    torch.Tensor
        (n, C, H // shrink, W // shrink) uint8 on the same device, each value rounded to the
        nearest of 256 levels.
    """
    pictures = pictures.detach()
    if shrink > 1:
        pictures = torch.nn.functional.avg_pool2d(pictures, shrink)
    return pictures.clamp(0, 1).mul(255).round_().to(torch.uint8)


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
    return to_levels(pictures).permute(0, 2, 3, 1).contiguous().cpu().numpy()


def is_large(shape: Sequence[int]) -> bool:
    """Tell whether pictures are worth compressing.

    Parameters
    ----------
    shape
        Of all of them together, colours included, in any order.

    Returns
    -------
    bool
        True above `RAW_UP_TO` bytes.
    """
    return math.prod(shape) > RAW_UP_TO


def to_jpeg(levels: Tensor, quality: int) -> Packed | None:
    """Compress an atlas with loss: on the GPU where it is there.

    Parameters
    ----------
    levels
        (n, C, H, W) uint8, any device.
    quality
        1 to 100.

    Returns
    -------
    Packed or None
        None when JPEG has no form of it: neither grey nor RGB, or taller than it allows.
    """
    count, colours, height, width = levels.shape
    if colours not in (1, 3) or count * height > _TALLEST["jpeg"]:
        return None
    column = levels.transpose(0, 1).reshape(colours, count * height, width)
    if column.is_cuda:
        return Packed("jpeg", _jpeg_on_gpu(column, quality))
    return _compress(column.permute(1, 2, 0).contiguous().numpy(), "jpeg", quality=quality)


def to_webp(pictures: Pictures) -> Packed | None:
    """Compress an atlas without loss, as quickly as can be.

    Parameters
    ----------
    pictures
        (n, H, W, C) uint8.

    Returns
    -------
    Packed or None
        None where the page could not give back every bit: neither grey nor RGB, or taller
        than WebP allows.
    """
    count, height, width, colours = pictures.shape
    if colours not in (1, 3) or count * height > _TALLEST["webp"]:
        return None
    column = pictures.reshape(count * height, width, colours)
    return _compress(column, "webp", lossless=True, method=0, quality=0)


def _jpeg_on_gpu(column: Tensor, quality: int) -> bytes:
    from torchvision.io import encode_jpeg  # noqa: PLC0415 - half a second, and only on a GPU

    # It encodes on a stream of its own, which does not wait for ours.
    rgb = column.expand(3, -1, -1).contiguous()
    torch.cuda.current_stream(column.device).synchronize()
    packed: bytes = encode_jpeg(rgb, quality).cpu().numpy().tobytes()
    return packed


def _compress(column: Pictures, kind: str, **options: int) -> Packed:
    from PIL import Image  # noqa: PLC0415 - small pictures never need it

    file = io.BytesIO()
    Image.fromarray(column.squeeze(2) if column.shape[2] == 1 else column).save(
        file, kind, **options
    )
    return Packed(kind, file.getvalue())
