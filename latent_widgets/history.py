"""The undo stack: one entry a gesture, whatever it changed."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

# What drags leave behind must not fill the memory.
_MOST_BYTES = 64 * 2**20
_blocks = itertools.count()


class Entry(NamedTuple):
    """One gesture: what it set, and to what."""

    values: dict[str, Any]
    """By key: what is the space's own, "z" say, or the name of a panel, a dot and a trait."""
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
        self.usual: set[str] = set()
        """Keys whose first value is the one that each new space or panel has by itself."""
        self._now = dict(start)
        self._here = threading.local()
        self._limit = limit
        self._bytes = 0
        self._lock = threading.RLock()
        self._heard: list[Callable[[], None]] = []

    def __len__(self) -> int:
        """Count the entries, those that were undone included."""
        return len(self.entries)

    def know(self, key: str, value: Any, *, usual: bool = False) -> None:  # noqa: ANN401
        """Take a key in, with the value it has before any gesture.

        Parameters
        ----------
        key, value
            A key that is known already keeps what it has.
        usual
            Whether it has this value by itself, and nobody need set it.
        """
        with self._lock:
            if usual and key not in self.start:
                self.usual.add(key)
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
            A name shared by all values of one drag; when None that of the `gesture` block this
            is in, and an entry of its own outside of one.
        """
        name = gesture or getattr(self._here, "gesture", None)
        with self._lock:
            if getattr(self._here, "still", False) or same(value, self._now[key]):
                return
            last = self.entries[self.at - 1] if self.at else None
            for undone in self.entries[self.at :]:
                self._bytes -= _size(undone.values)
            more = len(self.entries) > self.at
            del self.entries[self.at :]
            values = {key: value}
            if last and not more and name is not None and last.gesture == name:
                self._drop()
                self._now.update({old: self._value(old, self.at) for old in last.values})
                values = {**last.values, key: value}
            # What is back where it began was no change. The order is that in which all can be set.
            known = [k for k in self.start if k in values] if len(values) > 1 else [key]
            values = {k: values[k] for k in known if not same(values[k], self._now[k])}
            if values:
                self._append(Entry(values, name))
        self._tell()

    @contextmanager
    def gesture(self, name: str | None = None) -> Iterator[str]:
        """Make one entry of all that this thread sets in a `with` block, whatever it is.

        Parameters
        ----------
        name
            Blocks of the same name that follow one another make one entry; None for a new name.
            Within another block that one's name counts.

        Yields
        ------
        str
            The name, for what comes of it later and elsewhere.
        """
        before = getattr(self._here, "gesture", None)
        self._here.gesture = here = before or name or f"block {next(_blocks)}"
        try:
            yield here
        finally:
            self._here.gesture = before

    @contextmanager
    def still(self) -> Iterator[None]:
        """Record nothing that this thread sets in a `with` block: an echo, and no gesture."""
        before = getattr(self._here, "still", False)
        self._here.still = True
        try:
            yield
        finally:
            self._here.still = before

    def undo(self) -> dict[str, Any] | None:
        """Go one step back.

        Returns
        -------
        dict or None
            What to set to which value, by key, or None at the beginning.
        """
        with self._lock:
            return None if self.at == 0 else self.go(self.at - 1)

    def redo(self) -> dict[str, Any] | None:
        """Go one step forward again.

        Returns
        -------
        dict or None
            What to set to which value, by key, or None at the end.
        """
        with self._lock:
            return None if self.at == len(self.entries) else self.go(self.at + 1)

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
            keys = {key for entry in self.entries[low:high] for key in entry.values}
            self.at = at
            # In the order they became known, in which they can be set.
            changed = {key: self._value(key, at) for key in self.start if key in keys}
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
        found = (one.values[key] for one in reversed(self.entries[:at]) if key in one.values)
        return next(found, self.start[key])

    def _append(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._now.update(entry.values)
        self._bytes += _size(entry.values)
        self.at = len(self.entries)
        while len(self.entries) > self._limit or (
            self._bytes > _MOST_BYTES and len(self.entries) > 1
        ):
            first = self.entries.pop(0)
            self.start.update(first.values)
            self.usual.difference_update(first.values)
            self._bytes -= _size(first.values)
            self.at -= 1

    def _drop(self) -> None:
        self._bytes -= _size(self.entries.pop().values)
        self.at = len(self.entries)

    def _copy(self) -> tuple[Any, ...]:
        with self._lock:
            start, usual, now = dict(self.start), set(self.usual), dict(self._now)
            return start, usual, list(self.entries), self.at, now, self._bytes

    def _restore(self, copied: tuple[Any, ...]) -> None:
        with self._lock:
            self.start, self.usual, self.entries, self.at, self._now, self._bytes = copied
        self._tell()


def same(one: Any, other: Any) -> bool:  # noqa: ANN401 - whatever traits hold
    """Whether two values are equal, arrays element by element."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return bool(np.array_equal(one, other))
    return type(one) is type(other) and bool(one == other)


def _size(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    if isinstance(value, list) and value and isinstance(value[0], list | dict):
        return sum(map(_size, value))
    return 32 * len(value) if isinstance(value, list) else 32
