"""A private, frozen copy of a user's model: what every picture is decoded with."""

from __future__ import annotations

import copy
import threading
from typing import Any

import torch
from torch import Tensor, nn

from latent_widgets.models.adapters import as_images, as_posterior
from latent_widgets.models.posteriors import Posterior


def pick_device(device: str | torch.device = "auto") -> torch.device:
    """Choose where tensors live.

    Parameters
    ----------
    device
        "auto" takes cuda, then mps, then cpu; anything else goes to `torch.device`.

    Returns
    -------
    torch.device
        The device.

    Raises
    ------
    ValueError
        If torch does not know the device or this machine lacks it.
    """
    if device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        chosen = torch.device(device)
        torch.empty(0, device=chosen)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"device must be 'auto' or a device this machine has, got {device!r}: {reason}"
        ) from error
    return chosen


class FrozenModel:
    """An eval-mode copy of a model on one device, safe to call from any thread.

    The copy is taken once: training or editing the original afterwards changes no picture.

    Parameters
    ----------
    model
        Anything with `encode`, `decode` or both; a `torch.nn.Module` is deep-copied.
    device
        Where the copy lives.

    Raises
    ------
    TypeError
        If the model has neither `encode` nor `decode`.
    """

    def __init__(self, model: object, device: torch.device) -> None:
        self.device = device
        self.has_encode = callable(getattr(model, "encode", None))
        self.has_decode = callable(getattr(model, "decode", None))
        if not (self.has_encode or self.has_decode):
            raise TypeError(
                f"model must have an encode or a decode method, got {type(model).__name__} "
                "which has neither"
            )
        self._model: Any = model
        if isinstance(model, nn.Module):
            frozen = copy.deepcopy(model).to(device).eval()
            self._model = frozen.requires_grad_(requires_grad=False)
        self._lock = threading.Lock()

    @property
    def inner(self) -> Any:  # noqa: ANN401 - a user's model
        """The frozen copy itself, for those who read or copy it; calling it takes no lock."""
        return self._model

    def encode(self, x: Tensor) -> Posterior:
        """Encode pictures.

        Parameters
        ----------
        x
            (n, C, H, W) float tensor in [0, 1], any device.

        Returns
        -------
        Posterior
            Mean and log variance, (n, d) on `device`; logvar is None for a plain autoencoder.

        Raises
        ------
        TypeError
            If the model has no `encode`, or it returned something unknown.
        """
        if not self.has_encode:
            raise TypeError("this space has no encode: its model only decodes")
        with self._lock, torch.inference_mode():
            return as_posterior(self._model.encode(x.to(self.device, torch.float32)))

    def decode(self, z: Tensor, image_shape: tuple[int, int, int] | None = None) -> Tensor:
        """Decode latents; a batch that does not fit in memory is halved until it does.

        Parameters
        ----------
        z
            (n, d) float tensor, any device.
        image_shape
            (C, H, W), needed only when the model returns flat rows.

        Returns
        -------
        torch.Tensor
            (n, C, H, W) float32 in [0, 1] on `device`.

        Raises
        ------
        TypeError
            If the model has no `decode`, or it returned no pictures.
        ValueError
            If the pictures hold NaN or infinity.
        torch.OutOfMemoryError
            If even one picture does not fit.
        """
        if not self.has_decode:
            raise TypeError("this space has no decode: its model only encodes")
        z = z.to(self.device, torch.float32)
        try:
            with self._lock, torch.inference_mode():
                pictures = as_images(self._model.decode(z), image_shape).float()
        except torch.OutOfMemoryError:
            if len(z) == 1:
                raise
            pictures = None
        if pictures is None:
            # Outside the handler: a live traceback would keep the failed batch's tensors.
            half = len(z) // 2
            return torch.cat([self.decode(part, image_shape) for part in (z[:half], z[half:])])
        if len(pictures) != len(z):
            raise TypeError(f"decode must return {len(z)} pictures, got {len(pictures)}")
        if not torch.isfinite(pictures).all():
            raise ValueError("decode must return finite pixels, got NaN or infinity")
        return pictures.clamp(0, 1)
