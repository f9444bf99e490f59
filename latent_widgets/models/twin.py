"""A private copy of somebody's model."""

from __future__ import annotations

import copy
from types import MethodType, ModuleType
from typing import Any

import torch
from torch import nn

from latent_widgets.failure import out_of_memory


def twin_of(model: object, device: torch.device) -> object:
    """Copy a module, or an object together with the modules it keeps; leave the rest alone.

    Parameters
    ----------
    model
        Any object. Modules inside its lists, or that its functions close over, are not found.
    device
        Where the copied modules live.

    Returns
    -------
    object
        A copy whose modules are frozen, in eval mode and float32; `model` itself when it keeps
        no module.

    Raises
    ------
    TypeError
        If it cannot be copied.
    """
    try:
        return _twin(model, device)
    except Exception as error:  # whatever copying somebody's object raises
        if out_of_memory(error):
            raise
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise TypeError(
            f"model must allow a deep copy, got {type(model).__name__} that cannot be copied: "
            f"{reason}"
        ) from error


def _twin(model: object, device: torch.device) -> object:
    # One memory for all copies: what two modules share, their copies share.
    known: dict[int, Any] = {}
    if isinstance(model, nn.Module):
        return _freeze(copy.deepcopy(model, known), device)
    kept = _kept(model)
    if not any(isinstance(_owner(item), nn.Module) for item in kept.values()):
        return model
    outside = known[id(model)] = copy.copy(model)
    for name, item in kept.items():
        owner = _owner(item)
        if isinstance(owner, nn.Module):
            _freeze(copy.deepcopy(owner, known), device)
        if isinstance(owner, nn.Module) or owner is model:
            vars(outside)[name] = copy.deepcopy(item, known)
    return outside


def _kept(model: object) -> dict[str, object]:
    if isinstance(model, type | ModuleType):
        return {}
    kept: dict[str, object] = {}
    for kind in reversed(type(model).__mro__):
        kept |= vars(kind)
    return kept | getattr(model, "__dict__", {})


def _owner(item: object) -> object:
    """`decode = vae.decode` keeps a module too: the one the method is bound to."""
    return item.__self__ if isinstance(item, MethodType) else item


def _freeze(module: nn.Module, device: torch.device) -> nn.Module:
    return module.float().to(device).eval().requires_grad_(requires_grad=False)
