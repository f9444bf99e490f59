"""Train a generator against a critic."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from latent_widgets.models.device import pick_device
from latent_widgets.models.duel import Duel, GANHistory
from latent_widgets.models.epochs import Augment
from latent_widgets.models.generator import Generator
from latent_widgets.models.networks import ConvNet
from latent_widgets.models.options import PRECISIONS
from latent_widgets.models.pictures import compact
from latent_widgets.models.resume import copy_weights

SETTLE = 50


def fit_gan(
    generator: Generator,
    images: Tensor | ArrayLike,
    *,
    epochs: int = 50,
    batch_size: int = 64,
    lr: float = 1e-3,
    critic_lr: float | None = None,
    r1: float = 1.0,
    ema: float = 0.999,
    critic_channels: tuple[int, ...] | None = None,
    precision: str = "float32",
    augment: Augment | None = None,
    seed: int = 0,
    device: str | torch.device = "auto",
    checkpoint: str | Path | None = None,
    callback: Callable[[int, GANHistory], object] | None = None,
) -> GANHistory:
    """Train a generator in place, against a critic that is thrown away.

    Parameters
    ----------
    generator : Generator
        Ends with the running average of its weights, in eval mode.
    images : Tensor or array
        As for `fit`.
    epochs, batch_size : int
        Passes over the pictures, and pictures per step; at least 1 each.
    lr : float
        Learning rate of the generator's Adam, above 0; it falls to zero along half a cosine.
    critic_lr : float, optional
        The same of the critic's; by default as large.
    r1 : float
        Weight of the penalty on the critic's slope at real pictures, at least 0.
    ema : float
        Share of the running average that a step keeps, in [0, 1).
    critic_channels : tuple of int, optional
        Feature maps of the critic, see `make_critic`; by default as many as the generator's.
    precision : {"float32", "bfloat16"}
        What layers compute in; weights stay float32.
    augment : callable, optional
        Applied to the real pictures of every batch.
    seed : int
        The same seed, data, machine and thread count give the same generator.
    device : str or torch.device
        "auto" takes CUDA, then MPS, then the CPU.
    checkpoint : path, optional
        Where the training is kept after every epoch, and continued from where that file exists.
    callback : callable, optional
        ``callback(epoch, history)`` after every epoch; a true answer ends training.

    Returns
    -------
    GANHistory
        Curves by epoch. An interrupt ends training quietly, and what was finished counts.

    Raises
    ------
    ValueError
        When pictures or options cannot be used.
    FloatingPointError
        When a loss is no longer finite; the generator is as after the last finished epoch.

    Notes
    -----
    Non-saturating logistic loss (Goodfellow et al., 2014) with the R1 penalty on every eighth
    step (Mescheder et al., 2018; Karras et al., 2020) and an average of the generator's weights.
    """
    _check(epochs=epochs, batch_size=batch_size, lr=lr, r1=r1, ema=ema, precision=precision)
    if critic_lr is not None and not (critic_lr > 0 and math.isfinite(critic_lr)):
        raise ValueError(f"critic_lr must be a finite number above 0, got {critic_lr}.")
    pictures = compact(images)
    if tuple(pictures.shape[1:]) != generator.image_shape:
        raise ValueError(
            f"images must be pictures of {generator.image_shape} as the generator draws, "
            f"got {tuple(pictures.shape[1:])}."
        )
    target = pick_device(device)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        critic = make_critic(generator.image_shape, critic_channels or generator.net.channels)
    duel = Duel(
        generator.to(target).train(),
        critic.to(target),
        r1=r1,
        ema=ema,
        precision=precision,
        seed=seed,
    )
    if checkpoint is not None and Path(checkpoint).exists():
        duel.load(Path(checkpoint))
    history = duel.history
    try:
        for epoch in range(history.epochs, epochs):
            kept = copy_weights(generator)
            duel.step_through(pictures, batch_size, (lr, critic_lr or lr), epochs, augment)
            if checkpoint is not None:
                duel.save(Path(checkpoint))
            if callback is not None and callback(epoch, history):
                break
    except KeyboardInterrupt:
        pass
    except FloatingPointError:
        generator.load_state_dict(kept)
        raise
    finally:
        _settle(generator, batch_size, seed)
    return history


def make_critic(image_shape: Sequence[int], channels: Sequence[int] | None) -> nn.Sequential:
    """Build a critic: stride-2 convolutions and leaky rectifiers, without normalisation.

    Parameters
    ----------
    image_shape : (C, H, W)
        Of the pictures (n, C, H, W) that it gives one number each, (n, 1).
    channels : sequence of int, optional
        Feature maps after each halving of the picture.
    """
    critic = ConvNet(image_shape, channels, norm=False).encoder(1)
    for place, layer in enumerate(critic):
        if isinstance(layer, nn.SiLU):
            # Never flat: where a critic does not answer, a generator learns nothing.
            critic[place] = nn.LeakyReLU(0.2)
    return critic


@torch.no_grad()
def _settle(generator: Generator, batch_size: int, seed: int) -> None:
    """Measure anew what batch normalisation expects: the averaged weights were never run."""
    layers = [layer for layer in generator.modules() if isinstance(layer, nn.BatchNorm2d)]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None
    generator.train()
    source = torch.Generator().manual_seed(seed)
    for _ in range(SETTLE if layers else 0):
        generator(generator.prior(batch_size, source))
    for layer in layers:
        layer.momentum = 0.1
    generator.eval()


def _check(
    *, epochs: int, batch_size: int, lr: float, r1: float, ema: float, precision: str
) -> None:
    if min(epochs, batch_size) < 1:
        raise ValueError(f"epochs and batch_size must be at least 1, got {epochs}, {batch_size}.")
    if not (lr > 0 and math.isfinite(lr) and r1 >= 0 and math.isfinite(r1) and 0 <= ema < 1):
        raise ValueError(
            f"lr must be above 0, r1 at least 0 and ema in [0, 1), got {lr}, {r1} and {ema}."
        )
    if precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {PRECISIONS}, got {precision!r}.")
