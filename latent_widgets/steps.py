"""Steps through where a space has been: back, forward, home, and to where it was saved."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets as t

from latent_widgets import state
from latent_widgets.area_names import check_entries
from latent_widgets.latent import Latent
from latent_widgets.tape import Tape
from latent_widgets.tape_text import plain

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace


class Steps(t.HasTraits):
    """Goes back and forth along the tape of a LatentSpace."""

    # What a LatentSpace has.
    z: Any
    home: Latent
    selection: Any
    name: str | None
    points: Any
    _tape: Tape
    _turn: threading.Lock
    _recorded: dict[str, weakref.ref[t.HasTraits]]

    def _begin_tape(self, latent_dim: int) -> None:
        start = {"z": self.home, "selection": []}
        self._tape = Tape(self.name, latent_dim, start, self._say_place)
        self._recorded = {}

    @property
    def tape(self) -> Tape:
        """Every gesture since the space was made, in order; undo and redo move along it."""
        self._tape.name = self.name
        return self._tape

    def record(self, name: str, widget: t.HasTraits, traits: Sequence[str]) -> str:
        """Put traits of a panel on the tape, so that they are undone, saved and replayed too.

        Parameters
        ----------
        name
            What the panel is called in the tape's Python, such as "strip".
        widget
            The panel.
        traits
            Names of traits that hold plain values or latents.

        Returns
        -------
        str
            The name; with a number where another panel has it already.

        Raises
        ------
        ValueError, TypeError
            If the name is no name of lower case letters, or a trait holds something else.
        """
        if not name.isidentifier() or name != name.lower() or name in ("space", "lw"):
            raise ValueError(f"name must be a name in lower case other than space, got {name!r}")
        values = {trait: plain(getattr(widget, trait)) for trait in traits}
        count, given = 1, name
        while name in self._recorded:
            count += 1
            name = f"{given}_{count}"
        self._recorded[name] = weakref.ref(widget)
        self._tape.panels[name] = type(widget).__name__
        for trait, value in values.items():
            self._tape.know(f"{name}.{trait}", value)

        def note(change: t.Bunch) -> None:
            self._tape.record(f"{name}.{change.name}", plain(change.new))

        widget.observe(note, list(traits))
        return name

    def reset(self) -> None:
        """Go to `home`."""
        self.z = self.home

    def undo(self) -> bool:
        """Take the last gesture back, a move, a selection or a panel's choice; a drag is one.

        Returns
        -------
        bool
            Whether there was one.
        """
        return self._step(-1)

    def redo(self) -> bool:
        """Do again what was undone.

        Returns
        -------
        bool
            Whether there was something.
        """
        return self._step(1)

    def go(self, at: int) -> None:
        """Go to any place of the tape.

        Parameters
        ----------
        at
            How many of its entries are done there, from 0.

        Raises
        ------
        ValueError
            If the tape has no such place.
        """
        with self._turn:
            changed = self._tape.go(at)
        for key, value in changed.items():
            self._put(key, value)

    def state(self) -> dict[str, Any]:
        """Describe where we are.

        Returns
        -------
        dict
            Plain JSON: format version, name, latent dimension, `z`, selection, directions,
            favourites and names of regions.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        return state.save(space)

    def load_state(self, saved: Mapping[str, Any]) -> None:
        """Go where `state` said; all of it or, when something does not fit, nothing.

        Parameters
        ----------
        saved
            What `state` returned.

        Raises
        ------
        ValueError
            If it is no such description or belongs to another space.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        z, selection, directions = state.check(space, saved)
        favourites = state.check_favourites(space, saved)
        named = saved.get("region_names")
        names = None if named is None else check_entries(named, len(space.data))
        self.z, self.selection = z, selection
        if directions is not None:
            space.set_trait("directions", directions)
        if favourites is not None:
            space.favourites = favourites
        if names is not None:
            space.region_names = names

    @t.observe("selection")
    def _note_selection(self, _: t.Bunch) -> None:
        with self._turn:
            self._tape.record("selection", list(self.selection))

    def _step(self, by: int) -> bool:
        with self._turn:
            entry = self._tape.undo() if by < 0 else self._tape.redo()
        if entry is not None:
            self._put(entry.key, entry.value)
        return entry is not None

    def _put(self, key: str, value: Any) -> None:  # noqa: ANN401 - of any trait
        if key in ("z", "selection"):
            setattr(self, key, value)
            return
        name, _, trait = key.partition(".")
        widget = self._recorded[name]()
        # A panel that is gone has nothing to undo.
        if widget is not None:
            setattr(widget, trait, value)

    def _say_place(self, z: Latent) -> str | None:
        if np.array_equal(z, self.home):
            return "space.reset()"
        points = self.points
        if not len(points) or points.shape[1] != len(z):
            return None
        some = np.flatnonzero(points[:, 0] == z[0])
        rows = some[(points[some] == np.asarray(z)).all(axis=1)]
        return f"space.z = space.points[{rows[0]}]" if len(rows) else None
