"""Which class a latent is of, by the rows around it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets.analysis.neighbours import neighbours
from latent_widgets.geometry import Geometry


def vote(
    points: npt.NDArray[Any],
    codes: npt.NDArray[np.integer],
    classes: int,
    queries: npt.NDArray[Any] | torch.Tensor,
    *,
    k: int = 10,
    geometry: Geometry | None = None,
) -> npt.NDArray[np.float64]:
    """Classify latents by the rows around them.

    Parameters
    ----------
    points
        (n, d) latents of the rows.
    codes
        (n,) their classes.
    classes
        How many classes there are.
    queries
        (m, d) latents to classify.
    k
        How many nearest rows vote, each with a weight of one over its distance.
    geometry
        Whose distance it is; Euclidean when None.

    Returns
    -------
    numpy.ndarray
        (m, classes) shares of the vote (Dudani 1976), times how near the vote was: a row's own
        neighbours' median distance over theirs, at most 1. Rows sum to at most 1.
    """
    rows = torch.from_numpy(np.array(points, np.float32))
    asked = torch.as_tensor(np.array(queries, np.float32))
    metric = geometry or "euclidean"
    distances, found = neighbours(rows, asked, k, metric)
    weights = 1 / (distances.double() + 1e-9)
    shares = torch.zeros(len(asked), classes, dtype=torch.float64)
    own = torch.from_numpy(np.array(codes, np.int64))
    shares.scatter_add_(1, own[found], weights / weights.sum(1, keepdim=True))
    near = _usual(rows, k, metric)
    if near > 0:
        far = distances.double().mean(1).clamp_min(1e-30)
        shares *= (near / far).clamp(max=1)[:, None]
    result: npt.NDArray[np.float64] = shares.numpy()
    return result


def _usual(rows: torch.Tensor, k: int, metric: str | Geometry) -> float:
    """How far the k nearest other rows of a row are, the larger half of rows aside."""
    some = rows[:: -(-len(rows) // 500)]
    distances, _ = neighbours(rows, some, k + 1, metric)
    # The nearest row is the row itself.
    return float(distances[:, 1:].mean(1).quantile(0.75)) if distances.shape[1] > 1 else 0.0
