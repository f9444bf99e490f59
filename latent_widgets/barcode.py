"""A barcode in bqplot: every bar from its birth to its death, to be clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from bqplot import Axis, Bars, Figure, LinearScale, Lines, OrdinalScale

from latent_widgets.analysis.diagrams import Persistence
from latent_widgets.charts import COLOURS, GREY
from latent_widgets.live_charts import ticks

Pick = Callable[[int, int], object]

ROWS = 16
"""Bars of one dimension that are shown: the longest."""
ROOM = 1.14
"""How far both axes reach, in greatest scales: what never dies is drawn beyond the last."""
# bqplot writes labels in orange on a dark page.
AXIS = {"grid_lines": "none", "label_color": "var(--jp-ui-font-color2, #616161)"}
LAYOUT = {
    "layout": {"width": "100%", "height": "320px"},
    "padding_x": 0,
    "padding_y": 0,
    "animation_duration": 0,
    "display_toolbar": False,
    "legend_location": "bottom-right",
}


class Barcode:
    """The longest bars of every dimension.

    Parameters
    ----------
    pick
        Called with dimension and index of a bar that is clicked.

    Attributes
    ----------
    figure : bqplot.Figure
        The chart.
    """

    def __init__(self, pick: Pick) -> None:
        self._pick = pick
        self._showing = False
        self._order: list[tuple[int, int]] = []
        self._across = LinearScale(min=0, max=ROOM)
        self._bars = Bars(
            x=[0],
            y=[[0.0], [0.0]],
            scales={"x": OrdinalScale(reverse=True), "y": self._across},
            orientation="horizontal",
            type="stacked",
            padding=0.35,
            color_mode="group",
            opacity_mode="element",
            colors=[GREY],
            opacities=[0.0, 1.0],
            stroke_width=0,
            interactions={"click": "select"},
            selected_style={"stroke": "var(--jp-ui-font-color1, #212121)", "stroke-width": "1.5"},
        )
        self._bars.observe(self._clicked, "selected")
        across = {"x": self._across, "y": LinearScale(min=0, max=1)}
        self._mark = thin_line(across, GREY, line_style="dashed")
        self.figure = Figure(
            marks=[self._bars, self._mark],
            axes=[
                Axis(
                    scale=self._across,
                    label="scale: greatest length of an edge",
                    label_offset="2.4em",
                    **AXIS,
                )
            ],
            fig_margin={"top": 28, "bottom": 44, "left": 16, "right": 16},
            **LAYOUT,
        )

    def draw(self, found: Persistence, top: float) -> None:
        """Draw other bars.

        Parameters
        ----------
        found
            What to draw.
        top
            The greatest scale at which anything changes.
        """
        parts = [(dim, index) for dim in found for index in range(min(len(found[dim]), ROWS))]
        bars = np.array([found[dim][index] for dim, index in parts])
        bars = ended(bars, ROOM * top)
        self._showing = True
        self._across.max = ROOM * top
        self.figure.axes[0].tick_values = ticks(0, top, 4)
        self._order = parts
        with self._bars.hold_sync():
            self._bars.selected = None
            self._bars.x = np.arange(len(parts))
            # The first part only pushes the second to its birth.
            self._bars.y = np.stack([bars[:, 0], bars[:, 1] - bars[:, 0]])
            self._bars.colors = [COLOURS[dim] for dim, _ in parts]
        self._showing = False

    def mark(self, scale: float) -> None:
        """Mark a scale."""
        self._mark.visible = scale > 0
        self._mark.x, self._mark.y = [scale, scale], [0, 1]

    def choose(self, dim: int, index: int) -> None:
        """Show one bar as chosen."""
        place = (dim, index)
        self._showing = True
        self._bars.selected = [self._order.index(place)] if place in self._order else None
        self._showing = False

    def _clicked(self, change: Any) -> None:  # noqa: ANN401 - traitlets'
        if not self._showing and change.new is not None and len(change.new):
            self._pick(*self._order[int(change.new[-1])])


def ended(bars: npt.NDArray[np.float64], beyond: float) -> npt.NDArray[np.float64]:
    """Let what never dies end beyond the last scale."""
    return np.where(np.isfinite(bars), bars, beyond)


def thin_line(scales: dict[str, Any], colour: str, **options: Any) -> Lines:  # noqa: ANN401
    """Draw a thin line, to be given its points later."""
    return Lines(x=[0, 0], y=[0, 0], scales=scales, colors=[colour], stroke_width=1, **options)
