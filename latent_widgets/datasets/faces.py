"""Cartoon faces drawn from known factors: a data set whose right answers are known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import torch

from latent_widgets.datasets import face_hair, face_parts
from latent_widgets.datasets.face_canvas import Canvas
from latent_widgets.datasets.factors import Factor, category, draw, number
from latent_widgets.datasets.rendering import render

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_CHUNK = 16 * 64 * 64
"""Output pixels drawn at a time: small enough for the processor's cache."""


FACTORS: Mapping[str, Factor] = MappingProxyType(
    {
        "smile": number("corners of the mouth: -1 frown, 1 smile", -1.0, skew=0.6),
        "mouth_open": number("0 closed, 1 wide open with teeth and tongue"),
        "eye_open": number("0 closed, 1 wide open", skew=0.7),
        "gaze_x": number("where the eyes look: -1 left, 1 right, as seen in the picture", -1.0),
        "brow": number("-1 worried, 1 angry", -1.0),
        "turn": number("where the head turns: -1 left, 1 right, as seen in the picture", -1.0),
        "face_shape": number("-1 round, 1 long and narrow", -1.0),
        "skin_tone": number("0 light, 1 deep"),
        "hair_style": category(
            "cut of the hair", bald=0.1, short=0.2, long=0.2, curly=0.2, bun=0.15, spiky=0.15
        ),
        "hair_color": category(
            "colour of hair, brows and beard",
            black=0.2,
            brown=0.2,
            blond=0.2,
            red=0.15,
            grey=0.1,
            blue=0.15,
        ),
        "beard": category("hair on the lower face", none=0.7, moustache=0.12, beard=0.18),
        "glasses": category("bold round frames", none=0.6, glasses=0.4),
        "hat": category("knitted hat in the colour of the shirt", none=0.8, hat=0.2),
        "shirt": number("colour of the shirt: 0 red, through orange, green and blue, to 1 violet"),
        "background": number(
            "colour of the wall: 0 rose, through yellow, green and blue, to 1 violet"
        ),
    }
)
"""Every factor by name, in the order of :func:`sample_factors`; a read-only description.

Hair colour still shows in the brows of the bald, and hair style below the brim of a hat.
"""


def sample_factors(n: int, seed: int = 0) -> dict[str, NDArray[Any]]:
    """Draw factors for n faces, each factor independently of all others.

    Parameters
    ----------
    n : int
        Number of faces, 0 or more.
    seed : int
        Seed of a private generator: the global random state is neither read nor changed.

    Returns
    -------
    dict of str to numpy.ndarray
        One array of length n per name in :data:`FACTORS`: float32 between ``low`` and ``high`` for
        numbers (smiles and open eyes a little more frequent, the rest uniform), int64 class codes
        drawn by ``weights`` for categories.
    """
    return draw(FACTORS, n, seed)


def render_faces(factors: Mapping[str, ArrayLike], size: int = 64) -> torch.Tensor:
    """Draw one face per row of the factors.

    Parameters
    ----------
    factors : mapping of str to array_like
        Exactly the names of :data:`FACTORS`, each with n values inside its range; categories
        hold class codes.
    size : int
        Side of the square pictures in pixels, 16 or more.

    Returns
    -------
    torch.Tensor
        (n, 3, size, size) float32 in [0, 1], red, green and blue, on the CPU. The same factors
        give the same bytes.

    Raises
    ------
    ValueError
        When a name is missing or unknown, lengths differ, or a value is outside its range.
    """
    return render(FACTORS, factors, size, _draw, _CHUNK)


def faces(n: int, seed: int = 0, size: int = 64) -> tuple[torch.Tensor, dict[str, NDArray[Any]]]:
    """Draw n random faces and return them with the factors they were drawn from.

    Parameters
    ----------
    n : int
        Number of faces, 0 or more.
    seed : int
        Seed of :func:`sample_factors`.
    size : int
        Side of the square pictures in pixels, 16 or more.

    Returns
    -------
    tuple of torch.Tensor and dict
        Pictures (n, 3, size, size) float32 in [0, 1], and their factors, length n each.
    """
    factors = sample_factors(n, seed)
    return render_faces(factors, size), factors


def _draw(factors: dict[str, torch.Tensor], size: int) -> torch.Tensor:
    face = face_parts.Face.of(factors)
    canvas = Canvas.blank(len(factors["smile"]), size)
    face_parts.backdrop(canvas, face)
    face_hair.back_hair(canvas, face)
    face_parts.body(canvas, face)
    face_parts.head(canvas, face)
    face_hair.front_hair(canvas, face)
    face_hair.beard(canvas, face)
    face_parts.mouth(canvas, face)
    face_parts.nose(canvas, face)
    face_parts.eyes(canvas, face)
    face_hair.hat(canvas, face)
    face_parts.brows(canvas, face)
    face_parts.glasses(canvas, face)
    return canvas.shrunk()
