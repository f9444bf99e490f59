"""Searches for paths: by what the decoder shows, through the rows, along their density."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets import codec
from latent_widgets.geometry import Pullback
from latent_widgets.geometry.density import DensityMetric, KernelDensity
from latent_widgets.geometry.resample import resample
from latent_widgets.progress import Progress
from latent_widgets.row_graphs import RowGraphs

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

SOUGHT = ("pullback", "graph", "density")
"""Paths that are found by a search."""

Nodes = npt.NDArray[np.floating[Any]]
# A path's nodes (m, d), when it is at each (m,), and what it is called.
Found = tuple[Nodes, Nodes, str]

_SEGMENTS, _COARSE_SEGMENTS = 16, 6
_STEPS, _COARSE_STEPS = 20, 4
# With twice the segments: what more steps would gain is a hundredth of the energy.
_FINER_STEPS = 12
# A curve of so much more energy than its nodes has steps that are too long, and is seen so finely.
_JUMP, _FINE = 1.1, 65
# Rows whose graph is made in a moment.
_QUICKLY = 10_000
# Two threads at once would make the same thing twice.
_turn = threading.RLock()


class Wanted(NamedTuple):
    """What a path is looked for between, and how."""

    a: codec.Floats
    """(d,) where it starts."""
    b: codec.Floats
    """(d,) where it ends."""
    coarse: bool
    """Whether a quick guess will do."""
    ensemble: object
    """Several decoders, or None."""
    progress: Progress

    @property
    def size(self) -> tuple[int, int]:
        """How many segments, and steps of the optimiser."""
        return (_COARSE_SEGMENTS, _COARSE_STEPS) if self.coarse else (_SEGMENTS, _STEPS)


def decoders(ensemble: Any) -> Any:  # noqa: ANN401 - anything may be given
    """Give what decodes latents by each decoder of an ensemble; None for None.

    Raises
    ------
    TypeError
        If it is neither a DecoderEnsemble nor callable.
    """
    each = getattr(ensemble, "decode_each", ensemble)
    if each is not None and not callable(each):
        raise TypeError(
            "ensemble must be a DecoderEnsemble or a callable of latents, "
            f"got {type(ensemble).__name__}"
        )
    return each


class Searches:
    """Searches in one space; what can be used again is kept.

    Parameters
    ----------
    space
        Whose model, rows and geometry are used.
    """

    def __init__(self, space: LatentSpace) -> None:
        self._space, self._data, self._model = space, space.data, space._model  # noqa: SLF001
        self._density: DensityMetric | None = None
        self._usual: Nodes | None = None
        self._rows = RowGraphs(space, self.density)

    def search(self, metric: str, wanted: Wanted) -> Found:
        """Search for one path; see `paths.Pathfinder.find`."""
        kinds = {"pullback": self._by_pictures, "graph": self._by_rows, "density": self._dense}
        return kinds[metric](wanted)

    def density(self) -> DensityMetric:
        """Give the metric of the data's density; made once.

        Raises
        ------
        ValueError
            If the space has fewer than two rows.
        """
        self._need_rows("density")
        with _turn:
            if self._density is None:
                rows = KernelDensity(self._data.mean.float())
                self._density = DensityMetric(rows, self._space.geometry)
            return self._density

    def usual(self) -> Nodes:
        """Give the log density of each row that `density` knows, (n,); measured once."""
        if self._usual is None:
            self._usual = self.density().density.of_rows().cpu().numpy()
        return self._usual

    def pullback(self, ensemble: object = None) -> Pullback:
        """Give the geometry that the decoder pulls back.

        Raises
        ------
        TypeError
            If the space has no decoder, or `ensemble` is none.
        """
        space, model = self._space, self._model
        if not model.has_decode:
            raise TypeError(
                "this space has no decode, so no pictures tell how long a path is: "
                "metric 'pullback' needs them"
            )
        if ensemble is None and callable(getattr(space.model, "decode_each", None)):
            ensemble = space.model
        each, shape = decoders(ensemble), space.image_shape
        return Pullback(lambda z: model.differentiable(z, shape), each, space.geometry)

    def _need_rows(self, metric: str) -> None:
        if len(self._data) < 2:
            few = "only one row" if len(self._data) else "no rows"
            raise ValueError(f"metric {metric!r} follows the data, and this space has {few}")

    def _by_pictures(self, wanted: Wanted) -> Found:
        geometry = self.pullback(wanted.ensemble)
        n, steps = wanted.size
        a, b = (torch.from_numpy(end.copy()).to(self._space.device) for end in wanted[:2])
        found = geometry.geodesic(a, b, n, steps=steps, progress=wanted.progress)
        if not wanted.coarse:
            # Long steps may jump over what lies between them; shorter ones cannot so far.
            sure = Pullback(lambda z: self._model.differentiable(z, self._space.image_shape))
            ways = [found]
            if self._whole(sure, found) > _JUMP * sure.energy(found):
                tell = wanted.progress
                ways.append(geometry.geodesic(a, b, 2 * n, steps=_FINER_STEPS, progress=tell))
            found = min(ways, key=lambda way: self._whole(geometry, way))
        return found.cpu().numpy(), np.linspace(0, 1, len(found)), geometry.label

    def _whole(self, geometry: Pullback, nodes: Any) -> float:  # noqa: ANN401 - a tensor
        """Give the energy of the curve through the nodes, and not of its chords."""
        curve = resample(nodes.cpu().numpy(), np.linspace(0, 1, len(nodes)), _FINE)
        return geometry.energy(torch.from_numpy(curve).to(nodes))

    def _dense(self, wanted: Wanted) -> Found:
        metric = self.density()
        n, steps = wanted.size
        guesses: list[Any] = [None]
        # Around an empty place there are several ways; that of the rows is seldom the worst.
        if len(self._data) <= _QUICKLY:
            try:
                way = self._rows.through("density", wanted.a, wanted.b, wanted.progress)
            except ValueError:
                pass
            else:
                around = resample(way.nodes, way.times, n + 1)
                guesses.append(self._space.geometry.project(around).astype(np.float32))
        found = [
            metric.geodesic(
                wanted.a, wanted.b, n, start=guess, steps=steps, progress=wanted.progress
            )
            for guess in guesses
        ]
        best = min(found, key=metric.energy)
        return best, np.linspace(0, 1, n + 1), "along the density"

    def _by_rows(self, wanted: Wanted) -> Found:
        self._need_rows("graph")
        kind = "pictures" if self._rows.decodes else "latents"
        way = self._rows.through(kind, wanted.a, wanted.b, wanted.progress)
        count = "1 row" if way.rows == 1 else f"{way.rows} rows"
        gaps = "gap" if way.gaps == 1 else "gaps"
        over = f", over {way.gaps} {gaps} in the data" if way.gaps else ""
        return way.nodes, way.times, f"through {count}{over} (length in {kind})"
