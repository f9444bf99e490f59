"""One private thread that always does the newest job of a channel, and the first channel first."""

from __future__ import annotations

import atexit
import logging
import threading
import time
import weakref
from collections.abc import Callable
from typing import NamedTuple

Job = Callable[[], None]

_log = logging.getLogger(__name__)

# An idle thread goes home so that a forgotten space holds none; the next job starts a fresh one.
_IDLE_SECONDS = 2.0
_LAST_SECONDS = 5.0


class _Slot(NamedTuple):
    job: Job
    due: float
    aside: bool


class Mailbox:
    """A thread with one mailbox slot per channel.

    A job waits in its channel's slot until the thread is free; a newer job of the same channel
    takes its place. So a fast producer never builds a queue, and the last job always runs.

    Parameters
    ----------
    first
        The channel that is served before all others.
    """

    def __init__(self, first: str) -> None:
        self._first = first
        self._slots: dict[str, _Slot] = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False
        self._closed = False
        _open.add(self)

    def submit(self, channel: str, job: Job, after: float = 0.0, *, aside: bool = False) -> bool:
        """Put a job into a channel's slot, replacing one that still waits there.

        Parameters
        ----------
        channel
            The name of the slot.
        job
            Called once on the private thread; it reports its own errors.
        after
            Seconds before which it is not done.
        aside
            Whether it is nobody's business: it is done when nothing else is to do, and `wait`
            does not wait for it.

        Returns
        -------
        bool
            False when the backend is closed and the job was not taken.
        """
        with self._wake:
            if self._closed:
                return False
            self._slots.pop(channel, None)
            self._slots[channel] = _Slot(job, time.monotonic() + after, aside)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work, name="latent_widgets-decode", daemon=True
                )
                self._thread.start()
            self._wake.notify_all()
            return True

    def wait(self, timeout: float = 10.0) -> bool:
        """Wait until nothing is left to do.

        Parameters
        ----------
        timeout
            Seconds to wait at most.

        Returns
        -------
        bool
            Whether everything was done in time.
        """
        deadline = time.monotonic() + timeout
        with self._wake:
            while self._busy or any(not slot.aside for slot in self._slots.values()):
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._wake.wait(left)
            return True

    def close(self) -> None:
        """Drop what waits, let the running job finish, and take no more."""
        with self._wake:
            self._closed = True
            self._slots.clear()
            self._wake.notify_all()

    def join(self, timeout: float) -> None:
        """Wait for the thread to end.

        Parameters
        ----------
        timeout
            Seconds to wait at most.
        """
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _next(self) -> Job | None:
        with self._wake:
            self._busy = False
            self._wake.notify_all()
            home = time.monotonic() + _IDLE_SECONDS
            while (channel := self._due()) is None:
                until = min((slot.due for slot in self._slots.values()), default=home)
                left = until - time.monotonic()
                if self._closed or (left <= 0 and not self._slots):
                    self._thread = None
                    return None
                self._wake.wait(max(left, 0))
            slot = self._slots.pop(channel)
            self._busy = not slot.aside
            return slot.job

    def _due(self) -> str | None:
        now = time.monotonic()
        due = {name: slot.aside for name, slot in self._slots.items() if slot.due <= now}
        if self._first in due:
            return self._first
        # The sort is stable: of equals the one that waits longest.
        return next(iter(sorted(due, key=lambda name: due[name])), None)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except BaseException:  # noqa: BLE001 - whatever it was, the next job needs a thread
                _log.exception("a decoding job failed")
            # A finished job must not keep its widget alive while the thread waits for the next.
            del job


_open: weakref.WeakSet[Mailbox] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    # A thread inside torch when the interpreter goes away would abort the whole process.
    for backend in list(_open):
        backend.close()
        backend.join(_LAST_SECONDS)
