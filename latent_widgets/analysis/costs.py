"""What a map will cost in time and memory, said before it begins."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets.analysis.layouts.nearest import DESCENT_SECONDS, MOST_EXACT

QUICK_SECONDS, SMALL_BYTES = 10.0, 2e9
"""What costs less is not worth a word."""

# Measured in seconds of one core: 30,000 rows of 32 numbers, 11,000 rows, a million rows of 64.
_PAIR_SECONDS = 1.3e-10
_ROW_SECONDS = {"umap": 3e-4, "tsne": 1.1e-3, "torchdr": 2e-2, "parametric": 3e-4}
_TREE_SECONDS = 8e-3
_MANY_EPOCHS = 8e-4
_NETWORK_SECONDS = 30.0
_NUMBER_SECONDS = 1e-8
_NEIGHBOURS = {"umap": 15, "tsne": 90, "torchdr": 30, "parametric": 15}
_EDGE_BYTES = 48


def cost(points: npt.NDArray[Any] | tuple[int, int], method: str, dim: int = 2) -> str | None:
    """Say what laying out rows will cost, if it is much.

    Parameters
    ----------
    points
        (n, d) rows, or their shape.
    method
        One of `METHODS`.
    dim
        Dimensions of the map, 2 or 3.

    Returns
    -------
    str or None
        A sentence with an estimate of time and memory, rough by a factor of two or three: from
        what one core took for few rows. None for what takes seconds.
    """
    n, d = points if isinstance(points, tuple) else np.shape(points)
    seconds, size = _estimate(n, d, method, dim)
    if seconds <= QUICK_SECONDS and size <= SMALL_BYTES:
        return None
    sentence = f"{method} of {n:,} rows takes about {_time(seconds)} and {_size(size)} of memory"
    if method in _ROW_SECONDS:
        return f"{sentence}; pca of them takes about {_time(_estimate(n, d, 'pca', dim)[0])}."
    return f"{sentence}."


def _estimate(n: int, d: int, method: str, dim: int) -> tuple[float, float]:
    """Seconds and bytes."""
    held = 4.0 * n * (d + dim)
    if method not in _ROW_SECONDS:
        return _NUMBER_SECONDS * n * d * max(1.0, d / 64), held
    k = _NEIGHBOURS[method]
    fast = torch.cuda.is_available()
    if method == "torchdr":
        # Without FAISS it holds every distance at once.
        return _ROW_SECONDS[method] * n / (100 if fast else 1), held + 8.0 * n * n
    exact = n <= MOST_EXACT or fast
    search = _PAIR_SECONDS * n * n * max(d, 8) / (100 if fast else 1)
    row = _ROW_SECONDS[method]
    if method == "tsne" and (dim == 3 or n < 10_000):
        row = _TREE_SECONDS if dim == 3 else 2 * row
    elif method != "tsne" and n <= 10_000:
        row = _MANY_EPOCHS
    learning = _NETWORK_SECONDS if method == "parametric" else 0.0
    seconds = (search if exact else DESCENT_SECONDS * n) + row * n + learning
    return seconds, 3 * held + _EDGE_BYTES * n * k


def _time(seconds: float) -> str:
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:.0f} {unit}s"
    return "a second" if seconds < 1.5 else f"{seconds:.0f} seconds"


def _size(size: float) -> str:
    if size >= 1e12:
        return f"{size / 1e12:,.0f} TB"
    return f"{size / 1e9:.1f} GB" if size >= 1e8 else f"{max(size / 1e6, 1):.0f} MB"
