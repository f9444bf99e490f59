"""The quicker way wins, unless somebody could see the difference."""

import pytest
import torch

from latent_widgets.backends.race import VISIBLE, race

LATENTS = [torch.full((1, 2), value) for value in (0.1, 0.5, 0.9)]


class Clock:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds

    def way(self, seconds, error=0.0):
        def decode(z):
            self.seconds += seconds
            return z + error

        return decode


def run(steps):
    count = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value, count
        count += 1


@pytest.mark.parametrize(
    ("seconds", "error", "won", "said"),
    [
        (0.005, 0, True, "5.0 ms, without it 10.0 ms"),
        (0.005, 0.9 * VISIBLE, True, "5.0 ms"),
        (0.005, 3 / 255, False, "off by 3.0 of 255 levels"),
        (0.0095, 0, False, "9.5 ms, without it 10.0 ms"),
        (0.030, 0, False, "30.0 ms"),
    ],
)
def test_the_rival_wins_when_it_is_clearly_quicker_and_looks_the_same(seconds, error, won, said):
    clock = Clock()
    verdict, _ = run(race(clock.way(0.010), clock.way(seconds, error), LATENTS, clock))
    assert verdict.won is won
    assert said in verdict.why


def test_what_happens_in_the_first_call_only_counts_for_nothing():
    clock = Clock()
    first = [1.0]
    quick = clock.way(0.005)

    def warms_up(z):
        clock.seconds += first.pop() if first else 0
        return quick(z)

    verdict, _ = run(race(clock.way(0.010), warms_up, LATENTS, clock))
    assert verdict.won


def test_a_hopeless_rival_is_not_run_to_the_end():
    clock = Clock()
    _, slow = run(race(clock.way(0.010), clock.way(0.030), LATENTS, clock))
    _, close = run(race(clock.way(0.010), clock.way(0.011), LATENTS, clock))
    assert slow < close


def test_a_rival_that_raises_has_lost():
    def broken(_):
        raise RuntimeError("no such kernel\nand a long trace")

    verdict, _ = run(race(Clock().way(1), broken, LATENTS, Clock()))
    assert verdict == (False, "failed: no such kernel")


def test_one_bad_latent_is_enough():
    clock = Clock()
    quick = clock.way(0.001)
    verdict, _ = run(race(clock.way(0.010), lambda z: quick(z) + (z > 0.8) * 0.5, LATENTS, clock))
    assert not verdict.won
    assert "levels" in verdict.why
