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


def as_values(name: str, values: Any) -> npt.NDArray[Any]:  # noqa: ANN401 - anything may be given
    """Copy a column as it was given into an array.

    Parameters
    ----------
    name
        The argument or factor it came from, used in error sentences.
    values
        A list, an array or a tensor on any device.

    Returns
    -------
    numpy.ndarray
        The values, of their own type.

    Raises
    ------
    ValueError
        If one is missing, or they are rows of different lengths.
    """
    # Of tensors in a list each is on its own; a million plain numbers need no such look.
    if isinstance(values, list | tuple) and not all(type(value) is int for value in values):
        values = [_plain(value) for value in values]
    try:
        array = np.array(_plain(values))
    except ValueError:
        raise ValueError(f"{name} must hold one value a row, got rows of several") from None
    if array.dtype.kind != "O" or array.ndim != 1:
        return array
    for row, value in enumerate(array):
        if _missing(value):
            raise ValueError(f"{name} must hold a value in every row, got {value} in row {row}")
    # An array of objects that are all numbers is one of numbers.
    return np.array(array.tolist())


def _plain(value: Any) -> Any:  # noqa: ANN401 - a tensor, or whatever it is
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def _missing(value: Any) -> bool:  # noqa: ANN401 - anything may be given
    try:
        return value is None or bool(value != value)  # noqa: PLR0124 - only NaN differs from itself
    except (TypeError, ValueError):
        return True


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
    array = as_values(name, values)
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
        return Column(name, _codes(name, array, len(names)), tuple(map(str, names)))
    try:
        classes, codes = _classes(array)
    except TypeError:
        kinds = sorted({type(value).__name__ for value in array})
        raise ValueError(f"{name} must hold numbers or words, got {', '.join(kinds)}") from None
    if len(classes) > _MOST_CATEGORIES:
        if array.dtype.kind in "iu":
            return Column(name, array.astype(np.float32), None)
        raise ValueError(
            f"{name} must hold numbers or at most {_MOST_CATEGORIES} classes, "
            f"got {len(classes)} classes"
        )
    return Column(name, codes.astype(np.float32), tuple(str(value) for value in classes))


def _classes(array: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Different values in their order, and which of them each one is."""
    low, high = (array.min(), array.max()) if array.dtype.kind == "i" and array.size else (0, -1)
    if not 0 <= int(high) - int(low) <= _MOST_CATEGORIES:
        return np.unique(array, return_inverse=True)
    # A million small whole numbers are counted in a tenth of the time that sorting takes.
    places = array.astype(np.intp) - int(low)
    there = np.bincount(places) > 0
    classes = (np.flatnonzero(there) + int(low)).astype(array.dtype)
    return classes, (np.cumsum(there) - 1)[places]


def _codes(name: str, array: npt.NDArray[Any], known: int) -> npt.NDArray[np.float32]:
    codes = array.astype(np.int64)
    if (codes != array).any():
        part = array[codes != array][0]
        raise ValueError(f"{name} must hold whole numbers to go with names, got {part}")
    if len(codes) and (codes.min() < 0 or codes.max() >= known):
        raise ValueError(
            f"names must name every {name} code from {codes.min()} to {codes.max()}, "
            f"got {known} names"
        )
    return codes.astype(np.float32)


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
