"""What every geometry can do, on tensors and arrays alike."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import asdict
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from latent_widgets.counts import MOST_NUMBERS, whole
from latent_widgets.geometry.arrays import Latents, back, tensor, together, with_times


class Geometry(ABC):
    """A space of latents with distances and shortest paths.

    Points and tangent vectors are (..., d) in the coordinates of the space around, torch
    tensors or NumPy arrays; results are of the kind and device of the first argument and of the
    widest floating type given, and leading axes broadcast. Float64 in, float64 out.
    """

    name: ClassVar[str]

    @property
    def reach(self) -> float:
        """How far from zero a coordinate can be."""
        return math.inf

    def spec(self) -> dict[str, Any]:
        """Name and parameters as JSON; `from_spec` builds the geometry again."""
        return {"name": self.name, **asdict(self)}  # type: ignore[call-overload]

    def distance(self, a: Latents, b: Latents) -> Latents:
        """Length of the shortest path from a to b: (..., d) and (..., d) give (...)."""
        dtype, (start, end) = self._read(a=a, b=b)
        return back(self._distance(start, end).to(_place(a, start), dtype), a)

    def interpolate(self, a: Latents, b: Latents, t: Any) -> Latents:  # noqa: ANN401
        """Walk the shortest path from a (t = 0) to b (t = 1) at constant speed.

        Parameters
        ----------
        a, b
            (..., d) points.
        t
            (...) times; others than 0 to 1 go on along the path.

        Raises
        ------
        ValueError
            If the shapes do not fit, or there is no single shortest path.
        """
        first, second, time = with_times(a, b, t)
        dtype, (start, end) = self._read(a=first, b=second)
        time = time.to(start.device, start.dtype)
        return self._write(self._interpolate(start, end, time), dtype, a)

    def exp(self, x: Latents, v: Latents) -> Latents:
        """Walk from x along the geodesic that begins with the tangent vector v, for time 1."""
        dtype, (start, vector) = self._read(x=x, v=v)
        return self._write(self._exp(start, vector), dtype, x)

    def log(self, x: Latents, y: Latents) -> Latents:
        """Tangent vector at x whose `exp` is y, along the shortest path."""
        dtype, (start, end) = self._read(x=x, y=y)
        return back(self._log(start, end).to(_place(x, start), dtype), x)

    def transport(self, x: Latents, y: Latents, v: Latents) -> Latents:
        """Carry the tangent vector v from x to y along the shortest path, turning it nowhere."""
        dtype, (start, end, vector) = self._read(x=x, y=y, v=v)
        return back(self._transport(start, end, vector).to(_place(x, start), dtype), x)

    def check(self, name: str, points: Latents) -> None:
        """Refuse what holds no points of the space, (..., d), under the name of an argument.

        Raises
        ------
        ValueError
            Naming the argument.
        """
        self._read(**{name: points})

    def project(self, x: Latents) -> Latents:
        """Nearest point of the space to x, any (..., d)."""
        (given,) = together(x=x)
        return back(self._project(given), x)

    def mean(self, points: Latents, weights: Any = None) -> Latents:  # noqa: ANN401
        """Frechet mean: the point of least weighted sum of squared distances.

        Parameters
        ----------
        points
            (..., n, d), at least one.
        weights
            (..., n), at least 0 and not all 0; scaled to sum to 1. By default equal.

        Returns
        -------
        Tensor or numpy.ndarray
            (..., d).

        Raises
        ------
        ValueError
            If the arguments do not fit, or the points have no single mean.
        """
        dtype, given, shares = self._weighted(points, weights)
        if not bool((shares >= 0).all() and (shares.sum(-1) > 0).all()):
            raise ValueError("weights must be at least 0 and not all 0")
        shares = shares / shares.sum(-1, keepdim=True)
        return self._write(self._mean(given, shares), dtype, points)

    def combine(self, points: Latents, weights: Any) -> Latents:  # noqa: ANN401
        """Weighted sum of points, as latent arithmetic (a - b + c) means it here.

        Parameters
        ----------
        points
            (..., n, d), at least one.
        weights
            (..., n), of any sign and sum.

        Returns
        -------
        Tensor or numpy.ndarray
            (..., d).
        """
        dtype, given, shares = self._weighted(points, weights)
        return self._write(self._combine(given, shares), dtype, points)

    def move(self, z: Latents, dim: int, value: Any) -> Latents:  # noqa: ANN401
        """Point of the space that a slider leads to which sets coordinate `dim` to `value`.

        Parameters
        ----------
        z
            (..., d) points.
        dim
            Which coordinate, below d; negative ones count from the end.
        value
            (...) new values of that coordinate.
        """
        dtype, (start,) = self._read(z=z)
        d = start.shape[-1]
        dim = whole("dim", dim, -d, d - 1)
        wanted = torch.as_tensor(value, dtype=start.dtype, device=start.device)
        shape = np.broadcast_shapes(start.shape[:-1], wanted.shape)
        moved = self._move(start.expand(*shape, d), dim % d, wanted.expand(shape))
        return back(self._fit(moved, dtype).to(_place(z, moved)), z)

    @abstractmethod
    def random(
        self,
        n: int,
        dim: int,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
    ) -> Tensor:
        """Draw n points of d = dim coordinates from the standard prior: (n, dim)."""

    @abstractmethod
    def origin(self, dim: int) -> Tensor:
        """Give the point that a reset leads to: (dim,)."""

    @abstractmethod
    def _point(self, name: str, x: Tensor) -> Tensor: ...
    @abstractmethod
    def _distance(self, a: Tensor, b: Tensor) -> Tensor: ...
    @abstractmethod
    def _interpolate(self, a: Tensor, b: Tensor, t: Tensor) -> Tensor: ...
    @abstractmethod
    def _exp(self, x: Tensor, v: Tensor) -> Tensor: ...
    @abstractmethod
    def _log(self, x: Tensor, y: Tensor) -> Tensor: ...
    @abstractmethod
    def _transport(self, x: Tensor, y: Tensor, v: Tensor) -> Tensor: ...
    @abstractmethod
    def _project(self, x: Tensor) -> Tensor: ...
    @abstractmethod
    def _mean(self, points: Tensor, weights: Tensor) -> Tensor: ...
    @abstractmethod
    def _combine(self, points: Tensor, weights: Tensor) -> Tensor: ...
    @abstractmethod
    def _move(self, z: Tensor, dim: int, value: Tensor) -> Tensor: ...

    def _working(self, x: Tensor) -> Tensor:
        """Bring a tensor to the floating type that the formulas are computed in."""
        return x

    def _fit(self, x: Tensor, dtype: torch.dtype) -> Tensor:
        """Bring a point to a floating type, moved to where that type can hold it."""
        return x.to(dtype)

    def _round(self, x: Tensor, dtype: torch.dtype) -> Tensor:
        """As `_fit`, and say so where that loses something."""
        return self._fit(x, dtype)

    def _read(self, **named: Any) -> tuple[torch.dtype, list[Tensor]]:  # noqa: ANN401
        given = together(**named)
        read = [
            self._working(each) if name == "v" else self._point(name, self._working(each))
            for name, each in zip(named, given, strict=True)
        ]
        return given[0].dtype, read

    def _write(self, x: Tensor, dtype: torch.dtype, like: Latents) -> Latents:
        return back(self._round(x, dtype).to(_place(like, x)), like)

    def _weighted(
        self,
        points: Latents,
        weights: Any,  # noqa: ANN401
    ) -> tuple[torch.dtype, Tensor, Tensor]:
        (brought,) = together(points=points)
        if brought.ndim < 2 or brought.shape[-2] < 1:
            raise ValueError(
                f"points must be (..., n, d) with n of 1 or more, got shape {tuple(brought.shape)}"
            )
        dtype, (given,) = self._read(points=brought)
        n = given.shape[-2]
        shares = torch.ones(n) if weights is None else tensor(weights)
        if shares.ndim < 1 or shares.shape[-1] != n:
            raise ValueError(
                f"weights must be (..., {n}), one per point, got shape {tuple(shares.shape)}"
            )
        if not bool(shares.isfinite().all()):
            raise ValueError("weights must be finite numbers")
        return dtype, given, shares.to(given.device, given.dtype)


def check_draws(n: object, dim: object, least: int = 1) -> tuple[int, int]:
    """Check how many points of how many coordinates, at least so many, are to be drawn."""
    wide = whole("dim", dim, least, MOST_NUMBERS)
    return whole("n", n, 0, MOST_NUMBERS // wide), wide


def _place(like: object, otherwise: Tensor) -> torch.device:
    return like.device if isinstance(like, Tensor) else otherwise.device
