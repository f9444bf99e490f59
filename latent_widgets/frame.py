"""One latent on its way to the pages: who wrote it, and its picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from latent_widgets import codec
from latent_widgets.latent import Latent


@dataclass(frozen=True)
class Asker:
    """Which page wrote a latent, and with which of its requests."""

    client: str | None = None
    seq: int = 0
    gesture: str | None = None
    moving: bool = False
    """The page decodes for itself while its control moves: no picture is wanted yet."""


@dataclass(frozen=True)
class Frame:
    """One latent, numbered in the order the kernel accepted it, and its picture."""

    version: int
    z: Latent
    asker: Asker
    answered: dict[str, int] = field(default_factory=dict)
    """The newest request of each page that had been heard by then: all up to it are answered."""
    picture: codec.Pictures | None = None
    """(H, W, C) uint8; None when the space does not decode."""
    ms: float = 0.0
    """Milliseconds of the decode alone."""
    encode_ms: float = 0.0
    """Milliseconds from tensor to bytes."""
    packed: codec.Packed | None = None
    """What goes to the pages, where that is not the picture as it is."""
    shape: tuple[int, int, int] | None = None
    """(H, W, C) of what is shown."""
    coarse: bool = False
    """Made while a control moves: the picture itself follows when it rests."""
    resting: bool = False
    """No control moves: the picture itself is wanted."""
