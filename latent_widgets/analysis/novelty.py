"""Latents that are like no row: far from all, or between two groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets.analysis.neighbours import neighbours
from latent_widgets.analysis.rows import Floats, alike_rows
from latent_widgets.counts import whole
from latent_widgets.geometry import Euclidean, Geometry, matched_lerp

Random = np.random.Generator

# Rows that distances are measured to; of more, so many are drawn.
_MOST_ROWS = 4000
# Nearer than this share of rows are to one another is not far.
_FAR = 0.95
# What the prior itself does less often than this is not plausible.
_PLAUSIBLE = 0.95
# Draws between two groups are from the middle of the way.
_MIDDLE = (0.3, 0.7)
_BALANCE = (0.25, 0.75)
MOST_DRAWS = 2_000_000
"""Draws that are looked at, at most."""


@dataclass(frozen=True)
class Novel:
    """Latents that are like no row, and how they were found.

    Attributes
    ----------
    z
        (m, d) float32, m at most as many as were wanted.
    tried
        How many draws were looked at.
    accepted
        How many of them passed.
    about
        One line for people: what they are and how many passed; why, where there are too few.
    """

    z: npt.NDArray[np.float32]
    tried: int
    accepted: int
    about: str

    def __len__(self) -> int:
        """Count the latents."""
        return len(self.z)


def draw_far(
    n: int,
    draws: Floats,
    rows: Floats,
    geometry: Geometry | None = None,
    *,
    active: npt.NDArray[np.intp] | None = None,
    k: int = 5,
    seed: int = 0,
) -> Novel:
    """Keep draws of the prior that are far from all rows and still plausible.

    Parameters
    ----------
    n
        How many are wanted.
    draws
        (m, d) draws of the prior.
    rows
        (r, d) rows, r above k; draws of their posteriors rather than the means, where there are
        any. Of more than 4,000 so many are looked at.
    geometry
        Where they live; flat when None.
    active
        Ids of the dimensions that count, in flat spaces; all when None.
    k
        Far means that the k-th nearest row is farther than it is for 95 in 100 rows.
    seed
        Of the rows that are looked at.

    Returns
    -------
    Novel
        The first n that passed.

    Raises
    ------
    ValueError
        If there are not more rows than k, or something does not fit.

    Notes
    -----
    The distance to the k-th neighbour as a score of novelty: Ramaswamy, Rastogi and Shim,
    "Efficient algorithms for mining outliers from large data sets", 2000. Plausible is what is
    within the 95th percentile of the draws' distance from the prior's own centre; on a sphere,
    whose prior is even, everything is.
    """
    geometry = geometry or Euclidean()
    n, k = whole("n", n, 0), whole("k", k, 1)
    draws, rows = alike_rows(draws=draws, rows=rows)
    if len(rows) <= k:
        raise ValueError(f"far from the rows needs more than {k} rows, got {len(rows)}")
    flat = geometry.name == "euclidean"
    counts = np.arange(rows.shape[1]) if active is None or not flat else active
    metric: str | Geometry = "euclidean" if flat else geometry
    some = np.random.default_rng(seed).permutation(len(rows))[:_MOST_ROWS]
    seen = np.ascontiguousarray(rows[some][:, counts] if flat else rows[some])
    asked = np.ascontiguousarray(draws[:, counts] if flat else draws)
    # Every row is its own nearest: it does not count.
    own = neighbours(seen, seen[:1000], k + 1, metric)[0].numpy()[:, k]
    limit = float(np.quantile(own, _FAR))
    away = neighbours(seen, asked, k, metric)[0].numpy()[:, k - 1]
    passed = (away > limit) & _plausible(draws, geometry)
    words = f"are farther from the rows than {_FAR:.0%} of rows are from each other"
    none = "The rows cover what the prior draws: there is nothing far from them that is plausible."
    return tell(draws, passed, n, f"draws of the prior {words}, and plausible", none)


def draw_between(
    n: int,
    first: Floats,
    second: Floats,
    geometry: Geometry | None = None,
    *,
    tries: int | None = None,
    noise: float = 0.2,
    seed: int = 0,
) -> Novel:
    """Draw between two groups of rows.

    A row of each is drawn and the way between them walked to a place in its middle, which is then
    moved a little. It passes where it is about as far from the mean of one group as from that of
    the other.

    Parameters
    ----------
    n
        How many are wanted, 1 to 100,000.
    first, second
        (a, d) and (b, d) rows, at least one each.
    geometry
        Where they live; flat when None.
    tries
        How many draws are looked at; 20 for each that is wanted when None.
    noise
        From 0 to below 1: how much of each draw is replaced by chance, as a share of its standard
        deviation; in curved spaces the share of the way to a draw of the prior.
    seed
        Of everything.

    Returns
    -------
    Novel
        The first n that passed.

    Raises
    ------
    ValueError
        If a group is empty, both are the same, or `noise` does not fit.

    Notes
    -----
    In flat spaces the way is that of Agustsson et al., "Optimal transport maps for distribution
    matching operations on latent spaces of generative models", 2019, around the rows' own mean,
    and so is the noise: neither shrinks the rows' variance. In curved ones it is the geodesic.
    """
    geometry = geometry or Euclidean()
    if not (isinstance(noise, int | float | np.number) and 0 <= noise < 1):
        raise ValueError(f"noise must be from 0 to below 1, got {noise!r:.40}")
    n = whole("n", n, 1, MOST_DRAWS // 20)
    first, second = alike_rows(first=first, second=second)
    if first.shape == second.shape and np.array_equal(np.sort(first, 0), np.sort(second, 0)):
        raise ValueError("a and b must be different rows, got the same")
    random = np.random.default_rng(seed)
    many = 20 * n if tries is None else whole("tries", tries, 1, MOST_DRAWS)
    a = first[random.integers(len(first), size=many)]
    b = second[random.integers(len(second), size=many)]
    times = random.uniform(*_MIDDLE, size=many)
    if geometry.name == "euclidean":
        both = np.concatenate([first, second])
        middle, spread = both.mean(axis=0), both.std(axis=0)
        draws = np.asarray(matched_lerp(a - middle, b - middle, times))
        chance = spread * random.standard_normal(draws.shape)
        draws = middle + np.sqrt(1 - noise**2) * draws + noise * chance
    else:
        draws = np.asarray(geometry.interpolate(a, b, times))
        draws = _shake(draws, noise, geometry, random)
    means = [np.asarray(geometry.mean(each)) for each in (first, second)]
    one, other = (np.asarray(geometry.distance(draws, each)) for each in means)
    share = one / np.maximum(one + other, 1e-300)
    apart = float(np.asarray(geometry.distance(*means)))
    passed = (share > _BALANCE[0]) & (share < _BALANCE[1]) & (apart > 0)
    none = (
        "The two groups have the same mean: nothing lies between them."
        if apart == 0
        else "No way between the two groups passes about midway between their means."
    )
    return tell(draws, passed, n, "draws lie about midway between the two groups", none)


def _plausible(draws: Floats, geometry: Geometry) -> npt.NDArray[np.bool_]:
    if geometry.name == "hypersphere":
        return np.ones(len(draws), bool)
    far = np.asarray(geometry.distance(draws, np.zeros_like(draws)))
    found: npt.NDArray[np.bool_] = far <= np.quantile(far, _PLAUSIBLE)
    return found


def _shake(draws: Floats, noise: float, geometry: Geometry, random: Random) -> Floats:
    generator = torch.Generator().manual_seed(int(random.integers(2**31)))
    chance = geometry.random(len(draws), draws.shape[1], generator, torch.float64).numpy()
    return np.asarray(geometry.interpolate(draws, chance, noise))


def tell(draws: Floats, passed: npt.NDArray[np.bool_], n: int, words: str, none: str) -> Novel:
    """Give the first n draws that passed, and say how many did, or why none."""
    accepted = int(passed.sum())
    about = f"{accepted:,} of {len(draws):,} {words}"
    if not accepted:
        about = f"{none} Looked at {len(draws):,} draws."
    elif accepted < n:
        about += f"; {n:,} were wanted"
    return Novel(draws[passed][:n].astype(np.float32), len(draws), accepted, about)
