"""How far latents lie from a cloud of others, in the geometry of their space."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets.analysis.anomaly import mahalanobis
from latent_widgets.analysis.neighbours import Neighbours
from latent_widgets.analysis.rows import Floats
from latent_widgets.geometry import Geometry
from latent_widgets.progress import Progress

Rows = npt.NDArray[np.int64]

# A million rows against a million are hours; against these, a minute.
MOST_COMPARED = 20_000
_AT_ONCE = 512


class Cloud:
    """Rows that are as they should be, to compare others with.

    Parameters
    ----------
    points
        (n, d) latents on any device.
    rows
        (n,) their row ids.
    geometry
        What kind of space they live in.
    seed
        Draws the rows that are compared with where there are more than 20,000.

    Attributes
    ----------
    points : torch.Tensor
        As they were given.
    """

    def __init__(self, points: Tensor, rows: Rows, geometry: Geometry, seed: int = 0) -> None:
        self.points = points
        self._rows, self._geometry, self._seed = rows, geometry, seed

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.points)

    @property
    def compared(self) -> int:
        """How many rows others are compared with one by one."""
        return min(len(self), MOST_COMPARED)

    def flat_directions(self) -> int:
        """Count the directions in which the rows do not vary, of those there are."""
        known = self._flattened(self.points)
        spread = np.atleast_2d(np.cov(known, rowvar=False))
        rank = int(np.linalg.matrix_rank(spread, hermitian=True))
        # The tangent space of a sphere in d numbers has d - 1 directions.
        there = len(spread) - (self._geometry.name == "hypersphere")
        return max(there - rank, 0)

    def mahalanobis(self, points: Tensor, classes: npt.NDArray[np.intp] | None = None) -> Floats:
        """Squared Mahalanobis distance of latents (m, d) from the cloud, (m,).

        With the classes (n,) of its rows, from the nearest class.

        In curved spaces of the tangent vectors at the Frechet mean (Pennec, "Intrinsic statistics
        on Riemannian manifolds", 2006, section 6).

        Raises
        ------
        ValueError
            If there are fewer than two rows, or rows have no single mean.
        """
        return mahalanobis(self._flattened(points), self._flattened(self.points), classes)

    def nearest(
        self, points: Tensor, own: Rows | None, k: int, progress: Progress | None = None
    ) -> Floats:
        """Mean distance of latents (m, d) to the k nearest rows, (m,).

        Parameters
        ----------
        points
            The latents.
        own
            (m,) their row ids, where they are rows of the same space: a row is no neighbour of
            its own.
        k
            How many; all there are when there are fewer.
        progress
            Called with the share done.

        Raises
        ------
        ValueError
            If no other row is there.
        """
        chosen = np.arange(len(self))
        if len(self) > MOST_COMPARED:
            generator = np.random.default_rng(self._seed)
            chosen = np.sort(generator.choice(len(self), MOST_COMPARED, replace=False))
        ids = self._rows[chosen]
        flat = self._geometry.name == "euclidean"
        metric = "euclidean" if flat else self._geometry
        index = Neighbours(self.points[torch.from_numpy(chosen)], metric)
        k = min(k, len(chosen) - (own is not None))
        if k < 1:
            raise ValueError("the distance to other rows needs at least one other row")
        found = []
        for start in range(0, len(points), _AT_ONCE):
            if progress is not None:
                progress(start / len(points), "nearest rows")
            some = slice(start, start + _AT_ONCE)
            far, at = index.search(points[some], k + (own is not None))
            distances = far.double().cpu().numpy()
            if own is not None:
                distances = _without(distances, ids[at.cpu().numpy()] == own[some, None])
            found.append(distances.mean(axis=1))
        return np.concatenate(found)

    def _flattened(self, points: Tensor) -> Floats:
        rows: Floats = points.double().cpu().numpy()
        if self._geometry.name == "euclidean":
            return rows
        tangent: Floats = np.asarray(self._geometry.log(self._middle[None], rows), np.float64)
        return tangent

    @functools.cached_property
    def _middle(self) -> Floats:
        middle: Floats = np.asarray(self._geometry.mean(self.points.double().cpu().numpy()))
        return middle


def _without(distances: Floats, own: npt.NDArray[np.bool_]) -> Floats:
    """Leave a row itself out of its k + 1 nearest; the last one where it is not among them."""
    missing = ~own.any(axis=1)
    own[missing, -1] = True
    return distances[~own].reshape(len(distances), -1)
