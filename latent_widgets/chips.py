"""Chips of a sum, weighted latents with names, and the text that says the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets as t

from latent_widgets.analysis.evaluation import Place, Way
from latent_widgets.analysis.expression import (
    Analogy,
    Atom,
    ExpressionError,
    Node,
    Scaled,
    Sum,
    flatten,
    show,
)
from latent_widgets.analysis.grammar import MOST_CHARACTERS, parse
from latent_widgets.geometry import Euclidean
from latent_widgets.latent import check_point

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

Chip = dict[str, Any]
Find = Callable[[Atom], Place | Way]

MOST_CHIPS = 12
STRONGEST = 2.0
_LONGEST = 60
# What these stand for may change at any moment; a chip does not.
_PASSING = ("z", "current z", "selection")


def chips_of(node: Node, find: Find, space: LatentSpace) -> list[Chip] | str:
    """Show an expression as chips, multiplied out where the space is flat.

    Parameters
    ----------
    node
        What `parse` read.
    find
        What its atoms stand for.
    space
        Whose latents they are.

    Returns
    -------
    list of dict or str
        Chips as `check_chip` gives them; or why they cannot show it.
    """
    if space.geometry.name == "euclidean":
        pairs = flatten(node)
    else:
        pairs = []
        for part in node.parts if isinstance(node, Sum) else (node,):
            weight, of = (part.weight, part.of) if isinstance(part, Scaled) else (1.0, part)
            if not isinstance(of, Atom):
                what = "an analogy" if isinstance(of, Analogy) else "parentheses"
                return f"{what} in a curved space"
            pairs.append((weight, of))
    if len(pairs) > MOST_CHIPS:
        return f"more than {MOST_CHIPS} terms"
    if any(abs(weight) > STRONGEST for weight, _ in pairs):
        return f"a strength beyond {STRONGEST:g}"
    return [_chip(weight, atom, find) for weight, atom in pairs]


def _chip(weight: float, atom: Atom, find: Find) -> Chip:
    found = find(atom)
    first = str(atom.arguments[0])
    name = first if atom.function == "z" else show(atom)
    if atom.function == "row":
        name = f"row {first}"
    if isinstance(found, Way):
        z, base = np.float32(found.vector).tolist(), np.float32(found.base).tolist()
        return {"weight": weight, "name": name, "z": z, "base": base}
    return {"weight": weight, "name": name, "z": np.float32(found).tolist()}


def write_chips(
    chips: list[Chip], find: Find, own: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Write chips as text.

    Parameters
    ----------
    chips
        As `check_chip` gives them; empty ones do not count.
    find
        What names stand for, those in `own` included.
    own
        Names that are bound to latents already.

    Returns
    -------
    tuple
        The text, and the names in it that had to be bound to latents: what they would stand for
        otherwise, if anything, is another latent.
    """
    bound: dict[str, Place | Way] = {}
    parts: list[Node] = []
    for chip in chips:
        if chip["z"] is None:
            continue
        atom = bind(chip, find, {**own, **bound}, bound)
        weight = round(float(chip["weight"]), 6)
        parts.append(atom if weight == 1 else Scaled(weight, atom))
    if not parts:
        return "", {}
    text = show(parts[0] if len(parts) == 1 else Sum(tuple(parts)))
    if len(text) > MOST_CHARACTERS:
        raise t.TraitError(f"terms must have names of at most {_LONGEST} characters")
    return text, bound


def bind(chip: Chip, find: Find, taken: Mapping[str, Any], bound: dict[str, Any]) -> Atom:
    """Find the atom that stands for a chip; where there is none, bind a name to its latent.

    Parameters
    ----------
    chip
        With `name` and `z`, and `base` for a way.
    find
        What names stand for.
    taken
        Names bound so far.
    bound
        Takes in the name that was bound or used.

    Returns
    -------
    Atom
        Such as `z("row 12")`.
    """
    name = (" ".join(chip["name"].replace('"', "'").split()) or "latent")[:_LONGEST]
    try:
        read = parse(name)
    except ExpressionError:
        read = None
    for atom in (read, Atom("z", (name,))):
        if isinstance(atom, Atom) and _stands_for(atom, chip, find, taken):
            if atom.function == "z" and (name in taken or name in _PASSING):
                bound[name] = taken.get(name, value_of(chip))
            return atom
    free, count = name, 1
    while free in taken and not _same(taken[free], chip):
        count += 1
        free = f"{name} {count}"
    # A way counts as a name only while the space knows it; here it is one more latent.
    bound[free] = value_of(chip)
    return Atom("z", (free,))


def value_of(chip: Chip) -> Place | Way:
    """Give what a chip adds: a place, or a way to go."""
    z = np.asarray(chip["z"], np.float64)
    return Way(z, np.asarray(chip["base"], np.float64)) if chip.get("base") else z


def _stands_for(atom: Atom, chip: Chip, find: Find, taken: Mapping[str, Any]) -> bool:
    first = str(atom.arguments[0])
    if atom.function == "z" and first in taken:
        return _same(taken[first], chip)
    try:
        return _same(find(atom), chip)
    except ExpressionError:
        return False


def _same(found: Any, chip: Chip) -> bool:  # noqa: ANN401 - a place or a way
    way = isinstance(found, Way)
    if way != bool(chip.get("base")):
        return False
    here = np.float64(found.vector if way else found)
    return bool(np.allclose(here, chip["z"], rtol=1e-5, atol=1e-6))


def check_chip(where: str, chip: Chip, space: LatentSpace) -> Chip:
    """Bring a chip into one form.

    Parameters
    ----------
    where
        What it is called in error sentences.
    chip
        With some of `weight`, `name`, `z` and `base`; untrusted.
    space
        Whose latent it holds.

    Returns
    -------
    dict
        With `weight`, `name` and `z`, and `base` for a way to go.

    Raises
    ------
    traitlets.TraitError, ValueError
        If something does not fit.
    """
    unknown = sorted(map(str, set(chip) - {"weight", "name", "z", "base"}))
    if unknown:
        raise t.TraitError(f"{where} must have the keys weight, name and z only, got {unknown}")
    weight = chip.get("weight", 1.0)
    number = isinstance(weight, int | float | np.number) and not isinstance(weight, bool)
    if not number or not abs(weight) <= STRONGEST:
        raise t.TraitError(f"{where}['weight'] must be a number from -2 to 2, got {weight!r}")
    z, base = chip.get("z"), chip.get("base")
    found: Chip = {"weight": float(weight), "name": str(chip.get("name", "")), "z": None}
    if z is None:
        return found
    if base is None:
        point = check_point(f"{where}['z']", z, space.latent_dim, space.geometry)
        return {**found, "z": point.tolist()}
    way = check_point(f"{where}['z']", z, space.latent_dim, Euclidean())
    start = check_point(f"{where}['base']", base, space.latent_dim, space.geometry)
    return {**found, "z": way.tolist(), "base": start.tolist()}
