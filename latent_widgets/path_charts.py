"""Charts along several paths at once, in bqplot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from bqplot import Axis, Figure, Label, LinearScale, Lines

from latent_widgets.analysis.path_figures import PathFigures
from latent_widgets.cards import close_inside
from latent_widgets.live_charts import ticks

_LAYOUT = {
    "fig_margin": {"top": 28, "bottom": 28, "left": 52, "right": 12},
    "layout": {"width": "100%", "height": "188px"},
    "padding_x": 0,
    "padding_y": 0,
    "animation_duration": 0,
    "display_toolbar": False,
}
_TITLES = {
    "change": "change of the picture, each of {n} steps",
    "length": "length in pictures so far",
    "speed": "speed in latents",
    "percentile": "density percentile among the rows",
}
_INK = "var(--jp-ui-font-color1, #212121)"


class PathCharts:
    """Picture change, length, speed and density along paths.

    Parameters
    ----------
    colours
        Of each path, by its metric.

    Attributes
    ----------
    figures : dict of bqplot.Figure
        By what they show.
    """

    def __init__(self, colours: Mapping[str, str]) -> None:
        self._across = LinearScale(min=0, max=1)
        self._up: dict[str, LinearScale] = {}
        self._lines: dict[str, dict[str, Lines]] = {}
        self._titles: dict[str, Label] = {}
        self.figures = {name: self._make(name, colours) for name in _TITLES}

    def draw(self, figures: Mapping[str, PathFigures]) -> None:
        """Draw other paths.

        Parameters
        ----------
        figures
            What was measured, by metric; a path that is missing has no line.
        """
        for name, lines in self._lines.items():
            curves = {metric: _curve(name, one) for metric, one in figures.items()}
            known = {metric: curve for metric, curve in curves.items() if curve is not None}
            self.figures[name].layout.display = "" if known or not figures else "none"
            top = max((float(y.max()) for _, y in known.values()), default=1.0)
            up, axis = self._up[name], self.figures[name].axes[1]
            up.max = 100.0 if name == "percentile" else 1.08 * top or 1.0
            axis.tick_values = ticks(0, up.max, 4)
            for metric, line in lines.items():
                x, y = known.get(metric, (np.zeros(2), np.zeros(2)))
                with line.hold_sync():
                    line.x, line.y, line.visible = x, y, metric in known
        n = max((len(one.t) for one in figures.values()), default=0)
        self._titles["change"].text = [_TITLES["change"].format(n=n)]

    def close(self) -> None:
        """Take everything off the page."""
        for figure in self.figures.values():
            close_inside(figure)
            figure.close()

    def _make(self, name: str, colours: Mapping[str, str]) -> Figure:
        up = self._up[name] = LinearScale(min=0, max=1)
        self._lines[name] = {
            metric: Lines(
                x=np.zeros(2),
                y=np.zeros(2),
                visible=False,
                scales={"x": self._across, "y": up},
                colors=[colour],
                stroke_width=2,
                interpolation="linear",
            )
            for metric, colour in colours.items()
        }
        title = self._titles[name] = Label(
            x=[0.0],
            y=[1.0],
            text=[_TITLES[name].format(n="")],
            colors=[_INK],
            scales={"x": LinearScale(min=0, max=1), "y": LinearScale(min=0, max=1)},
            y_offset=-14,
            default_size=12,
            font_weight="normal",
            apply_clip=False,
        )
        return Figure(
            marks=[*self._lines[name].values(), title],
            axes=[
                Axis(scale=self._across, grid_lines="none", tick_values=[0, 0.25, 0.5, 0.75, 1]),
                Axis(scale=up, side="left", grid_lines="none"),
            ],
            **_LAYOUT,
        )


def _curve(
    name: str, figures: PathFigures
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None:
    ends = np.linspace(0, 1, len(figures.t) + 1)
    found: dict[str, Any] = {
        "change": (figures.t, figures.change),
        "length": (
            ends,
            None if figures.change is None else np.concatenate([[0.0], np.cumsum(figures.change)]),
        ),
        "speed": (figures.t, figures.speed),
        "percentile": (ends, figures.percentile),
    }
    x, y = found[name]
    if y is None:
        return None
    # A single step is no curve.
    return (x, y) if len(x) > 1 else (np.array([0.0, 1.0]), np.repeat(y, 2))
