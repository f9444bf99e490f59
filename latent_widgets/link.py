"""How much the way to the pages can carry, and what moving pictures may cost therefore."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple


class Detail(NamedTuple):
    """How fine a moving picture is."""

    quality: int
    """JPEG's, 1 to 100."""
    shrink: int
    """Divides the sides."""


# Quality goes first: half the pixels are seen sooner than a coarser JPEG.
LADDER = (Detail(90, 1), Detail(75, 1), Detail(55, 1), Detail(75, 2), Detail(50, 2), Detail(50, 4))
# Bytes beside those of the first, about: enough to see how far down to go.
_SIZES = (1.0, 0.6, 0.45, 0.2, 0.13, 0.05)

_PICTURES_A_SECOND = 30
# Servers hold a small message back for up to 40 ms, whatever its size.
_JITTER = 0.04
_LATE = 2  # answers in a row before a step down
_PATIENCE, _MOST_PATIENCE = 30, 480  # answers in a row before a step up
_MARGIN = 0.8
_MEMORY = 0.98  # of what was measured, an answer later
_ALIKE = 3_000.0  # bytes; sizes that differ by less tell little about the rate
_UNSEEN = 4  # pictures on their way to one page at once
_STALLED, _GONE = 1.0, 2.0  # seconds
_REST = 0.15  # seconds
_FIRST_RATE = 50e6  # bytes a second, until one was measured
_REMEMBERED = 256
_LONGEST = 1e9  # seconds


class _Sent(NamedTuple):
    version: int
    at: float
    size: int
    step: int | None
    """Of the ladder; None for a picture at rest."""
    number: int
    """Of this picture among all."""
    total: int
    """Bytes of all up to and with this one."""
    seen: dict[str, int]
    """Bytes that each page had seen by then."""


class _Page:
    """One page: what it has seen, and how long that was under way."""

    def __init__(self) -> None:
        self.number = self.total = 0
        self.answered = 0.0
        self.cost = 0.0
        """Seconds a byte."""
        self._ways: deque[float] = deque(maxlen=_REMEMBERED)
        self._fit = _Line()

    def measure(self, way: float, size: int) -> None:
        """Weigh one picture: seconds on the way, by clocks that may disagree, and bytes."""
        self._ways.append(way)
        self._fit.add(size, way)
        waited = way - min(self._ways) - _JITTER
        self.cost = max(self._fit.slope, waited / size)


class Link:
    """Follows large pictures to the pages and back, and chooses their `detail`.

    A page says of each when, by its own clock, it could paint it. Times that grow with the bytes
    under way (a line is fitted), or that exceed the shortest one, were spent in the queue or on
    the wire; where that would not do for 30 pictures a second, pictures become coarser, and where
    it would again, finer. A way that is only long changes nothing. The slowest page decides.

    Parameters
    ----------
    clock
        Seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sent: deque[_Sent] = deque(maxlen=_REMEMBERED)
        self._pages: dict[str, _Page] = {}
        self._step = self._late = self._good = 0
        self._patience, self._raised = _PATIENCE, False
        self.rate = _FIRST_RATE
        """Bytes a second."""

    @property
    def detail(self) -> Detail:
        """How fine the next moving picture should be."""
        return LADDER[self._step]

    def sent(self, version: int, size: int, *, moving: bool) -> None:
        """Note that a picture went out.

        Parameters
        ----------
        version
            Of its frame.
        size
            Bytes.
        moving
            Whether it was as coarse as `detail` says.
        """
        with self._lock:
            last = self._sent[-1] if self._sent else None
            number, total = (last.number, last.total) if last else (0, 0)
            seen = {client: page.total for client, page in self._pages.items()}
            step, now = self._step if moving else None, self._clock()
            self._sent.append(_Sent(version, now, size, step, number + 1, total + size, seen))

    def seen(self, client: str, version: object, at: object = None) -> None:
        """Note that a page has a picture.

        Parameters
        ----------
        client
            The page.
        version
            As it was sent; anything else is ignored.
        at
            When, in seconds of the page's clock; now, where it does not tell.
        """
        with self._lock:
            one = next((each for each in reversed(self._sent) if each.version == version), None)
            page = self._pages.get(client) or _Page()
            if one is None or one.number <= page.number:
                return
            # What was under way when it left had to pass first.
            passed = one.seen.get(client)
            passed = self._total_before(one.at - _STALLED) if passed is None else passed
            now = self._clock()
            # A page's clock begins near zero; what is far from it was forged.
            told = at if isinstance(at, int | float) and abs(at) < _LONGEST else now
            page.measure(told - one.at, one.total - passed)
            page.number, page.total, page.answered = one.number, one.total, now
            self._pages[client] = page
            self._choose(one, max(page.cost for page in self._pages.values()))

    def _total_before(self, at: float) -> int:
        first = next(each for each in self._sent if each.at >= at)
        return first.total - first.size

    def full(self) -> bool:
        """Tell whether the next picture should wait until a page has seen more.

        Returns
        -------
        bool
            True while a page that answers has four unseen, for a second at most.
        """
        with self._lock:
            if not self._sent:
                return False
            now, last = self._clock(), self._sent[-1]
            for client, page in list(self._pages.items()):
                unseen = [each for each in self._sent if each.number > page.number]
                if unseen and now - max(unseen[0].at, page.answered) > _GONE:
                    del self._pages[client]
                elif len(unseen) >= _UNSEEN and now - last.at < _STALLED:
                    return True
            return False

    def rest_after(self, size: int) -> float:
        """Tell how long a hand must rest before it gets the whole picture.

        Parameters
        ----------
        size
            Bytes of that.

        Returns
        -------
        float
            Seconds: more where the next move would have to wait behind it.
        """
        return min(max(size / self.rate / 4, _REST), _STALLED)

    def _choose(self, one: _Sent, cost: float) -> None:
        self.rate = min(1 / cost, _FIRST_RATE) if cost > 0 else _FIRST_RATE
        # What left with another detail says nothing of this one.
        if one.step != self._step:
            return
        if one.size * cost > 1 / _PICTURES_A_SECOND:
            self._late, self._good = self._late + 1, 0
        else:
            self._late, self._good = 0, self._good + 1
        first = one.size / _SIZES[self._step]
        fits = [first * share * cost < _MARGIN / _PICTURES_A_SECOND for share in _SIZES]
        if self._late >= _LATE and self._step + 1 < len(LADDER):
            below = range(self._step + 1, len(LADDER))
            # Finer was too much again: the next try is later, unless finer did well for a while.
            self._patience = min(2 * self._patience, _MOST_PATIENCE) if self._raised else _PATIENCE
            self._step = next((step for step in below if fits[step]), below[-1])
            self._late, self._raised = 0, False
        elif self._good >= self._patience and self._step > 0 and fits[self._step - 1]:
            self._step, self._good, self._raised = self._step - 1, 0, True
        elif self._good >= _PATIENCE:
            self._raised = False


class _Line:
    """A line through the last points, by least squares; older ones fade."""

    def __init__(self) -> None:
        self._weight = self._x = self._y = self._xx = self._xy = 0.0

    def add(self, x: float, y: float) -> None:
        sums = (self._weight, self._x, self._y, self._xx, self._xy)
        new = (1.0, x, y, x * x, x * y)
        self._weight, self._x, self._y, self._xx, self._xy = (
            _MEMORY * old + one for old, one in zip(sums, new, strict=True)
        )

    @property
    def slope(self) -> float:
        x, y = self._x / self._weight, self._y / self._weight
        variance = self._xx / self._weight - x * x
        return max(0.0, (self._xy / self._weight - x * y) / (variance + _ALIKE**2))
