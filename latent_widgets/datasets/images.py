"""Pictures from anywhere: tensors, arrays, torchvision datasets, folders."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor

_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}
CHANNELS = (1, 3, 4)


class _Sized(Protocol):
    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Any: ...  # noqa: ANN401 - datasets return anything


class Images:
    """Pictures read row by row, whatever holds them.

    Parameters
    ----------
    source
        One of: a tensor or array (n, C, H, W), (n, H, W, C) or (n, H, W), uint8 or floats in
        [0, 1]; a dataset whose items are pictures or (picture, label) pairs; a folder, read
        in sorted order, whose sub-folders name the labels.

    Attributes
    ----------
    shape : tuple of int
        (C, H, W) of every picture.
    labels : list or None
        What the source itself knows: a dataset's `targets`, a folder's sub-folder names.

    Raises
    ------
    ValueError
        If there is no picture, or a picture is no uint8 and not within [0, 1].
    TypeError
        If the source is of no known kind.
    """

    def __init__(self, source: object) -> None:
        self.labels: Sequence[object] | None = None
        self._rows: _Sized
        if isinstance(source, Tensor | np.ndarray):
            self._rows = _channels_first(_tensor(source, "images"), "images")
        elif isinstance(source, str | Path):
            self._rows, self.labels = _folder(Path(source))
        elif hasattr(source, "__getitem__") and hasattr(source, "__len__"):
            self._rows = source
            targets = getattr(source, "targets", None)
            if targets is not None:
                self.labels = targets.tolist() if hasattr(targets, "tolist") else list(targets)
        else:
            raise TypeError(
                "images must be a tensor, an array, a dataset or a folder, "
                f"got {type(source).__name__}"
            )
        if len(self._rows) == 0:
            raise ValueError("images must hold at least one picture, got none")
        self.shape: tuple[int, int, int] = tuple(self._row(0).shape)  # type: ignore[assignment]

    def __len__(self) -> int:
        """Count the pictures."""
        return len(self._rows)

    def take(self, rows: Sequence[int]) -> Tensor:
        """Read some pictures.

        Parameters
        ----------
        rows
            Row ids.

        Returns
        -------
        torch.Tensor
            (len(rows), C, H, W) float32 in [0, 1].

        Raises
        ------
        ValueError
            If a picture has another shape than the first, or values outside [0, 1].
        """
        if isinstance(self._rows, Tensor):
            return _unit(self._rows[list(rows)])
        pictures = [self._row(row) for row in rows]
        for row, picture in zip(rows, pictures, strict=True):
            if tuple(picture.shape) != self.shape:
                raise ValueError(
                    f"images must all have shape {self.shape}, "
                    f"got {tuple(picture.shape)} in row {row}"
                )
        return torch.stack(pictures)

    def batches(self, size: int) -> Iterator[Tensor]:
        """Read all pictures in order.

        Parameters
        ----------
        size
            Pictures a batch, at least 1.

        Yields
        ------
        torch.Tensor
            (at most size, C, H, W) float32 in [0, 1].
        """
        for start in range(0, len(self), size):
            yield self.take(range(start, min(start + size, len(self))))

    def _row(self, row: int) -> Tensor:
        item = self._rows[row]
        if isinstance(item, tuple | list):
            item = item[0]
        if isinstance(item, Path):
            with Image.open(item) as picture:
                item = picture.convert("RGB")
        if isinstance(item, Image.Image):
            # torchvision takes a second to import and most pictures come as arrays.
            from torchvision.transforms.functional import pil_to_tensor  # noqa: PLC0415

            item = pil_to_tensor(item if item.mode in ("L", "RGB") else item.convert("RGB"))
        elif isinstance(item, Tensor | np.ndarray):
            item = _channels_first(_tensor(item, "images")[None], "images")[0]
        if not isinstance(item, Tensor):
            raise TypeError(
                f"images must hold pictures or (picture, label) pairs, got {type(item).__name__}"
            )
        return _unit(item)


def as_pictures(x: Tensor | np.ndarray[Any, Any], name: str = "images") -> Tensor:
    """Bring one batch of pictures into the form models take.

    Parameters
    ----------
    x
        (n, C, H, W), (n, H, W, C) or (n, H, W), uint8 or floats in [0, 1].
    name
        The argument it came from, used in error sentences.

    Returns
    -------
    torch.Tensor
        (n, C, H, W) float32 in [0, 1].

    Raises
    ------
    ValueError
        If the shape or the range is another.
    TypeError
        If it holds no numbers.
    """
    return _unit(_channels_first(_tensor(x, name), name), name)


def _tensor(x: Any, name: str) -> Tensor:  # noqa: ANN401 - anything may be given
    """View an array as a tensor; copy it only where torch cannot look at it as it lies."""
    if isinstance(x, Tensor):
        return x.detach()
    array = np.asarray(x)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold numbers, got {array.dtype}")
    if any(step < 0 for step in array.strides) or not array.dtype.isnative:
        array = np.array(array, array.dtype.newbyteorder("="), order="C")
    with warnings.catch_warnings():
        # Nothing writes to the pictures, so they may be read-only.
        warnings.filterwarnings("ignore", "The given NumPy array is not writ")
        return torch.as_tensor(array)


def _channels_first(x: Tensor, name: str) -> Tensor:
    if x.ndim == 3:
        return x[:, None]
    if x.ndim == 4 and x.shape[1] in CHANNELS:
        return x
    if x.ndim == 4 and x.shape[3] in CHANNELS:
        return x.permute(0, 3, 1, 2)
    raise ValueError(
        f"{name} must have shape (n, C, H, W), (n, H, W, C) or (n, H, W) with C of 1, 3 or 4, "
        f"got {tuple(x.shape)}"
    )


def _unit(x: Tensor, name: str = "images") -> Tensor:
    if x.dtype == torch.uint8:
        return x.float() / 255
    x = x.float()
    low, high = (float(x.min()), float(x.max())) if x.numel() else (0.0, 0.0)
    # Written so that NaN fails too.
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"{name} must be uint8 or lie in [0, 1], got values from {low:.4g} to {high:.4g}"
        )
    return x


def _folder(path: Path) -> tuple[list[Path], list[str] | None]:
    if not path.is_dir():
        raise ValueError(f"images must name a folder that exists, got {str(path)!r}")
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES)
    parents = [file.parent.relative_to(path).as_posix() for file in files]
    return files, parents if len(set(parents)) > 1 else None
