"""What moving costs here: python tests/bench/moving.py [space ...].

Strips, searched paths, the background of a map, and painting (more on it in painting.py).
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import painting
import torch

from latent_widgets import LatentSpace, list_spaces
from latent_widgets.analysis import project
from latent_widgets.analysis.magnification import magnify_cells
from latent_widgets.magnified import inside
from latent_widgets.path_choice import usual_ends
from latent_widgets.searches import SOUGHT

ROUNDS = 3
# Work that takes so many seconds is done once: it is told from noise without another round.
LONG = 1.0
PAIRS = 12
SECONDS = 4


def ms(work, rounds=ROUNDS):
    """Median milliseconds of some work, after one round that loads what it needs."""
    work()
    took = []
    while len(took) < rounds and sum(took) < LONG:
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
    took = ms(lambda: geometry.geodesic(*ends, 16))
    print(f"  pull-back geodesic, 16 segments: {took:.0f} ms")


def pairs(space):
    """What a panel waits for between rows drawn at random; some need a second, finer search."""
    random = np.random.default_rng(0)
    took = []
    for _ in range(PAIRS):
        a, b = space.points[random.choice(len(space.points), 2, replace=False)]
        took.append(1000 * space.paths.find(a, b, "pullback").seconds)
    usual, slowest = np.median(took), max(took)
    print(f"  pullback, {PAIRS} pairs: median {usual:.0f} ms, slowest {slowest:.0f} ms")


def search(space, a, b, metric):
    """What a panel waits for: the first time, at rest, and while a hand moves."""
    begun = time.perf_counter()
    try:
        way = space.paths.find(a, b, metric)
    except (ValueError, TypeError) as error:
        print(f"  {metric}: {error}")
        return
    first = 1000 * (time.perf_counter() - begun)
    exact = ms(lambda: space.paths.find(a, b, metric))
    rough = ms(lambda: space.paths.find(a, b, metric, coarse=True))
    times = f"first {first:.0f} ms, exact {exact:.0f} ms, rough {rough:.0f} ms"
    print(f"  {metric}: {times} ({way.label})")


def background(space):
    """How long a flat map waits for its first and for its finest magnification factors."""
    found = project(space.points, "pca")

    def decode(z):
        return space.decode(inside(space, z)).cpu().numpy()

    begun = time.perf_counter()
    maps = magnify_cells(found.xy, found.inverse, decode)
    took = [time.perf_counter() - begun for _ in maps]
    print(f"  magnification: first {took[0]:.2f} s, finest {took[-1]:.2f} s")


def main():
    parser = argparse.ArgumentParser(description="What moving costs.")
    parser.add_argument("spaces", nargs="*", metavar="space", help="bundled ones; all by default")
    for name in parser.parse_args().spaces or list_spaces():
        space = LatentSpace(name)
        a, b = usual_ends(space)
        print(f"{name}: {len(space.points):,} rows, d = {space.latent_dim}")
        strips(space, a, b)
        geodesic(space, a, b)
        for metric in SOUGHT:
            search(space, a, b, metric)
        pairs(space)
        background(space)
        space.close()
        print(f"  painting, kernel alone: {painting.alone(name, SECONDS):.1f} pictures/s")


if __name__ == "__main__":
    main()
