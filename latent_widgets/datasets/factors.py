"""Factors: the things that vary from picture to picture, drawn and checked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import torch

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Factor:
    """One thing that varies from picture to picture.

    Attributes
    ----------
    kind
        ``"number"`` for a continuous factor, ``"category"`` for a choice among classes.
    description
        One line in plain words.
    low, high
        Smallest and largest value of a number.
    classes
        Names of the classes of a category; the code of a class is its place.
    weights
        How often a class is drawn; they sum to 1.
    skew
        How a number is drawn: evenly at 1, more often high below 1.
    """

    kind: Literal["number", "category"]
    description: str
    low: float = 0.0
    high: float = 1.0
    classes: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    skew: float = 1.0


def number(description: str, low: float = 0.0, high: float = 1.0, skew: float = 1.0) -> Factor:
    """Describe a continuous factor."""
    return Factor("number", description, low=low, high=high, skew=skew)


def category(description: str, **classes: float) -> Factor:
    """Describe a choice among classes, each given with its weight."""
    return Factor(
        "category",
        description,
        high=len(classes) - 1,
        classes=tuple(classes),
        weights=tuple(classes.values()),
    )


def check_whole(name: str, value: object, low: int) -> None:
    """Refuse anything but a whole number of at least ``low``."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < low:  # type: ignore[operator]
        raise ValueError(f"{name} is {value!r}; expected a whole number, {low} or more.")


def draw(table: Mapping[str, Factor], n: int, seed: int) -> dict[str, NDArray[Any]]:
    """Draw n rows, each factor independently of all others.

    Parameters
    ----------
    table : mapping of str to Factor
        What is drawn.
    n : int
        Number of rows, 0 or more.
    seed : int
        Seed of a private generator.

    Returns
    -------
    dict of str to numpy.ndarray
        (n,) each: float32 for numbers, int64 class codes for categories.
    """
    check_whole("n", n, 0)
    check_whole("seed", seed, 0)
    drawn: dict[str, NDArray[Any]] = {}
    # A stream per factor, so that a factor added one day leaves the others as they were.
    for name, factor in table.items():
        rng = np.random.default_rng([seed, *name.encode()])
        if factor.kind == "number":
            share = rng.uniform(size=n) ** factor.skew
            drawn[name] = (factor.low + (factor.high - factor.low) * share).astype(np.float32)
        else:
            drawn[name] = rng.choice(len(factor.classes), n, p=factor.weights).astype(np.int64)
    return drawn


def check(table: Mapping[str, Factor], factors: Mapping[str, ArrayLike]) -> dict[str, torch.Tensor]:
    """Check columns of factors.

    Parameters
    ----------
    table : mapping of str to Factor
        Exactly the names expected.
    factors : mapping of str to array_like
        (n,) each.

    Returns
    -------
    dict of str to torch.Tensor
        (n,) each: float32 numbers, int64 class codes.

    Raises
    ------
    ValueError
        When a name is missing or unknown, lengths differ, or a value is outside its range.
    TypeError
        When it is no mapping.
    """
    if not isinstance(factors, Mapping):
        kind = type(factors).__name__
        raise TypeError(f"factors is a {kind}; expected a mapping from factor names to arrays.")
    missing = [name for name in table if name not in factors]
    if missing:
        raise ValueError(f"factors lacks {', '.join(missing)}; expected every name in FACTORS.")
    unknown = [str(name) for name in factors if name not in table]
    if unknown:
        known = ", ".join(table)
        raise ValueError(f"factors has unknown names {', '.join(unknown)}; expected {known}.")
    columns = {name: _column(name, table[name], np.asarray(factors[name])) for name in table}
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        given = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"factors has columns of unequal length ({given}); expected one length.")
    return columns


def _column(name: str, factor: Factor, values: NDArray[Any]) -> torch.Tensor:
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.number):
        raise ValueError(
            f"factors[{name!r}] is {values.dtype} of shape {values.shape}; "
            "expected a one-dimensional array of numbers."
        )
    if factor.kind == "category":
        wrong = ~np.isin(values, np.arange(len(factor.classes)))
        expected = f"a class code, 0 to {len(factor.classes) - 1} ({', '.join(factor.classes)})"
    else:
        wrong = ~((values >= factor.low) & (values <= factor.high))
        expected = f"a number from {factor.low:g} to {factor.high:g}"
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(f"factors[{name!r}][{row}] is {values[row]}; expected {expected}.")
    dtype = np.int64 if factor.kind == "category" else np.float32
    return torch.from_numpy(values.astype(dtype))


class Grid(NamedTuple):
    """Every combination of some levels of the factors, the last factor changing fastest.

    Attributes
    ----------
    codes : numpy.ndarray
        (n, k) int64: which level of each factor, counted from 0; columns in the table's order.
    factors : dict of str to numpy.ndarray
        (n,) each: the values at those levels.
    """

    codes: NDArray[np.int64]
    factors: dict[str, NDArray[Any]]


def cross(
    table: Mapping[str, Factor], levels: Mapping[str, int | Sequence[float]], most: int
) -> Grid:
    """Combine every level of every factor with every other.

    Parameters
    ----------
    table : mapping of str to Factor
        The factors.
    levels : mapping of str to int or sequence of float
        For each factor, how many levels, evenly spaced from ``low`` to ``high`` (one is the
        middle; of a category, its first classes), or the levels themselves.
    most : int
        How many combinations there may be.

    Returns
    -------
    Grid
        Codes and values of all n combinations.

    Raises
    ------
    ValueError
        When a name is unknown, a number of levels is below 1 or above the number of classes,
        levels repeat, or there are too many combinations.
    """
    unknown = [str(name) for name in levels if name not in table]
    if unknown:
        known = ", ".join(table)
        raise ValueError(f"levels has unknown names {', '.join(unknown)}; expected {known}.")
    values = [_levels(name, factor, levels[name]) for name, factor in table.items()]
    count = math.prod(len(some) for some in values)
    if count > most:
        raise ValueError(f"levels make {count} combinations; expected at most {most}.")
    places = np.indices([len(some) for some in values]).reshape(len(values), -1)
    columns = {name: some[place] for name, some, place in zip(table, values, places, strict=True)}
    return Grid(np.ascontiguousarray(places.T, dtype=np.int64), columns)


def _levels(name: str, factor: Factor, given: int | Sequence[float]) -> NDArray[Any]:
    dtype = np.int64 if factor.kind == "category" else np.float32
    if np.ndim(given):
        values = np.asarray(given)
        if len(values) == 0 or len(np.unique(values)) < len(values):
            raise ValueError(f"levels[{name!r}] is {given!r:.60}; expected different values.")
        return values.astype(dtype)
    check_whole(f"levels[{name!r}]", given, 1)
    count = int(given)  # type: ignore[arg-type]
    if factor.kind == "number":
        if count == 1:
            return np.array([(factor.low + factor.high) / 2], dtype)
        return np.linspace(factor.low, factor.high, count).astype(dtype)
    if count > len(factor.classes):
        raise ValueError(
            f"levels[{name!r}] is {count}; expected at most {len(factor.classes)}, "
            f"one for each class ({', '.join(factor.classes)})."
        )
    return np.arange(count, dtype=dtype)
