"""A picture at rest, to the last bit, in the form that arrives soonest."""

from __future__ import annotations

import time
from collections.abc import Callable

from latent_widgets import codec
from latent_widgets.codec import Packed, Pictures

_TRIES = 3


class Lossless:
    """Chooses between packing well and sending as it is.

    Parameters
    ----------
    clock
        Seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._tries = 0
        self._seconds = 0.0
        self._share = 0.0

    def pack(self, pictures: Pictures, rate: float) -> Packed:
        """Pack an atlas.

        Parameters
        ----------
        pictures
            (n, H, W, C) uint8.
        rate
            What the link carries, bytes a second.

        Returns
        -------
        Packed
            As it is when small, or when packing took longer than it saves on this link; else
            packed.
        """
        size = pictures.nbytes
        # Seconds and share are of one byte.
        pays = self._seconds <= (1 - self._share) / rate
        if codec.is_large(pictures.shape) and (pays or self._tries < _TRIES):
            start = self._clock()
            packed = codec.to_webp(pictures)
            if packed is not None:
                seconds = (self._clock() - start) / size
                # The first try waits for a library, any may for another process.
                self._seconds = min(seconds, self._seconds) if self._tries else seconds
                self._tries += 1
                self._share = len(packed.data) / size
                return packed
        return Packed("raw", pictures.tobytes())
