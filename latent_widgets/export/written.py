"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def check_new(path: str | os.PathLike[str], suffixes: tuple[str, ...], *, overwrite: bool) -> Path:
    """Check where a file is to be written.

    Parameters
    ----------
    path
        The file.
    suffixes
        What it may end in.
    overwrite
        Whether one that exists may go.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        If it ends in something else.
    TypeError
        If it is no path at all.
    FileNotFoundError, IsADirectoryError
        If its folder is missing, or it is one itself.
    FileExistsError
        If it exists and may not go.
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path must name a file, got {type(path).__name__}")
    file = Path(path)
    if file.suffix.lower() not in suffixes:
        ends = suffixes[0] if len(suffixes) < 3 else f"one of {', '.join(suffixes)}"
        raise ValueError(f"path must end in {ends}, got {str(file)!r}")
    if not file.parent.is_dir():
        raise FileNotFoundError(f"path must be in a folder that exists, got {str(file)!r}")
    if file.is_dir():
        raise IsADirectoryError(f"path must name a file, but {str(file)!r} is a folder")
    if file.exists() and not overwrite:
        raise FileExistsError(f"{str(file)!r} exists already; overwrite=True replaces it")
    return file


@contextlib.contextmanager
def whole_file(file: Path) -> Iterator[Path]:
    """Give a file beside the one that is meant, which takes its place once the block has ended.

    Parameters
    ----------
    file
        Where it shall be in the end.

    Yields
    ------
    pathlib.Path
        What to write to, of the same suffix; it goes when the block fails.

    Raises
    ------
    PermissionError
        If the folder cannot be written to.
    """
    partial = file.with_name(f".{file.stem}.{os.getpid()}.partial{file.suffix}")
    try:
        partial.open("wb").close()
    except OSError as error:
        raise PermissionError(
            f"path must be in a folder that can be written to, got {str(file)!r}: {error.strerror}"
        ) from error
    try:
        yield partial
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
