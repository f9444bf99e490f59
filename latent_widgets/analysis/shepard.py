"""Distances between pairs of rows: in the latent space against on the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours

Wide = npt.NDArray[np.float64]

BINS = 48


@dataclass(frozen=True, eq=False)
class Diagram:
    """How often pairs of rows are this far apart in the latent space, and that far on the map.

    Shepard (1962); a faithful map keeps the pairs on a rising curve.

    Parameters
    ----------
    counts
        (bins, bins) int64, pairs by their distance between latents (rows) and on the map
        (columns), in bins of one width from 0 up.
    latent, xy
        The largest distance between latents, and on the map, where the bins end.
    """

    counts: npt.NDArray[np.int64]
    latent: float
    xy: float


def diagram(true: Wide, shown: Wide, bins: int = BINS) -> Diagram:
    """Count pairs by both of their distances.

    Parameters
    ----------
    true, shown
        (pairs,) distances between latents, and on the map.
    bins
        How many bins each way.
    """
    most = [float(each.max(initial=0.0)) for each in (true, shown)]
    row, column = (
        np.minimum((each * (bins / (end or 1.0))).astype(np.int64), bins - 1)
        for each, end in zip((true, shown), most, strict=True)
    )
    counts = np.bincount(row * bins + column, minlength=bins * bins)
    return Diagram(counts.reshape(bins, bins), *most)


def spearman(true: Wide, shown: Wide) -> float:
    """Rank correlation of the distances of pairs, in [-1, 1] (Spearman 1904).

    Parameters
    ----------
    true, shown
        (pairs,) distances.

    Returns
    -------
    float
        NaN where one of both does not vary.
    """
    ranks = [scipy.stats.rankdata(each) - (len(each) + 1) / 2 for each in (true, shown)]
    scale = float(np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float(ranks[0] @ ranks[1]) / scale if scale > 0 else float("nan")


def stress(true: Wide, shown: Wide) -> tuple[float, float]:
    """Share of the distances that the map gets wrong (Kruskal 1964).

    Parameters
    ----------
    true, shown
        (pairs,) distances d between latents and e on the map.

    Returns
    -------
    scaled : float
        sqrt(sum (d - a e)^2 / sum d^2) with the a that makes it least, in [0, 1]: a map is as
        good drawn small as drawn large (Smelser et al. 2024).
    raw : float
        The same with a = 1.
    """
    whole, product, drawn = float(true @ true), float(true @ shown), float(shown @ shown)
    if whole == 0:
        return float("nan"), float("nan")
    kept = product**2 / (drawn * whole) if drawn > 0 else 0.0
    raw = float(np.sqrt(((true - shown) ** 2).sum() / whole))
    return float(np.sqrt(max(1 - kept, 0.0))), raw
