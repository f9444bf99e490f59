"""The charts of a report, in bqplot: bars by dimension and by factor, and who relies on whom."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from bqplot import Axis, Bars, Figure, LinearScale, OrdinalScale, Scatter

from latent_widgets.analysis.probes import Probe
from latent_widgets.analysis.rows import Floats
from latent_widgets.charts import COLOURS, GREY

# More rows than these nobody reads, and names would run into each other.
MOST = 32
_ROW = 20
_SILENT = 0.01
_TOP, _BOTTOM = 8, 28
_LONGEST = 24


def draw_dimensions(names: Sequence[str], values: Floats, silent: float) -> Figure:
    """Draw one bar for each dimension, the longest first.

    Parameters
    ----------
    names : sequence of str
        Of the dimensions.
    values : numpy.ndarray, shape (d,)
        At least 0; of more than `MOST` the largest are drawn.
    silent : float
        Bars below it are grey.

    Returns
    -------
    bqplot.Figure
        A widget, as high as it has bars.
    """
    order = np.argsort(-values, kind="stable")[:MOST]
    kept = values[order]
    colours = [COLOURS[0] if value >= silent else GREY for value in kept]
    return _bars([names[i] for i in order], kept, colours, max(float(kept.max()), silent))


def draw_probes(probes: Mapping[str, Probe]) -> Figure:
    """Draw how much of each known factor a linear model reads, and what chance would give.

    Parameters
    ----------
    probes : mapping of str to Probe
        By factor; scores below 0 are drawn as 0.

    Returns
    -------
    bqplot.Figure
        A widget: bars to 1, and a grey square at chance.
    """
    names = list(probes)[:MOST]
    found = [probes[name] for name in names]
    scores = np.array([max(probe.score, 0.0) for probe in found])
    figure = _bars(names, scores, [COLOURS[2]], 1.0)
    bars = figure.marks[0]
    chance = Scatter(
        x=[probe.chance for probe in found],
        y=bars.x,
        scales={"x": bars.scales["y"], "y": bars.scales["x"]},
        marker="square",
        default_size=36,
        colors=[GREY],
    )
    figure.marks = [bars, chance]
    return figure


def draw_importance(dimensions: Sequence[str], importance: Mapping[str, Floats]) -> Figure:
    """Draw how much each factor relies on each dimension, by the size of a square.

    Parameters
    ----------
    dimensions : sequence of str
        Their names.
    importance : mapping of str to numpy.ndarray, each of shape (d,)
        By factor, at least 0; of more than `MOST` dimensions those relied on most are drawn.

    Returns
    -------
    bqplot.Figure
        A widget: a Hinton diagram, dimensions down and factors across.
    """
    factors = list(importance)[:MOST]
    matrix = np.stack([importance[name] for name in factors], axis=1)
    kept = np.sort(np.argsort(-matrix.sum(axis=1), kind="stable")[:MOST])
    rows, columns = np.nonzero(matrix[kept] >= _SILENT)
    down = [_short(dimensions[i]) for i in kept]
    across = [_short(name) for name in factors]
    scales = {"x": OrdinalScale(domain=across), "y": OrdinalScale(domain=down[::-1])}
    squares = Scatter(
        x=[across[j] for j in columns],
        y=[down[i] for i in rows],
        size=matrix[kept][rows, columns],
        scales={**scales, "size": LinearScale(min=0, max=1)},
        marker="square",
        default_size=196,
        colors=[COLOURS[0]],
    )
    left = _width(down)
    foot = 16 + 6 * max(len(name) for name in across)
    return Figure(
        marks=[squares],
        axes=[
            Axis(
                scale=scales["x"],
                grid_lines="none",
                tick_rotate=-45,
                tick_style={"text-anchor": "end"},
            ),
            Axis(scale=scales["y"], side="left", grid_lines="none"),
        ],
        fig_margin={"top": _TOP, "bottom": foot, "left": left, "right": 16},
        layout={
            "width": f"{left + 16 + max(28 * len(factors), 120)}px",
            "max_width": "100%",
            "height": f"{_TOP + foot + _ROW * len(down)}px",
        },
        padding_x=0.0,
        padding_y=0.0,
    )


def _bars(names: Sequence[str], values: Floats, colours: list[str], high: float) -> Figure:
    texts = [_short(name) for name in names]
    rows = OrdinalScale(domain=texts[::-1])
    scale = LinearScale(min=0, max=high, allow_padding=False)
    ticks, form = _ticks(high)
    bars = Bars(
        x=texts,
        y=values,
        scales={"x": rows, "y": scale},
        orientation="horizontal",
        colors=colours,
        padding=0.3,
        stroke="transparent",
    )
    return Figure(
        marks=[bars],
        axes=[
            Axis(scale=rows, side="left", grid_lines="none"),
            Axis(scale=scale, tick_values=ticks, tick_format=form),
        ],
        fig_margin={"top": _TOP, "bottom": _BOTTOM, "left": _width(texts), "right": 24},
        layout={"width": "100%", "height": f"{_TOP + _BOTTOM + _ROW * len(texts)}px"},
        padding_x=0.0,
        padding_y=0.0,
    )


def _ticks(high: float) -> tuple[Floats, str]:
    """At most six round numbers from 0 on, and how d3 is to write them: bqplot rounds its own."""
    unit = math.floor(math.log10(high / 5))
    step = next(s for s in (1, 2, 5, 10) if s * 10.0**unit >= high / 5 * (1 - 1e-9)) * 10.0**unit
    digits = max(-math.floor(math.log10(step) + 1e-9), 0)
    return np.arange(0, high * (1 + 1e-9), step), f".{digits}f"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _width(names: Sequence[str]) -> int:
    """Room for the longest name, in pixels."""
    return 24 + 6 * max(len(name) for name in names)
