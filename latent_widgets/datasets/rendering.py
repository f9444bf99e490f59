"""Factors to pictures, some rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from latent_widgets.datasets.factors import Factor, check, check_whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def render(
    table: Mapping[str, Factor],
    factors: Mapping[str, ArrayLike],
    size: int,
    paint: Callable[[dict[str, Tensor], int], Tensor],
    chunk: int,
) -> Tensor:
    """Check factors and draw one square picture per row of them.

    Parameters
    ----------
    table
        The factors that there are.
    factors
        Exactly their names, each with n values inside its range.
    size
        Side of the pictures in pixels, 16 or more.
    paint
        Draws some rows: columns of m values and `size` give (m, 3, size, size).
    chunk
        Output pixels drawn at a time.

    Returns
    -------
    torch.Tensor
        (n, 3, size, size) float32.

    Raises
    ------
    ValueError
        When a name is missing or unknown, lengths differ, or a value is outside its range.
    """
    check_whole("size", size, 16)
    columns = check(table, factors)
    n = len(next(iter(columns.values())))
    images = torch.empty(n, 3, size, size)
    step = max(1, chunk // size**2)
    with torch.inference_mode():
        for start in range(0, n, step):
            rows = slice(start, start + step)
            images[rows] = paint({name: values[rows] for name, values in columns.items()}, size)
    return images
