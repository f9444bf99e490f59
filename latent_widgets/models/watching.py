"""Holding a training from outside: pause it, let it take one step, or end it."""

import threading
from collections.abc import Callable

RUNNING, PAUSED, STOPPED = "running", "paused", "stopped"
STEPS = ("batch", "epoch")


class Gate:
    """What a training passes before every batch; any thread may open or close it.

    Attributes
    ----------
    state : str
        "running", "paused" (the training waits, or will before its next batch) or "stopped".
    """

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self.state = RUNNING
        # Batches to let through before closing, or the epoch before which to close.
        self._batches: int | None = None
        self._until: int | None = None
        self._epoch = 0

    def run(self) -> None:
        """Let the training go on."""
        self._set(RUNNING)

    def pause(self) -> None:
        """Let it wait before its next batch."""
        self._set(PAUSED)

    def stop(self) -> None:
        """End it before its next batch."""
        self._set(STOPPED)

    def step(self, unit: str = "batch") -> None:
        """Let it take one step and wait again.

        Parameters
        ----------
        unit : {"batch", "epoch"}
            One batch; or all that are left of the epoch under way.

        Raises
        ------
        ValueError
            For another unit.
        """
        if unit not in STEPS:
            raise ValueError(f"unit must be one of {STEPS}, got {unit!r}.")
        with self._turn:
            batches, until = (1, None) if unit == "batch" else (None, self._epoch + 1)
            self._set(RUNNING, batches, until)

    def _set(self, state: str, batches: int | None = None, until: int | None = None) -> None:
        with self._turn:
            # What was stopped stays stopped, whichever button is pressed a moment later.
            if self.state != STOPPED:
                self.state, self._batches, self._until = state, batches, until
            self._turn.notify_all()

    def passes(self, epoch: int, waits: Callable[[], object] = lambda: None) -> bool:
        """Wait until the next batch may be trained; called by the training.

        Parameters
        ----------
        epoch : int
            The epoch that the batch belongs to, from 0.
        waits : callable
            Called once when there is to be a wait.

        Returns
        -------
        bool
            False when the training is to end.
        """
        with self._turn:
            self._epoch = epoch
            if self._batches == 0 or (self._until is not None and epoch >= self._until):
                self._set(PAUSED)
            paused = self.state == PAUSED
        if paused:
            waits()
        with self._turn:
            self._turn.wait_for(lambda: self.state != PAUSED)
            if self._batches is not None:
                self._batches -= 1
            return self.state != STOPPED
