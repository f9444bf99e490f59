"""Steps through where a space has been: back, forward, home, and to where it was saved."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets as t

from latent_widgets import state
from latent_widgets.area_names import check_entries
from latent_widgets.history import same
from latent_widgets.latent import Latent
from latent_widgets.row_finder import RowFinder
from latent_widgets.tape import Tape
from latent_widgets.tape_text import SPACES, held, plain

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace


class Steps(t.HasTraits):
    """Goes back and forth along the tape of a LatentSpace."""

    # What a LatentSpace has.
    z: Any
    home: Latent
    selection: Any
    favourites: Any
    region_names: Any
    name: str | None
    points: Any
    _told_directions: Callable[[], dict[str, Any]]
    _put_directions: Callable[[Mapping[str, Any]], None]
    _tape: Tape
    _turn: threading.Lock
    _recorded: dict[str, weakref.ref[t.HasTraits]]
    _row_finder: RowFinder

    def _begin_tape(self, latent_dim: int) -> None:
        start = {"z": self.home, "selection": []}
        self._tape = Tape(self.name, latent_dim, start, self._say_place)
        self._tape.know("favourites", np.zeros((0, latent_dim), np.float32), usual=True)
        self._tape.know("directions", self._told_directions(), usual=True)
        self._tape.know("region_names", plain(self.region_names), usual=True)
        self._recorded, self._row_finder = {}, RowFinder()

    @property
    def tape(self) -> Tape:
        """Every gesture since the space was made, in order; undo and redo move along it."""
        self._tape.name = self.name
        return self._tape

    def record(
        self,
        name: str,
        widget: t.HasTraits,
        traits: Sequence[str],
        usual: Collection[str] = (),
    ) -> str:
        """Put traits of a panel on the tape, so that they are undone, saved and replayed too.

        Parameters
        ----------
        name
            What the panel is called in the tape's Python, such as "strip".
        widget
            The panel.
        traits
            Names of traits that hold plain values or arrays, in an order in which they can be set.
        usual
            Those that begin in each such panel as they do here, and that the tape's Python need
            not set.

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
        values = {trait: held(getattr(widget, trait)) for trait in traits}
        count, given = 1, name
        while name in self._recorded:
            count += 1
            name = f"{given}_{count}"
        self._recorded[name] = weakref.ref(widget)
        self._tape.panels[name] = getattr(widget, "_tape_class", type(widget).__name__)
        for trait, value in values.items():
            self._tape.know(f"{name}.{trait}", value, usual=trait in usual)

        def note(change: t.Bunch) -> None:
            self._tape.record(f"{name}.{change.name}", held(change.new))

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
        with self._tape.still():
            self._put(changed)

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
        with self._tape.gesture():
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

    @t.observe("favourites")
    def _note_favourites(self, _: t.Bunch) -> None:
        self._tape.record("favourites", self.favourites)

    @t.observe("region_names")
    def _note_names(self, _: t.Bunch) -> None:
        self._tape.record("region_names", plain(self.region_names))

    def _step(self, by: int) -> bool:
        with self._turn:
            changed = self._tape.undo() if by < 0 else self._tape.redo()
        if changed is not None:
            with self._tape.still():
                self._put(changed)
        return changed is not None

    def _put(self, values: Mapping[str, Any]) -> None:
        """Set what belongs together, in whatever order it fits."""
        waiting = dict(values)
        while waiting:
            refused: dict[str, Any] = {}
            for key, value in waiting.items():
                try:
                    self._put_one(key, value)
                except (ValueError, TypeError, t.TraitError) as error:
                    refused[key], problem = value, error
            if len(refused) == len(waiting):
                raise problem
            waiting = refused
        # One may have moved another; all are meant, as is what the tape has of the same panels.
        panels = {key.partition(".")[0] for key in values} - set(SPACES)
        beside = {k: v for k, v in self._tape._now.items() if k.partition(".")[0] in panels}  # noqa: SLF001
        for key, value in {**beside, **values}.items():
            if not same(held(self._get(key)), held(value)):
                self._put_one(key, value)

    def _put_one(self, key: str, value: Any) -> None:  # noqa: ANN401 - of any trait
        found = self._find(key)
        if key == "directions":
            self._put_directions(value)
        elif found is not None:
            setattr(*found, value)

    def _get(self, key: str) -> Any:  # noqa: ANN401
        found = self._find(key)
        if key == "directions":
            return self._told_directions()
        return None if found is None else getattr(*found)

    def _find(self, key: str) -> tuple[t.HasTraits, str] | None:
        """Say whose trait a key is; None where that panel is gone and has nothing to undo."""
        if key in SPACES:
            return self, key
        name, _, trait = key.partition(".")
        widget = self._recorded[name]()
        if widget is None or getattr(widget, "comm", self) is None:
            return None
        return widget, trait

    def _say_place(self, z: Latent) -> str | None:
        if np.array_equal(z, self.home):
            return "space.reset()"
        points = self.points
        if not len(points) or points.shape[1] != len(z):
            return None
        row = self._row_finder.find(points, np.asarray(z))
        return None if row is None else f"space.z = space.points[{row}]"
