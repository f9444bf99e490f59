"""The sphere: great circles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from latent_widgets.geometry.base import Geometry, check_draws
from latent_widgets.geometry.interpolation import OPPOSITE, slerp
from latent_widgets.geometry.karcher import karcher_flow, length


@dataclass(frozen=True)
class Hypersphere(Geometry):
    """Points of norm `radius` in R^d, at the distance along the great circle.

    A point that is given off the sphere counts by its direction; a zero vector has none and
    raises. Between opposite points (closer to opposite than 1e-6 radians) there are many
    shortest paths: `distance` is pi * radius; `interpolate`, `log` and `transport` raise.
    Tangent vectors lose their part along x. d is 2 or more.

    Parameters
    ----------
    radius : float
        Above 0.
    """

    radius: float = 1.0

    name: ClassVar[str] = "hypersphere"

    def __post_init__(self) -> None:
        """Check the radius."""
        if not (self.radius > 0 and math.isfinite(self.radius)):
            raise ValueError(f"radius must be a finite number above 0, got {self.radius}")

    @property
    def reach(self) -> float:
        """The radius."""
        return self.radius

    def random(
        self,
        n: int,
        dim: int,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
    ) -> Tensor:
        """Draw uniformly: (n, dim)."""
        n, dim = check_draws(n, dim, 2)
        device = None if generator is None else generator.device
        drawn = torch.randn(n, dim, generator=generator, dtype=dtype, device=device)
        return self._project(drawn)

    def origin(self, dim: int) -> Tensor:
        """Pole of the first axis: (dim,). A sphere has no middle, so this one is declared."""
        return self.radius * torch.eye(1, dim)[0]

    def _point(self, name: str, x: Tensor) -> Tensor:
        if x.shape[-1] < 2:
            raise ValueError(f"{name} must have 2 or more coordinates on a sphere, got 1")
        norm = length(x)
        if bool((norm == 0).any()):
            raise ValueError(f"{name} holds a zero vector, which has no direction on a sphere")
        return x * (self.radius / norm)

    def _project(self, x: Tensor) -> Tensor:
        return self._point("x", x)

    def _angle(self, a: Tensor, b: Tensor) -> Tensor:
        # Exact for small and for wide angles, where arccos loses half the digits.
        return 2 * torch.atan2(length(a - b), length(a + b))

    def _distance(self, a: Tensor, b: Tensor) -> Tensor:
        return self.radius * self._angle(a, b)[..., 0]

    def _interpolate(self, a: Tensor, b: Tensor, t: Tensor) -> Tensor:
        return slerp(a, b, t[..., 0])

    def _exp(self, x: Tensor, v: Tensor) -> Tensor:
        tangent = self._tangent(x, v)
        angle = length(tangent) / self.radius
        return x * torch.cos(angle) + tangent * torch.sinc(angle / torch.pi)

    def _log(self, x: Tensor, y: Tensor) -> Tensor:
        self._refuse_opposite("x", x, "y", y)
        along = self._tangent(x, y - x)
        norm = length(along)
        apart = norm > 0
        scale = self.radius * self._angle(x, y) / torch.where(apart, norm, 1.0)
        return along * torch.where(apart, scale, 1.0)

    def _transport(self, x: Tensor, y: Tensor, v: Tensor) -> Tensor:
        self._refuse_opposite("x", x, "y", y)
        tangent = self._tangent(x, v)
        middle = x + y
        share = (y * tangent).sum(-1, keepdim=True) / length(middle).square()
        return tangent - 2 * share * middle

    def _mean(self, points: Tensor, weights: Tensor) -> Tensor:
        # A point of no weight pulls nowhere, and may well lie opposite to the mean.
        shares = weights[..., None].expand(*points.shape[:-1], 1)
        flat = (shares * points).sum(dim=-2)
        if bool((length(flat) < OPPOSITE * self.radius).any()):
            raise ValueError("points have no single mean on the sphere: their directions cancel")
        start = self._project(flat)
        eps = torch.finfo(points.dtype).eps

        def pull(x: Tensor) -> Tensor:
            here = x[..., None, :]
            try:
                return (shares * self._log(here, torch.where(shares > 0, points, here))).sum(-2)
            except ValueError:
                raise ValueError(
                    "points have no single mean on the sphere: some lie opposite to it"
                ) from None

        found = karcher_flow(
            start, pull, self._step, lambda _, step: length(step) / (16 * eps * self.radius)
        )
        self._refuse_saddle(found, points, shares)
        return found

    def _combine(self, points: Tensor, weights: Tensor) -> Tensor:
        """Weighted sum in the space around, brought back to the sphere by its direction.

        Unlike a sum in the tangent plane at a mean, it favours no point of the sphere and is
        a - b + c of every textbook where all norms are equal.
        """
        # Only their ratios count: their squares must neither overflow nor vanish.
        most = weights.abs().amax(-1, keepdim=True)
        weights = weights / torch.where(most > 0, most, 1.0)
        total = (weights[..., None] * points).sum(dim=-2)
        size = (weights.abs().sum(-1, keepdim=True) * self.radius).clamp_min(1e-30)
        if bool((length(total) <= 1e-6 * size).any()):
            raise ValueError("the weighted sum of points is zero, which has no direction")
        return self._project(total)

    def _move(self, z: Tensor, dim: int, value: Tensor) -> Tensor:
        """Set one coordinate, clamped to the radius, and scale the others to keep the norm.

        Where all others are zero, the next coordinate (after the last, the first) takes what
        is left, at the positive side.
        """
        wanted = value.clamp(-self.radius, self.radius)[..., None]
        at = torch.zeros_like(z)
        at[..., dim] = 1
        others = z * (1 - at)
        norm = length(others)
        spare = at.roll(1, -1)
        direction = torch.where(norm > 0, others / torch.where(norm > 0, norm, 1.0), spare)
        left = ((self.radius - wanted) * (self.radius + wanted)).sqrt()
        return at * wanted + direction * left

    def _tangent(self, x: Tensor, v: Tensor) -> Tensor:
        return v - x * ((x * v).sum(-1, keepdim=True) / self.radius**2)

    def _step(self, x: Tensor, v: Tensor) -> Tensor:
        # Rounding would leave the sphere over many steps.
        return self._project(self._exp(x, v))

    def _refuse_opposite(self, one: str, a: Tensor, other: str, b: Tensor) -> None:
        if bool((length(a + b) < OPPOSITE * self.radius).any()):
            raise ValueError(
                f"{one} and {other} are opposite points of the sphere: there is no single "
                "shortest path between them"
            )

    def _refuse_saddle(self, x: Tensor, points: Tensor, shares: Tensor) -> None:
        """Half the Hessian of the weighted sum of squares must be positive on the tangent plane."""
        here = x[..., None, :]
        along = self._log(here, torch.where(shares > 0, points, here))
        angle = length(along) / self.radius
        unit = along / torch.where(angle > 0, angle, 1.0) / self.radius
        across = torch.cos(angle) / torch.sinc(angle / torch.pi)
        eye = torch.eye(x.shape[-1], dtype=x.dtype, device=x.device)
        flat = eye * (shares * across).sum(-2)[..., None]
        bent = torch.einsum("...ni,...nj->...ij", shares * (1 - across) * unit, unit)
        # The direction out of the sphere is no direction: it is given the eigenvalue 1.
        out = x[..., :, None] * x[..., None, :] / self.radius**2
        curvature = flat + bent + out * (1 - (shares * across).sum(-2)[..., None])
        if bool((torch.linalg.eigvalsh(curvature)[..., 0] < 1e-6).any()):
            raise ValueError(
                "points have no single mean on the sphere: they are spread too far around it"
            )
