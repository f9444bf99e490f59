"""How a model may be asked to decode, beside plainly."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor, nn

from latent_widgets.backends.graph import RecordedWay
from latent_widgets.models.adapters import as_images
from latent_widgets.models.frozen import FrozenModel

Shape = tuple[int, int, int] | None

# A copy of more would crowd out what the user has there.
_MOST_COPIED = 1_000_000_000
_SHARE_OF_FREE = 4


@dataclass(frozen=True)
class Choice:
    """One combination of what can be chosen; by itself the plain one."""

    model: FrozenModel
    bfloat16: bool = False
    channels_last: bool = False
    graphs: dict[int, RecordedWay] = field(default_factory=dict)
    """By the number of latents they were recorded for."""

    @property
    def differs(self) -> bool:
        """Whether its pictures may differ from the plain ones."""
        return self.bfloat16 or self.channels_last or bool(self.graphs)

    def decode(self, z: Tensor, image_shape: Shape) -> Tensor:
        """Decode (n, d) latents to (n, C, H, W) in [0, 1], float32; raises as `FrozenModel`."""
        graph = self.graphs.get(len(z))
        if graph is None:
            with self._precision():
                return self.model.decode(z, image_shape)
        with torch.inference_mode():
            pictures = graph(z)
            if not torch.isfinite(pictures).all():
                raise ValueError("decode must return finite pixels, got NaN or infinity")
            return pictures

    def on(self, twin: FrozenModel) -> Choice:
        """Decode with a copy whose weights lie channels-last."""
        return replace(self, model=twin, channels_last=True)

    def halved(self) -> Choice:
        """Let torch use bfloat16 where its autocast lists say that it is safe."""
        return replace(self, bfloat16=True)

    def recorded(self, example: Tensor, image_shape: Shape) -> Choice:
        """Add a CUDA graph for as many latents as `example` has; raises if there can be none."""
        graph = RecordedWay(lambda z: self._unchecked(z, image_shape), example)
        return replace(self, graphs={**self.graphs, len(example): graph})

    def facts(self) -> dict[str, Any]:
        """Say what was chosen, see `LocalBackend.facts`."""
        return {
            "precision": "bfloat16" if self.bfloat16 else "float32",
            "layout": "channels-last" if self.channels_last else "given",
            "graph": 1 in self.graphs,
        }

    def _unchecked(self, z: Tensor, image_shape: Shape) -> Tensor:
        """Decode without looking at the numbers, which a recording must not do."""
        axes = self.model.latent_shape
        if axes is not None and math.prod(axes) == z.shape[1]:
            z = z.reshape(-1, *axes)
        with torch.inference_mode(), self._precision():
            pictures = as_images(self.model.inner.decode(z), image_shape)
        return pictures.to(torch.float32).clamp(0, 1)

    @contextlib.contextmanager
    def _precision(self) -> Iterator[None]:
        if not self.bfloat16:
            yield
            return
        # The cache of cast weights lives no longer than one call, and must not be recorded.
        kind = self.model.device.type
        with torch.autocast(kind, dtype=torch.bfloat16, cache_enabled=False):
            yield


def channels_last(model: FrozenModel) -> FrozenModel | None:
    """Copy a model of convolutions, its weights laid out channels-last.

    Parameters
    ----------
    model
        Stays as it is, so that pictures at rest stay the same to the last bit.

    Returns
    -------
    FrozenModel or None
        None when there is no such weight, or no room for a copy.
    """
    weights = [weight for module in _modules(model.inner) for weight in module.parameters()]
    if not any(weight.ndim == 4 for weight in weights):
        return None
    size = sum(weight.numel() * weight.element_size() for weight in weights)
    if size > _MOST_COPIED:
        return None
    if model.device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(model.device)
        if size > free / _SHARE_OF_FREE:
            return None
    twin = FrozenModel(model.inner, model.device)
    twin.latent_shape = model.latent_shape
    for module in _modules(twin.inner):
        module.to(memory_format=torch.channels_last)
    return twin


def may_be_quicker_in_bfloat16(device: torch.device) -> bool:
    """Tell whether a device is worth a try; elsewhere one decode may already take seconds.

    Parameters
    ----------
    device
        Where the model lives.

    Returns
    -------
    bool
        True for GPUs that compute in bfloat16, and for CPUs wide enough to.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    wide = ("AVX512", "SVE")
    return device.type == "cpu" and torch.backends.cpu.get_cpu_capability().startswith(wide)


def _modules(inner: object) -> list[nn.Module]:
    kept = [inner] if isinstance(inner, nn.Module) else getattr(inner, "__dict__", {}).values()
    return [item for item in kept if isinstance(item, nn.Module)]
