"""Latents that are pictures themselves: their channels and regions, each with one slider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.codec import Floats

# So many regions across and down: a face's eyes and mouth fall into different ones.
GRID = 4


def regions(latent_shape: Sequence[int] | None) -> list[npt.NDArray[np.intp]]:
    """Group the dimensions of a latent that has channels, rows and columns.

    Parameters
    ----------
    latent_shape
        (c, h, w); any other number of axes has no regions.

    Returns
    -------
    list of numpy.ndarray
        Dimensions, as places in the flat latent: of each channel as a whole, then of each
        channel's 4 by 4 regions (fewer where h or w is smaller), by rows.
    """
    if latent_shape is None or len(latent_shape) != 3:
        return []
    channels, height, width = latent_shape
    places = np.arange(channels * height * width).reshape(channels, height, width)
    found = [places[channel].ravel() for channel in range(channels)]
    down, across = min(GRID, height), min(GRID, width)
    if down * across == 1:
        return found
    for channel in range(channels):
        for row in range(down):
            rows = slice(row * height // down, (row + 1) * height // down)
            for column in range(across):
                columns = slice(column * width // across, (column + 1) * width // across)
                found.append(places[channel, rows, columns].ravel())
    return found


def region_means(points: npt.NDArray[Any], latent_shape: Sequence[int] | None) -> Floats:
    """Average the latents over each region.

    Parameters
    ----------
    points
        (n, d) latents.
    latent_shape
        As for `regions`.

    Returns
    -------
    numpy.ndarray
        (n, number of regions) float32.
    """
    found = regions(latent_shape)
    means = np.zeros((len(points), len(found)), np.float32)
    for column, dims in enumerate(found):
        means[:, column] = points[:, dims].mean(axis=1)
    return means
