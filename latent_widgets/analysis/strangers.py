"""Who a row's neighbours are in the latent space, and who only looks like one on a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first used: they would slow every import of ours
import torch

from latent_widgets.analysis.neighbours import Neighbours
from latent_widgets.geometry import Geometry

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Strangers:
    """The neighbours of some rows, there and here.

    Parameters
    ----------
    rows
        (m,) the rows that were asked about.
    true
        (m, k) their nearest rows in the latent space, the nearest first.
    shown
        (m, k) their nearest rows on the map, the nearest first.
    """

    rows: Ids
    true: Ids
    shown: Ids

    @property
    def neighbours(self) -> Ids:
        """(m k, 2) each row with each of its true neighbours."""
        return self._edges(self.true, np.ones(self.true.shape, bool))

    @property
    def false(self) -> Ids:
        """(e, 2) each row with those near it on the map that are none of its true neighbours."""
        return self._edges(self.shown, ~_in(self.shown, self.true))

    @property
    def lost(self) -> Ids:
        """(e, 2) each row with those of its true neighbours that are not near it on the map."""
        return self._edges(self.true, ~_in(self.true, self.shown))

    def _edges(self, others: Ids, wanted: npt.NDArray[np.bool_]) -> Ids:
        own = np.broadcast_to(self.rows[:, None], others.shape)
        return np.stack([own[wanted], others[wanted]], axis=1)


class StrangerSearch:
    """Tells a map's neighbours from those in the latent space, again and again.

    Parameters
    ----------
    points
        (n, d) latents, finite.
    xy
        (n, dim) where each lies on the map, finite.
    geometry
        Whose distances between latents count; flat when None.

    Raises
    ------
    ValueError
        If the rows are not as many on the map as in the space.
    """

    def __init__(
        self, points: npt.ArrayLike, xy: npt.ArrayLike, geometry: Geometry | None = None
    ) -> None:
        rows, places = np.array(points, np.float32), np.asarray(xy, np.float64)
        if len(rows) != len(places):
            count = f"{len(rows)}, got {len(places)}"
            raise ValueError(f"xy must have one place a row of points, {count}")
        self._points, self._places = torch.from_numpy(rows), places
        self._search = Neighbours(self._points, geometry or "euclidean")
        self._tree = scipy.spatial.cKDTree(places, balanced_tree=False)

    def nearest(self, z: npt.ArrayLike) -> int:
        """Find the row nearest to a latent (d,)."""
        asked = torch.from_numpy(np.array(z, np.float32))[None]
        return int(self._search.search(asked, 1)[1][0, 0])

    def find(self, rows: Sequence[int] | Ids, k: int = 12) -> Strangers:
        """Find the neighbours of rows, in the space and on the map.

        Parameters
        ----------
        rows
            (m,) row ids.
        k
            How many neighbours; all others when there are fewer.
        """
        ids = np.asarray(rows, np.int64).reshape(-1)
        k = min(k, len(self._places) - 1)
        if k < 1 or not len(ids):
            none = np.zeros((len(ids), 0), np.int64)
            return Strangers(ids, none, none)
        _, true = self._search.search(self._points[torch.from_numpy(ids)], k + 1)
        _, shown = self._tree.query(self._places[ids], k=np.arange(1, k + 2))
        return Strangers(ids, _others(true.numpy(), ids), _others(np.asarray(shown, np.int64), ids))


def _others(found: Ids, own: Ids) -> Ids:
    """Take each row out of what was found for it; the last, where duplicates pushed it out."""
    out = found == own[:, None]
    out[~out.any(axis=1), -1] = True
    others: Ids = found[~out].reshape(len(found), -1)
    return others


def _in(some: Ids, others: Ids) -> npt.NDArray[np.bool_]:
    among: npt.NDArray[np.bool_] = (some[:, :, None] == others[:, None, :]).any(axis=2)
    return among
