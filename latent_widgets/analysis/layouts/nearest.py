"""The nearest rows of every row: what t-SNE and UMAP begin with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets.analysis.aside import run_aside
from latent_widgets.analysis.base import Array
from latent_widgets.analysis.layouts import descent_process
from latent_widgets.analysis.layouts.report import Reporter
from latent_widgets.analysis.neighbours import neighbours
from latent_widgets.geometry import Geometry

MOST_EXACT = 100_000
"""Above so many rows, a graph that finds nearly all neighbours takes the place of a search."""
DESCENT_SECONDS = 4e-4
"""A row, of one core of 2026."""
_START_SECONDS = 10.0
_PAIRS_AT_ONCE = 16_000_000

Graph = tuple[npt.NDArray[np.int32], Array]


def nearest_rows(
    points: Array,
    k: int,
    report: Reporter,
    *,
    share: float,
    seed: int = 0,
    geometry: Geometry | None = None,
) -> Graph:
    """Find the k rows nearest to each row, itself not counted.

    Parameters
    ----------
    points
        (n, d) float32 latents, n > k.
    k
        How many.
    report
        Told how far the search is.
    share
        Which share of the whole work the search is.
    seed
        Of the search among very many rows.
    geometry
        Whose distance counts; Euclidean when None.

    Returns
    -------
    indices : numpy.ndarray
        (n, k) int32, nearest first.
    distances : numpy.ndarray
        (n, k) float32.

    Notes
    -----
    Exact up to 100,000 rows, and with a geometry or on a GPU always; else by nearest neighbour
    descent (Dong, Moses and Li 2011), in another process, which can be stopped.
    """
    n = len(points)
    fast = torch.cuda.is_available()
    if n > MOST_EXACT and geometry is None and not fast:
        return _by_descent(points, k, report, share, seed)
    rows = torch.from_numpy(np.array(points)).to("cuda" if fast else "cpu")
    indices = np.empty((n, k), np.int32)
    distances = np.empty((n, k), np.float32)
    step = max(1, min(1024, _PAIRS_AT_ONCE // n))
    for start in range(0, n, step):
        report.say(share * start / n, "nearest rows")
        asked = slice(start, start + step)
        far, found = neighbours(rows, rows[asked], k + 1, geometry or "euclidean")
        near, kept = _without_itself(far.cpu().numpy(), found.cpu().numpy(), start)
        distances[asked], indices[asked] = near, kept
    return indices, distances


def _without_itself(
    far: npt.NDArray[np.floating], found: npt.NDArray[np.int64], start: int
) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.int64]]:
    """Leave out each row itself, or the last found where equal rows pushed it out."""
    m, wide = found.shape
    itself = found == start + np.arange(m)[:, None]
    itself[~itself.any(axis=1), -1] = True
    return far[~itself].reshape(m, wide - 1), found[~itself].reshape(m, wide - 1)


def _by_descent(points: Array, k: int, report: Reporter, share: float, seed: int) -> Graph:
    found = run_aside(
        descent_process.__file__,
        "nearest rows",
        _START_SECONDS + DESCENT_SECONDS * len(points),
        lambda part, words: report.say(share * part, words),
        {"points": points, "k": k + 1, "seed": seed},
    )
    near, kept = _without_itself(found["far"], found["found"], 0)
    return kept.astype(np.int32), near.astype(np.float32)
