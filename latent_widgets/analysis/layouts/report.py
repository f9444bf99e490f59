"""What a layout tells while it forms: how far it is, and where the rows are now."""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.base import Array, Snapshot
from latent_widgets.progress import Progress

_SECONDS_BETWEEN_PICTURES = 0.25


class Reporter:
    """Passes on what a layout says, and pictures of it a few times a second.

    Parameters
    ----------
    progress
        Called with (share, words); what it raises stops the layout.
    snapshot
        Called with (n, dim) float32 places, centred.
    """

    def __init__(self, progress: Progress | None = None, snapshot: Snapshot | None = None) -> None:
        self._progress = progress
        self._snapshot = snapshot
        self._shown = -np.inf

    def say(self, share: float, words: str) -> None:
        """Tell how far the work is, `share` in [0, 1]."""
        if self._progress is not None:
            self._progress(share, words)

    def show(self, xy: npt.ArrayLike) -> None:
        """Show where the rows are, if the last look was long enough ago."""
        now = time.monotonic()
        if self._snapshot is not None and now - self._shown >= _SECONDS_BETWEEN_PICTURES:
            self._shown = now
            self._snapshot(centred(xy))


def centred(xy: npt.ArrayLike) -> Array:
    """Move places (n, dim) so that their mean is zero: a copy in float32."""
    places = np.asarray(xy, np.float64)
    return np.asarray(places - places.mean(axis=0), np.float32)
