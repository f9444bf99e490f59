"""Pictures from anywhere: tensors, arrays, torchvision and Hugging Face datasets, folders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from latent_widgets.datasets.arrays import CHANNELS, as_pictures, channels_first, to_tensor, to_unit
from latent_widgets.datasets.labelled import Labelled
from latent_widgets.datasets.table import PictureColumn

__all__ = ["CHANNELS", "Images", "as_pictures"]

_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}


class _Sized(Protocol):
    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Any: ...  # noqa: ANN401 - datasets return anything


class Images:
    """Pictures read row by row, whatever holds them.

    Parameters
    ----------
    source
        One of: a tensor or array (n, C, H, W), (n, H, W, C) or (n, H, W), uint8 or floats in
        [0, 1]; what `latent_widgets.datasets` reads; a dataset whose items are pictures or
        (picture, label) pairs, as torchvision's, or rows with a column of pictures, as those of
        Hugging Face; a folder, read in sorted order, whose sub-folders name the labels.

    Attributes
    ----------
    shape : tuple of int
        (C, H, W) of every picture.
    labels : list or None
        What the source itself knows: a dataset's `targets` or label column, a folder's sub-folder
        names; class names where the source has them beside whole numbers.

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
        if isinstance(source, Labelled):
            labels, names = source.labels.tolist(), source.names
            self.labels = labels if names is None else [names[label] for label in labels]
            source = source.images
        if isinstance(source, Tensor | np.ndarray):
            self._rows = channels_first(to_tensor(source, "images"), "images")
        elif isinstance(source, str | Path):
            self._rows, self.labels = _folder(Path(source))
        elif isinstance(source, Mapping):
            keys = list(source)
            raise TypeError(
                f"images must be one dataset, got {type(source).__name__} of {keys!r:.60}; "
                f"give one of them"
            )
        elif PictureColumn.fits(source):
            self._rows = PictureColumn(source)
            self.labels = self._rows.labels
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
            return to_unit(self._rows[list(rows)])
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
            item = _opened(item)
        if isinstance(item, Image.Image):
            item = np.asarray(item if item.mode in ("L", "RGB") else item.convert("RGB"))
        if isinstance(item, Tensor | np.ndarray):
            item = channels_first(to_tensor(item, "images")[None], "images")[0]
        if not isinstance(item, Tensor):
            raise TypeError(
                f"images must hold pictures or (picture, label) pairs, got {type(item).__name__}"
            )
        return to_unit(item)


def _folder(path: Path) -> tuple[list[Path], list[str] | None]:
    if not path.is_dir():
        raise ValueError(f"images must name a folder that exists, got {str(path)!r}")
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES)
    if not files:
        known = ", ".join(sorted(_SUFFIXES))
        raise ValueError(f"images must name a folder with pictures ({known}), got {str(path)!r}")
    parents = [file.parent.relative_to(path).as_posix() for file in files]
    return files, parents if len(set(parents)) > 1 else None


def _opened(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            return picture.convert("RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"images must be readable, got {str(path)!r} ({error})") from None
