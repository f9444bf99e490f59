"""The tape of a space: everything done so far, as lines one can read, step through and copy."""

from __future__ import annotations

import threading
from typing import Any, ClassVar

import traitlets as t

from latent_widgets.answering import Answer, Answering, Content
from latent_widgets.panels.panel import Panel
from latent_widgets.space import LatentSpace

# A list that long is still quick to draw, and nobody reads further back at once.
_SHOWN = 200
_CALM = 0.1  # seconds; a drag would write its line a hundred times a second


class TapePanel(Answering, Panel, stem="tape"):
    """Lists every gesture as the Python that makes it again, and goes to any of them.

    Undone gestures stay, dimmed, until another one takes their place. The script, or one short
    string of all of it (see `Tape.from_share`), can be copied.
    """

    _questions: ClassVar[dict[str, str]] = {"code": "_give_code", "share": "_give_share"}

    lines = t.List(t.Unicode(), read_only=True).tag(sync=True)
    """At most 200 gestures around the current one, a line each; long latents are shortened."""
    first = t.Int(0, read_only=True).tag(sync=True)
    """How many gestures there are before those."""
    total = t.Int(0, read_only=True).tag(sync=True)
    """How many gestures there are in all, those that were undone included."""
    at = t.Int(0).tag(sync=True)
    """How many of them are done; setting it goes there."""

    def __init__(self, space: LatentSpace | str, **options: Any) -> None:  # noqa: ANN401 - any trait
        super().__init__(space, **options)
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._leave_tape = self.space.tape.hear(self._soon)
        if "at" in options:
            self.space.go(self.at)
        self._publish()

    def close(self) -> None:
        """Leave the page and the tape."""
        if hasattr(self, "_leave_tape"):
            self._leave_tape()
            with self._lock:
                if self._timer is not None:
                    self._timer.cancel()
            del self._leave_tape
        super().close()

    @t.validate("at")
    def _check_at(self, proposal: t.Bunch) -> int:
        length = len(self.space.tape)
        if not 0 <= proposal.value <= length:
            raise ValueError(f"at must be from 0 to {length}, got {proposal.value}")
        return int(proposal.value)

    @t.observe("at")
    def _go(self, change: t.Bunch) -> None:
        tape = self.space.tape
        # What the tape itself told is no wish; a page may wish for something meanwhile.
        told = self._telling == threading.get_ident()
        if change.new != tape.at and change.new <= len(tape) and not told:
            self.space.go(change.new)

    _telling: int | None = None

    def _soon(self) -> None:
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(_CALM, self._publish)
                self._timer.daemon = True
                self._timer.start()

    def _publish(self) -> None:
        with self._lock:
            self._timer = None
        tape = self.space.tape
        at, total = tape.at, len(tape)
        first = max(0, min(at - _SHOWN * 3 // 4, total - _SHOWN))
        shown = tape.lines(short=True, since=first)[:_SHOWN]
        self._telling = threading.get_ident()
        try:
            with self.hold_sync():
                self.set_trait("lines", shown)
                self.set_trait("first", first)
                self.set_trait("total", total)
                self.at = min(at, len(tape))
        finally:
            self._telling = None

    def _give_code(self, _: Content, __: list[memoryview]) -> Answer:
        return {"text": self.space.tape.code()}, []

    def _give_share(self, _: Content, __: list[memoryview]) -> Answer:
        return {"text": self.space.tape.share()}, []
