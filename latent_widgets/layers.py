"""Decoders that take another latent from some layer on.

A model exposes its layers in one of two ways, beside `decode`:

- `n_layers`, a whole number, and `mix(za, zb, layer)`, which returns pictures as `decode` does,
  made with the latents `za` (n, d) before layer `layer` and with `zb` (n, d) from it on;
- `decode_layers`, a sequence of callables `(x, z) -> x` of which the first is given None as x and
  the last returns the pictures, as in StyleGAN's synthesis (Karras, Laine and Aila, 2019).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from latent_widgets.counts import whole
from latent_widgets.models.adapters import as_images

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace


def count_layers(space: LatentSpace) -> int:
    """Count the layers that the decoder of a space exposes; 0 where it does not.

    Parameters
    ----------
    space
        The space.
    """
    inner = space._model.inner  # noqa: SLF001 - the decoder is asked for more than pictures
    if callable(getattr(inner, "mix", None)):
        return max(int(getattr(inner, "n_layers", 0)), 0)
    layers = getattr(inner, "decode_layers", None)
    return len(layers) if isinstance(layers, Sequence | torch.nn.ModuleList) else 0


def check_layer(space: LatentSpace, layer: Any) -> int:  # noqa: ANN401 - anything may be given
    """Check from which layer on another latent is taken.

    Parameters
    ----------
    space
        Whose decoder it is.
    layer
        A whole number from 1 to one less than there are.

    Returns
    -------
    int
        The number.

    Raises
    ------
    ValueError
        If the decoder exposes no layers, or it is none of them.
    """
    count = count_layers(space)
    if count < 2:
        raise ValueError(
            "layer must be None: this decoder exposes no layers, by `mix` or `decode_layers`"
        )
    found = whole("layer", layer, 1)
    if found >= count:
        raise ValueError(f"layer must be a whole number from 1 to {count - 1}, got {found}")
    return found


def mix_layers(space: LatentSpace, za: Tensor, zb: Tensor, layer: int) -> Tensor:
    """Decode with one latent up to a layer, and with another from it on.

    Parameters
    ----------
    space
        Whose decoder it is.
    za
        (n, d) latents of the first layers, the coarse ones.
    zb
        (n, d) latents of the rest.
    layer
        The first that takes `zb`, from 1.

    Returns
    -------
    torch.Tensor
        (n, C, H, W) float32 in [0, 1].

    Raises
    ------
    ValueError
        If the decoder exposes no such layer, or gives NaN or infinity.
    """
    layer = check_layer(space, layer)
    model = space._model  # noqa: SLF001 - the decoder is asked for more than pictures
    dim = za.shape[1]

    def work(both: Tensor) -> Tensor:
        first, second = (model._shaped(part) for part in (both[:, :dim], both[:, dim:]))  # noqa: SLF001
        pictures = as_images(_run(model.inner, first, second, layer), space.image_shape)
        if not torch.isfinite(pictures).all():
            raise ValueError("the decoder must return finite pixels, got NaN or infinity")
        return pictures.to(both.device, torch.float32).clamp(0, 1)

    parts = model._in_parts(work, torch.cat([za, zb], dim=1))  # noqa: SLF001 - one at a time
    return torch.cat(parts)


def _run(inner: Any, za: Tensor, zb: Tensor, layer: int) -> Any:  # noqa: ANN401 - a user's model
    if callable(getattr(inner, "mix", None)):
        return inner.mix(za, zb, layer)
    x = None
    for i, one in enumerate(inner.decode_layers):
        x = one(x, za if i < layer else zb)
    return x
