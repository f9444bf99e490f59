"""A batch of pictures painted with signed distances, back to front."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

SUPERSAMPLING = 3
"""Samples per output pixel and axis; edges are softened analytically as well."""
EXTENT = 0.89
"""Half the height and width of the scene that a picture shows."""
CENTRE = 0.04


@dataclass(frozen=True)
class Canvas:
    """A batch of pictures with x to the right and y down, in units of about half a picture."""

    pixels: Tensor  # (n, 3, height, width)
    x: Tensor  # (1, 1, width)
    y: Tensor  # (1, height, 1)
    step: float  # distance between two samples

    @classmethod
    def blank(cls, n: int, size: int) -> Canvas:
        """Return n black pictures of ``size`` output pixels a side."""
        side = size * SUPERSAMPLING
        step = 2.0 * EXTENT / side
        axis = (torch.arange(side, dtype=torch.float32) + 0.5) * step - EXTENT
        return cls(
            torch.zeros(n, 3, side, side), axis[None, None, :], axis[None, :, None] + CENTRE, step
        )

    def window(self, left: float, top: float, right: float, bottom: float) -> Canvas:
        """Return the part inside a box; painting on it paints on the whole."""
        columns = slice(int((self.x < left).sum()), int((self.x < right).sum()))
        rows = slice(int((self.y < top).sum()), int((self.y < bottom).sum()))
        pixels = self.pixels[:, :, rows, columns]
        return Canvas(pixels, self.x[..., columns], self.y[:, rows], self.step)

    def cover(self, distance: Tensor, blur: float = 0.0) -> Tensor:
        """Return 1 inside, 0 outside and a soft edge ``blur`` wide (at least one sample)."""
        return (0.5 - distance / max(blur, 1.5 * self.step)).clamp_(0.0, 1.0)

    def paint(self, cover: Tensor, color: Tensor, only: Tensor | None = None) -> None:
        """Blend a colour (3,) or (n, 3) in where ``cover`` (n, h, w) is not 0.

        ``only`` names the pictures that ``cover`` speaks of; the others stay as they are.
        """
        tint = color[..., None, None]
        if only is None:
            self.pixels.lerp_(tint, cover[:, None])
        else:
            self.pixels[only] = torch.lerp(self.pixels[only], tint, cover[:, None])

    def shrunk(self) -> Tensor:
        """Return the finished pictures, (n, 3, size, size), averaged over the samples."""
        return torch.nn.functional.avg_pool2d(self.pixels, SUPERSAMPLING).clamp_(0.0, 1.0)


def ellipse(x: Tensor, y: Tensor, rx: Tensor | float, ry: Tensor | float) -> Tensor:
    """Return the near-exact signed distance to an axis-aligned ellipse at the origin."""
    u, v = (x / rx).square(), (y / ry).square()
    scaled = (u + v).sqrt()
    slope = (u / _squared(rx) + v / _squared(ry)).sqrt().clamp_min(1e-6)
    return scaled * (scaled - 1.0) / slope


def circle(x: Tensor, y: Tensor, radius: Tensor | float) -> Tensor:
    """Return the signed distance to a circle at the origin."""
    return (x.square() + y.square()).sqrt() - radius


def box(
    x: Tensor, y: Tensor, half: tuple[Tensor | float, Tensor | float], round_by: float
) -> Tensor:
    """Return the signed distance to a box at the origin with rounded corners."""
    dx, dy = x.abs() - half[0] + round_by, y.abs() - half[1] + round_by
    outside = (dx.clamp_min(0.0).square() + dy.clamp_min(0.0).square()).sqrt()
    return outside + torch.maximum(dx, dy).clamp_max(0.0) - round_by


def union(a: Tensor, b: Tensor, blend: float = 0.0) -> Tensor:
    """Return the distance to either shape, melted together over ``blend``."""
    lower = torch.minimum(a, b)
    if blend == 0.0:
        return lower
    return lower - (blend - (a - b).abs()).clamp_min(0.0).square() / (4.0 * blend)


def common(a: Tensor, b: Tensor, blend: float = 0.0) -> Tensor:
    """Return the distance to what both shapes share, its corners rounded by ``blend``."""
    return -union(-a, -b, blend)


def _squared(value: Tensor | float) -> Tensor | float:
    return value * value
