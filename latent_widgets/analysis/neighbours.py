"""Exact nearest rows, by brute force on the points' own device."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import normalize

Points = Tensor | npt.NDArray[Any]


def neighbours(
    points: Points, queries: Points, k: int, metric: str = "euclidean"
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
        "euclidean" or "cosine" (one minus the cosine of the angle).

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
    rows = torch.as_tensor(points)
    asked = torch.as_tensor(queries).to(rows.device, rows.dtype)
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if rows.ndim != 2 or asked.ndim != 2 or rows.shape[1] != asked.shape[1]:
        raise ValueError(
            "points and queries must have shapes (n, d) and (m, d), "
            f"got {tuple(rows.shape)} and {tuple(asked.shape)}"
        )
    if metric == "cosine":
        rows, asked = normalize(rows, dim=1), normalize(asked, dim=1)
    elif metric != "euclidean":
        raise ValueError(f"metric must be 'euclidean' or 'cosine', got {metric!r}")
    score = rows.square().sum(1) - 2 * asked @ rows.T
    indices = score.topk(min(k, len(rows)), largest=False).indices
    distances = (rows[indices] - asked[:, None]).norm(dim=2)
    if metric == "cosine":
        distances = distances.square() / 2
    order = distances.argsort(dim=1, stable=True)
    return distances.gather(1, order), indices.gather(1, order)
