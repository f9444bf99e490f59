"""Tapes that anybody may have written: checked before anything of them is used."""

from __future__ import annotations

import json
import keyword
import math
import re
from collections.abc import Callable
from typing import Any

from latent_widgets.tape_text import FORMAT, MOST_TEXT, SPACES, VERSION

MOST_ENTRIES = 10_000
# Of hundreds of panels.
_MOST_KEYS = 10_000
_DEEPEST = 8
_KEYS = re.compile("|".join((*SPACES, r"[a-z][a-z0-9_]{0,40}\.[a-z][a-z0-9_]{0,40}")))
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]{0,60}(\.[a-z][a-z0-9_]{0,40})?")


def read(text: object) -> dict[str, Any]:
    """Check JSON that anybody may have written.

    Parameters
    ----------
    text
        What `tape_text.write` gave.

    Returns
    -------
    dict
        `name`, `latent_dim`, `panels` (class by name), `start` (value by key), `entries` (dicts
        of values by key) and `at`, all of the right types.

    Raises
    ------
    ValueError
        If it is no tape; the sentence says what is wrong.
    """
    if not isinstance(text, str | bytes) or len(text) > MOST_TEXT:
        raise ValueError(f"text must be a tape as JSON of at most {MOST_TEXT:,} characters")
    try:
        given = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"text must be a tape as JSON: {error}") from None
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise ValueError("text must be a tape as JSON, got other JSON")
    if given.get("version") != VERSION:
        raise ValueError(f"tape must be of version {VERSION}, got {given.get('version')!r:.40}")
    dim, panels, at = _head(given)
    start, entries = _entries(given, at)
    for values in (start, *entries):
        for key, value in values.items():
            _check(key, value, dim, panels)
    return {
        "name": given["name"],
        "latent_dim": dim,
        "panels": panels,
        "start": start,
        "entries": entries,
        "at": at,
    }


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of a tape")


def _head(given: dict[str, Any]) -> tuple[int, dict[str, str], int]:
    name, dim, at, panels = (given.get(key) for key in ("name", "latent_dim", "at", "panels"))
    if name is not None and not isinstance(name, str):
        raise ValueError(f"tape['name'] must be a text or null, got {name!r:.60}")
    if type(dim) is not int or dim < 1:
        raise ValueError(f"tape['latent_dim'] must be a whole number above 0, got {dim!r:.60}")
    if type(at) is not int or at < 0:
        raise ValueError(f"tape['at'] must be a whole number of entries, got {at!r:.60}")
    if not isinstance(panels, dict) or not all(map(_is_panel, panels.items())):
        raise ValueError("tape['panels'] must name classes by the names of panels")
    given.setdefault("name", None)
    return dim, panels, at


def _entries(given: dict[str, Any], at: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    start, entries = given.get("start"), given.get("entries")
    if not isinstance(start, dict) or not {"z", "selection"} <= set(start):
        raise ValueError("tape['start'] must have z and selection")
    if len(start) > _MOST_KEYS:
        raise ValueError(f"tape['start'] must have at most {_MOST_KEYS:,} keys, got {len(start):,}")
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise ValueError(f"tape['entries'] must be a list of at most {MOST_ENTRIES:,}")
    if not at <= len(entries):
        raise ValueError(f"tape['at'] must be from 0 to {len(entries)}, got {at!r:.60}")
    found = []
    for i, entry in enumerate(entries):
        keys = entry[::2] if isinstance(entry, list) and len(entry) % 2 == 0 else []
        named = all(isinstance(key, str) for key in keys)
        if not keys or not named or len(set(keys)) < len(keys):
            raise ValueError(f"tape['entries'][{i}] must be a key and a value, or several such")
        unknown = [key for key in keys if key not in start]
        if unknown:
            raise ValueError(
                f"tape['entries'][{i}] must set what the start has, got {unknown[0]!r}"
            )
        found.append(dict(zip(keys, entry[1::2], strict=True)))
    return start, found


def _is_panel(named: tuple[str, object]) -> bool:
    name, kind = named
    fits = _KEYS.fullmatch(f"{name}.x") and not keyword.iskeyword(name)
    return bool(fits) and isinstance(kind, str) and bool(_CLASS.fullmatch(kind))


def _check(key: str, value: Any, dim: int, panels: dict[str, str]) -> None:  # noqa: ANN401
    if not isinstance(key, str) or not _KEYS.fullmatch(key):
        raise ValueError(f"a tape sets {', '.join(SPACES)} or a trait of a panel, got {key!r:.60}")
    if key in _OWN:
        _OWN[key](value, dim)
        return
    panel, _, trait = key.partition(".")
    if panel not in panels or keyword.iskeyword(trait):
        raise ValueError(f"a tape must say what {panel!r} is before it sets {key!r}")
    _check_plain(key, value, _DEEPEST)


def _check_z(value: Any, dim: int, key: str = "z") -> None:  # noqa: ANN401
    numbers = isinstance(value, list) and all(type(each) in (int, float) for each in value)
    # Beyond float32 there is only infinity.
    if not numbers or len(value) != dim or any(abs(each) > 3.4e38 for each in value):
        raise ValueError(f"a tape's {key} must be {dim} finite numbers, got {value!r:.60}")


def _check_selection(value: Any, _: int) -> None:  # noqa: ANN401
    if not isinstance(value, list) or not all(type(each) is int for each in value):
        raise ValueError(f"a tape's selection must be row ids, got {value!r:.60}")
    if any(not 0 <= each < 2**31 for each in value):
        raise ValueError("a tape's selection must be row ids from 0 to 2147483647")


def _check_favourites(value: Any, dim: int) -> None:  # noqa: ANN401
    if not isinstance(value, list):
        raise ValueError(f"a tape's favourites must be a list of latents, got {value!r:.60}")  # noqa: TRY004 - one kind of error for one untrusted document
    for each in value:
        _check_z(each, dim, "favourites")


def _check_directions(value: Any, _: int) -> None:  # noqa: ANN401
    if not isinstance(value, dict):
        raise ValueError(f"a tape's directions must be a dict by name, got {value!r:.60}")  # noqa: TRY004 - as above
    # Each is looked at once there is a space that it should fit.
    _check_plain("directions", value, _DEEPEST)


def _check_names(value: Any, _: int) -> None:  # noqa: ANN401
    if not isinstance(value, list):
        raise ValueError(f"a tape's region_names must be a list of dicts, got {value!r:.60}")  # noqa: TRY004 - as above
    _check_plain("region_names", value, _DEEPEST)


def _check_plain(key: str, value: Any, deeper: int) -> None:  # noqa: ANN401
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"a tape's {key} must hold finite numbers, got {value!r}")
    inside = value.values() if isinstance(value, dict) else value
    if isinstance(value, list | dict):
        if not deeper:
            raise ValueError(f"a tape's {key} must be nested at most {_DEEPEST} deep")
        for each in inside:
            _check_plain(key, each, deeper - 1)


_OWN: dict[str, Callable[[Any, int], None]] = {
    "z": _check_z,
    "selection": _check_selection,
    "favourites": _check_favourites,
    "directions": _check_directions,
    "region_names": _check_names,
}
