"""Who is writing: the page on this thread, and what each page has asked so far."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from latent_widgets.frame import Asker
from latent_widgets.latent import Latent

_MOST_PAGES = 32


class Askers:
    """Remembers the newest request of each page, and which page writes on which thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._asker = threading.local()
        self._heard: dict[str, int] = {}
        self._moving: dict[str, tuple[str | None, bytes]] = {}

    @property
    def asker(self) -> Asker:
        """Who is writing on this thread; nobody when it is Python."""
        asker: Asker = getattr(self._asker, "now", Asker())
        return asker

    @contextmanager
    def asked_by(self, asker: Asker) -> Iterator[None]:
        """Say for a while who is writing on this thread.

        Parameters
        ----------
        asker
            The page and its request.
        """
        before, self._asker.now = self.asker, asker
        try:
            yield
        finally:
            self._asker.now = before

    def hear(self, asker: Asker) -> bool:
        """Note a request of a page.

        Parameters
        ----------
        asker
            The page and its request.

        Returns
        -------
        bool
            False when a newer request of the same page came first: this one is too late.
        """
        if asker.client is None:
            return True
        with self._lock:
            if asker.seq <= self._heard.get(asker.client, -1):
                return False
            # Pages come and go; only those that spoke last are remembered.
            self._heard.pop(asker.client, None)
            self._heard[asker.client] = asker.seq
            while len(self._heard) > _MOST_PAGES:
                gone = next(iter(self._heard))
                del self._heard[gone]
                self._moving.pop(gone, None)
            return True

    def rests(self, asker: Asker, z: Latent) -> bool:
        """Tell a hand that came to rest from one that moved.

        Parameters
        ----------
        asker
            The page and its request; those of a page come here in their order.
        z
            (d,) where its hand is.

        Returns
        -------
        bool
            True when this page has said while moving, in the same gesture, that it is there:
            whoever has moved the latent since then was later.
        """
        if asker.client is None:
            return False
        now = (asker.gesture, z.tobytes())
        with self._lock:
            before = self._moving.pop(asker.client, None)
            if asker.moving:
                self._moving[asker.client] = now
        return not asker.moving and before == now
