"""A tape as text: lines of Python, JSON, and the short string that is shared."""

from __future__ import annotations

import base64
import binascii
import json
import keyword
import math
import re
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_ENTRIES = 10_000
_VERSION = 1
_FORMAT = "latent_widgets tape"
_PREFIX = "lw1."
# A short text can unpack to any length: no longer one than this is looked at.
_MOST_PACKED, _MOST_TEXT = 8 * 2**20, 32 * 2**20
_DEEPEST = 8
_KEYS = re.compile(r"z|selection|[a-z][a-z0-9_]{0,40}\.[a-z][a-z0-9_]{0,40}")
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]{0,60}")


def exact(values: npt.ArrayLike) -> list[float]:
    """Give the shortest decimals that are the same float32 numbers again.

    Parameters
    ----------
    values
        Flat numbers.

    Returns
    -------
    list of float
        As many.
    """
    found = []
    for value in np.asarray(values, np.float32).ravel():
        short = float(str(value))
        found.append(short if np.float32(short) == value else float(value))
    return found


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a trait holds
    """Copy what a trait holds into plain JSON.

    Parameters
    ----------
    value
        Texts, numbers, booleans, None, float32 vectors; lists and dicts of them.

    Returns
    -------
    Any
        The same, as `json` has it.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if isinstance(value, np.ndarray):
        return exact(value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a tape holds plain values, got {type(value).__name__}")


def write(document: dict[str, Any]) -> str:
    """Write a tape's document, see `read`, as JSON."""
    return json.dumps(
        {"format": _FORMAT, "version": _VERSION, **document},
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def read(text: object) -> dict[str, Any]:
    """Check JSON that anybody may have written.

    Parameters
    ----------
    text
        What `write` gave.

    Returns
    -------
    dict
        `name`, `latent_dim`, `panels` (class by name), `start` (value by key), `entries` (pairs
        of key and value) and `at`, all of the right types.

    Raises
    ------
    ValueError
        If it is no tape; the sentence says what is wrong.
    """
    if not isinstance(text, str | bytes) or len(text) > _MOST_TEXT:
        raise ValueError(f"text must be a tape as JSON of at most {_MOST_TEXT:,} characters")
    try:
        given = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"text must be a tape as JSON: {error}") from None
    if not isinstance(given, dict) or given.get("format") != _FORMAT:
        raise ValueError("text must be a tape as JSON, got other JSON")
    if given.get("version") != _VERSION:
        raise ValueError(f"tape must be of version {_VERSION}, got {given.get('version')!r:.40}")
    dim, panels, at = _head(given)
    start, entries = _entries(given, at)
    for key, value in [*start.items(), *entries]:
        _check(key, value, dim, panels)
    return {
        "name": given["name"],
        "latent_dim": dim,
        "panels": panels,
        "start": start,
        "entries": entries,
        "at": at,
    }


def pack(text: str) -> str:
    """Make a short string of a text: compressed, with a checksum, of letters a link may have."""
    raw = text.encode()
    packed = zlib.crc32(raw).to_bytes(4, "big") + zlib.compress(raw, 9)
    return _PREFIX + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(shared: object) -> str:
    """Give the text back that `pack` took.

    Parameters
    ----------
    shared
        What `pack` gave; untrusted.

    Raises
    ------
    ValueError
        If it is something else, was damaged, or would unpack to more than 32 MB.
    """
    wanted = f"shared must be a string that begins with {_PREFIX!r}"
    if not isinstance(shared, str) or not shared.strip().startswith(_PREFIX):
        raise ValueError(f"{wanted}, got {shared!r:.40}")
    body = shared.strip()[len(_PREFIX) :]
    if len(body) > _MOST_PACKED:
        raise ValueError(f"shared must have at most {_MOST_PACKED:,} characters, got {len(body):,}")
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        inflate = zlib.decompressobj()
        raw = inflate.decompress(packed[4:], _MOST_TEXT)
    except (binascii.Error, ValueError, zlib.error):
        raise ValueError(f"{wanted} and was copied whole; this one is damaged") from None
    if inflate.unconsumed_tail:
        raise ValueError(f"shared must unpack to at most {_MOST_TEXT:,} characters")
    if not inflate.eof or zlib.crc32(raw).to_bytes(4, "big") != packed[:4]:
        raise ValueError(f"{wanted} and was copied whole; this one is damaged")
    return raw.decode("utf-8", "replace")


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


def _entries(given: dict[str, Any], at: int) -> tuple[dict[str, Any], list[list[Any]]]:
    start, entries = given.get("start"), given.get("entries")
    if not isinstance(start, dict) or not {"z", "selection"} <= set(start):
        raise ValueError("tape['start'] must have z and selection")
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise ValueError(f"tape['entries'] must be a list of at most {MOST_ENTRIES:,}")
    if not at <= len(entries):
        raise ValueError(f"tape['at'] must be from 0 to {len(entries)}, got {at!r:.60}")
    for i, entry in enumerate(entries):
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], str):
            raise ValueError(f"tape['entries'][{i}] must be a key and a value")
        if entry[0] not in start:
            raise ValueError(f"tape['entries'][{i}] must set what the start has, got {entry[0]!r}")
    return start, entries


def _is_panel(named: tuple[str, object]) -> bool:
    name, kind = named
    fits = _KEYS.fullmatch(f"{name}.x") and not keyword.iskeyword(name)
    return bool(fits) and isinstance(kind, str) and bool(_CLASS.fullmatch(kind))


def _check(key: str, value: Any, dim: int, panels: dict[str, str]) -> None:  # noqa: ANN401
    if not isinstance(key, str) or not _KEYS.fullmatch(key):
        raise ValueError(f"a tape sets z, selection or a trait of a panel, got {key!r:.60}")
    if key == "z":
        numbers = isinstance(value, list) and all(type(each) in (int, float) for each in value)
        # Beyond float32 there is only infinity.
        if not numbers or len(value) != dim or any(abs(each) > 3.4e38 for each in value):
            raise ValueError(f"a tape's z must be {dim} finite numbers, got {value!r:.60}")
    elif key == "selection":
        if not isinstance(value, list) or not all(type(each) is int for each in value):
            raise ValueError(f"a tape's selection must be row ids, got {value!r:.60}")
        if any(not 0 <= each < 2**31 for each in value):
            raise ValueError("a tape's selection must be row ids from 0 to 2147483647")
    else:
        panel, _, trait = key.partition(".")
        if panel not in panels or keyword.iskeyword(trait):
            raise ValueError(f"a tape must say what {panel!r} is before it sets {key!r}")
        _check_plain(key, value, _DEEPEST)


def _check_plain(key: str, value: Any, deeper: int) -> None:  # noqa: ANN401
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"a tape's {key} must hold finite numbers, got {value!r}")
    inside = value.values() if isinstance(value, dict) else value
    if isinstance(value, list | dict):
        if not deeper:
            raise ValueError(f"a tape's {key} must be nested at most {_DEEPEST} deep")
        for each in inside:
            _check_plain(key, each, deeper - 1)
