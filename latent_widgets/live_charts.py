"""Curves that grow while a model trains, and the KL of every dimension, in bqplot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from bqplot import Axis, Bars, Figure, Label, LinearScale, Lines, OrdinalScale

from latent_widgets.charts import COLOURS, GREY

if TYPE_CHECKING:
    from latent_widgets.models.history import History
    from latent_widgets.models.trace import Trace

_LAYOUT = {
    "fig_margin": {"top": 32, "bottom": 28, "left": 48, "right": 40},
    "layout": {"width": "100%", "height": "172px"},
    # bqplot would widen every scale, and write what it then begins and ends with.
    "padding_x": 0,
    "padding_y": 0,
    "display_toolbar": False,
}
_MOST_BARS = 32
# What a curve does in its first moments would leave no room for the rest.
_HIGHEST = 0.97
SILENT = 0.01
"""Nats below which a dimension says nothing."""


class LiveCharts:
    """Three figures: reconstruction; KL, with its weight; and the KL of each dimension.

    Attributes
    ----------
    figures : list of bqplot.Figure
        Reconstruction, KL, KL of each dimension.
    """

    def __init__(self) -> None:
        across = LinearScale(min=0, max=1)
        self._curves = [
            _Curve(across, "reconstruction", COLOURS[1], "reconstruction, nats per picture"),
            _Curve(across, "kl", COLOURS[2], "KL, nats per picture"),
        ]
        self._heaviest = LinearScale(min=0, max=1)
        self._across = across
        self._weight = _line(across, self._heaviest, GREY, stroke_width=1.5)
        kl = self._curves[1].figure
        kl.marks = [self._weight, *kl.marks]
        self._scale = _axis(self._heaviest, side="right", visible=False)
        kl.axes = [*kl.axes, self._scale]
        kl.marks = [*kl.marks, _title("grey: weight of the KL", GREY, end=True)]
        reconstruction = self._curves[0].figure
        told = "thick: validation, thin: training"
        reconstruction.marks = [*reconstruction.marks, _title(told, GREY, end=True)]
        self._kl = _Spectrum()
        self.figures = [reconstruction, kl, self._kl.figure]

    def stretch(self, epochs: int) -> None:
        """Make room for so many epochs."""
        self._across.max = epochs
        for curve in self._curves:
            curve.figure.axes[0].tick_values = ticks(0, epochs, 8, whole=True)

    def draw(self, trace: Trace, history: History | None) -> None:
        """Draw the curves as far as they have come.

        Parameters
        ----------
        trace
            Training losses.
        history
            Whose validation losses are drawn, one an epoch.
        """
        if not len(trace):
            return
        epoch = trace.column("epoch")
        for curve in self._curves:
            judged = [] if history is None else history.validation[curve.term]
            curve.draw(epoch, trace.column(curve.term), np.asarray(judged, np.float64))
        weight = trace.column("weight")
        # A hair of room, or the line lies half outside.
        self._heaviest.max = 1.04 * (float(np.nanmax(weight, initial=0)) or 1.0)
        with self._scale.hold_sync():
            self._scale.tick_values = ticks(0, self._heaviest.max, 3)
            self._scale.visible = True
        with self._weight.hold_sync():
            self._weight.x, self._weight.y = _pair(epoch), _pair(weight)

    def show(self, kl: npt.NDArray[Any], epoch: float) -> None:
        """Show one moment: its KL as bars, and where it is on the curves.

        Parameters
        ----------
        kl
            (k,) nats.
        epoch
            Finished epochs, fractions included.
        """
        self._kl.draw(np.asarray(kl, np.float64))
        for curve in self._curves:
            curve.mark.x = [epoch, epoch]

    def close(self) -> None:
        """Take everything off the page."""
        for figure in self.figures:
            for mark in figure.marks:
                mark.close()
            for axis in figure.axes:
                axis.close()
            figure.close()


class _Curve:
    """One loss by epoch, of training and of validation, and a mark at the moment shown."""

    def __init__(self, across: LinearScale, term: str, colour: str, title: str) -> None:
        self.term = term
        self._up = LinearScale()
        self._train = _line(across, self._up, colour, stroke_width=1, opacities=[0.7])
        self._judged = _line(across, self._up, colour, stroke_width=2.5)
        whole = LinearScale(min=0, max=1)
        self.mark = Lines(
            x=[0, 0], y=[0, 1], scales={"x": across, "y": whole}, colors=[GREY], stroke_width=1
        )
        self.figure = Figure(
            marks=[self.mark, self._train, self._judged, _title(title, colour)],
            axes=[
                _axis(across, tick_format="d"),
                # Nothing is known yet that it could measure.
                _axis(self._up, side="left", visible=False),
            ],
            animation_duration=0,
            **_LAYOUT,
        )

    def draw(
        self,
        epoch: npt.NDArray[np.float64],
        train: npt.NDArray[np.float64],
        judged: Any,  # noqa: ANN401
    ) -> None:
        known = np.concatenate([train, judged])
        known = known[np.isfinite(known)]
        if known.size:
            low, high = known.min(), np.quantile(known, _HIGHEST)
            air = max((high - low) * 0.08, 1e-3)
            with self._up.hold_sync():
                self._up.min, self._up.max = float(low - air), float(high + air)
            with self.figure.axes[1].hold_sync():
                self.figure.axes[1].tick_values = ticks(self._up.min, self._up.max, 4)
                self.figure.axes[1].visible = True
        with self._train.hold_sync():
            self._train.x, self._train.y = _pair(epoch), _pair(train)
        if len(judged) and len(judged) != np.size(self._judged.x):
            with self._judged.hold_sync():
                self._judged.x = _pair(np.arange(1.0, len(judged) + 1))
                self._judged.y = _pair(np.where(np.isfinite(judged), judged, np.nan))


class _Spectrum:
    """How many nats each dimension carries, as bars."""

    def __init__(self) -> None:
        self._up = LinearScale(min=0, max=1)
        self._bars = Bars(
            x=["z0"],
            y=[0.0],
            scales={"x": OrdinalScale(), "y": self._up},
            colors=[COLOURS[2]],
            padding=0.3,
        )
        self._title = _title("KL of each dimension, nats", COLOURS[2])
        self.figure = Figure(
            marks=[self._bars, self._title],
            axes=[
                _axis(self._bars.scales["x"]),
                _axis(self._up, side="left"),
            ],
            animation_duration=200,
            **_LAYOUT,
        )

    def draw(self, kl: npt.NDArray[np.float64]) -> None:
        kl = np.where(np.isfinite(kl), kl, 0.0)
        order = np.arange(len(kl))
        if len(kl) > _MOST_BARS:
            # In their own order, so that bars do not change places while one looks.
            order = np.sort(np.argsort(-kl, kind="stable")[:_MOST_BARS])
        names = ["all"] if len(kl) == 1 else [f"z{place}" for place in order]
        highest = float(max(kl.max(initial=0), 10 * SILENT))
        if not 0.7 * self._up.max < highest < 0.98 * self._up.max:
            # Not with every look: bars that grow should be seen to grow.
            self._up.max = highest * 1.15
            self.figure.axes[1].tick_values = ticks(0, self._up.max, 4)
        with self._bars.hold_sync():
            self._bars.padding = max(0.3, 1 - len(order) / 12)
            self._bars.x, self._bars.y = names, kl[order]
            self._bars.colors = [GREY if nats < SILENT else COLOURS[2] for nats in kl[order]]


def ticks(low: float, high: float, most: int, *, whole: bool = False) -> npt.NDArray[np.float64]:
    """Choose round numbers between two others.

    Returns
    -------
    numpy.ndarray
        At most `most` + 1 multiples of 1, 2 or 5 times a power of ten.
    """
    rough = max(high - low, 1e-12) / most
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough * (1 - 1e-9))
    step = max(step, 1.0) if whole else step
    places = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1)
    return np.asarray(places * step, np.float64)


def _pair(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    # bqplot draws nothing for a single point.
    return values.repeat(2) if len(values) == 1 else values


def _line(across: LinearScale, up: LinearScale, colour: str, **options: Any) -> Lines:  # noqa: ANN401
    return Lines(x=[], y=[], scales={"x": across, "y": up}, colors=[colour], **options)


def _axis(scale: Any, **options: Any) -> Axis:  # noqa: ANN401
    return Axis(scale=scale, grid_lines="none", **options)


def _title(text: str, colour: str, *, end: bool = False) -> Label:
    """Write above the curves what they are: bqplot's own title is large and in the middle."""
    return Label(
        x=[1.0 if end else 0.0],
        y=[1.0],
        text=[text],
        colors=[colour],
        scales={"x": LinearScale(min=0, max=1), "y": LinearScale(min=0, max=1)},
        y_offset=-16,
        align="end" if end else "start",
        default_size=12,
        font_weight="normal",
        apply_clip=False,
    )
