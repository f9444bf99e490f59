"""Directions as plain data: their names, checked, and what a file keeps of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.direction import Direction, Evidence, along, tangents_of

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

MOST = 200
"""Directions that a space keeps."""
_LONGEST = 60
# Letters, digits and what people write between them; nothing that a formula could stumble over.
_NAME = re.compile(r"[^\W_](?:[\w .,:/&'+#-]*[\w.'+#])?")
# What these are in sums already.
_MEANT = re.compile(r"z|current z|home|selection|row \d{1,9}")


def check_name(name: Any) -> str:  # noqa: ANN401 - anything may be given
    """Check what a direction is to be called.

    Parameters
    ----------
    name
        What was given.

    Returns
    -------
    str
        Without space around it.

    Raises
    ------
    ValueError
        If it is no such name.
    """
    known = name.strip() if isinstance(name, str) else ""
    if not known or len(known) > _LONGEST or not _NAME.fullmatch(known):
        raise ValueError(
            f"name must begin with a letter or digit and hold letters, digits, spaces and "
            f". , : / & ' + # - _, at most {_LONGEST} characters, got {name!r:.80}"
        )
    return known


def means_something(name: str) -> bool:
    """Whether sums have a meaning for a name, which no direction can take then."""
    return bool(_MEANT.fullmatch(name))


def new_name(space: LatentSpace, name: object) -> str:
    """Check a name as `check_name`, and that no direction of the space has it."""
    known = check_name(name)
    if means_something(known):
        raise ValueError(f"name must be none that sums have a meaning for, got {known!r}")
    if known in space.directions:
        raise ValueError(f"name must be a new one, got {known!r}, which is taken")
    return known


def find_direction(space: LatentSpace, name: object) -> Direction:
    """Give a direction of a space, or say which there are."""
    if name not in space.directions:
        known = list(space.directions)
        raise ValueError(f"name must be one of {known!r:.120}, got {name!r:.60}")
    one: Direction = space.directions[name]
    return one


def plain_directions(space: LatentSpace) -> dict[str, dict[str, Any]]:
    """Describe the directions of a space as plain JSON."""
    return {
        name: {
            "vector": [float(value) for value in one.vector],
            "base": [float(value) for value in one.base],
            "scale": float(one.scale),
            "method": one.method,
            "about": one.about,
        }
        for name, one in space.directions.items()
    }


def read_directions(space: LatentSpace, saved: Any) -> dict[str, Direction]:  # noqa: ANN401
    """Read what `plain_directions` described; untrusted.

    Parameters
    ----------
    space
        The space it should fit.
    saved
        A mapping of names.

    Returns
    -------
    dict
        Directions by name, without the rows they were made of.

    Raises
    ------
    ValueError
        If something does not fit.
    """
    if not isinstance(saved, Mapping) or len(saved) > MOST:
        raise ValueError(f"directions must be at most {MOST} by name, got {saved!r:.60}")
    found = {}
    for key, one in saved.items():
        name = check_name(key)
        try:
            vector, base = (np.asarray(one[part], np.float64) for part in ("vector", "base"))
            scale, method, about = float(one["scale"]), str(one["method"]), str(one["about"])
        except (KeyError, TypeError, ValueError, OverflowError):
            raise ValueError(
                f"direction {name!r} must have vector, base, scale, method and about"
            ) from None
        if not np.isfinite(scale) or scale <= 0:
            raise ValueError(f"scale of direction {name!r} must be above 0, got {scale}")
        given = Direction(vector, scale, base, name, method, about, space.geometry)
        found[name] = check_direction(space, name, given)
    return found


def check_direction(space: LatentSpace, name: str, given: Direction | npt.ArrayLike) -> Direction:
    """Check what is to be kept as a direction of a space.

    Parameters
    ----------
    space
        The space it should fit.
    name
        What it is called.
    given
        A direction, or (d,) numbers.

    Returns
    -------
    Direction
        Of unit length, under its name.

    Raises
    ------
    ValueError
        If it does not fit.
    """
    d = space.latent_dim
    vector = given.vector if isinstance(given, Direction) else given
    if hasattr(vector, "detach"):
        vector = vector.detach().cpu().numpy()
    try:
        numbers = np.array(vector, np.float64)
    except (TypeError, ValueError, OverflowError):
        numbers = np.zeros(0)
    if numbers.shape != (d,) or not np.isfinite(numbers).all() or not numbers.any():
        raise ValueError(
            f"direction must be a Direction or {d} finite numbers, not all 0, got {vector!r:.60}"
        )
    if not isinstance(given, Direction):
        return _of_vector(space, name, numbers)
    if given.geometry.spec() != space.geometry.spec():
        raise ValueError(
            f"direction must be of geometry {space.geometry.spec()}, got {given.geometry.spec()}"
        )
    base = np.asarray(given.base, np.float64)
    if base.shape != (d,) or not np.isfinite(base).all():
        raise ValueError(f"base of a direction must be {d} finite numbers, got {base!r:.60}")
    space.geometry.check("base", base)
    length = np.linalg.norm(numbers)
    # What is of unit length already keeps its last digit.
    unit = numbers if abs(length - 1) < 1e-12 else numbers / length
    return replace(given, name=name, vector=unit, base=base)


def _of_vector(space: LatentSpace, name: str, vector: npt.NDArray[np.float64]) -> Direction:
    rows = space.points if len(space.points) else space.home[None]
    base, tangents = tangents_of(rows, space.geometry)
    # A vector that stands off a sphere counts by its part along it.
    tangent = np.asarray(space.geometry.transport(base, base, vector))
    if not np.linalg.norm(tangent) > 1e-9 * np.linalg.norm(vector):
        raise ValueError("direction must go along the space, got one that stands upright on it")
    words = {"name": name, "about": "given as numbers", "geometry": space.geometry}
    return along(tangent, Evidence(tangents), base, **words)
