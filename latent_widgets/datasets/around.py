"""Augmentation by a model: new pictures drawn around rows that are known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from latent_widgets.datasets.factors import check_whole
from latent_widgets.geometry import Euclidean, Geometry, PoincareBall

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH = 256


class Coded(Protocol):
    """What `around` needs of a `LatentSpace`; its ``geometry`` counts where it has one."""

    @property
    def points(self) -> NDArray[Any]:
        """(n, d) posterior means."""

    @property
    def logvar(self) -> NDArray[Any] | None:
        """(n, d) log variances, or None."""

    @property
    def labels(self) -> NDArray[Any] | None:
        """(n,) labels, or None."""

    def decode(self, z: Tensor, /) -> Tensor:
        """Decode (m, d) to pictures (m, C, H, W) in [0, 1]."""


class Drawn(NamedTuple):
    """A labelled batch, the draws of one row after those of another.

    Attributes
    ----------
    images : torch.Tensor
        (m, C, H, W) float in [0, 1], where the space decodes.
    labels : torch.Tensor, numpy.ndarray or None
        (m,) the label of the row that each was drawn around: an int64 or float32 tensor, an array
        of words, or None where the space has no labels.
    latents : torch.Tensor
        (m, d) what was decoded.
    rows : torch.Tensor
        (m,) int64: around which row.
    """

    images: Tensor
    labels: Tensor | NDArray[Any] | None
    latents: Tensor
    rows: Tensor


def around(
    space: Coded, row: int | Sequence[int], n: int = 16, spread: float = 1.0, seed: int = 0
) -> Drawn:
    """Draw latents around rows of a space and decode them: a labelled batch to train on.

    A draw is ``exp(mean, spread * sigma * epsilon)`` with epsilon from N(0, I): a geodesic from
    the row's posterior mean whose beginning is random. In a flat space that is the posterior
    itself where ``spread`` is 1; on the Poincare ball it is the wrapped normal; on a sphere what
    points off the sphere is left out, so that d - 1 directions remain. sigma is the row's
    posterior standard deviation. Where the model gives none (an autoencoder, a sphere), it is
    such that a draw of ``spread`` 1 is about as far away as the nearest other row: that distance
    over the square root of d.

    Parameters
    ----------
    space : LatentSpace
        With rows and a decoder. Anything with ``points``, ``logvar``, ``labels`` and ``decode``
        will do.
    row : int or sequence of int
        Which rows.
    n : int
        How many draws around each, 1 or more.
    spread : float
        Factor of the standard deviation, 0 or more; 0 decodes the mean n times. At 1 the draws
        are what the model takes for one and the same picture and hardly to be told apart; about 3
        gives new variants, of which some no longer are what the label says.
    seed : int
        Seed of a private generator.

    Returns
    -------
    Drawn
        Pictures, labels, latents and row ids, n for each row.

    Raises
    ------
    ValueError
        If one is no row of the space, a number is out of range, or neither a variance nor a
        second row tells how far to go.
    TypeError
        If the space does not decode.

    Examples
    --------
    >>> batch = around(space, row=[3, 14], n=8, spread=0.5)  # doctest: +SKIP
    >>> loss = classify(batch.images, batch.labels)  # doctest: +SKIP
    """
    check_whole("n", n, 1)
    check_whole("seed", seed, 0)
    if isinstance(spread, bool) or not 0 <= spread < math.inf:
        raise ValueError(f"spread is {spread!r}; expected a finite number, 0 or more.")
    points = torch.as_tensor(np.array(space.points))
    rows = _rows(row, len(points))
    geometry: Geometry = getattr(space, "geometry", None) or Euclidean()
    middle = points[rows]
    if space.logvar is None:
        sigma = _reach(geometry, points, rows) / math.sqrt(points.shape[1])
    else:
        sigma = torch.exp(0.5 * torch.as_tensor(np.array(space.logvar))[rows]).to(points)
    generator = torch.Generator().manual_seed(int(seed))
    noise = torch.randn(len(rows), n, points.shape[1], generator=generator, dtype=points.dtype)
    start = middle[:, None].expand_as(noise)
    step = spread * sigma[:, None] * noise
    if isinstance(geometry, PoincareBall):
        # Standard deviations are hyperbolic lengths, tangent vectors are not.
        step = step / geometry.conformal_factor(start)
    latents = geometry.exp(start, step).flatten(0, 1)
    images = torch.cat([space.decode(part) for part in torch.split(latents, _BATCH)])
    which = torch.from_numpy(rows).repeat_interleave(n)
    return Drawn(images, _labels(space.labels, which), latents.to(images.device), which)


def _rows(row: int | Sequence[int], count: int) -> NDArray[np.int64]:
    given = np.atleast_1d(np.asarray(row))
    whole = given.ndim == 1 and given.size > 0 and given.dtype.kind in "iu"
    if not whole or given.min() < 0 or given.max() >= count:
        known = f"row ids from 0 to {count - 1}" if count else "a space with rows"
        raise ValueError(f"row is {row!r:.60}; expected {known}.")
    return given.astype(np.int64)


def _reach(geometry: Geometry, points: Tensor, rows: NDArray[np.int64]) -> Tensor:
    """Distance from rows to the nearest other place that has a row, (len(rows), 1)."""
    found = []
    for row in rows:
        away = geometry.distance(points[row].expand_as(points), points)
        # Rows that lie on top of one another say nothing about how far one may go.
        away = away[(points != points[row]).any(1)]
        if not len(away):
            raise ValueError(
                f"row is {int(row)}, for which there is neither a logvar nor a row elsewhere; "
                "expected one of them to say how far to go."
            )
        found.append(away.min())
    return torch.stack(found)[:, None]


def _labels(labels: NDArray[Any] | None, rows: Tensor) -> Tensor | NDArray[Any] | None:
    if labels is None:
        return None
    chosen: NDArray[Any] = np.asarray(labels)[rows.numpy()]
    if chosen.dtype.kind in "biu":
        return torch.from_numpy(chosen.astype(np.int64))
    return torch.from_numpy(chosen.astype(np.float32)) if chosen.dtype.kind == "f" else chosen
