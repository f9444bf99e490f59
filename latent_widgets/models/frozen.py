"""A private, frozen copy of a user's model: what every picture is decoded with."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor

from latent_widgets.failure import out_of_memory
from latent_widgets.models.adapters import as_images, read_posterior
from latent_widgets.models.posteriors import Posterior
from latent_widgets.models.twin import twin_of

Part = TypeVar("Part")


class FrozenModel:
    """An eval-mode copy of a model on one device, safe to call from any thread.

    The copy is taken once: training or editing the original afterwards changes no picture.
    Its weights and what it is given are float32, whatever the original's are.

    Parameters
    ----------
    model
        Anything with `encode`, `decode` or both; None for neither. A `torch.nn.Module` is
        deep-copied, and so are the modules that any other object keeps.
    device
        Where the copy lives.

    Attributes
    ----------
    latent_shape : tuple of int or None
        What `decode` takes for one picture, where that has several axes: as the first `encode`
        gave it, else as the model's own `latent_shape` says.

    Raises
    ------
    TypeError
        If the model has neither `encode` nor `decode`, or cannot be copied.
    """

    def __init__(self, model: object, device: torch.device) -> None:
        self.device = device
        self.has_encode = callable(getattr(model, "encode", None))
        self.has_decode = callable(getattr(model, "decode", None))
        if model is not None and not (self.has_encode or self.has_decode):
            raise TypeError(
                f"model must have an encode or a decode method, got {type(model).__name__} "
                "which has neither"
            )
        self._model: Any = twin_of(model, device)
        self._lock = threading.Lock()
        self._encoded = self._flat_input = False
        self.latent_shape = _sides(getattr(model, "latent_shape", None))

    @property
    def inner(self) -> Any:  # noqa: ANN401 - a user's model
        """The frozen copy itself, for those who read or copy it; calling it takes no lock."""
        return self._model

    @property
    def latent_dim(self) -> int | None:
        """d, where the model itself tells it."""
        if self.latent_shape is not None:
            return math.prod(self.latent_shape)
        dim = _sides((getattr(self._model, "latent_dim", None),))
        return None if dim is None else dim[0]

    def encode(self, x: Tensor) -> Posterior:
        """Encode pictures; a batch that does not fit in memory is halved until it does.

        Parameters
        ----------
        x
            (n, C, H, W) float tensor in [0, 1], any device.

        Returns
        -------
        Posterior
            Mean and log variance, (n, d) float32 on `device`; logvar is None for a plain
            autoencoder.

        Raises
        ------
        TypeError
            If the model has no `encode`, or it returned something unknown.
        ValueError
            If it returned NaN, infinity or another number of rows.
        torch.OutOfMemoryError
            If even one picture does not fit.
        """
        if not self.has_encode:
            raise TypeError("this space has no encode, so it takes no pictures")
        parts = self._in_parts(self._encode, x)
        logvars = [part.logvar for part in parts if part.logvar is not None]
        return Posterior(
            torch.cat([part.mean for part in parts]), torch.cat(logvars) if logvars else None
        )

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
            raise TypeError("this space has no decode, so it has no pictures to show")
        parts = self._in_parts(lambda rows: self._decode(rows, image_shape), z)
        # A single part is not joined: that would need the memory twice.
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def differentiable(self, z: Tensor, image_shape: tuple[int, int, int] | None = None) -> Tensor:
        """Decode latents so that torch can differentiate the pictures by them.

        Parameters
        ----------
        z
            (n, d) float tensor, any device.
        image_shape
            (C, H, W), needed only when the model returns flat rows.

        Returns
        -------
        torch.Tensor
            (n, C, H, W) float32 on `device`, not clamped to [0, 1].

        Raises
        ------
        TypeError
            If the model has no `decode`, or one that torch cannot differentiate.
        """
        if not self.has_decode:
            raise TypeError("this space has no decode, so it has no pictures to differentiate")
        given = z.to(self.device, torch.float32)
        with self._lock:
            pictures = as_images(self._model.decode(self._shaped(given)), image_shape)
        if given.requires_grad and not pictures.requires_grad:
            raise TypeError("this needs a decode that torch can differentiate, which this is not")
        return pictures.to(self.device, torch.float32)

    def _encode(self, x: Tensor) -> Posterior:
        found = read_posterior(self._ask_encoder(x))
        if len(found.mean) != len(x):
            raise ValueError(f"encode must return {len(x)} rows, got {len(found.mean)}")
        if not self._encoded:
            self.latent_shape, self._encoded = tuple(found.mean.shape[1:]), True
        return Posterior(
            self._rows(found.mean), None if found.logvar is None else self._rows(found.logvar)
        )

    def _ask_encoder(self, x: Tensor) -> object:
        if self._flat_input:
            return self._model.encode(x.flatten(1))
        try:
            return self._model.encode(x)
        except (RuntimeError, ValueError) as error:
            if self._encoded or out_of_memory(error):
                raise
            # Many a textbook model begins with a dense layer and takes rows of pixels.
            try:
                found = self._model.encode(x.flatten(1))
            except (RuntimeError, ValueError):
                raise error from None
        self._flat_input = True
        return found

    def _rows(self, part: Tensor) -> Tensor:
        rows = part.flatten(1).to(self.device, torch.float32)
        if not torch.isfinite(rows).all():
            raise ValueError("encode must return finite numbers, got NaN or infinity")
        return rows

    def _decode(self, z: Tensor, image_shape: tuple[int, int, int] | None) -> Tensor:
        decoded = self._model.decode(self._shaped(z))
        pictures = as_images(decoded, image_shape).to(self.device, torch.float32)
        if len(pictures) != len(z):
            raise TypeError(f"decode must return {len(z)} pictures, got {len(pictures)}")
        if not torch.isfinite(pictures).all():
            raise ValueError("decode must return finite pixels, got NaN or infinity")
        return pictures.clamp(0, 1)

    def _shaped(self, z: Tensor) -> Tensor:
        """Give latents the axes that `decode` takes."""
        if self.latent_shape is not None and math.prod(self.latent_shape) == z.shape[1]:
            return z.reshape(-1, *self.latent_shape)
        return z

    def _in_parts(self, work: Callable[[Tensor], Part], rows: Tensor) -> list[Part]:
        try:
            with self._lock, torch.inference_mode():
                return [work(rows.to(self.device, torch.float32))]
        except (RuntimeError, MemoryError) as error:
            if len(rows) < 2 or not out_of_memory(error):
                raise
        # Outside the handler: a live traceback would keep the failed batch's tensors.
        half = len(rows) // 2
        return [*self._in_parts(work, rows[:half]), *self._in_parts(work, rows[half:])]


def _sides(shape: Any) -> tuple[int, ...] | None:  # noqa: ANN401 - whatever a model calls so
    if not isinstance(shape, tuple | list) or not shape:
        return None
    if not all(isinstance(side, int) and side > 0 for side in shape):
        return None
    return tuple(shape)
