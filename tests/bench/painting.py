"""How many steps of painting a second: what a page waits for, without the wire.

python tests/bench/painting.py [space ...]
"""

from __future__ import annotations

import sys
import time

import numpy as np

import latent_widgets as lw
from latent_widgets.canvas import warm_up

ANSWERS = 60


def measure(name: str) -> str:
    """Paint one growing stroke, as a page asks for it; the median and the slowest of answers."""
    space = lw.LatentSpace(name, device="cpu")
    space.z = space.points[5]
    panel = lw.PaintPanel(space)
    warm_up(space)
    z = np.asarray(space.z, np.float32).tobytes()
    ink = {"stroke": "a", "tool": "lighter", "size": 0.12, "strength": 1.0, "color": [1, 1, 1]}
    along = np.stack([np.linspace(0.25, 0.75, ANSWERS), np.full(ANSWERS, 0.4)], axis=1)
    taken, worked = [], []
    for i in range(1, ANSWERS + 1):
        places = along[:i].astype(np.float32).tobytes()
        start, begun = time.perf_counter(), time.process_time()
        panel._stroke({**ink, "first": i == 1}, [places, z])
        taken.append(1e3 * (time.perf_counter() - start))
        worked.append(1e3 * (time.process_time() - begun))
    panel.close()
    space.close()
    typical, slow = np.percentile(taken, [50, 95])
    return (
        f"{name:16} {typical:6.1f} ms p50 {slow:6.1f} ms p95 {1e3 / typical:6.1f} a second "
        f"({np.median(worked):.1f} ms of processor)"
    )


if __name__ == "__main__":
    for each in sys.argv[1:] or ["digits", "fashion", "faces", "sprites", "digits_sphere", "tree"]:
        sys.stdout.write(measure(each) + "\n")
