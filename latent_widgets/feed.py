"""From `z` to pictures on every page: who asked, what is newest, what was shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from latent_widgets.askers import Askers
from latent_widgets.backends import DecodeBackend
from latent_widgets.backends.mailbox import Mailbox
from latent_widgets.drawing import Drawing
from latent_widgets.failure import explain
from latent_widgets.frame import Asker, Frame
from latent_widgets.latent import Latent
from latent_widgets.link import Link

Content = dict[str, Any]
Send = Callable[[Content, list[bytes]], None]

# The server of a notebook drops what exceeds 1,000 messages a second; no eye follows 60.
_SECONDS_BETWEEN_UNASKED_FRAMES = 1 / 60
_CALM = 0.5  # seconds without a move, after which one alone is no drag
_IDLE = 0.3  # seconds without a picture, after which there is time for other things
_SOON = 0.01


class Feed(Askers):
    """Decodes the newest latent on a private thread and sends the picture to all pages.

    Every accepted latent gets the next version number. Pages drop any picture older than the
    one they show, so the last latent the kernel accepted is the last picture everywhere.

    Parameters
    ----------
    backend
        Who decodes; called on any thread.
    send
        Sends a custom message with buffers to all pages.
    start
        The first latent.
    """

    def __init__(self, backend: DecodeBackend, send: Send, start: Latent) -> None:
        super().__init__()
        self.link = Link()
        """How much the way to the pages carries."""
        self.drawing = Drawing(backend, self.link)
        self._send = send
        self._mailbox = Mailbox(first="z")
        self._slow_mailbox = Mailbox(first="decoder")
        self._wanted = Frame(0, start, Asker())
        self._shown: Frame | None = None
        self._sent = 0
        self._last_unasked = 0.0
        self._last_wanted = float("-inf")
        self.measured: Content = {}
        """What the page that moved z last measured, see `LatentSpace.stats`."""

    def want(self, z: Latent) -> None:
        """Ask for the picture of a latent; it replaces any that still waits.

        Parameters
        ----------
        z
            (d,) the newest latent.
        """
        asker, now = self.asker, time.monotonic()
        # A page that decodes for itself shows better pictures than a hurried one of ours.
        own = asker.client is not None and self.measured.get("engine") == "browser"
        with self._lock:
            alone = asker.gesture is None and now - self._last_wanted > _CALM
            self._last_wanted = now
            heard = dict(self._heard)
            version = self._wanted.version + 1
            self._wanted = Frame(version, z, asker, heard, resting=own or alone)
        self._mailbox.submit("z", self._show)

    def do(self, channel: str, job: Callable[[], None]) -> None:
        """Run something beside the pictures; the newest job of a channel wins.

        Parameters
        ----------
        channel
            Any name other than "z".
        job
            Called on the private thread; it reports its own errors.
        """
        self._mailbox.submit(channel, job)

    def do_slowly(self, channel: str, job: Callable[[], None]) -> None:
        """Run something that takes seconds, on a thread where no picture waits for it.

        Parameters
        ----------
        channel
            Any name; the newest job of a channel wins.
        job
            As for `do`.
        """
        self._slow_mailbox.submit(channel, job)

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
        frame = self.drawing.exact(wanted)
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
        return self._mailbox.wait(timeout)

    def close(self) -> None:
        """Stop decoding."""
        self._mailbox.close()
        self._slow_mailbox.close()

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

    def stats(self) -> Content:
        """Give what `LatentSpace.stats` says."""
        return {**self.measured, **self.drawing.stats()} if self.measured else {}

    def _header(self, frame: Frame) -> Content:
        return {
            "kind": "frame",
            "version": frame.version,
            "client": frame.asker.client,
            "seq": frame.asker.seq,
            "answered": frame.answered,
            "ms": frame.ms,
            "encode_ms": frame.encode_ms,
            "shape": None if frame.shape is None else list(frame.shape),
            "format": "raw" if frame.packed is None else frame.packed.format,
        }

    def _show(self) -> None:
        if self.link.full():
            self._mailbox.submit("z", self._show, _SOON)
            return
        if self._wanted.asker.client is None:
            pause = self._last_unasked + _SECONDS_BETWEEN_UNASKED_FRAMES - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            self._last_unasked = time.monotonic()
        wanted = self._wanted
        if self._sent >= wanted.version:
            return
        try:
            frame = self._draw(wanted)
            pixels = [] if frame.packed is None else [frame.packed.data]
            content = {**self._header(frame), "seen": self.drawing.sent(frame)}
        except Exception as error:  # noqa: BLE001 - shown on the page instead
            frame, pixels = wanted, []
            content = {**self._header(wanted), **explain(error)}
        self._sent = frame.version
        self._send(content, [frame.z.tobytes(), *pixels])
        if frame.coarse:
            height, width, colours = frame.shape or (0, 0, 0)
            after = self.link.rest_after(height * width * colours)
            self._mailbox.submit("rest", self._rest, after)
        self._mailbox.submit("improve", self._improve, _IDLE, aside=True)

    def _draw(self, wanted: Frame) -> Frame:
        if wanted.asker.moving:
            return wanted
        if self.drawing.approximates and not wanted.resting:
            return self.drawing.coarse(wanted)
        return self.drawing.whole(self.newest())

    def _rest(self) -> None:
        with self._lock:
            # A newer latent brings a rest of its own.
            if self._sent != self._wanted.version:
                return
            version, known = self._wanted.version + 1, self._shown
            if known is not None and known.version == self._wanted.version:
                self._shown = replace(known, version=version)
            self._wanted = replace(self._wanted, version=version, resting=True)
        self._mailbox.submit("z", self._show)

    def _improve(self) -> None:
        if self.drawing.improve():
            self._mailbox.submit("improve", self._improve, aside=True)
