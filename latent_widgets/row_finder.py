"""Which row lies exactly at a place, found without a look at all rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


class RowFinder:
    """Keeps the rows in the order of their first number, as long as they are the same rows."""

    def __init__(self) -> None:
        self._known: tuple[object, npt.NDArray[np.intp], npt.NDArray[np.generic]] | None = None

    def find(self, points: npt.NDArray[np.floating], z: npt.NDArray[np.floating]) -> int | None:
        """Find the first row that is equal to a latent in every number.

        Parameters
        ----------
        points
            (n, d) rows; of the very same array the order is known already.
        z
            (d,) the latent.

        Returns
        -------
        int or None
            Its id; None where there is no such row.
        """
        known = self._known
        if known is None or known[0] is not points:
            order = np.argsort(points[:, 0], kind="stable")
            self._known = known = points, order, points[order, 0]
        _, order, first = known
        low, high = (int(np.searchsorted(first, z[0], side)) for side in ("left", "right"))
        some = order[low:high]
        same = np.flatnonzero((points[some] == z).all(axis=1))
        return int(some[same[0]]) if len(same) else None
