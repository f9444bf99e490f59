"""The loop that lets z follow a page's brush."""

from __future__ import annotations

import numpy as np
import pytest

from latent_widgets.chase import MOST_UNSEEN, Chase, Heard, read_message
from latent_widgets.painting import Stroke


class OneThread:
    """The private thread of a space, stepped by hand; of a channel the newest job waits."""

    def __init__(self):
        self.jobs = {}

    def do(self, channel, job):
        self.jobs[channel] = job

    def work(self, most=100):
        done = 0
        while self.jobs and done < most:
            self.jobs.pop(next(iter(self.jobs)))()
            done += 1
        return done


class Painter:
    def __init__(self, settles=10**9):
        self.settles, self.steps, self.errors = settles, [], []
        self.over = self.raises = False

    def step(self, heard, first, number, last):
        if self.raises:
            raise RuntimeError("no picture")
        self.steps.append((heard.name, len(heard.stroke.places), first, number, last))
        return None if self.over else len(self.steps) >= self.settles


def said(name="a", places=1, *, last=False, seen=0, cancelled=False):
    stroke = Stroke(np.zeros((places, 2), np.float32))
    return Heard(name, name, stroke, np.zeros(2, np.float32), last, seen, cancelled)


@pytest.fixture
def thread():
    return OneThread()


def test_steps_go_on_without_being_asked_until_four_are_unseen(thread):
    painter = Painter()
    chase = Chase(thread, painter.step, painter.errors.append)
    chase.hear(said())
    thread.work()
    assert [number for *_, number, _ in painter.steps] == [1, 2, 3, 4]
    assert MOST_UNSEEN == 4
    chase.hear(said(seen=3))
    thread.work()
    assert len(painter.steps) == 7
    assert [first for _, _, first, *_ in painter.steps] == [True] + [False] * 6


def test_a_step_is_towards_the_newest(thread):
    painter = Painter()
    chase = Chase(thread, painter.step, painter.errors.append)
    for places in range(1, 30):
        chase.hear(said(places=places))
    thread.work(1)
    assert painter.steps == [("a", 29, True, 1, False)]


def test_a_newer_stroke_ends_the_one_before_for_good(thread):
    painter = Painter()
    chase = Chase(thread, painter.step, painter.errors.append)
    chase.hear(said("a"))
    thread.work(1)
    chase.hear(said("b"))
    chase.hear(said("a", places=9, seen=1))
    thread.work()
    assert [name for name, *_ in painter.steps] == ["a", "b", "b", "b", "b"]


def test_a_settled_one_waits_for_the_hand_and_ends_with_it(thread):
    painter = Painter(settles=2)
    chase = Chase(thread, painter.step, painter.errors.append)
    chase.hear(said())
    thread.work()
    assert len(painter.steps) == 2
    chase.hear(said(seen=2))
    thread.work()
    assert len(painter.steps) == 2
    chase.hear(said(places=2, seen=2))
    thread.work()
    assert len(painter.steps) == 3
    chase.hear(said(places=2, seen=3, last=True))
    thread.work()
    assert len(painter.steps) == 4
    chase.hear(said(places=2, seen=4, last=True))
    assert thread.work() == 0


def test_one_that_never_settles_is_left_where_it_is(thread):
    painter = Painter()
    chase = Chase(thread, painter.step, painter.errors.append)
    while not (painter.steps and painter.steps[-1][-1]):
        chase.hear(said(seen=len(painter.steps), last=True))
        assert thread.work() > 0
    assert len(painter.steps) == 40
    chase.hear(said(seen=40, last=True))
    assert thread.work() == 0


def test_cancelling_does_not_wait_for_who_looks_on(thread):
    painter = Painter()
    chase = Chase(thread, painter.step, painter.errors.append)
    chase.hear(said())
    thread.work()
    chase.hear(said(cancelled=True))
    thread.work()
    assert len(painter.steps) == 5
    chase.hear(said(seen=5))
    assert thread.work() == 0


def test_what_raises_ends_its_stroke_and_the_next_one_works(thread):
    painter = Painter()
    chase = Chase(thread, painter.step, painter.errors.append)
    painter.raises = True
    chase.hear(said("a"))
    thread.work()
    assert [str(error) for error in painter.errors] == ["no picture"]
    painter.raises = False
    chase.hear(said("a", places=2))
    assert thread.work() == 0
    chase.hear(said("b"))
    thread.work(1)
    assert painter.steps == [("b", 1, True, 1, False)]


def test_whoever_ends_it_elsewhere_ends_it(thread):
    painter = Painter()
    painter.over = True
    chase = Chase(thread, painter.step, painter.errors.append)
    chase.hear(said())
    assert thread.work() == 1
    chase.hear(said(places=2, seen=1))
    assert thread.work() == 0


def test_a_closed_one_takes_no_further_step(thread):
    painter = Painter()
    chase = Chase(thread, painter.step, painter.errors.append)
    chase.hear(said())
    thread.work(2)
    chase.close()
    thread.work()
    chase.hear(said("b"))
    assert thread.work() == 0
    assert len(painter.steps) == 2


INK = {"stroke": "a", "gesture": "g", "tool": "darker", "size": 0.1, "strength": 1, "seen": 3}


def test_a_message_holds_the_whole_stroke():
    heard = read_message(INK, [memoryview(bytes(24)), memoryview(bytes(8))], 2)
    assert (heard.name, heard.gesture, heard.stroke.tool, heard.seen) == ("a", "g", "darker", 3)
    assert len(heard.stroke.places) == 3
    assert not heard.last


@pytest.mark.parametrize(
    ("content", "sizes", "words"),
    [
        ({}, [8], "places of a stroke"),
        ({}, [7, 8], "places of a stroke"),
        ({}, [8, 16], "one finite latent"),
        ({}, [0, 8], "places must be"),
        ({"tool": "spray"}, [8, 8], "tool must be"),
        ({"size": None}, [8, 8], "size must be"),
    ],
)
def test_messages_that_do_not_fit_are_refused(content, sizes, words):
    buffers = [memoryview(bytes(size)) for size in sizes]
    with pytest.raises(ValueError, match=words):
        read_message({**INK, **content}, buffers, 2)
