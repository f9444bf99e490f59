"""The named directions of a space, for every panel to go along."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.direction import Direction, along, tangents_of
from latent_widgets.analysis.direction import Evidence as _Evidence

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

_LONGEST = 60
_MOST = 200
# Letters, digits and what people write between them; nothing that a formula could stumble over.
_NAME = re.compile(r"[^\W_](?:[\w .,:/&'+#-]*[\w.'+#])?")
_turn = threading.Lock()


def _to_page(directions: Mapping[str, Direction], _: object) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "vector": codec.floats_to_bytes(np.float32(one.vector)),
            "base": codec.floats_to_bytes(np.float32(one.base)),
            "scale": one.scale,
            "method": one.method,
            "about": one.about,
        }
        for name, one in directions.items()
    }


class Directed(t.HasTraits):
    """Lets a space keep directions by name."""

    directions = t.Dict(read_only=True).tag(sync=True, to_json=_to_page)
    """`analysis.Direction` by name; pages get `vector`, `base`, `scale`, `method` and `about`."""

    def add_direction(self, name: str, direction: Direction | npt.ArrayLike) -> Direction:
        """Name a direction; every panel can go along it from now on.

        Parameters
        ----------
        name
            Begins with a letter or digit, at most 60 characters.
        direction
            From `analysis.direction` and its like, or (d,) numbers, of which only the way
            counts: a step is as long as the rows are spread along it.

        Returns
        -------
        Direction
            As it is kept, under its name.

        Raises
        ------
        ValueError
            If the name is taken or of other characters, or the direction does not fit.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        known = check_name(name)
        found = _check(space, known, direction)
        with _turn:
            if known in self.directions:
                raise ValueError(f"name must be a new one, got {known!r}, which is taken")
            if len(self.directions) >= _MOST:
                raise ValueError(f"a space keeps at most {_MOST} directions: remove one first")
            self.set_trait("directions", {**self.directions, known: found})
        return found

    def remove_direction(self, name: str) -> None:
        """Forget a direction.

        Parameters
        ----------
        name
            As it was added.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        with _turn:
            self._known(name)
            kept = {key: one for key, one in self.directions.items() if key != name}
            self.set_trait("directions", kept)

    def rename_direction(self, name: str, new: str) -> None:
        """Give a direction another name; it keeps its place.

        Parameters
        ----------
        name
            As it was added.
        new
            As for `add_direction`.

        Raises
        ------
        ValueError
            If there is none of that name, or the new one is taken or does not fit.
        """
        fresh = check_name(new)
        with _turn:
            one = self._known(name)
            if fresh != name and fresh in self.directions:
                raise ValueError(f"name must be a new one, got {fresh!r}, which is taken")
            renamed = {
                fresh if key == name else key: replace(one, name=fresh) if key == name else other
                for key, other in self.directions.items()
            }
            self.set_trait("directions", renamed)

    def _known(self, name: str) -> Direction:
        if name not in self.directions:
            raise ValueError(
                f"name must be one of {list(self.directions)!r:.120}, got {name!r:.60}"
            )
        one: Direction = self.directions[name]
        return one


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
    if not isinstance(saved, Mapping) or len(saved) > _MOST:
        raise ValueError(f"directions must be at most {_MOST} by name, got {saved!r:.60}")
    found = {}
    for key, one in saved.items():
        name = check_name(key)
        try:
            vector, base = (np.asarray(one[part], np.float64) for part in ("vector", "base"))
            scale, method, about = float(one["scale"]), str(one["method"]), str(one["about"])
        except (KeyError, TypeError, ValueError):
            raise ValueError(
                f"direction {name!r} must have vector, base, scale, method and about"
            ) from None
        if not np.isfinite(scale) or scale <= 0:
            raise ValueError(f"scale of direction {name!r} must be above 0, got {scale}")
        given = Direction(vector, scale, base, name, method, about, space.geometry)
        found[name] = _check(space, name, given)
    return found


def _check(space: LatentSpace, name: str, given: Direction | npt.ArrayLike) -> Direction:
    d = space.latent_dim
    vector = given.vector if isinstance(given, Direction) else given
    if hasattr(vector, "detach"):
        vector = vector.detach().cpu().numpy()
    try:
        numbers = np.array(vector, np.float64)
    except (TypeError, ValueError):
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
    return replace(given, name=name, vector=numbers / np.linalg.norm(numbers), base=base)


def _of_vector(space: LatentSpace, name: str, vector: npt.NDArray[np.float64]) -> Direction:
    rows = space.points if len(space.points) else space.home[None]
    base, tangents = tangents_of(rows, space.geometry)
    # A vector that stands off a sphere counts by its part along it.
    tangent = np.asarray(space.geometry.transport(base, base, vector))
    if not np.linalg.norm(tangent) > 1e-9 * np.linalg.norm(vector):
        raise ValueError("direction must go along the space, got one that stands upright on it")
    words = {"name": name, "about": "given as numbers", "geometry": space.geometry}
    return along(tangent, _Evidence(tangents), base, **words)
