"""A tape as text: lines of Python, JSON, and the short string that is shared."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

VERSION = 1
FORMAT = "latent_widgets tape"
_PREFIX = "lw1."
# A short text can unpack to any length: no longer one than this is looked at.
_MOST_PACKED, MOST_TEXT = 8 * 2**20, 32 * 2**20
SPACES = ("z", "selection", "favourites", "directions", "region_names")
"""What a space itself has on its tape."""


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
        Texts, numbers, booleans, None, arrays; lists and dicts of them. What is float32 becomes
        the shortest decimals that are the same again.

    Returns
    -------
    Any
        The same, as `json` has it.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if isinstance(value, np.ndarray) and value.dtype == np.float32:
        return np.reshape(exact(value), value.shape).tolist()
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a tape holds plain values, got {type(value).__name__}")


def held(value: Any) -> Any:  # noqa: ANN401 - whatever a trait holds
    """Copy what a trait holds as a tape keeps it: as `plain`, but arrays as they are."""
    if not isinstance(value, np.ndarray):
        return plain(value)
    kept = np.array(value)
    kept.flags.writeable = False
    return kept


def write(document: dict[str, Any]) -> str:
    """Write a tape's document, see `tape_reading.read`, as JSON."""
    return json.dumps(
        {"format": FORMAT, "version": VERSION, **document},
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def pack(text: str) -> str:
    """Make a short string of a text: compressed, with a checksum, of letters a link may have.

    Parameters
    ----------
    text
        Any.

    Raises
    ------
    ValueError
        If it is longer than what `unpack` takes.
    """
    raw = text.encode()
    packed = zlib.crc32(raw).to_bytes(4, "big") + zlib.compress(raw, 9)
    shared = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(raw) > MOST_TEXT or len(shared) > _MOST_PACKED:
        raise ValueError(
            f"a tape to share must have at most {MOST_TEXT:,} characters, {_MOST_PACKED:,} when "
            f"packed, got {len(raw):,} and {len(shared):,}: save its to_json() as a file instead"
        )
    return _PREFIX + shared


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
        raw = inflate.decompress(packed[4:], MOST_TEXT)
    except (binascii.Error, ValueError, zlib.error):
        raise ValueError(f"{wanted} and was copied whole; this one is damaged") from None
    if inflate.unconsumed_tail:
        raise ValueError(f"shared must unpack to at most {MOST_TEXT:,} characters")
    if not inflate.eof or zlib.crc32(raw).to_bytes(4, "big") != packed[:4]:
        raise ValueError(f"{wanted} and was copied whole; this one is damaged")
    return raw.decode("utf-8", "replace")
