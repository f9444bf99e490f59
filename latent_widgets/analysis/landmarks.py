"""Few rows that stand for many: greedy landmarks, and how far from them the others are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets.analysis.neighbours import neighbours
from latent_widgets.geometry import Euclidean, Geometry
from latent_widgets.progress import Progress

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

METRICS = ("euclidean", "cosine", "precomputed")
# Every landmark looks at all candidates; more of them than this would not be live.
_CANDIDATES = 100_000
_CHUNK = 65_536


class Landmarks(NamedTuple):
    """Chosen rows.

    Attributes
    ----------
    rows : numpy.ndarray
        (k,) row ids, in the order they were chosen.
    radius : float
        The greatest distance of any row to its nearest landmark.
    candidates : int
        Among how many rows they were chosen.
    """

    rows: Rows
    radius: float
    candidates: int


class Ruler:
    """Measures distances between rows.

    Parameters
    ----------
    points
        (n, d) float64; (n, n) distances for "precomputed".
    metric
        "euclidean"; "cosine": the angle between rows, in radians; "precomputed"; or a geometry.
        One minus the cosine breaks the triangle inequality, on which the error bound rests.

    Raises
    ------
    ValueError
        If the metric is unknown, or the points do not fit it.
    """

    def __init__(self, points: Floats, metric: str | Geometry) -> None:
        known = isinstance(metric, Geometry) or metric in METRICS
        if not known:
            raise ValueError(f"metric must be one of {METRICS} or a geometry, got {metric!r:.60}")
        self.metric: str | Geometry = "euclidean" if isinstance(metric, Euclidean) else metric
        self._points = points
        if metric == "precomputed":
            _check_distances(points)
        elif metric == "cosine":
            norm = np.linalg.norm(points, axis=1, keepdims=True)
            if not norm.all():
                row = int(np.flatnonzero(norm[:, 0] == 0)[0])
                raise ValueError(f"metric 'cosine' needs rows other than zero, row {row} is zero")
            self._points = points / norm
        elif isinstance(self.metric, Geometry):
            self.metric.check("points", points)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._points)

    def take(self, rows: Rows) -> Ruler:
        """Measure between some of the rows only."""
        if self.metric == "precomputed":
            return Ruler(self._points[np.ix_(rows, rows)], self.metric)
        return Ruler(self._points[rows], self.metric)

    def between(self, a: Rows | slice, b: Rows) -> Floats:
        """Distances (len(a), len(b)) of rows a to rows b."""
        if self.metric == "precomputed":
            return self._points[a][:, b]
        start, end = self._points[a], self._points[b]
        if isinstance(self.metric, Geometry):
            return np.stack([self.metric.distance(start, each) for each in end], axis=1)
        # Not by a matrix product: it would leave two equal rows a little apart.
        mode = "donot_use_mm_for_euclid_dist"
        chords = torch.cdist(torch.from_numpy(start), torch.from_numpy(end), compute_mode=mode)
        return self._measure(chords.numpy())

    def reach(self, rows: Rows, progress: Progress | None = None) -> float:
        """Greatest distance of any row to the nearest of some."""
        farthest = 0.0
        for begin in range(0, len(self), _CHUNK):
            if progress is not None:
                progress(begin / len(self), "how far the landmarks reach")
            chunk = slice(begin, begin + _CHUNK)
            if self.metric in ("euclidean", "cosine"):
                # One matrix product a chunk.
                near, _ = neighbours(
                    torch.from_numpy(self._points[rows]), torch.from_numpy(self._points[chunk]), 1
                )
                nearest = self._measure(near[:, 0].numpy())
            else:
                nearest = self.between(chunk, rows).min(axis=1)
            farthest = max(farthest, float(nearest.max()))
        return farthest

    def _measure(self, chord: Floats) -> Floats:
        if self.metric == "cosine":
            return np.asarray(2 * np.arcsin(np.minimum(chord / 2, 1)))
        return chord


def choose_landmarks(
    ruler: Ruler, count: int, seed: int = 0, progress: Progress | None = None
) -> Landmarks:
    """Choose rows, each the farthest from those before it.

    Parameters
    ----------
    ruler
        Of n rows.
    count
        How many, 1 to n; fewer are returned when no other place has a row.
    seed
        Of the first row, and of the 100,000 candidates that are drawn of more rows.
    progress
        Told how far it is.

    Returns
    -------
    Landmarks
        The radius is of all rows, drawn or not.

    Notes
    -----
    Gonzalez, "Clustering to minimize the maximum intercluster distance", 1985: no more than twice
    the least radius that so many landmarks can have.
    """
    generator = np.random.default_rng(seed)
    candidates, among = np.arange(len(ruler)), ruler
    if len(ruler) > _CANDIDATES:
        candidates = np.sort(generator.choice(len(ruler), _CANDIDATES, replace=False))
        among = ruler.take(candidates)
    at = int(generator.integers(len(candidates)))
    chosen: list[int] = []
    left = np.full(len(candidates), np.inf)
    while len(chosen) < count and left[at] > 0:
        if progress is not None:
            progress(len(chosen) / count, f"landmark {len(chosen) + 1:,} of {count:,}")
        chosen.append(at)
        left = np.minimum(left, among.between(slice(None), np.array([at]))[:, 0])
        at = int(left.argmax())
    rows = candidates[chosen]
    radius = float(left.max())
    if len(candidates) < len(ruler):
        radius = ruler.reach(rows, progress)
    return Landmarks(rows, radius, len(candidates))


def _check_distances(points: Floats) -> None:
    square = points.shape[0] == points.shape[1]
    if not square or (points < 0).any() or points.diagonal().any() or (points != points.T).any():
        raise ValueError(
            "points must be distances (n, n) for metric 'precomputed': symmetric, at least 0 and "
            f"0 on the diagonal, got shape {points.shape}"
        )
