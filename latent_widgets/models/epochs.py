"""One pass over the pictures after another."""

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from latent_widgets.models.history import TERMS
from latent_widgets.models.pictures import to_unit
from latent_widgets.models.resume import TrainingState, copy_weights

Augment = Callable[[Tensor, torch.Generator], Tensor]

# Looking at a loss makes a GPU wait for the whole batch, so there only every so many are looked at.
_LOOK_EVERY = 16


class Stop(Protocol):
    """Anything that can be asked whether to stop, such as a `threading.Event`."""

    def is_set(self) -> bool:
        """Whether training should stop before the next batch."""


class Bar(Protocol):
    """A progress bar."""

    def update(self) -> object:
        """One batch is done."""


@dataclass
class Epochs:
    """A model, its pictures and the state that moves with every epoch.

    Attributes
    ----------
    model : Module
        With an ``elbo`` method; trained in place.
    train, held_out : Tensor, shape (n, C, H, W)
        Pictures on the CPU; `held_out` may have no rows.
    state : TrainingState
        Changed after every epoch.
    device : torch.device
        Where `model` is.
    targets : (Tensor, Tensor) or None
        What is known of `train` and of `held_out`, row by row; given to ``elbo``.
    augment : callable or None
        Applied to every training batch.
    stop : Stop or None
        Asked before every training batch.
    watch : callable or None
        ``watch(self, batch)`` before every training batch, `batch` counted from 0; a true answer
        stops the training there. It may take its time: training waits.
    """

    model: nn.Module
    train: Tensor
    held_out: Tensor
    state: TrainingState
    device: torch.device
    targets: tuple[Tensor, Tensor] | None = None
    augment: Augment | None = None
    stop: Stop | None = None
    watch: Callable[["Epochs", int], object] | None = None

    def __post_init__(self) -> None:
        """Read the options once."""
        options = self.state.options
        self.batch_size = int(options["batch_size"])
        self.beta = float(options["beta"])
        self.steps = math.ceil(len(self.train) / self.batch_size)
        self.look_every = 1 if self.device.type == "cpu" else _LOOK_EVERY
        self._sums: list[Tensor] = []
        kinds = (p.dtype for p in self.model.parameters() if p.is_floating_point())
        self._dtype = next(kinds, torch.float32)
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=float(options["lr"]))
        self._bound: Callable[..., Any] = getattr(self.model, "elbo")  # noqa: B009
        # A model may weigh its terms by itself: objective(terms, weight, progress) -> (n,).
        self._objective: Callable[..., Tensor] | None = getattr(self.model, "objective", None)
        self._takes_generator = "generator" in inspect.signature(self._bound).parameters

    def step_through(self, bar: Bar) -> float:
        """Train for one epoch, judge it and keep the best weights.

        Parameters
        ----------
        bar : Bar
            Told about every batch.

        Returns
        -------
        float
            The judged -ELBO in nats per picture: of `held_out`, else of `train`.

        Raises
        ------
        FloatingPointError
            When a loss is not finite; on the CPU that batch does not reach the weights, on a
            GPU it is found out some batches later.
        KeyboardInterrupt
            When `stop` or `watch` asked for it.
        """
        state, history = self.state, self.state.history
        warmup = int(state.options["warmup"])
        self._sums.clear()
        self.model.train()
        order = torch.randperm(len(self.train), generator=state.generator)
        for batch, rows in enumerate(torch.split(order, self.batch_size)):
            if self.stop is not None and self.stop.is_set():
                raise KeyboardInterrupt
            if self.watch is not None and self.watch(self, batch):
                raise KeyboardInterrupt
            self._set_rate(batch)
            x = self._bring(self.train[rows])
            if self.augment is not None:
                x = self.augment(x, state.generator)
            terms = self._elbo(x, state.generator, self._known(0, rows))
            loss: Any = self._loss(terms, self.weight, self._progress(batch)).mean()
            self._sums.append(torch.stack([*_sums(terms), self._goal(terms), loss]).detach())
            if batch % self.look_every == 0 or batch == self.steps - 1:
                self._check(batch)
            # Not the optimiser's: it fails now and then while another thread exports a model.
            self.model.zero_grad(set_to_none=True)
            loss.backward()
            self.optimiser.step()
            bar.update()
        goal = _note(history.train, self._sums, len(self.train))
        judged = history.train
        if len(self.held_out):
            judged = history.validation
            goal = _note(judged, self._evaluate(), len(self.held_out))
        objective = judged["reconstruction"][-1] + self.beta * judged["kl"][-1]
        if self._objective is not None:
            objective = goal
        # While the KL weight still rises, a low loss is a promise and not yet a result.
        if objective < history.best or state.epoch <= warmup:
            history.best, history.best_epoch = objective, state.epoch
            state.best = copy_weights(self.model)
        state.epoch += 1
        return judged["neg_elbo"][-1]

    @property
    def weight(self) -> float:
        """Weight of the KL term in the epoch that is under way."""
        warmup = int(self.state.options["warmup"])
        return self.beta * min(1.0, (self.state.epoch + 1) / (warmup + 1))

    def recent(self, since: int) -> tuple[float, float]:
        """Average the training losses of this epoch's batches from `since` on; waits for a GPU.

        Returns
        -------
        reconstruction, kl : float
            Nats per picture; NaN where there is no such batch.
        """
        sums = self._sums[since:]
        rows = min(self.batch_size * len(self._sums), len(self.train)) - since * self.batch_size
        if not sums:
            return math.nan, math.nan
        reconstruction, kl, *_ = torch.stack(sums).sum(dim=0).tolist()
        return reconstruction / rows, kl / rows

    def _check(self, batch: int) -> None:
        first = max(batch + 1 - self.look_every, 0)
        losses = torch.stack(self._sums[first:])[:, -1].tolist()
        for place, loss in enumerate(losses, first + 1):
            if not math.isfinite(loss):
                raise FloatingPointError(
                    f"The loss became {loss} in epoch {self.state.epoch + 1}, batch {place}; "
                    "the best weights so far are back in the model. Try a smaller lr."
                )

    def _set_rate(self, batch: int) -> None:
        options = self.state.options
        rate = float(options["lr"])
        if options["schedule"] == "cosine":
            rate *= 0.5 * (1 + math.cos(math.pi * self._progress(batch)))
        for group in self.optimiser.param_groups:
            group["lr"] = rate

    def _progress(self, batch: int) -> float:
        """Tell the share of the training that is done, in [0, 1)."""
        return (self.state.epoch + batch / self.steps) / float(self.state.options["epochs"])

    def _loss(self, terms: Any, weight: float, progress: float) -> Tensor:  # noqa: ANN401 - any model's own
        if self._objective is not None:
            return self._objective(terms, weight, progress)
        loss: Tensor = terms.reconstruction + weight * terms.kl
        return loss

    def _goal(self, terms: Any) -> Tensor:  # noqa: ANN401 - any model's own
        """Sum a model's own objective as it will be at the end, so that epochs can be compared."""
        if self._objective is None:
            return torch.zeros((), device=self.device)
        with torch.no_grad():
            return self._objective(terms, self.beta, 1.0).sum()

    def _bring(self, pictures: Tensor) -> Tensor:
        return to_unit(pictures.to(self.device)).to(self._dtype)

    def _known(self, part: int, rows: Tensor) -> dict[str, Tensor]:
        return {} if self.targets is None else {"targets": self.targets[part][rows].to(self.device)}

    def _elbo(self, x: Tensor, generator: torch.Generator, known: dict[str, Tensor]) -> Any:  # noqa: ANN401 - any model's own
        coarse = self.state.options["precision"] == "bfloat16"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=coarse):
            if self._takes_generator:
                return self._bound(x, generator=generator, **known)
            # A model that draws from the global generator gets a seed, and leaves no trace there.
            with torch.random.fork_rng():
                torch.manual_seed(int(torch.randint(2**62, (), generator=generator)))
                return self._bound(x, **known)

    @torch.no_grad()
    def _evaluate(self) -> list[Tensor]:
        self.model.eval()
        # The same draws every epoch, so that epochs differ by their weights alone.
        generator = torch.Generator().manual_seed(int(self.state.options["seed"]))
        sums = []
        for rows in torch.split(torch.arange(len(self.held_out)), self.batch_size):
            x = self._bring(self.held_out[rows])
            terms = self._elbo(x, generator, self._known(1, rows))
            sums.append(torch.stack([*_sums(terms), self._goal(terms)]))
        return sums


def _sums(terms: Any) -> tuple[Tensor, Tensor]:  # noqa: ANN401 - any model's own
    return terms.reconstruction.sum(), terms.kl.sum()


def _note(curves: dict[str, list[float]], sums: list[Tensor], rows: int) -> float:
    """Add an epoch to the curves, and give its mean objective."""
    # One way to the CPU for all batches, and there in double precision.
    totals = torch.stack(sums).cpu().double().sum(dim=0) / rows
    reconstruction, kl, goal, *_ = totals.tolist()
    for term, value in zip(TERMS, (reconstruction, kl, reconstruction + kl), strict=True):
        curves[term].append(value)
    return float(goal)
