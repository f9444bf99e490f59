"""The buttons and the sentences around the charts of a topology."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from latent_widgets.analysis import rips
from latent_widgets.cards import DIM, TEXT

if TYPE_CHECKING:
    from latent_widgets.homology_charts import HomologyCharts

_INK = "color: var(--jp-ui-font-color1, #212121);"
_ROW = {"align_items": "center", "flex_flow": "row wrap", "grid_gap": "8px"}
_VOIDS = f"Voids take long: {rips.USUAL[2]} landmarks about {rips.seconds(rips.USUAL[2], 2):.0f} s"


class Controls:
    """What one can press, and what is said.

    Parameters
    ----------
    name
        Of the space.

    Attributes
    ----------
    compute, stop, select, coeff, max_dim, scale, graph, betti : ipywidgets.Widget
        For the panel to listen to.
    """

    def __init__(self, name: str) -> None:
        title = f"Topology of {html.escape(name)}"
        self._title = w.HTML(f"<div style='{TEXT}{_INK} font-weight: 600'>{title}</div>")
        self.compute = w.Button(
            description="compute",
            tooltip="Compute anew, of the selected rows or of all when none is selected",
            layout={"width": "80px"},
        )
        self.coeff = w.ToggleButtons(
            options=[("Z₂", 2), ("Z₃", 3)],
            tooltips=["Count modulo 2", "Count modulo 3: tells a torus from a Klein bottle"],
            style={"button_width": "40px"},
        )
        self.max_dim = w.ToggleButtons(
            options=[("H0", 0), ("H1", 1), ("H2", 2)],
            tooltips=["Components", "Components and holes", f"Voids too. {_VOIDS}"],
            value=1,
            style={"button_width": "40px"},
        )
        self._bar = w.FloatProgress(
            max=1, layout={"width": "120px", "display": "none"}, style={"bar_color": "#0072b2"}
        )
        self.stop = w.Button(description="cancel", layout={"width": "72px", "display": "none"})
        self._status = w.HTML()
        self._about = w.HTML()
        self.scale = w.FloatSlider(
            min=0,
            max=1,
            step=0.005,
            description="scale",
            readout_format=".3g",
            tooltip="Greatest length of an edge: twice the radius of balls around the points",
            layout={"width": "420px", "max_width": "100%"},
            style={"description_width": "48px"},
        )
        self.graph = w.Checkbox(
            value=True,
            description="graph on the map",
            indent=False,
            layout={"width": "144px"},
        )
        self.betti = w.Label()
        self._bar_words = w.HTML()
        self.select = w.Button(
            description="select these rows",
            tooltip="Make them the selection, on every map",
            layout={"width": "136px", "display": "none"},
        )

    def lay_out(self, charts: HomologyCharts, film: w.DOMWidget) -> list[w.Widget]:
        """Put everything in its place, from top to bottom."""
        head = [self._title, self.compute, self.max_dim, self.coeff]
        head += [self._bar, self.stop, self._status]
        wide = {"flex": "1 1 340px", "min_width": "0", "max_width": "640px"}
        figures = [w.Box([figure], layout=wide) for figure in (charts.diagram, charts.barcode)]
        return [
            w.HBox(head, layout=_ROW),
            self._about,
            w.Box(figures, layout={"flex_flow": "row wrap", "grid_gap": "16px"}),
            w.HBox([self.scale, self.graph, self.betti], layout=_ROW),
            w.HBox([self._bar_words, self.select], layout=_ROW),
            film,
        ]

    def say(self, words: str) -> None:
        """Say what is going on."""
        self._status.value = f"<div style='{TEXT}{DIM}'>{html.escape(words)}</div>"

    def tell(self, words: str) -> None:
        """Say what the chosen bar is."""
        style = f"{TEXT}{_INK} max-width: 120ch"
        self._bar_words.value = words and f"<div style='{style}'>{html.escape(words)}</div>"

    def show(self, about: str, top: float) -> None:
        """Say what was computed, and make room for its scales."""
        style = f"{TEXT}{DIM} max-width: 120ch"
        self._about.value = f"<div style='{style}'>{html.escape(about)}</div>"
        with self.scale.hold_sync():
            self.scale.value = min(self.scale.value, top)
            self.scale.max, self.scale.step = top, top / 200

    def show_work(self, work: dict[str, Any]) -> None:
        """Show where long work is."""
        busy = "share" in work
        self._bar.layout.display = self.stop.layout.display = "" if busy else "none"
        self._bar.value = work.get("share", 0.0)
        if "error" in work:
            self.say(work["error"])
        else:
            self.say("cancelled" if work.get("cancelled") else work.get("words", ""))
