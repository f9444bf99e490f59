"""Places where the prior sends a decoder and no picture ever was."""

from __future__ import annotations

import numpy as np
import torch

from latent_widgets.analysis.neighbours import neighbours
from latent_widgets.analysis.rows import Floats, Rows, as_posterior_rows, as_rows, draw_rows

_MOST = 2000
_NEAR = 5
_QUANTILE = 0.99


def holes(
    mean: Rows, logvar: Rows | None = None, prior: Rows | None = None, seed: int = 0
) -> float:
    """Share of prior draws that fall where the encoder puts no picture.

    A draw of the prior is in a hole when its fifth nearest encoded picture is farther than it
    is for 99 in 100 of the encoded pictures themselves. One in a hundred is therefore what a
    perfect match gives.

    Parameters
    ----------
    mean
        (n, d) posterior means, at least 20 rows; of many, 2,000 are drawn.
    logvar
        (n, d) log-variances: one latent is drawn for every row. Without, the means are taken.
    prior
        (m, d) draws of the model's own prior; N(0, I) without.
    seed
        Of the draws.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        If the rows do not fit each other.

    Notes
    -----
    The precision of Kynkaanniemi et al., "Improved precision and recall metric", 2019, in the
    latent space, with one radius for all rows. Distances are Euclidean in the coordinates of
    the latent: chords on a sphere, and too short near the rim of a hyperbolic ball.
    """
    draws, other = draw_both(mean, logvar, prior, seed, least=20)
    encoded = torch.from_numpy(draws)
    near = min(_NEAR, len(draws) - 1)
    # Every row is its own nearest: it does not count.
    own = neighbours(encoded, encoded, near + 1)[0][:, near]
    theirs = neighbours(encoded, torch.from_numpy(other), near)[0][:, near - 1]
    return float((theirs > torch.quantile(own, _QUANTILE)).double().mean())


def draw_both(
    mean: Rows, logvar: Rows | None, prior: Rows | None, seed: int, least: int
) -> tuple[Floats, Floats]:
    """Draw as many latents of the aggregate posterior as of the prior, 2,000 at most.

    Parameters
    ----------
    mean, logvar, prior, seed
        As for `holes`.
    least
        How many rows the measure needs.

    Returns
    -------
    aggregate, prior : numpy.ndarray
        (n, d) float64 each.

    Raises
    ------
    ValueError
        If the rows do not fit each other.
    """
    generator = np.random.default_rng(seed)
    if logvar is None:
        centre, spread = as_rows("mean", mean, least), None
    else:
        centre, spread = as_posterior_rows(mean, logvar, least)
    keep = generator.permutation(len(centre))[:_MOST]
    draws = draw_rows(centre[keep], None if spread is None else spread[keep], generator)
    if prior is None:
        return draws, generator.standard_normal(draws.shape)
    other = as_rows("prior", prior, least)
    if other.shape[1] != draws.shape[1]:
        raise ValueError(f"prior must have {draws.shape[1]} columns as mean, got {other.shape[1]}")
    keep = generator.permutation(len(other))[: len(draws)]
    return draws[: len(keep)], other[keep]
