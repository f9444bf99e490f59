"""What is known of every row beside its picture: labels and factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

_MOST_CATEGORIES = 100


@dataclass(frozen=True)
class Column:
    """One value a row, to colour and to select by.

    Parameters
    ----------
    name
        What it is called on screen.
    values
        (n,) float32: the number itself, or the code of the category.
    categories
        The class names by code; None for a column of numbers.
    """

    name: str
    values: npt.NDArray[np.float32]
    categories: tuple[str, ...] | None


def make_column(
    name: str, values: Sequence[object] | npt.NDArray[Any], n: int, names: Sequence[str] | None
) -> Column:
    """Decide what a column is and check it.

    Parameters
    ----------
    name
        The argument or factor it came from, used in error sentences.
    values
        n values: numbers, whole numbers, strings or booleans; torch tensors too.
    n
        How many rows the space has.
    names
        Class names for whole-number codes, `names[code]`.

    Returns
    -------
    Column
        Strings, booleans and whole numbers become categories; other numbers stay numbers.

    Raises
    ------
    ValueError
        If there are not exactly n finite values, or a code has no name.
    """
    array = np.asarray(values)
    if array.ndim != 1 or len(array) != n:
        raise ValueError(
            f"{name} must hold one value for each of the {n} rows, got shape {array.shape}"
        )
    if array.dtype.kind == "f":
        if not np.isfinite(array).all():
            raise ValueError(f"{name} must hold finite values, got NaN or infinity")
        if names is None:
            return Column(name, array.astype(np.float32), None)
    if names is not None and array.dtype.kind in "iufb":
        codes = array.astype(np.int64)
        if len(codes) and (codes.min() < 0 or codes.max() >= len(names)):
            raise ValueError(
                f"names must name every {name} code from {codes.min()} to {codes.max()}, "
                f"got {len(names)} names"
            )
        return Column(name, codes.astype(np.float32), tuple(map(str, names)))
    classes, codes = np.unique(array, return_inverse=True)
    if len(classes) > _MOST_CATEGORIES:
        if array.dtype.kind in "iu":
            return Column(name, array.astype(np.float32), None)
        raise ValueError(
            f"{name} must hold numbers or at most {_MOST_CATEGORIES} classes, "
            f"got {len(classes)} classes"
        )
    return Column(name, codes.astype(np.float32), tuple(str(value) for value in classes))


def make_columns(
    n: int,
    labels: Sequence[object] | npt.NDArray[Any] | None,
    names: Sequence[str] | None,
    factors: Mapping[str, Sequence[object] | npt.NDArray[Any]] | None,
) -> list[Column]:
    """Gather labels and factors, labels first.

    Parameters
    ----------
    n
        How many rows the space has.
    labels
        One label a row, or None.
    names
        Class names of whole-number labels, or None.
    factors
        More columns by name, or None.

    Returns
    -------
    list of Column
        The label column, when there is one, is called "label".

    Raises
    ------
    ValueError
        If a column does not fit; the sentence names it.
    """
    columns = [] if labels is None else [make_column("labels", labels, n, names)]
    columns = [Column("label", column.values, column.categories) for column in columns]
    for name, values in (factors or {}).items():
        columns.append(make_column(str(name), values, n, None))
    return columns
