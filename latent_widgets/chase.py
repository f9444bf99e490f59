"""A hand that paints on a page, and the latent that follows it: a loop on the private thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from latent_widgets import codec
from latent_widgets.feed import Feed
from latent_widgets.painting import Stroke, read_stroke

# Steps on their way to a page at once: enough to hide the server's wait, too few for a queue.
MOST_UNSEEN = 4
# After so many steps since the brush was lifted the latent stays where it is.
_MOST_AFTER = 40
_REMEMBERED = 32


@dataclass(frozen=True)
class Heard:
    """What a page says of its stroke; each message holds all of it.

    Attributes
    ----------
    name
        Of the stroke.
    gesture
        Under which its steps are one on the tape.
    stroke
        As far as it was drawn.
    z
        (d,) float32, where the page's latent was when it began.
    last
        Whether the brush is lifted.
    seen
        The number of the newest step that the page has shown.
    cancelled
        Whether all is to be as before the stroke.
    """

    name: str
    gesture: str
    stroke: Stroke
    z: codec.Floats
    last: bool
    seen: int
    cancelled: bool


Step = Callable[[Heard, bool, int, bool], bool | None]


def read_message(content: dict[str, Any], buffers: list[memoryview], dim: int) -> Heard:
    """Read what a page says of its stroke.

    Parameters
    ----------
    content, buffers
        Untrusted: the ink, and the places and the latent as float32 bytes.
    dim
        The latent dimension.

    Returns
    -------
    Heard
        What it says.

    Raises
    ------
    ValueError
        If something does not fit; the sentence names it.
    """
    name, gesture = str(content.get("stroke"))[:64], str(content.get("gesture"))[:64]
    if len(buffers) != 2 or not name or len(buffers[0]) % 8:
        raise ValueError("a page must send the places of a stroke and its latent")
    z = codec.bytes_to_floats(buffers[1], dim)
    if len(z) != 1 or not np.isfinite(z).all():
        raise ValueError("a page must send one finite latent with its stroke")
    ink = [content.get(key) for key in ("tool", "size", "strength", "color")]
    places = np.frombuffer(buffers[0], np.float32).reshape(-1, 2)
    seen = content.get("seen")
    return Heard(
        name,
        gesture,
        read_stroke(places, *ink),
        z[0],
        last=content.get("last") is True,
        seen=seen if isinstance(seen, int) else 0,
        cancelled=content.get("cancelled") is True,
    )


class Chase:
    """Takes step after step towards the newest that was painted, and waits for who looks on.

    The steps are taken beside the pictures, on the space's own thread: a model is never asked by
    two at once. A page says what of them it has shown; at most four are on their way to it.

    Parameters
    ----------
    feed
        Of the space.
    step
        Takes a step: what was heard, whether it is the first of its stroke, its number, and
        whether it is the last in any case. Gives whether another would gain next to nothing, or
        None once the stroke is over for another reason.
    fail
        Hears of what a step raised.
    """

    def __init__(self, feed: Feed, step: Step, fail: Callable[[Exception], None]) -> None:
        self._feed, self._step, self._fail = feed, step, fail
        self._lock = threading.Lock()
        self._newest: Heard | None = None
        self._over: deque[str] = deque(maxlen=_REMEMBERED)
        self._first = self._closed = False
        self._taken = self._after = 0
        self._rests: tuple[int, bool] | None = None

    def hear(self, heard: Heard) -> None:
        """Go on with what a page has painted; a new stroke takes the place of an older.

        Parameters
        ----------
        heard
            The newest of the page.
        """
        with self._lock:
            before = self._newest
            if heard.name in self._over or self._closed:
                return
            if before is None or before.name != heard.name:
                if before is not None:
                    self._over.append(before.name)
                self._first, self._taken, self._after, self._rests = True, 0, 0, None
            self._newest = heard
        self._go()

    def close(self) -> None:
        """Take no further step."""
        with self._lock:
            self._newest, self._closed = None, True

    def _go(self) -> None:
        self._feed.do(f"{id(self)}/chase", self._run)

    def _run(self) -> None:
        with self._lock:
            heard, first = self._newest, self._first
            if heard is None:
                return
            drawn = (len(heard.stroke.places), heard.last)
            full = self._taken - heard.seen >= MOST_UNSEEN
            if not heard.cancelled and (full or self._rests == drawn):
                return
            self._first = False
            self._taken += 1
            self._after += heard.last
            number, last = self._taken, heard.last and self._after >= _MOST_AFTER
        try:
            settled = self._step(heard, first, number, last)
        except Exception as error:  # noqa: BLE001 - shown on the page instead
            self._end(heard)
            self._fail(error)
            return
        if settled is None or last or heard.cancelled or (settled and heard.last):
            self._end(heard)
            return
        with self._lock:
            self._rests = drawn if settled else None
        self._go()

    def _end(self, heard: Heard) -> None:
        with self._lock:
            self._over.append(heard.name)
            # A newer stroke may have begun meanwhile.
            if self._newest is not None and self._newest.name == heard.name:
                self._newest = None
