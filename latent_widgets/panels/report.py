"""A report card of a space: measured once, beside the work and not in its way."""

from __future__ import annotations

import atexit
import html
import threading
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from latent_widgets.analysis.report import Report
from latent_widgets.analysis.stages import plan
from latent_widgets.cards import DIM, TEXT, close_inside, lay_out
from latent_widgets.failure import explain
from latent_widgets.space import LatentSpace

if TYPE_CHECKING:
    from pandas import DataFrame

_LAST_SECONDS = 5.0


class ModelReport(w.VBox):  # type: ignore[misc]
    """Shows what can be measured of a space: bounds, KL by dimension, prior, known factors.

    It measures on a thread of its own, says what it is at, and can be stopped: what is
    measured by then stays. It draws with bqplot, which marimo does not show.

    Parameters
    ----------
    space
        A LatentSpace, or the name of a bundled one.
    images, factors
        Held-out pictures and what is known of them, as for `analysis.report`.
    seed
        Of all draws and splits.

    Attributes
    ----------
    space : LatentSpace
        What is measured.
    report : analysis.Report
        What has been measured so far.

    Raises
    ------
    TypeError
        If `space` is neither.
    ValueError
        If there is no bundled space of that name.

    Examples
    --------
    >>> report = ModelReport("faces")
    >>> report.table
    """

    def __init__(
        self,
        space: LatentSpace | str,
        images: object = None,
        factors: Mapping[str, Any] | None = None,
        *,
        seed: int = 0,
    ) -> None:
        self._made = isinstance(space, str)
        if isinstance(space, str):
            space = LatentSpace(space)
        if not isinstance(space, LatentSpace):
            raise TypeError(
                "space must be a LatentSpace or the name of a bundled one, "
                f"got {type(space).__name__}"
            )
        self.space, self.report = space, Report()
        self._asked = threading.Event()
        name = html.escape(space.name or "the model")
        ink = "color: var(--jp-ui-font-color1, #212121); font-weight: 600"
        title = w.HTML(f"<div style='{TEXT}{ink}'>Report of {name}</div>")
        self._status = w.HTML()
        self._bar = w.FloatProgress(
            max=1, layout={"width": "160px"}, style={"bar_color": "#0072b2"}
        )
        self._stop = w.Button(description="Stop", layout={"width": "64px"})
        self._stop.on_click(lambda _: self.stop())
        row = {"align_items": "center", "flex_flow": "row wrap", "grid_gap": "8px"}
        head = w.HBox([title, self._bar, self._stop, self._status], layout=row)
        self._body = w.VBox()
        super().__init__([head, self._body])
        self.add_class("lw-report")
        self._say("measuring")
        # It holds this widget for as long as it measures, and nothing holds it.
        self._thread = threading.Thread(
            target=self._measure,
            args=(images, factors, seed),
            name="latent_widgets-report",
            daemon=True,
        )
        _open.add(self)
        self._thread.start()

    @property
    def table(self) -> DataFrame:
        """All numbers so far: columns group, measure, value, unit and meaning."""
        return self.report.table

    def stop(self) -> None:
        """End the measuring after what is being measured now; what is measured stays."""
        self._asked.set()
        self._stop.disabled = True

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until everything is measured and drawn.

        Parameters
        ----------
        timeout
            Seconds to wait at most.

        Returns
        -------
        bool
            Whether it was in time.
        """
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def close(self) -> None:
        """Stop, and leave the page; a space that this report made itself is closed too."""
        # ipywidgets closes again what is closed, and what was never finished.
        if self.comm is None:
            return
        self._asked.set()
        close_inside(self)
        super().close()
        if self._made:
            self.space.close()

    def _measure(self, images: object, factors: Mapping[str, Any] | None, seed: int) -> None:
        try:
            self.report, stages = plan(self.space, images, factors, seed)
            self._draw()
            for done, (label, stage) in enumerate(stages):
                if self._asked.is_set():
                    break
                self._bar.value = done / len(stages)
                self._say(f"measuring: {label}")
                stage()
            self._draw()
            cut = "; stopped before the end" if self._asked.is_set() else ""
            self._say(f"{self.report.about}{cut}")
        except Exception as error:  # noqa: BLE001 - shown in the widget instead
            self._show(error)
        self._bar.layout.display = self._stop.layout.display = "none"

    def _draw(self) -> None:
        if self.comm is None:
            return
        before = self._body.children
        self._body.children = lay_out(self.report)
        for old in before:
            close_inside(old)
            old.close()

    def _say(self, words: str) -> None:
        self._status.value = f"<div style='{TEXT}{DIM}'>{html.escape(words)}</div>"

    def _show(self, error: Exception) -> None:
        told = explain(error)
        self._say("not finished")
        card = (
            f"<div style='{TEXT} padding: 8px; color: var(--jp-ui-font-color1, #212121); "
            "border-left: 3px solid var(--jp-error-color1, #d32f2f); "
            "background: var(--jp-layout-color2, #eeeeee)'>"
            f"{html.escape(told['error'])}<details><summary>Traceback</summary>"
            f"<pre style='white-space: pre-wrap'>{html.escape(told['detail'])}</pre>"
            "</details></div>"
        )
        # What was drawn before the failure is still true.
        self._body.children = [w.HTML(card), *self._body.children]


_open: weakref.WeakSet[ModelReport] = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    # A thread inside torch when the interpreter goes away would abort the whole process.
    for report in list(_open):
        report.stop()
        report.wait(_LAST_SECONDS)
