"""The typed form of a panel of arithmetic, its kept results, and its way back."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
import traitlets as t

from latent_widgets.analysis.evaluation import atoms, evaluate
from latent_widgets.analysis.expression import Analogy, ExpressionError, Node, show
from latent_widgets.analysis.grammar import parse
from latent_widgets.answering import Answer
from latent_widgets.chips import Chip, bind, chips_of, write_chips
from latent_widgets.stored_directions import check_name
from latent_widgets.taped_sum import MOST_KEPT, Step, TapedSum
from latent_widgets.vocabulary import Vocabulary

_MOST_STEPS = 200
_Z = ("z", "current z")


class Typed(TapedSum):
    """Keeps `expression` and `terms` two views of one sum."""

    expression = t.Unicode("").tag(sync=True)
    """The sum as text (see `LatentSpace.evaluate`); in it `z` stays what it was when it came in.
    What is no expression raises `analysis.ExpressionError`, and nothing changes."""
    typed = t.Dict(read_only=True).tag(sync=True)
    """`z`, the result, and `why`, when chips cannot show the expression; empty otherwise."""

    # What an ArithmeticPanel has.
    analogy: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        self._alone, self._past = threading.RLock(), []
        super().__init__(*args, **kwargs)
        if not self._past:
            self._note()

    @property
    def history(self) -> tuple[str, ...]:
        """The expressions that were, oldest first; the last is the present one."""
        return tuple(step.expression for step in self._past)

    def undo(self) -> bool:
        """Take the last change of the sum back, and of nothing else; a drag is one.

        On the space's tape this is one more gesture: `LatentSpace.undo` takes it back in turn.

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
            self._tell()
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
        if len(self.kept) >= MOST_KEPT:
            raise ValueError(f"at most {MOST_KEPT} results are kept: forget one first")
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
        with self.space.tape.gesture():
            if any(atom.arguments[0] == name for atom in self._atoms()):
                self._bound = {**self._bound, name: np.asarray(self.kept[name], np.float64)}
                self._tell()
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

    def _read(self, text: str, bound: Mapping[str, Any]) -> Step:
        """Read a text without changing anything."""
        if not text.strip():
            return Step("", self._empty(), {}, {})  # type: ignore[attr-defined]
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
            return Step(text, [], {"z": point, "why": chips}, names)
        return Step(text, chips, {}, names)

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

    def _note(self) -> None:
        step = self._now()
        if not self._past or self._past[-1][:3] != step[:3]:
            if len(self._past) > 1 and self.gesture and self.gesture == self._gesture:
                self._past.pop()
            self._gesture = self.gesture
            self._past = [*self._past, step][-_MOST_STEPS:]
        self._tell()

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
