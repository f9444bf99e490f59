"""Long work of a panel: beside everything else, with a bar, and stopped when asked."""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

import traitlets as t

from latent_widgets.failure import explain
from latent_widgets.progress import Progress

T = TypeVar("T")

# A page needs no more than ten looks at a bar each second.
_SECONDS_BETWEEN_LOOKS = 0.1
_LAST_SECONDS = 5.0


class Cancelled(Exception):  # noqa: N818 - a wish, not an error
    """Raised inside a job by its own `progress`: nobody waits for the result any more."""


class Work:
    """Does one job at a time on a thread of its own; a newer one takes the place of an older.

    Parameters
    ----------
    tell
        Shows where the work is: a dict of `label` with `share` in [0, 1] and `words` while it
        runs, with `cancelled`, or with `error` and `detail`; an empty one when all is done.
    """

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._label = ""
        _open.add(self)

    def start(
        self,
        label: str,
        job: Callable[[Progress], T],
        done: Callable[[T], None],
        words: str = "",
    ) -> None:
        """Begin a job; one that still runs is asked to stop, and its result is dropped.

        Parameters
        ----------
        label
            What is done, in a word or two.
        job
            Does it, and calls `progress(share, words)` now and then, which raises `Cancelled`
            once the job is no longer wanted.
        done
            Shows what the job returned; called on the job's thread, and not for a stopped one.
        words
            What is to know of it before it has told anything itself.
        """
        with self._lock:
            self._stop.set()
            self._stop, self._label = threading.Event(), label
            first = {"label": label, "share": 0.0, "words": words}
            before, stop = self._thread, self._stop
            self._thread = threading.Thread(
                target=self._run,
                args=(first, job, done, stop, before),
                name="latent_widgets-work",
                daemon=True,
            )
            self._tell(first)
            self._thread.start()

    def cancel(self) -> None:
        """Ask the job to stop at its next step; what was there before it stays."""
        with self._lock:
            if self._thread is not None and self._thread.is_alive() and not self._stop.is_set():
                self._stop.set()
                self._tell({"label": self._label, "cancelled": True})

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until nothing is being done.

        Parameters
        ----------
        timeout
            Seconds to wait at most.

        Returns
        -------
        bool
            Whether it was in time.
        """
        end = time.monotonic() + timeout
        while (thread := self._thread) is not None and thread.is_alive():
            if thread is threading.current_thread() or time.monotonic() >= end:
                return False
            thread.join(max(end - time.monotonic(), 0))
        return True

    def _run(
        self,
        first: dict[str, Any],
        job: Callable[[Progress], T],
        done: Callable[[T], None],
        stop: threading.Event,
        before: threading.Thread | None,
    ) -> None:
        label = first["label"]
        if before is not None:
            # Two at once would each take twice as long, and the older is about to stop.
            before.join(_SECONDS_BETWEEN_LOOKS)
            if before.is_alive():
                # What is compiled hears of nothing before it is done.
                self._say(stop, {**first, "words": "the one before is still stopping"})
                before.join()
        looked = 0.0

        def progress(share: float, words: str = "") -> None:
            nonlocal looked
            if stop.is_set():
                raise Cancelled
            if time.monotonic() - looked < _SECONDS_BETWEEN_LOOKS:
                return
            looked = time.monotonic()
            share = min(max(float(share), 0.0), 1.0)
            self._say(stop, {"label": label, "share": share, "words": words})

        try:
            progress(0.0, first["words"])
            result = job(progress)
            if not stop.is_set():
                done(result)
            self._say(stop, {})
        except Cancelled:
            pass
        except Exception as error:  # noqa: BLE001 - shown in the widget instead
            self._say(stop, {"label": label, **explain(error)})

    def _say(self, stop: threading.Event, words: dict[str, Any]) -> None:
        with self._lock:
            if not stop.is_set():
                self._tell(words)


class Working(t.HasTraits):
    """Gives a panel long work, and its page a bar with a button to stop it.

    A panel may do more beside it, each with a trait of its own: see `_beside`.
    """

    _besides: tuple[Work, ...] = ()

    work = t.Dict(read_only=True).tag(sync=True)
    """Where long work is: `label` with `share` (0 to 1) and `words`, or with `cancelled`, or with
    `error` and `detail`; empty when nothing is being done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        self._work = Work(self._show_work)
        super().__init__(*args, **kwargs)
        self.on_msg(self._hear_cancel)  # type: ignore[attr-defined]

    def cancel(self) -> None:
        """Stop what is being done; what was there before stays."""
        self._work.cancel()

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until nothing is being done.

        Parameters
        ----------
        timeout
            Seconds to wait at most.

        Returns
        -------
        bool
            Whether it was in time.
        """
        end = time.monotonic() + timeout
        # Its own work first, which may set the others to work; each, also after one was late.
        works = (self._work, *self._besides)
        in_time = [work.wait(max(end - time.monotonic(), 0.0)) for work in works]
        return all(in_time)

    def close(self) -> None:
        """Stop what is being done, and leave the page."""
        for work in (self._work, *self._besides):
            work.cancel()
        super().close()  # type: ignore[misc]

    def _beside(self, trait: str) -> Work:
        """Make room for other work, which shows itself in a trait as this one does in `work`."""
        work = Work(lambda words: self.set_trait(trait, words))
        self._besides = (*self._besides, work)
        return work

    def _show_work(self, words: dict[str, Any]) -> None:
        self.set_trait("work", words)

    def _hear_cancel(self, _: object, content: object, __: object) -> None:
        if isinstance(content, dict) and content.get("op") == "cancel":
            self.cancel()


_open: weakref.WeakSet[Work] = weakref.WeakSet()


@atexit.register
def _stop_all() -> None:
    # A thread inside torch when the interpreter goes away would abort the whole process.
    for work in list(_open):
        work.cancel()
        work.wait(_LAST_SECONDS)
