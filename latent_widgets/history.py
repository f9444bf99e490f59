"""The undo stack: one entry a gesture, whatever it changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

# What drags leave behind must not fill the memory.
_MOST_BYTES = 64 * 2**20


class Entry(NamedTuple):
    """One gesture: what it set, and to what."""

    key: str
    """"z", "selection", or the name of a panel, a dot and a trait."""
    value: Any
    gesture: str | None = None


class History:
    """What was set, in order: one entry per gesture, however many values a drag passed through.

    Parameters
    ----------
    start
        The first value of each key.
    limit
        How many entries are kept; older ones become the start.
    """

    def __init__(self, start: Mapping[str, Any], limit: int = 1000) -> None:
        self.start = dict(start)
        self.entries: list[Entry] = []
        self.at = 0
        """How many of the entries are done and not undone."""
        self._now = dict(start)
        self._limit = limit
        self._bytes = 0
        self._lock = threading.RLock()
        self._heard: list[Callable[[], None]] = []

    def __len__(self) -> int:
        """Count the entries, those that were undone included."""
        return len(self.entries)

    def know(self, key: str, value: Any) -> None:  # noqa: ANN401 - whatever a trait holds
        """Take a key in, with the value it has before any gesture.

        Parameters
        ----------
        key, value
            A key that is known already keeps what it has.
        """
        with self._lock:
            self.start.setdefault(key, value)
            self._now.setdefault(key, value)

    def record(self, key: str, value: Any, gesture: str | None = None) -> None:  # noqa: ANN401
        """Remember a value; within one named gesture the newest replaces the one before.

        Parameters
        ----------
        key
            What was set.
        value
            To what; nothing happens when it is so already.
        gesture
            A name shared by all values of one drag; None makes an entry of its own.
        """
        with self._lock:
            if same(value, self._now[key]):
                return
            last = self.entries[self.at - 1] if self.at else None
            for undone in self.entries[self.at :]:
                self._bytes -= _size(undone.value)
            more = len(self.entries) > self.at
            del self.entries[self.at :]
            if last and not more and gesture is not None and last[::2] == (key, gesture):
                self._drop()
                self._now[key] = self._value(key, self.at)
            if not same(value, self._now[key]):
                self._append(Entry(key, value, gesture))
        self._tell()

    def undo(self) -> Entry | None:
        """Go one step back.

        Returns
        -------
        Entry or None
            What to set to which value, or None at the beginning.
        """
        with self._lock:
            if self.at == 0:
                return None
            key = self.entries[self.at - 1].key
            return Entry(key, self.go(self.at - 1)[key])

    def redo(self) -> Entry | None:
        """Go one step forward again.

        Returns
        -------
        Entry or None
            What to set to which value, or None at the end.
        """
        with self._lock:
            if self.at == len(self.entries):
                return None
            self.go(self.at + 1)
            return self.entries[self.at - 1]

    def go(self, at: int) -> dict[str, Any]:
        """Go to where a number of entries are done.

        Parameters
        ----------
        at
            From 0 to the number of entries.

        Returns
        -------
        dict
            What to set to which value, by key.

        Raises
        ------
        ValueError
            If there is no such place.
        """
        with self._lock:
            if not (isinstance(at, int | np.integer) and 0 <= at <= len(self.entries)):
                raise ValueError(f"at must be from 0 to {len(self.entries)}, got {at!r:.40}")
            low, high = sorted((at, self.at))
            keys = {entry.key for entry in self.entries[low:high]}
            self.at = at
            changed = {key: self._value(key, at) for key in keys}
            self._now.update(changed)
        self._tell()
        return changed

    def hear(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call something after every change, on the thread that made it.

        Parameters
        ----------
        heard
            Must be quick.

        Returns
        -------
        Callable
            Ends it.
        """
        self._heard.append(heard)
        return lambda: self._heard.remove(heard)

    def _tell(self) -> None:
        for heard in list(self._heard):
            heard()

    def _value(self, key: str, at: int) -> Any:  # noqa: ANN401
        found = (entry.value for entry in reversed(self.entries[:at]) if entry.key == key)
        return next(found, self.start[key])

    def _append(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._now[entry.key] = entry.value
        self._bytes += _size(entry.value)
        self.at = len(self.entries)
        while len(self.entries) > self._limit or (
            self._bytes > _MOST_BYTES and len(self.entries) > 1
        ):
            first = self.entries.pop(0)
            self.start[first.key] = first.value
            self._bytes -= _size(first.value)
            self.at -= 1

    def _drop(self) -> None:
        self._bytes -= _size(self.entries.pop().value)
        self.at = len(self.entries)


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - whatever traits hold
    """Whether two values are equal, arrays element by element."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return bool(np.array_equal(one, other))
    return type(one) is type(other) and bool(one == other)


def _size(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, np.ndarray):
        return value.nbytes
    return 32 * len(value) if isinstance(value, list | dict | str) else 32
