"""Forward differentiation on several threads."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from latent_widgets.geometry.forward import jacfwd, jvp


def cube(x):
    return x**3


def slopes_by_jvp(function, at):
    return jvp(function, at, torch.ones_like(at))


def slopes_by_jacfwd(function, at):
    return jacfwd(function)(at).diagonal()


@pytest.mark.parametrize("slopes", [slopes_by_jvp, slopes_by_jacfwd])
def test_threads_that_differentiate_at_once_do_not_spoil_each_other(slopes):
    at = torch.tensor([1.0, 2.0, -3.0])
    slopes(cube, at)
    inside, entered, left = threading.Event(), threading.Event(), threading.Event()

    def first(x):
        # Until the other one is inside too, or has had the time to be.
        inside.set()
        entered.wait(0.3)
        return cube(x)

    def second(x):
        # The levels that the first one opened are closed by then.
        entered.set()
        left.wait(0.3)
        return cube(x)

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(slopes, first, at)
        inside.wait(10)
        one.add_done_callback(lambda _: left.set())
        other = threads.submit(slopes, second, at)
        for found in (one, other):
            assert found.result(10).tolist() == [3.0, 12.0, 27.0]
