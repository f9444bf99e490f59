"""Two ways to decode the same latents: the quicker wins if nobody can see the difference."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from statistics import median
from typing import NamedTuple

from torch import Tensor

Way = Callable[[Tensor], Tensor]
Clock = Callable[[], float]

# Two levels of 256: a difference that no eye sees in a moving picture.
VISIBLE = 2 / 255
# A smaller gain is lost in the noise of the clock.
_WIN = 0.9
_ROUNDS = 5


class Verdict(NamedTuple):
    """How a race ended."""

    won: bool
    """Whether the rival replaces what was there."""
    why: str
    """One sentence, or rather its end."""


def race(
    own: Way, rival: Way, examples: Sequence[Tensor], clock: Clock
) -> Generator[None, None, Verdict]:
    """Compare two ways, one decode a step, so that a picture never waits for more.

    Parameters
    ----------
    own
        What is used now: latents to pictures in [0, 1].
    rival
        What may replace it. If it raises it has lost.
    examples
        Latents, each as one call takes them.
    clock
        Seconds; on a GPU it must wait for the work to be done.

    Yields
    ------
    None
        After each decode.

    Returns
    -------
    Verdict
        The rival wins if it is at least a tenth quicker and no pixel is more than `VISIBLE` away.
    """
    own_times: list[float] = []
    rival_times: list[float] = []
    far = 0.0
    for turn in range(_ROUNDS):
        z = examples[turn % len(examples)]
        start = clock()
        wanted = own(z)
        own_times.append(clock() - start)
        yield
        try:
            start = clock()
            found = rival(z)
            rival_times.append(clock() - start)
            far = max(far, float((found - wanted).abs().max()))
        except Exception as error:  # noqa: BLE001 - whatever it cannot do, the other one can
            return Verdict(won=False, why=f"failed: {(str(error) or repr(error)).splitlines()[0]}")
        yield
        if far > VISIBLE:
            return Verdict(won=False, why=f"off by {far * 255:.1f} of 255 levels")
        # The first of each warms up; twice as slow needs no second look.
        if turn == 1 and rival_times[1] > 2 * own_times[1]:
            break
    before, after = median(own_times[1:]) * 1000, median(rival_times[1:]) * 1000
    return Verdict(after < _WIN * before, f"{after:.1f} ms, without it {before:.1f} ms")
