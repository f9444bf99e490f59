"""Strokes of a brush on a picture, and what they wish for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets import codec
from latent_widgets.analysis.wish import Wish

TOOLS = ("lighter", "darker", "colour", "erase")
_MOST_PLACES = 20_000
# How strongly paint that is not met shows through, and by how much of a difference.
_COVER, _SEEN = 0.8, 2.5


@dataclass(frozen=True)
class Stroke:
    """One stroke of a brush.

    Attributes
    ----------
    places
        (m, 2) float32 in shares of the picture's width and height, from its upper left corner.
    tool
        "lighter", "darker", "colour", or "erase": back to what it was before all painting.
    size
        Diameter of the brush as a share of the shorter side, 0.01 to 1.
    strength
        How much of the way to the colour a stroke goes, above 0 and at most 1.
    color
        (3,) in [0, 1], of the tool "colour"; its mean counts where pictures are grey.
    """

    places: npt.NDArray[np.float32]
    tool: str = "lighter"
    size: float = 0.12
    strength: float = 1.0
    color: tuple[float, float, float] = (1.0, 1.0, 1.0)


def read_stroke(
    places: Any,  # noqa: ANN401 - anything may be given
    tool: object,
    size: Any,  # noqa: ANN401
    strength: Any,  # noqa: ANN401
    color: Any,  # noqa: ANN401
) -> Stroke:
    """Check a stroke.

    Parameters
    ----------
    places, tool, size, strength, color
        As for `Stroke`; `color` may be None.

    Returns
    -------
    Stroke
        What was given.

    Raises
    ------
    ValueError
        If something does not fit; the sentence names it.
    """
    try:
        line = np.array(places, np.float32)
    except (TypeError, ValueError):
        line = np.zeros(0, np.float32)
    if line.ndim == 1 and len(line) == 2:
        line = line[None]
    if line.ndim != 2 or line.shape[1] != 2 or not 0 < len(line) <= _MOST_PLACES:
        raise ValueError(
            f"places must be 1 to {_MOST_PLACES} pairs of numbers, got shape {line.shape}"
        )
    if not np.isfinite(line).all():
        raise ValueError("places must be finite numbers, got NaN or infinity")
    if tool not in TOOLS:
        raise ValueError(f"tool must be one of {', '.join(TOOLS)}, got {tool!r:.60}")
    shade = (1.0, 1.0, 1.0) if color is None else _color(color)
    return Stroke(
        line,
        str(tool),
        _share("size", size, 0.01),
        _share("strength", strength, 0.01),
        shade,
    )


def stroke_mask(stroke: Stroke, height: int, width: int) -> npt.NDArray[np.float32]:
    """Tell which pixels a stroke covers.

    Parameters
    ----------
    stroke
        The stroke.
    height, width
        Of the picture.

    Returns
    -------
    numpy.ndarray
        (height, width) in [0, 1]; between them at its rim, one pixel wide.
    """
    rows, columns = np.mgrid[:height, :width] + 0.5
    x, y = stroke.places.astype(np.float64).T * np.array([[width], [height]])
    far = np.hypot(columns - x[0], rows - y[0])
    for ax, ay, bx, by in zip(x[:-1], y[:-1], x[1:], y[1:], strict=True):
        long = (bx - ax) ** 2 + (by - ay) ** 2
        along = ((columns - ax) * (bx - ax) + (rows - ay) * (by - ay)) / max(long, 1e-12)
        share = np.clip(along, 0, 1)
        near = np.hypot(columns - ax - share * (bx - ax), rows - ay - share * (by - ay))
        np.minimum(far, near, out=far)
    radius = max(stroke.size * min(height, width) / 2, 0.5)
    covered: npt.NDArray[np.float32] = np.clip(radius - far + 0.5, 0, 1).astype(np.float32)
    return covered


class Cover:
    """Which pixels a stroke covers while it grows: only what is new of it is drawn.

    Parameters
    ----------
    height, width
        Of the picture.
    """

    def __init__(self, height: int, width: int) -> None:
        self._shape = height, width
        self._known: Stroke | None = None
        self._mask = np.zeros((height, width), np.float32)

    def grow(self, stroke: Stroke) -> npt.NDArray[np.float32]:
        """Give `stroke_mask` of a stroke, quickly where it goes on from the one before."""
        known, self._known = self._known, stroke
        before = 0 if known is None or known.size != stroke.size else len(known.places)
        if not before or not np.array_equal(known.places, stroke.places[:before]):  # type: ignore[union-attr]
            self._mask = stroke_mask(stroke, *self._shape)
        elif before < len(stroke.places):
            new = replace(stroke, places=stroke.places[before - 1 :])
            self._mask = np.maximum(self._mask, stroke_mask(new, *self._shape))
        return self._mask


def add_stroke(
    wish: Wish,
    stroke: Stroke,
    origin: npt.NDArray[np.float32],
    covered: npt.NDArray[np.float32],
) -> Wish:
    """Lay a stroke over what was painted before.

    Parameters
    ----------
    wish
        What was wished for before it.
    stroke
        The stroke.
    origin
        (C, H, W) the picture before all painting.
    covered
        (H, W) in [0, 1], which pixels it covers.

    Returns
    -------
    Wish
        With the stroke.
    """
    goal = origin.copy()
    if stroke.tool != "erase":
        shade = {"lighter": (1.0,) * 3, "darker": (0.0,) * 3}.get(stroke.tool, stroke.color)
        if len(goal) < 3:
            goal[0] = float(np.mean(shade))
        else:
            goal[:3] = np.array(shade, np.float32)[:, None, None]
    share = covered * np.float32(stroke.strength)
    target = wish.target + share * (goal - wish.target)
    return Wish(target.astype(np.float32), np.maximum(wish.mask, covered))


def overlay(wish: Wish, picture: npt.NDArray[np.float32]) -> codec.Pictures:
    """Show the paint that a picture does not meet yet.

    Parameters
    ----------
    wish
        What was painted.
    picture
        (C, H, W) in [0, 1].

    Returns
    -------
    numpy.ndarray
        (H, W, 4) uint8: paint fades as it is met.
    """
    channels = 3 if len(picture) >= 3 else 1
    off = np.abs(picture[:channels] - wish.target[:channels]).max(axis=0)
    alpha = wish.mask * np.minimum(off * _SEEN, 1) * _COVER
    color = np.broadcast_to(wish.target[:channels], (3, *wish.mask.shape))
    shown = np.concatenate([color, alpha[None]]).transpose(1, 2, 0)
    found: codec.Pictures = np.round(np.clip(shown, 0, 1) * 255).astype(np.uint8)
    return found


def _share(name: str, value: Any, least: float) -> float:  # noqa: ANN401
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not least <= value <= 1:
        raise ValueError(f"{name} must be a number from {least} to 1, got {value!r:.60}")
    return float(value)


def _color(value: Any) -> tuple[float, float, float]:  # noqa: ANN401
    parts = [value] * 3 if isinstance(value, int | float) else value
    if not isinstance(parts, Sequence) or isinstance(parts, str) or len(parts) != 3:
        raise ValueError(f"color must be three numbers from 0 to 1, got {value!r:.60}")
    if not all(isinstance(part, int | float) and 0 <= part <= 1 for part in parts):
        raise ValueError(f"color must be three numbers from 0 to 1, got {value!r:.60}")
    red, green, blue = (float(part) for part in parts)
    return red, green, blue
