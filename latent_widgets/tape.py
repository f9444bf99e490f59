"""The tape: each gesture as the Python that makes it again; the undo stack itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from latent_widgets import tape_reading, tape_text
from latent_widgets.area_names import check_entries
from latent_widgets.history import Entry, History, same
from latent_widgets.latent import check_latent, check_point
from latent_widgets.stored_directions import read_directions
from latent_widgets.tape_lines import write_line

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

_EMPTY: dict[str, Any] = {"selection": [], "favourites": [], "directions": {}, "region_names": []}


class Tape(History):
    """Every gesture of a space, in order, as data.

    Undo and redo move along it. It can be read as Python, saved, shared and replayed.

    Parameters
    ----------
    name
        The bundled space it belongs to, or None.
    latent_dim
        d.
    start
        Where it begins: `z`, `selection`, `favourites`, `directions`, `region_names` and the
        traits of panels.
    place
        Says a latent more nicely, "space.points[12]" say; None where it cannot.
    """

    def __init__(
        self,
        name: str | None,
        latent_dim: int,
        start: Mapping[str, Any],
        place: Callable[[Any], str | None] = lambda _: None,
    ) -> None:
        super().__init__(start)
        self.name = name
        self.latent_dim = latent_dim
        self.panels: dict[str, str] = {}
        """The class of each panel, by the name it has here; with ".strips", say, a part of it."""
        self._place = place

    def lines(self, *, short: bool = False, since: int = 0) -> list[str]:
        """Read the entries as lines of Python.

        Parameters
        ----------
        short
            Leave out the middle of long latents, for people to read.
        since
            The first entry to give.

        Returns
        -------
        list of str
            One line an entry, those that were undone included.
        """
        entries, before = self._read(since, len(self))
        return list(self._write(entries, before, short=short))

    def code(self) -> str:
        """Read the tape, up to where it stands, as Python that does it all again.

        Returns
        -------
        str
            A script. It makes the space where that is a bundled one; else there must be a `space`
            already. It makes the panels that gestures changed or that began as no other does.
        """
        with self._lock:
            (start, panels), usual = self._needed(), set(self.usual)
            entries, before = self._read(0, self.at)
        made = [] if self.name is None else [f"space = lw.LatentSpace({self.name!r})"]
        for name, kind in panels.items():
            owner, dot, part = kind.partition(".")
            made.append(f"{name} = lw.{owner}(space){dot}{part}")
        owners: dict[str, dict[str, Any]] = {}
        for key, value in start.items():
            # A new space has nothing of what is empty.
            if key not in usual and not (key in _EMPTY and not len(value)):
                panel, _, trait = key.partition(".")
                owners.setdefault(panel if trait else key, {})[key] = value
        made += [write_line(values, _EMPTY, self._place) for values in owners.values()]
        made += self._write(entries, before)
        head = ["import latent_widgets as lw", ""] if any("lw." in each for each in made) else []
        return "\n".join([*head, *made, ""])

    def to_json(self) -> str:
        """Write the tape as JSON, the exact numbers included; `from_json` reads it."""
        with self._lock:
            start, panels = self._needed()
            return tape_text.write(
                {
                    "name": self.name,
                    "latent_dim": self.latent_dim,
                    "panels": panels,
                    "start": {key: tape_text.plain(value) for key, value in start.items()},
                    "entries": [
                        [
                            part
                            for key, value in one.values.items()
                            for part in (key, tape_text.plain(value))
                        ]
                        for one in self.entries
                    ],
                    "at": self.at,
                }
            )

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a tape that `to_json` wrote.

        Parameters
        ----------
        text
            JSON from anywhere; nothing in it is ever executed.

        Raises
        ------
        ValueError
            If it is no tape; the sentence says what is wrong.
        """
        found = tape_reading.read(text)
        dim = found["latent_dim"]
        values = {key: _value(key, value, dim) for key, value in found["start"].items()}
        tape = cls(found["name"], dim, values)
        tape.panels = found["panels"]
        place = {key: i for i, key in enumerate(tape.start)}
        for entry in found["entries"]:
            # At once: anybody may have written how much one entry sets.
            values = {
                key: _value(key, entry[key], dim) for key in sorted(entry, key=place.__getitem__)
            }
            values = {k: v for k, v in values.items() if not same(v, tape._now[k])}
            # An entry that changes nothing would not be there again after a replay.
            if values:
                tape._append(Entry(values))
        if len(tape) == len(found["entries"]):
            tape.go(found["at"])
        return tape

    def share(self) -> str:
        """Make one short string of the tape, for a message or a link; `from_share` reads it."""
        return tape_text.pack(self.to_json())

    @classmethod
    def from_share(cls, shared: str) -> Self:
        """Read a tape that somebody shared.

        Parameters
        ----------
        shared
            What `share` gave; untrusted.

        Raises
        ------
        ValueError
            If it is something else, was damaged or is too large.
        """
        return cls.from_json(tape_text.unpack(shared))

    def replay(self, space: LatentSpace) -> None:
        """Do it all again in a space, from the start to where this tape stands.

        What was undone here is undone there. The space's own tape goes on: a replay can be undone.

        Parameters
        ----------
        space
            Of the same name, latent dimension and rows; its recorded panels bear the same names.

        Raises
        ------
        ValueError
            If the tape does not fit; the space stays as it was.
        """
        with self._lock:
            start = self._needed()[0]
            steps = [entry.values for entry in self.entries]
            at = self.at
        for values in (start, *steps):
            self._check_fits(space, values)
        tape = space.tape
        before, undone = tape._copy(), 0  # noqa: SLF001 - of the same kind
        try:
            for i, values in enumerate([start, *steps]):
                last = tape.entries[-1] if tape.entries else None
                with tape.gesture():
                    space._put(values)  # noqa: SLF001 - what a space has for its tape
                # An entry of its own, whatever it holds: arrays have no truth value.
                undone += i > at and tape.entries[-1] is not last
        except BaseException:
            with tape.still():
                space._put({key: before[-2][key] for key in start})  # noqa: SLF001
            tape._restore(before)  # noqa: SLF001
            raise
        for _ in range(undone):
            space.undo()

    def _check_fits(self, space: LatentSpace, values: Mapping[str, Any]) -> None:
        if self.name != space.name or self.latent_dim != space.latent_dim:
            raise ValueError(
                f"the tape belongs to space {self.name!r} with {self.latent_dim} dimensions, "
                f"got {space.name!r} with {space.latent_dim}"
            )
        for key, value in values.items():
            if key not in space.tape.start:
                name = key.partition(".")[0]
                kind = self.panels.get(name)
                hint = (
                    f": make one of lw.{kind.partition('.')[0]} first, as {name!r}" if kind else ""
                )
                raise ValueError(f"the tape sets {key}, which this space does not record{hint}")
            if key == "selection":
                space.data.check_rows(np.asarray(value, np.int64))
            if key == "z":
                check_point("z", value, space.latent_dim, space.geometry)
            if key == "favourites":
                type(space).favourites.validate(space, value)
            if key == "directions":
                read_directions(space, value)
            if key == "region_names":
                check_entries(value, len(space.data))

    def _needed(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Leave out what is as it always is: the start of the rest, and its panels."""
        touched = {key for entry in self.entries for key in entry.values}
        start = {k: v for k, v in self.start.items() if k in touched or k not in self.usual}
        named = {key.partition(".")[0] for key in start}
        return start, {name: kind for name, kind in self.panels.items() if name in named}

    def _read(self, since: int, until: int) -> tuple[list[Entry], dict[str, Any]]:
        """Give what lines are made of; no move waits while they are written."""
        with self._lock:
            keys: list[str] = [key for key in ("favourites", "directions") if key in self.start]
            return self.entries[since:until], {key: self._value(key, since) for key in keys}

    def _write(
        self, entries: list[Entry], before: dict[str, Any], *, short: bool = False
    ) -> Iterator[str]:
        for entry in entries:
            yield write_line(entry.values, before, self._place, short=short)
            before.update({key: entry.values[key] for key in before if key in entry.values})


def _value(key: str, value: Any, dim: int) -> Any:  # noqa: ANN401 - of any trait
    return check_latent("z", value, dim) if key == "z" else value
