"""Who decodes: one small interface, several places."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from latent_widgets.codec import Floats, Packed, Pictures


class Exact(NamedTuple):
    """Pictures to the last bit."""

    pictures: Pictures
    """(n, H, W, C) uint8."""
    ms: float
    """Milliseconds of the decode alone."""
    encode_ms: float
    """Milliseconds from tensor to bytes."""


class Quick(NamedTuple):
    """Pictures of a moving latent, for a page."""

    shape: tuple[int, int, int, int]
    """n, H, W, C as they are shown; the file may have fewer pixels."""
    packed: Packed
    ms: float
    """Milliseconds of the decode alone."""
    encode_ms: float
    """Milliseconds from tensor to bytes."""


class DecodeBackend(Protocol):
    """Where latents become pictures: `local.LocalBackend` here, or a server elsewhere.

    A space asks for one thing at a time, and has one thread to do it. What a place raises is
    shown on the page, and the last picture stays.
    """

    @property
    def can_decode(self) -> bool:
        """Whether there are pictures at all."""

    @property
    def approximates(self) -> bool:
        """Whether `quick` may differ from `exact`, so that a picture at rest must follow."""

    def exact(self, z: Floats) -> Exact:
        """Decode (n, d) latents in the model's own precision."""

    def quick(self, z: Floats, quality: int, shrink: int) -> Quick:
        """Decode (n, d) latents as quickly as is visibly the same.

        `quality` is JPEG's, `shrink` divides the sides; both count for large pictures only.
        """

    def improve(self) -> bool:
        """Do one short step, if any is left, that makes `quick` quicker; False when none is."""

    def facts(self) -> dict[str, Any]:
        """Say how `quick` decodes, for `LatentSpace.stats`."""
