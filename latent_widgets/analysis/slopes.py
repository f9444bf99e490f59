"""What small steps of a latent change in its picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets.geometry.forward import jvp

Floats = npt.NDArray[np.float64]
Decode = Callable[[Tensor], Tensor]

# Half the width of central differences, and the width of those of a hurry.
_STEP, _WIDTH = 5e-3, 2e-3
# BLAS shares larger products among threads, which wait busily where other work runs.
_ALONE = 200_000
_AT_ONCE = 64


def squares(slopes: Floats, heavy: Floats) -> Floats:
    """Multiply slopes with each other.

    Parameters
    ----------
    slopes
        (k, m).
    heavy
        (m,) weights.

    Returns
    -------
    numpy.ndarray
        (k, k) weighted products.
    """
    k, m = slopes.shape
    found, part = np.zeros((k, k)), max(_ALONE // max(k * k, 1), 64)
    for i in range(0, m, part):
        some = slopes[:, i : i + part]
        found += (some * heavy[i : i + part]) @ some.T
    return found


def glance(decode: Decode, z: Floats, ways: Floats) -> Floats:
    """Give about what each way changes, by one picture a way: a third of the time.

    Parameters
    ----------
    decode
        Takes (m, d) float32 latents, gives (m, C, H, W) pictures.
    z
        (d,) where.
    ways
        (d, k) directions.

    Returns
    -------
    numpy.ndarray
        (k, C * H * W).
    """
    places = np.concatenate([z[None], z + _WIDTH * ways.T]).astype(np.float32)
    with torch.inference_mode():
        found = [
            decode(torch.from_numpy(places[i : i + _AT_ONCE])).flatten(1).cpu()
            for i in range(0, len(places), _AT_ONCE)
        ]
    pictures = torch.cat(found).double().numpy()
    slopes: Floats = (pictures[1:] - pictures[0]) / _WIDTH
    return slopes


def differentiate(decode: Decode, z: Floats, ways: Floats, *, forward: bool) -> Floats:
    """Give what each way changes.

    Parameters
    ----------
    decode, z, ways
        As for `glance`.
    forward
        Whether torch differentiates `decode`; else central differences do.

    Returns
    -------
    numpy.ndarray
        (k, C * H * W).
    """
    at = torch.from_numpy(z.astype(np.float32)).expand(ways.shape[1], -1).contiguous()
    along = torch.from_numpy(np.ascontiguousarray(ways.T, dtype=np.float32))
    found = []
    with torch.no_grad():
        for i in range(0, len(at), _AT_ONCE):
            here, way = at[i : i + _AT_ONCE], along[i : i + _AT_ONCE]
            if forward:
                found.append(jvp(decode, here, way).flatten(1).cpu())
            else:
                # One batch of both sides.
                both = decode(torch.cat([here + _STEP * way, here - _STEP * way])).flatten(1).cpu()
                found.append((both[: len(here)] - both[len(here) :]) / (2 * _STEP))
    slopes: Floats = torch.cat(found).double().numpy()
    return slopes
