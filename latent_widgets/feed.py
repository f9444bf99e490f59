"""From `z` to pictures on every page: who asked, what is newest, what was shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from latent_widgets import codec
from latent_widgets.backends.local import LocalBackend
from latent_widgets.failure import explain
from latent_widgets.frame import Asker, Frame
from latent_widgets.latent import Latent

Content = dict[str, Any]
Send = Callable[[Content, list[bytes]], None]
Decode = Callable[[Latent], Tensor | None]

# The server of a notebook drops what exceeds 1,000 messages a second; no eye follows 60.
_SECONDS_BETWEEN_UNASKED_FRAMES = 1 / 60
_MOST_PAGES = 32


class Feed:
    """Decodes the newest latent on a private thread and sends the picture to all pages.

    Every accepted latent gets the next version number. Pages drop any picture older than the
    one they show, so the last latent the kernel accepted is the last picture everywhere.

    Parameters
    ----------
    decode
        Latent to (1, C, H, W) in [0, 1], or None when there is no decoder; called on any
        thread.
    send
        Sends a custom message with buffers to all pages.
    start
        The first latent.
    """

    def __init__(self, decode: Decode, send: Send, start: Latent) -> None:
        self._decode = decode
        self._send = send
        self._lock = threading.RLock()
        self._backend = LocalBackend(first="z")
        self._slow_backend = LocalBackend(first="decoder")
        self._asker = threading.local()
        self._wanted = Frame(0, start, Asker())
        self._shown: Frame | None = None
        self._heard: dict[str, int] = {}
        self._sent = 0
        self._last_unasked = 0.0
        self.measured: Content = {}
        """What the page that moved z last measured, see `LatentSpace.stats`."""

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

    def want(self, z: Latent) -> None:
        """Ask for the picture of a latent; it replaces any that still waits.

        Parameters
        ----------
        z
            (d,) the newest latent.
        """
        with self._lock:
            heard = dict(self._heard)
            self._wanted = Frame(self._wanted.version + 1, z, self.asker, heard)
        self._backend.submit("z", self._show)

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
                self._heard.pop(next(iter(self._heard)))
            return True

    def do(self, channel: str, job: Callable[[], None]) -> None:
        """Run something beside the pictures; the newest job of a channel wins.

        Parameters
        ----------
        channel
            Any name other than "z".
        job
            Called on the private thread; it reports its own errors.
        """
        self._backend.submit(channel, job)

    def do_slowly(self, channel: str, job: Callable[[], None]) -> None:
        """Run something that takes seconds, on a thread where no picture waits for it.

        Parameters
        ----------
        channel
            Any name; the newest job of a channel wins.
        job
            As for `do`.
        """
        self._slow_backend.submit(channel, job)

    def newest(self) -> Frame:
        """Give the picture of the newest latent, decoding it now if need be.

        Returns
        -------
        Frame
            Exact: of the last latent accepted.

        Raises
        ------
        Exception
            Whatever the model raises.
        """
        with self._lock:
            wanted, shown = self._wanted, self._shown
        if shown is not None and shown.version == wanted.version:
            return shown
        start = time.perf_counter()
        decoded = self._decode(wanted.z)
        if decoded is not None and decoded.is_cuda:
            # The GPU works on behind our back: without waiting the encoding would be blamed.
            torch.cuda.synchronize(decoded.device)
        middle = time.perf_counter()
        picture = None if decoded is None else codec.to_uint8(decoded)[0]
        times = (middle - start) * 1000, (time.perf_counter() - middle) * 1000
        frame = replace(wanted, picture=picture, ms=times[0], encode_ms=times[1])
        with self._lock:
            if self._shown is None or self._shown.version < frame.version:
                self._shown = frame
        return frame

    def wait(self, timeout: float = 10.0) -> bool:
        """Wait until every picture asked for was sent.

        Parameters
        ----------
        timeout
            Seconds to wait at most.

        Returns
        -------
        bool
            Whether all was sent in time.
        """
        return self._backend.wait(timeout)

    def close(self) -> None:
        """Stop decoding."""
        self._backend.close()
        self._slow_backend.close()

    def state(self) -> Content:
        """Describe the newest latent for a page that opens now.

        Returns
        -------
        dict
            The same keys as a frame message, with `z` and `pixels` inside; without a picture
            when the model raises.
        """
        try:
            frame = self.newest()
        except Exception as error:  # noqa: BLE001 - opening a page must not fail with the model
            return {**explain(error), **self._header(self._wanted), "z": self._wanted.z.tobytes()}
        pixels = b"" if frame.picture is None else frame.picture.tobytes()
        return {**self._header(frame), "z": frame.z.tobytes(), "pixels": pixels}

    def _header(self, frame: Frame) -> Content:
        return {
            "kind": "frame",
            "version": frame.version,
            "client": frame.asker.client,
            "seq": frame.asker.seq,
            "answered": frame.answered,
            "ms": frame.ms,
            "encode_ms": frame.encode_ms,
            "shape": None if frame.picture is None else list(frame.picture.shape),
        }

    def _show(self) -> None:
        if self._wanted.asker.client is None:
            pause = self._last_unasked + _SECONDS_BETWEEN_UNASKED_FRAMES - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            self._last_unasked = time.monotonic()
        wanted = self._wanted
        if self._sent >= wanted.version:
            return
        try:
            frame = wanted if wanted.asker.moving else self.newest()
            pixels = [] if frame.picture is None else [frame.picture.tobytes()]
            content = self._header(frame)
        except Exception as error:  # noqa: BLE001 - shown on the page instead
            frame, pixels = wanted, []
            content = {**self._header(wanted), **explain(error)}
        self._sent = frame.version
        self._send(content, [frame.z.tobytes(), *pixels])
