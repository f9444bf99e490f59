"""The newest job of a channel always runs, and runs last."""

import threading

import pytest

from latent_widgets.backends.mailbox import Mailbox


def test_waiting_jobs_are_replaced_by_newer_ones_of_their_channel():
    mailbox = Mailbox(first="z")
    started, go, done = threading.Event(), threading.Event(), []

    def slow():
        started.set()
        go.wait(5)

    mailbox.submit("z", slow)
    assert started.wait(5)
    for job in range(100):
        mailbox.submit("other", lambda job=job: done.append(("other", job)))
        mailbox.submit("z", lambda job=job: done.append(("z", job)))
    assert not mailbox.wait(0.01)
    go.set()
    assert mailbox.wait(5)
    assert done == [("z", 99), ("other", 99)]
    mailbox.close()


def test_the_thread_goes_home_when_idle_and_comes_back(monkeypatch):
    monkeypatch.setattr("latent_widgets.backends.mailbox._IDLE_SECONDS", 0.01)
    mailbox = Mailbox(first="z")
    threads = []
    for _ in range(2):
        mailbox.submit("z", lambda: threads.append(threading.current_thread()))
        assert mailbox.wait(5)
        threads[-1].join(5)
        assert not threads[-1].is_alive()
    assert threads[0] is not threads[1]
    mailbox.close()


def test_a_closed_mailbox_takes_no_job():
    mailbox = Mailbox(first="z")
    mailbox.close()
    assert not mailbox.submit("z", lambda: None)
    assert mailbox.wait(0.1)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, SystemExit])
def test_a_job_that_raises_ends_nothing_but_itself(error, caplog):
    mailbox, done = Mailbox(first="z"), []

    def bad():
        raise error

    mailbox.submit("z", bad)
    assert mailbox.wait(5)
    mailbox.submit("z", lambda: done.append(1))
    assert mailbox.wait(5)
    assert done == [1]
    assert "a decoding job failed" in caplog.text
    mailbox.close()


def test_a_later_job_is_waited_for_and_one_aside_is_not():
    mailbox, done, go = Mailbox(first="z"), [], threading.Event()
    mailbox.submit("aside", lambda: go.wait(5), after=0.03, aside=True)
    mailbox.submit("late", lambda: done.append("late"), after=0.02)
    mailbox.submit("z", lambda: done.append("now"))
    assert mailbox.wait(5)
    assert done == ["now", "late"]
    assert mailbox.wait(0)
    go.set()
    mailbox.close()


def test_a_newer_job_takes_the_place_of_a_later_one():
    mailbox, done = Mailbox(first="z"), []
    mailbox.submit("rest", lambda: done.append(1), after=60)
    mailbox.submit("rest", lambda: done.append(2), after=0.01)
    assert mailbox.wait(5)
    assert done == [2]
    mailbox.close()
