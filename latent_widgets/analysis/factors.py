"""Known factors beside latents: which are classes, which are numbers, and both in bins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.rows import Floats

Factors = Mapping[str, Any] | npt.ArrayLike
_MOST_CLASSES = 100


@dataclass(frozen=True)
class KnownFactor:
    """One known factor of every row.

    Attributes
    ----------
    name : str
        What it is called.
    values : numpy.ndarray, shape (n,)
        float64 numbers, or int64 codes of the classes.
    classes : int
        How many classes; 0 for a number.
    """

    name: str
    values: npt.NDArray[Any]
    classes: int

    def bins(self, most: int) -> npt.NDArray[np.int64]:
        """Give codes from 0, one a row: classes as they are, numbers in `most` equal bins."""
        return self.values.astype(np.int64) if self.classes else in_bins(self.values, most)


def as_factors(factors: Factors, n: int) -> list[KnownFactor]:
    """Read known factors.

    Parameters
    ----------
    factors
        Names to n values each, or an array (n, k). Words, booleans and whole numbers are
        classes; other numbers, and whole ones of more than 100 values, are numbers.
    n
        How many rows there are.

    Returns
    -------
    list of KnownFactor
        In their order; the columns of an array are called "0", "1" and so on.

    Raises
    ------
    ValueError
        If a factor has not n finite values, or only one value.
    """
    if not isinstance(factors, Mapping):
        table = np.asarray(factors)
        if table.ndim != 2:
            raise ValueError(f"factors must be named, or have shape (n, k), got {table.shape}")
        factors = {str(column): table[:, column] for column in range(table.shape[1])}
    if not factors:
        raise ValueError("factors must hold at least one factor, got none")
    return [as_factor(str(name), values, n) for name, values in factors.items()]


def as_factor(name: str, values: Any, n: int) -> KnownFactor:  # noqa: ANN401 - anything may be given
    """Read one known factor; as `as_factors`."""
    array = np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)
    if array.shape != (n,):
        raise ValueError(f"factor {name!r} must hold {n} values, got shape {array.shape}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError(f"factor {name!r} must be finite, got NaN or infinity")
    unique, codes = np.unique(array, return_inverse=True)
    if len(unique) < 2:
        raise ValueError(f"factor {name!r} must have at least two different values, got one")
    if array.dtype.kind == "f" or (array.dtype.kind in "iu" and len(unique) > _MOST_CLASSES):
        return KnownFactor(name, array.astype(np.float64), 0)
    return KnownFactor(name, codes.astype(np.int64), len(unique))


def in_bins(values: Floats, most: int) -> npt.NDArray[np.int64]:
    """Sort numbers into bins of equal width; as few different values as bins stay apart."""
    unique, codes = np.unique(values, return_inverse=True)
    if len(unique) <= most:
        return codes.astype(np.int64)
    edges = np.histogram_bin_edges(values, most)[1:-1]
    return np.digitize(values, edges).astype(np.int64)
