"""The first layer that a decoder puts a latent through, as a matrix."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from latent_widgets.analysis.rows import Floats

_LAYERS = (nn.Linear, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)


def first_layer(model: Any, z: npt.ArrayLike) -> tuple[str, Floats]:  # noqa: ANN401
    """Find the first affine layer that a decoder puts a latent through.

    Parameters
    ----------
    model
        A torch module with `decode`.
    z
        (d,) any latent.

    Returns
    -------
    name : str
        Of the layer.
    weight : numpy.ndarray
        (out, d) float64 matrix A.

    Raises
    ------
    TypeError
        If there is none.
    """
    if not isinstance(model, nn.Module) or not callable(getattr(model, "decode", None)):
        raise TypeError(f"model must be a torch module with decode, got {type(model).__name__}")
    # In float32 a model of any floating type can be shown a latent.
    twin: Any = copy.deepcopy(model).eval().float()
    first = next(twin.parameters(), torch.zeros(0))
    latent = torch.as_tensor(np.asarray(z), dtype=torch.float32, device=first.device)[None]
    d, met = latent.shape[1], []

    def meet(name: str) -> Callable[..., None]:
        return lambda layer, given: met.append((name, layer, given[0].numel()))

    for name, layer in twin.named_modules():
        if isinstance(layer, (*_LAYERS, nn.Conv1d, nn.Conv2d, nn.Conv3d)):
            layer.register_forward_pre_hook(meet(name))
    try:
        with torch.no_grad():
            twin.decode(latent)
    except (RuntimeError, ValueError):
        met = []
    name, layer, numbers = met[0] if met else ("", None, 0)
    weight = getattr(layer, "weight", None)
    takes = weight is not None and isinstance(layer, _LAYERS) and numbers == d
    if weight is None or not takes or getattr(layer, "groups", 1) != 1:
        raise TypeError(
            f"model must begin with a layer that is a matrix of the {d} latent numbers for this "
            "method, which its decoder does not"
        )
    matrix = weight.detach().cpu().double().numpy()
    # A transposed convolution of one pixel is a matrix too, with its inputs first.
    matrix = matrix if isinstance(layer, nn.Linear) else matrix.reshape(len(matrix), -1).T
    if matrix.shape[1] != d:
        raise TypeError(f"model's first layer must take {d} numbers, got {matrix.shape[1]}")
    return name, np.asarray(matrix)
