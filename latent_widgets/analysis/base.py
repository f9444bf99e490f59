"""What every map of latents can do: there, back, and how far it can be trusted."""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from latent_widgets.geometry import Geometry

if TYPE_CHECKING:
    from latent_widgets.analysis.blending import KNearest
    from latent_widgets.analysis.quality import Quality

Array = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Snapshot = Callable[[Array], None]


class Projection(ABC):
    """Latents drawn on a plane or in space, and the way back.

    Attributes
    ----------
    xy : numpy.ndarray
        (n, dim) float32, where each row lands; dim is 2 or 3.
    points : numpy.ndarray or None
        (n, d) float32, the rows themselves; None for a map that was built from its directions.
    geometry : Geometry or None
        What the latents live in; flat when None.
    method : str
        The name `project` knows the map by.
    about : str
        One line for people: how to read the map.
    """

    xy: Array
    points: Array | None
    geometry: Geometry | None
    method: str
    about: str

    @abstractmethod
    def transform(self, z: npt.ArrayLike) -> Array:
        """Project latents (..., d): (..., dim) float32."""

    @abstractmethod
    def inverse(self, xy: npt.ArrayLike, near: npt.ArrayLike | None = None) -> Array:
        """Find latents (..., d) float32 that belong to places (..., dim).

        `near`, (..., d), says which of many, where a map shows a part of a latent only.
        """

    @property
    def dim(self) -> int:
        """Dimensions of the map, 2 or 3."""
        return int(self.xy.shape[1])

    def spread(self, xy: npt.ArrayLike) -> Array:
        """Say how far the rows around places (..., dim) lie from one another in the latent space.

        Returns
        -------
        numpy.ndarray
            (...) float32, as `KNearest.spread`; not a number on a map without rows.
        """
        if self.around is None:
            return np.full(np.shape(xy)[:-1], np.nan, np.float32)
        return self.around.spread(xy)

    def nearest(self, xy: npt.ArrayLike) -> tuple[Array, Rows]:
        """Find the row that lies nearest to places (..., dim) on the map.

        Returns
        -------
        distances : numpy.ndarray
            (...) float32, in units of the map; infinite on a map without rows.
        rows : numpy.ndarray
            (...) int64 row ids; -1 on a map without rows.
        """
        if self.around is None:
            shape = np.shape(xy)[:-1]
            return np.full(shape, np.inf, np.float32), np.full(shape, -1, np.int64)
        return self.around.nearest(xy)

    def quality(self, labels: npt.ArrayLike | None = None, k: int = 12) -> Quality:
        """Measure how true the map is to the latents.

        Parameters
        ----------
        labels
            (n,) classes, for the neighbourhood hit.
        k
            How many neighbours count.

        Returns
        -------
        Quality
            See `measure_quality`.

        Raises
        ------
        ValueError
            If the map has no rows.
        """
        from latent_widgets.analysis.quality import measure_quality  # noqa: PLC0415 - brings scipy

        if self.points is None or not len(self.xy):
            raise ValueError("the map has no rows whose places could be judged")
        return measure_quality(self.points, self.xy, labels, k, geometry=self.geometry)

    @functools.cached_property
    def around(self) -> KNearest | None:
        """The rows as they lie on the map, for searching; None on a map without rows."""
        if self.points is None or not len(self.xy):
            return None
        from latent_widgets.analysis.blending import KNearest  # noqa: PLC0415 - brings scipy's trees

        return KNearest(self.points, self.xy, geometry=self.geometry)
