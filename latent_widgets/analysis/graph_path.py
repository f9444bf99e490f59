"""Shortest paths from row to row: along the data, never across an empty place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours
import torch

from latent_widgets.progress import Progress

Floats = npt.NDArray[np.float64]

# Of pictures that are subtracted at once: as many as a processor has at hand.
_NUMBERS = 2**20


def reweigh(
    graph: scipy.sparse.csr_matrix,
    seen: npt.NDArray[np.floating],
    progress: Progress | None = None,
) -> scipy.sparse.csr_matrix:
    """Give the edges of a graph other lengths: how far apart their ends look.

    Parameters
    ----------
    graph
        (n, n) symmetric, as of `neighbour_graph`.
    seen
        (n, p) what each row decodes to.
    progress
        Called with the share done and words; what it raises passes through.

    Returns
    -------
    scipy.sparse.csr_matrix
        (n, n), the same edges, each as long as the root summed squared difference of its ends.

    Notes
    -----
    The chord stands for the arc that the decoder draws between two near rows, as in Chen et al.,
    "Fast approximate geodesics for deep generative models", 2019.
    """
    starts = np.repeat(np.arange(graph.shape[0]), np.diff(graph.indptr))
    once = starts < graph.indices
    low, high = starts[once], graph.indices[once]
    lengths = np.empty(len(low))
    look = torch.from_numpy(np.asarray(seen))
    at_once = max(_NUMBERS // max(look.shape[1], 1), 1)
    for at in range(0, len(low), at_once):
        if progress is not None:
            progress(at / len(low), f"{at:,} of {len(low):,} edges measured")
        one, other = (torch.from_numpy(ends[at : at + at_once]).long() for ends in (low, high))
        apart = look[one].float() - look[other].float()
        lengths[at : at + at_once] = torch.linalg.vector_norm(apart, dim=1).numpy()
    # Adding a matrix to its transpose would drop the edges of length zero.
    where = np.concatenate([low, high]), np.concatenate([high, low])
    return scipy.sparse.csr_matrix((np.tile(lengths, 2), where), shape=graph.shape)


def graph_path(
    graph: scipy.sparse.csr_matrix,
    start: tuple[npt.NDArray[np.int64], Floats],
    end: tuple[npt.NDArray[np.int64], Floats],
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Find the shortest path through a graph between two points beside it.

    Parameters
    ----------
    graph
        (n, n) symmetric lengths of edges; stored zeros are edges too.
    start, end
        Rows (k,) that each point is joined to, and how far they are (k,).

    Returns
    -------
    rows : numpy.ndarray
        (m,) int64 row ids from the start to the end.
    lengths : numpy.ndarray
        (m + 1,) of the steps, from the start through all rows to the end.

    Raises
    ------
    ValueError
        If no path leads from one to the other.

    Notes
    -----
    Dijkstra (1959).
    """
    anchors, near = start
    n = graph.shape[0]
    joined = scipy.sparse.csr_matrix(
        (
            np.concatenate([graph.data, near]),
            np.concatenate([graph.indices, anchors]),
            np.append(graph.indptr, graph.indptr[-1] + len(anchors)),
        ),
        shape=(n + 1, n + 1),
    )
    far, before = scipy.sparse.csgraph.dijkstra(joined, indices=n, return_predecessors=True)
    whole = far[end[0]] + end[1]
    best = int(whole.argmin())
    if not np.isfinite(whole[best]):
        raise ValueError(
            "no path leads through the data from a to b: the rows near them are not joined"
        )
    rows = [int(end[0][best])]
    while before[rows[-1]] != n:
        rows.append(int(before[rows[-1]]))
    path = np.array(rows[::-1], np.int64)
    return path, np.diff(np.concatenate([[0.0], far[path], [whole[best]]]))
