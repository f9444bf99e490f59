"""Silence for one thread: libraries that list their working on the terminal."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Any


class _Muted:
    """A stream that drops what one thread writes; all others write as before."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - notebooks bring their own streams
        self._stream = stream
        self._thread = threading.get_ident()

    def write(self, text: str) -> int:
        if threading.get_ident() == self._thread:
            return len(text)
        return int(self._stream.write(text) or 0)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the stream has it
        return getattr(self._stream, name)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Drop what this thread prints, logs to the terminal or warns of, until the block ends."""
    out, err = _Muted(sys.stdout), _Muted(sys.stderr)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield
