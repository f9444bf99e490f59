"""What the numbers of a model say, in plain sentences."""

from __future__ import annotations

from typing import Any

import numpy as np

from latent_widgets.analysis.holes import holes
from latent_widgets.analysis.learning import overfitting, underfitting
from latent_widgets.analysis.rows import Rows, as_posterior_rows, as_rows, is_flat, kl_rows
from latent_widgets.models.history import History

_SILENT = 0.01
_HOLES = 0.05
_WIDE = 2.0
_FEWEST_ROWS = 100


def hints(
    history: History | None = None,
    space: Any = None,  # noqa: ANN401 - a LatentSpace, which this file may not import
    *,
    mean: Rows | None = None,
    logvar: Rows | None = None,
    prior: Rows | None = None,
    seed: int = 0,
) -> list[str]:
    """Say what deserves attention.

    Cheap enough to be asked after every epoch.

    Parameters
    ----------
    history
        Of the training so far.
    space
        A LatentSpace, whose rows and prior are taken where `mean` is not given.
    mean, logvar
        (n, d) posteriors of pictures, better held out ones; `logvar` None for a plain
        autoencoder, and for posteriors that are no Gaussians under a prior N(0, I).
    prior
        (m, d) draws of the model's own prior; N(0, I) without.
    seed
        Of the draws behind what is said of holes.

    Returns
    -------
    list of str
        One sentence each, the gravest first; empty when there is nothing to say.

    Raises
    ------
    ValueError
        If the rows do not fit each other.
    """
    if mean is None and space is not None and len(space.points):
        mean, logvar = space.points, space.logvar if is_flat(space) else None
        prior = space.sample(min(len(space.points), 2000), seed=seed) if prior is None else prior
    said = [] if mean is None or logvar is None else [_collapse(mean, logvar)]
    if history is not None:
        said += _curves(history, latents_known=mean is not None)
    if mean is not None:
        said += _aggregate(mean, logvar, prior, seed)
    return [sentence for sentence in said if sentence]


def _collapse(mean: Rows, logvar: Rows) -> str:
    kl = kl_rows(*as_posterior_rows(mean, logvar)).mean(axis=0)
    silent = int((kl < _SILENT).sum())
    if silent == len(kl):
        return (
            f"All {silent} dimensions carry < {_SILENT:g} nats: the posterior has collapsed, "
            "and every picture is decoded to the same one. Try a smaller beta, or warmup."
        )
    verb = "carries" if silent == 1 else "carry"
    if not silent:
        return ""
    return (
        f"{silent} of {len(kl)} dimensions {verb} < {_SILENT:g} nats: "
        "the decoder does without them (posterior collapse)."
    )


def _curves(history: History, *, latents_known: bool) -> list[str]:
    said = []
    kl = (history.validation["kl"] or history.train["kl"])[-1:]
    # An autoencoder's KL is exactly zero, and no collapse.
    if not latents_known and kl and 0 < kl[0] < _SILENT:
        said.append(
            f"The KL is {kl[0]:.2g} nats a picture: the posterior has collapsed, "
            "and the latent says nothing about the picture."
        )
    if (grown := overfitting(history)) is not None:
        said.append(
            f"The validation gap has grown since epoch {grown.epoch + 1}, by "
            f"{grown.growth:.3g} nats a picture: the model is overfitting. "
            "Stop there, or give it more pictures."
        )
    elif (slope := underfitting(history)) is not None:
        said.append(
            f"-ELBO still fell by {slope:.3g} nats an epoch when training ended: "
            "the model is underfitting. Train longer."
        )
    return said


def _aggregate(mean: Rows, logvar: Rows | None, prior: Rows | None, seed: int) -> list[str]:
    rows = as_rows("mean", mean)
    if len(rows) < _FEWEST_ROWS:
        return []
    said = []
    share = holes(mean, logvar, prior, seed)
    if share > _HOLES:
        said.append(
            f"{share:.0%} of draws from the prior fall where no picture is encoded: decoding them "
            "is a guess (holes between aggregate posterior and prior)."
        )
    spread = np.exp(as_rows("logvar", logvar)).mean() if logvar is not None else 0.0
    reference = 1.0 if prior is None else float(as_rows("prior", prior).var(axis=0).mean())
    width = float(rows.var(axis=0).mean() + spread) / max(reference, 1e-12)
    if not 1 / _WIDE < width < _WIDE:
        said.append(
            f"Encoded pictures vary {width:.2g} times as much as draws of the prior: "
            "the prior is no guide to where pictures are."
        )
    return said
