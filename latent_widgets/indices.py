"""The rows of a space, searched by any metric; what a search can use again is kept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.neighbours import Neighbours
from latent_widgets.encoded import Encoded
from latent_widgets.geometry import Geometry
from latent_widgets.progress import Progress

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

METRICS = ("euclidean", "cosine", "geodesic")

_JOINED = 10
"""Rows that each one is joined to at least, where distances are measured along the data."""


class Nearest(NamedTuple):
    """The rows nearest to something."""

    rows: npt.NDArray[np.int64]
    """(k,) ids, the nearest first; (m, k) for m latents."""
    distances: npt.NDArray[np.float64]
    """(k,) or (m, k), ascending."""


class Indices:
    """Searches the same rows by several metrics.

    Parameters
    ----------
    data
        The rows.
    geometry
        What kind of space they live in.
    """

    def __init__(self, data: Encoded, geometry: Geometry) -> None:
        self.data = data
        self._geometry = geometry
        self._lock = threading.Lock()
        self._kept: dict[str, Neighbours] = {}
        self._joined: csr_matrix | None = None

    def ready(self, metric: str) -> bool:
        """Tell whether a search by this metric takes a moment only.

        Parameters
        ----------
        metric
            One of `METRICS`.

        Returns
        -------
        bool
            False while the graph of a flat space, which "geodesic" needs, is not there.
        """
        return not self._flat(metric) or self._joined is not None

    def search(
        self,
        asked: npt.NDArray[np.float32],
        k: int,
        metric: str,
        progress: Progress | None = None,
    ) -> Nearest:
        """Find the k nearest rows of each latent.

        Parameters
        ----------
        asked
            (m, d) latents.
        k
            How many rows, at most n.
        metric
            One of `METRICS`, as `LatentSpace.neighbours` says.
        progress
            Called while a graph is built; what it raises passes through.

        Returns
        -------
        Nearest
            (m, k) each.
        """
        if self._flat(metric):
            return self._along(asked, k, progress)
        distances, rows = self._index(metric).search(asked, k)
        return Nearest(rows.cpu().numpy(), distances.cpu().double().numpy())

    def graph(self, progress: Progress | None = None) -> csr_matrix:
        """Give the graph that joins every row to its 10 nearest; it is built once.

        Parameters
        ----------
        progress
            As for `search`.

        Returns
        -------
        scipy.sparse.csr_matrix
            (n, n), see `analysis.graph.neighbour_graph`.
        """
        from latent_widgets.analysis.graph import neighbour_graph  # noqa: PLC0415 - imports scipy

        if self._joined is None:
            # Without the lock: whoever waits for nothing of it must not wait for all of it.
            self._joined = neighbour_graph(self.data.mean, _JOINED, progress=progress)
        return self._joined

    def _flat(self, metric: str) -> bool:
        return metric == "geodesic" and self._geometry.name == "euclidean"

    def _index(self, metric: str) -> Neighbours:
        with self._lock:
            if metric not in self._kept:
                how: Any = self._geometry if metric == "geodesic" else metric
                self._kept[metric] = Neighbours(self.data.mean, how)
            return self._kept[metric]

    def _along(self, asked: npt.NDArray[np.float32], k: int, progress: Progress | None) -> Nearest:
        from latent_widgets.analysis.graph import along_graph  # noqa: PLC0415 - imports scipy

        graph = self.graph(progress)
        lengths, anchors = self._index("euclidean").search(asked, _JOINED)
        found = [
            along_graph(graph, rows, far, k)
            for rows, far in zip(anchors.cpu().numpy(), lengths.cpu().numpy(), strict=True)
        ]
        distances, ids = (np.stack(part) for part in zip(*found, strict=True))
        return Nearest(ids, distances)
