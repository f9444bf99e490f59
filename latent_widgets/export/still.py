"""The picture a saved notebook shows where no kernel runs: on code-hosting sites and in print."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor, ImageDraw, ImageFont

from latent_widgets.analysis.projection import Projection, project

if TYPE_CHECKING:
    from latent_widgets.codec import Pictures
    from latent_widgets.columns import Column
    from latent_widgets.space import LatentSpace

_WIDTH = 960
_MARGIN = 24
_PICTURE = 384
_WHITE, _TEXT, _DIM, _LINE, _ACCENT = "#ffffff", "#212121", "#616161", "#e0e0e0", "#1976d2"
# Okabe & Ito (2008), then Tol (2021); viridis (van der Walt & Smith 2015) at eight places.
_CLASSES = ["0072b2", "e69f00", "009e73", "d55e00", "56b4e9", "cc79a7", "f0e442", "000000"]
_CLASSES += ["332288", "882255", "999933", "44aa99", "8c564b", "aa4499", "ff9da7"]
_VIRIDIS = ["440154", "472d7b", "3b528b", "2c728e", "21918c", "28ae80", "5ec962", "addc30"]
# More points would not be told apart at this size, and would cost the reader's patience.
_MOST_POINTS = 2_000


@dataclass(frozen=True)
class Still:
    """A finished picture.

    Attributes
    ----------
    png : bytes
        The file.
    width, height : int
        In pixels.
    alt : str
        What it shows, in words.
    """

    png: bytes
    width: int
    height: int
    alt: str


def draw_still(
    space: LatentSpace,
    line: str,
    *,
    chart: bool = True,
    projection: Projection | None = None,
    color: str | None = None,
) -> Still | None:
    """Draw where a space is: its map and its picture, and how to make them move.

    Parameters
    ----------
    space
        The space.
    line
        The one line of Python that makes it live; the caption.
    chart
        Whether the map of the data is drawn beside the picture.
    projection
        How the map shows latents; by default PCA.
    color
        The column that colours the points; by default the first.

    Returns
    -------
    Still or None
        None when there is neither data nor a picture.
    """
    tiles: list[Image.Image] = []
    words: list[str] = []
    picture = space.image if space.can_decode else None
    if chart and len(space.points):
        rest = _WIDTH - 3 * _MARGIN - _PICTURE if picture is not None else _WIDTH - 2 * _MARGIN
        tile, about = _map(space, rest, projection, color)
        tiles.append(tile)
        words.append(about)
    if picture is not None:
        tiles.append(_fit(picture))
        words.append("the picture that z decodes to")
    return _frame(tiles, words, line) if tiles else None


def draw_strip(pictures: Pictures, line: str) -> Still:
    """Draw pictures side by side.

    Parameters
    ----------
    pictures
        (n, H, W, C) uint8, n at least 1.
    line
        The one line of Python that makes them move; the caption.

    Returns
    -------
    Still
        A row of them; every second, third ... is left out where they would be too small.
    """
    kept = pictures[:: -(-len(pictures) // 12)]
    side = (_WIDTH - 2 * _MARGIN - 8 * (len(kept) - 1)) // len(kept)
    tiles = [_fit(picture, min(side, _PICTURE)) for picture in kept]
    row = Image.new("RGB", (_WIDTH - 2 * _MARGIN, max(tile.height for tile in tiles)), _WHITE)
    for i, tile in enumerate(tiles):
        row.paste(tile, (i * (side + 8), 0))
    return _frame([row], [f"{len(kept)} pictures along a path"], line)


def _frame(tiles: list[Image.Image], words: list[str], line: str) -> Still:
    """Put tiles side by side over a caption."""
    inside = max(tile.height for tile in tiles)
    left = (_WIDTH - sum(tile.width for tile in tiles) - _MARGIN * (len(tiles) - 1)) // 2
    parts = []
    for tile in tiles:
        parts.append((tile, left, _MARGIN + (inside - tile.height) // 2))
        left += tile.width + _MARGIN
    caption = _caption(line)
    parts.append((caption, _MARGIN, inside + _MARGIN + 8))
    height = inside + caption.height + 2 * _MARGIN
    alt = f"Still of {line}: {' and '.join(words)}."
    return Still(_png(parts, _WIDTH, height), _WIDTH, height, alt)


def _caption(line: str) -> Image.Image:
    tile = Image.new("RGB", (_WIDTH - 2 * _MARGIN, 32), _WHITE)
    pen = ImageDraw.Draw(tile)
    pen.text((0, 24), line, _TEXT, _font(15), anchor="ls")
    note = "a still of a live widget: run the cell and it moves"
    if pen.textlength(line, _font(15)) + pen.textlength(note, _font(13)) < tile.width - _MARGIN:
        pen.text((tile.width, 24), note, _DIM, _font(13), anchor="rs")
    return tile


def _png(parts: list[tuple[Image.Image, int, int]], width: int, height: int) -> bytes:
    """Encode with one palette, so that the file is small enough to be saved with every cell.

    Each part gets a share of the colours: dots of many colours cannot starve a face of its own.
    """
    sheet = np.ones((height, width), np.uint8)
    sheet[1:-1, 1:-1] = 0
    palette = [*ImageColor.getrgb(_WHITE), *ImageColor.getrgb(_LINE)]
    share = 254 // len(parts)
    for tile, left, top in parts:
        # Colours chosen from every third pixel are as good, and chosen four times as fast.
        sample = tile.resize((tile.width // 3, tile.height // 3), Image.Resampling.NEAREST)
        colors = sample.quantize(share, Image.Quantize.MEDIANCUT)
        few = tile.quantize(palette=colors, dither=Image.Dither.NONE)
        place = np.s_[top : top + tile.height, left : left + tile.width]
        sheet[place] = np.asarray(few) + len(palette) // 3
        palette += [255 if level > 250 else level for level in few.getpalette() or []][: 3 * share]
    image = Image.fromarray(sheet).convert("P")
    image.putpalette(palette)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _fit(picture: npt.NDArray[np.uint8], side: int = _PICTURE) -> Image.Image:
    """Enlarge a picture with crisp pixels, or shrink it smoothly, to fit a square."""
    image = Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, _WHITE), image)
    scale = side / max(image.size)
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    how = Image.Resampling.NEAREST if scale >= 1 else Image.Resampling.LANCZOS
    return image.convert("RGB").resize(size, how)


def _map(
    space: LatentSpace, width: int, projection: Projection | None, color: str | None
) -> tuple[Image.Image, str]:
    """Draw the rows on a plane, with `z` as a ring among them."""
    n = len(space.points)
    rows = np.unique(np.linspace(0, n - 1, min(n, _MOST_POINTS)).astype(int))
    flat = projection or project(space.points[rows])
    # Of a map with depth, what one sees straight ahead.
    xy = flat.transform(space.points[rows])[:, :2]
    columns = space.data.columns
    column = next((each for each in columns if color in (None, each.name)), None)
    colors = [_ACCENT] * len(rows) if column is None else _colors(column, rows)
    legend = 32 if column is not None else 0
    # Twice as large, then shrunk: smooth edges.
    size = np.array([width, _PICTURE - legend]) * 2
    low, high = xy.min(0), xy.max(0)
    scale = float(((size - 32) / np.maximum(high - low, 1e-9)).min())
    shift = size / 2 - scale * (low + high) / 2 * [1, -1]
    spots = xy * [scale, -scale] + shift
    sheet = Image.new("RGB", (int(size[0]), int(size[1])), _WHITE)
    pen = ImageDraw.Draw(sheet, "RGBA")
    radius = 5 if len(rows) > 500 else 7
    for (x, y), paint in zip(spots.tolist(), colors, strict=True):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=f"{paint}b0")
    x, y = np.clip(flat.transform(space.z)[:2] * [scale, -scale] + shift, 20, size - 20)
    for spread, paint in ((17, _WHITE), (14, _ACCENT), (8, _WHITE)):
        pen.ellipse((x - spread, y - spread, x + spread, y + spread), fill=paint)
    tile = Image.new("RGB", (width, _PICTURE), _WHITE)
    tile.paste(sheet.reduce(2), (0, 0))
    if column is not None:
        _legend(tile, column)
    shown = f"{len(rows):,} of " if len(rows) < n else ""
    by = f", coloured by {column.name.replace('_', ' ')}" if column is not None else ""
    return tile, f"a map of {shown}{n:,} encoded rows{by}"


def _colors(column: Column, rows: npt.NDArray[np.intp]) -> list[str]:
    values = column.values[rows]
    if column.categories is not None:
        return [_class_color(int(code)) for code in values]
    low, high = float(values.min()), float(values.max())
    steps = np.rint((values - low) / max(high - low, 1e-9) * (len(_VIRIDIS) - 1))
    return [f"#{_VIRIDIS[int(step)]}" for step in steps]


def _class_color(code: int) -> str:
    return f"#{_CLASSES[code]}" if code < len(_CLASSES) else "#9e9e9e"


def _legend(tile: Image.Image, column: Column) -> None:
    """Write under the map what its colours mean."""
    pen = ImageDraw.Draw(tile)
    font = _font(13)
    left, y = 0.0, _PICTURE - 10
    name = column.name.replace("_", " ")
    pen.text((left, y), name, _TEXT, font, anchor="ls")
    left += pen.textlength(name, font) + 16
    if column.categories is None:
        for i, color in enumerate(_VIRIDIS):
            pen.rectangle((left + 16 * i, y - 9, left + 16 * i + 15, y - 1), fill=f"#{color}")
        return
    for code, label in enumerate(column.categories):
        room = pen.textlength(label, font) + 32
        if left + room > tile.width or code >= len(_CLASSES):
            pen.text((left, y), "...", _DIM, font, anchor="ls")
            return
        pen.ellipse((left, y - 9, left + 8, y - 1), fill=_class_color(code))
        pen.text((left + 14, y), label, _DIM, font, anchor="ls")
        left += room


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
