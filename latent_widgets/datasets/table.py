"""Datasets of rows with named columns, such as those of Hugging Face's ``datasets``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

_LABELS = ("label", "labels", "class", "target", "fine_label", "coarse_label")


class PictureColumn:
    """The pictures of a dataset whose rows are mappings from column names to values.

    Parameters
    ----------
    rows
        ``rows[i]`` is a mapping with a picture in it: a PIL image, an array or tensor of two or
        three axes, or nested lists of numbers. Where it has ``features``, ``rows[name]`` is a
        whole column, and a feature may have the ``names`` of its classes.

    Attributes
    ----------
    column : str
        Where the pictures are: the first column that has one in the first row.
    labels : list or None
        The first column whose feature has class names, as those names; else the first that is
        called label, labels, class, target, fine_label or coarse_label.

    Raises
    ------
    ValueError
        If no column holds pictures.
    """

    def __init__(self, rows: Any) -> None:  # noqa: ANN401 - whatever follows the protocol
        first = rows[0]
        pictures = [name for name, value in first.items() if _is_picture(value)]
        if not pictures:
            raise ValueError(
                f"images must have a column of pictures, got the columns {', '.join(first)}"
            )
        self._table = rows
        self._features: Mapping[str, Any] = getattr(rows, "features", None) or {}
        self.column: str = pictures[0]
        self.labels = self._read_labels(list(first))

    @staticmethod
    def fits(source: Any) -> bool:  # noqa: ANN401 - anything may be given
        """Say whether a source has rows with named columns."""
        if isinstance(source, tuple) or not (
            hasattr(source, "__getitem__") and hasattr(source, "__len__")
        ):
            return False
        return len(source) > 0 and isinstance(source[0], Mapping)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._table)

    def __getitem__(self, row: int) -> Any:  # noqa: ANN401 - a picture of any kind
        """Read the picture of one row."""
        picture = self._table[row][self.column]
        if not isinstance(picture, list):
            return picture
        # Lists do not say whether a number is a byte; the feature does.
        kind = getattr(self._features.get(self.column), "dtype", None)
        return np.asarray(picture, dtype=kind if isinstance(kind, str) else None)

    def _read_labels(self, columns: Sequence[str]) -> list[Any] | None:
        features = self._features
        named = [name for name in columns if getattr(features.get(name), "names", None)]
        called = [name for name in _LABELS if name in columns and name != self.column]
        if not (named or called):
            return None
        label = (named or called)[0]
        # A column of its own can be read without opening every picture.
        column = self._table[label] if features else [row[label] for row in self._table]
        values = column.tolist() if hasattr(column, "tolist") else list(column)
        names = features[label].names if named else None
        # Where labels are kept secret they are -1, and no name goes with that.
        if names is None or any(value is None or value < 0 for value in values):
            return values
        return [names[int(value)] for value in values]


def _is_picture(value: object) -> bool:
    if isinstance(value, Image.Image):
        return True
    if isinstance(value, Tensor | np.ndarray):
        return value.ndim in (2, 3)
    if isinstance(value, list):
        try:
            array = np.asarray(value)
        except ValueError:
            return False
        return array.ndim in (2, 3) and array.dtype.kind in "biuf"
    return False
