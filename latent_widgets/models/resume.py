"""The file a training is continued from: safetensors, so that nothing in it is executed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import Tensor, nn

from latent_widgets.models.header import DTYPES, KEY, expect, read_document, read_tensors
from latent_widgets.models.history import TERMS, History

FORMAT = "latent_widgets training 2"
# Four sets of weights, and room for histories and names.
SETS, ROOM = 4, 1 << 24
# The buffers of a user's model may be of types that a space file has no use for.
STORED = (*DTYPES, "BOOL", "C64")
MOMENTS = ("exp_avg", "exp_avg_sq")


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
    path: str | Path, state: TrainingState, model: nn.Module, optimiser: torch.optim.Adam
) -> None:
    """Write a training state in one step, so that an interrupt leaves the old or the new file."""
    history = state.history
    tensors = {f"model.{name}": value for name, value in copy_weights(model).items()}
    tensors |= {f"best.{name}": value for name, value in state.best.items()}
    for place, moments in optimiser.state_dict()["state"].items():
        tensors |= {f"adam.{place}.{name}": value for name, value in moments.items()}
    for part in ("train", "validation"):
        for term, values in getattr(history, part).items():
            tensors[f"{part}.{term}"] = torch.tensor(values, dtype=torch.float64)
    # As a tensor, since it may be infinite and JSON knows no such number.
    tensors["objective"] = torch.tensor(history.best, dtype=torch.float64)
    tensors["generator"] = state.generator.get_state()
    document = {
        "format": FORMAT,
        "options": state.options,
        "epoch": state.epoch,
        "best_epoch": history.best_epoch,
        "stopped": history.stopped,
    }
    data = safetensors.torch.save(
        {name: value.detach().cpu().contiguous() for name, value in tensors.items()},
        {KEY: json.dumps(document, allow_nan=False)},
    )
    path = Path(path)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(data)
    partial.replace(path)


def load_state(
    path: str | Path, state: TrainingState, model: nn.Module, optimiser: torch.optim.Adam
) -> None:
    """Read a training state into `state`, `model` and `optimiser`: all of it or nothing.

    Raises
    ------
    ValueError
        When the file is no training state, is damaged, or is one of a run with other
        options or of another model; nothing has changed then.
    """
    where, weights = str(path), model.state_dict()
    size = sum(value.numel() * value.element_size() for value in weights.values())
    data, document = read_document(Path(path), SETS * size + ROOM, ROOM)
    if document.get("format") != FORMAT:
        raise ValueError(
            f"{where} is not a training state that this version reads: its format is "
            f"{document.get('format')!r}, not {FORMAT!r}; delete it to start anew."
        )
    _check_options(expect(document, "options", dict, where), state.options, where)
    tensors = read_tensors(data, where, STORED)
    now = _take_weights(tensors, "model.", weights, where)
    best = _take_weights(tensors, "best.", weights, where)
    adam = _take_moments(tensors, optimiser, where)
    epoch = expect(document, "epoch", int, where)
    history = _take_history(tensors, document, epoch, where)
    if not 0 <= epoch <= float(state.options["epochs"]):
        raise ValueError(f"{where} has {epoch} finished epochs of {state.options['epochs']}.")
    generator = tensors.pop("generator", torch.empty(0))
    try:
        torch.Generator().set_state(generator)
    except (RuntimeError, TypeError) as error:
        raise ValueError(f"{where} has no usable state of the random generator.") from error
    if tensors:
        raise ValueError(f"{where} has tensors to spare: {sorted(tensors)}.")
    model.load_state_dict(now)
    optimiser.load_state_dict(optimiser.state_dict() | {"state": adam})
    state.generator.set_state(generator)
    state.best, state.epoch, state.history = best, epoch, history


def _check_options(theirs: dict[str, Any], ours: Mapping[str, float | str], where: str) -> None:
    changed = [name for name, value in ours.items() if theirs.get(name) != value]
    if changed:
        raise ValueError(
            f"{where} belongs to a run with another "
            + ", ".join(f"{name} ({theirs.get(name)}, now {ours[name]})" for name in changed)
            + "; delete it or choose another checkpoint to start anew."
        )


def _take_weights(
    tensors: dict[str, Tensor], prefix: str, needed: Mapping[str, Tensor], where: str
) -> dict[str, Tensor]:
    names = [name for name in tensors if name.startswith(prefix)]
    found = {name.removeprefix(prefix): tensors.pop(name) for name in names}
    if found.keys() != needed.keys():
        differing = sorted(found.keys() ^ needed.keys())
        raise ValueError(f"{where} belongs to another model: {prefix[:-1]} differs in {differing}.")
    for name, value in found.items():
        _check(f"{prefix}{name}", value, needed[name], where)
    return {name: found[name] for name in needed}


def _take_moments(
    tensors: dict[str, Tensor], optimiser: torch.optim.Adam, where: str
) -> dict[int, dict[str, Tensor]]:
    """Take what Adam knows of each parameter; of one that had no gradient, nothing."""
    found = {}
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    for place, parameter in enumerate(parameters):
        like = dict.fromkeys(MOMENTS, parameter) | {"step": torch.tensor(0.0)}
        held = {
            name: tensors.pop(f"adam.{place}.{name}")
            for name in like
            if f"adam.{place}.{name}" in tensors
        }
        if held and held.keys() != like.keys():
            raise ValueError(f"{where} has half of what Adam knows of parameter {place}.")
        for name, value in held.items():
            _check(f"adam.{place}.{name}", value, like[name], where)
            # In the parameter's own memory layout, without which sums may round otherwise.
            held[name] = torch.empty_like(like[name], device="cpu").copy_(value)
        if held:
            found[place] = held
    return found


def _take_history(
    tensors: dict[str, Tensor], document: dict[str, Any], epoch: int, where: str
) -> History:
    history = History(
        best_epoch=expect(document, "best_epoch", int, where),
        stopped=expect(document, "stopped", str, where),
    )
    empty = torch.empty(0)
    for part, lengths in (("train", {epoch}), ("validation", {0, epoch})):
        curves = [tensors.pop(f"{part}.{term}", empty) for term in TERMS]
        shapes = {tuple(curve.shape) for curve in curves}
        if len(shapes) > 1 or not shapes <= {(length,) for length in lengths}:
            raise ValueError(f"{where} has {part} losses that are not {epoch} epochs long.")
        for term, curve in zip(TERMS, curves, strict=True):
            getattr(history, part)[term] = curve.double().tolist()
    objective = tensors.pop("objective", empty)
    if objective.ndim or objective.dtype != torch.float64 or objective.isnan():
        raise ValueError(f"{where} has no best loss.")
    history.best = objective.item()
    if not -1 <= history.best_epoch < max(epoch, 0) or history.stopped not in ("", "callback"):
        raise ValueError(
            f"{where} has its best epoch at {history.best_epoch} of {epoch} "
            f"and stopped for {history.stopped!r}."
        )
    return history


def _check(name: str, value: Tensor, like: Tensor, where: str) -> None:
    if value.shape != like.shape or value.dtype != like.dtype:
        raise ValueError(
            f"{where} belongs to another model: {name} is {value.dtype} of shape "
            f"{tuple(value.shape)}, not {like.dtype} of shape {tuple(like.shape)}."
        )
    # An infinity may be meant, as in the mask of an attention; NaN never is.
    if value.isnan().any():
        raise ValueError(f"{where} has NaN in {name}.")
