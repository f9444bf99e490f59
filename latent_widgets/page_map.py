"""A map as a page knows it: enough to go there and back by itself, wherever that is possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.base import Projection
from latent_widgets.analysis.disc import DiscProjection
from latent_widgets.analysis.globe import GlobeProjection
from latent_widgets.analysis.layouts.options import LAYOUTS
from latent_widgets.analysis.learned_map import ParametricProjection
from latent_widgets.analysis.linear import LinearProjection
from latent_widgets.analysis.parametric import ParametricMap
from latent_widgets.analysis.stored_map import StoredProjection
from latent_widgets.answering import Answer, Answering, Content
from latent_widgets.directions import named_directions

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

MOST_NUMBERS = 2_000_000
"""Of the rows' latents; with more a page asks the kernel instead."""
LABELS = {
    "pca": "PCA",
    "axes": "two dimensions",
    "directions": "two directions",
    "random": "random directions",
    "tsne": "t-SNE",
    "umap": "UMAP",
    "parametric": "network",
    "torchdr": "TorchDR",
    "sphere": "globe",
    "disc": "disc",
}
"""What a page calls the methods, in the order in which it offers them."""


class PageMap(Answering, t.HasTraits):
    """Shows a projection to the pages of a panel, and answers what they cannot tell themselves."""

    space: LatentSpace
    if TYPE_CHECKING:

        @property
        def projection(self) -> Projection:
            """The map that is shown."""

    chart = t.Dict(read_only=True).tag(sync=True)
    """What a page needs to go there and back: `method`, `about`, `dim`, a `version`, and `kind`:
    "linear" (with the traits below, and `back`, see `LinearProjection`, where its axes are
    slanted), "stored" with `k` and the rows' `latents`, "network" with the weights of both ways,
    "globe" with `axes` and `radius`, "disc" with `axes`, `middle` and `c`, or "kernel", where the
    page asks."""
    xy = t.Bytes(read_only=True).tag(sync=True)
    """Where the rows lie on the map, (n, dim) little-endian float32."""
    center = t.Bytes(read_only=True).tag(sync=True)
    """Of a linear map, the latent at its origin, (d,) little-endian float32."""
    components = t.Bytes(read_only=True).tag(sync=True)
    """Of a linear map, the directions of its axes, (dim, d) little-endian float32."""
    explained = t.Bytes(read_only=True).tag(sync=True)
    """Of a linear map, the share of the variance each axis shows, (dim,) little-endian float32."""
    methods = t.List(t.Any(), read_only=True).tag(sync=True)
    """What the page offers: pairs of a method and its label."""

    _version = 0

    def _publish(self) -> None:
        """Show the projection of now to the pages, all of it at once."""
        self._version += 1
        with self.hold_sync():  # type: ignore[attr-defined]
            for trait in ("center", "components", "explained", "chart", "xy"):
                self.set_trait(trait, getattr(self, f"_{trait}")())

    def chart_of(self, rows: npt.NDArray[np.intp]) -> dict[str, Any]:
        """Describe the map to a page that carries some rows only, and has no kernel to ask.

        Parameters
        ----------
        rows
            Row ids.

        Returns
        -------
        dict
            As `chart`; the ways of a layout are those of `KNearest`, around the given rows.
        """
        shown = self.projection
        if isinstance(shown, StoredProjection):
            shown = StoredProjection(
                shown.points[rows],
                shown.xy[rows],
                shown.method,
                shown.about,
                geometry=shown.geometry,
            )
        return {**describe(shown), "version": self._version}

    @t.default("chart")
    def _chart(self) -> dict[str, Any]:
        return {**describe(self.projection), "version": self._version}

    @t.default("xy")
    def _xy(self) -> bytes:
        return codec.floats_to_bytes(self.projection.xy)

    @t.default("center")
    def _center(self) -> bytes:
        return self._of_linear("center")

    @t.default("components")
    def _components(self) -> bytes:
        return self._of_linear("components")

    @t.default("explained")
    def _explained(self) -> bytes:
        return self._of_linear("explained")

    def _of_linear(self, name: str) -> bytes:
        linear = isinstance(self.projection, LinearProjection)
        return codec.floats_to_bytes(getattr(self.projection, name)) if linear else b""

    @t.default("methods")
    def _methods(self) -> list[list[str]]:
        return [[method, label] for method, label in LABELS.items() if self._offers(method)]

    def _offers(self, method: str) -> bool:
        n, d = self.space.points.shape
        curve = self.space.geometry.name
        if method == "directions":
            return n > 0 and len(named_directions(self.space)) > 1
        if method == "torchdr":
            return n > 0 and LAYOUTS[method].installed
        if method == "sphere":
            return n > 0 and curve == "hypersphere" and d > 1
        if method == "disc":
            return n > 0 and curve == "poincare"
        # Of two dimensions the one map there is shows all.
        return method in ("pca", "axes") or (n > 0 and d > 2)

    def _answer_latents(self, _: Content, buffers: list[memoryview]) -> Answer:
        place = codec.bytes_to_floats(buffers[0], self.projection.dim)
        near = codec.bytes_to_floats(buffers[1], self.space.latent_dim)
        z = self.projection.inverse(place, near)
        distance, rows = self.projection.nearest(place)
        spread = self.projection.spread(place)
        found = {"row": int(rows[0]), "distance": _number(distance), "spread": _number(spread)}
        return found, [codec.floats_to_bytes(z)]

    def _answer_lattice(self, _: Content, buffers: list[memoryview]) -> Answer:
        places = codec.bytes_to_floats(buffers[0], self.projection.dim)
        return {}, [codec.floats_to_bytes(self.projection.inverse(places))]

    def _answer_places(self, _: Content, buffers: list[memoryview]) -> Answer:
        z = codec.bytes_to_floats(buffers[0], self.space.latent_dim)
        return {}, [codec.floats_to_bytes(self.projection.transform(z))]


def describe(projection: Projection) -> dict[str, Any]:
    """Describe a map to a page, see `PageMap.chart`."""
    chart: dict[str, Any] = {
        "method": projection.method,
        "about": projection.about,
        "dim": projection.dim,
        "kind": "kernel",
    }
    if isinstance(projection, LinearProjection):
        slanted = projection.method == "directions"
        back = codec.floats_to_bytes(projection.back) if slanted else None
        return {**chart, "kind": "linear", "back": back}
    if isinstance(projection, GlobeProjection | DiscProjection):
        return {**chart, **_curved(projection)}
    if isinstance(projection, ParametricProjection):
        return {**chart, "kind": "network", "network": _weights(projection.network)}
    if isinstance(projection, StoredProjection) and _fits(projection):
        latents = codec.floats_to_bytes(projection.points)
        return {**chart, "kind": "stored", "k": projection.around.k, "latents": latents}
    return chart


def _fits(projection: StoredProjection) -> bool:
    return projection.backward == "nearest" and projection.points.size <= MOST_NUMBERS


def _curved(projection: GlobeProjection | DiscProjection) -> dict[str, Any]:
    axes = codec.floats_to_bytes(projection.components)
    if isinstance(projection, GlobeProjection):
        return {"kind": "globe", "axes": axes, "radius": projection.radius}
    middle = codec.floats_to_bytes(projection.middle)
    return {"kind": "disc", "axes": axes, "middle": middle, "c": projection.ball.c}


def _weights(network: ParametricMap) -> dict[str, Any]:
    return {
        name: {"shape": list(np.shape(array)), "values": codec.floats_to_bytes(array)}
        for name, array in network.arrays().items()
        if name != "errors"
    }


def _number(values: Any) -> float | None:  # noqa: ANN401
    value = float(values[0])
    return value if np.isfinite(value) else None
