"""What a group of rows could be called, by what its rows have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from latent_widgets.columns import Column

# A class must hold for most of a group, and so much more often than among all rows.
_MOST = 0.55
_MORE = 0.2
_NEARLY_ALL = 0.9
# Two or three classes together make up so much.
_TOGETHER = 0.7
# A mean must lie so many standard deviations from that of all rows.
_FAR = 1.0
Shares = npt.NDArray[np.float64]
Values = npt.NDArray[np.float32]

_NO = ("none", "no", "false", "0", "")
_SORTS = ("color", "colour", "style", "type", "shape", "kind", "class", "category")
_YES = ("true", "yes", "1")


def describe(
    rows: npt.NDArray[np.intp],
    columns: Sequence[Column],
    among: npt.NDArray[np.intp] | None = None,
    most: int = 2,
) -> str | None:
    """Say what the rows of a group have in common that other rows have not.

    Parameters
    ----------
    rows
        Row ids of the group.
    columns
        What is known of every row.
    among
        The rows to tell it from, itself among them; all rows when None.
    most
        How many properties to name.

    Returns
    -------
    str or None
        The most over-represented classes and the most unusual numbers, such as "mostly 7" or
        "glasses, red hair"; None when the group is like all rows.
    """
    if not len(rows):
        return None
    said = []
    for column in columns:
        others = column.values if among is None else column.values[among]
        one = (_class if column.categories else _number)(column, column.values[rows], others)
        if one is not None:
            said.append(one)
    said.sort(key=lambda one: -one[0])
    words = [word for _, word in said[:most]]
    return ", ".join(words) or None


def _class(column: Column, mine: Values, others: Values) -> tuple[float, str] | None:
    names = column.categories or ()
    overall = np.bincount(others.astype(np.intp), minlength=len(names)) / len(others)
    inside = np.bincount(mine.astype(np.intp), minlength=len(names)) / len(mine)
    gain = inside * np.log(np.maximum(inside, 1e-12) / np.maximum(overall, 1e-12))
    best = int(np.where(inside - overall >= _MORE, gain, -1).argmax())
    if inside[best] < _MOST or inside[best] - overall[best] < _MORE:
        return _several(column, inside, overall)
    word = _word(column.name, names[best])
    return float(gain[best]), word if inside[best] >= _NEARLY_ALL else f"mostly {word}"


def _several(column: Column, inside: Shares, overall: Shares) -> tuple[float, str] | None:
    """Name two or three classes that a group mostly consists of, and all rows do not."""
    names = column.categories or ()
    more = [
        int(code) for code in np.argsort(-inside, kind="stable") if inside[code] > overall[code]
    ]
    for count in (2, 3):
        some = more[:count]
        share = float(inside[some].sum())
        if len(some) < count or share < _TOGETHER or share - overall[some].sum() < _MORE:
            continue
        gain = share * float(np.log(share / max(overall[some].sum(), 1e-12)))
        return gain, ", ".join(_word(column.name, names[code]) for code in some)
    return None


def _number(column: Column, mine: Values, others: Values) -> tuple[float, str] | None:
    spread = float(others.std(dtype=np.float64))
    if not spread:
        return None
    away = float(mine.mean(dtype=np.float64) - others.mean(dtype=np.float64)) / spread
    if abs(away) < _FAR:
        return None
    # The KL divergence of two normal distributions that far apart, beside that of the classes.
    return away * away / 2, f"{'high' if away > 0 else 'low'} {_plain(column.name)}"


def _word(column: str, name: str) -> str:
    plain = _plain(column)
    if column == "label" or plain in name:
        return _plain(name)
    if name.lower() in _NO:
        return f"no {plain}"
    if name.lower() in _YES:
        return plain
    if name.replace(".", "", 1).isdigit():
        return f"{plain} {name}"
    # "red hair", as people say it, and not "red hair color"; "arrow", and not "arrow shape".
    kind, _, sort = plain.rpartition(" ")
    return f"{name} {kind if sort in _SORTS else plain}".strip()


def _plain(name: str) -> str:
    return name.replace("_", " ")
