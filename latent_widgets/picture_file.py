"""Pictures from files: opened within limits, upright, and without what encoders do not take."""

from __future__ import annotations

import io
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

MOST_BYTES = 32 * 2**20
"""Of a file; js/src/picture_file.js has the same number."""
MOST_PIXELS = 40_000_000
"""Of a picture; js/src/picture_file.js has the same number."""
# No other reader of Pillow's is asked to look at a file that somebody sent.
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
_DEEP = {"I;16", "I;16B", "I;16L", "I;16N"}


def open_picture(name: str, given: str | os.PathLike[str] | bytes) -> Image.Image:
    """Open one picture file; of several frames the first.

    Parameters
    ----------
    name
        The argument it came from, used in error sentences.
    given
        A path, or the bytes of a file: PNG, JPEG, WebP, BMP, GIF or TIFF.

    Returns
    -------
    PIL.Image.Image
        Upright, with its pixels loaded.

    Raises
    ------
    ValueError
        If there is no such file, it is no picture, or it has more than 32 MB or 40,000,000 pixels.
    """
    if isinstance(given, bytes):
        what, size, source = "these bytes", len(given), io.BytesIO(given)
    else:
        path = Path(given)
        if not path.is_file():
            raise ValueError(f"{name} must be a picture file, and there is none at {path}")
        what, size, source = repr(path.name), path.stat().st_size, path  # type: ignore[assignment]
    if not size:
        raise ValueError(f"{name} must be a picture, and {what} is an empty file")
    if size > MOST_BYTES:
        raise ValueError(
            f"{name} must be a file of at most {MOST_BYTES >> 20} MB, got {size / 2**20:.0f} MB"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=_FORMATS) as image:
                check_size(name, image)
                image.load()
                return ImageOps.exif_transpose(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise ValueError(f"{name} must have at most {MOST_PIXELS:,} pixels, got more") from None
    except (OSError, SyntaxError, EOFError) as error:
        kinds = ", ".join(_FORMATS)
        raise ValueError(
            f"{name} must be a picture ({kinds}), and {what} cannot be read as one"
        ) from error


def check_size(name: str, image: Image.Image) -> None:
    """Refuse a picture that is too large to be read.

    Parameters
    ----------
    name
        The argument it came from.
    image
        Whose header alone may have been read.

    Raises
    ------
    ValueError
        If it has more than 40,000,000 pixels.
    """
    if image.width * image.height > MOST_PIXELS:
        raise ValueError(
            f"{name} must have at most {MOST_PIXELS:,} pixels, "
            f"got {image.width:,} by {image.height:,}"
        )


def flatten(name: str, image: Image.Image, channels: int | None) -> Image.Image:
    """Bring a picture to eight bits in the colours that are wanted.

    Parameters
    ----------
    name
        The argument it came from.
    image
        Of any mode; 16 bits are rounded to 8, and it lies on white where it is transparent.
    channels
        1 grey, 3 RGB, 4 RGBA; None keeps grey grey, and makes all others RGB.

    Returns
    -------
    PIL.Image.Image
        Mode L, RGB or RGBA.

    Raises
    ------
    ValueError
        If its numbers have no fixed range, as in modes F and I.
    """
    if image.mode in _DEEP:
        levels: np.ndarray[Any, Any] = np.asarray(image, np.float64) / 257
        image = Image.fromarray(levels.round().astype(np.uint8))
    if image.mode in ("F", "I"):
        raise ValueError(
            f"{name} must have 8 or 16 bits a colour, got mode {image.mode}, whose range nobody "
            "knows: scale it to [0, 1] as an array"
        )
    if channels == 4:
        return image.convert("RGBA")
    if image.has_transparency_data:
        above = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", above.size, "white"), above).convert("RGB")
    grey = channels == 1 or (channels is None and image.mode in ("1", "L"))
    return image.convert("L" if grey else "RGB")
