"""A training as one watches it: its buttons, its pictures, and a slider through its past."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import traitlets as t

from latent_widgets.export.still import Still, draw_still
from latent_widgets.panels.panel import Panel

STATES = ("ready", "running", "paused", "stopped", "finished", "failed")


class TrainingPanel(Panel, stem="training"):
    """Shows what a `TrainingMonitor` reports and passes its buttons on.

    It works where bqplot's charts do not, with a map beside it: `monitor.panel`.
    """

    status = t.Dict().tag(sync=True)
    """Where the training is: `state` (one of `STATES`), `epoch` and `epochs` (finished, and in
    all), `seconds` and `left`, `device`, and `watched`: whether somebody else runs it."""
    moments = t.List(t.Float()).tag(sync=True)
    """Epochs that are kept to go back to, in order."""
    epoch = t.Float(None, allow_none=True).tag(sync=True)
    """The moment to show, in finished epochs: the nearest of `moments`; None follows the newest."""
    shown = t.Float(0.0).tag(sync=True)
    """The moment that is shown."""
    best = t.Float(None, allow_none=True).tag(sync=True)
    """The epoch whose weights the model has, once the training has ended."""
    pictures = t.Dict().tag(sync=True)
    """Some of the data, their reconstructions and decoded draws of the prior: `shape`
    (3, n, H, W, C) and `pixels`, uint8."""
    hints = t.List(t.Unicode()).tag(sync=True)
    """What the numbers say, in sentences, the gravest first."""
    error = t.Dict().tag(sync=True)
    """What went wrong: `error`, one sentence, and `detail`, the traceback; empty when nothing."""
    pressed: Callable[[str], object] = staticmethod(lambda _: None)
    """Called with "start", "pause", "resume", "batch", "epoch" or "stop"."""

    def __init__(self, space: Any, **options: Any) -> None:  # noqa: ANN401 - Panel's
        super().__init__(space, **options)
        self.on_msg(self._press)

    def _line(self) -> str:
        return "lw.TrainingMonitor(model, images)"

    def _still(self) -> Still | None:
        return draw_still(self.space, self._line())

    @t.default("status")
    def _ready(self) -> dict[str, Any]:
        return {"state": "ready", "epoch": 0.0, "epochs": 1, "seconds": 0.0, "left": None}

    @t.validate("epoch")
    def _check_epoch(self, proposal: t.Bunch) -> float | None:
        if proposal.value is not None and not math.isfinite(proposal.value):
            raise ValueError(f"epoch must be a finite number or None, got {proposal.value}")
        epoch: float | None = proposal.value
        return epoch

    def _press(self, _: object, content: object, __: object) -> None:
        command = content.get("press") if isinstance(content, dict) else None
        if command in ("start", "pause", "resume", "batch", "epoch", "stop"):
            self.pressed(command)
