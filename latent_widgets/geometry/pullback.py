"""The geometry that a decoder pulls back: lengths are those of the pictures, not of the latents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.func import vmap

from latent_widgets.geometry.arrays import Latents, back, tensor, together
from latent_widgets.geometry.base import Geometry
from latent_widgets.geometry.curve import Curve
from latent_widgets.geometry.euclidean import Euclidean
from latent_widgets.geometry.forward import jacfwd, jvp
from latent_widgets.progress import Progress

Decode = Callable[[Tensor], Tensor]

# Steps of the fourth-order Runge-Kutta method along one geodesic.
_WALK = 32
# A share of the metric's trace that keeps it invertible where the pictures hardly change.
_RIDGE = 1e-6
_MEAN_STEPS = 50


class Pullback:
    """Latents measured by the pictures they decode to: G = J^T J, with J the decoder's Jacobian.

    Points are (..., d) as in every geometry. Of a single decoder the metric says nothing about
    where there were no data, and shortest paths cut through empty places (Hauberg 2018); with an
    `ensemble` of decoders disagreement costs length, so that paths stay where the data are.

    Parameters
    ----------
    decode
        Pictures (n, ...) of latents (n, d), differentiable by torch.
    ensemble
        Pictures (m, n, ...) by m decoders trained alike; `decode` is their mean then.
    base
        The space the latents lie in; paths keep to it. Flat when None.

    Notes
    -----
    Tosi et al., "Metrics for probabilistic geometries", 2014; Arvanitidis, Hansen and Hauberg,
    "Latent space oddity", 2018; Syrota, Moreno-Munoz and Hauberg, "Decoder ensembling for
    learned latent geometries", 2024. The energy of a path has no factor 1/2 here.
    """

    name = "pullback"

    def __init__(
        self, decode: Decode, ensemble: Decode | None = None, base: Geometry | None = None
    ) -> None:
        self.base = Euclidean() if base is None else base
        self._decode, self._ensemble = decode, ensemble
        # One decoder agrees with itself, whoever calls it an ensemble.
        self._alone = ensemble is None

    @property
    def label(self) -> str:
        """What a path of this kind is called on screen."""
        return "pull-back geodesic (no uncertainty)" if self._alone else "pull-back geodesic"

    def geodesic(
        self,
        a: Latents,
        b: Latents,
        n: int = 16,
        *,
        start: Latents | None = None,
        steps: int = 20,
        progress: Progress | None = None,
    ) -> Latents:
        """Find a path of least energy from a to b.

        Parameters
        ----------
        a, b
            (d,) points.
        n
            How many segments, 1 to 256. With an ensemble the energy depends on it.
        start
            (n + 1, d) a first guess; the base's shortest path when None.
        steps
            How many steps of the optimiser at most.
        progress
            Called with the share done and words; what it raises passes through.

        Returns
        -------
        Tensor or numpy.ndarray
            (n + 1, d) nodes from a to b, both exact.

        Raises
        ------
        ValueError
            If the arguments do not fit, or the base has no single shortest path to begin with.
        TypeError
            If torch cannot differentiate the decoder.

        Notes
        -----
        L-BFGS with strong Wolfe conditions (Nocedal and Wright 2006), in coordinates that make
        the energy of a linear decoder round. A local minimum, near the first guess.
        """
        first, last = together(a=a, b=b)
        curve = Curve(self._spread, self.base)
        given = None if start is None else tensor(start, first.device).to(first.dtype)
        return back(curve.shortest(first, last, n, start=given, steps=steps, progress=progress), a)

    def interpolate(self, a: Latents, b: Latents, t: Any, n: int = 16) -> Latents:  # noqa: ANN401
        """Walk a shortest path from a (t = 0) to b (t = 1), a cubic spline through its nodes.

        Parameters
        ----------
        a, b
            (d,) points.
        t
            (...) times in [0, 1].
        n
            As for `geodesic`.
        """
        nodes = tensor(self.geodesic(a, b, n))
        found = torch.from_numpy(_spline(nodes)(np.asarray(t, np.float64)))
        found = found.to(nodes.device, nodes.dtype)
        return back(self.base.project(found), a)

    def energy(self, path: Latents) -> float:
        """N times the sum of squared steps of the pictures along nodes (N + 1, d).

        With an ensemble the expectation over a decoder drawn anew at each node, whose part from
        disagreement grows with the square of the number of segments (Syrota et al. 2024).
        """
        return float(Curve(self._spread, self.base).energy(self._nodes(path)).detach())

    def length(self, path: Latents) -> float:
        """Length of the pictures' path through nodes (N + 1, d), in root summed squared pixels."""
        steps = Curve(self._spread, self.base).steps(self._nodes(path)).detach()
        return float(steps.clamp_min(0).sqrt().sum())

    def distance(self, a: Latents, b: Latents, n: int = 16) -> Any:  # noqa: ANN401
        """Length of the shortest path found from a (d,) to b (d,)."""
        return self.length(self.geodesic(a, b, n))

    def metric(self, z: Latents) -> Latents:
        """Give the metric tensor G = J^T J at points (n, d): (n, d, d).

        With an ensemble the mean of its members' metrics, which is the expected one.
        """
        points = self._nodes(z)
        if self._ensemble is None:
            jacobian = self._jacobian(points)[None]
        else:
            members = self._ensemble
            jacobian = vmap(jacfwd(lambda one: members(one[None])[:, 0].flatten(1)))(points)
            jacobian = jacobian.movedim(1, 0)
        return back((jacobian.mT @ jacobian).mean(0), z)

    def magnification(self, z: Latents) -> Latents:
        """How much larger pictures make a small volume around points (n, d): sqrt det G, (n,)."""
        metric = tensor(self.metric(z))
        return back(torch.linalg.det(metric).clamp_min(0).sqrt(), z)

    def log(self, x: Latents, y: Latents, n: int = 16) -> Latents:
        """Velocity (d,) with which the shortest path found leaves x, to be at y at time 1."""
        nodes = tensor(self.geodesic(x, y, n))
        return back(torch.from_numpy(_spline(nodes)(0.0, 1)).to(nodes), x)

    def exp(self, x: Latents, v: Latents) -> Latents:
        """Walk from x (d,) with the velocity v (d,) for time 1, along the geodesic of `decode`.

        J^T (J a + D^2 f[v, v]) = 0 gives the acceleration a, by Runge-Kutta's fourth-order method
        in 32 steps (do Carmo 1992, chapter 3). An ensemble's disagreement is not felt.
        """
        place, velocity = together(x=x, v=v)
        h = 1 / _WALK
        for _ in range(_WALK):
            k1, l1 = velocity, self._bend(place, velocity)
            k2, l2 = velocity + h / 2 * l1, self._bend(place + h / 2 * k1, velocity + h / 2 * l1)
            k3, l3 = velocity + h / 2 * l2, self._bend(place + h / 2 * k2, velocity + h / 2 * l2)
            k4, l4 = velocity + h * l3, self._bend(place + h * k3, velocity + h * l3)
            place = place + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            velocity = velocity + h / 6 * (l1 + 2 * l2 + 2 * l3 + l4)
        return back(self.base.project(place), x)

    def mean(self, points: Latents) -> Latents:
        """Frechet mean of points (n, d): (d,), the point of least sum of squared path energies.

        Descends from the base's mean along the mean of the logarithms (Karcher 1977).
        """
        (given,) = together(points=points)
        x = tensor(self.base.mean(given))
        for _ in range(_MEAN_STEPS):
            pull = torch.stack([tensor(self.log(x, each, 8)) for each in given]).mean(0)
            x = self.base.project(x + pull)
            if float(pull.norm()) < 1e-4 * (1 + float(x.norm())):
                break
        return back(x, points)

    def project(self, x: Latents) -> Latents:
        """Nearest point of the base to x, any (..., d)."""
        return self.base.project(x)

    def _nodes(self, path: Latents) -> Tensor:
        (nodes,) = together(path=path)
        if nodes.ndim != 2:
            raise ValueError(f"path must be (n, d), got shape {tuple(nodes.shape)}")
        return nodes

    def _jacobian(self, points: Tensor) -> Tensor:
        return vmap(jacfwd(lambda one: self._decode(one[None])[0].flatten()))(points)

    def _spread(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Mean pictures (n, p), and how far the decoders are from them: (n,) summed variances."""
        if self._ensemble is None:
            flat = self._decode(z).flatten(1)
            return flat, flat.new_zeros(len(flat))
        each = self._ensemble(z)
        got = tuple(each.shape) if isinstance(each, Tensor) else type(each).__name__
        if not isinstance(got, tuple) or len(got) < 3 or got[0] < 1 or got[1] != len(z):
            raise ValueError(
                f"ensemble must give a tensor (m, {len(z)}, ...) of the pictures of {len(z)} "
                f"latents by m decoders, got {got}"
            )
        self._alone = got[0] < 2
        flat = each.flatten(2)
        return flat.mean(0), flat.var(0, correction=0).sum(1)

    def _bend(self, place: Tensor, velocity: Tensor) -> Tensor:
        def flat(z: Tensor) -> Tensor:
            return self._decode(z[None])[0].flatten()

        def onward(z: Tensor) -> Tensor:
            return jvp(flat, z, velocity)

        second = jvp(onward, place, velocity)
        jacobian = jacfwd(flat)(place)
        metric = jacobian.T @ jacobian
        eye = torch.eye(len(place), dtype=place.dtype, device=place.device)
        ridge = _RIDGE * torch.trace(metric) / len(place) * eye
        acceleration: Tensor = torch.linalg.solve(metric + ridge, -jacobian.T @ second)
        return acceleration


def _spline(nodes: Tensor) -> Any:  # noqa: ANN401 - scipy has no types
    """Give the cubic spline through nodes (n + 1, d), over [0, 1]."""
    from scipy.interpolate import CubicSpline  # noqa: PLC0415 - slow to import

    return CubicSpline(np.linspace(0, 1, len(nodes)), nodes.cpu().numpy())
