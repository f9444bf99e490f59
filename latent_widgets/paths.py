"""Every way from one latent of a space to another, in one place."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from torch import Tensor

from latent_widgets import codec
from latent_widgets.counts import whole
from latent_widgets.geometry import lerp, matched_lerp, slerp
from latent_widgets.geometry.resample import resample
from latent_widgets.latent import check_point
from latent_widgets.progress import Progress
from latent_widgets.searches import SOUGHT, Searches, Wanted

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

PLAIN = ("linear", "slerp", "matched", "geodesic")
"""Paths that have a formula, which a page knows too."""
METRICS = (*PLAIN, *SOUGHT)
STOPS = 65
"""A path that was searched for is so many latents, evenly in time, joined by straight lines."""

_MOST = 100_000
# Two threads at once would make the same thing twice.
_turn = threading.RLock()


class Way(NamedTuple):
    """A path that was searched for."""

    latents: codec.Floats
    """(65, d) float32, from a to b, evenly in time."""
    label: str
    """What it is called on screen."""
    seconds: float
    """How long the search took."""


class Paths:
    """Lets a space be walked through."""

    # What a LatentSpace has.
    latent_dim: int
    geometry: Any
    _finder: Pathfinder | None = None

    def path(
        self,
        a: npt.ArrayLike | Tensor,
        b: npt.ArrayLike | Tensor,
        metric: str = "linear",
        n: int = 11,
        *,
        ensemble: object = None,
        progress: Progress | None = None,
    ) -> codec.Floats:
        """Go from one latent to another.

        Parameters
        ----------
        a, b
            (d,) latents; on a curved space the nearest points of it.
        metric
            "linear" goes straight; "slerp" turns the direction and changes the norm evenly;
            "matched" keeps the law of draws from N(0, I), see `geometry.matched_lerp`;
            "geodesic" is the shortest path of the space's own geometry; "pullback" the one along
            which pictures change least, see `geometry.Pullback`; "graph" goes from row to row,
            over gaps where no neighbours join them; "density" keeps to where the rows are dense,
            see `geometry.density.DensityMetric`.
        n
            How many latents, 2 to 100,000.
        ensemble
            For "pullback": a `models.DecoderEnsemble`, or a callable that gives pictures
            (m, k, ...) of latents (k, d) by m decoders. The model's own when it is an ensemble.
        progress
            Called with the share done and words; what it raises passes through.

        Returns
        -------
        numpy.ndarray
            (n, d) float32. Where a equals b all of them are a, but for "matched", which is about
            independent draws and leaves.

        Raises
        ------
        ValueError
            If something does not fit, or there is no single such path, as between opposite points.
        TypeError
            For "pullback", if the space has no decoder that torch can differentiate.
        """
        n = whole("n", n, 2, _MOST)
        return self.paths.at(
            a, b, metric, np.linspace(0, 1, n), ensemble=ensemble, progress=progress
        )

    @property
    def paths(self) -> Pathfinder:
        """What finds paths; what a search can use again is kept."""
        space: LatentSpace = self  # type: ignore[assignment]
        with _turn:
            finder = self._finder
            if finder is None or finder.stale:
                finder = self._finder = Pathfinder(space)
            return finder


class Pathfinder:
    """Finds paths between latents of one space.

    Parameters
    ----------
    space
        Whose model, rows and geometry are used.
    """

    def __init__(self, space: LatentSpace) -> None:
        self._space, self._data, self._model = space, space.data, space._model  # noqa: SLF001
        self.searches = Searches(space)

    @property
    def stale(self) -> bool:
        """Whether the space has another model or other rows by now."""
        return self._data is not self._space.data or self._model is not self._space._model  # noqa: SLF001

    def at(
        self,
        a: npt.ArrayLike | Tensor,
        b: npt.ArrayLike | Tensor,
        metric: str,
        times: npt.ArrayLike,
        *,
        ensemble: object = None,
        progress: Progress | None = None,
    ) -> codec.Floats:
        """Find latents on a path at times (...) from 0 to 1: (..., d); see `Paths.path`."""
        if metric in SOUGHT:
            return self.along(self.find(a, b, metric, ensemble=ensemble, progress=progress), times)
        geometry = self._space.geometry
        walks = {
            "linear": lerp,
            "slerp": slerp,
            "matched": matched_lerp,
            "geodesic": geometry.interpolate,
        }
        if metric not in walks:
            raise ValueError(f"metric must be one of {list(METRICS)}, got {metric!r:.60}")
        first, last = (np.asarray(end, np.float64) for end in self._ends(a, b))
        if geometry.name == "hypersphere":
            # A straight line through the middle would jump from one side to the other.
            slerp(first, last, 0.5)
        path = walks[metric](first, last, np.asarray(times, np.float64)).astype(np.float32)
        return np.asarray(geometry.project(path), np.float32)

    def along(self, way: Way, times: npt.ArrayLike) -> codec.Floats:
        """Read latents (..., d) off a path that was found, at times (...) from 0 to 1."""
        where = np.asarray(times, np.float64) * (len(way.latents) - 1)
        leg = np.clip(where.astype(int), 0, len(way.latents) - 2)
        start, end = (way.latents[leg + i].astype(np.float64) for i in (0, 1))
        path = lerp(start, end, where - leg)
        return np.asarray(self._space.geometry.project(path.astype(np.float32)), np.float32)

    def find(
        self,
        a: npt.ArrayLike | Tensor,
        b: npt.ArrayLike | Tensor,
        metric: str,
        *,
        coarse: bool = False,
        ensemble: object = None,
        progress: Progress | None = None,
    ) -> Way:
        """Search for a path.

        Parameters
        ----------
        a, b, ensemble, progress
            As for `Paths.path`.
        metric
            "pullback", "graph" or "density".
        coarse
            Whether a quick guess will do: few segments and few steps.

        Returns
        -------
        Way
            The path, with both ends exact.
        """
        if metric not in SOUGHT:
            raise ValueError(f"metric must be one of {list(SOUGHT)}, got {metric!r:.60}")
        begun = time.perf_counter()
        ends = self._ends(a, b)
        wanted = Wanted(*ends, coarse, ensemble, progress or _silent)
        nodes, times, label = self.searches.search(metric, wanted)
        if (ends[0] == ends[1]).all():
            nodes = np.stack([ends[0]] * len(nodes))
        smooth = resample(nodes, times, STOPS, straight=metric == "graph")
        latents = np.array(self._space.geometry.project(smooth), np.float32)
        latents[0], latents[-1] = ends
        return Way(latents, label, time.perf_counter() - begun)

    def _ends(
        self, a: npt.ArrayLike | Tensor, b: npt.ArrayLike | Tensor
    ) -> tuple[codec.Floats, codec.Floats]:
        space = self._space
        named = (("a", a), ("b", b))
        first, last = (check_point(k, v, space.latent_dim, space.geometry) for k, v in named)
        return np.asarray(first), np.asarray(last)


def _silent(share: float, words: str) -> None:
    """Tell nobody."""
