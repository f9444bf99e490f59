"""A path of nodes, made as short as it can be in what its nodes decode to."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from latent_widgets.counts import whole
from latent_widgets.geometry.base import Geometry
from latent_widgets.progress import Progress

# Pictures (n, p) of nodes (n, d), and the summed variance of each (n,).
Spread = Callable[[Tensor], tuple[Tensor, Tensor]]

_HISTORY = 10
# The search rests when the energy changes by less than so many times what rounding does.
_REST = 50
# How far along the way, as a share of its length, differences are taken for a metric.
_PROBE = 1e-2
# The smallest eigenvalue of a metric that counts, as a share of the largest.
_FLAT = 1e-3
_MOST = 256


class Curve:
    """Energy of a discrete path, and the search for the path of least energy.

    Parameters
    ----------
    spread
        What nodes decode to, and how unsure that is.
    base
        The space the nodes lie in.
    """

    def __init__(self, spread: Spread, base: Geometry) -> None:
        self._spread, self._base = spread, base

    def steps(self, nodes: Tensor) -> Tensor:
        """Give the expected squared length of each segment of nodes (N + 1, d): (N,).

        With a decoder drawn anew at each node: ||m' - m||^2 + s' + s, where m are mean pictures
        and s summed variances.
        """
        mean, variance = self._spread(nodes)
        return (mean[1:] - mean[:-1]).square().sum(1) + variance[1:] + variance[:-1]

    def energy(self, nodes: Tensor) -> Tensor:
        """Add up `steps`, times N."""
        return (len(nodes) - 1) * self.steps(nodes).sum()

    def shortest(
        self,
        a: Tensor,
        b: Tensor,
        n: int,
        *,
        start: Tensor | None,
        steps: int,
        progress: Progress | None,
    ) -> Tensor:
        """Find nodes (n + 1, d) of least energy; see `Pullback.geodesic`."""
        n = whole("n", n, 1, _MOST)
        steps = whole("steps", steps, 0, 10_000)
        if a.ndim != 1 or b.ndim != 1:
            shapes = f"{tuple(a.shape)} and {tuple(b.shape)}"
            raise ValueError(f"a and b must be (d,), got shapes {shapes}")
        self._base.check("a", a)
        self._base.check("b", b)
        if start is not None and start.shape != (n + 1, len(a)):
            raise ValueError(f"start must be ({n + 1}, {len(a)}), got shape {tuple(start.shape)}")
        times = torch.linspace(0, 1, n + 1, dtype=a.dtype, device=a.device)
        nodes = self._base.interpolate(a, b, times) if start is None else start
        nodes = torch.cat([a[None], nodes[1:-1], b[None]])
        if n < 2:
            return nodes
        with torch.enable_grad():
            found = self._relax(nodes, steps, progress)
        # A search that went astray must not spoil a path that was there.
        return found if bool(found.isfinite().all()) else nodes

    def _relax(self, nodes: Tensor, steps: int, progress: Progress | None) -> Tensor:
        first, inner, last = nodes[:1], nodes[1:-1], nodes[-1:]
        with torch.no_grad():
            before = float(self.energy(nodes))
            if not math.isfinite(before):
                raise ValueError(
                    "no path between a and b can be measured: what lies between them gives NaN or "
                    "infinity, or they are too far apart"
                )
            if not before > 0:
                return nodes
            modes, axes = self._scales(nodes, before)
        amounts = torch.zeros_like(inner, requires_grad=True)
        tiny = torch.finfo(nodes.dtype).eps
        search = torch.optim.LBFGS(
            [amounts],
            max_iter=steps,
            max_eval=2 * steps,
            history_size=_HISTORY,
            tolerance_grad=tiny,
            tolerance_change=_REST * tiny,
            line_search_fn="strong_wolfe",
        )
        looks = 0

        def bent() -> Tensor:
            return self._base.project(inner + modes @ amounts @ axes)

        def closure() -> Tensor:
            nonlocal looks
            if progress is not None:
                progress(min(looks / steps, 1.0), "shortening")
            looks += 1
            search.zero_grad()
            energy = self.energy(torch.cat([first, bent(), last])) / before
            if not energy.requires_grad:
                raise TypeError("decode must be differentiable by torch for a geodesic")
            energy.backward()  # type: ignore[no-untyped-call]
            return energy.detach()

        search.step(closure)  # type: ignore[no-untyped-call]
        return torch.cat([first, bent().detach(), last])

    def _scales(self, nodes: Tensor, energy: float) -> tuple[Tensor, Tensor]:
        """Give coordinates in which the energy is round, so that few steps find its bottom.

        Sine waves along the path, each as high as it is long, and the axes of the mean metric:
        for a linear decoder the Hessian in them is the identity, over `energy`.
        """
        n, d = len(nodes) - 1, nodes.shape[1]
        k = torch.arange(1, n, dtype=nodes.dtype, device=nodes.device)
        waves = (torch.outer(k, k) * (torch.pi / n)).sin() / (2 * (k * torch.pi / (2 * n)).sin())
        probes = nodes[[n // 4, n - n // 4]]
        step = _PROBE * max(float((nodes[-1] - nodes[0]).norm()), _PROBE)
        moved = probes[:, None] + step * torch.eye(d, dtype=nodes.dtype, device=nodes.device)
        seen = self._spread(torch.cat([probes, self._base.project(moved.flatten(0, 1))]))[0]
        jacobian = (seen[2:].reshape(2, d, -1) - seen[:2, None]) / step
        values, axes = torch.linalg.eigh((jacobian @ jacobian.mT).mean(0))
        # Directions that hardly change the picture would be walked without end.
        values = values.clamp_min(_FLAT * float(values[-1]) or 1.0)
        return waves * (energy / n**2) ** 0.5, axes.T / values.sqrt()[:, None]
