"""Moving pictures become coarser where the way to a page cannot carry them, and finer again."""

import itertools

import pytest

from latent_widgets.link import LADDER, Link

# Bytes of a 512 x 512 picture at each step, about as measured.
SIZES = (60_000, 40_000, 28_000, 11_000, 7_000, 2_500)


class Wire:
    """A page behind a link: pictures pass one after the other, then wait for the way back."""

    def __init__(self, rate, delay=0.02, jitter=0.0):
        self.rate, self.delay, self.jitter = rate, delay, jitter
        self.now, self.free, self.version = 0.0, 0.0, 0
        self.link = Link(lambda: self.now)
        self.answers = []
        self.shown = []

    def drag(self, seconds, in_flight=3):
        """Send as a page asks that keeps three requests in flight, at most 60 a second."""
        end = self.now + seconds
        while self.now < end:
            if len(self.answers) < in_flight:
                self.send(SIZES[LADDER.index(self.link.detail)])
            self.now += 1 / 60
            self.hear()

    def send(self, size, *, moving=True):
        self.version += 1
        self.free = max(self.free, self.now) + size / self.rate
        late = self.jitter if self.version % 3 == 0 else 0
        self.answers.append((self.free + self.delay + late, self.version))
        self.link.sent(self.version, size, moving=moving)

    def hear(self):
        due = [answer for answer in self.answers if answer[0] <= self.now]
        self.answers = [answer for answer in self.answers if answer[0] > self.now]
        for at, version in due:
            self.shown.append(at)
            # The page's clock is another one, and the answer takes as long as it takes.
            self.link.seen("page", version, at - 1234.5)

    def pictures_a_second(self, seconds):
        return sum(at > self.now - seconds for at in self.shown) / seconds


@pytest.mark.parametrize(("delay", "jitter"), [(0.01, 0), (0.25, 0), (0.005, 0.04)])
def test_a_quick_link_keeps_the_best_pictures_however_far_it_goes(delay, jitter):
    wire = Wire(20e6, delay, jitter)
    wire.drag(10)
    assert wire.link.detail == LADDER[0]


@pytest.mark.parametrize("rate", [0.9e6, 0.6e6, 0.2e6, 0.09e6])
def test_a_slow_link_still_carries_thirty_pictures_a_second(rate):
    wire = Wire(rate, 0.02)
    wire.drag(12)
    assert wire.link.detail != LADDER[0]
    # In the long run: now and then a finer one is tried.
    assert wire.pictures_a_second(4) >= 25


def test_a_link_that_carries_almost_nothing_gets_the_coarsest():
    wire = Wire(0.02e6)
    wire.drag(20)
    assert wire.link.detail == LADDER[-1]


def test_pictures_become_finer_when_the_link_recovers():
    wire = Wire(0.2e6)
    wire.drag(10)
    assert LADDER.index(wire.link.detail) >= 3
    wire.rate = 20e6
    wire.drag(40)
    assert wire.link.detail == LADDER[0]


def test_a_link_in_between_is_not_tried_over_and_over():
    wire = Wire(0.9e6)
    wire.drag(20)
    details = []
    for _ in range(300):
        wire.drag(0.2)
        details.append(LADDER.index(wire.link.detail))
    changes = sum(a != b for a, b in itertools.pairwise(details))
    assert changes <= 20


def test_the_rate_is_about_right():
    wire = Wire(0.1e6)
    wire.drag(5)
    assert 0.08e6 < wire.link.rate < 0.13e6


def test_a_picture_at_rest_says_nothing_of_moving_ones():
    wire = Wire(1.5e6)
    for _ in range(10):
        wire.send(400_000, moving=False)
        wire.now += 2
        wire.hear()
    assert wire.link.detail == LADDER[0]
    # On a slow link a hand has to rest a little longer before the next one comes.
    wire.link.rate = 1e6
    assert wire.link.rest_after(100_000) < wire.link.rest_after(4_000_000) <= 1


def test_pictures_wait_for_a_page_that_falls_behind_and_not_for_one_that_is_gone():
    wire = Wire(1e4, 0.01)
    wire.send(50)
    wire.now += 1
    wire.hear()
    for _ in range(4):
        assert not wire.link.full()
        wire.send(5_000)
    assert wire.link.full()
    wire.now += 0.6
    wire.hear()
    assert not wire.link.full()
    wire.send(5_000)
    assert wire.link.full()
    wire.now += 3  # and not a word
    assert not wire.link.full()


def test_nobody_waits_for_pages_that_never_answer():
    link = Link(lambda: 0.0)
    for version in range(20):
        link.sent(version, 1000, moving=True)
    assert not link.full()


@pytest.mark.parametrize("at", [None, "soon", float("nan"), float("inf")])
def test_a_page_that_tells_no_time_is_believed_to_speak_now(at):
    link = Link(lambda: 5.0)
    for version in range(9):
        link.sent(version, 1000, moving=True)
        link.seen("page", version, at)
    assert link.rate == Link().rate


def test_the_slowest_page_decides():
    wire = Wire(20e6)
    slow = Wire(0.1e6)
    slow.link = wire.link
    for version in range(1, 60):
        wire.now += 1 / 30
        wire.send(SIZES[LADDER.index(wire.link.detail)])
        slow.free = max(slow.free, wire.now) + wire.link._sent[-1].size / slow.rate
        wire.link.seen("quick", version, wire.now)
        wire.link.seen("slow", version, slow.free)
    assert LADDER.index(wire.link.detail) >= 3


@pytest.mark.parametrize("version", [None, "7", -1, 10**9, [1], {}, True])
def test_what_was_never_sent_is_ignored(version):
    link = Link(lambda: 0.0)
    link.sent(7, 1000, moving=True)
    link.seen("page", version)
    assert link.detail == LADDER[0]
    assert not link.full()
