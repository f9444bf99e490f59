"""Bounds on log p(x), picture by picture, in nats."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from latent_widgets.analysis.rows import Floats
from latent_widgets.analysis.subject import Subject
from latent_widgets.datasets.images import Images

BINARISE = (None, "dynamic", "threshold")


class Terms(NamedTuple):
    """The evidence lower bound of every picture, by its terms.

    Attributes
    ----------
    reconstruction : numpy.ndarray, shape (n,)
        -E_q[log p(x|z)], summed over pixels and channels, in nats.
    kl : numpy.ndarray, shape (n,)
        KL(q(z|x) || p(z)), in nats.
    neg_elbo : numpy.ndarray, shape (n,)
        Their plain sum, whatever beta the model was trained with.
    floor : numpy.ndarray, shape (n,), or None
        The pixels' own entropy, which no cross-entropy goes under: 0 for black and white
        pixels. None for a Gaussian likelihood, which has none.
    """

    reconstruction: Floats
    kl: Floats
    neg_elbo: Floats
    floor: Floats | None


def elbo(
    model: Any,  # noqa: ANN401 - anybody's
    images: Any,  # noqa: ANN401 - whatever `Images` reads
    n_samples: int = 1,
    seed: int = 0,
    *,
    binarise: str | None = None,
    batch_size: int = 256,
) -> Terms:
    """Measure the evidence lower bound of pictures.

    Measure on held-out pictures. With grey pixels the Bernoulli "likelihood" is a loss and
    no likelihood: compare ``neg_elbo - floor``, or binarise.

    Parameters
    ----------
    model
        A LatentSpace, a model of this package, or anything with `encode` and `decode`, whose
        pictures are then taken for means of Bernoulli pixels.
    images
        What `LatentSpace` takes: tensor, array, dataset or folder.
    n_samples
        Draws of z per picture, averaged; at least 1.
    seed
        Of all draws.
    binarise
        "dynamic": every pixel is drawn to be 0 or 1 with its grey value as probability, as in
        the literature; "threshold": 1 above 0.5; None: grey as it is.
    batch_size
        Pictures at a time.

    Returns
    -------
    Terms
        One number per picture and term. A plain autoencoder has a KL of 0, and then this is
        no bound.

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit.

    Notes
    -----
    Kingma and Welling, "Auto-encoding variational Bayes", 2013, equation 8.
    """
    if n_samples < 1:
        raise ValueError(f"n_samples must be at least 1, got {n_samples}")
    subject, source, generator = _begin(model, images, seed, binarise)
    parts: list[tuple[Tensor, Tensor, Tensor]] = []
    with subject.at_rest():
        for batch in source.batches(batch_size):
            x = _ink(batch, binarise, generator).to(subject.device, subject.dtype)
            reconstruction, kl = subject.bound(x, n_samples, generator)
            grey = x.double()
            entropy = torch.special.entr(grey) + torch.special.entr(1 - grey)
            parts.append((reconstruction, kl, entropy.flatten(1).sum(dim=1)))
    missed, told, floor = (
        torch.cat(column).double().cpu().numpy() for column in zip(*parts, strict=True)
    )
    return Terms(missed, told, missed + told, floor if subject.bernoulli else None)


def iwae(
    model: Any,  # noqa: ANN401 - anybody's
    images: Any,  # noqa: ANN401 - whatever `Images` reads
    k: int = 50,
    *,
    binarise: str | None = None,
    seed: int = 0,
    batch_size: int = 256,
) -> Floats:
    """Measure the importance-weighted bound of pictures.

    It rises with k towards log p(x); with k = 1 it is the ELBO.

    Parameters
    ----------
    model, images, binarise, seed, batch_size
        As for `elbo`. A posterior must have a density: an autoencoder has none.
    k
        Draws of z per picture, at least 1.

    Returns
    -------
    numpy.ndarray
        (n,) lower bounds of log p(x), in nats.

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit, or the posterior is a point.

    Notes
    -----
    Burda, Grosse and Salakhutdinov, "Importance weighted autoencoders", 2015, equation 8.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    subject, source, generator = _begin(model, images, seed, binarise)
    bounds = []
    with subject.at_rest():
        for batch in source.batches(batch_size):
            x = _ink(batch, binarise, generator).to(subject.device, subject.dtype)
            posterior = subject.encode(x)
            weights = []
            for _ in range(k):
                z = subject.draw(posterior, generator)
                weight = subject.log_ratio(posterior, z).double() - subject.surprise(z, x).double()
                weights.append(weight)
            bound = torch.logsumexp(torch.stack(weights), dim=0) - math.log(k)
            bounds.append(bound.cpu().numpy())
    return np.concatenate(bounds)


def _begin(
    model: Any,  # noqa: ANN401
    images: Any,  # noqa: ANN401
    seed: int,
    binarise: str | None,
) -> tuple[Subject, Images, torch.Generator]:
    if binarise not in BINARISE:
        raise ValueError(f"binarise must be one of {BINARISE}, got {binarise!r}")
    source = images if isinstance(images, Images) else Images(images)
    return Subject(model), source, torch.Generator().manual_seed(seed)


def _ink(x: Tensor, binarise: str | None, generator: torch.Generator) -> Tensor:
    if binarise == "dynamic":
        return torch.bernoulli(x, generator=generator)
    return (x > 0.5).to(x.dtype) if binarise else x
