"""Pictures that a space can encode, and the terms of their bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from latent_widgets.analysis.rows import Floats
from latent_widgets.analysis.subject import Subject
from latent_widgets.datasets.images import Images

_BATCH = 256


def read_images(space: Any, images: Any) -> Images:  # noqa: ANN401
    """Read pictures that a space can encode.

    Parameters
    ----------
    space
        A LatentSpace.
    images
        Whatever `Images` reads.

    Returns
    -------
    Images
        Pictures of the space's own size.

    Raises
    ------
    ValueError, TypeError
        If they are none, or the space does not encode.
    """
    source = images if isinstance(images, Images) else Images(images)
    if not space.can_encode:
        raise ValueError("images need a space with an encoder, and this one has none")
    if space.image_shape is not None and source.shape != tuple(space.image_shape):
        raise ValueError(f"images must have shape {space.image_shape}, got {source.shape}")
    return source


def bound_terms(
    space: Any,  # noqa: ANN401 - a LatentSpace
    source: Images,
    rows: Sequence[int],
    *,
    n_samples: int,
    seed: int,
    step: Callable[[float], None],
) -> tuple[Floats, Floats]:
    """Measure -E[log p(x|z)] and KL(q(z|x) || p(z)) of pictures, see `elbo`.

    Parameters
    ----------
    space
        Whose model it is.
    source
        The pictures.
    rows
        Which of them.
    n_samples
        Draws of z per picture.
    seed
        Of all draws.
    step
        Called with the share done before every batch; what it raises passes through.

    Returns
    -------
    reconstruction, kl : numpy.ndarray
        (len(rows),) nats each.

    Raises
    ------
    ValueError
        If the model gives NaN or infinity.
    """
    subject = Subject(space)
    generator = torch.Generator().manual_seed(seed)
    parts = []
    with subject.at_rest():
        for at in range(0, len(rows), _BATCH):
            step(at / len(rows))
            x = source.take(rows[at : at + _BATCH]).to(subject.device, subject.dtype)
            parts.append(subject.bound(x, n_samples, generator))
    missed, told = (torch.cat(column).double().cpu().numpy() for column in zip(*parts, strict=True))
    broken = np.flatnonzero(~np.isfinite(missed + told))
    if len(broken):
        raise ValueError(
            "images must give finite bounds, got NaN or infinity from the model "
            f"in row {rows[broken[0]]}"
        )
    return missed, told
