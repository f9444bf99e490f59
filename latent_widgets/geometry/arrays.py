"""Tensors or NumPy arrays in, the same kind out."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import numpy as np
import torch
from torch import Tensor

Latents = TypeVar("Latents", bound="Tensor | np.ndarray[Any, Any]")


def tensor(value: Any, device: torch.device | None = None) -> Tensor:  # noqa: ANN401
    """Bring numbers to a floating-point tensor; whole numbers become float64."""
    given = value if isinstance(value, Tensor) else torch.from_numpy(np.array(value, order="C"))
    kind = given.dtype if given.is_floating_point() else torch.float64
    return given.to(device or given.device, kind)


def widen(x: Tensor) -> Tensor:
    """Bring a tensor to float64, on the CPU where its device has none (Apple's)."""
    return x.to("cpu" if x.device.type == "mps" else x.device, torch.float64)


def together(**named: Any) -> list[Tensor]:  # noqa: ANN401
    """Bring latents to one floating type and device, checked to be (..., d) and to broadcast.

    Raises
    ------
    ValueError
        Naming the arguments, if they do not share d or do not broadcast.
    """
    device = next((each.device for each in named.values() if isinstance(each, Tensor)), None)
    given = {name: tensor(value, device) for name, value in named.items()}
    kind = given[next(iter(given))].dtype
    for each in given.values():
        kind = torch.promote_types(kind, each.dtype)
    names, shapes = _list(given), _list(tuple(each.shape) for each in given.values())
    lasts = {each.shape[-1] if each.ndim else None for each in given.values()}
    if len(lasts) > 1 or lasts & {None, 0}:
        raise ValueError(f"{names} must be (..., d) with one dimension d, got shapes {shapes}")
    try:
        np.broadcast_shapes(*(each.shape for each in given.values()))
    except ValueError:
        raise ValueError(f"{names} must broadcast, got shapes {shapes}") from None
    return [each.to(kind) for each in given.values()]


def with_times(a: Any, b: Any, t: Any) -> tuple[Tensor, Tensor, Tensor]:  # noqa: ANN401
    """Bring a, b and t[..., None] to tensors of one floating type and device.

    Raises
    ------
    ValueError
        If a and b differ in d, or a, b and t do not broadcast.
    """
    device = a.device if isinstance(a, Tensor) else None
    start, end = (tensor(each, device) for each in (a, b))
    kind = torch.promote_types(start.dtype, end.dtype)
    time = torch.as_tensor(t, dtype=kind, device=start.device)[..., None]
    if start.ndim == 0 or end.ndim == 0 or start.shape[-1] != end.shape[-1]:
        raise ValueError(
            "a and b must be latents (..., d) of one dimension d, "
            f"got shapes {tuple(start.shape)} and {tuple(end.shape)}"
        )
    try:
        np.broadcast_shapes(start.shape, end.shape, time.shape)
    except ValueError:
        raise ValueError(
            "a (..., d), b (..., d) and t (...) must broadcast, got shapes "
            f"{tuple(start.shape)}, {tuple(end.shape)} and {tuple(time.shape[:-1])}"
        ) from None
    return start.to(kind), end.to(kind), time


def back(result: Tensor, like: Latents) -> Latents:
    """Give a tensor to who brought one, an array to all others."""
    return cast("Latents", result if isinstance(like, Tensor) else result.cpu().numpy())


def _list(items: Any) -> str:  # noqa: ANN401 - an iterable of anything that prints
    *first, last = map(str, items)
    return f"{', '.join(first)} and {last}" if first else last
