"""A picture from outside on its way between a panel and its page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from latent_widgets import codec
from latent_widgets.brought_picture import Look

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace


def look_to_page(
    seen: Look, percentiles: tuple[float | None, float | None], page: str | None
) -> dict[str, Any]:
    """Pack what a page shows of a picture.

    Parameters
    ----------
    seen
        The picture.
    percentiles
        Of its error and of its distance, see `Standing.of`.
    page
        The page that sent it; None when it came from Python.

    Returns
    -------
    dict
        Of plain values and bytes.
    """
    again = seen.reconstruction
    return {
        "page": page,
        "shape": list(seen.pixels.shape),
        "pixels": seen.pixels.tobytes(),
        "mean": codec.floats_to_bytes(seen.mean),
        "wide": seen.wide,
        "reconstruction": None if again is None else again.tobytes(),
        "error": seen.error,
        "distance": seen.distance,
        "percentiles": list(percentiles),
    }


def draws_to_page(space: LatentSpace, drawn: codec.Floats, seed: int) -> dict[str, Any]:
    """Pack draws from a posterior, and what they decode to.

    Parameters
    ----------
    space
        Whose decoder, where it has one.
    drawn
        (n, d) latents.
    seed
        Of the draws.

    Returns
    -------
    dict
        `shape` is None without a decoder.
    """
    shown = {"seed": seed, "count": len(drawn), "zs": codec.floats_to_bytes(drawn), "shape": None}
    if not space.can_decode:
        return shown
    pictures = codec.to_uint8(space.decode(drawn))
    return {**shown, "shape": list(pictures.shape), "pixels": pictures.tobytes()}


def pixels_from_page(
    shape: tuple[int, int, int] | None, buffers: list[memoryview]
) -> codec.Pictures:
    """Read a picture that a page sent.

    Parameters
    ----------
    shape
        (C, H, W) of the space's pictures.
    buffers
        Of its pixels, rows first; untrusted.

    Returns
    -------
    numpy.ndarray
        (H, W, C) uint8.

    Raises
    ------
    ValueError
        If there are not just as many bytes as such a picture has.
    """
    size = sum(len(each) for each in buffers)
    if shape is None or len(buffers) != 1 or size != math.prod(shape):
        raise ValueError(f"a page must send one picture of shape {shape}, got {size} bytes")
    channels, height, width = shape
    return np.frombuffer(buffers[0], np.uint8).reshape(height, width, channels).copy()
