"""Long work: it shows where it is, the newest wins, and it stops when asked."""

from __future__ import annotations

import threading
from typing import ClassVar

import numpy as np

import latent_widgets as lw
from latent_widgets.answering import Answering
from latent_widgets.panels.panel import Panel
from latent_widgets.working import Work, Working


def test_the_result_is_shown_and_the_bar_goes():
    told, shown = [], []
    work = Work(told.append)

    def job(progress):
        progress(0.5, "half")
        return 7

    work.start("counting", job, shown.append)
    assert work.wait(5)
    assert shown == [7]
    assert told[0] == {"label": "counting", "share": 0.0, "words": ""}
    assert told[-1] == {}


def test_a_failure_is_told():
    told = []
    work = Work(told.append)
    work.start("failing", lambda _: 1 / 0, lambda _: None)
    assert work.wait(5)
    assert told[-1]["label"] == "failing"
    assert "ZeroDivisionError" in told[-1]["error"]


def test_a_job_says_that_it_waits_for_one_that_is_deaf():
    told, waits, go = [], threading.Event(), threading.Event()

    def tell(words):
        told.append(words)
        if "still stopping" in words.get("words", ""):
            waits.set()

    work = Work(tell)
    work.start("first", lambda _: go.wait(10), lambda _: None)
    work.start("second", lambda _: None, lambda _: None, "in a moment")
    assert told[-1] == {"label": "second", "share": 0.0, "words": "in a moment"}
    assert waits.wait(10)
    go.set()
    assert work.wait(10)
    assert told[-1] == {}


def test_a_cancelled_job_ends_at_its_next_step_and_shows_nothing():
    told, shown = [], []
    begun, go = threading.Event(), threading.Event()
    work = Work(told.append)

    def job(progress):
        begun.set()
        go.wait(5)
        progress(0.5, "")
        shown.append("went on")
        return 1

    work.start("slow", job, shown.append)
    assert begun.wait(5)
    work.cancel()
    go.set()
    assert work.wait(5)
    assert shown == []
    assert told[-1] == {"label": "slow", "cancelled": True}


def test_the_newest_job_wins():
    told, shown = [], []
    begun, go = threading.Event(), threading.Event()
    work = Work(told.append)

    def first(progress):
        begun.set()
        go.wait(5)
        progress(0.9, "")
        return "first"

    work.start("first", first, shown.append)
    assert begun.wait(5)
    work.start("second", lambda _: "second", shown.append)
    go.set()
    assert work.wait(5)
    assert shown == ["second"]
    assert told[-1] == {}


class _Clerk(Working, Answering, Panel):
    _questions: ClassVar = {"double": "_double"}
    _stem = "scatter"

    def _double(self, content, buffers):
        return {"result": 2 * content["number"]}, [bytes(buffers[0])]


def _clerk():
    space = lw.LatentSpace(None, points=np.eye(3))
    panel = _Clerk(space)
    sent = []
    panel.send = lambda content, buffers: sent.append((content, buffers))
    return space, panel, sent


def test_a_question_of_the_page_is_answered():
    space, panel, sent = _clerk()
    ask = {"op": "double", "seq": 3, "client": "me"}
    panel._hear(panel, {**ask, "number": 4}, [memoryview(b"abcd")])
    panel._hear(panel, {"op": "unknown", "seq": 4}, [])
    assert space.wait(5)
    assert sent == [
        ({"kind": "reply", "client": "me", "op": "double", "seq": 3, "result": 8}, [b"abcd"])
    ]
    panel.close()
    space.close()


def test_a_question_that_fails_is_answered_by_a_sentence():
    space, panel, sent = _clerk()
    panel._hear(panel, {"op": "double", "seq": 1, "client": "me"}, [])
    assert space.wait(5)
    assert "KeyError" in sent[0][0]["error"]
    panel.close()
    space.close()


def test_a_page_can_cancel():
    space, panel, _ = _clerk()
    go = threading.Event()

    def job(progress):
        while not go.wait(0.01):
            progress(0.1, "")

    panel._work.start("endless", job, lambda _: None)
    panel._hear_cancel(panel, {"op": "cancel"}, [])
    assert panel.wait(5)
    assert panel.work == {"label": "endless", "cancelled": True}
    panel.close()
    space.close()
