"""The tape: each gesture as the Python that makes it again; the undo stack itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from latent_widgets import tape_text
from latent_widgets.history import Entry, History
from latent_widgets.latent import check_latent, check_point

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

# What a line shows of a latent whose numbers nobody reads.
_FEW = 4


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
        Where it begins: `z`, `selection` and the traits of panels.
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
        """The class of each panel, by the name it has here."""
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
        with self._lock:
            return [self._line(entry, short=short) for entry in self.entries[since:]]

    def code(self) -> str:
        """Read the tape, up to where it stands, as Python that does it all again.

        Returns
        -------
        str
            A script. It makes the space where that is a bundled one; else there must be a `space`
            already.
        """
        with self._lock:
            head = []
            if self.name is not None or self.panels:
                head += ["import latent_widgets as lw", ""]
            if self.name is not None:
                head.append(f"space = lw.LatentSpace({self.name!r})")
            head += [f"{name} = lw.{kind}(space)" for name, kind in self.panels.items()]
            # A new space has nothing selected.
            first = [pair for pair in self.start.items() if pair != ("selection", [])]
            head += [self._line(Entry(*pair)) for pair in first]
            return "\n".join([*head, *self.lines()[: self.at], ""])

    def to_json(self) -> str:
        """Write the tape as JSON, the exact numbers included; `from_json` reads it."""
        with self._lock:
            return tape_text.write(
                {
                    "name": self.name,
                    "latent_dim": self.latent_dim,
                    "panels": self.panels,
                    "start": {key: tape_text.plain(value) for key, value in self.start.items()},
                    "entries": [[key, tape_text.plain(value)] for key, value, _ in self.entries],
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
        found = tape_text.read(text)
        dim = found["latent_dim"]
        values = {key: _value(key, value, dim) for key, value in found["start"].items()}
        tape = cls(found["name"], dim, values)
        tape.panels = found["panels"]
        # An entry that changes nothing would not be there again after a replay.
        for key, value in found["entries"]:
            tape.record(key, _value(key, value, dim))
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
            start = list(self.start.items())
            steps = [(entry.key, entry.value) for entry in self.entries]
            at = self.at
        self._check_fits(space, [*start, *steps])
        before = space.tape.at
        try:
            for key, value in [*start, *steps]:
                space._put(key, value)  # noqa: SLF001 - what a space has for its tape
        except BaseException:
            space.go(before)
            raise
        for _ in range(len(steps) - at):
            space.undo()

    def _check_fits(self, space: LatentSpace, steps: list[tuple[str, Any]]) -> None:
        if self.name != space.name or self.latent_dim != space.latent_dim:
            raise ValueError(
                f"the tape belongs to space {self.name!r} with {self.latent_dim} dimensions, "
                f"got {space.name!r} with {space.latent_dim}"
            )
        known = space.tape.start
        for key, value in steps:
            if key not in known:
                name = key.partition(".")[0]
                kind = self.panels.get(name)
                hint = f": make one of lw.{kind} first, as {name!r}" if kind else ""
                raise ValueError(f"the tape sets {key}, which this space does not record{hint}")
            if key == "selection":
                space.data.check_rows(np.asarray(value, np.int64))
            if key == "z":
                check_point("z", value, space.latent_dim, space.geometry)

    def _line(self, entry: Entry, *, short: bool = False) -> str:
        key, value, _ = entry
        if key == "z":
            numbers = tape_text.exact(value)
            text = repr(numbers)
            if short and len(numbers) > 2 * _FEW:
                text = ", ".join(f"{number:.3g}" for number in numbers[:_FEW])
                text = f"[{text}, …{len(numbers) - _FEW} more]"
            return self._place(value) or f"space.z = {text}"
        whole = tape_text.plain(value)
        text = repr(whole)
        if short and isinstance(whole, list) and len(whole) > 2 * _FEW:
            text = f"[{', '.join(map(str, whole[:_FEW]))}, …{len(whole) - _FEW} more]"
        return f"space.selection = {text}" if key == "selection" else f"{key} = {text}"


def _value(key: str, value: Any, dim: int) -> Any:  # noqa: ANN401 - of any trait
    return check_latent("z", value, dim) if key == "z" else value
