"""Draws from a prior, kept near its middle: fewer kinds of pictures, better ones."""

from __future__ import annotations

import math

import numpy as np
import torch

from latent_widgets.analysis.rows import Floats
from latent_widgets.counts import MOST_NUMBERS, whole
from latent_widgets.geometry import Euclidean, Geometry

METHODS = ("psi", "resample")
# Draws looked at, for each that is wanted, before one gives up.
_PATIENCE = 500


def check_truncation(truncation: float | None, method: str) -> float | None:
    """Check how strongly draws are truncated.

    Parameters
    ----------
    truncation
        A number above 0, at most 1 for "psi"; None for none.
    method
        "psi" or "resample".

    Returns
    -------
    float or None
        The number.

    Raises
    ------
    ValueError
        If one of them does not fit.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {list(METHODS)}, got {method!r:.60}")
    if truncation is None:
        return None
    most = 1.0 if method == "psi" else math.inf
    try:
        number = float(truncation)
    except (TypeError, ValueError):
        number = math.nan
    if not (math.isfinite(number) and 0 < number <= most):
        limit = " and at most 1" if method == "psi" else ""
        raise ValueError(
            f"truncation must be a finite number above 0{limit}, got {truncation!r:.60}"
        )
    return number


def draw_truncated(
    n: int,
    dim: int,
    geometry: Geometry | None = None,
    *,
    truncation: float | None = None,
    method: str = "psi",
    centre: Floats | None = None,
    generator: torch.Generator | None = None,
) -> Floats:
    """Draw latents from the prior of a geometry, truncated.

    Parameters
    ----------
    n
        How many.
    dim
        d.
    geometry
        Where they live; flat when None, with N(0, I) as prior.
    truncation
        None for the prior itself. For "psi" from above 0 to 1: the share of the way from the
        centre that a draw keeps. For "resample" a threshold t above 0: in flat spaces each
        coordinate is drawn again until it is within t, in standard deviations; in curved ones a
        draw is drawn again until it is within t of the centre, in the geometry's own distance.
    method
        "psi" or "resample".
    centre
        (d,) what draws are brought to; the geometry's origin when None. In flat spaces
        "resample" is always about the prior's own, zero.
    generator
        Of the draws.

    Returns
    -------
    numpy.ndarray
        (n, d) float64.

    Raises
    ------
    ValueError
        If an argument does not fit; or hardly any draw of a curved prior is within t.

    Notes
    -----
    Psi: Karras, Laine and Aila, "A style-based generator architecture for generative adversarial
    networks", 2019, with the shortest path in place of the straight line. Resampling: Brock,
    Donahue and Simonyan, "Large scale GAN training for high fidelity natural image synthesis",
    2019; in flat spaces its law, the truncated normal, is drawn from at once by the inverse of
    its distribution function.
    """
    geometry = geometry or Euclidean()
    dim = whole("dim", dim, 1, MOST_NUMBERS)
    n = whole("n", n, 0, MOST_NUMBERS // dim)
    share = check_truncation(truncation, method)
    flat = geometry.name == "euclidean"
    if share is not None and method == "resample" and flat:
        # erf(t / sqrt 2) is how much of N(0, 1) lies within t.
        within = math.erf(share / math.sqrt(2))
        even = torch.rand(n, dim, generator=generator, dtype=torch.float64) * 2 - 1
        drawn = torch.erfinv(even * within) * math.sqrt(2)
        found: Floats = drawn.clamp(-share, share).numpy()
        return found
    middle = geometry.origin(dim).double().numpy() if centre is None else np.asarray(centre)
    if share is not None and method == "resample":
        return _draw_near(n, geometry, reach=share, centre=middle, generator=generator)
    draws: Floats = geometry.random(n, dim, generator).double().numpy()
    if share is None or share == 1:
        return draws
    return np.asarray(geometry.interpolate(np.broadcast_to(middle, draws.shape), draws, share))


def _draw_near(
    n: int, geometry: Geometry, *, reach: float, centre: Floats, generator: torch.Generator | None
) -> Floats:
    kept: list[Floats] = []
    count = tried = 0
    while count < n and tried < _PATIENCE * n:
        draws = geometry.random(max(n, 256), len(centre), generator).double().numpy()
        near = draws[np.asarray(geometry.distance(draws, centre)) <= reach]
        kept.append(near)
        count, tried = count + len(near), tried + len(draws)
    if count < n:
        raise ValueError(
            f"truncation must leave something of the prior: of {tried:,} draws, {count:,} lay "
            f"within {reach:g} of the centre, and {n:,} were wanted"
        )
    return np.concatenate(kept)[:n]
