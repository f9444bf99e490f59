"""The undo stack of one latent."""

from __future__ import annotations

import numpy as np

from latent_widgets.latent import Latent


class History:
    """Where `z` has been: one step per gesture, however many values a drag passed through.

    Parameters
    ----------
    start
        (d,) the first value.
    limit
        How many steps back are kept.
    """

    def __init__(self, start: Latent, limit: int = 100) -> None:
        self._steps = [start]
        self._gestures: list[str | None] = [None]
        self._at = 0
        self._limit = limit

    def record(self, z: Latent, gesture: str | None = None) -> None:
        """Remember a value; within one named gesture the newest replaces the one before.

        Parameters
        ----------
        z
            (d,) the value reached.
        gesture
            A name shared by all values of one drag; None makes a step of its own.
        """
        if np.array_equal(z, self._steps[self._at]):
            return
        del self._steps[self._at + 1 :], self._gestures[self._at + 1 :]
        if gesture is not None and gesture == self._gestures[-1]:
            self._steps[-1] = z
            if self._at and np.array_equal(z, self._steps[-2]):
                # Back where the drag began: there is nothing to undo.
                del self._steps[-1], self._gestures[-1]
                self._at -= 1
            return
        self._steps.append(z)
        self._gestures.append(gesture)
        if len(self._steps) > self._limit + 1:
            del self._steps[0], self._gestures[0]
        self._at = len(self._steps) - 1

    def undo(self) -> Latent | None:
        """Go one step back.

        Returns
        -------
        numpy.ndarray or None
            The value before, or None at the beginning.
        """
        if self._at == 0:
            return None
        self._at -= 1
        return self._steps[self._at]

    def redo(self) -> Latent | None:
        """Go one step forward again.

        Returns
        -------
        numpy.ndarray or None
            The value after, or None at the end.
        """
        if self._at == len(self._steps) - 1:
            return None
        self._at += 1
        return self._steps[self._at]
