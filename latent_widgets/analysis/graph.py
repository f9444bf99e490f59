"""Distances along the data: a graph that joins every row to its nearest ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours
import torch

from latent_widgets.analysis.neighbours import Neighbours, Points
from latent_widgets.geometry import Geometry
from latent_widgets.progress import Progress

Found = tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]

_STEPS = 100
_FIRST_LOOK = 2.0


def neighbour_graph(
    points: Points,
    k: int = 10,
    metric: str | Geometry = "euclidean",
    progress: Progress | None = None,
) -> scipy.sparse.csr_matrix:
    """Join every row to its k nearest, both ways.

    Parameters
    ----------
    points
        (n, d) rows.
    k
        How many each row is joined to at least, 1 or more; all others when there are fewer.
    metric
        "euclidean", "cosine" or a geometry: how near rows are found and how long edges are.
    progress
        Called with the share done and words; what it raises passes through.

    Returns
    -------
    scipy.sparse.csr_matrix
        (n, n) float64, symmetric, no row joined to itself: the lengths of the edges. Equal rows
        are joined by an edge of length zero, which is stored.

    Raises
    ------
    ValueError
        If k is below 1, the points are not finite rows or the metric is unknown.

    Notes
    -----
    The neighbourhood graph of Isomap (Tenenbaum, de Silva and Langford 2000). It costs n searches
    among n rows.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    index = Neighbours(points, metric)
    n = len(index)
    k = min(k, n - 1)
    if k < 1:
        return scipy.sparse.csr_matrix((n, n))
    rows = index.points
    lengths, ends = [], []
    for part in torch.split(torch.arange(n, device=rows.device), max(-(-n // _STEPS), 64)):
        if progress is not None:
            progress(int(part[0]) / n, f"{int(part[0]):,} of {n:,} rows joined")
        distances, found = index.search(rows[part], k + 1)
        # A row finds itself; among more than k equal ones it may not, and the last one goes then.
        other = found != part[:, None]
        other[other.all(dim=1), -1] = False
        lengths.append(distances[other].reshape(-1, k).cpu().numpy())
        ends.append(found[other].reshape(-1, k).cpu().numpy())
    return _symmetric(np.concatenate(lengths), np.concatenate(ends))


def _symmetric(
    lengths: npt.NDArray[np.floating], ends: npt.NDArray[np.int64]
) -> scipy.sparse.csr_matrix:
    n, k = ends.shape
    starts = np.repeat(np.arange(n), k)
    low, high = np.minimum(starts, ends.ravel()), np.maximum(starts, ends.ravel())
    # An edge that both ends found is one edge; adding the matrices would drop those of length 0.
    edges, first = np.unique(low * n + high, return_index=True)
    low, high = edges // n, edges % n
    weights = lengths.ravel()[first].astype(np.float64)
    both = np.concatenate([weights, weights])
    where = np.concatenate([low, high]), np.concatenate([high, low])
    return scipy.sparse.csr_matrix((both, where), shape=(n, n))


def along_graph(
    graph: scipy.sparse.csr_matrix,
    anchors: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.floating],
    k: int,
) -> Found:
    """Find the rows nearest to a point along a graph that it is joined to.

    Parameters
    ----------
    graph
        (n, n) symmetric lengths of edges, as of `neighbour_graph`.
    anchors
        (a,) rows that the point is joined to.
    lengths
        (a,) how far they are.
    k
        How many rows to return, at most n.

    Returns
    -------
    distances : numpy.ndarray
        (k,) float64 lengths of the shortest paths (Dijkstra 1959), ascending; infinite for rows
        that no path leads to, which come last, by their ids.
    rows : numpy.ndarray
        (k,) int64.
    """
    n = graph.shape[0]
    indptr = np.append(graph.indptr, graph.indptr[-1] + len(anchors))
    indices = np.concatenate([graph.indices, anchors])
    data = np.concatenate([graph.data, np.asarray(lengths, np.float64)])
    joined = scipy.sparse.csr_matrix((data, indices, indptr), shape=(n + 1, n + 1))
    # A short look first: most of a large graph is of no interest to few neighbours.
    limit = _FIRST_LOOK * float(np.max(lengths, initial=0.0)) or np.inf
    while True:
        far = scipy.sparse.csgraph.dijkstra(joined, indices=n, limit=limit)[:n]
        reached = int(np.isfinite(far).sum())
        if reached >= k or limit == np.inf:
            break
        limit = limit * _FIRST_LOOK if reached > len(anchors) else np.inf
    rows = np.lexsort((np.arange(n), far))[:k].astype(np.int64)
    return far[rows], rows
