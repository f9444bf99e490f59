"""Pictures from anywhere: tensors, arrays, torchvision datasets, folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torchvision.transforms.functional import pil_to_tensor

_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}
_CHANNELS = (1, 3, 4)


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
            self._rows = _channels_first(torch.as_tensor(source))
        elif isinstance(source, str | Path):
            self._rows, self.labels = _folder(Path(source))
        elif hasattr(source, "__getitem__") and hasattr(source, "__len__"):
            self._rows = source
            targets = getattr(source, "targets", None)
            self.labels = None if targets is None else list(torch.as_tensor(targets).tolist())
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
            item = pil_to_tensor(item if item.mode in ("L", "RGB") else item.convert("RGB"))
        elif isinstance(item, np.ndarray):
            item = _channels_first(torch.as_tensor(item)[None])[0]
        if not isinstance(item, Tensor) or item.ndim != 3:
            raise TypeError(
                f"images must hold pictures or (picture, label) pairs, got {type(item).__name__}"
            )
        return _unit(item)


def as_pictures(x: Tensor | np.ndarray[Any, Any]) -> Tensor:
    """Bring one batch of pictures into the form models take.

    Parameters
    ----------
    x
        (n, C, H, W), (n, H, W, C) or (n, H, W), uint8 or floats in [0, 1].

    Returns
    -------
    torch.Tensor
        (n, C, H, W) float32 in [0, 1].

    Raises
    ------
    ValueError
        If the shape or the range is another.
    """
    return _unit(_channels_first(torch.as_tensor(x)))


def _channels_first(x: Tensor) -> Tensor:
    if x.ndim == 3:
        return x[:, None]
    if x.ndim == 4 and x.shape[1] in _CHANNELS:
        return x
    if x.ndim == 4 and x.shape[3] in _CHANNELS:
        return x.permute(0, 3, 1, 2)
    raise ValueError(
        "images must have shape (n, C, H, W), (n, H, W, C) or (n, H, W) with C of 1, 3 or 4, "
        f"got {tuple(x.shape)}"
    )


def _unit(x: Tensor) -> Tensor:
    if x.dtype == torch.uint8:
        return x.float() / 255
    x = x.float()
    low, high = (float(x.min()), float(x.max())) if x.numel() else (0.0, 0.0)
    # Written so that NaN fails too.
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"images must be uint8 or lie in [0, 1], got values from {low:.4g} to {high:.4g}"
        )
    return x


def _folder(path: Path) -> tuple[list[Path], list[str] | None]:
    if not path.is_dir():
        raise ValueError(f"images must name a folder that exists, got {str(path)!r}")
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES)
    parents = [file.parent.relative_to(path).as_posix() for file in files]
    return files, parents if len(set(parents)) > 1 else None
