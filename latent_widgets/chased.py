"""A panel whose page paints: z follows on the space's own thread, and the page is told."""

from __future__ import annotations

import threading
from typing import Any

from latent_widgets.analysis.nudge import Nudge
from latent_widgets.answering import Answering
from latent_widgets.canvas import Canvas
from latent_widgets.chase import Chase, Heard, read_message
from latent_widgets.failure import explain
from latent_widgets.frame import Asker

# Steps and seconds before the next picture: few while the hand moves, which sees most of them.
_MOVING, _RESTING = (2, 0.012), (4, 0.03)


class Chased(Answering):
    """Lets `z` follow what a page paints; one stroke is one step of the tape."""

    # What a panel has.
    painted: Any
    _begin: Any
    _tell: Any

    def __init__(self, space: Any, **options: Any) -> None:  # noqa: ANN401 - the panel's
        self._turn = threading.RLock()
        self._canvas: Canvas | None = None
        self._stroking = ""
        """The stroke of a page that is under way."""
        self._last: Nudge | None = None
        super().__init__(space, **options)
        self._chase = Chase(self.space._feed, self._follow, self._fail)  # noqa: SLF001

    def end_chase(self) -> None:
        """Follow no further; `z` stays where it is."""
        # One whose making failed has none.
        if hasattr(self, "_chase"):
            self._chase.close()

    def _hear(self, widget: object, content: object, buffers: list[memoryview]) -> None:
        if not isinstance(content, dict) or content.get("op") != "stroke":
            super()._hear(widget, content, buffers)
            return
        try:
            heard = read_message(content, buffers, self.space.latent_dim)
        except Exception as error:  # noqa: BLE001 - shown on the page instead
            self._fail(error)
            return
        self._chase.hear(heard)

    def _follow(self, heard: Heard, first: bool, number: int, last: bool) -> bool | None:  # noqa: FBT001
        with self._turn:
            if first:
                self._begin(heard.z)
                self._stroking = heard.name
            canvas, here = self._canvas, self.space.z
            if canvas is None or self._stroking != heard.name:
                return None
            if not (first or canvas.stands(here)):
                return None
            settled = self._take(canvas, heard)
            over = heard.cancelled or (heard.last and (settled or last))
            z = canvas.z
        # Whoever moved z meanwhile came later, and waits for us to say so.
        if self._stroking != heard.name or self.space.z is not here:
            return None
        with self.space._feed.asked_by(Asker(gesture=heard.gesture)):  # noqa: SLF001
            self.space.z = z
        with self._turn:
            if self._stroking != heard.name:
                return None
            self._stroking = "" if over else heard.name
            self._tell(stroke=heard.name, step=number, places=len(heard.stroke.places), over=over)
        return settled

    def _take(self, canvas: Canvas, heard: Heard) -> bool:
        if heard.cancelled:
            canvas.leave()
            self._last = None
            return True
        canvas.draw(heard.stroke)
        steps, seconds = _RESTING if heard.last else _MOVING
        self._last = canvas.follow(steps=steps, seconds=seconds, rough=not heard.last)
        return self._last.settled

    def _fail(self, error: Exception) -> None:
        with self._turn:
            self._stroking = ""
            told = {**self.painted, "over": True, **explain(error)}
            self.set_trait("painted", told)  # type: ignore[attr-defined]
