"""A smooth path through many latents, on any geometry."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.geometry.base import Geometry

Floats = npt.NDArray[np.float64]
EASINGS = ("spline", "linear", "ease")


class KeyPath:
    """A path that is at each of some latents at its time.

    Parameters
    ----------
    keys
        (k, d) latents, at least two.
    durations
        Seconds from each key to the next, above 0: k - 1 of them, or k with `loop`, where the
        last leads back to the first.
    geometry
        What joins the keys.
    easing
        "linear": shortest paths, each at constant speed; "ease": shortest paths that start and
        end at rest; "spline": one curve without a corner or a jolt.
    loop
        Whether it comes back to where it began.

    Attributes
    ----------
    controls : numpy.ndarray
        (s, 4, d) float64 Bezier points of each of the s ways from key to key.
    durations : numpy.ndarray
        (s,) float64 seconds.

    Raises
    ------
    ValueError
        If something does not fit; the sentence names it.

    Notes
    -----
    The spline is Catmull and Rom's (1974) with the times as knots: the velocity at a key is that
    of the parabola through it and its neighbours. Between keys it is a cubic Bezier curve by
    de Casteljau's construction, with geodesics in place of straight lines (Park and Ravani,
    "Bezier curves on Riemannian manifolds", 1995), which makes it C1 on every geometry.
    """

    def __init__(
        self,
        keys: npt.ArrayLike,
        durations: Sequence[float] | npt.ArrayLike,
        geometry: Geometry,
        easing: str = "spline",
        *,
        loop: bool = False,
    ) -> None:
        points = np.asarray(keys, np.float64)
        if points.ndim != 2 or len(points) < 2 or not np.isfinite(points).all():
            raise ValueError(f"keys must be two or more finite rows, got shape {points.shape}")
        geometry.check("keys", points)
        wanted = len(points) - (not loop)
        seconds = np.asarray(durations, np.float64)
        if seconds.shape != (wanted,) or not (np.isfinite(seconds) & (seconds > 0)).all():
            raise ValueError(f"durations must be {wanted} numbers above 0, got {durations!r:.80}")
        if easing not in EASINGS:
            raise ValueError(f"easing must be one of {list(EASINGS)}, got {easing!r}")
        self.durations, self.loop, self.easing, self._geometry = seconds, loop, easing, geometry
        self.controls = self._bezier(points) if easing == "spline" else self._straight(points)

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return float(self.durations.sum())

    def at(self, seconds: npt.ArrayLike) -> Floats:
        """Find latents at times.

        Parameters
        ----------
        seconds
            (...) times from 0; beyond its end it stays there, or goes round again with `loop`.

        Returns
        -------
        numpy.ndarray
            (..., d) float64.
        """
        times = np.asarray(seconds, np.float64)
        whole = self.seconds
        flat = times.ravel() % whole if self.loop else times.ravel().clip(0, whole)
        starts = np.concatenate([[0], np.cumsum(self.durations)])
        which = (np.searchsorted(starts, flat, side="right") - 1).clip(0, len(self.durations) - 1)
        share = ((flat - starts[which]) / self.durations[which]).clip(0, 1)
        if self.easing == "ease":
            share = share * share * (3 - 2 * share)
        found = self._between(self.controls[which], share)
        return found.reshape(*times.shape, self.controls.shape[2])

    def _between(self, controls: Floats, share: Floats) -> Floats:
        walk = self._geometry.interpolate
        if self.easing != "spline":
            return walk(controls[:, 0], controls[:, 3], share)
        row = [controls[:, i] for i in range(4)]
        while len(row) > 1:
            row = [walk(a, b, share) for a, b in itertools.pairwise(row)]
        # The ends are keys, to the last digit.
        ends = [(share == 0, controls[:, 0]), (share == 1, controls[:, 3])]
        for there, key in ends:
            row[0] = np.where(there[:, None], key, row[0])
        return row[0]

    def _ways(self, points: Floats) -> list[tuple[int, int]]:
        n = len(points)
        return [(i, (i + 1) % n) for i in range(n if self.loop else n - 1)]

    def _straight(self, points: Floats) -> Floats:
        thirds = np.array([0, 1 / 3, 2 / 3, 1])
        ways = [
            self._geometry.interpolate(points[i], points[j], thirds) for i, j in self._ways(points)
        ]
        return np.stack(ways)

    def _bezier(self, points: Floats) -> Floats:
        exp, speeds = self._geometry.exp, self._velocities(points)
        ways = []
        for (i, j), third in zip(self._ways(points), self.durations / 3, strict=True):
            leaves = exp(points[i], third * speeds[i])
            arrives = exp(points[j], -third * speeds[j])
            ways.append(np.stack([points[i], leaves, arrives, points[j]]))
        return np.stack(ways)

    def _velocities(self, points: Floats) -> list[Any]:
        """Velocity at each key: of the parabola through three, at open ends of the last one."""
        log, n = self._geometry.log, len(points)
        if n == 2 and not self.loop:
            speed = [log(points[0], points[1]), -log(points[1], points[0])]
            return [each / self.durations[0] for each in speed]
        found: list[Any] = [None] * n
        for i in range(n) if self.loop else range(1, n - 1):
            before, after = self.durations[i - 1], self.durations[i]
            from_, to = -log(points[i], points[i - 1]), log(points[i], points[(i + 1) % n])
            found[i] = (from_ / before * after + to / after * before) / (before + after)
        if not self.loop:
            for end, inner, third in ((0, 1, 0), (n - 1, n - 2, n - 2)):
                way = log(points[end], points[inner]) / self.durations[third]
                turned = self._geometry.transport(points[inner], points[end], found[inner])
                found[end] = (2 * way - turned) if end == 0 else (-2 * way - turned)
        return found
