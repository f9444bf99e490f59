"""The Frechet distance between two clouds of features."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from latent_widgets.analysis.rows import Floats, Rows, as_rows
from latent_widgets.analysis.subject import Subject
from latent_widgets.datasets.images import Images


def frechet_distance(a: Rows, b: Rows) -> float:
    """Distance between the Gaussians that two clouds of features have the moments of.

    Parameters
    ----------
    a, b
        (n, f) and (m, f) features, at least 2 rows each. Few rows make the distance too
        large: compare only distances of as many rows.

    Returns
    -------
    float
        ``|mu_a - mu_b|^2 + tr(S_a + S_b - 2 (S_a S_b)^(1/2))``, at least 0.

    Raises
    ------
    ValueError
        If the rows do not fit each other.

    Notes
    -----
    Dowson and Landau, 1982. With the features of an Inception network this is the FID of
    Heusel et al., 2017; with any other features it is comparable with nothing but itself.
    """
    first, second = as_rows("a", a, 2), as_rows("b", b, 2)
    if first.shape[1] != second.shape[1]:
        raise ValueError(f"b must have {first.shape[1]} columns as a, got {second.shape[1]}")
    shift = first.mean(axis=0) - second.mean(axis=0)
    one, other = _covariance(first), _covariance(second)
    values, vectors = np.linalg.eigh(one)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    mixed = np.sqrt(np.linalg.eigvalsh(root @ other @ root).clip(0)).sum()
    return max(float(shift @ shift + np.trace(one) + np.trace(other) - 2 * mixed), 0.0)


def sample_distance(
    model: Any,  # noqa: ANN401 - anybody's
    images: Any,  # noqa: ANN401 - whatever `Images` reads
    *,
    encoder: Any = None,  # noqa: ANN401 - anybody's
    seed: int = 0,
    batch_size: int = 256,
) -> float:
    """Frechet distance between pictures and as many decoded prior draws, in encoder features.

    Parameters
    ----------
    model
        A LatentSpace or a model that decodes.
    images
        Held-out pictures.
    encoder
        Whose features: a LatentSpace or a model; `model` itself by default. To compare
        models, give all of them the same one.
    seed
        Of the prior draws.
    batch_size
        Pictures at a time.

    Returns
    -------
    float
        At least 0; of no meaning beside an Inception FID.

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit.
    """
    subject = Subject(model)
    judge = subject if encoder is None else Subject(encoder)
    source = images if isinstance(images, Images) else Images(images)
    generator = torch.Generator().manual_seed(seed)
    real, made = [], []
    with subject.at_rest(), judge.at_rest():
        for batch in source.batches(batch_size):
            x = batch.to(subject.device, subject.dtype)
            dim = getattr(subject.model, "latent_dim", None) or subject.encode(x).mean.shape[1]
            z = subject.prior(len(x), int(dim), generator)
            drawn = subject.decode(z, (x.shape[1], x.shape[2], x.shape[3]))
            real.append(judge.features(batch.to(judge.device, judge.dtype)).double().cpu())
            made.append(judge.features(drawn.to(judge.device, judge.dtype)).double().cpu())
    return frechet_distance(torch.cat(real), torch.cat(made))


def _covariance(rows: Floats) -> Floats:
    return np.atleast_2d(np.cov(rows, rowvar=False))
