"""The file a training is continued from."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from latent_widgets.models.history import History

FORMAT = "latent_widgets training 1"


@dataclass
class TrainingState:
    """Where a training stands between two epochs.

    Attributes
    ----------
    options : dict
        What must be the same for the run to be continued exactly.
    generator : torch.Generator
        The only source of randomness of the run.
    best : dict of str to Tensor
        Best weights so far, on the CPU.
    epoch : int
        Finished epochs.
    history : History
        Losses so far.
    """

    options: dict[str, float | str]
    generator: torch.Generator
    best: dict[str, Tensor]
    epoch: int = 0
    history: History = field(default_factory=History)


def copy_weights(model: nn.Module) -> dict[str, Tensor]:
    """Copy a model's weights to the CPU, so that training on does not change them."""
    return {name: value.detach().cpu().clone() for name, value in model.state_dict().items()}


def save_state(
    path: str | Path, state: TrainingState, model: nn.Module, optimiser: torch.optim.Optimizer
) -> None:
    """Write a training state in one step, so that an interrupt leaves the old or the new file."""
    path = Path(path)
    partial = path.with_name(path.name + ".partial")
    document = {
        "format": FORMAT,
        "options": state.options,
        "epoch": state.epoch,
        "history": dataclasses.asdict(state.history),
        "generator": state.generator.get_state(),
        "best": state.best,
        "model": copy_weights(model),
        "optimiser": optimiser.state_dict(),
    }
    torch.save(document, partial)
    partial.replace(path)


def load_state(
    path: str | Path, state: TrainingState, model: nn.Module, optimiser: torch.optim.Optimizer
) -> None:
    """Read a training state into `state`, `model` and `optimiser`.

    Raises
    ------
    ValueError
        When the file is no training state, or one of a run with other options.
    """
    try:
        document: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        found = document["format"]
    except Exception as error:
        raise ValueError(f"{path} is not a training state: {error}") from error
    if found != FORMAT:
        raise ValueError(f"{path} has format {found!r}; this version reads {FORMAT!r}.")
    theirs = document["options"]
    changed = [name for name, value in state.options.items() if theirs.get(name) != value]
    if changed:
        raise ValueError(
            f"{path} belongs to a run with another "
            + ", ".join(
                f"{name} ({theirs.get(name)}, now {state.options[name]})" for name in changed
            )
            + "; delete it or choose another checkpoint to start anew."
        )
    try:
        model.load_state_dict(document["model"])
    except RuntimeError as error:
        raise ValueError(f"{path} belongs to another model: {error}") from error
    optimiser.load_state_dict(document["optimiser"])
    state.best = document["best"]
    state.epoch = document["epoch"]
    state.history = History(**document["history"])
    state.generator.set_state(document["generator"])
