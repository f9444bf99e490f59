"""Persistent homology of points: components, holes and voids, and for how long they live."""

from __future__ import annotations

import numpy as np

from latent_widgets.analysis import rips
from latent_widgets.analysis.diagrams import Persistence
from latent_widgets.analysis.landmarks import Landmarks, Ruler, choose_landmarks
from latent_widgets.analysis.rows import Rows, as_rows
from latent_widgets.geometry import Geometry
from latent_widgets.progress import Progress


def persistence(
    points: Rows,
    max_dim: int = 1,
    coeff: int = 2,
    metric: str | Geometry = "euclidean",
    threshold: float | None = None,
    *,
    landmarks: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Persistence:
    """Compute the persistent homology of points.

    Parameters
    ----------
    points
        (n, d) rows; (n, n) distances where `metric` is "precomputed".
    max_dim
        The highest dimension: 0 components, 1 holes, 2 voids.
    coeff
        A prime: of which field the coefficients are. Others than 2 tell some spaces apart, as a
        torus from a Klein bottle.
    metric
        "euclidean"; "cosine", the angle between rows in radians; "precomputed"; or a geometry.
    threshold
        The greatest scale to look at; by default that at which nothing can change any more.
    landmarks
        How many rows stand for all, each the farthest from those before it. By default all rows,
        or of more than `rips.USUAL` allows that many (500 up to H1, 250 for H2).
    seed
        Of the first landmark.
    progress
        Called with the share done and words; what it raises ends the work.

    Returns
    -------
    Persistence
        Dimension to (m, 2) births and deaths, with what made them. Ripser computes in float32.

    Raises
    ------
    ValueError
        If an argument does not fit, or the cost would be absurd: the sentence says how much.
    ImportError
        Without the extra `topology`.

    Notes
    -----
    Edelsbrunner, Letscher and Zomorodian, 2002; computed as cohomology (de Silva, Morozov and
    Vejdemo-Johansson, 2011) by Ripser (Bauer, 2021; Tralie, Saul and Bar-On, 2018).

    Examples
    --------
    >>> angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    >>> persistence(np.stack([np.cos(angle), np.sin(angle)], 1))[1].round(3)  # doctest: +SKIP
    array([[0.518, 1.732]])
    """
    _check_options(max_dim, coeff, threshold)
    ruler = Ruler(as_rows("points", points), metric)
    count = len(ruler)
    if landmarks is not None and not 1 <= landmarks <= count:
        raise ValueError(f"landmarks must be from 1 to {count}, as many as points, got {landmarks}")
    many = min(count, rips.USUAL[max_dim]) if landmarks is None else int(landmarks)
    if many > rips.MOST[max_dim]:
        raise ValueError(
            f"H{max_dim} of {many:,} points would take about "
            f"{_duration(rips.seconds(many, max_dim))}; landmarks must be at most "
            f"{rips.MOST[max_dim]:,} for max_dim {max_dim}"
        )
    if many < count:
        chosen = choose_landmarks(ruler, many, seed, progress)
    else:
        chosen = Landmarks(np.arange(count), 0.0, count)
    distances = ruler.between(chosen.rows, chosen.rows).astype(np.float32)
    # A geometry's own arithmetic may differ in the last bit between there and back.
    distances = np.maximum(distances, distances.T)
    np.fill_diagonal(distances, 0)
    return Persistence(
        distances,
        chosen,
        count,
        max_dim=max_dim,
        coeff=coeff,
        threshold=np.inf if threshold is None else float(threshold),
        progress=progress,
    )


def _check_options(max_dim: int, coeff: int, threshold: float | None) -> None:
    if max_dim not in (0, 1, 2):
        raise ValueError(f"max_dim must be 0, 1 or 2, got {max_dim!r}")
    whole = isinstance(coeff, int) and 2 <= coeff < 100
    if not whole or any(coeff % other == 0 for other in range(2, coeff)):
        raise ValueError(f"coeff must be a prime below 100, got {coeff!r}")
    if threshold is not None and not threshold > 0:
        raise ValueError(f"threshold must be above 0, got {threshold}")


def _duration(seconds: float) -> str:
    for unit, size in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.0f} seconds"
