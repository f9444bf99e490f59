"""Latents inside a loop of rows, where no row is."""

from __future__ import annotations

import numpy as np

from latent_widgets.analysis.neighbours import neighbours
from latent_widgets.analysis.novelty import MOST_DRAWS, Novel, tell
from latent_widgets.analysis.rows import Floats, alike_rows
from latent_widgets.counts import whole
from latent_widgets.geometry import Euclidean, Geometry

_CORNERS = 3


def draw_inside(
    n: int,
    loop: Floats,
    rows: Floats,
    geometry: Geometry | None = None,
    *,
    tries: int | None = None,
    seed: int = 0,
) -> Novel:
    """Draw inside a loop of rows, where no row is.

    Weighted Frechet means of three stations of the loop, the weights at random, of which those
    pass that lie outside all balls around the rows that the hole was born from: their radius is
    half the loop's longest edge.

    Parameters
    ----------
    n
        How many are wanted, 1 to 100,000.
    loop
        (m, d) stations, the last joined to the first; at least three.
    rows
        (r, d) all rows.
    geometry
        Where they live; flat when None.
    tries
        How many draws are looked at; 20 for each that is wanted when None.
    seed
        Of everything.

    Returns
    -------
    Novel
        The first n that passed.

    Raises
    ------
    ValueError
        If the loop has fewer than three stations, or something does not fit.

    Notes
    -----
    The radius at which a hole is born in the Rips filtration: Edelsbrunner, Letscher and
    Zomorodian, "Topological persistence and simplification", 2002.
    """
    geometry = geometry or Euclidean()
    loop, rows = alike_rows(loop=loop, rows=rows)
    if len(loop) < _CORNERS:
        raise ValueError(f"cycle must have at least {_CORNERS} rows, got {len(loop)}")
    random = np.random.default_rng(seed)
    n = whole("n", n, 1, MOST_DRAWS // 20)
    many = 20 * n if tries is None else whole("tries", tries, 1, MOST_DRAWS)
    corners = np.stack([random.permutation(len(loop))[:_CORNERS] for _ in range(many)])
    weights = random.dirichlet(np.ones(_CORNERS), size=many)
    draws = np.asarray(geometry.mean(loop[corners], weights))
    radius = float(np.asarray(geometry.distance(loop, np.roll(loop, -1, axis=0))).max()) / 2
    metric: str | Geometry = "euclidean" if geometry.name == "euclidean" else geometry
    away = neighbours(rows, draws, 1, metric)[0].numpy()[:, 0]
    none = (
        f"Everything inside the loop lies within {radius:.3g} of a row, half its longest edge: "
        "it goes around no hole."
    )
    return tell(draws, away > radius, n, "draws inside the loop are in the hole", none)
