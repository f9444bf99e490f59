"""What every recipe does: train on a CPU, round to float16, begin a model card."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from latent_widgets.models.checkpoint import load_checkpoint, save_checkpoint
from latent_widgets.models.epochs import Augment
from latent_widgets.models.history import History
from latent_widgets.models.measure import multiply_adds
from latent_widgets.models.training import fit

DATE = "2026-11-20"
CONVOLUTIONS = (
    "stride-2 convolutions, batch normalisation and SiLU down, dense layers with SiLU on either "
    "side of z, nearest-neighbour upsampling and convolutions up"
)
Model = TypeVar("Model", bound=nn.Module)


@dataclass(frozen=True)
class Job:
    """One run of a recipe.

    Attributes
    ----------
    out : Path
        The space file to write.
    data : Path or None
        What to train on, for recipes that do not draw it themselves.
    epochs : int or None
        Instead of the recipe's own.
    state : Path or None
        Training state to keep, and to continue from.
    rows : int or None
        How many rows to draw, for recipes that draw; by default the recipe's own.
    """

    out: Path
    data: Path | None = None
    epochs: int | None = None
    state: Path | None = None
    rows: int | None = None


def train(
    model: nn.Module,
    images: Tensor,
    recipe: Mapping[str, Any],
    state: Path | None,
    *,
    augment: Augment | None = None,
    targets: Tensor | None = None,
    validation: float | Tensor | ArrayLike | None = None,
) -> History:
    """Fit a model on the CPU, continuing from `state` where that file exists.

    What to validate on, if not a share of `images`, is given as `validation`.
    """
    # On a CPU this memory layout halves the time of a training step.
    model.to(memory_format=torch.channels_last)
    options = dict(recipe)
    if validation is not None:
        options["validation"] = validation
    return fit(
        model,
        images,
        targets=targets,
        checkpoint=state,
        resume=True,
        device="cpu",
        augment=augment,
        progress=False,
        **options,
    )


def rounded(model: Model, out: Path) -> Model:
    """Write a model and read it back, so that what is measured is what is shipped."""
    save_checkpoint(out, model)
    again = load_checkpoint(out).model
    if not isinstance(again, type(model)):
        raise TypeError(f"{out} holds no {type(model).__name__}.")
    return again


def begin_card(
    name: str,
    model: Any,  # noqa: ANN401 - of one of FAMILIES
    recipe: Mapping[str, Any],
    history: History | None = None,
    architecture: str = f"convolutional Gaussian VAE: {CONVOLUTIONS}",
) -> dict[str, Any]:
    """Begin a model card with what every trained model has."""
    parts = {
        part: sum(p.numel() for p in getattr(model, part).parameters())
        for part in ("encoder", "decoder")
        if hasattr(model, part)
    }
    training = {**recipe, "weights": "float16"}
    if history is not None:
        training["best_epoch"] = history.best_epoch + 1
    return {
        "name": name,
        "date": DATE,
        "architecture": architecture,
        "config": model.config,
        "parameters": parts,
        "decoder_multiply_adds": multiply_adds(model),
        "training": training,
    }
