"""How far a map can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours

from latent_widgets.analysis.ranks import Ids, compare
from latent_widgets.analysis.rows import finite_rows
from latent_widgets.analysis.shepard import Diagram, diagram, spearman, stress
from latent_widgets.geometry import Geometry
from latent_widgets.progress import Progress

Array = npt.NDArray[np.float32]

MOST = 3000
"""Rows that are compared with one another; of more, as many are drawn."""


@dataclass(frozen=True, eq=False)
class Quality:
    """What a map keeps of the space it shows; NaN where too few rows say nothing.

    Parameters
    ----------
    trustworthiness
        In [0, 1]; 1 when all neighbours on the map are neighbours in the space.
    continuity
        In [0, 1]; 1 when all neighbours in the space are neighbours on the map.
    neighbourhood_hit
        Share of the neighbours on the map that have the same label; None without labels.
    stress
        Share of the distances that the map gets wrong at its best scale, in [0, 1].
    raw_stress
        The same at the scale it is drawn in.
    shepard
        Rank correlation of distances in the space and on the map, in [-1, 1].
    distortion
        (n,) float32, what each row takes from the trustworthiness: 0 where its neighbours on the
        map are its own, 1 where they are the farthest rows there are; the mean over the measured
        rows is 1 - trustworthiness.
    lost
        (n,) float32, the same of the continuity: how far apart the map tears its neighbours.
    diagram
        Pairs of rows by both of their distances.
    k
        How many neighbours were looked at.
    sampled
        (m,) ids of the rows that were measured, among one another; None when all were. The other
        rows have the distortion of the measured row nearest on the map.
    """

    trustworthiness: float
    continuity: float
    neighbourhood_hit: float | None
    stress: float
    raw_stress: float
    shepard: float
    distortion: Array
    lost: Array
    diagram: Diagram
    k: int
    sampled: Ids | None

    def figures(self) -> list[tuple[str, float, str]]:
        """Give each figure by name, with a line on what it means; NaN where nothing is known."""
        hit = self.neighbourhood_hit
        return [
            ("trustworthiness", self.trustworthiness, "1 when no row has strangers beside it"),
            ("continuity", self.continuity, "1 when no row was torn from its neighbours"),
            *([] if hit is None else [("neighbourhood hit", hit, "neighbours of the same class")]),
            ("stress", self.stress, "share of the distances that is wrong; 0 when none is"),
            ("rank correlation", self.shepard, "1 when farther there is always farther here"),
        ]

    def __str__(self) -> str:
        """Say the figures in one line, and on what they were measured."""
        figures = [
            f"trustworthiness {self.trustworthiness:.2f}",
            f"continuity {self.continuity:.2f}",
        ]
        if self.neighbourhood_hit is not None:
            figures.append(f"neighbourhood hit {self.neighbourhood_hit:.2f}")
        figures.append(f"stress {self.stress:.2f}")
        n = len(self.distortion)
        rows = f"{n:,} rows" if self.sampled is None else f"{len(self.sampled):,} of {n:,} rows"
        return f"{', '.join(figures)} (k = {self.k}, {rows})"


def measure_quality(
    points: npt.ArrayLike,
    xy: npt.ArrayLike,
    labels: npt.ArrayLike | None = None,
    k: int = 12,
    seed: int = 0,
    *,
    geometry: Geometry | None = None,
    most: int = MOST,
    progress: Progress | None = None,
) -> Quality:
    """Measure what a map keeps of the space it shows.

    Parameters
    ----------
    points
        (n, d) latents, finite, n >= 1.
    xy
        (n, dim) where each lies on the map, finite; distances there are those of the eye.
    labels
        n classes, for the neighbourhood hit.
    k
        How many neighbours to look at, at least 1; fewer than half of the rows at any rate.
    seed
        Draws the rows to measure when there are more than `most`.
    geometry
        Whose distances between latents count; flat when None.
    most
        How many rows to compare with one another, at least 3; the work grows with its square.
    progress
        Told the share done, in [0, 1], and a few words; what it raises ends the measurement.

    Returns
    -------
    Quality

    Raises
    ------
    ValueError
        If an argument does not fit; the sentence names it.

    Notes
    -----
    Trustworthiness and continuity are those of Venna and Kaski (2001)::

        1 - 2 / (n k (2 n - 3 k - 1)) * sum_i sum_{j in U_i} (r(i, j) - k)

    U_i are the rows among the k nearest of i on the map that are not among its k nearest in the
    space, r(i, j) is the rank of j by its distance from i in the space; for continuity both
    change places. `distortion` and `lost` are the terms of the outer sum, times n (pointwise, as
    in Aupetit 2007). Rows that tie in distance are ranked by their ids, both ways,
    so that the identity scores 1 even with duplicates; scikit-learn leaves ties to its sort.
    The neighbourhood hit is that of Paulovich et al. (2008).
    """
    rows, places = finite_rows("points", points, np.float64), finite_rows("xy", xy, np.float64)
    n = len(rows)
    if len(places) != n:
        raise ValueError(f"xy must have one place a row of points, {n}, got {len(places)}")
    if k < 1 or most < 3:
        raise ValueError(f"k must be at least 1 and most at least 3, got {k} and {most}")
    classes = None if labels is None else np.asarray(labels)
    if classes is not None and classes.shape != (n,):
        raise ValueError(f"labels must be {n} values, one a row, got shape {classes.shape}")
    sampled = None
    if n > most:
        sampled = np.sort(np.random.default_rng(seed).choice(n, most, replace=False))
        rows, places = rows[sampled], places[sampled]
        classes = None if classes is None else classes[sampled]
    m = len(rows)
    k = min(k, (m - 1) // 2)
    found = compare(rows, places, k, classes=classes, geometry=geometry, progress=progress)
    if progress is not None:
        progress(1.0, "comparing distances")
    worst = k * (2 * m - 3 * k - 1) / 2 or 1.0
    distortion, lost = ((each / worst).astype(np.float32) for each in (found.false, found.lost))
    if sampled is not None:
        _, likest = scipy.spatial.cKDTree(places, balanced_tree=False).query(
            np.asarray(xy, np.float64)
        )
        distortion, lost = distortion[likest], lost[likest]
    pairs = found.true, found.shown
    scaled, raw = stress(*pairs)
    return Quality(
        trustworthiness=1 - float(found.false.mean()) / worst,
        continuity=1 - float(found.lost.mean()) / worst,
        neighbourhood_hit=None if classes is None else float(found.hits.mean()),
        stress=scaled,
        raw_stress=raw,
        shepard=spearman(*pairs),
        distortion=distortion,
        lost=lost,
        diagram=diagram(*pairs),
        k=k,
        sampled=sampled,
    )
