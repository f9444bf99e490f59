"""What paths cost here: python tests/bench/moving.py [space ...]."""

from __future__ import annotations

import sys
import time

import numpy as np
import torch

from latent_widgets import LatentSpace, list_spaces
from latent_widgets.path_choice import usual_ends
from latent_widgets.searches import SOUGHT

ROUNDS = 5


def ms(work, rounds=ROUNDS):
    """Median milliseconds of some work, after one round that loads what it needs."""
    work()
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return 1000 * float(np.median(took))


def strips(space, a, b):
    """Path and pictures of a strip, as a hand that drags an end makes them."""
    for n in (11, 32):
        took = ms(lambda n=n: space.decode(space.path(a, b, "linear", n)))
        print(f"  strip of {n} frames: {took:.1f} ms")


def geodesic(space, a, b):
    """The search alone, sixteen segments."""
    geometry = space.paths.searches.pullback()
    ends = [torch.from_numpy(np.array(end)).to(space.device) for end in (a, b)]
    took = ms(lambda: geometry.geodesic(*ends, 16), 3)
    print(f"  pull-back geodesic, 16 segments: {took:.0f} ms")


def search(space, a, b, metric):
    """What a panel waits for: the first time, at rest, and while a hand moves."""
    begun = time.perf_counter()
    try:
        way = space.paths.find(a, b, metric)
    except (ValueError, TypeError) as error:
        print(f"  {metric}: {error}")
        return
    first = 1000 * (time.perf_counter() - begun)
    exact = ms(lambda: space.paths.find(a, b, metric), 3)
    rough = ms(lambda: space.paths.find(a, b, metric, coarse=True), 3)
    times = f"first {first:.0f} ms, exact {exact:.0f} ms, rough {rough:.0f} ms"
    print(f"  {metric}: {times} ({way.label})")


def main():
    for name in sys.argv[1:] or list_spaces():
        space = LatentSpace(name)
        a, b = usual_ends(space)
        print(f"{name}: {len(space.points):,} rows, d = {space.latent_dim}")
        strips(space, a, b)
        geodesic(space, a, b)
        for metric in SOUGHT:
            search(space, a, b, metric)
        space.close()


if __name__ == "__main__":
    main()
