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
        # The step that is allowed, and what was trained of it.
        self._step = ""
        self._trained: int | None = None

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
        self._set(RUNNING, unit)

    def _set(self, state: str, step: str = "") -> None:
        with self._turn:
            # What was stopped stays stopped, whichever button is pressed a moment later.
            if self.state != STOPPED:
                self.state, self._step, self._trained = state, step, None
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
            begun = self._trained is not None
            if begun and (self._step == "batch" or self._trained != epoch):
                self._set(PAUSED)
            paused = self.state == PAUSED
        if paused:
            waits()
        with self._turn:
            self._turn.wait_for(lambda: self.state != PAUSED)
            if self._step and self._trained is None:
                self._trained = epoch
            return self.state != STOPPED
