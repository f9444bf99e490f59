"""Directions that a map may have for its axes, by the names of columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from latent_widgets.columns import Column
    from latent_widgets.space import LatentSpace


def named_directions(space: LatentSpace) -> list[str]:
    """Name the columns of a space that are a direction: of two classes, or of numbers."""
    return [column.name for column in space.data.columns if _ends(column) is not None]


def vectors_of(space: LatentSpace, directions: Sequence[Any], dim: int) -> npt.NDArray[np.float64]:
    """Turn names of columns into directions.

    Parameters
    ----------
    space
        Whose rows and columns count.
    directions
        One for each axis: a vector (d,), or the name of a column, from the mean of the rows of
        its first class (of the lowest quarter of its numbers) to that of the second (of the
        highest).
    dim
        How many there must be.

    Returns
    -------
    numpy.ndarray
        (dim, d) float64.

    Raises
    ------
    ValueError
        If there are not as many, a name is none of a fitting column, or a vector not of d finite
        numbers.

    Notes
    -----
    Differences of the means of attributes (White 2016).
    """
    if len(directions) != dim:
        raise ValueError(
            f"directions must be {dim} vectors or names of columns, got {len(directions)}"
        )
    return np.stack([_vector(space, one) for one in directions])


def _vector(space: LatentSpace, one: Any) -> npt.NDArray[np.float64]:  # noqa: ANN401
    d = space.latent_dim
    if not isinstance(one, str):
        try:
            vector = np.asarray(one, np.float64)
        except (TypeError, ValueError):
            vector = np.full(1, np.nan)
        if vector.shape != (d,) or not np.isfinite(vector).all():
            raise ValueError(f"directions must be vectors of {d} finite numbers, got {one!r:.60}")
        return vector
    column = next((column for column in space.data.columns if column.name == one), None)
    ends = column and _ends(column)
    if not ends:
        raise ValueError(
            f"directions must be columns of two classes or of numbers, which are "
            f"{named_directions(space)}, got {one!r:.60}"
        )
    points = space.points.astype(np.float64)
    low, high = (points[space.data.rows_where(one, end)].mean(axis=0) for end in ends)
    return np.asarray(high - low)


def _ends(column: Column) -> tuple[str, str] | None:
    """Names of the rows from which and to which a column leads."""
    if column.categories is None:
        return None if np.ptp(column.values) == 0 else ("low", "high")
    if len(column.categories) != 2 or len(np.unique(column.values)) != 2:
        return None
    return column.categories[0], column.categories[1]
