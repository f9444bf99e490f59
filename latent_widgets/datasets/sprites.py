"""Sprites drawn from six known factors: a data set for measuring disentanglement.

In the manner of dSprites (Matthey et al., 2017), with colour and two changes that keep every
factor an interval: no shape looks the same after a part of a turn, and the rotation stays well
below a full turn. A single latent dimension can therefore hold it, which no dimension can do with
a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
from torch import Tensor

from latent_widgets.datasets.face_canvas import circle, common
from latent_widgets.datasets.face_palette import ramp
from latent_widgets.datasets.factors import (
    Factor,
    category,
    check_whole,
    cross,
    draw,
    number,
)
from latent_widgets.datasets.rendering import render

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

FACTORS: Mapping[str, Factor] = MappingProxyType(
    {
        "shape": category("outline of the sprite", heart=1 / 3, arrow=1 / 3, moon=1 / 3),
        "scale": number("size, as a share of the largest", 0.5, 1.0),
        "rotation": number("degrees, clockwise as seen in the picture", -60.0, 60.0),
        "x": number("where the middle is: -1 left, 1 right", -1.0),
        "y": number("where the middle is: -1 top, 1 bottom", -1.0),
        "color": number("0 red, through orange, yellow and green, to 1 blue"),
    }
)
"""Every factor by name, in the order of the columns of :class:`SpriteGrid`; read only."""

LEVELS: Mapping[str, int] = MappingProxyType(
    {"shape": 3, "scale": 4, "rotation": 5, "x": 6, "y": 6, "color": 4}
)
"""Levels of each factor in :func:`sprite_grid`: 8,640 pictures."""

RADIUS = 0.57
"""Unit of the outlines below for the largest sprite, in half pictures."""
TRAVEL = 0.33
"""How far the middle goes from that of the picture, in half pictures."""
LARGEST = 2**31
"""Bytes that a grid of pictures may take."""
COLORS = torch.tensor(
    [
        [0.94, 0.22, 0.27],
        [0.98, 0.58, 0.18],
        [0.96, 0.86, 0.28],
        [0.26, 0.78, 0.47],
        [0.25, 0.52, 0.96],
    ]
)
_SUPERSAMPLING = 2
_CHUNK = 64 * 32 * 32


class SpriteGrid(NamedTuple):
    """Pictures of every combination of some levels of the factors, the colour changing fastest.

    Attributes
    ----------
    images : torch.Tensor
        (n, 3, size, size) float32 in [0, 1].
    codes : numpy.ndarray
        (n, 6) int64: which level of each factor, in the order of :data:`FACTORS`, counted from 0:
        what MIG, DCI and SAP take as the truth.
    factors : dict of str to numpy.ndarray
        (n,) each: the values at those levels.
    """

    images: Tensor
    codes: NDArray[np.int64]
    factors: dict[str, NDArray[Any]]


def sample_factors(n: int, seed: int = 0) -> dict[str, NDArray[Any]]:
    """Draw factors for n sprites, each evenly over its range and independently of all others.

    Parameters
    ----------
    n : int
        Number of sprites, 0 or more.
    seed : int
        Seed of a private generator: the global random state is neither read nor changed.

    Returns
    -------
    dict of str to numpy.ndarray
        (n,) each, by the names in :data:`FACTORS`: float32 numbers, int64 codes of the shape.
    """
    return draw(FACTORS, n, seed)


def render_sprites(factors: Mapping[str, ArrayLike], size: int = 32) -> Tensor:
    """Draw one sprite per row of the factors, on black, with soft edges.

    Parameters
    ----------
    factors : mapping of str to array_like
        Exactly the names of :data:`FACTORS`, each with n values inside its range.
    size : int
        Side of the square pictures in pixels, 16 or more.

    Returns
    -------
    torch.Tensor
        (n, 3, size, size) float32 in [0, 1], red, green and blue, on the CPU. The same factors
        give the same bytes.

    Raises
    ------
    ValueError
        When a name is missing or unknown, lengths differ, or a value is outside its range.
    """
    return render(FACTORS, factors, size, _draw, _CHUNK)


def sprites(n: int, seed: int = 0, size: int = 32) -> tuple[Tensor, dict[str, NDArray[Any]]]:
    """Draw n random sprites and return them with the factors they were drawn from.

    Parameters
    ----------
    n : int
        Number of sprites, 0 or more.
    seed : int
        Seed of :func:`sample_factors`.
    size : int
        Side of the square pictures in pixels, 16 or more.

    Returns
    -------
    tuple of torch.Tensor and dict
        Pictures (n, 3, size, size) float32 in [0, 1], and their factors, (n,) each.
    """
    factors = sample_factors(n, seed)
    return render_sprites(factors, size), factors


def sprite_grid(
    levels: Mapping[str, int | Sequence[float]] | None = None, size: int = 32
) -> SpriteGrid:
    """Draw every combination of the factors: the balanced set that disentanglement is measured on.

    Parameters
    ----------
    levels : mapping of str to int or sequence of float, optional
        For some factors, how many levels, evenly spaced over the range (one is the middle; of
        shapes, the first), or the levels themselves. :data:`LEVELS` for those not named.
    size : int
        Side of the square pictures in pixels, 16 or more.

    Returns
    -------
    SpriteGrid
        Pictures, codes and factors.

    Raises
    ------
    ValueError
        When a name is unknown, levels are none, repeated or out of range, or the pictures would
        take more than 2 GiB.

    Examples
    --------
    >>> images, codes, factors = sprite_grid({"x": 3, "y": 3, "color": [0.0, 1.0]})
    >>> images.shape, codes.shape
    (torch.Size([1080, 3, 32, 32]), (1080, 6))
    """
    check_whole("size", size, 16)
    most = LARGEST // (3 * 4 * size**2)
    codes, factors = cross(FACTORS, {**LEVELS, **(levels or {})}, most)
    return SpriteGrid(render_sprites(factors, size), codes, factors)


def _draw(factors: Mapping[str, Tensor], size: int) -> Tensor:
    side = size * _SUPERSAMPLING
    axis = (torch.arange(side) + 0.5) * (2.0 / side) - 1.0
    reach, turn, left, top = (
        factors[name][:, None, None] for name in ("scale", "rotation", "x", "y")
    )
    reach, angle = RADIUS * reach, torch.deg2rad(turn)
    x, y = axis[None, None, :] - TRAVEL * left, axis[None, :, None] - TRAVEL * top
    across = (x * angle.cos() + y * angle.sin()) / reach
    down = (y * angle.cos() - x * angle.sin()) / reach
    distance = torch.empty(len(reach), side, side)
    for code, outline in enumerate(_OUTLINES):
        rows = (factors["shape"] == code).nonzero().flatten()
        distance[rows] = outline(across[rows], down[rows]) * reach[rows]
    cover = (0.5 - distance * (side / 2)).clamp_(0.0, 1.0)
    cover = torch.nn.functional.avg_pool2d(cover[:, None], _SUPERSAMPLING)
    return cover * ramp(COLORS, factors["color"])[..., None, None]


def _heart(x: Tensor, y: Tensor) -> Tensor:
    x, y = x.abs() * 0.62, 0.52 - y * 0.62
    lobe = circle(x - 0.25, y - 0.75, 2**0.5 / 4)
    along = (x + y).clamp_min(0.0) / 2
    side = torch.minimum(x.square() + (y - 1).square(), (x - along).square() + (y - along).square())
    return torch.where(x + y > 1, lobe, side.sqrt() * (x - y).sign()) / 0.62


def _arrow(x: Tensor, y: Tensor) -> Tensor:
    return _polygon(x, y, ((0.0, -1.0), (0.8, 0.05), (0.34, 0.05), (0.34, 0.9)))


def _moon(x: Tensor, y: Tensor) -> Tensor:
    return common(circle(x, y, 0.95), -circle(x - 0.62, y, 0.72), 0.08)


def _polygon(x: Tensor, y: Tensor, right: Sequence[tuple[float, float]]) -> Tensor:
    """Return the exact signed distance to a polygon that is its own mirror image in x."""
    points = [*right, *((-px, py) for px, py in reversed(right) if px)]
    nearest = torch.full_like(x, torch.inf)
    sign = torch.ones_like(x)
    for (px, py), (qx, qy) in zip(points, [*points[1:], points[0]], strict=True):
        ex, ey, wx, wy = qx - px, qy - py, x - px, y - py
        along = ((wx * ex + wy * ey) / (ex * ex + ey * ey)).clamp(0.0, 1.0)
        apart = (wx - ex * along).square() + (wy - ey * along).square()
        nearest = torch.minimum(nearest, apart)
        # A ray to the right crosses the outline an odd number of times from inside.
        crosses = ((y >= py) != (y >= qy)) & ((ex * wy > ey * wx) == (ey > 0))
        sign = torch.where(crosses, -sign, sign)
    return sign * nearest.sqrt()


_OUTLINES = (_heart, _arrow, _moon)
