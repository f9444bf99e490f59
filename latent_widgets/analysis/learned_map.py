"""Maps that a network learned from a map that was laid out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.base import Array, Projection
from latent_widgets.analysis.map_cache import fingerprint, key_of, read_arrays, write_arrays
from latent_widgets.analysis.parametric import ParametricMap, fit_parametric
from latent_widgets.geometry import Geometry
from latent_widgets.progress import Progress


class ParametricProjection(Projection):
    """A stored map as a network learned it: every latent has its place, every place its latent.

    Parameters
    ----------
    points
        (n, d) float32 latents.
    network
        The two networks, there and back.
    of
        The method that laid out the map they learned.
    geometry
        What the latents live in; flat when None.
    """

    points: Array

    def __init__(
        self, points: Array, network: ParametricMap, of: str, geometry: Geometry | None = None
    ) -> None:
        self.points, self.network, self.of, self.geometry = points, network, of, geometry
        self.xy = self.transform(points)
        self.method = "parametric"
        missed = network.error_forward
        error = "" if np.isnan(missed) else f" (it misses new ones by {missed:.0%} of the spread)"
        self.about = f"A network's memory of a {of} map: new points land at once{error}."

    def transform(self, z: npt.ArrayLike) -> Array:
        """Project latents (..., d): (..., dim) float32."""
        return self.network.transform(z)

    def inverse(self, xy: npt.ArrayLike, near: npt.ArrayLike | None = None) -> Array:
        """Give the network's latents of places (..., dim): (..., d) float32."""
        del near
        found = self.network.inverse(xy)
        if self.geometry is not None:
            found = np.asarray(self.geometry.project(found), np.float32)
        return found


def learned_projection(
    laid: Projection, seed: int = 0, progress: Progress | None = None, *, stored: bool = True
) -> ParametricProjection:
    """Teach a small network a map, so that new latents land at once.

    Parameters
    ----------
    laid
        The map, with its rows.
    seed
        Of the network.
    progress
        Called with (share, words) while it learns; what it raises passes through.
    stored
        Whether the network may be one that learned this very map before; a new one is kept then.

    Returns
    -------
    ParametricProjection
        Every row where the network puts it.

    Raises
    ------
    ValueError
        If the map has no rows.
    """
    if laid.points is None or not len(laid.xy):
        raise ValueError("the map has no rows that a network could learn from")
    key = ""
    if stored:
        key = key_of(fingerprint(laid.points), network=1, xy=fingerprint(laid.xy), seed=seed)
        network = _kept(key)
        if network is not None:
            return ParametricProjection(laid.points, network, laid.method, laid.geometry)
    network = fit_parametric(laid.points, laid.xy, seed=seed, progress=progress)
    if stored:
        write_arrays(key, network.arrays())
    return ParametricProjection(laid.points, network, laid.method, laid.geometry)


def _kept(key: str) -> ParametricMap | None:
    arrays = read_arrays(key)
    if arrays is None:
        return None
    try:
        return ParametricMap.from_arrays(arrays)
    except ValueError:
        return None  # Written by another version; it is learned anew.
