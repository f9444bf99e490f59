"""Sums of latents as people type them: `z("row 12") + 0.8*smile - glasses`. Read, never run."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from latent_widgets.analysis.expression import (
    Analogy,
    Atom,
    ExpressionError,
    Node,
    Scaled,
    Sum,
)

MOST_CHARACTERS = 2_000
MOST_TERMS = 200
MOST_DEPTH = 50

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<word>[^\W\d]\w*)"
    r"|(?P<text>\"[^\"]*\"|'[^']*')|(?P<sign>::|[-+*/(),:?]))"
)
# How many arguments each function takes, and what they are.
_FUNCTIONS: dict[str, tuple[type, ...]] = {"z": (str,), "row": (int,), "mean": (str, str)}
_WORDS = {str: "a text in quotes", int: "a whole number"}


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def parse(text: str) -> Node:
    """Read an expression.

    Parameters
    ----------
    text
        Names, bare or in quotes; numbers times latents; `+`, `-`, `*`, `/`, parentheses;
        `z("name")`, `row(12)`, `mean("column", "class")`, `random(7)`; or an analogy
        `a : b :: c : ?`. At most 2,000 characters, 200 terms and 50 parentheses deep.

    Returns
    -------
    Node
        What it says; nothing of it is looked up.

    Raises
    ------
    ExpressionError
        If it is none; `start` and `end` tell the place.
    """
    if not isinstance(text, str):
        raise ExpressionError(f"an expression must be a text, got {type(text).__name__}", 0, 0)
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(
            f"an expression must have at most {MOST_CHARACTERS:,} characters, got {len(text):,}",
            MOST_CHARACTERS,
            len(text),
        )
    return _Reader(text).whole()


class _Reader:
    """Reads by recursive descent (Aho et al. 2006, section 4.4), one method a rule."""

    def __init__(self, text: str) -> None:
        self._text, self._tokens = text, _split(text)
        self._at = self._depth = self._terms = 0

    def whole(self) -> Node:
        first = self._sum()
        if self._sign() != ":":
            self._end()
            return first
        self._next()
        second = self._sum()
        self._expect("::")
        third = self._sum()
        self._expect(":")
        self._expect("?")
        self._end()
        return Analogy(first, second, third)

    def _sum(self) -> Node:
        start = self._here.start
        return self._latent(self._sum_or_number(), start)

    def _sum_or_number(self) -> Node | float:
        start = self._here.start
        found = self._product()
        if self._sign() not in ("+", "-"):
            return found
        parts = [self._latent(found, start)]
        while self._sign() in ("+", "-"):
            minus = self._next().text == "-"
            start = self._here.start
            part = self._latent(self._product(), start)
            parts.append(_scaled(-1.0, part) if minus else part)
        return Sum(tuple(parts))

    def _latent(self, found: Node | float, start: int) -> Node:
        if isinstance(found, float):
            end = self._tokens[self._at - 1].end
            raise ExpressionError("a number must be times a latent, such as 0.8*smile", start, end)
        return found

    def _product(self) -> Node | float:
        found = self._factor()
        while self._sign() in ("*", "/"):
            sign = self._next()
            other = self._factor()
            if sign.text == "/":
                if not isinstance(other, float) or other == 0:
                    what = "zero" if other == 0 else "a latent"
                    raise ExpressionError(f"nothing can be divided by {what}", *sign[2:])
                other = 1 / other
            if isinstance(found, float):
                found = found * other if isinstance(other, float) else _scaled(found, other)
            elif isinstance(other, float):
                found = _scaled(other, found)
            else:
                raise ExpressionError("two latents cannot be multiplied", *sign[2:])
            self._finite(found, sign)
        return found

    def _factor(self) -> Node | float:
        token = self._next()
        if token.text == "-" and token.kind == "sign":
            inner = self._deeper(token, self._factor)
            return -inner if isinstance(inner, float) else _scaled(-1.0, inner)
        if token.text == "(" and token.kind == "sign":
            inner = self._deeper(token, self._sum_or_number)
            self._expect(")")
            return inner
        if token.kind == "number":
            number = float(token.text)
            self._finite(number, token)
            return number
        self._terms += 1
        if self._terms > MOST_TERMS:
            sentence = f"an expression must have at most {MOST_TERMS} terms"
            raise ExpressionError(sentence, token.start, len(self._text))
        if token.kind == "text":
            return Atom("z", (token.text[1:-1],), *token[2:])
        if token.kind == "word":
            return self._call(token) if self._sign() == "(" else _named(token)
        what = "the end" if token.kind == "end" else repr(token.text)
        raise ExpressionError(f"a latent is expected here, got {what}", *token[2:])

    def _call(self, name: _Token) -> Atom:
        kinds = (int,) if name.text == "random" else _FUNCTIONS.get(name.text)
        if kinds is None:
            known = ", ".join([*_FUNCTIONS, "random"])
            raise ExpressionError(
                f"there is no function {name.text!r}; there are {known}", *name[2:]
            )
        self._expect("(")
        given = [self._argument(name, kinds[0])]
        for kind in kinds[1:]:
            self._expect(",")
            given.append(self._argument(name, kind))
        last = self._expect(")")
        return Atom(name.text, tuple(given), name.start, last.end)

    def _argument(self, name: _Token, kind: type) -> str | int:
        token = self._next()
        if kind is str and token.kind == "text":
            return token.text[1:-1]
        if kind is int and token.kind == "number" and token.text.isdigit():
            return int(token.text)
        raise ExpressionError(f"{name.text}(...) needs {_WORDS[kind]} here", *token[2:])

    def _deeper(self, token: _Token, rule: Callable[[], Node | float]) -> Node | float:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise ExpressionError(f"an expression must be at most {MOST_DEPTH} deep", *token[2:])
        found = rule()
        self._depth -= 1
        return found

    def _finite(self, found: Node | float, token: _Token) -> None:
        value = found.weight if isinstance(found, Scaled) else found
        if isinstance(value, float) and not math.isfinite(value):
            raise ExpressionError("this number is too large", *token[2:])

    @property
    def _here(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._here
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _sign(self) -> str:
        return self._here.text if self._here.kind == "sign" else ""

    def _expect(self, sign: str) -> _Token:
        token = self._next()
        if token.kind != "sign" or token.text != sign:
            got = "the end" if token.kind == "end" else repr(token.text)
            raise ExpressionError(f"{sign!r} is expected here, got {got}", *token[2:])
        return token

    def _end(self) -> None:
        token = self._here
        if token.kind != "end":
            raise ExpressionError(f"{token.text!r} is not expected here", *token[2:])


def _split(text: str) -> list[_Token]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            quote = text[start] in "\"'"
            sentence = "this quote is never closed" if quote else f"{text[start]!r} means nothing"
            raise ExpressionError(sentence, start, len(text) if quote else start + 1)
        kind = str(found.lastgroup)
        tokens.append(_Token(kind, found[kind], found.start(kind), found.end()))
        at = found.end()
    return [*tokens, _Token("end", "", len(text), len(text))]


def _named(token: _Token) -> Atom:
    return Atom("z", (token.text,), token.start, token.end)


def _scaled(weight: float, of: Node) -> Node:
    return Scaled(weight * of.weight, of.of) if isinstance(of, Scaled) else Scaled(weight, of)
