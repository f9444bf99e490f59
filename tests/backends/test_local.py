"""The newest job of a channel always runs, and runs last."""

import threading

import pytest

from latent_widgets.backends.local import LocalBackend


def test_waiting_jobs_are_replaced_by_newer_ones_of_their_channel():
    backend = LocalBackend(first="z")
    started, go, done = threading.Event(), threading.Event(), []

    def slow():
        started.set()
        go.wait(5)

    backend.submit("z", slow)
    assert started.wait(5)
    for job in range(100):
        backend.submit("other", lambda job=job: done.append(("other", job)))
        backend.submit("z", lambda job=job: done.append(("z", job)))
    assert not backend.wait(0.01)
    go.set()
    assert backend.wait(5)
    assert done == [("z", 99), ("other", 99)]
    backend.close()


def test_the_thread_goes_home_when_idle_and_comes_back(monkeypatch):
    monkeypatch.setattr("latent_widgets.backends.local._IDLE_SECONDS", 0.01)
    backend = LocalBackend(first="z")
    threads = []
    for _ in range(2):
        backend.submit("z", lambda: threads.append(threading.current_thread()))
        assert backend.wait(5)
        threads[-1].join(5)
        assert not threads[-1].is_alive()
    assert threads[0] is not threads[1]
    backend.close()


def test_a_closed_backend_takes_no_job():
    backend = LocalBackend(first="z")
    backend.close()
    assert not backend.submit("z", lambda: None)
    assert backend.wait(0.1)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, SystemExit])
def test_a_job_that_raises_ends_nothing_but_itself(error, caplog):
    backend, done = LocalBackend(first="z"), []

    def bad():
        raise error

    backend.submit("z", bad)
    assert backend.wait(5)
    backend.submit("z", lambda: done.append(1))
    assert backend.wait(5)
    assert done == [1]
    assert "a decoding job failed" in caplog.text
    backend.close()
