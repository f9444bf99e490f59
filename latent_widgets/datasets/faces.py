"""Cartoon faces drawn from known factors: a data set whose right answers are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch

from latent_widgets.datasets import face_hair, face_parts
from latent_widgets.datasets.face_canvas import Canvas

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_CHUNK = 16 * 64 * 64
"""Output pixels drawn at a time: small enough for the processor's cache."""


@dataclass(frozen=True)
class Factor:
    """One thing that varies from face to face.

    Attributes
    ----------
    kind
        ``"number"`` for a continuous factor, ``"category"`` for a choice among classes.
    description
        One line in plain words.
    low, high
        Smallest and largest value of a number.
    classes
        Names of the classes of a category; the code of a class is its place.
    weights
        How often :func:`sample_factors` draws each class; they sum to 1.
    skew
        How :func:`sample_factors` draws a number: evenly at 1, more often high below 1.
    """

    kind: Literal["number", "category"]
    description: str
    low: float = 0.0
    high: float = 1.0
    classes: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    skew: float = 1.0


def _number(description: str, low: float = 0.0, skew: float = 1.0) -> Factor:
    return Factor("number", description, low=low, skew=skew)


def _category(description: str, **classes: float) -> Factor:
    return Factor(
        "category",
        description,
        high=len(classes) - 1,
        classes=tuple(classes),
        weights=tuple(classes.values()),
    )


FACTORS: Mapping[str, Factor] = MappingProxyType(
    {
        "smile": _number("corners of the mouth: -1 frown, 1 smile", -1.0, skew=0.6),
        "mouth_open": _number("0 closed, 1 wide open with teeth and tongue"),
        "eye_open": _number("0 closed, 1 wide open", skew=0.7),
        "gaze_x": _number("where the eyes look: -1 left, 1 right, as seen in the picture", -1.0),
        "brow": _number("-1 worried, 1 angry", -1.0),
        "turn": _number("where the head turns: -1 left, 1 right, as seen in the picture", -1.0),
        "face_shape": _number("-1 round, 1 long and narrow", -1.0),
        "skin_tone": _number("0 light, 1 deep"),
        "hair_style": _category(
            "cut of the hair", bald=0.1, short=0.2, long=0.2, curly=0.2, bun=0.15, spiky=0.15
        ),
        "hair_color": _category(
            "colour of hair, brows and beard",
            black=0.2,
            brown=0.2,
            blond=0.2,
            red=0.15,
            grey=0.1,
            blue=0.15,
        ),
        "beard": _category("hair on the lower face", none=0.7, moustache=0.12, beard=0.18),
        "glasses": _category("bold round frames", none=0.6, glasses=0.4),
        "hat": _category("knitted hat in the colour of the shirt", none=0.8, hat=0.2),
        "shirt": _number("colour of the shirt: 0 red, through orange, green and blue, to 1 violet"),
        "background": _number(
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
    _check_whole("n", n, 0)
    _check_whole("seed", seed, 0)
    drawn: dict[str, NDArray[Any]] = {}
    # A stream per factor, so that a factor added one day leaves the others as they were.
    for name, factor in FACTORS.items():
        rng = np.random.default_rng([seed, *name.encode()])
        if factor.kind == "number":
            share = rng.uniform(size=n) ** factor.skew
            drawn[name] = (factor.low + (factor.high - factor.low) * share).astype(np.float32)
        else:
            drawn[name] = rng.choice(len(factor.classes), n, p=factor.weights).astype(np.int64)
    return drawn


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
    _check_whole("size", size, 16)
    columns = _checked(factors)
    n = len(next(iter(columns.values())))
    images = torch.empty(n, 3, size, size)
    step = max(1, _CHUNK // size**2)
    with torch.inference_mode():
        for start in range(0, n, step):
            rows = slice(start, start + step)
            images[rows] = _draw({name: values[rows] for name, values in columns.items()}, size)
    return images


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


def _check_whole(name: str, value: object, low: int) -> None:
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < low:  # type: ignore[operator]
        raise ValueError(f"{name} is {value!r}; expected a whole number, {low} or more.")


def _checked(factors: Mapping[str, ArrayLike]) -> dict[str, torch.Tensor]:
    if not isinstance(factors, Mapping):
        kind = type(factors).__name__
        raise TypeError(f"factors is a {kind}; expected a mapping from factor names to arrays.")
    missing = [name for name in FACTORS if name not in factors]
    if missing:
        raise ValueError(f"factors lacks {', '.join(missing)}; expected every name in FACTORS.")
    unknown = [str(name) for name in factors if name not in FACTORS]
    if unknown:
        known = ", ".join(FACTORS)
        raise ValueError(f"factors has unknown names {', '.join(unknown)}; expected {known}.")
    columns = {name: _column(name, np.asarray(factors[name])) for name in FACTORS}
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        given = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"factors has columns of unequal length ({given}); expected one length.")
    return columns


def _column(name: str, values: NDArray[Any]) -> torch.Tensor:
    factor = FACTORS[name]
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.number):
        raise ValueError(
            f"factors[{name!r}] is {values.dtype} of shape {values.shape}; "
            "expected a one-dimensional array of numbers."
        )
    if factor.kind == "category":
        wrong = ~np.isin(values, np.arange(len(factor.classes)))
        expected = f"a class code, 0 to {len(factor.classes) - 1} ({', '.join(factor.classes)})"
    else:
        wrong = ~((values >= factor.low) & (values <= factor.high))
        expected = f"a number from {factor.low:g} to {factor.high:g}"
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(f"factors[{name!r}][{row}] is {values[row]}; expected {expected}.")
    dtype = np.int64 if factor.kind == "category" else np.float32
    return torch.from_numpy(values.astype(dtype))
