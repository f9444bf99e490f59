"""Neighbours of every row, in the latent space and on the map, compared by their ranks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours
import torch

from latent_widgets.geometry import Geometry
from latent_widgets.progress import Progress

Wide = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

ELEMENTS = 4_000_000
"""Numbers that are held at once for one block of distances."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """All rows of a map against one another.

    Parameters
    ----------
    false, lost
        (n,) by how many ranks, in all, the k neighbours on the map lie beyond the k nearest in
        the space; and the other way round. NaN where k is 0.
    hits
        (n,) share of the k neighbours on the map with the row's own label; NaN where k is 0.
    true, shown
        (n (n - 1) / 2,) distances of all pairs between latents, and on the map.
    """

    false: Wide
    lost: Wide
    hits: Wide
    true: Wide
    shown: Wide


def compare(
    rows: Wide,
    places: Wide,
    k: int,
    *,
    classes: npt.NDArray[Any] | None = None,
    geometry: Geometry | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare all rows with one another; of rows that tie in distance, the first is nearer.

    Parameters
    ----------
    rows
        (n, d) latents.
    places
        (n, dim) where they lie on the map.
    k
        How many neighbours, below n.
    classes
        (n,) labels.
    geometry
        Whose distances between latents count; flat when None.
    progress
        Told the share done, and a few words.
    """
    n = len(rows)
    false, lost, hits = np.full((3, n), np.nan)
    pairs = np.empty((2, n * (n - 1) // 2))
    filled = 0
    for block, true, shown in _blocks(rows, places, geometry):
        if progress is not None:
            progress(block.start / n, "comparing neighbours")
        for i, row in enumerate(range(block.start, block.stop)):
            ahead = slice(filled, filled := filled + n - row - 1)
            pairs[0, ahead], pairs[1, ahead] = true[i, row + 1 :], shown[i, row + 1 :]
        if not k:
            continue
        own = np.arange(block.stop - block.start), np.arange(block.start, block.stop)
        true[own] = shown[own] = np.inf
        near = _nearest(shown, k)
        false[block] = _beyond(true, near, k)
        lost[block] = _beyond(shown, _nearest(true, k), k)
        if classes is not None:
            hits[block] = (classes[near] == classes[block, None]).mean(axis=1)
    return Comparison(false, lost, hits, *pairs)


def _blocks(
    rows: Wide, places: Wide, geometry: Geometry | None
) -> Iterator[tuple[slice, Wide, Wide]]:
    """Distances of some rows from all, between latents and on the map, a block at a time."""
    curved = geometry is not None and geometry.name != "euclidean"
    n, d = rows.shape
    size = max(1, ELEMENTS // (n * (d if curved else 1)))
    for start in range(0, n, size):
        block = slice(start, min(start + size, n))
        if curved:
            some, every = torch.from_numpy(rows[block, None]), torch.from_numpy(rows[None])
            assert geometry is not None  # noqa: S101
            true = geometry.distance(some, every).numpy()
        else:
            true = scipy.spatial.distance.cdist(rows[block], rows)
        yield block, true, scipy.spatial.distance.cdist(places[block], places)


def _nearest(far: Wide, k: int) -> Ids:
    """Columns of the k smallest of each row (b, n); of ties, the first ones."""
    near: Ids = np.argpartition(far, k - 1, axis=1)[:, :k]
    last = np.take_along_axis(far, near, axis=1).max(axis=1, keepdims=True)
    for tied in np.flatnonzero((far <= last).sum(axis=1) > k):
        near[tied] = np.argsort(far[tied], kind="stable")[:k]
    return near


def _beyond(far: Wide, near: Ids, k: int) -> Wide:
    """By how many ranks, in all, given neighbours (b, k) lie beyond the k nearest of far (b, n)."""
    total, ids = np.zeros(len(far)), np.arange(far.shape[1])
    for column in near.T:
        own = np.take_along_axis(far, column[:, None], axis=1)
        before = (far < own) | ((far == own) & (ids < column[:, None]))
        total += np.maximum(before.sum(axis=1) + 1 - k, 0)
    return total
