"""The typed form of a panel of arithmetic, its kept results, and its way back."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import traitlets as t

from latent_widgets.analysis.evaluation import Place, Way, atoms, evaluate
from latent_widgets.analysis.expression import Analogy, ExpressionError, Node, show
from latent_widgets.analysis.grammar import parse
from latent_widgets.answering import Answer
from latent_widgets.chips import Chip, bind, chips_of, write_chips
from latent_widgets.stored_directions import check_name
from latent_widgets.vocabulary import Vocabulary

_MOST_STEPS = 200
_MOST_KEPT = 50
_Z = ("z", "current z")


class _Step(NamedTuple):
    expression: str
    terms: list[Chip]
    typed: dict[str, Any]
    bound: dict[str, Place | Way]


class Typed(t.HasTraits):
    """Keeps `expression` and `terms` two views of one sum."""

    expression = t.Unicode("").tag(sync=True)
    """The sum as text (see `LatentSpace.evaluate`); in it `z` stays what it was when it came in.
    What is no expression raises `analysis.ExpressionError`, and nothing changes."""
    typed = t.Dict(read_only=True).tag(sync=True)
    """`z`, the result, and `why`, when chips cannot show the expression; empty otherwise."""
    kept = t.Dict(read_only=True).tag(sync=True)
    """Results that have a name, d numbers each, to be used in the next expression."""
    gesture = t.Unicode("").tag(sync=True, echo_update=False)
    """A name for one drag on the page, so that it undoes as one step."""
    steps = t.Int(0, read_only=True).tag(sync=True)
    """How many steps can be undone."""

    # What an ArithmeticPanel has.
    space: Any
    terms: Any
    analogy: Any

    _bound: Mapping[str, Place | Way] = {}
    _busy = False
    _gesture = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        self._alone = threading.RLock()
        self._past: list[_Step] = []
        super().__init__(*args, **kwargs)
        if not self._past:
            self._note()

    @property
    def history(self) -> tuple[str, ...]:
        """The expressions that were, oldest first; the last is the present one."""
        return tuple(step.expression for step in self._past)

    def undo(self) -> bool:
        """Take the last change of the sum back; a drag is one.

        Returns
        -------
        bool
            Whether there was one.
        """
        with self._alone:
            if len(self._past) < 2:
                return False
            self._past.pop()
            self._gesture = ""
            before = self._past[-1]
            self._bound = before.bound
            self._put(before.expression, before.terms, before.typed)
            self.set_trait("steps", len(self._past) - 1)
        return True

    def keep(self, name: str | None = None) -> str:
        """Give the result a name, to use it in the next expression.

        Parameters
        ----------
        name
            Begins with a letter or digit, at most 60 characters; "result 1" and so on when None.

        Returns
        -------
        str
            The name.

        Raises
        ------
        ValueError
            If there is no result, the name is taken or of other characters, or 50 are kept.
        """
        found = self.result.tolist()  # type: ignore[attr-defined]
        known = set(self._words().known())
        if name is None:
            free = (f"result {i}" for i in range(1, len(known) + 2))
            name = next(one for one in free if one not in known)
        name = check_name(name)
        if name in known:
            raise ValueError(f"name must be a new one, got {name!r}, which is taken")
        if len(self.kept) >= _MOST_KEPT:
            raise ValueError(f"at most {_MOST_KEPT} results are kept: forget one first")
        self.set_trait("kept", {**self.kept, name: found})
        return name

    def forget(self, name: str) -> None:
        """Let go of a kept result; sums that use it stay.

        Parameters
        ----------
        name
            As it was kept.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        if name not in self.kept:
            raise ValueError(f"name must be one of {list(self.kept)}, got {name!r:.60}")
        if any(atom.arguments[0] == name for atom in self._atoms()):
            self._bound = {**self._bound, name: np.asarray(self.kept[name], np.float64)}
        self.set_trait("kept", {key: z for key, z in self.kept.items() if key != name})

    def _words(self, bound: Mapping[str, Any] | None = None) -> Vocabulary:
        return Vocabulary(self.space, {**(self._bound if bound is None else bound), **self.kept})

    def _atoms(self) -> list[Any]:
        return list(atoms(parse(self.expression))) if self.expression else []

    def _chip_of_direction(self, name: str) -> Chip:
        one = self.space.directions[name]
        return {
            "name": name,
            "z": (one.scale * np.float64(one.vector)).tolist(),
            "base": np.float64(one.base).tolist(),
        }

    def _read(self, text: str, bound: Mapping[str, Any]) -> _Step:
        """Read a text without changing anything."""
        if not text.strip():
            return _Step("", self._empty(), {}, {})  # type: ignore[attr-defined]
        node = parse(text)
        used = {str(atom.arguments[0]) for atom in atoms(node) if atom.function == "z"}
        names = {name: z for name, z in bound.items() if name in used}
        for name in used.intersection(_Z).difference(names):
            names[name] = np.float64(self.space.z)
        find = self._words(names).find
        z = evaluate(node, find, self.space.geometry)
        chips = chips_of(node, find, self.space)
        if isinstance(chips, str):
            point = np.asarray(self.space.geometry.project(z), np.float32).tolist()
            return _Step(text, [], {"z": point, "why": chips}, names)
        return _Step(text, chips, {}, names)

    @t.validate("expression")
    def _check_expression(self, proposal: t.Bunch) -> str:
        text: str = proposal.value
        if not self._busy:
            self._next = self._read(text, self._bound)
        return text

    @t.observe("expression")
    def _show_chips(self, _: t.Bunch) -> None:
        with self._alone:
            if self._busy:
                return
            self._bound = self._next.bound
            self._put(self._next.expression, self._next.terms, self._next.typed)
            self._note()

    @t.observe("terms")
    def _show_text(self, _: t.Bunch) -> None:
        with self._alone:
            if self._busy:
                return
            own = {**self._bound, **{name: np.float64(z) for name, z in self.kept.items()}}
            text, bound = write_chips(self.terms, self._words().find, own)
            self._bound = {name: z for name, z in bound.items() if name not in self.kept}
            self._put(text, self.terms, {})
            self._note()

    def _put(self, text: str, terms: list[Chip], typed: dict[str, Any]) -> None:
        with self._no_echo():
            self.set_trait("typed", typed)
            self.terms = terms
            self.expression = text

    @contextmanager
    def _no_echo(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False

    def _note(self) -> None:
        step = _Step(self.expression, self.terms, dict(self.typed), dict(self._bound))
        if self._past and self._past[-1][:3] == step[:3]:
            return
        if len(self._past) > 1 and self.gesture and self.gesture == self._gesture:
            self._past.pop()
        self._gesture = self.gesture
        self._past = [*self._past, step][-_MOST_STEPS:]
        self.set_trait("steps", len(self._past) - 1)

    def _hear_text(self, content: dict[str, Any], _: object) -> Answer:
        text, self.gesture = str(content.get("text")), str(content.get("gesture"))[:64]
        try:
            self.expression = text
        except ExpressionError as error:
            problem = {"sentence": str(error), "start": error.start, "end": error.end}
            return {"problem": problem}, []
        return {"problem": None}, []

    def _hear_compare(self, *_: object) -> Answer:
        if any(slot["z"] is None for slot in self.analogy):
            raise ValueError("all three slots of an analogy must be filled")
        bound: dict[str, Any] = {}
        own = {name: np.float64(z) for name, z in self.kept.items()}
        find = Vocabulary(self.space, own).find
        found: list[Node] = [bind(slot, find, {**own, **bound}, bound) for slot in self.analogy]
        self.gesture = ""
        self._bound = {**self._bound, **bound}
        self.expression = show(Analogy(*found))
        return {}, []

    def _hear_keep(self, content: dict[str, Any], _: object) -> Answer:
        name = content.get("name")
        return {"name": self.keep(str(name) if name else None)}, []

    def _hear_forget(self, content: dict[str, Any], _: object) -> Answer:
        self.forget(str(content.get("name")))
        return {}, []

    def _hear_undo(self, *_: object) -> Answer:
        return {"undone": self.undo()}, []
