"""A training one can watch: curves, pictures and map as they form, and buttons to hold it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets
import numpy.typing as npt
from torch import Tensor, nn

from latent_widgets.cards import close_inside
from latent_widgets.columns import as_values
from latent_widgets.export.saved import SavedOutput, keeps_outputs
from latent_widgets.models.checkpoints import Checkpoints
from latent_widgets.models.glance import Glancer
from latent_widgets.models.options import check_options
from latent_widgets.models.pictures import compact
from latent_widgets.models.scene import pick_scene
from latent_widgets.models.training import fit
from latent_widgets.panels.panel import refuse_unknown
from latent_widgets.panels.scatter import ScatterProjection
from latent_widgets.panels.training import TrainingPanel
from latent_widgets.space import LatentSpace
from latent_widgets.stage import Stage
from latent_widgets.watcher import Watcher

if TYPE_CHECKING:
    from latent_widgets.models.history import History

# What fit is told by the monitor itself.
_OURS = ("model", "images", "callback", "stop", "progress")


class TrainingMonitor(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Trains a model in the background and shows how it learns.

    Curves of reconstruction, KL and its weight, KL bars, reconstructions, draws of the prior and
    the map of the data follow while it trains. Buttons pause it, let it take one batch or one
    epoch, and stop it; the kernel stays free. Weights are kept along the way, so that a slider
    goes back to any moment afterwards, and with it every panel that looks at `space`.

    Being watched changes nothing: the same seed gives the same weights as `fit` alone.

    Parameters
    ----------
    model
        What `fit` takes, and a LatentSpace: `elbo`, `encode` and `decode`. It is trained in place.
    images
        What `fit` takes.
    labels
        One label a picture, to colour the map by.
    names
        Class names of whole-number labels.
    factors
        More columns to colour by: name to n values.
    rows
        How many pictures the map shows at most, evenly picked.
    budget
        Megabytes of weights and maps that are kept, evenly thinned when it is used up.
    **options
        Everything else that `fit` takes: `epochs`, `batch_size`, `lr`, `validation`, `seed`,
        `device`, `checkpoint`, ... After a stop, `start` continues from the last whole epoch.

    Raises
    ------
    TypeError, ValueError
        If something does not fit; the sentence names it.

    Examples
    --------
    >>> monitor = TrainingMonitor(model, images, labels, epochs=20)
    >>> monitor.start()

    or, where the training is to be one's own and this only watches:

    >>> fit(model, images, callback=monitor)
    """

    _output: SavedOutput | None = None

    def __init__(
        self,
        model: nn.Module,
        images: Tensor | npt.ArrayLike,
        labels: Any = None,  # noqa: ANN401 - anything LatentSpace takes
        *,
        names: Sequence[str] | None = None,
        factors: Mapping[str, Any] | None = None,
        rows: int = 2000,
        budget: float = 256,
        **options: Any,  # noqa: ANN401 - fit's
    ) -> None:
        known = [name for name in inspect.signature(fit).parameters if name not in _OURS]
        refuse_unknown("TrainingMonitor", options, known)
        bound = inspect.signature(fit).bind(model, images, **options)
        bound.apply_defaults()
        check_options(**bound.arguments)
        if not budget > 0:
            raise ValueError(f"budget must be above 0 megabytes, got {budget}")
        pictures = compact(images)
        fitted = bound.arguments
        columns = {
            name: _rows(name, values, len(pictures))
            for name, values in {**(factors or {}), "labels": labels}.items()
            if values is not None
        }
        validation, seed = fitted["validation"], fitted["seed"]
        scene = pick_scene(pictures, rows, validation, seed, columns.get("labels"))
        columns = {name: values[scene.picked] for name, values in columns.items()}
        self.model = model
        self.space = LatentSpace(
            model,
            scene.rows,
            labels=columns.pop("labels", None),
            names=names,
            factors=columns,
            device=fitted["device"],
            seed=seed,
        )
        try:
            method = {"method": "axes"} if self.space.latent_dim == 2 else {}
            self.panel = TrainingPanel(self.space)
            self.scatter = ScatterProjection(self.space, **method)
            glancer = Glancer(scene, self.space.latent_dim, seed)
            kept = Checkpoints(int(budget * 2**20))
            self._stage = Stage(model, self.space, self.panel, glancer, kept)
            self._watcher = Watcher(model, self.panel, self._stage, fitted)
            # What fit asks of a callback that watches.
            self.before_batch, self.ended = self._watcher.before_batch, self._watcher.ended
        except BaseException:
            self.space.close()
            raise
        left = ipywidgets.VBox(self._stage.charts.figures, layout={"min_width": "0"})
        below = ipywidgets.GridBox(
            [left, self.scatter],
            layout={"grid_template_columns": "repeat(auto-fit, minmax(min(100%, 400px), 1fr))"},
        )
        super().__init__([self.panel, below])

    def start(self) -> TrainingMonitor:
        """Begin to train in the background, or go on after a pause or a stop.

        Returns
        -------
        TrainingMonitor
            This one, so that ``monitor.start()`` as a cell's last line shows it.

        Raises
        ------
        RuntimeError
            When it is finished or has failed.
        """
        if self.state in ("finished", "failed"):
            raise RuntimeError(f"this training has {self.state}; make a new TrainingMonitor")
        self._watcher.press("start")
        return self

    def pause(self) -> None:
        """Wait before the next batch."""
        self._watcher.press("pause")

    def resume(self) -> None:
        """Go on after a pause."""
        self._watcher.press("resume")

    def step(self, unit: str = "batch") -> None:
        """Train one batch, or to the end of the epoch, and pause.

        Parameters
        ----------
        unit
            "batch" or "epoch".

        Raises
        ------
        ValueError
            For another unit.
        """
        if unit not in ("batch", "epoch"):
            raise ValueError(f"unit must be 'batch' or 'epoch', got {unit!r}")
        self._watcher.press(unit)

    def stop(self) -> None:
        """End the training; the model gets its best weights so far, and `start` goes on."""
        self._watcher.press("stop")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the training has ended or is paused, and everything of it is shown.

        Parameters
        ----------
        timeout
            Seconds to wait at most; None waits as long as it takes.

        Returns
        -------
        bool
            Whether it was so in time.
        """
        return self._watcher.wait(timeout)

    @property
    def state(self) -> str:
        """One of "ready", "running", "paused", "stopped", "finished" and "failed"."""
        state: str = self.panel.status["state"]
        return state

    @property
    def history(self) -> History | None:
        """Losses by epoch; None before the first batch."""
        return self._stage.history

    @property
    def checkpoints(self) -> Checkpoints:
        """The moments that are kept; ``checkpoints.nearest(3).weights`` is a state dict."""
        return self._stage.checkpoints

    @property
    def epoch(self) -> float | None:
        """The moment that every panel shows, in finished epochs; None follows the newest."""
        epoch: float | None = self.panel.epoch
        return epoch

    @epoch.setter
    def epoch(self, epoch: float | None) -> None:
        self.panel.epoch = epoch

    def __call__(self, epoch: int, history: History) -> None:
        """Let `fit` tell of a finished epoch."""
        self._watcher(epoch, history)

    def close(self) -> None:
        """End the training and leave the page; the model keeps its best weights."""
        # ipywidgets closes once more what is thrown away.
        watcher = vars(self).get("_watcher")
        if watcher is not None and self.comm is not None:
            watcher.close()
            if self._output is not None:
                self._output.close()
            close_inside(self)
            self.space.close()
        super().close()

    def _ipython_display_(self) -> None:
        if not keeps_outputs():
            # IPython then goes on to the bundle.
            raise NotImplementedError
        self._output = self._output or SavedOutput(self.panel)
        # The boxes inside mean nothing to whoever reads the notebook without running it.
        line = {"text/plain": "lw.TrainingMonitor(model, images)"}
        self._output.show({**self._repr_mimebundle_(), **line}, {})


def _rows(name: str, values: Any, n: int) -> npt.NDArray[Any]:  # noqa: ANN401 - what LatentSpace takes
    found = as_values(name, values)
    if found.ndim != 1 or len(found) != n:
        raise ValueError(f"{name} must hold one value for each of the {n} images, got {len(found)}")
    return found
