"""Maps that were laid out row by row, and what leads there and back around the rows."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy.typing as npt

from latent_widgets.analysis.base import Array, Projection
from latent_widgets.geometry import Geometry

if TYPE_CHECKING:
    from latent_widgets.analysis.blending import KNearest
    from latent_widgets.analysis.inverse import RadialBasis


class StoredProjection(Projection):
    """A map that is known at its rows: t-SNE, UMAP and their kin.

    A new latent lands among the places of its nearest rows, exactly at a row's place where it
    is that row; a place leads back to a blend of the latents around it.

    Parameters
    ----------
    points
        (n, d) float32 latents.
    xy
        (n, dim) float32, where each lies on the map.
    method
        The name of what laid it out.
    about
        One line for people: how to read it.
    geometry
        What the latents live in; flat when None.
    backward
        The way back: "nearest", `KNearest`, or "radial", `RadialBasis`.

    Raises
    ------
    ValueError
        If an argument does not fit.
    """

    BACKWARD = ("nearest", "radial")

    points: Array
    around: KNearest

    def __init__(
        self,
        points: Array,
        xy: Array,
        method: str,
        about: str,
        *,
        geometry: Geometry | None = None,
        backward: str = "nearest",
    ) -> None:
        from latent_widgets.analysis.blending import KNearest  # noqa: PLC0415 - brings scipy's trees

        if backward not in self.BACKWARD:
            raise ValueError(f"backward must be one of {self.BACKWARD}, got {backward!r}")
        self.around = KNearest(points, xy, geometry=geometry)
        self.points, self.xy = self.around.points, self.around.xy
        self.method, self.about, self.geometry = method, about, geometry
        self.backward = backward

    def transform(self, z: npt.ArrayLike) -> Array:
        """Project latents (..., d) by the places of their nearest rows: (..., dim) float32."""
        return self.around.transform(z)

    def inverse(self, xy: npt.ArrayLike, near: npt.ArrayLike | None = None) -> Array:
        """Blend the latents around places (..., dim): (..., d) float32; `near` plays no part."""
        del near
        return self._back(xy)

    def spread(self, xy: npt.ArrayLike) -> Array:
        """Say how far the rows around places (..., dim) lie from the answer of `inverse`."""
        return self._back.spread(xy)

    @functools.cached_property
    def _back(self) -> KNearest | RadialBasis:
        if self.backward == "nearest":
            return self.around
        from latent_widgets.analysis.inverse import RadialBasis  # noqa: PLC0415 - as above

        return RadialBasis(self.points, self.xy, geometry=self.geometry)
