"""A report card of a space: measured once, beside the work and not in its way."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from latent_widgets.analysis.report import Report
from latent_widgets.analysis.stages import Stage, plan
from latent_widgets.cards import DIM, TEXT, close_inside, lay_out
from latent_widgets.failure import explain
from latent_widgets.progress import Progress
from latent_widgets.space import LatentSpace
from latent_widgets.working import Cancelled, Work

if TYPE_CHECKING:
    from pandas import DataFrame


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
        self._work = Work(self._tell)
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
        self._work.start(
            "measuring",
            lambda progress: self._measure(images, factors, seed, progress),
            lambda _: None,
        )

    @property
    def table(self) -> DataFrame:
        """All numbers so far: columns group, measure, value, unit and meaning."""
        return self.report.table

    def stop(self) -> None:
        """End the measuring after what is being measured now; what is measured stays."""
        self._work.cancel()
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
        return self._work.wait(timeout)

    def close(self) -> None:
        """Stop, and leave the page; a space that this report made itself is closed too."""
        # ipywidgets closes again what is closed, and what was never finished.
        if self.comm is None:
            return
        self._work.cancel()
        close_inside(self)
        super().close()
        if self._made:
            self.space.close()

    def _measure(
        self, images: object, factors: Mapping[str, Any] | None, seed: int, progress: Progress
    ) -> None:
        try:
            self.report, stages = plan(self.space, images, factors, seed)
            self._draw()
            cut = self._go_through(stages, progress)
            self._draw()
            self._say(f"{self.report.about}{cut}")
        except Exception as error:  # noqa: BLE001 - shown in the widget instead
            self._show(error)
        self._hide()

    def _go_through(self, stages: Sequence[Stage], progress: Progress) -> str:
        """Measure one thing after another; say whether it was stopped."""
        try:
            for done, (label, stage) in enumerate(stages):
                progress(done / len(stages), label)
                self._bar.value = done / len(stages)
                self._say(f"measuring: {label}")
                stage()
        except Cancelled:
            return "; stopped before the end"
        return ""

    def _tell(self, words: dict[str, Any]) -> None:
        # Also where the thread had not begun, and says nothing more.
        if "cancelled" in words:
            self._say("stopped")
            self._hide()

    def _hide(self) -> None:
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
