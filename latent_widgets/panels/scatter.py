"""The encoded points on a map, with `z` as a cursor among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets as t

from latent_widgets.areas import Areas
from latent_widgets.brushed import Brushed
from latent_widgets.export.still import Still, draw_still
from latent_widgets.magnified import Magnified
from latent_widgets.panels.panel import Panel


class ScatterProjection(Areas, Magnified, Brushed, Panel, stem="scatter"):
    """Draws the data on a plane; its cursor is `z`, and dragging it decodes live.

    The page projects and inverts by itself: a drag changes what the map shows of `z` and leaves
    the rest as it is.
    """

    _on_tape = (
        *("method", "dim", "axes", "directions", "seed", "settings", "color"),
        *("areas", "cells", "background", "dabs", "line"),
    )

    color = t.Unicode(None, allow_none=True).tag(sync=True)
    """The column that colours the points, None for one colour; the first column at first."""
    point_size = t.Any("auto").tag(sync=True)
    """Diameter of a point in pixels, 0.5 to 64; "auto" follows their number and the zoom."""
    opacity = t.Any("auto").tag(sync=True)
    """Opacity of a point, above 0 and at most 1; "auto" follows their number."""
    perspective = t.Bool(default_value=False).tag(sync=True)
    """Whether a map of three dimensions is seen from nearby, where the near looks larger."""
    spin = t.Bool(default_value=False).tag(sync=True)
    """Whether a map of three dimensions turns slowly by itself."""
    pictures = t.Bool(default_value=False).tag(sync=True)
    """Whether decoded pictures lie under the points: what lives at every place in view."""
    renderer = t.Unicode("auto").tag(sync=True)
    """Who draws the points: "webgl", "canvas", or "auto": WebGL where a graphics card does it."""

    def _still(self) -> Still | None:
        return draw_still(self.space, self._line(), projection=self.projection, color=self.color)

    @t.default("color")
    def _first_column(self) -> str | None:
        columns = self.space.data.columns
        return columns[0].name if columns else None

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
