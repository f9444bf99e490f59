"""Paths that keep to where the data are dense: a metric that makes empty places long."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from latent_widgets.geometry.arrays import Latents, back, tensor, together
from latent_widgets.geometry.base import Geometry
from latent_widgets.geometry.curve import Curve
from latent_widgets.geometry.euclidean import Euclidean
from latent_widgets.progress import Progress

# More rows make no other density, only a slower one.
_MOST_ROWS = 2_000
# How near the next rows are tells how wide a kernel must be to reach them.
_NEAR = 10


class KernelDensity:
    """Density of latents: a Gaussian around each row, all of one width.

    Parameters
    ----------
    rows
        (n, d) latents, at least 2; 2,000 of them, evenly picked, stand for more.
    bandwidth
        Standard deviation of each Gaussian. When None, such that half of the rows find their
        tenth neighbour within the usual length of a draw from it, bandwidth * sqrt(d).

    Raises
    ------
    ValueError
        If there are fewer than two rows, or the bandwidth is not above 0.

    Notes
    -----
    Parzen (1962). In the coordinates the latents are given in, also on a curved space.
    """

    def __init__(self, rows: Latents, bandwidth: float | None = None) -> None:
        (given,) = together(rows=rows)
        if given.ndim != 2 or len(given) < 2:
            raise ValueError(
                f"rows must be 2 or more latents (n, d), got shape {tuple(given.shape)}"
            )
        if bandwidth is not None and not 0 < bandwidth < math.inf:
            raise ValueError(f"bandwidth must be a finite number above 0, got {bandwidth}")
        step = -(-len(given) // _MOST_ROWS)
        self.rows = given[::step].detach()
        self.bandwidth = self._usual() if bandwidth is None else float(bandwidth)

    def log(self, z: Latents) -> Latents:
        """Log density of latents (..., d), in nats: (...), differentiable by torch."""
        points = tensor(z, self.rows.device).to(self.rows.dtype)
        flat = points.reshape(-1, points.shape[-1])
        exponent = -self._squared(flat) / (2 * self.bandwidth**2)
        return back((exponent.logsumexp(1) + self._scale).reshape(points.shape[:-1]), z)

    def of_rows(self) -> Tensor:
        """Log density of each row among the others, (n,): what is usual where data are."""
        exponent = -self._squared(self.rows) / (2 * self.bandwidth**2)
        exponent.fill_diagonal_(-math.inf)
        return exponent.logsumexp(1) + self._scale

    @property
    def _scale(self) -> float:
        n, d = self.rows.shape
        return -math.log(n) - d * (math.log(self.bandwidth) + 0.5 * math.log(2 * math.pi))

    def _squared(self, points: Tensor) -> Tensor:
        # From the middle of the rows: products of large numbers would leave nothing of small ones.
        middle = self.rows.mean(0)
        ours, theirs = points - middle, self.rows - middle
        both = ours.square().sum(1, keepdim=True) + theirs.square().sum(1)
        return (both - 2 * ours @ theirs.T).clamp_min(0)

    def _usual(self) -> float:
        n, d = self.rows.shape
        near = torch.cdist(self.rows, self.rows).kthvalue(min(_NEAR, n - 1) + 1, dim=1).values
        wide = float(near.median()) or float(near.max())
        return (wide or 1.0) / math.sqrt(d)


class DensityMetric:
    """Latents measured so that empty places are long: |dz|^2 / (q(z) / q0 + floor).

    q is the density and q0 its median among the rows, so that a path costs its own length
    where data are usual, and at most 1 / sqrt(floor) times as much where there are none.

    Parameters
    ----------
    density
        Of the data.
    base
        The space the latents lie in; paths keep to it. Flat when None.
    floor
        Above 0: the smaller, the farther a path goes around an empty place.

    Notes
    -----
    A conformal metric as in Bousquet, Chapelle and Hein, "Measure based regularization", 2003;
    on latents Arvanitidis, Hauberg and Schoelkopf, "Geometrically enriched latent spaces", 2021.
    """

    name = "density"

    def __init__(
        self, density: KernelDensity, base: Geometry | None = None, floor: float = 0.01
    ) -> None:
        if not 0 < floor < math.inf:
            raise ValueError(f"floor must be a finite number above 0, got {floor}")
        self.base = Euclidean() if base is None else base
        self.density, self._floor = density, floor
        self._median = float(density.of_rows().median())

    def weight(self, z: Tensor) -> Tensor:
        """How much longer the square of a short step is at latents (n, d): (n,)."""
        shares = (self.density.log(z) - self._median).clamp_max(0)
        return 1 / (shares.exp() + self._floor)

    def energy(self, path: Latents) -> float:
        """N times the sum of squared lengths of the steps between nodes (N + 1, d)."""
        return float(self._curve().energy(self._own(path)).detach())

    def length(self, path: Latents) -> float:
        """Sum of the lengths of the steps between nodes (N + 1, d)."""
        return float(self._curve().steps(self._own(path)).detach().clamp_min(0).sqrt().sum())

    def geodesic(
        self,
        a: Latents,
        b: Latents,
        n: int = 16,
        *,
        start: Latents | None = None,
        steps: int = 30,
        progress: Progress | None = None,
    ) -> Latents:
        """Find a path of least energy from a (d,) to b (d,): (n + 1, d) nodes, both ends exact.

        Parameters are those of `Pullback.geodesic`.
        """
        first, last = (self._own(end) for end in together(a=a, b=b))
        guess = None if start is None else self._own(start)
        found = self._curve().shortest(first, last, n, start=guess, steps=steps, progress=progress)
        return back(found, a)

    def _own(self, z: Latents) -> Tensor:
        return tensor(z, self.density.rows.device).to(self.density.rows.dtype)

    def _curve(self) -> Curve:
        return _Weighted(self)


class _Weighted(Curve):
    """Steps in latents, weighted at their middles and ends (Simpson's rule)."""

    def __init__(self, metric: DensityMetric) -> None:
        # Seen from the search, latents are their own pictures, without doubt.
        super().__init__(lambda z: (z, z.new_zeros(len(z))), metric.base)
        self._metric = metric

    def steps(self, nodes: Tensor) -> Tensor:
        ends = self._metric.weight(nodes)
        middles = self._metric.weight((nodes[1:] + nodes[:-1]) / 2)
        weight = (ends[1:] + 4 * middles + ends[:-1]) / 6
        base = self._metric.base
        far = (
            base.distance(nodes[1:], nodes[:-1]).square()
            if base.name == "poincare"
            else (nodes[1:] - nodes[:-1]).square().sum(1)
        )
        return weight * far
