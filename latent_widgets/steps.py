"""Steps through where a space has been: back, forward, home, and to where it was saved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from latent_widgets import state
from latent_widgets.history import History
from latent_widgets.latent import Latent

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace


class Steps:
    """Goes back and forth between the places of a LatentSpace."""

    # What a LatentSpace has.
    z: Any
    home: Latent
    selection: Any
    _history: History
    _turn: threading.Lock

    def reset(self) -> None:
        """Go to `home`."""
        self.z = self.home

    def undo(self) -> bool:
        """Go one step back; a drag is one step.

        Returns
        -------
        bool
            Whether there was one.
        """
        return self._step(self._history.undo)

    def redo(self) -> bool:
        """Go one step forward again.

        Returns
        -------
        bool
            Whether there was one.
        """
        return self._step(self._history.redo)

    def state(self) -> dict[str, Any]:
        """Describe where we are.

        Returns
        -------
        dict
            Plain JSON: format version, name, latent dimension, `z`, selection and directions.
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
        self.z, self.selection = z, selection
        if directions is not None:
            space.set_trait("directions", directions)

    def _step(self, turn: Callable[[], Latent | None]) -> bool:
        with self._turn:
            z = turn()
        if z is not None:
            self.z = z
        return z is not None
