"""Where a picture stands among the data: how many rows are less odd than it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from latent_widgets.analysis.anomaly import mahalanobis
from latent_widgets.brought_picture import Look, cloud_of, squared_errors
from latent_widgets.progress import Progress

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace


_ROWS = 500
_BATCH = 25


class Standing:
    """Where a picture stands among the data: how many rows are less odd than it.

    Parameters
    ----------
    space
        Whose rows; the distances of 2,000 of them are measured at once.
    """

    def __init__(self, space: LatentSpace) -> None:
        rows = cloud_of(space)
        self._distances = None if rows is None else np.sort(np.sqrt(mahalanobis(rows)))
        self._errors: np.ndarray[Any, np.dtype[np.float64]] | None = None

    def learn(self, errors: np.ndarray[Any, np.dtype[np.float64]]) -> None:
        """Take the reconstruction errors of rows, from `row_errors`."""
        self._errors = np.sort(errors)

    def of(self, seen: Look) -> tuple[float | None, float | None]:
        """Rank a picture.

        Parameters
        ----------
        seen
            The picture.

        Returns
        -------
        tuple
            Percent of the rows with a smaller reconstruction error, and with a smaller
            Mahalanobis distance; None where nothing is known.
        """
        return _percent(self._errors, seen.error), _percent(self._distances, seen.distance)


def row_errors(
    space: LatentSpace, progress: Progress | None = None
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Measure the reconstruction errors of at most 500 rows, evenly picked.

    Parameters
    ----------
    space
        With its pictures, an encoder and a decoder.
    progress
        Hears how far it is.

    Returns
    -------
    numpy.ndarray
        (m,) mean squared errors.
    """
    images = space.data.images
    assert images is not None  # noqa: S101 - asked for by those who know
    rows = np.linspace(0, len(images) - 1, min(_ROWS, len(images))).round().astype(int)
    parts = []
    for start in range(0, len(rows), _BATCH):
        if progress is not None:
            progress(start / len(rows), f"{start} of {len(rows)} rows")
        batch = images.take(rows[start : start + _BATCH].tolist())
        parts.append(squared_errors(space.decode(space.encode(batch).mean), batch))
    return np.concatenate(parts)


def _percent(known: np.ndarray[Any, Any] | None, value: float | None) -> float | None:
    if known is None or value is None:
        return None
    return float(100 * np.searchsorted(known, value) / len(known))
