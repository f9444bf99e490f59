"""The pictures of one latent: coarse while a control moves, whole and lossless at rest."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from latent_widgets.backends import DecodeBackend
from latent_widgets.codec import Floats, is_large
from latent_widgets.frame import Frame
from latent_widgets.link import LADDER, Link
from latent_widgets.lossless import Lossless

Content = dict[str, Any]


class Drawing:
    """Draws frames with a backend, as fine as the link can carry.

    Parameters
    ----------
    backend
        Who decodes.
    link
        The way to the pages.
    """

    def __init__(self, backend: DecodeBackend, link: Link) -> None:
        self._backend = backend
        self._link = link
        self._lossless = Lossless()
        self._last: Content = {}

    @property
    def approximates(self) -> bool:
        """Whether a moving picture is another than the one at rest."""
        return self._backend.approximates

    def exact(self, frame: Frame) -> Frame:
        """Decode a frame to the last bit.

        Parameters
        ----------
        frame
            Without a picture.

        Returns
        -------
        Frame
            With its picture; without one still when there is no decoder.
        """
        if not self._backend.can_decode:
            return frame
        pictures, ms, encode_ms = self._backend.exact(frame.z[None])
        return replace(
            frame, picture=pictures[0], shape=pictures.shape[1:], ms=ms, encode_ms=encode_ms
        )

    def whole(self, frame: Frame) -> Frame:
        """Pack the picture of an exact frame without loss.

        Parameters
        ----------
        frame
            From `exact`.

        Returns
        -------
        Frame
            Ready for the pages.
        """
        if frame.picture is None:
            return frame
        start = time.perf_counter()
        packed = self._lossless.pack(frame.picture[None], self._link.rate)
        encode_ms = frame.encode_ms + (time.perf_counter() - start) * 1000
        return replace(frame, packed=packed, encode_ms=encode_ms)

    def coarse(self, frame: Frame) -> Frame:
        """Decode a frame of a moving control.

        Parameters
        ----------
        frame
            Without a picture.

        Returns
        -------
        Frame
            Ready for the pages; its picture is only what they show meanwhile.
        """
        quality, shrink = self._link.detail
        shape, packed, ms, encode_ms = self._backend.quick(frame.z[None], quality, shrink)
        return replace(
            frame, packed=packed, shape=shape[1:], ms=ms, encode_ms=encode_ms, coarse=True
        )

    def atlas(self, z: Floats) -> tuple[Content, list[bytes]]:
        """Decode latents beside the current one.

        Parameters
        ----------
        z
            (n, d) latents.

        Returns
        -------
        content : dict
            `shape` (n, H, W, C) and `format`, see `codec.Packed`.
        buffers : list of bytes
            The atlas: without loss, unless it has several pictures and is large.

        Raises
        ------
        Exception
            Whatever the model raises.
        """
        if len(z) > 1 and self._backend.approximates:
            shape, packed, _, _ = self._backend.quick(z, *LADDER[0])
        else:
            pictures = self._backend.exact(z).pictures
            shape, packed = pictures.shape, self._lossless.pack(pictures, self._link.rate)
        return {"shape": list(shape), "format": packed.format}, [packed.data]

    def sent(self, frame: Frame) -> bool:
        """Note what goes out.

        Parameters
        ----------
        frame
            From `coarse` or `whole`.

        Returns
        -------
        bool
            Whether the page should say when it has it: large pictures measure the link.
        """
        if frame.packed is None or frame.shape is None:
            return False
        size, large = len(frame.packed.data), is_large(frame.shape)
        detail = self._link.detail if frame.coarse and large else LADDER[0]
        self._last = {
            "format": frame.packed.format,
            "wire_bytes": size,
            "quality": detail.quality if frame.packed.format == "jpeg" else None,
            "shrink": detail.shrink,
            "link_bytes_per_second": self._link.rate,
        }
        if large:
            self._link.sent(frame.version, size, moving=frame.coarse)
        return large

    def improve(self) -> bool:
        """Let the backend try one thing that may make it quicker; False when nothing is left."""
        return self._backend.improve()

    def stats(self) -> Content:
        """Describe the last picture sent and how moving ones are decoded."""
        return {**self._last, **self._backend.facts()}
