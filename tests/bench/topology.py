"""What persistent homology costs here: python tests/bench/topology.py."""

from __future__ import annotations

import resource
import time

import numpy as np

from latent_widgets.analysis import persistence

CASES = [(500, 500, 1), (1000, 1000, 1), (250, 250, 2), (10_000, 500, 1), (1_000_000, 500, 1)]


def cpu():
    """Seconds of processor time, those of Ripser's own process included."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in usage)


def main():
    generator = np.random.default_rng(0)
    persistence(generator.standard_normal((20, 2)))  # loads Ripser
    for rows, landmarks, dim in CASES:
        points = generator.standard_normal((rows, 16 if dim == 1 else 3))
        begun, used = time.perf_counter(), cpu()
        found = persistence(points, dim, landmarks=landmarks)
        wall = time.perf_counter() - begun
        print(f"H{dim}, {landmarks:,} of {rows:,} rows: {wall:.2f} s, {cpu() - used:.2f} CPU-s")
        if len(found[1]):
            begun = time.perf_counter()
            found.cycle(0)
            print(f"  its longest bar's loop: {1000 * (time.perf_counter() - begun):.0f} ms")


if __name__ == "__main__":
    main()
