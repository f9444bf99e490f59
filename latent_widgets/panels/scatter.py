"""The encoded points on a map, with `z` as a cursor among them."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.projection import Projection, project
from latent_widgets.areas import Areas
from latent_widgets.export.still import Still, draw_still
from latent_widgets.panels.panel import Panel


class ScatterProjection(Areas, Panel, stem="scatter"):
    """Draws the data on a plane; its cursor is `z`, and dragging it decodes live.

    The page projects and inverts by itself: a drag changes what the map shows of `z` and leaves
    the rest as it is.
    """

    method = t.Unicode().tag(sync=True)
    """How latents are projected: "pca", the directions of largest variance, or "axes", two
    dimensions of the latent; "axes" at first where the latent has two dimensions only, or the
    space knows what its dimensions mean."""
    axes = t.List(t.Any()).tag(sync=True)
    """With "axes", which dimensions go across and up, by number or by name; at first the first
    one with a name and the first that is named as a column of two classes."""
    dim = t.Any(2).tag(sync=True)
    """Dimensions of the map: 2."""
    color = t.Unicode(None, allow_none=True).tag(sync=True)
    """The column that colours the points, None for one colour; the first column at first."""
    point_size = t.Any("auto").tag(sync=True)
    """Diameter of a point in pixels, 0.5 to 64; "auto" follows their number and the zoom."""
    opacity = t.Any("auto").tag(sync=True)
    """Opacity of a point, above 0 and at most 1; "auto" follows their number."""
    renderer = t.Unicode("auto").tag(sync=True)
    """Who draws the points: "webgl", "canvas", or "auto": WebGL where a graphics card does it."""

    xy = t.Bytes(read_only=True).tag(sync=True)
    """Where the rows lie on the map, (n, 2) little-endian float32."""
    center = t.Bytes(read_only=True).tag(sync=True)
    """The latent at the origin of the map, (d,) little-endian float32."""
    components = t.Bytes(read_only=True).tag(sync=True)
    """The directions of the map's axes, (2, d) little-endian float32."""
    explained = t.Bytes(read_only=True).tag(sync=True)
    """The share of the variance each axis shows, (2,) little-endian float32."""

    @functools.cached_property
    def projection(self) -> Projection:
        """The map from latents to the plane and back; the first two dimensions without data."""
        points = self.space.points
        if len(points):
            axes: Any = list(self.axes) if self.method == "axes" else None
            return project(points, self.method, self.dim, axes=axes)
        d = points.shape[1]
        return Projection(
            xy=np.zeros((0, 2), np.float32),
            center=np.zeros(d, np.float32),
            components=np.eye(2, d, dtype=np.float32),
            explained=np.zeros(2, np.float32),
        )

    def _renew(self, _: object) -> None:
        before = self.projection
        del self.projection
        if self.method == "pca":
            # Of all the ways to hang the same map, the one that looks most like the last.
            self.projection = self.projection.facing(before)
        with self.hold_sync():
            for trait in ("xy", "center", "components", "explained"):
                self.set_trait(trait, codec.floats_to_bytes(getattr(self.projection, trait)))

    def _still(self) -> Still | None:
        return draw_still(self.space, self._line(), projection=self.projection, color=self.color)

    @t.default("xy")
    def _xy(self) -> bytes:
        return codec.floats_to_bytes(self.projection.xy)

    @t.default("center")
    def _center(self) -> bytes:
        return codec.floats_to_bytes(self.projection.center)

    @t.default("components")
    def _components(self) -> bytes:
        return codec.floats_to_bytes(self.projection.components)

    @t.default("explained")
    def _explained(self) -> bytes:
        return codec.floats_to_bytes(self.projection.explained)

    @t.default("color")
    def _first_column(self) -> str | None:
        columns = self.space.data.columns
        return columns[0].name if columns else None

    @t.default("method")
    def _first_method(self) -> str:
        plain = self.space.latent_dim == 2 or len(self.space.dimensions) > 1
        return "axes" if plain else "pca"

    @t.default("axes")
    def _first_axes(self) -> list[int]:
        pairs = {c.name for c in self.space.data.columns if c.categories and len(c.categories) == 2}
        named = self.space.dimensions
        up = next((i for i, name in enumerate(named) if i and name in pairs), 1)
        return [0, up]

    @t.validate("method")
    def _check_method(self, proposal: t.Bunch) -> str:
        if proposal.value not in ("pca", "axes"):
            raise ValueError(f"method must be 'pca' or 'axes', got {proposal.value!r}")
        name: str = proposal.value
        return name

    @t.validate("axes")
    def _check_axes(self, proposal: t.Bunch) -> list[int]:
        named, d = self.space.dimensions, self.space.latent_dim
        found = [named.index(axis) if axis in named else axis for axis in proposal.value]
        whole = all(isinstance(axis, int) and 0 <= axis < d for axis in found)
        if not whole or len(set(found)) != 2 or len(found) != 2:
            raise ValueError(
                f"axes must be two different dimensions, by name or from 0 to {d - 1}, "
                f"got {proposal.value!r}"
            )
        return list(found)

    @t.validate("dim")
    def _check_dim(self, proposal: t.Bunch) -> int:
        if isinstance(proposal.value, bool) or proposal.value != 2:
            raise ValueError(f"dim must be 2, got {proposal.value!r}")
        return 2

    @t.validate("color")
    def _check_color(self, proposal: t.Bunch) -> str | None:
        known = [column.name for column in self.space.data.columns]
        if proposal.value is not None and proposal.value not in known:
            raise ValueError(f"color must be None or one of {known}, got {proposal.value!r}")
        name: str | None = proposal.value
        return name

    @t.validate("point_size")
    def _check_point_size(self, proposal: t.Bunch) -> str | float:
        return _auto_or_number("point_size", proposal.value, 0.5, 64)

    @t.validate("opacity")
    def _check_opacity(self, proposal: t.Bunch) -> str | float:
        return _auto_or_number("opacity", proposal.value, 0.01, 1)

    @t.validate("renderer")
    def _check_renderer(self, proposal: t.Bunch) -> str:
        if proposal.value not in ("auto", "webgl", "canvas"):
            raise ValueError(
                f"renderer must be 'auto', 'webgl' or 'canvas', got {proposal.value!r}"
            )
        name: str = proposal.value
        return name


def _auto_or_number(name: str, value: Any, low: float, high: float) -> str | float:  # noqa: ANN401
    if isinstance(value, str) and value == "auto":
        return value
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not low <= float(value) <= high:
        raise ValueError(f"{name} must be 'auto' or a number from {low} to {high}, got {value!r}")
    return float(value)
