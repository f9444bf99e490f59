"""What a sum of latents says, as a tree: written out, multiplied out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

_PLAIN = re.compile(r"[^\W\d]\w*\Z")


class ExpressionError(ValueError):
    """Raised for a text that is no expression, or one that cannot be worked out.

    Parameters
    ----------
    sentence
        What is wrong.
    start, end
        Where: characters of the text from `start` up to `end`.
    """

    def __init__(self, sentence: str, start: int, end: int) -> None:
        super().__init__(sentence)
        self.start, self.end = start, end


@dataclass(frozen=True)
class Atom:
    """A latent or a direction by name.

    Parameters
    ----------
    function
        "z" of a name, as `z("row 12")` and a bare word mean it; "row" of a row id; "mean" of a
        column and a class; "random" of a seed.
    arguments
        What it is given.
    start, end
        Where it stands in the text; two atoms at other places are equal.
    """

    function: str
    arguments: tuple[str | int, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Scaled:
    """A latent times a number."""

    weight: float
    of: Node


@dataclass(frozen=True)
class Sum:
    """Two or more added up."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Analogy:
    """As `b` is to `a`, so what is sought is to `c`: `a : b :: c : ?`."""

    a: Node
    b: Node
    c: Node


Node = Atom | Scaled | Sum | Analogy


def show(node: Node) -> str:
    """Write an expression as `parse` reads it.

    Parameters
    ----------
    node
        What it says.

    Returns
    -------
    str
        Such as `z("row 12") + 0.8*smile - glasses`.
    """
    if isinstance(node, Analogy):
        return f"{show(node.a)} : {show(node.b)} :: {show(node.c)} : ?"
    if isinstance(node, Sum):
        written = _within(node.parts[0])
        for part in node.parts[1:]:
            negative = isinstance(part, Scaled) and _minus(part.weight)
            sign, part = ("-", _turned(part)) if negative else ("+", part)  # noqa: PLW2901
            written += f" {sign} {_within(part)}"
        return written
    if isinstance(node, Scaled):
        times = "-" if node.weight == -1 else f"{_number(node.weight)}*"
        return f"{times}{_within(node.of, tight=True)}"
    return _atom(node)


def flatten(node: Node) -> list[tuple[float, Atom]]:
    """Multiply out, as flat spaces allow.

    Parameters
    ----------
    node
        An expression.

    Returns
    -------
    list of (float, Atom)
        Weighted atoms whose sum it is; one for each different atom, in order of appearance.
    """
    terms: dict[Atom, float] = {}

    def add(weight: float, of: Node) -> None:
        if isinstance(of, Atom):
            terms[of] = terms.get(of, 0.0) + weight
        elif isinstance(of, Scaled):
            add(weight * of.weight, of.of)
        elif isinstance(of, Sum):
            for part in of.parts:
                add(weight, part)
        else:
            for part, sign in ((of.c, 1), (of.b, 1), (of.a, -1)):
                add(sign * weight, part)

    add(1.0, node)
    return [(weight, atom) for atom, weight in terms.items()]


def _number(weight: float) -> str:
    return repr(float(weight)).removesuffix(".0")


def _minus(weight: float) -> bool:
    return math.copysign(1, weight) < 0


def _turned(part: Node) -> Node:
    if not isinstance(part, Scaled):
        return part
    return part.of if part.weight == -1 else Scaled(-part.weight, part.of)


def _within(node: Node, *, tight: bool = False) -> str:
    loose = isinstance(node, Sum) or (tight and isinstance(node, Scaled))
    return f"({show(node)})" if loose else show(node)


def _atom(atom: Atom) -> str:
    if atom.function == "z" and _PLAIN.match(str(atom.arguments[0])):
        return str(atom.arguments[0])
    quoted = [
        str(one) if isinstance(one, int) else f"'{one}'" if '"' in one else f'"{one}"'
        for one in atom.arguments
    ]
    return f"{atom.function}({', '.join(quoted)})"
