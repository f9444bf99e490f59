"""Decoding on this machine: one private thread that always does the newest job first."""

from __future__ import annotations

import atexit
import logging
import threading
import time
import weakref
from collections.abc import Callable

Job = Callable[[], None]

_log = logging.getLogger(__name__)

# An idle thread goes home so that a forgotten space holds none; the next job starts a fresh one.
_IDLE_SECONDS = 2.0
_LAST_SECONDS = 5.0


class LocalBackend:
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
        self._slots: dict[str, Job] = {}
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False
        self._closed = False
        _open.add(self)

    def submit(self, channel: str, job: Job) -> bool:
        """Put a job into a channel's slot, replacing one that still waits there.

        Parameters
        ----------
        channel
            The name of the slot.
        job
            Called once on the private thread; it reports its own errors.

        Returns
        -------
        bool
            False when the backend is closed and the job was not taken.
        """
        with self._wake:
            if self._closed:
                return False
            self._slots.pop(channel, None)
            self._slots[channel] = job
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
            while self._slots or self._busy:
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
            if not self._slots and not self._closed:
                self._wake.wait_for(lambda: self._slots or self._closed, _IDLE_SECONDS)
            if not self._slots:
                self._thread = None
                return None
            channel = self._first if self._first in self._slots else next(iter(self._slots))
            self._busy = True
            return self._slots.pop(channel)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except BaseException:  # noqa: BLE001 - whatever it was, the next job needs a thread
                _log.exception("a decoding job failed")
            # A finished job must not keep its widget alive while the thread waits for the next.
            del job


_open: weakref.WeakSet[LocalBackend] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    # A thread inside torch when the interpreter goes away would abort the whole process.
    for backend in list(_open):
        backend.close()
        backend.join(_LAST_SECONDS)
