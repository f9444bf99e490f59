"""Hyperbolic space in the Poincare ball, computed in float64."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from latent_widgets.geometry.arrays import widen
from latent_widgets.geometry.base import Geometry, check_draws
from latent_widgets.geometry.karcher import karcher_flow, length


@dataclass(frozen=True)
class PoincareBall(Geometry):
    """Points of norm below 1 / sqrt(c), of constant curvature -c.

    Everything is computed in float64, and with formulas that subtract no nearly equal numbers
    at the boundary. A given point on or outside the boundary raises; `project` brings it in.
    A computed point nearer to the boundary than its type can hold (1000 epsilons: 9.7 / sqrt(c)
    from the origin in float32, 29.8 / sqrt(c) in float64) is moved to that limit with a
    RuntimeWarning. Types narrower than float32 are refused. Every other case is well defined:
    shortest paths and means are unique.

    Parameters
    ----------
    c : float
        Minus the curvature, above 0.

    Notes
    -----
    Ungar (2008) for Mobius addition; Ganea, Becigneul and Hofmann (2018) for the maps.
    """

    c: float = 1.0

    name: ClassVar[str] = "poincare"

    def __post_init__(self) -> None:
        """Check the curvature."""
        if not (self.c > 0 and math.isfinite(self.c)):
            raise ValueError(f"c must be a finite number above 0, got {self.c}")

    @property
    def reach(self) -> float:
        """Radius of the ball, 1 / sqrt(c)."""
        return 1 / self._root

    @property
    def _root(self) -> float:
        return math.sqrt(self.c)

    def limit(self, dtype: torch.dtype = torch.float64) -> float:
        """Largest norm of a point that is given back in this floating type."""
        return (1 - 1000 * torch.finfo(dtype).eps) / self._root

    def conformal_factor(self, x: Tensor) -> Tensor:
        """Lambda = 2 / (1 - c |x|^2), how much longer steps at x are than they look: (..., 1)."""
        return 2 / self._gap(x)

    def add(self, x: Tensor, y: Tensor) -> Tensor:
        """Mobius addition of float64 points (..., d), the isometry that takes 0 to x.

        The usual quotient with |x + y|^2 drawn out of numerator and denominator, which keeps
        its digits where x and y nearly cancel at the boundary.
        """
        both = x + y
        bend = self.c * both.square().sum(-1, keepdim=True)
        gap = self._gap(x)
        return (gap * both + bend * x) / (gap * self._gap(y) + bend)

    def random(
        self,
        n: int,
        dim: int,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
    ) -> Tensor:
        """Draw from the standard wrapped normal at the origin: (n, dim).

        A tangent vector is drawn whose hyperbolic length is that of a draw from N(0, I), and
        `exp` walks it (Nagano et al., 2019; Mathieu et al., 2019).
        """
        n, dim = check_draws(n, dim)
        device = None if generator is None else generator.device
        drawn = torch.randn(n, dim, generator=generator, dtype=torch.float64, device=device)
        found = self._exp(torch.zeros_like(drawn), drawn / 2)
        return self._round(found, dtype or torch.get_default_dtype())

    def origin(self, dim: int) -> Tensor:
        """Middle of the ball, zero: (dim,)."""
        return torch.zeros(dim)

    def _working(self, x: Tensor) -> Tensor:
        _refuse_narrow(x.dtype)
        return widen(x)

    def _point(self, name: str, x: Tensor) -> Tensor:
        if bool((self._root * length(x) >= 1).any()):
            raise ValueError(
                f"{name} holds a point on or outside the boundary of the ball, of norm "
                f"{float(length(x).max()):.6g} where it must stay below {1 / self._root:.6g}"
            )
        return x

    def _round(self, x: Tensor, dtype: torch.dtype) -> Tensor:
        slack = 1 + 4 * torch.finfo(dtype).eps
        if bool((length(x) > self.limit(dtype) * slack).any()):
            warnings.warn(
                f"A point came nearer to the boundary of the Poincare ball than "
                f"{str(dtype).removeprefix('torch.')} can hold, and was moved to distance "
                f"{2 / self._root * math.atanh(self._root * self.limit(dtype)):.1f} from the "
                "origin; use float64, a smaller c or shorter vectors.",
                RuntimeWarning,
                stacklevel=4,
            )
        return self._fit(x, dtype)

    def _fit(self, x: Tensor, dtype: torch.dtype) -> Tensor:
        limit = self.limit(dtype)
        norm = length(x)
        return torch.where(norm > limit, x * (limit / norm.clamp_min(limit)), x).to(dtype)

    def _project(self, x: Tensor) -> Tensor:
        _refuse_narrow(x.dtype)
        return self._fit(x, x.dtype)

    def _gap(self, x: Tensor) -> Tensor:
        """1 - c |x|^2, as a product that keeps its digits at the boundary."""
        norm = self._root * length(x)
        return (1 - norm) * (1 + norm)

    def _distance(self, a: Tensor, b: Tensor) -> Tensor:
        return self._span(a, b)[..., 0] / self._root

    def _span(self, a: Tensor, b: Tensor) -> Tensor:
        """Distance in units of the curvature radius; arsinh saturates nowhere, artanh does."""
        scale = self._root / (self._gap(a) * self._gap(b)).sqrt()
        return 2 * torch.asinh(length(a - b) * scale)

    def _interpolate(self, a: Tensor, b: Tensor, t: Tensor) -> Tensor:
        """Geodesic of the hyperboloid, the sinh-weighted sum of its ends, seen in the ball."""
        # Beyond the ends the weights would cancel and overflow; `exp` ends at the boundary.
        within = t.clamp(0, 1)
        span = self._span(a, b)
        whole = _sinhc(span)
        first = (1 - within) * _sinhc((1 - within) * span) / whole / self._gap(a)
        second = within * _sinhc(within * span) / whole / self._gap(b)
        time = first * (2 - self._gap(a)) + second * (2 - self._gap(b))
        path = 2 * (first * a + second * b) / (1 + time)
        path = torch.where(t == 0, a, torch.where(t == 1, b, path))
        return torch.where(within == t, path, self._exp(a, t * self._log(a, b)))

    def _exp(self, x: Tensor, v: Tensor) -> Tensor:
        reach = self._root * length(v) / self._gap(x)
        return self.add(x, v / self._gap(x) * _tanhc(reach))

    def _log(self, x: Tensor, y: Tensor) -> Tensor:
        # (-x) + y in Mobius addition points to y; its length is known better from the distance.
        along = self.add(-x, y)
        norm = length(along)
        apart = norm > 0
        scale = self._span(x, y) / (2 * self._root) / torch.where(apart, norm, 1.0)
        return self._gap(x) * along * torch.where(apart, scale, 1.0)

    def _transport(self, x: Tensor, y: Tensor, v: Tensor) -> Tensor:
        """Two reflections: one turns the path round at x, one takes x to y.

        The second is the inversion in the bisector of x and y, whose centre lies on the
        straight line through both.
        """
        turned = _reflect(v, self.add(-x, y))
        return _reflect(turned, y - x) * (self._gap(y) / self._gap(x))

    def _mean(self, points: Tensor, weights: Tensor) -> Tensor:
        shares = weights[..., None]
        eps = torch.finfo(torch.float64).eps

        def pull(x: Tensor) -> Tensor:
            here = x[..., None, :]
            span = self._span(here, points)
            # Largest curvature of the mean squared distance: x coth x of every distance.
            steep = (shares * span / torch.where(span > 0, span.tanh(), 1.0)).sum(-2)
            step = (shares * self._log(here, points)).sum(-2)
            return step / steep.clamp_min(1.0)

        return karcher_flow(
            self._combine(points, weights),
            pull,
            self._exp,
            lambda _, step: length(step) * self._root / (8 * eps),
        )

    def _combine(self, points: Tensor, weights: Tensor) -> Tensor:
        """Weighted sum in the tangent space at the origin; a sum of zero is the origin.

        Mobius addition would be another answer, which depends on the order of the points.
        """
        origin = torch.zeros_like(points)
        total = (weights[..., None] * self._log(origin, points)).sum(-2)
        return self._exp(torch.zeros_like(total), total)

    def _move(self, z: Tensor, dim: int, value: Tensor) -> Tensor:
        """Set one coordinate; where that leaves the ball, `move` comes back along the radius."""
        moved = z.clone()
        moved[..., dim] = value
        return moved


def _reflect(v: Tensor, normal: Tensor) -> Tensor:
    size = normal.square().sum(-1, keepdim=True)
    share = (v * normal).sum(-1, keepdim=True) / torch.where(size > 0, size, 1.0)
    return v - 2 * torch.where(size > 0, share, 0.0) * normal


def _sinhc(x: Tensor) -> Tensor:
    small = x.abs() < 1e-3
    safe = torch.where(small, 1.0, x)
    return torch.where(small, 1 + x.square() / 6 + x.pow(4) / 120, safe.sinh() / safe)


def _tanhc(x: Tensor) -> Tensor:
    small = x.abs() < 1e-3
    safe = torch.where(small, 1.0, x)
    return torch.where(small, 1 - x.square() / 3 + 2 * x.pow(4) / 15, safe.tanh() / safe)


def _refuse_narrow(dtype: torch.dtype) -> None:
    if torch.finfo(dtype).bits < 32:
        raise TypeError(f"the Poincare ball needs float32 or float64, got {dtype}")
