"""Maps that took long are kept on disk, found again by their content."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load, save

from latent_widgets.analysis.base import Array

LARGEST = 500_000_000
"""Bytes; beyond that the maps that were not looked at for longest go."""
FOLDER = "LATENT_WIDGETS_CACHE"
"""The environment variable that moves the folder."""
_FORMAT = "latent_widgets map 1"
_SUFFIX = ".map.safetensors"


def fingerprint(points: Array) -> str:
    """SHA-256 of rows (n, d): shape and little-endian float32 values."""
    rows = np.ascontiguousarray(points, "<f4")
    digest = hashlib.sha256(json.dumps(rows.shape).encode())
    digest.update(rows.data)
    return digest.hexdigest()


def cache_folder() -> Path:
    """Give the folder that maps are kept in; it need not exist yet."""
    moved = os.environ.get(FOLDER)
    return Path(moved) if moved else Path(platformdirs.user_cache_dir("latent_widgets")) / "maps"


def key_of(points: str, **asked: Any) -> str:  # noqa: ANN401 - any JSON
    """Name of a map: SHA-256 of the rows' fingerprint and of all that was asked."""
    whole = json.dumps({"format": _FORMAT, "points": points, **asked}, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def read_map(key: str, n: int, dim: int) -> Array | None:
    """Read a kept map, (n, dim) finite float32; None where there is none, or a broken one."""
    xy = (read_arrays(key) or {}).get("xy")
    return xy if xy is not None and xy.shape == (n, dim) and np.isfinite(xy).all() else None


def write_map(key: str, xy: Array) -> None:
    """Keep a map (n, dim); see `write_arrays`."""
    write_arrays(key, {"xy": xy})


def read_arrays(key: str) -> dict[str, Array] | None:
    """Read what was kept; None where there is nothing, or only a broken file.

    Returns
    -------
    dict or None
        Name to float32 array.
    """
    path = cache_folder() / f"{key}{_SUFFIX}"
    try:
        content = path.read_bytes()
        with safe_open(path, "numpy") as file:
            if (file.metadata() or {}).get("key") != key:
                return None
        found = {name: np.asarray(each, np.float32) for name, each in load(content).items()}
    except (OSError, SafetensorError, TypeError, ValueError):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # Those that were not looked at for longest go first.
    return found


def write_arrays(key: str, arrays: Mapping[str, Array]) -> None:
    """Keep arrays, whole or not at all; where nothing can be written, nothing is kept."""
    folder = cache_folder()
    whole = {name: np.ascontiguousarray(each, np.float32) for name, each in arrays.items()}
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=".part", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(save(whole, {"key": key}))
            Path(name).replace(folder / f"{key}{_SUFFIX}")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _keep_small(folder)


def clear_maps() -> int:
    """Delete every kept map; give back how many there were."""
    found = list(cache_folder().glob(f"*{_SUFFIX}"))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _keep_small(folder: Path) -> None:
    kept = []
    for path in folder.glob(f"*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            about = path.stat()
            kept.append((about.st_mtime, about.st_size, path))
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= LARGEST:
            break
        path.unlink(missing_ok=True)
        total -= size
