"""What a model makes of one picture from outside."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from latent_widgets import codec
from latent_widgets.analysis.anomaly import mahalanobis
from latent_widgets.analysis.subject import Subject
from latent_widgets.one_picture import one_picture
from latent_widgets.picture_file import open_picture

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

_CLOUD = 2_000  # rows that tell where the latents lie


def read_picture(space: LatentSpace, name: str, given: Any, *, resize: bool = False) -> Tensor:  # noqa: ANN401
    """Bring one picture into the form a space's encoder takes.

    Parameters
    ----------
    space
        Whose encoder.
    name
        The argument it came from, used in error sentences.
    given
        A path, the bytes of a file, a PIL image, an array or a tensor.
    resize
        Whether an array of another size is cut and scaled too, as files and PIL images always are.

    Returns
    -------
    torch.Tensor
        (1, C, H, W) float32 in [0, 1].

    Raises
    ------
    ValueError, TypeError
        If it is no picture, one of another size, or the space does not encode.
    """
    if not space.can_encode:
        raise TypeError("this space has no encode, so it takes no pictures")
    if isinstance(given, str | os.PathLike | bytes | bytearray | memoryview):
        given = open_picture(name, given if isinstance(given, str | os.PathLike) else bytes(given))
    photograph = isinstance(given, Image.Image)
    return one_picture(name, given, space.image_shape, resize=resize or photograph)


@dataclass(frozen=True, eq=False)
class Look:
    """What a model says of one picture.

    Attributes
    ----------
    picture : torch.Tensor
        (1, C, H, W) float32 in [0, 1], as the encoder took it.
    pixels : numpy.ndarray
        (H, W, C) uint8, the same for the eye.
    mean : numpy.ndarray
        (d,) float32 posterior mean.
    logvar : numpy.ndarray or None
        (d,) log variances; None where the posterior has none.
    wide : bool
        Whether the posterior is more than a point, so that draws differ.
    reconstruction : numpy.ndarray or None
        (H, W, C) uint8, the mean decoded; None without a decoder.
    error : float or None
        Mean squared difference of the two over pixels and colours, in [0, 1].
    distance : float or None
        Mahalanobis distance of the mean from the rows; None in curved spaces and with few rows.
    """

    picture: Tensor
    pixels: codec.Pictures
    mean: codec.Floats
    logvar: codec.Floats | None
    wide: bool
    reconstruction: codec.Pictures | None
    error: float | None
    distance: float | None


def look(space: LatentSpace, picture: Tensor) -> Look:
    """Encode one picture, and decode its mean.

    Parameters
    ----------
    space
        Whose model is asked.
    picture
        (1, C, H, W) float32 in [0, 1].

    Returns
    -------
    Look
        What came of it.

    Raises
    ------
    ValueError, TypeError
        If the picture does not fit.
    """
    posterior = space.encode(picture)
    mean = posterior.mean[0].float().cpu().numpy()
    logvar = None if posterior.logvar is None else posterior.logvar[0].float().cpu().numpy()
    wide = logvar is not None or not np.allclose(draw(space, picture, 1, 0)[0], mean, atol=1e-5)
    decoded = error = None
    if space.can_decode:
        again = space.decode(mean)
        decoded, error = codec.to_uint8(again)[0], float(squared_errors(again, picture)[0])
    pixels = codec.to_uint8(picture)[0]
    return Look(picture, pixels, mean, logvar, wide, decoded, error, distance(space, mean))


def draw(space: LatentSpace, picture: Tensor, n: int, seed: int) -> codec.Floats:
    """Draw latents from the posterior of a picture.

    Parameters
    ----------
    space
        Whose model is asked.
    picture
        (1, C, H, W) float32 in [0, 1].
    n
        How many.
    seed
        Same seed, same draws.

    Returns
    -------
    numpy.ndarray
        (n, d) float32.
    """
    subject = Subject(space)
    generator = torch.Generator().manual_seed(seed)
    with subject.at_rest():
        several = picture.to(subject.device, subject.dtype).expand(n, -1, -1, -1)
        drawn: codec.Floats = subject.draw(subject.encode(several), generator).float().cpu().numpy()
    return drawn.reshape(n, -1)


def distance(space: LatentSpace, mean: codec.Floats) -> float | None:
    """Measure how far a latent lies from the rows.

    Parameters
    ----------
    space
        Whose rows; 2,000 of them, evenly picked, say how they are spread.
    mean
        (d,) the latent.

    Returns
    -------
    float or None
        Mahalanobis distance, not squared; None in curved spaces, and with no more rows than
        dimensions.
    """
    rows = cloud_of(space)
    return None if rows is None else math.sqrt(max(float(mahalanobis(mean[None], rows)[0]), 0.0))


def cloud_of(space: LatentSpace) -> codec.Floats | None:
    """Pick rows that tell where the latents lie.

    Parameters
    ----------
    space
        Whose rows.

    Returns
    -------
    numpy.ndarray or None
        At most 2,000 of them, evenly picked; None in curved spaces, and with no more rows than
        dimensions.
    """
    points = space.points
    if space.geometry.name != "euclidean" or len(points) <= space.latent_dim + 1:
        return None
    return points[:: -(-len(points) // _CLOUD)]


def squared_errors(a: Tensor, b: Tensor) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Compare pictures.

    Parameters
    ----------
    a, b
        (n, C, H, W) in [0, 1].

    Returns
    -------
    numpy.ndarray
        (n,) mean squared differences over pixels and colours.
    """
    found = (a.cpu().double() - b.cpu().double()).square().flatten(1).mean(dim=1)
    return np.asarray(found.numpy(), np.float64)
