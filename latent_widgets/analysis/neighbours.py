"""Exact nearest rows, by brute force on the points' own device."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets.geometry import Geometry

Points = Tensor | npt.NDArray[Any]

# Rows that are looked at again beyond the k nearest: enough but for near ties.
_SPARE = 8
# Numbers a block of queries may fill at once.
_BLOCK = 2**24
# Float64 operations of a rounding error, beside one for each dimension.
_ROUNDINGS = 8


def neighbours(
    points: Points, queries: Points, k: int, metric: str | Geometry = "euclidean"
) -> tuple[Tensor, Tensor]:
    """Find the k nearest rows of each query.

    Parameters
    ----------
    points
        (n, d) rows to search.
    queries
        (m, d) latents to search for.
    k
        How many rows to return, at least 1; all n when there are fewer.
    metric
        "euclidean"; "cosine" (one minus the cosine of the angle; a zero vector is at 1 from
        all); or a geometry, whose own `distance` it is then.

    Returns
    -------
    distances : torch.Tensor
        (m, k) in ascending order, on the device of `points`.
    indices : torch.Tensor
        (m, k) int64 row ids; of equally near rows the first.

    Raises
    ------
    ValueError
        If k is below 1, the widths differ, a number is not finite or the metric is unknown.
    """
    return Neighbours(points, metric).search(queries, k)


class Neighbours:
    """Exact search among the same rows again and again: what can be reused is kept.

    Parameters
    ----------
    points
        (n, d) rows to search, on any device; they are looked at where they lie, not copied,
        unless their mean is far from zero.
    metric
        As for `neighbours`.

    Raises
    ------
    ValueError
        If the points are not finite rows or the metric is unknown.

    Notes
    -----
    Rows are ranked on ||x||^2 - 2 q.x, one matrix product in the points' own type. How far that
    can be from the true value is bounded (Higham 2002, (3.5)): every row within the bound of the
    k-th is measured again from the differences in float64. So the answer is that of float64.
    """

    def __init__(self, points: Points, metric: str | Geometry = "euclidean") -> None:
        if not (isinstance(metric, Geometry) or metric in ("euclidean", "cosine")):
            raise ValueError(
                f"metric must be 'euclidean', 'cosine' or a geometry, got {metric!r:.60}"
            )
        rows = _tensor(points)
        if rows.ndim != 2:
            raise ValueError(f"points must have shape (n, d), got {tuple(rows.shape)}")
        if not _finite(rows):
            raise ValueError("points must be finite numbers, got NaN or infinity")
        self.metric = metric
        self._rows = rows
        self._geometry = metric if isinstance(metric, Geometry) else None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._rows)

    @property
    def points(self) -> Tensor:
        """(n, d) the rows that are searched."""
        return self._rows

    def search(self, queries: Points, k: int) -> tuple[Tensor, Tensor]:
        """Find the k nearest rows of each query, as `neighbours` does.

        Parameters
        ----------
        queries
            (m, d) latents to search for.
        k
            How many rows to return, at least 1; all n when there are fewer.

        Returns
        -------
        distances, indices : torch.Tensor
            (m, k) each.

        Raises
        ------
        ValueError
            If k is below 1, the widths differ or a query is not finite.
        """
        rows = self._rows
        asked = _tensor(queries).to(rows.device, rows.dtype)
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        if asked.ndim != 2 or rows.shape[1] != asked.shape[1]:
            raise ValueError(
                "points and queries must have shapes (n, d) and (m, d), "
                f"got {tuple(rows.shape)} and {tuple(asked.shape)}"
            )
        if not _finite(asked):
            raise ValueError("queries must be finite numbers, got NaN or infinity")
        k = min(k, len(rows))
        widest = max(len(rows), (k + _SPARE) * rows.shape[1], 1)
        found = [self._block(some, k) for some in torch.split(asked, max(_BLOCK // widest, 1))]
        if not found:
            empty = rows.new_empty((0, k))
            return empty, empty.long()
        distances, indices = (torch.cat(part) for part in zip(*found, strict=True))
        return distances.to(rows.device, rows.dtype), indices.to(rows.device)

    def _block(self, asked: Tensor, k: int) -> tuple[Tensor, Tensor]:
        geometry = self._geometry
        if k == 0:
            return asked.new_empty((len(asked), 0)), asked.new_empty((len(asked), 0)).long()
        if geometry is not None and geometry.name not in ("euclidean", "hypersphere"):
            each = [_nearest(geometry.distance(self._rows, query), None, k) for query in asked]
            distances, indices = (torch.stack(part) for part in zip(*each, strict=True))
            return distances, indices
        scores, slack = self._scores(asked)
        more = min(k + _SPARE, scores.shape[1])
        best = scores.topk(more, largest=False)
        beyond = best.values[:, k - 1] + slack
        # Only where more rows than that are within the bound must all be looked through.
        whole = best.values[:, -1] > beyond
        whole |= more == scores.shape[1]
        distances, indices = _nearest(self._measure(asked, best.indices), best.indices, k)
        for i in (~whole).nonzero()[:, 0].tolist():
            close = (~(scores[i] > beyond[i])).nonzero()[:, 0]
            again = torch.cat(
                [
                    self._measure(asked[i : i + 1], part[None])[0]
                    for part in torch.split(close, _BLOCK)
                ]
            )
            distances[i], indices[i] = _nearest(again, close, k)
        return distances, indices

    def _scores(self, asked: Tensor) -> tuple[Tensor, Tensor]:
        """Give (m, n) numbers that rank the rows, and how far apart equal ones can seem."""
        rows = self._rows
        roundings = (rows.shape[1] + _ROUNDINGS) * _epsilon(rows.dtype)
        if self._directions:
            asked = asked * _inverse(asked.norm(dim=1))[:, None]
            scores = torch.mm(asked, rows.T).mul_(-self._inverse_norms)
            return scores, scores.new_full((len(asked),), 2 * roundings)
        rows, center, squares, widest = self._centered
        asked = asked - center
        base = squares.expand(len(asked), -1)
        scores = torch.addmm(base, asked, rows.T, alpha=-2)
        return scores, 2 * roundings * (widest + asked.norm(dim=1)).square()

    def _measure(self, asked: Tensor, indices: Tensor) -> Tensor:
        """Distances in float64 from each query to (m, j) rows."""
        rows, queries = _wide(self._rows[indices]), _wide(asked)[:, None]
        if self.metric == "cosine":
            lengths = rows.norm(dim=2) * queries.norm(dim=2)
            apart = (_unit(rows) - _unit(queries)).square().sum(2) / 2
            return apart.where(lengths > 0, torch.ones_like(apart))
        if self._directions and self._geometry is not None:
            far: Tensor = self._geometry.distance(rows, queries)
            return far
        between: Tensor = (rows - queries).norm(dim=2)
        return between

    @property
    def _directions(self) -> bool:
        sphere = self._geometry is not None and self._geometry.name == "hypersphere"
        return self.metric == "cosine" or sphere

    @functools.cached_property
    def _inverse_norms(self) -> Tensor:
        return _inverse(self._rows.norm(dim=1))

    @functools.cached_property
    def _centered(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        rows = self._rows
        center = rows.mean(0) if len(rows) else rows.new_zeros(rows.shape[1])
        # Norms take one pass; all squares together would be as large as the rows.
        squares = rows.norm(dim=1).square()
        if float(center.square().sum()) * 2 > float(squares.mean() if len(rows) else 0):
            # Far from zero the score is a small difference of large numbers.
            rows = rows - center
            squares = rows.norm(dim=1).square()
        else:
            center = torch.zeros_like(center)
        widest = squares.max().sqrt() if len(rows) else squares.new_zeros(())
        return rows, center, squares, widest


def _nearest(distances: Tensor, indices: Tensor | None, k: int) -> tuple[Tensor, Tensor]:
    """Sort by distance, then by row; (..., j) to (..., k)."""
    if indices is None:
        found, order = distances.sort(stable=True)
        return found[..., :k], order[..., :k]
    by_row = indices.to(distances.device).argsort(dim=-1)
    distances, order = distances.gather(-1, by_row).sort(dim=-1, stable=True)
    rows = indices.to(distances.device).gather(-1, by_row).gather(-1, order)
    return distances[..., :k], rows[..., :k]


def _tensor(given: Points) -> Tensor:
    # A space's points are read-only, which torch would warn of at every look.
    rows = given.detach() if isinstance(given, Tensor) else torch.from_numpy(np.array(given))
    return rows if rows.dtype in (torch.float32, torch.float64) else rows.float()


def _finite(rows: Tensor) -> bool:
    # The sum tells at a fourth of the cost, but for one that is too large itself.
    return bool(rows.sum(dtype=torch.float32).isfinite()) or bool(rows.isfinite().all())


def _epsilon(dtype: torch.dtype) -> float:
    # Whoever asks torch for quicker products gets as few as 8 bits of them.
    rough = dtype == torch.float32 and torch.get_float32_matmul_precision() != "highest"
    return 2**-7 if rough else float(torch.finfo(dtype).eps)


def _inverse(lengths: Tensor) -> Tensor:
    return torch.where(lengths > 0, 1 / lengths, torch.zeros_like(lengths))


def _unit(rows: Tensor) -> Tensor:
    return rows * _inverse(rows.norm(dim=-1))[..., None]


def _wide(rows: Tensor) -> Tensor:
    # Apple's GPUs have no float64.
    return (rows.cpu() if rows.device.type == "mps" else rows).double()
