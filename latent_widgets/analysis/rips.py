"""The Vietoris-Rips filtration: what Ripser makes of distances, and its graph at a scale."""

from __future__ import annotations

import importlib.util

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis import ripser_process
from latent_widgets.analysis.aside import run_aside
from latent_widgets.progress import Progress

Distances = npt.NDArray[np.float32]

MOST = {0: 5000, 1: 3000, 2: 500}
"""Points beyond which `persistence` refuses, by `max_dim`."""
USUAL = {0: 1000, 1: 500, 2: 250}
"""How many landmarks are taken of more rows, by `max_dim`."""

# Measured on one core of 2026: seconds for so many points, and how they grow.
_SECONDS = {0: (0.2, 1000, 2.0), 1: (0.16, 500, 2.3), 2: (3.4, 300, 3.1)}
# Ripser lets nothing else run meanwhile: no longer than a hand notices.
_ASIDE_FROM = 0.25


def seconds(count: int, max_dim: int) -> float:
    """Estimate what the homology of so many points costs, in seconds of one core."""
    base, points, power = _SECONDS[max_dim]
    return base * float((count / points) ** power)


def reduce(
    distances: Distances,
    max_dim: int,
    coeff: int,
    threshold: float,
    progress: Progress | None = None,
) -> tuple[dict[int, npt.NDArray[np.float64]], list[npt.NDArray[np.int64]]]:
    """Run Ripser (Bauer 2021): persistent cohomology of the Rips filtration.

    Parameters
    ----------
    distances
        (n, n) float32, symmetric.
    max_dim, coeff, threshold, progress
        As for `persistence`; what `progress` raises ends the run at once.

    Returns
    -------
    diagrams : dict
        Dimension to (m, 2) births and deaths.
    cocycles : list of numpy.ndarray
        One a bar of H1: (k, 3) rows u, v, c with u > v, the value c of the cocycle on the edge.

    Raises
    ------
    ImportError
        Without the extra `topology`.
    RuntimeError
        If Ripser fails.
    """
    if importlib.util.find_spec("ripser") is None:
        raise ImportError("persistence needs ripser: pip install 'latent-widgets[topology]'")
    expected = seconds(len(distances), max_dim)
    if expected < _ASIDE_FROM:
        found = ripser_process.run(distances, max_dim, coeff, threshold)
    else:
        options = {"max_dim": max_dim, "coeff": coeff, "threshold": threshold}
        given = {"distances": distances, **options}
        found = run_aside(ripser_process.__file__, "homology", expected, progress, given)
    diagrams = {dim: found[f"diagram{dim}"] for dim in range(max_dim + 1)}
    return diagrams, np.split(found["cocycles"], found["ends"][:-1]) if len(found["ends"]) else []


def edges_within(distances: Distances, scale: float) -> npt.NDArray[np.intp]:
    """Find the edges of the Rips graph.

    Parameters
    ----------
    distances
        (n, n).
    scale
        The greatest length.

    Returns
    -------
    numpy.ndarray
        (m, 2) with u < v, the shortest first.
    """
    one, other = np.nonzero(np.triu(distances <= np.float32(scale), 1))
    order = np.argsort(distances[one, other], kind="stable")
    return np.stack([one, other], axis=1)[order]
