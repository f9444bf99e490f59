"""Which rows are as they should be, by what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]

_TRUTHS = {"True": True, "False": False}
_SHOWN = 12


def normal_rows(
    normal: Any,  # noqa: ANN401 - anything may be given
    n: int,
    factors: Mapping[str, npt.ArrayLike],
    column: str | None = None,
) -> Mask:
    """Find the rows that are said to be normal.

    Parameters
    ----------
    normal
        One class or several; the name of a column of booleans; or (n,) booleans.
    n
        How many rows there are.
    factors
        Columns by name, (n,) values each.
    column
        Where the classes stand: "label" by default, else the first column of words.

    Returns
    -------
    numpy.ndarray
        (n,) bool, of which at least one row is normal and one is not.

    Raises
    ------
    ValueError
        If there is no such column or class, or rows of one kind only.
    """
    given = np.asarray(normal)
    if given.ndim == 1 and given.dtype == bool:
        if len(given) != n:
            raise ValueError(f"normal must hold one boolean for each of {n} rows, got {len(given)}")
        return _both(given)
    if column is None and given.ndim == 0 and str(given) in factors:
        values = np.asarray(factors[str(given)]).astype(str)
        if not np.isin(values, list(_TRUTHS)).all():
            raise ValueError(
                f"normal must name a class or a column of booleans, got {normal!r:.60}"
            )
        return _both(values == "True")
    column = find_column(factors, column)
    values = np.asarray(factors[column]).astype(str)
    wanted = np.atleast_1d(given).astype(str)
    classes = np.unique(values)
    unknown = [one for one in wanted.tolist() if one not in classes]
    if unknown or not len(wanted):
        some = ", ".join(classes[:_SHOWN].tolist()) + (", ..." if len(classes) > _SHOWN else "")
        got = repr(unknown[0])[:60] if unknown else "none"
        raise ValueError(f"normal must be classes of {column!r} ({some}), got {got}")
    return _both(np.isin(values, wanted))


def find_column(factors: Mapping[str, npt.ArrayLike], column: str | None) -> str:
    """Find the column of classes.

    Parameters
    ----------
    factors, column
        As for `normal_rows`.

    Returns
    -------
    str
        Its name.

    Raises
    ------
    ValueError
        If there is none.
    """
    words = [name for name, values in factors.items() if np.asarray(values).dtype.kind != "f"]
    if not words:
        raise ValueError("normal needs labels or another column of classes, and there is none")
    if column is None:
        return "label" if "label" in words else words[0]
    if column not in words:
        raise ValueError(f"column must be one of {words}, got {column!r:.60}")
    return column


def _both(mask: Mask) -> Mask:
    if mask.all() or not mask.any():
        kind = "all" if mask.all() else "none"
        raise ValueError(
            f"normal must tell some rows from others, got {kind} of {len(mask)} rows normal"
        )
    return mask
