"""Searches for paths: by what the decoder shows, through the rows, along their density."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets import codec
from latent_widgets.geometry import Pullback
from latent_widgets.geometry.density import DensityMetric, KernelDensity
from latent_widgets.geometry.resample import resample

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

SOUGHT = ("pullback", "graph", "density")
"""Paths that are found by a search."""

Progress = Callable[[float, str], None]
Nodes = npt.NDArray[np.floating[Any]]
# A path's nodes (m, d), when it is at each (m,), and what it is called.
Found = tuple[Nodes, Nodes, str]

_JOINED = 10
_SEGMENTS, _COARSE_SEGMENTS = 16, 6
_STEPS, _COARSE_STEPS = 20, 4
# Numbers that all decoded rows may fill; beyond that edges are measured in latents.
_MOST_NUMBERS = 2**26
# A curve of so much more energy than its nodes has steps that are too long, and is seen so finely.
_JUMP, _FINE = 1.1, 65
_BATCH = 256
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


class _Graph(NamedTuple):
    edges: Any
    """(n, n) sparse lengths."""
    seen: Nodes | None
    """(n, p) what rows look like where edges are as long as that; None where latents tell."""


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
        self._graphs: dict[str, _Graph] = {}

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
                ways.append(geometry.geodesic(a, b, 2 * n, steps=steps, progress=tell))
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
                nodes, at, _ = self._through("density", wanted)
            except ValueError:
                pass
            else:
                around = resample(nodes, at, n + 1)
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
        kind = "pictures" if self._decodes else "latents"
        nodes, times, rows = self._through(kind, wanted)
        count = "1 row" if rows == 1 else f"{rows} rows"
        return nodes, times, f"through {count} (length in {kind})"

    @property
    def _decodes(self) -> bool:
        """Whether all rows can be decoded and kept."""
        pixels = int(np.prod(self._space.image_shape or (0,)))
        return self._model.has_decode and 0 < len(self._data) * pixels <= _MOST_NUMBERS

    def _through(self, kind: str, wanted: Wanted) -> tuple[Nodes, Nodes, int]:
        """Go through rows whose edges are as long as `kind` says: nodes, times, how many rows."""
        from latent_widgets.analysis.graph_path import graph_path  # noqa: PLC0415 - imports scipy

        graph, space = self._join(kind, wanted.progress), self._space
        near = space.indices.search(
            np.stack(wanted[:2]), min(_JOINED, len(self._data)), "euclidean"
        )
        joins = []
        for end, rows, far in zip(wanted[:2], near.rows, near.distances, strict=True):
            apart = far
            if graph.seen is not None:
                own = space.decode(end).flatten().cpu().numpy()
                apart = np.sqrt(np.square(graph.seen[rows] - own, dtype=np.float64).sum(1))
            joins.append((rows, apart))
        rows, lengths = graph_path(graph.edges, *joins)
        nodes = np.concatenate([wanted.a[None], space.points[rows], wanted.b[None]])
        # No step takes no time at all: a spline could not be drawn through it.
        after = np.concatenate([[0.0], np.cumsum(lengths + 1e-6 * (lengths.sum() or 1))])
        return nodes, after / after[-1], len(rows)

    def _join(self, kind: str, progress: Progress) -> _Graph:
        if kind not in self._graphs:
            from latent_widgets.analysis.graph_path import reweigh  # noqa: PLC0415 - as above

            edges = self._space.indices.graph(lambda share, words: progress(share / 2, words))
            seen = None
            if kind == "pictures":
                seen = self._decode_rows(progress)
                edges = reweigh(edges, seen, lambda share, words: progress(0.75 + share / 4, words))
            elif kind == "density":
                edges = self._empty_is_long(edges)
            self._graphs[kind] = _Graph(edges, seen)
        return self._graphs[kind]

    def _decode_rows(self, progress: Progress) -> Nodes:
        n, rows = len(self._data), self._data.mean
        seen = np.empty((n, int(np.prod(self._space.image_shape or (0,)))), np.float16)
        for at in range(0, n, _BATCH):
            progress(0.5 + 0.25 * at / n, f"{at:,} of {n:,} rows decoded")
            part = slice(at, at + _BATCH)
            seen[part] = self._space.decode(rows[part]).flatten(1).cpu().numpy()
        return seen

    def _empty_is_long(self, edges: Any) -> Any:  # noqa: ANN401
        """Weigh each edge by how empty its ends are."""
        metric, rows = self.density(), self._data.mean.float()
        weight = torch.cat([metric.weight(part) for part in torch.split(rows, _BATCH)])
        found = weight.sqrt().cpu().numpy()
        starts = np.repeat(np.arange(len(found)), np.diff(edges.indptr))
        longer = edges.copy()
        longer.data = edges.data * (found[starts] + found[edges.indices]) / 2
        return longer
