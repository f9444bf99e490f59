"""Pictures decoded beforehand, for a saved page that cannot decode."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from tqdm import tqdm

from latent_widgets import codec
from latent_widgets.analysis.projection import Projection, project

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

_SIDE = {2: 11, 3: 5}  # pictures along each axis of the map, by their number
_SWEEPS, _STEPS = 16, 9  # dimensions, and pictures along each
_ROWS = 96
_LARGEST = 96  # pixels: larger pictures are shrunk
_BATCH = 16
_ACROSS = 20


@dataclass(frozen=True)
class Grid:
    """Pictures in one image file.

    Attributes
    ----------
    latents : numpy.ndarray
        (m, d) float32, what each of them shows.
    atlas : bytes
        The file: m pictures, row by row.
    mime : str
        Its type.
    across : int
        Pictures in a row.
    tile : tuple of int
        Height and width of one.
    step : tuple of int
        From one to the next, down and across.
    """

    latents: codec.Floats
    atlas: bytes
    mime: str
    across: int
    tile: tuple[int, int]
    step: tuple[int, int]


def choose_latents(space: LatentSpace, map_: Projection | None = None) -> codec.Floats:
    """Choose where a hand is likely to go, starting from the current latent.

    Parameters
    ----------
    space
        The space.
    map_
        The map the page shows; the principal plane when None.

    Returns
    -------
    numpy.ndarray
        (m, d) float32: `z`, a grid over the map through it, each of the most informative
        dimensions on its own, and rows of the data.
    """
    z, points, data = np.array(space.z), space.points, space.data
    low, high = data.spread()
    if len(points):
        flat = map_ or project(points)
        left, right = flat.xy.min(0), flat.xy.max(0)
        axes = np.linspace(left, right, _SIDE[flat.dim])
        xy = np.stack(np.meshgrid(*axes.T), -1).reshape(-1, flat.dim)
        plane = flat.inverse(xy, near=z)
        # A sphere has no point nearest to its own middle.
        plane = space.geometry.project(plane[plane.any(axis=1)])
    else:
        plane = np.zeros((0, space.latent_dim), np.float32)
    sweeps = []
    for dim in data.order()[:_SWEEPS]:
        steps = np.linspace(low[dim], high[dim], _STEPS, dtype=np.float32)
        sweeps.append(space.geometry.move(z, dim, steps))
    rows = np.unique(np.linspace(0, len(points) - 1, min(len(points), _ROWS)).astype(int))
    found: codec.Floats = np.concatenate([z[None], plane, *sweeps, points[rows]])
    return found.astype(np.float32)


def make_grid(space: LatentSpace, latents: codec.Floats, *, quiet: bool = False) -> Grid:
    """Decode latents into one image file.

    Parameters
    ----------
    space
        The space; it decodes.
    latents
        (m, d), m at least 1.
    quiet
        Whether no bar shows how far it is, not even after seconds.

    Returns
    -------
    Grid
        At most 96 pixels a side: JPEG in colour, PNG in grey or with transparency.
    """
    # Text and no widget: that would be missing when the notebook is opened again.
    starts = tqdm(
        range(0, len(latents), _BATCH),
        desc="decoding pictures for the page",
        delay=3,
        leave=False,
        disable=quiet,
    )
    pictures = [
        tile
        for start in starts
        for tile in _shrink(codec.to_uint8(space.decode(latents[start : start + _BATCH])))
    ]
    height, width = pictures[0].shape[:2]
    # JPEG works on blocks of 8: a tile must not bleed into the next.
    down, right = (-(-side // 8) * 8 for side in (height, width))
    spare = ((0, down - height), (0, right - width), (0, 0))
    count = -(-len(pictures) // _ACROSS)
    sheet = np.zeros((count, _ACROSS, down, right, pictures[0].shape[2]), np.uint8)
    for i, picture in enumerate(pictures):
        sheet[i // _ACROSS, i % _ACROSS] = np.pad(picture, spare, mode="edge")
    whole = sheet.transpose(0, 2, 1, 3, 4).reshape(count * down, _ACROSS * right, -1)
    buffer = io.BytesIO()
    if whole.shape[2] == 3:
        Image.fromarray(whole).save(buffer, "JPEG", quality=88, subsampling=0, optimize=True)
    else:
        grey = whole[..., 0] if whole.shape[2] == 1 else whole
        Image.fromarray(grey).save(buffer, "PNG", optimize=True)
    return Grid(
        latents=latents,
        atlas=buffer.getvalue(),
        mime="image/jpeg" if whole.shape[2] == 3 else "image/png",
        across=_ACROSS,
        tile=(height, width),
        step=(down, right),
    )


def _shrink(pictures: codec.Pictures) -> Iterable[codec.Pictures]:
    height, width = pictures.shape[1:3]
    scale = _LARGEST / max(height, width)
    if scale >= 1:
        return pictures
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    images = (Image.fromarray(one[..., 0] if one.shape[2] == 1 else one) for one in pictures)
    small = (np.asarray(image.resize(size, Image.Resampling.LANCZOS)) for image in images)
    return [one[..., None] if one.ndim == 2 else one for one in small]
