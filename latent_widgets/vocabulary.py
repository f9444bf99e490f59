"""What the words of an expression stand for in a space."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from latent_widgets.analysis.evaluation import Place, Way, evaluate
from latent_widgets.analysis.expression import Atom, ExpressionError
from latent_widgets.analysis.grammar import parse

if TYPE_CHECKING:
    from latent_widgets.columns import Column
    from latent_widgets.space import LatentSpace

_ROW = re.compile(r"(?:row |#)(\d{1,9})\Z")
_ENDS = ("high", "low")


class Vocabulary:
    """The names of a space: z, selection, home, rows, directions, classes, and a panel's own.

    Parameters
    ----------
    space
        Whose names.
    own
        More points, (d,) each, and ways by name; they come first.
    """

    def __init__(self, space: LatentSpace, own: Mapping[str, Any] | None = None) -> None:
        self._space, self._own = space, own or {}

    def find(self, atom: Atom) -> Place | Way:
        """Find what an atom stands for.

        Parameters
        ----------
        atom
            Of an expression that `parse` read.

        Returns
        -------
        numpy.ndarray or Way
            (d,) float64, or a way to go.

        Raises
        ------
        ExpressionError
            If nothing has this name; the nearest name that there is is suggested.
        """
        try:
            return self._point(atom)
        except ExpressionError:
            raise
        except ValueError as error:
            raise ExpressionError(str(error), atom.start, atom.end) from None

    def known(self) -> list[str]:
        """List the names, but for those of single rows."""
        space = self._space
        words = ["z", "home"]
        if space.selection:
            words.append("selection")
        columns = [one.name for one in space.data.columns if one.categories is None]
        return list(
            dict.fromkeys([*self._own, *words, *space.directions, *groups(space), *columns])
        )

    def _point(self, atom: Atom) -> Place | Way:
        space = self._space
        if atom.function == "row":
            return self._mean(space.data.check_rows([atom.arguments[0]]))
        if atom.function == "random":
            return _exact(space.sample(1, seed=int(atom.arguments[0]))[0])
        if atom.function == "mean":
            column, kind = map(str, atom.arguments)
            rows = space.data.rows_where(column, kind).tolist()
            if not rows:
                raise ValueError(f"no row has {column} {kind!r}")
            return self._mean(rows)
        return self._named(str(atom.arguments[0]), atom)

    def _named(self, name: str, atom: Atom) -> Place | Way:
        space = self._space
        if name in self._own:
            own = self._own[name]
            return own if isinstance(own, Way) else _exact(own)
        if name in ("z", "current z", "home"):
            return _exact(space.home if name == "home" else space.z)
        one = space.directions.get(name) or space.directions.get(name.replace("_", " "))
        row = _ROW.match(name)
        if one is not None and not row:
            return Way(one.scale * _exact(one.vector), _exact(one.base))
        found = groups(space)
        plain = name if name in found else name.replace("_", " ")
        if row or name == "selection" or plain in found:
            rows = space.data.check_rows([int(row[1])]) if row else named_rows(space, plain)[1]
            return self._mean(rows)
        ends = [f"{end} {name.replace('_', ' ')}" for end in _ENDS]
        if all(end in found for end in ends):
            high, low = (self._mean(named_rows(space, end)[1]) for end in ends)
            return Way(np.asarray(space.geometry.log(low, high)), low)
        raise ExpressionError(self._unknown(name), atom.start, atom.end)

    def _mean(self, rows: list[int]) -> Place:
        return _exact(self._space.data.mean_of(rows))

    def _unknown(self, name: str) -> str:
        if name == "random":
            return "random needs a seed, such as random(7)"
        known = self.known()
        lower = {one.lower(): one for one in known}
        near = difflib.get_close_matches(name.lower(), lower, 1, 0.5)
        hint = f"did you mean {lower[near[0]]!r}?" if near else f"there are {known[:8]!r:.120}"
        return f"nothing here is called {name!r:.60}: {hint}"


def _exact(numbers: Any) -> Place:  # noqa: ANN401 - of any floating type
    return np.asarray(numbers, np.float64)


def groups(space: LatentSpace) -> dict[str, list[tuple[Column, int]]]:
    """Gather the names of classes and quarters of a space's columns, with what they stand for."""
    found: dict[str, list[tuple[Column, int]]] = {}
    for column in space.data.columns:
        kinds = column.categories or _ENDS
        for code, kind in enumerate(kinds):
            full = group_name(column, kind)
            for name in {full, kind} if column.categories else {full}:
                found.setdefault(name, []).append((column, code))
    return found


def named_rows(space: LatentSpace, what: str) -> tuple[str, list[int]]:
    """Find the rows of a selection, a class or a quarter.

    Parameters
    ----------
    space
        Whose rows.
    what
        "selection", or a name as `group_name` gives it.

    Returns
    -------
    tuple
        What they are called, and their ids.

    Raises
    ------
    ValueError
        If there are none, or several things have the name.
    """
    if what == "selection":
        rows = list(space.selection)
        if not rows:
            raise ValueError("what must name some rows, but nothing is selected")
        return f"mean of {len(rows)} selected", rows
    named = groups(space)
    found = named.get(what) or named.get(what.replace("_", " ")) or []
    if len(found) != 1:
        several = [group_name(c, c.categories[i]) for c, i in found if c.categories]
        wanted = several or ["z", "selection", "random", *space.directions, *list(named)[:8]]
        raise ValueError(f"what must be one of {wanted}, got {what!r}")
    column, code = found[0]
    kind = (column.categories or _ENDS)[code]
    ids = space.data.rows_where(column.name, kind).tolist()
    if not ids:
        raise ValueError(f"what must name some rows, but no row is {what!r}")
    return group_name(column, kind), ids


def group_name(column: Column, kind: str) -> str:
    """Name a class or a quarter of a column as the page does.

    Parameters
    ----------
    column
        Where it comes from.
    kind
        A class name, or "high" or "low" of a column of numbers.

    Returns
    -------
    str
        Such as "glasses", "no glasses", "hair color: red" or "high smile".
    """
    name = column.name.replace("_", " ")
    if column.categories is None:
        return f"{kind} {name}"
    if kind.lower() in ("none", "no", "false", "without"):
        return f"no {name}"
    if kind == column.name or kind.lower() in ("true", "yes"):
        return name
    return kind if name == "label" else f"{name}: {kind}"


class Evaluating:
    """Lets a space work typed sums of latents out."""

    def evaluate(self, text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Work out a typed sum of latents, such as `z("row 12") + 0.8*smile - glasses`.

        Nothing of the text is run as Python.

        Parameters
        ----------
        text
            Numbers times names, `+`, `-`, `*`, `/`, parentheses, or `a : b :: c : ?`. Names are
            `z`, `home`, `selection`, `row(12)`, `random(7)`, `mean("column", "class")`, named
            directions, and classes as pages name them, in quotes where they are no single word;
            the name of a column of numbers is the way from its lowest to its highest quarter.

        Returns
        -------
        numpy.ndarray
            (d,) float32 (see `analysis.evaluate` for what it means in curved spaces).

        Raises
        ------
        ExpressionError
            A ValueError whose `start` and `end` tell the place in the text.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        found = evaluate(parse(text), Vocabulary(space).find, space.geometry)
        return np.asarray(space.geometry.project(found), np.float32)
