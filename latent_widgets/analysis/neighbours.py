"""Exact nearest rows, by brute force on the points' own device."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import normalize

from latent_widgets.geometry import Geometry

Points = Tensor | npt.NDArray[Any]


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
        "euclidean"; "cosine" (one minus the cosine of the angle); or a geometry, whose own
        `distance` it is then.

    Returns
    -------
    distances : torch.Tensor
        (m, k) in ascending order, on the device of `points`.
    indices : torch.Tensor
        (m, k) int64 row ids.

    Raises
    ------
    ValueError
        If k is below 1, the widths differ or the metric is unknown.

    Notes
    -----
    Rows are ranked on ||x||^2 - 2 q.x, one matrix product; the distances returned are computed
    again from the differences, since that expression cancels in float32.
    """
    rows = _tensor(points)
    asked = _tensor(queries).to(rows.device, rows.dtype)
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if rows.ndim != 2 or asked.ndim != 2 or rows.shape[1] != asked.shape[1]:
        raise ValueError(
            "points and queries must have shapes (n, d) and (m, d), "
            f"got {tuple(rows.shape)} and {tuple(asked.shape)}"
        )
    if metric == "cosine":
        rows, asked = normalize(rows, dim=1), normalize(asked, dim=1)
    elif isinstance(metric, Geometry) and metric.name != "euclidean":
        return _by_distance(rows, asked, min(k, len(rows)), metric)
    elif metric != "euclidean" and not isinstance(metric, Geometry):
        raise ValueError(f"metric must be 'euclidean', 'cosine' or a geometry, got {metric!r:.60}")
    score = rows.square().sum(1) - 2 * asked @ rows.T
    indices = score.topk(min(k, len(rows)), largest=False).indices
    distances = (rows[indices] - asked[:, None]).norm(dim=2)
    if metric == "cosine":
        distances = distances.square() / 2
    order = distances.argsort(dim=1, stable=True)
    return distances.gather(1, order), indices.gather(1, order)


def _tensor(given: Points) -> Tensor:
    # A space's points are read-only, which torch would warn of at every look.
    return given if isinstance(given, Tensor) else torch.from_numpy(np.array(given))


def _by_distance(rows: Tensor, asked: Tensor, k: int, geometry: Geometry) -> tuple[Tensor, Tensor]:
    # One query at a time: (m, n, d) would not fit for many of both.
    found = [geometry.distance(rows, query).topk(k, largest=False) for query in asked]
    distances = torch.stack([each.values for each in found])
    return distances, torch.stack([each.indices for each in found])
