"""Paths through the rows of a space, from each to one of its nearest."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets import codec
from latent_widgets.geometry.density import DensityMetric
from latent_widgets.progress import Progress

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

Nodes = npt.NDArray[np.floating[Any]]

_JOINED = 10
# Numbers that all decoded rows may fill; beyond that edges are measured in latents.
_MOST_NUMBERS = 2**26
# A processor decodes many at once more slowly than a few.
_BATCH = 64


class RowPath(NamedTuple):
    """A path that goes through rows."""

    nodes: Nodes
    """(m, d) its ends and the rows between them."""
    times: Nodes
    """(m,) when it is at each, 0 to 1."""
    rows: int
    """How many rows."""
    gaps: int
    """How many steps lead over a gap in the data."""


class _Graph(NamedTuple):
    edges: Any
    """(n, n) sparse lengths."""
    seen: Nodes | None
    """(n, p) what rows look like where edges are as long as that; None where latents tell."""
    gaps: frozenset[tuple[int, int]]
    """Rows that are joined only because a gap in the data lies between them."""


class RowGraphs:
    """Graphs that join every row to its nearest; made when they are first needed.

    Parameters
    ----------
    space
        Whose model and rows are used.
    density
        Gives the metric of the rows' density.
    """

    def __init__(self, space: LatentSpace, density: Callable[[], DensityMetric]) -> None:
        self._space, self._data, self._model = space, space.data, space._model  # noqa: SLF001
        self._density = density
        self._graphs: dict[str, _Graph] = {}
        self._bridged: tuple[Any, frozenset[tuple[int, int]]] | None = None

    @property
    def decodes(self) -> bool:
        """Whether all rows can be decoded and kept."""
        pixels = int(np.prod(self._space.image_shape or (0,)))
        return self._model.has_decode and 0 < len(self._data) * pixels <= _MOST_NUMBERS

    def through(self, kind: str, a: codec.Floats, b: codec.Floats, progress: Progress) -> RowPath:
        """Go through rows.

        Parameters
        ----------
        kind
            How long edges are: "pictures" or "latents" as far as their ends are apart, "density"
            the longer the emptier.
        a, b
            (d,) ends.
        progress
            Called while a graph is made; what it raises passes through.

        Raises
        ------
        ValueError
            If no path leads from one to the other.
        """
        from latent_widgets.analysis.graph_path import graph_path  # noqa: PLC0415 - imports scipy

        graph, space = self._join(kind, progress), self._space
        ends = np.stack([a, b])
        near = space.indices.search(ends, min(_JOINED, len(self._data)), "euclidean")
        joins = []
        for end, rows, far in zip(ends, near.rows, near.distances, strict=True):
            apart = far
            if graph.seen is not None:
                own = space.decode(end).flatten().cpu().numpy()
                apart = np.sqrt(np.square(graph.seen[rows] - own, dtype=np.float64).sum(1))
            joins.append((rows, apart))
        rows, lengths = graph_path(graph.edges, *joins)
        nodes = np.concatenate([a[None], space.points[rows], b[None]])
        # No step takes no time at all: a spline could not be drawn through it.
        after = np.concatenate([[0.0], np.cumsum(lengths + 1e-6 * (lengths.sum() or 1))])
        gaps = len(graph.gaps.intersection(map(_pair, rows.tolist(), rows[1:].tolist())))
        return RowPath(nodes, after / after[-1], len(rows), gaps)

    def _join(self, kind: str, progress: Progress) -> _Graph:
        if kind not in self._graphs:
            from latent_widgets.analysis.graph_path import reweigh  # noqa: PLC0415 - as above

            edges, gaps = self._joined(progress)
            seen = None
            if kind == "pictures":
                seen = self._decode_rows(progress)
                edges = reweigh(edges, seen, lambda share, words: progress(0.75 + share / 4, words))
            elif kind == "density":
                edges = self._empty_is_long(edges)
            self._graphs[kind] = _Graph(edges, seen, gaps)
        return self._graphs[kind]

    def _joined(self, progress: Progress) -> tuple[Any, frozenset[tuple[int, int]]]:
        """Give what all kinds begin with: all rows joined, by their distances, and the gaps."""
        if self._bridged is None:
            from latent_widgets.analysis.bridges import bridge  # noqa: PLC0415 - as above

            edges = self._space.indices.graph(lambda share, words: progress(0.4 * share, words))
            edges, made = bridge(
                edges, self._data.mean, lambda share, words: progress(0.4 + share / 10, words)
            )
            self._bridged = edges, frozenset(itertools.starmap(_pair, made.tolist()))
        return self._bridged

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
        metric, rows = self._density(), self._data.mean.float()
        weight = torch.cat([metric.weight(part) for part in torch.split(rows, _BATCH)])
        found = weight.sqrt().cpu().numpy()
        starts = np.repeat(np.arange(len(found)), np.diff(edges.indptr))
        longer = edges.copy()
        longer.data = edges.data * (found[starts] + found[edges.indices]) / 2
        return longer


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
