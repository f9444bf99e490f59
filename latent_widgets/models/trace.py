"""Losses as they come in, several times an epoch."""

import numpy as np
import numpy.typing as npt

COLUMNS = ("epoch", "reconstruction", "kl", "weight")


class Trace:
    """Training losses along the way, never more than a chart can show.

    Parameters
    ----------
    limit : int
        Points to keep; above that, neighbours are averaged in pairs.
    """

    def __init__(self, limit: int = 400) -> None:
        self._limit = limit
        self._points: list[tuple[float, float, float, float]] = []

    def __len__(self) -> int:
        """Count the points."""
        return len(self._points)

    def add(self, epoch: float, reconstruction: float, kl: float, weight: float) -> None:
        """Add a point.

        Parameters
        ----------
        epoch : float
            Finished epochs, fractions included; above the last one. What lies beyond it is
            dropped: a training that is continued repeats what it had not saved.
        reconstruction, kl : float
            Nats per picture.
        weight : float
            Of the KL term.
        """
        while self._points and self._points[-1][0] >= epoch:
            self._points.pop()
        self._points.append((epoch, reconstruction, kl, weight))
        if len(self._points) > self._limit:
            whole = self._points[: len(self._points) // 2 * 2]
            pairs = np.reshape(whole, (-1, 2, len(COLUMNS))).mean(axis=1)
            rest = self._points[len(whole) :]
            self._points = [tuple(point) for point in pairs.tolist()] + rest

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """Give one of `COLUMNS`, (n,), infinities as NaN."""
        place = COLUMNS.index(name)
        values = np.array([point[place] for point in self._points], np.float64)
        return np.where(np.isfinite(values), values, np.nan)
