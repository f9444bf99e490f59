"""Fit a model to pictures: reproducible, interruptible, resumable to the bit."""

import sys
from collections.abc import Callable
from pathlib import Path

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from tqdm.auto import tqdm

from latent_widgets.models.device import pick_device
from latent_widgets.models.epochs import Augment, Epochs, Stop
from latent_widgets.models.history import History
from latent_widgets.models.options import check_options
from latent_widgets.models.pictures import compact
from latent_widgets.models.resume import TrainingState, copy_weights, load_state, save_state


def fit(
    model: nn.Module,
    images: Tensor | ArrayLike,
    *,
    targets: Tensor | None = None,
    validation: float | Tensor | ArrayLike = 0.1,
    epochs: int = 20,
    batch_size: int = 128,
    lr: float = 1e-3,
    schedule: str = "cosine",
    beta: float | None = None,
    warmup: int = 0,
    precision: str = "float32",
    augment: Augment | None = None,
    seed: int = 0,
    patience: int | None = None,
    device: str | torch.device = "auto",
    checkpoint: str | Path | None = None,
    resume: bool = False,
    progress: bool = True,
    callback: Callable[[int, History], object] | None = None,
    stop: Stop | None = None,
) -> History:
    """Train a model in place and leave its best weights in it, in eval mode.

    Parameters
    ----------
    model : Module
        Anything with ``elbo(x)`` that returns per-picture ``reconstruction`` and ``kl``
        in nats; it is given ``generator=`` where it takes one.
    images : Tensor or array, shape (n, C, H, W), (n, H, W) or (n, H, W, C)
        uint8 from 0 to 255, or floating point in [0, 1].
    targets : Tensor, shape (n, ...), optional
        What is known of every picture, for a model whose ``elbo`` takes ``targets=``.
    validation : float, or pictures like `images`
        A share in [0, 1) of `images` to set aside, or pictures of their own. With 0
        the training loss itself chooses the best weights.
    epochs, batch_size : int
        Passes over the training pictures, and pictures per step; at least 1 each.
    lr : float
        Learning rate of Adam, above 0.
    schedule : {"cosine", "constant"}
        Whether the learning rate falls to zero along half a cosine over the epochs.
    beta : float, optional
        Weight of the KL term, at least 0; by default the model's own `beta`, else 1.
    warmup : int
        Epochs over which that weight rises linearly to its value.
    precision : {"float32", "bfloat16"}
        What layers compute in; weights stay float32. "bfloat16" is faster on recent
        processors and GPUs, and a little noisier.
    augment : callable, optional
        ``augment(x, generator)`` returns a changed training batch; x is (n, C, H, W)
        in [0, 1].
    seed : int
        The same seed, data, machine and thread count give the same weights. The global
        random state is left as it was.
    patience : int, optional
        Stop after this many epochs without a better validation loss.
    device : str or torch.device
        "auto" takes CUDA, then MPS, then the CPU. The model stays there.
    checkpoint : path, optional
        Where the training state is kept after every epoch: a safetensors file, whatever
        its name.
    resume : bool
        Continue from `checkpoint` where it exists, exactly as if never stopped. What
        patience, or a callback that is given again, has ended stays ended.
    progress : bool
        Whether to show one progress bar.
    callback : callable, optional
        ``callback(epoch, history)`` after every epoch; a true answer ends training. One that
        has a method ``before_batch(run, batch)``, such as a `TrainingMonitor`, is asked before
        every batch too, and training waits for its answer; a true one stops it there. Its
        ``ended(history, error)``, where it has one, is told of the end, whatever that was.
    stop : Stop, optional
        Asked before every batch, for instance a `threading.Event` of another thread.

    Returns
    -------
    History
        Losses by epoch. ``history.stopped`` says why training ended; an interrupt
        ends it quietly, and what was finished counts.

    Raises
    ------
    TypeError
        When the model has no ``elbo``.
    ValueError
        When pictures or options cannot be used, or `checkpoint` is of another run.
    FloatingPointError
        When the loss is no longer finite; the best weights so far are put back.
    """
    weight = check_options(
        model,
        epochs=epochs,
        batch_size=batch_size,
        lr=lr,
        schedule=schedule,
        beta=beta,
        warmup=warmup,
        precision=precision,
    )
    train, held_out, known = _split(compact(images), targets, validation, seed)
    target = pick_device(device)
    model.to(target)
    options: dict[str, float | str] = {
        "rows": len(train),
        "held_out": len(held_out),
        "epochs": epochs,
        "batch_size": batch_size,
        "lr": lr,
        "schedule": schedule,
        "beta": weight,
        "warmup": warmup,
        "precision": precision,
        "seed": seed,
    }
    state = TrainingState(options, torch.Generator().manual_seed(seed), copy_weights(model))
    watch = getattr(callback, "before_batch", None)
    run = Epochs(model, train, held_out, state, target, known, augment, stop, watch)

    def keep() -> None:
        if checkpoint is not None:
            save_state(checkpoint, state, model, run.optimiser)

    if resume and checkpoint is not None and Path(checkpoint).exists():
        load_state(checkpoint, state, model, run.optimiser)
    else:
        keep()
    history = state.history
    bar = tqdm(
        total=epochs * run.steps,
        initial=state.epoch * run.steps,
        disable=not progress,
        unit="batch",
    )
    try:
        _train(run, bar, patience, callback, keep)
        history.stopped = history.stopped or "finished"
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    finally:
        bar.close()
        model.load_state_dict(state.best)
        model.eval()
        if watch is not None:
            getattr(callback, "ended", lambda *_: None)(history, sys.exception())
    return history


def _train(
    run: Epochs,
    bar: tqdm,
    patience: int | None,
    callback: Callable[[int, History], object] | None,
    keep: Callable[[], None],
) -> None:
    state, history, epochs = run.state, run.state.history, int(run.state.options["epochs"])
    if callback is None:
        history.stopped = ""
    # Asked of the history, so that a resumed run answers as an uninterrupted one did.
    if not history.stopped and _is_over(state, patience):
        history.stopped = "patience"
    while state.epoch < epochs and not history.stopped:
        epoch = state.epoch
        loss = run.step_through(bar)
        bar.set_postfix(neg_elbo=f"{loss:.2f}")
        keep()
        if _is_over(state, patience):
            history.stopped = "patience"
        if callback is not None and callback(epoch, history):
            history.stopped = "callback"
            keep()


def _is_over(state: TrainingState, patience: int | None) -> bool:
    waited = state.epoch - 1 - state.history.best_epoch
    return patience is not None and state.epoch > 0 and waited >= patience


def split_rows(n: int, validation: float, seed: int) -> tuple[Tensor, Tensor]:
    """Choose which of n pictures are trained on and which are set aside, as `fit` does.

    Returns
    -------
    train, held_out : Tensor
        Row ids, in random order.

    Raises
    ------
    ValueError
        When none would be left to train on.
    """
    count = round(n * validation)
    if count >= n:
        raise ValueError(f"{n} pictures leave none to train on.")
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    return order[count:], order[:count]


def _split(
    pictures: Tensor, targets: Tensor | None, validation: float | Tensor | ArrayLike, seed: int
) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor] | None]:
    if targets is not None and len(targets) != len(pictures):
        raise ValueError(f"There are {len(targets)} targets for {len(pictures)} pictures.")
    if not isinstance(validation, int | float):
        if targets is not None:
            raise ValueError("With targets, validation must be a share of the pictures.")
        held_out = compact(validation, "validation")
        if held_out.shape[1:] != pictures.shape[1:]:
            raise ValueError(
                f"Validation pictures are {tuple(held_out.shape[1:])} each, "
                f"training pictures {tuple(pictures.shape[1:])}."
            )
        return pictures, held_out, None
    if not 0 <= validation < 1:
        raise ValueError(f"validation must be a share in [0, 1) or pictures, got {validation}.")
    old, new = split_rows(len(pictures), validation, seed)
    known = None if targets is None else (targets[old], targets[new])
    return pictures[old], pictures[new], known
