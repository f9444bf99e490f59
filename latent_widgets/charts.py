"""Charts that people read, in bqplot; the panels they drive are in `latent_widgets.panels`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from bqplot import Axis, Figure, Label, LinearScale, Lines

if TYPE_CHECKING:
    from latent_widgets.models.history import History

NAMES = {"neg_elbo": "-ELBO", "reconstruction": "reconstruction", "kl": "KL"}
# Okabe and Ito's blue, vermilion and green: apart for every eye.
COLOURS = ["#0072b2", "#d55e00", "#009e73"]
GREY = "#888888"


def draw_history(history: "History") -> Figure:
    """Draw the losses of a training by epoch.

    Parameters
    ----------
    history : History
        With at least one finished epoch.

    Returns
    -------
    bqplot.Figure
        All curves on one axis: they are in nats, and -ELBO is the sum of the other two.

    Raises
    ------
    ValueError
        When no epoch is finished.
    """
    epochs = len(history.train["neg_elbo"])
    if not epochs:
        raise ValueError("A chart needs at least one finished epoch; this history has none.")
    # A little air at both ends, and a width even where there is one epoch.
    scales = {"x": LinearScale(min=0.5, max=epochs + 0.5), "y": LinearScale()}
    marks = [_curves(history.train, "training", "dashed", scales)]
    if history.validation["neg_elbo"]:
        marks.append(_curves(history.validation, "validation", "solid", scales))
    if history.best_epoch >= 0:
        marks.append(
            Lines(
                x=[history.best_epoch + 1] * 2,
                y=[0, 1],
                scales={"x": scales["x"], "y": LinearScale(min=0, max=1)},
                colors=[GREY],
                stroke_width=1,
            )
        )
    marks.append(_key())
    ticks = np.unique(np.linspace(1, epochs, min(epochs, 8)).round())
    return Figure(
        marks=marks,
        axes=[
            Axis(scale=scales["x"], label="epoch", tick_values=ticks, tick_format="d"),
            Axis(
                scale=scales["y"],
                label="nats per picture",
                label_offset="3.5em",
                side="left",
            ),
        ],
        fig_margin={"top": 16, "bottom": 48, "left": 72, "right": 144},
        layout={"width": "100%", "height": "360px"},
    )


def _curves(
    losses: Mapping[str, Sequence[float]], part: str, style: str, scales: Mapping[str, LinearScale]
) -> Lines:
    values = np.array([losses[term] for term in NAMES])
    if values.shape[1] == 1:
        # bqplot would take three curves of one point for one curve of three.
        values = values.repeat(2, axis=1)
    return Lines(
        x=np.minimum(np.arange(values.shape[1]), len(losses["kl"]) - 1) + 1,
        # An infinite loss would leave the scale no room for the others.
        y=np.where(np.isfinite(values), values, np.nan),
        scales=dict(scales),
        colors=COLOURS,
        line_style=style,
        marker="circle",
        marker_size=16,
        stroke_width=1.5,
        labels=[f"{name}, {part}" for name in NAMES.values()],
    )


def _key() -> Label:
    """Say what is what beside the curves: bqplot's own legend lies on top of them."""
    texts = [*NAMES.values(), "solid: validation", "dashed: training", "grey line: best"]
    return Label(
        x=np.ones(len(texts)),
        y=0.96 - 0.08 * np.arange(len(texts)),
        text=texts,
        colors=[*COLOURS, GREY, GREY, GREY],
        scales={"x": LinearScale(min=0, max=1), "y": LinearScale(min=0, max=1)},
        x_offset=12,
        default_size=13,
        font_weight="normal",
        apply_clip=False,
    )
