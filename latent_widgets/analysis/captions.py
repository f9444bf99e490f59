"""What is known of the rows, said in words: "red hair, glasses, smiling"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

import numpy as np

from latent_widgets.columns import Column

_NOTHING = re.compile(r"none|no|false|without", re.IGNORECASE)
_YES = re.compile(r"true|yes", re.IGNORECASE)
# How the data was divided says nothing about what is in it.
_BOOKKEEPING = re.compile(r"split|subset|fold", re.IGNORECASE)
# Words of a column's name that say what kind of answer it holds, not of what.
_KINDS = frozenset({"label", "class", "kind", "type", "style", "shape", "color", "colour", "name"})
_RAINBOW = ("red", "orange", "green", "blue", "violet")

# From the low end of a number to its high one; of two words the half between goes without.
_FACES: dict[str, tuple[str, ...]] = {
    "smile": ("frowning", "smiling"),
    "mouth_open": ("closed mouth", "open mouth"),
    "eye_open": ("closed eyes", "wide open eyes"),
    "gaze_x": ("looking left", "looking right"),
    "brow": ("worried", "angry"),
    "turn": ("turned left", "turned right"),
    "face_shape": ("round face", "long face"),
    "skin_tone": ("light skin", "dark skin"),
    "shirt": tuple(f"{colour} shirt" for colour in _RAINBOW),
    "background": tuple(
        f"{colour} background" for colour in ("rose", "yellow", "green", "blue", "violet")
    ),
}
_SPRITES: dict[str, tuple[str, ...]] = {
    "scale": ("small", "large"),
    "rotation": ("turned left", "turned right"),
    "x": ("left", "right"),
    "y": ("top", "bottom"),
    "color": ("red", "orange", "yellow", "green", "blue"),
}
_KNOWN = (MappingProxyType(_FACES), MappingProxyType(_SPRITES))


def captions(columns: Sequence[Column], n: int) -> list[str]:
    """Say in words what the columns know of each row.

    Parameters
    ----------
    columns
        Labels and factors.
    n
        How many rows there are.

    Returns
    -------
    list of str
        One caption a row: the class names, with what they are of ("red hair"); nothing for
        classes such as "none"; of numbers the lowest and the highest quarter ("high depth"), in
        plain words for the factors of `latent_widgets.datasets`. Empty where nothing is known.
    """
    said = [phrases for column in columns if (phrases := _phrases(column, columns)) is not None]
    return [", ".join(filter(None, row)) for row in zip(*said, strict=True)] if said else [""] * n


def _phrases(column: Column, columns: Sequence[Column]) -> list[str] | None:
    if _BOOKKEEPING.fullmatch(column.name):
        return None
    if column.categories is not None:
        names = [_of_class(column, kind) for kind in column.categories]
        return [names[int(code)] for code in column.values]
    names_here = {each.name for each in columns}
    known = next((table for table in _KNOWN if names_here >= set(table)), None)
    plain = column.name.replace("_", " ")
    ends = (f"low {plain}", f"high {plain}")
    words = ends if known is None else known.get(column.name, ends)
    return _of_numbers(column, words)


def _of_class(column: Column, kind: str) -> str:
    if _NOTHING.fullmatch(kind):
        return ""
    plain = column.name.replace("_", " ")
    if _YES.fullmatch(kind):
        return plain
    noun = " ".join(word for word in plain.split() if word.lower() not in _KINDS)
    # "hat: hat" and "beard: moustache" name the thing itself.
    itself = any(each == column.name for each in column.categories or ())
    return kind if itself or not noun else f"{kind} {noun}"


def _of_numbers(column: Column, words: Sequence[str]) -> list[str]:
    values = column.values
    if not len(values) or values.min() == values.max():
        return [""] * len(values)
    if len(words) > 2:
        # Colours lie at even steps along the number.
        place = (values - values.min()) / (values.max() - values.min())
        return [words[int(step)] for step in np.rint(place * (len(words) - 1))]
    low, high = np.quantile(values, [0.25, 0.75])
    return [words[0] if value <= low else words[1] if value >= high else "" for value in values]
