"""Steps over the gaps of a graph whose rows are in several groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours
import torch

from latent_widgets.analysis.neighbours import Neighbours, Points
from latent_widgets.progress import Progress

# Distances that are looked at in a moment.
_MOST = 500_000_000


def bridge(
    graph: scipy.sparse.csr_matrix, points: Points, progress: Progress | None = None
) -> tuple[scipy.sparse.csr_matrix, npt.NDArray[np.int64]]:
    """Join groups of rows that no edge joins, each to the row outside that is nearest to it.

    Parameters
    ----------
    graph
        (n, n) symmetric lengths of edges, as of `neighbour_graph`.
    points
        (n, d) the rows.
    progress
        Called with the share done and words; what it raises passes through.

    Returns
    -------
    graph : scipy.sparse.csr_matrix
        (n, n) with the bridges in it; the same where all is joined, or finding the bridges would
        take longer than a moment.
    bridges : numpy.ndarray
        (m, 2) int64 rows that each joins.

    Notes
    -----
    Boruvka's algorithm (1926) for the shortest tree that joins the groups.
    """
    rows = torch.as_tensor(points)
    made: list[tuple[int, int]] = []
    while True:
        count, group = scipy.sparse.csgraph.connected_components(graph, directed=False)
        sizes = np.bincount(group, minlength=count)
        smaller = np.argsort(sizes, kind="stable")[:-1]
        if not len(smaller) or sizes[smaller].sum() * len(group) > _MOST:
            return graph, np.array(made, np.int64).reshape(-1, 2)
        found: dict[tuple[int, int], float] = {}
        for i, one in enumerate(smaller):
            if progress is not None:
                progress(i / len(smaller), f"{count:,} groups of rows joined")
            inside, outside = np.flatnonzero(group == one), np.flatnonzero(group != one)
            far, near = Neighbours(rows[outside]).search(rows[inside], 1)
            best = int(far.argmin())
            a, b = int(inside[best]), int(outside[int(near[best])])
            found[min(a, b), max(a, b)] = float(far[best])
        made += found
        low, high = np.array(list(found), np.int64).T
        lengths = np.array(list(found.values()))
        graph = scipy.sparse.csr_matrix(
            (
                np.concatenate([graph.data, lengths, lengths]),
                (
                    np.concatenate([graph.tocoo().row, low, high]),
                    np.concatenate([graph.indices, high, low]),
                ),
            ),
            shape=graph.shape,
        )
