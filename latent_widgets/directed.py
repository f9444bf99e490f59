"""The named directions of a space, for every panel to go along."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.direction import Direction
from latent_widgets.stored_directions import (
    MOST,
    check_direction,
    check_name,
    find_direction,
    new_name,
    plain_directions,
    read_directions,
)

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace
    from latent_widgets.tape import Tape

_OLD = ", of an earlier model"
_turn = threading.Lock()
# What was let go of may be wanted back with the rows it was made of, unless those are many.
_MOST_LEFT, _MOST_BYTES = 50, 16 * 2**20


def _to_page(directions: Mapping[str, Direction], _: object) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "vector": codec.floats_to_bytes(np.float32(one.vector)),
            "base": codec.floats_to_bytes(np.float32(one.base)),
            "scale": one.scale,
            "method": one.method,
            "about": one.about,
        }
        for name, one in directions.items()
    }


class Directed(t.HasTraits):
    """Lets a space keep directions by name."""

    directions = t.Dict(read_only=True).tag(sync=True, to_json=_to_page)
    """`analysis.Direction` by name; pages get `vector`, `base`, `scale`, `method` and `about`."""

    facts: Any
    replaced: int
    _tape: Tape
    _directed = 0
    _left: Mapping[bytes, Direction] = {}
    """Directions that are no longer here, by `_mark`."""

    def add_direction(self, name: str, direction: Direction | npt.ArrayLike) -> Direction:
        """Name a direction; every panel can go along it from now on.

        Parameters
        ----------
        name
            Begins with a letter or digit, at most 60 characters.
        direction
            From `analysis.direction` and its like, or (d,) numbers, of which only the way
            counts: a step is as long as the rows are spread along it.

        Returns
        -------
        Direction
            As it is kept, under its name.

        Raises
        ------
        ValueError
            If the name is taken or of other characters, or the direction does not fit.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        known = check_name(name)
        found = check_direction(space, known, direction)
        with _turn:
            new_name(space, known)
            if len(self.directions) >= MOST:
                raise ValueError(f"a space keeps at most {MOST} directions: remove one first")
            self.set_trait("directions", {**self.directions, known: found})
        return found

    def remove_direction(self, name: str) -> None:
        """Forget a direction.

        Parameters
        ----------
        name
            As it was added.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        with _turn:
            find_direction(self, name)  # type: ignore[arg-type]
            kept = {key: one for key, one in self.directions.items() if key != name}
            self.set_trait("directions", kept)

    def rename_direction(self, name: str, new: str) -> None:
        """Give a direction another name; it keeps its place.

        Parameters
        ----------
        name
            As it was added.
        new
            As for `add_direction`.

        Raises
        ------
        ValueError
            If there is none of that name, or the new one is taken or does not fit.
        """
        fresh = check_name(new)
        with _turn:
            one = find_direction(self, name)  # type: ignore[arg-type]
            if fresh != name:
                new_name(self, fresh)  # type: ignore[arg-type]
            renamed = {
                fresh if key == name else key: replace(one, name=fresh) if key == name else other
                for key, other in self.directions.items()
            }
            self.set_trait("directions", renamed)

    def _told_directions(self) -> dict[str, Any]:
        """Describe the directions as the tape has them, whatever became of the model."""
        told = plain_directions(self)  # type: ignore[arg-type]
        return {
            name: {**one, "about": one["about"].removesuffix(_OLD)} for name, one in told.items()
        }

    def _put_directions(self, told: Mapping[str, Any]) -> None:
        """Have the directions that the tape says; those known here with what they came from."""
        found = read_directions(self, told)  # type: ignore[arg-type]
        with _turn:
            known = {**self._left, **{_mark(one): one for one in self.directions.values()}}
            put = {
                name: replace(known.get(_mark(one), one), name=name) for name, one in found.items()
            }
            self.set_trait("directions", put)

    @t.observe("directions")
    def _note_directions(self, change: t.Bunch) -> None:
        here = {_mark(one) for one in change.new.values()}
        for one in (change.old or {}).values():
            if one.evidence is None or one.evidence.rows.nbytes <= _MOST_BYTES:
                self._left = {**self._left, _mark(one): one}
        left = [pair for pair in self._left.items() if pair[0] not in here]
        self._left = dict(left[-_MOST_LEFT:])
        self._tape.record("directions", self._told_directions())

    @t.observe("facts")
    def _outdate(self, _: object) -> None:
        # Of another model the latents mean something else: what was learned is told, not trusted.
        if self.replaced == self._directed:
            return
        self._directed = self.replaced
        with _turn:
            self.set_trait("directions", _outdated(self.directions))
            self._left = _outdated(self._left)


def _outdated(directions: Mapping[Any, Direction]) -> dict[Any, Direction]:
    return {
        key: replace(one, evidence=None, about=one.about.removesuffix(_OLD) + _OLD)
        for key, one in directions.items()
    }


def _mark(one: Direction) -> bytes:
    return np.array([*one.vector, *one.base, one.scale], np.float64).tobytes()
