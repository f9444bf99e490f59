"""Where a training is shown: the space, the charts and the pictures, now or as they were."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

from latent_widgets import codec
from latent_widgets.analysis.hints import hints
from latent_widgets.backends.mailbox import Mailbox
from latent_widgets.failure import explain
from latent_widgets.models.checkpoints import Checkpoint, Checkpoints
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.glance import Glance, Glancer
from latent_widgets.models.resume import copy_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from latent_widgets.models.history import History
    from latent_widgets.models.trace import Trace
    from latent_widgets.panels.training import TrainingPanel
    from latent_widgets.space import LatentSpace

# Looking takes at most a quarter of the time, and comes no more often than this.
_LOOK_SECONDS, _REST_SHARE = 0.5, 3.0


class _Moment(NamedTuple):
    epoch: float
    model: FrozenModel
    glance: Glance


class Stage:
    """Looks at the model that trains, and shows it, on a private thread where no batch waits.

    Parameters
    ----------
    model
        What is trained; only its weights are read, and only where it is handed over.
    space
        Shows the model as it is, or as it was.
    panel
        Shows pictures and hints, and says which moment to show.
    glancer
        Looks.
    checkpoints
        Keeps moments to go back to.

    Attributes
    ----------
    history : History or None
        What the hints are about.
    """

    def __init__(
        self,
        model: nn.Module,
        space: LatentSpace,
        panel: TrainingPanel,
        glancer: Glancer,
        checkpoints: Checkpoints,
    ) -> None:
        # Charts take a second to load, and the package should not.
        from latent_widgets.live_charts import LiveCharts  # noqa: PLC0415

        self.checkpoints = checkpoints
        self.charts = LiveCharts()
        self.history: History | None = None
        self._space, self._panel, self._glancer = space, panel, glancer
        self._shell: nn.Module = FrozenModel(model, space.device).inner
        self._mailbox = Mailbox(first="scrub")
        self._newest: _Moment | None = None
        self._looking, self._look_at = False, 0.0
        self._engine: str | None = None
        self._originals = torch.from_numpy(codec.to_uint8(glancer.shown))[None]
        panel.observe(self._scrub, "epoch")

    @property
    def due(self) -> bool:
        """Whether it is time for another look."""
        return not self._looking and time.monotonic() >= self._look_at

    def look(
        self,
        epoch: float,
        model: nn.Module,
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Look at a model as it is now; called by whoever may read its weights.

        Parameters
        ----------
        epoch
            Finished epochs, fractions included.
        model
            What is trained.
        then
            Called when it is shown.
        """
        self._looking = True
        weights = copy_weights(model)
        self.checkpoints.add(epoch, weights)

        def job() -> None:
            start = time.monotonic()
            try:
                moment = self._glance(epoch, weights)
                self._newest = moment
                if self._panel.epoch is None:
                    self._show(moment)
                else:
                    self._panel.moments = self.checkpoints.epochs
                self._advise(moment.glance)
            except Exception as error:  # noqa: BLE001 - shown in the widget
                self._panel.error = explain(error)
            end = time.monotonic()
            self._look_at = end + max(_LOOK_SECONDS, _REST_SHARE * (end - start))
            self._looking = False
            then()

        self._mailbox.submit("look", job)

    def begin(self, epochs: int) -> None:
        """Make room for the curves of so many epochs; while they last the kernel decodes."""
        self.charts.stretch(epochs)
        if self._engine is None:
            # A page would ask for the decoder of a model that is another one a second later.
            self._engine, self._space.engine = self._space.engine, "kernel"

    def end(self) -> None:
        """Let the pages decode again."""
        if self._engine is not None:
            self._space.engine, self._engine = self._engine, None

    def draw(self, trace: Trace) -> None:
        """Draw the curves as far as they have come."""
        self._mailbox.submit("draw", lambda: self.charts.draw(trace, self.history))

    def wait(self, timeout: float) -> bool:
        """Wait until everything is shown; False when it took longer than `timeout` seconds."""
        return self._mailbox.wait(timeout)

    def close(self) -> None:
        """Take the charts off the page and show no more."""
        self._mailbox.close()
        self._mailbox.join(10)
        self._panel.unobserve(self._scrub, "epoch")
        self.charts.close()

    def _scrub(self, _: object) -> None:
        self._mailbox.submit("scrub", self._go)

    def _go(self) -> None:
        wanted, newest = self._panel.epoch, self._newest
        try:
            if wanted is not None:
                kept = self.checkpoints.nearest(wanted)
                if newest is None or kept.epoch != newest.epoch:
                    newest = self._restore(kept)
            if newest is not None:
                self._show(newest)
        except LookupError:
            # Nothing to go back to yet.
            return
        except Exception as error:  # noqa: BLE001 - shown in the widget
            self._panel.error = explain(error)

    def _restore(self, kept: Checkpoint) -> _Moment:
        if isinstance(kept.extra, Glance):
            return _Moment(kept.epoch, self._freeze(kept.weights), kept.extra)
        return self._glance(kept.epoch, kept.weights)

    def _glance(self, epoch: float, weights: Mapping[str, Tensor]) -> _Moment:
        model = self._freeze(weights)
        assert self._space.image_shape is not None  # noqa: S101 - a space with pictures has one
        glance = self._glancer.look(model, self._space.image_shape)
        self.checkpoints.add(epoch, weights, glance, glance.size)
        return _Moment(epoch, model, glance)

    def _freeze(self, weights: Mapping[str, Tensor]) -> FrozenModel:
        self._shell.load_state_dict(weights)
        return FrozenModel(self._shell, self._space.device)

    def _show(self, moment: _Moment) -> None:
        epoch, model, glance = moment
        self._space.replace(model, points=glance.rows.mean, logvar=glance.rows.logvar)
        made = torch.from_numpy(codec.to_uint8(glance.pictures.flatten(0, 1)))
        pixels = torch.cat([self._originals, made.reshape(2, -1, *made.shape[1:])])
        with self._panel.hold_sync():
            self._panel.moments, self._panel.shown = self.checkpoints.epochs, epoch
            self._panel.pictures = {
                "shape": list(pixels.shape),
                "pixels": pixels.numpy().tobytes(),
            }
        self.charts.show(glance.kl.numpy(), epoch)

    def _advise(self, glance: Glance) -> None:
        if self.history is None or not self.history.train["kl"]:
            return
        judged = glance.judged
        said = hints(self.history, mean=judged.mean, logvar=judged.logvar, prior=glance.prior)
        if said != self._panel.hints:
            self._panel.hints = said
