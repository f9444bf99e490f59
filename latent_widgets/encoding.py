"""The rows of a space: encoded elsewhere, encoded here, or none."""

from __future__ import annotations

import torch
from torch import Tensor
from tqdm.auto import tqdm

from latent_widgets.counts import whole
from latent_widgets.datasets.images import Images
from latent_widgets.encoded import Encoded
from latent_widgets.given import numbers
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.posteriors import Posterior

_BATCH = 256
_SLOW_ROWS = 5_000


def find_data(
    model: FrozenModel,
    images: Images | None,
    points: object,
    logvar: object,
    latent_dim: int | None,
) -> Encoded:
    """Take latents that were encoded elsewhere, or encode the pictures, or do without.

    Parameters
    ----------
    model
        The model, which may lack both halves when there are points.
    images
        The pictures, or None.
    points, logvar
        (n, d) each, or None.
    latent_dim
        d as the user says, or None.

    Returns
    -------
    Encoded
        The rows; none without images and points.

    Raises
    ------
    ValueError
        If something does not fit; the sentence names it.
    """
    dim = None if latent_dim is None else whole("latent_dim", latent_dim, 1)
    if logvar is not None and points is None:
        raise ValueError("logvar goes with points, and there are none")
    if points is not None:
        spread = None if logvar is None else numbers("logvar", logvar, model.device)
        data = Encoded(Posterior(numbers("points", points, model.device), spread), images)
        width = data.mean.shape[1]
        if dim is None and model.latent_dim not in (None, width):
            raise ValueError(
                f"points must have {model.latent_dim} columns, as model.latent_dim says, "
                f"got {width}"
            )
    elif images is not None:
        data = Encoded(encode_images(model, images), images)
    else:
        dim = dim or model.latent_dim
        if dim is None:
            raise ValueError(
                "latent_dim must be a whole number of at least 1 when there are neither images "
                "nor points, got None"
            )
        data = Encoded(Posterior(torch.zeros(0, dim, device=model.device), None))
    if dim is not None and dim != data.mean.shape[1]:
        raise ValueError(
            f"latent_dim must be {data.mean.shape[1]} as in the data, got {latent_dim}"
        )
    return data


def encode_images(model: FrozenModel, images: Images) -> Posterior:
    """Encode all pictures, with a progress bar when there are many.

    Parameters
    ----------
    model
        The encoder.
    images
        The pictures.

    Returns
    -------
    Posterior
        (n, d) mean and log variance (or None) on the model's device.
    """
    bar = tqdm(total=len(images), desc="encoding", unit="image", disable=len(images) < _SLOW_ROWS)
    means: list[Tensor] = []
    logvars: list[Tensor] = []
    with bar:
        for batch in images.batches(_BATCH):
            posterior = model.encode(batch)
            means.append(posterior.mean)
            if posterior.logvar is not None:
                logvars.append(posterior.logvar)
            bar.update(len(batch))
    return Posterior(torch.cat(means), torch.cat(logvars) if logvars else None)
