"""What every recipe does: train on a CPU, round to float16, begin a model card."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from latent_widgets.models.checkpoint import load_checkpoint, save_checkpoint
from latent_widgets.models.epochs import Augment
from latent_widgets.models.history import History
from latent_widgets.models.measure import multiply_adds
from latent_widgets.models.training import fit
from latent_widgets.models.vae import VAE

DATE = "2026-11-20"


def train(
    model: nn.Module,
    images: Tensor,
    recipe: Mapping[str, Any],
    state: Path | None,
    *,
    augment: Augment | None = None,
    targets: Tensor | None = None,
) -> History:
    """Fit a model on the CPU, continuing from `state` where that file exists."""
    # On a CPU this memory layout halves the time of a training step.
    model.to(memory_format=torch.channels_last)
    return fit(
        model,
        images,
        targets=targets,
        checkpoint=state,
        resume=True,
        device="cpu",
        augment=augment,
        **recipe,
    )


def rounded(model: VAE, out: Path) -> VAE:
    """Write a model and read it back, so that what is measured is what is shipped."""
    save_checkpoint(out, model)
    again = load_checkpoint(out).model
    if not isinstance(again, VAE):
        raise TypeError(f"{out} holds no VAE.")
    return again


def begin_card(
    name: str, model: VAE, recipe: Mapping[str, Any], history: History
) -> dict[str, Any]:
    """Begin a model card with what every trained model has."""

    def size(part: nn.Module) -> int:
        return sum(p.numel() for p in part.parameters())

    return {
        "name": name,
        "date": DATE,
        "architecture": "convolutional Gaussian VAE: stride-2 convolutions, batch normalisation "
        "and SiLU down, one hidden dense layer on either side of z, nearest-neighbour upsampling "
        "and convolutions up",
        "config": model.config,
        "parameters": {"encoder": size(model.encoder), "decoder": size(model.decoder)},
        "decoder_multiply_adds": multiply_adds(model),
        "training": {**recipe, "best_epoch": history.best_epoch + 1, "weights": "float16"},
    }
