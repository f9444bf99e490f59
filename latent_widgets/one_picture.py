"""One picture brought from outside, as a space's encoder takes it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from latent_widgets.datasets.arrays import CHANNELS, as_pictures
from latent_widgets.picture_file import check_size, flatten

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def one_picture(
    name: str,
    given: Any,  # noqa: ANN401 - anything may be given
    shape: tuple[int, int, int] | None,
    *,
    resize: bool = False,
) -> Tensor:
    """Bring one picture into the form the encoder takes.

    Parameters
    ----------
    name
        The argument it came from, used in error sentences.
    given
        (H, W), (H, W, C) or (C, H, W), uint8 or floats in [0, 1], array or tensor; or a PIL image,
        whose colours are converted.
    shape
        (C, H, W) wanted; None takes any.
    resize
        Whether a picture of another size is cut to the shape's proportions about its middle and
        scaled; colours are made grey, or grey made colours.

    Returns
    -------
    torch.Tensor
        (1, C, H, W) float32 in [0, 1].

    Raises
    ------
    ValueError, TypeError
        If it is no picture, or one of another size or kind and `resize` is False.
    """
    if isinstance(given, Image.Image):
        check_size(name, given)
        given = np.asarray(flatten(name, ImageOps.exif_transpose(given), shape and shape[0]))
    elif not isinstance(given, Tensor | np.ndarray):
        raise TypeError(
            f"{name} must be an array (H, W, C) or (C, H, W) or a PIL image, "
            f"got {type(given).__name__}"
        )
    if given.ndim not in (2, 3):
        raise ValueError(
            f"{name} must be one picture (H, W), (H, W, C) or (C, H, W), got {tuple(given.shape)}"
        )
    # Of both readings of (3, 28, 3) the one the space knows is meant.
    last = given.ndim == 3 and given.shape[2] in CHANNELS
    if last and (given.shape[0] not in CHANNELS or _is(given.shape, shape)):
        given = given.permute(2, 0, 1) if isinstance(given, Tensor) else given.transpose(2, 0, 1)
    picture = as_pictures(given[None], name)
    if shape is None or tuple(picture.shape[1:]) == shape:
        return picture
    if not resize:
        raise ValueError(
            f"{name} must be {_words(shape)}, got {_words(tuple(picture.shape[1:]))}: "
            "give it that size, or say resize=True"
        )
    return _fit(picture, shape)


def _is(given: tuple[int, ...], shape: tuple[int, int, int] | None) -> bool:
    return shape is not None and tuple(given) == (shape[1], shape[2], shape[0])


def _words(shape: tuple[int, ...]) -> str:
    colours = {1: "a grey", 3: "an RGB", 4: "an RGBA"}[shape[0]]
    return f"{colours} picture {shape[2]} wide and {shape[1]} high"


def _fit(picture: Tensor, shape: tuple[int, int, int]) -> Tensor:
    channels, height, width = shape
    levels = (picture[0] * 255).round().byte().permute(1, 2, 0).contiguous().numpy()
    image = Image.fromarray(levels[..., 0] if levels.shape[2] == 1 else levels)
    fitted = ImageOps.fit(image.convert(_MODES[channels]), (width, height))
    pixels = torch.from_numpy(np.array(fitted)).reshape(height, width, channels)
    return pixels.permute(2, 0, 1)[None].float() / 255
