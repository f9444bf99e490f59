"""Pictures that follow one another, as a file: a strip, an animation, a film."""

from __future__ import annotations

import importlib.util
import math
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image

from latent_widgets.codec import Pictures
from latent_widgets.export.written import check_new, whole_file
from latent_widgets.progress import Progress

# Decodes frames from one index up to another: (n, H, W, C) uint8.
Frames = Callable[[int, int], Pictures]

SUFFIXES = (".png", ".gif", ".mp4", ".webm")
_CODECS = {".mp4": ("libx264", "yuv420p"), ".webm": ("libvpx-vp9", "yuv420p")}
_BATCH = 32
_LARGEST = 4096
MOST_FRAMES = 20_000
_WIDEST = 60_000
FASTEST = 120


def save_movie(
    path: str | os.PathLike[str],
    frames: Frames,
    count: int,
    *,
    fps: float = 30,
    size: int | None = None,
    loop: bool = True,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Write pictures to a file.

    Parameters
    ----------
    path
        Ends in .png (all of them side by side), .gif, .mp4 or .webm; the last two need the
        extra `video`.
    frames
        Gives the pictures from one index up to another, (n, H, W, C) uint8.
    count
        How many there are, 1 to 20,000.
    fps
        Pictures a second, above 0 and up to 120; GIF rounds the time of each to 1/100 s.
    size
        Pixels of the longer side, 8 to 4096; as they are when None. Whole multiples are
        enlarged without blur.
    loop
        Whether a GIF begins again.
    overwrite
        Whether a file that is there may go.
    progress
        Called with the share done and words; what it raises passes through, and no half file
        stays.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        If an argument is out of its range, or a strip would be wider than 60,000 pixels.
    FileExistsError, FileNotFoundError, OSError
        If the file cannot be written there.
    ImportError
        If the extra is missing; the sentence names it.
    """
    file = check_new(path, SUFFIXES, overwrite=overwrite)
    if not 1 <= count <= MOST_FRAMES:
        raise ValueError(f"count must be from 1 to {MOST_FRAMES:,} pictures, got {count}")
    if not (isinstance(fps, int | float) and math.isfinite(fps) and 0 < fps <= FASTEST):
        raise ValueError(f"fps must be above 0 and up to {FASTEST}, got {fps!r:.40}")
    if size is not None and not (isinstance(size, int) and 8 <= size <= _LARGEST):
        raise ValueError(f"size must be None or from 8 to {_LARGEST} pixels, got {size!r:.40}")
    suffix = file.suffix.lower()
    if suffix in _CODECS and importlib.util.find_spec("av") is None:
        raise ImportError(
            f'{suffix} files need the extra `video`: pip install "latent-widgets[video]"'
        )
    pictures = _pictures(frames, count, size, progress)
    with whole_file(file) as temporary:
        if suffix == ".png":
            _write_strip(temporary, pictures, count)
        elif suffix == ".gif":
            _write_gif(temporary, pictures, fps, loop=loop)
        else:
            _write_film(temporary, pictures, fps)
    return file


def _pictures(
    frames: Frames, count: int, size: int | None, progress: Progress | None
) -> Iterator[Image.Image]:
    for start in range(0, count, _BATCH):
        if progress is not None:
            progress(start / count, f"picture {start + 1:,} of {count:,}")
        for picture in frames(start, min(start + _BATCH, count)):
            yield _sized(_image(picture), size)


def _image(picture: np.ndarray[Any, Any]) -> Image.Image:
    image = Image.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)
    if image.mode in ("RGBA", "LA"):
        # Films have no transparency; white is what a page shows behind.
        under = Image.new("RGB", image.size, "white")
        under.paste(image, mask=image.getchannel("A"))
        return under
    return image


def _sized(image: Image.Image, size: int | None) -> Image.Image:
    longer = max(image.size)
    if size is None or size == longer:
        return image
    wanted = (
        max(round(image.width * size / longer), 1),
        max(round(image.height * size / longer), 1),
    )
    crisp = size % longer == 0
    return image.resize(wanted, Image.Resampling.NEAREST if crisp else Image.Resampling.LANCZOS)


def _write_strip(file: Path, pictures: Iterator[Image.Image], count: int) -> None:
    strip: Image.Image | None = None
    for i, picture in enumerate(pictures):
        if strip is None:
            if count * picture.width > _WIDEST:
                raise ValueError(
                    f"a strip of {count} pictures would be {count * picture.width:,} pixels wide, "
                    f"and {_WIDEST:,} is the most: take fewer or smaller ones"
                )
            strip = Image.new(picture.mode, (count * picture.width, picture.height))
        strip.paste(picture, (i * picture.width, 0))
    assert strip is not None  # noqa: S101 - there is at least one picture
    strip.save(file)


def _write_gif(file: Path, pictures: Iterator[Image.Image], fps: float, *, loop: bool) -> None:
    # Grey pictures have their 256 levels; colours are dithered to as many.
    indexed = (
        one if one.mode == "L" else one.quantize(256, Image.Quantize.MEDIANCUT) for one in pictures
    )
    again: dict[str, Any] = {"loop": 0} if loop else {}
    try:
        next(indexed).save(
            file,
            save_all=True,
            append_images=indexed,
            duration=max(round(100 / fps), 1) * 10,
            optimize=False,
            disposal=1,
            **again,
        )
    except OverflowError:
        # Pictures that are the same become one, which stands for the time of all.
        raise ValueError(
            "a picture of a GIF stands for at most 655 seconds: take another format, or more fps"
        ) from None


def _write_film(file: Path, pictures: Iterator[Image.Image], fps: float) -> None:
    import av  # noqa: PLC0415 - an extra
    from av.video.stream import VideoStream  # noqa: PLC0415

    name, pixels = _CODECS[file.suffix.lower()]
    with av.open(str(file), "w") as film:
        stream: VideoStream | None = None
        for picture in pictures:
            # These formats store colour for two by two pixels.
            even = (picture.width + picture.width % 2, picture.height + picture.height % 2)
            if stream is None:
                rate = Fraction(fps).limit_denominator(1000)
                stream = cast("VideoStream", film.add_stream(name, rate, {"crf": "16"}))
                stream.width, stream.height, stream.pix_fmt = *even, pixels
            grown = picture.convert("RGB").resize(even, Image.Resampling.NEAREST)
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.asarray(grown), "rgb24")):
                film.mux(packet)
        assert stream is not None  # noqa: S101 - there is at least one picture
        for packet in stream.encode():
            film.mux(packet)
