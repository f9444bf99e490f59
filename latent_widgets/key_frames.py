"""Key frames: latents with a name and a time, as plain values that a page can change too."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import traitlets

from latent_widgets.latent import check_point
from latent_widgets.tape_text import exact

MOST_KEYS = 64
LEAST_SECONDS, MOST_SECONDS = 0.1, 60.0
_LONGEST_NAME = 80


class KeyFrames(traitlets.TraitType[Any, Any]):
    """A list of key frames of the owner's space: dicts of `z`, `name` and `seconds`."""

    info_text = "a list of key frames"

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - traitlets' signature
        """Check key frames that are about to be set.

        Parameters
        ----------
        obj
            The owner of the trait.
        value
            Dicts of `z`, d numbers; `name`, a text, may be missing; `seconds` until the next, 0.1
            to 60, 1 when missing. At most 64.

        Returns
        -------
        list of dict
            Of plain values; what is no float32 already becomes one.

        Raises
        ------
        ValueError
            If something does not fit; the sentence names it.
        """
        if isinstance(value, str | Mapping) or not hasattr(value, "__iter__"):
            raise ValueError(f"{self.name} must be a list of dicts, got {type(value).__name__}")
        given = list(value)
        if len(given) > MOST_KEYS:
            raise ValueError(f"{self.name} must be at most {MOST_KEYS}, got {len(given)}")
        return [_key(f"{self.name}[{i}]", one, obj.space) for i, one in enumerate(given)]


def _key(name: str, one: object, space: Any) -> dict[str, Any]:  # noqa: ANN401 - a LatentSpace
    if not isinstance(one, Mapping) or "z" not in one:
        raise ValueError(f"{name} must be a dict with z, got {one!r:.60}")
    unknown = set(one) - {"z", "name", "seconds"}
    if unknown:
        raise ValueError(f"{name} must have only z, name and seconds, got {sorted(unknown)}")
    seconds = one.get("seconds", 1.0)
    number = isinstance(seconds, int | float) and math.isfinite(seconds)
    if not (number and LEAST_SECONDS <= seconds <= MOST_SECONDS):
        wanted = f"seconds from {LEAST_SECONDS} to {MOST_SECONDS:g}"
        raise ValueError(f"{name} must have {wanted}, got {seconds!r:.40}")
    z = check_point(f"{name}.z", one["z"], space.latent_dim, space.geometry)
    text = str(one.get("name") or "")[:_LONGEST_NAME]
    return {"z": exact(z), "name": text, "seconds": float(seconds)}
