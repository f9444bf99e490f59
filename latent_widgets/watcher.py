"""Holds a training by its buttons, and reports where it is."""

from __future__ import annotations

import atexit
import copy
import tempfile
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

from latent_widgets.failure import explain
from latent_widgets.models.trace import Trace
from latent_widgets.models.training import fit
from latent_widgets.models.watching import PAUSED, RUNNING, STOPPED, Gate
from latent_widgets.stage import Stage

if TYPE_CHECKING:
    from torch import nn

    from latent_widgets.models.epochs import Epochs
    from latent_widgets.models.history import History
    from latent_widgets.panels.training import TrainingPanel

# An eye reads a curve no more often; every reading makes a GPU wait for its batch.
_READ_SECONDS = 0.25
_LAST_SECONDS = 5.0
_READY, _FINISHED, _FAILED = "ready", "finished", "failed"


class Watcher:
    """The callback of a training that is watched.

    Three threads meet here: the one that trains, the stage's own, and whichever Jupyter calls
    when a button is pressed.

    Parameters
    ----------
    model
        Trained in place.
    panel
        Has the buttons.
    stage
        Shows the model.
    fitted
        Arguments of `fit`.
    """

    def __init__(
        self, model: nn.Module, panel: TrainingPanel, stage: Stage, fitted: dict[str, Any]
    ) -> None:
        self._model, self._panel, self._stage, self._fitted = model, panel, stage, fitted
        self._trace, self._gate = Trace(), Gate()
        self._turn, self._settled = threading.RLock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._run: Epochs | None = None
        self._read_up_to, self._read_at = 0, 0.0
        self._epoch = self._began_at = 0.0
        self._seconds, self._ticked = 0.0, time.monotonic()
        stage.charts.stretch(fitted["epochs"])
        self._tell(_READY)
        panel.pressed = self.press
        stage.look(0.0, model)
        _open.add(self)

    @property
    def state(self) -> str:
        """What the panel says it is."""
        state: str = self._panel.status["state"]
        return state

    def press(self, command: str) -> None:
        """Do what a button says; one that makes no sense now does nothing."""
        with self._turn:
            state = self.state
            if state in (_READY, STOPPED) and command in ("start", "batch", "epoch"):
                self._begin(command)
            elif state == RUNNING and command == "pause":
                self._gate.pause()
            elif state in (RUNNING, PAUSED) and command == "stop":
                self._settled.clear()
                self._gate.stop()
            elif state in (RUNNING, PAUSED) and command in ("start", "resume", "batch", "epoch"):
                self._tell(RUNNING)
                if command in ("batch", "epoch"):
                    self._gate.step(command)
                else:
                    self._gate.run()

    def _begin(self, command: str) -> None:
        self._gate = Gate()
        if command != "start":
            self._gate.step(command)
        own = dict(self._fitted, progress=False, callback=self)
        if own["checkpoint"] is None:
            self._folder = self._folder or tempfile.TemporaryDirectory(prefix="latent_widgets-")
            own["checkpoint"] = f"{self._folder.name}/training"
        own["resume"] = own["resume"] or self.state == STOPPED
        self._tell(RUNNING)
        self._thread = threading.Thread(
            target=self._train, args=(own,), name="latent_widgets-training", daemon=True
        )
        self._thread.start()

    def _train(self, own: dict[str, Any]) -> None:
        try:
            fit(**own)
        except Exception as error:  # noqa: BLE001 - shown in the widget
            self._fail(error)

    def before_batch(self, run: Epochs, batch: int) -> bool:
        """Read what the last batches brought, and wait while the training is paused."""
        if self._run is not run:
            self._attach(run)
        if batch == 0:
            self._read_up_to = 0
        now = time.monotonic()
        self._seconds += now - self._ticked
        self._epoch = run.state.epoch + batch / run.steps
        if now >= self._read_at + _READ_SECONDS:
            self._note(run, batch)
            self._report()
        if self._stage.due:
            self._stage.look(self._epoch, run.model)

        def rest() -> None:
            self._note(run, batch)
            self._report()
            self._stage.look(self._epoch, run.model, self._rested)

        passes = self._gate.passes(run.state.epoch, rest)
        self._ticked = time.monotonic()
        return not passes

    def __call__(self, epoch: int, history: History) -> None:
        """Take note of a finished epoch."""
        run = self._run
        if run is None:
            return
        # A copy: while the stage reads it, the next epoch is written down.
        self._stage.history = copy.deepcopy(history)
        self._epoch = epoch + 1.0
        self._note(run, run.steps)
        if time.monotonic() >= self._read_at + _READ_SECONDS:
            self._report()
        if self._stage.due:
            self._stage.look(self._epoch, run.model)
        else:
            self._stage.checkpoints.add(self._epoch, run.model.state_dict())

    def ended(self, history: History, error: BaseException | None) -> None:
        """Take note of the end: the model has its best weights back."""
        best = history.best_epoch + 1.0
        state = STOPPED if history.stopped == "interrupted" else _FINISHED

        def tell() -> None:
            if error is None:
                self._panel.best = best
                self._tell(state)
            else:
                self._fail(error)

        self._stage.history = copy.deepcopy(history)
        self._stage.draw(self._trace)
        self._stage.look(best, self._model, tell)

    def wait(self, timeout: float | None) -> bool:
        """Wait until nothing moves any more; False when it took longer than `timeout` seconds."""
        end = time.monotonic() + (threading.TIMEOUT_MAX if timeout is None else timeout)
        if not self._settled.wait(max(end - time.monotonic(), 0)):
            return False
        return self._stage.wait(max(end - time.monotonic(), 0))

    def close(self) -> None:
        """End the training."""
        self.halt()
        self._stage.close()
        if self._folder is not None:
            self._folder.cleanup()
        _open.discard(self)

    def halt(self) -> None:
        """Stop it, and wait a moment for the batch under way."""
        self._gate.stop()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_LAST_SECONDS)

    def _attach(self, run: Epochs) -> None:
        if run.model is not self._model:
            raise ValueError(
                f"this monitor watches another {type(self._model).__name__} than is trained"
            )
        self._run, self._stage.history = run, copy.deepcopy(run.state.history)
        self._began_at, self._seconds, self._ticked = float(run.state.epoch), 0.0, time.monotonic()
        self._panel.set_trait("best", None)
        self._panel.error = {}
        if not len(self._trace):
            # A training that goes on from a file brings the epochs before along.
            train = run.state.history.train
            for epoch, losses in enumerate(zip(train["reconstruction"], train["kl"], strict=True)):
                self._trace.add(epoch + 1.0, *losses, run.weight)
        self._stage.begin(int(run.state.options["epochs"]))
        self._tell(RUNNING)

    def _note(self, run: Epochs, batch: int) -> None:
        if batch > self._read_up_to:
            reconstruction, kl = run.recent(self._read_up_to)
            self._trace.add(self._epoch, reconstruction, kl, run.weight)
            self._read_up_to = batch

    def _report(self) -> None:
        self._read_at = time.monotonic()
        self._stage.draw(self._trace)
        self._tell()

    def _rested(self) -> None:
        with self._turn:
            # While the pause was being shown, somebody may have ended it.
            if self._gate.state == PAUSED:
                self._tell(PAUSED)

    def _fail(self, error: BaseException) -> None:
        self._panel.error = explain(error)
        self._tell(_FAILED)

    def _tell(self, state: str | None = None) -> None:
        options = self._fitted if self._run is None else self._run.state.options
        epochs = int(options["epochs"])
        done = self._epoch - self._began_at
        left = self._seconds / done * (epochs - self._epoch) if done > 0 else None
        with self._turn:
            state = self.state if state is None else state
            self._panel.status = {
                "state": state,
                "epoch": self._epoch,
                "epochs": epochs,
                "seconds": self._seconds,
                "left": left,
            }
            if state == RUNNING:
                self._settled.clear()
            else:
                self._settled.set()
            if state not in (RUNNING, PAUSED):
                self._stage.end()
            if state in (_FINISHED, _FAILED) and self._folder is not None:
                self._folder.cleanup()
                self._folder = None


_open: weakref.WeakSet[Watcher] = weakref.WeakSet()


@atexit.register
def _halt_all() -> None:
    # A thread inside torch when the interpreter goes away would abort the whole process.
    for watcher in list(_open):
        watcher.halt()
