"""Flat space: straight lines."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from latent_widgets.geometry.base import Geometry, check_draws
from latent_widgets.geometry.interpolation import lerp
from latent_widgets.geometry.karcher import length


@dataclass(frozen=True)
class Euclidean(Geometry):
    """R^d with the usual distance. Nothing is degenerate here."""

    name: ClassVar[str] = "euclidean"

    def random(
        self,
        n: int,
        dim: int,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
    ) -> Tensor:
        """Draw from N(0, I): (n, dim)."""
        n, dim = check_draws(n, dim)
        device = None if generator is None else generator.device
        return torch.randn(n, dim, generator=generator, dtype=dtype, device=device)

    def origin(self, dim: int) -> Tensor:
        """Zero, the mean of the prior: (dim,)."""
        return torch.zeros(dim)

    def _point(self, name: str, x: Tensor) -> Tensor:  # noqa: ARG002 - every vector is a point
        return x

    def _distance(self, a: Tensor, b: Tensor) -> Tensor:
        return length(a - b)[..., 0]

    def _interpolate(self, a: Tensor, b: Tensor, t: Tensor) -> Tensor:
        return lerp(a, b, t[..., 0])

    def _exp(self, x: Tensor, v: Tensor) -> Tensor:
        return x + v

    def _log(self, x: Tensor, y: Tensor) -> Tensor:
        return y - x

    def _transport(self, x: Tensor, y: Tensor, v: Tensor) -> Tensor:
        return v + torch.zeros_like(x + y)

    def _project(self, x: Tensor) -> Tensor:
        return x

    def _mean(self, points: Tensor, weights: Tensor) -> Tensor:
        return self._combine(points, weights)

    def _combine(self, points: Tensor, weights: Tensor) -> Tensor:
        return (weights[..., None] * points).sum(dim=-2)

    def _move(self, z: Tensor, dim: int, value: Tensor) -> Tensor:
        moved = z.clone()
        moved[..., dim] = value
        return moved
