"""What a bar is made of: the loop of rows of a hole, the edge that joins two clusters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.rips import Distances, edges_within

Path = npt.NDArray[np.intp]

# Edges of one length that might have opened a hole together; only grids have more.
_MOST_TIED = 64


class Bridge(NamedTuple):
    """The edge at which two components of the Rips graph become one.

    Attributes
    ----------
    length : float
        The scale at which it happens.
    ends : tuple of int
        The two points that it joins.
    sizes : tuple of int
        How many points each of the two components has.
    """

    length: float
    ends: tuple[int, int]
    sizes: tuple[int, int]


def find_loop(
    distances: Distances, birth: float, cocycle: npt.NDArray[np.int64], coeff: int
) -> Path:
    """Find a shortest closed loop that goes around a hole, at the scale at which it is born.

    Parameters
    ----------
    distances
        (n, n) float32, as Ripser saw them.
    birth
        When the bar begins.
    cocycle
        (k, 3) of the bar, from `rips.reduce`.
    coeff
        The prime of its coefficients.

    Returns
    -------
    numpy.ndarray
        (m,) points, m of 3 or more; the last is joined to the first. No edge is longer than
        `birth`.

    Raises
    ------
    ValueError
        If the cocycle has no edge of that length, or no loop pairs with it.

    Notes
    -----
    A cocycle vanishes on all boundaries, so a loop on which it does not vanish bounds nothing as
    long as the cocycle lives: from the birth to the death of the bar (de Silva, Morozov and
    Vejdemo-Johansson, 2011; Bauer, "Ripser", 2021). The loops through an edge u, v that opened
    the hole are the paths from v back to u. Carrying the sum of the cocycle along, modulo
    `coeff`, makes `coeff` sheets of the graph, the covering that belongs to the cocycle; a path
    whose loop has another sum than 0 is found there by Dijkstra's algorithm.
    """
    # Importing the package should not wait for scipy.
    from scipy.sparse import coo_array  # noqa: PLC0415
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    n = len(distances)
    edges = edges_within(distances, birth)
    # What is worth going along: the value on the edge from the lower vertex to the higher.
    value = np.zeros((n, n), np.int64)
    high, low, worth = cocycle.T
    value[low, high], value[high, low] = worth % coeff, -worth % coeff
    opened = (distances[high, low] == np.float32(birth)) & (worth % coeff != 0)
    ends = np.stack([low, high], axis=1)[opened][:_MOST_TIED]
    if not len(ends):
        raise ValueError(f"birth must be the length of an edge of the cocycle, got {birth}")
    both = np.concatenate([edges, edges[:, ::-1]])
    start, end = both.T
    sheet = np.arange(coeff)[:, None]
    # Rows that lie on top of one another are joined too, and a length of 0 would be no edge.
    length = np.maximum(distances[start, end].astype(np.float64), 1e-12)
    graph = coo_array(
        (
            np.tile(length, coeff),
            (
                (start + n * sheet).ravel(),
                (end + n * ((sheet + value[start, end]) % coeff)).ravel(),
            ),
        ),
        shape=(n * coeff, n * coeff),
    ).tocsr()
    reached, before = dijkstra(graph, indices=ends[:, 1], return_predecessors=True)
    # From v on sheet 0 to u on any sheet from which the edge u, v does not lead back to sheet 0.
    targets = ends[:, :1] + n * sheet.T
    closing = (sheet.T + value[ends[:, 0], ends[:, 1]][:, None]) % coeff != 0
    lengths = np.where(closing, np.take_along_axis(reached, targets, axis=1), np.inf)
    which, on = np.unravel_index(int(lengths.argmin()), lengths.shape)
    if not np.isfinite(lengths[which, on]):
        raise ValueError("the cocycle vanishes on every loop at its birth")
    path = [int(targets[which, on])]
    while path[-1] != ends[which, 1]:
        path.append(int(before[which, path[-1]]))
    return np.array(path) % n


def pairing(loop: Path, cocycle: npt.NDArray[np.int64], coeff: int) -> int:
    """Sum a cocycle along a closed loop, modulo the prime; other than 0 where it goes around."""
    value = {(int(low), int(high)): int(worth) for high, low, worth in cocycle}
    total = 0
    for start, end in zip(loop.tolist(), np.roll(loop, -1).tolist(), strict=True):
        total += value.get((start, end), 0) - value.get((end, start), 0)
    return total % coeff


def find_bridges(distances: Distances) -> list[Bridge]:
    """Find where components join as the scale grows: the edges of a minimum spanning tree.

    Parameters
    ----------
    distances
        (n, n) float32.

    Returns
    -------
    list of Bridge
        The longest first; points on top of one another are joined by none.

    Notes
    -----
    Prim's algorithm. The lengths are the deaths of H0 (Carlsson, "Topology and data", 2009).
    """
    edges = []
    away, near = distances[0].copy(), np.zeros(len(distances), np.intp)
    left = np.ones(len(distances), bool)
    left[0] = False
    while left.any():
        end = int(np.where(left, away, np.inf).argmin())
        edges.append((float(away[end]), int(near[end]), end))
        left[end] = False
        closer = distances[end] < away
        away, near = np.minimum(away, distances[end]), np.where(closer, end, near)
    parent = np.arange(len(distances))
    size = np.ones(len(distances), np.intp)
    bridges = []
    for length, start, end in sorted(edges):
        one, other = _root(parent, start), _root(parent, end)
        if length > 0:
            bridges.append(Bridge(length, (start, end), (int(size[one]), int(size[other]))))
        parent[other] = one
        size[one] += size[other]
    return bridges[::-1]


def _root(parent: Path, point: int) -> int:
    while parent[point] != point:
        parent[point] = parent[parent[point]]
        point = int(parent[point])
    return point
