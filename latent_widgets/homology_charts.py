"""A persistence diagram and a barcode in bqplot, whose bars can be clicked."""

from __future__ import annotations

from typing import Any

import numpy as np
from bqplot import Axis, Figure, Label, LinearScale, Lines, Scatter

from latent_widgets.analysis.diagrams import Persistence
from latent_widgets.barcode import AXIS, LAYOUT, ROOM, Barcode, Pick, ended, thin_line
from latent_widgets.cards import close_inside
from latent_widgets.charts import COLOURS, GREY
from latent_widgets.live_charts import ticks

MOST = 200
"""Bars of one dimension that the diagram shows: the longest."""
_MARKERS = ("circle", "triangle-up", "diamond")
_NAMES = ("● H0 components", "▲ H1 holes", "◆ H2 voids", "grey: within the error")
# Where what never ends is drawn, beyond the last scale.
_BEYOND = 1.08


class HomologyCharts:
    """The two charts of one persistence, with one bar chosen and one scale marked in both.

    Parameters
    ----------
    pick
        Called with dimension and index of a bar that is clicked.

    Attributes
    ----------
    diagram, barcode : bqplot.Figure
        The charts.
    colours : list of str
        Of the dimensions.
    top : float
        The greatest scale at which anything changes.
    """

    colours = COLOURS

    def __init__(self, pick: Pick) -> None:
        self._pick = pick
        self._showing = False
        self.top = 1.0
        # A little room on the left: all components are born at 0.
        self._born, self._die = LinearScale(min=-0.03, max=1), LinearScale(min=0, max=ROOM)
        plane = {"x": self._born, "y": self._die}
        self._band = Lines(
            x=[0, 1],
            y=[0, 1],
            scales=plane,
            colors=[GREY],
            fill="inside",
            fill_colors=[GREY],
            fill_opacities=[0.18],
            stroke_width=0,
            close_path=True,
        )
        self._diagonal = thin_line(plane, GREY)
        self._forever = thin_line(plane, GREY, line_style="dotted")
        self._corner = thin_line(plane, GREY, line_style="dashed")
        self._key = _key()
        self._dots = [self._make_dots(dim, plane) for dim in range(3)]
        self._barcode = Barcode(pick)
        self.barcode = self._barcode.figure
        self.diagram = Figure(
            marks=[
                self._band,
                self._diagonal,
                self._forever,
                self._corner,
                *self._dots,
                self._key,
                _never(),
            ],
            axes=[
                Axis(scale=self._born, label="birth", label_offset="2.4em", **AXIS),
                Axis(
                    scale=self._die,
                    label="death",
                    side="left",
                    label_offset="3em",
                    **AXIS,
                ),
            ],
            fig_margin={"top": 28, "bottom": 44, "left": 56, "right": 16},
            **LAYOUT,
        )

    def draw(self, found: Persistence) -> None:
        """Draw other bars.

        Parameters
        ----------
        found
            What to draw.
        """
        self._showing = True
        ends = np.concatenate([bars[np.isfinite(bars)] for bars in found.values()])
        top = self.top = float(ends.max(initial=0)) * 1.02 or 1.0
        self._born.min, self._born.max = -0.03 * top, top
        self._die.max = ROOM * top
        self._diagonal.x = self._diagonal.y = [0, top]
        self._forever.x, self._forever.y = [-0.03 * top, top], [_BEYOND * top] * 2
        # Twice the error: what is longer cannot be the landmarks' doing.
        wide = min(2 * found.error, top)
        self._band.x, self._band.y = [0, 0, top - wide, top], [0, wide, top, top]
        self._band.visible = wide > 0
        shown = [*found, *([3] if wide > 0 else [])]
        with self._key.hold_sync():
            self._key.x = np.arange(len(shown)) * 0.36
            self._key.y = np.ones(len(shown))
            self._key.text = [_NAMES[part] for part in shown]
            self._key.colors = [[*COLOURS, GREY][part] for part in shown]
        for axis in self.diagram.axes:
            axis.tick_values = ticks(0, top, 4)
        for dim, dots in enumerate(self._dots):
            bars = ended(found.get(dim, np.zeros((0, 2)))[:MOST], _BEYOND * top)
            with dots.hold_sync():
                dots.selected = None
                dots.x, dots.y = bars[:, 0], bars[:, 1]
        self._barcode.draw(found, top)
        self._showing = False
        self.mark(0.0)

    def mark(self, scale: float) -> None:
        """Mark a scale in both charts: what is alive there is above and left of the corner."""
        self._barcode.mark(scale)
        self._corner.visible = scale > 0
        self._corner.x = [-0.03 * self.top, scale, scale]
        self._corner.y = [scale, scale, ROOM * self.top]

    def choose(self, dim: int, index: int) -> None:
        """Show one bar as chosen, in both charts."""
        self._showing = True
        for other, dots in enumerate(self._dots):
            dots.selected = [index] if other == dim and index < MOST else None
        self._showing = False
        self._barcode.choose(dim, index)

    def close(self) -> None:
        """Take everything off the page."""
        for figure in (self.diagram, self.barcode):
            close_inside(figure)
            figure.close()

    def _make_dots(self, dim: int, plane: dict[str, Any]) -> Scatter:
        dots = Scatter(
            x=np.zeros(0),
            y=np.zeros(0),
            scales=plane,
            colors=[COLOURS[dim]],
            marker=_MARKERS[dim],
            default_size=72,
            opacities=[0.9],
            stroke_width=1,
            apply_clip=False,
            interactions={"click": "select"},
            selected_style={"stroke": "var(--jp-ui-font-color1, #212121)", "stroke-width": "3"},
        )

        def clicked(change: Any) -> None:  # noqa: ANN401 - traitlets'
            if not self._showing and change.new is not None and len(change.new):
                self._pick(dim, int(change.new[-1]))

        dots.observe(clicked, "selected")
        return dots


def _key() -> Label:
    """Say above the diagram what is what: bqplot's own legend lies on top of the bars."""
    return _text([0.0], [1.0], [""], y_offset=-14)


def _never() -> Label:
    return _text([1.0], [_BEYOND / ROOM], ["never"], y_offset=-8, align="end", colors=[GREY])


def _text(x: list[float], y: list[float], text: list[str], **options: Any) -> Label:  # noqa: ANN401
    return Label(
        x=x,
        y=y,
        text=text,
        scales={"x": LinearScale(min=0, max=1), "y": LinearScale(min=0, max=1)},
        default_size=12,
        font_weight="normal",
        apply_clip=False,
        **options,
    )
