"""From a place on the map to the picture that lives there, while a hand drags the cross.

    python tests/bench/inverse.py [--methods pca tsne umap] [--steps 30] [--seconds 3]

The bundled digits in a real JupyterLab, in headless Chromium, with a real mouse; for each method:

move     from the time stamp of one move, at any moment of a frame, to the first frame that paints
         another picture: median and 95 % of the moves, ms
pictures a second while the mouse reports 125 times a second
"""

from __future__ import annotations

import argparse
import math
import random
import shutil
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from conftest import CHROMIUM_ARGS
from hand import sweep
from lab import Lab, Notebook
from playwright.sync_api import sync_playwright

CELL = """
import latent_widgets as lw
space = lw.LatentSpace("digits")
scatter = lw.ScatterProjection(space, method="{method}")
scatter.wait(120)
scatter
"""
VIEW = "lw.LatentViewer(space)"
PICTURE, OVERLAY = ".lw-viewer canvas", ".lw-overlay"
PROBE = Path(__file__).with_name("probe.js").read_text()
FRAME = 24  # pixels around the map


def measure(notebook: Notebook, port: int, steps: int, seconds: float) -> tuple[list[float], float]:
    """Drag the cross by single moves, then without a pause."""
    page = notebook.page
    page.wait_for_selector(PICTURE)
    page.locator(OVERLAY).scroll_into_view_if_needed()
    page.evaluate(PROBE, {"picture": PICTURE, "handle": OVERLAY})
    time.sleep(4)  # the page's own decoder is fetched and timed meanwhile
    box = page.locator(OVERLAY).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    at = notebook.run("""
import json
xy = scatter.projection.xy
low, high = xy.min(0), xy.max(0)
print(json.dumps([*map(float, (scatter.transform(space.z) - (low + high) / 2)),
                  *map(float, high - low)]))""")
    across, up, wide, high = map(float, at.strip("[]").split(","))
    scale = min((box["width"] - 2 * FRAME) / wide, (box["height"] - 2 * FRAME) / high)
    page.mouse.move(x + across * scale, y - up * scale)
    page.mouse.down()
    page.mouse.move(x, y, steps=8)
    waits = []
    for step in range(steps):
        time.sleep(0.25 + random.random() / 30)  # noqa: S311 - never in step with the frames
        page.evaluate("() => window.bench.clear()")
        page.mouse.move(x + 60 * math.sin(step), y + 40 * math.cos(2 * step))
        time.sleep(0.3)
        found = page.evaluate("() => window.bench.read()")
        moves = [when for kind, when in found["events"] if kind == "pointermove"]
        if found["changes"] and moves:
            waits.append(found["changes"][0] - moves[0])
    page.mouse.move(x, y)
    time.sleep(0.5)
    page.evaluate("() => window.bench.clear()")
    sweep(port, page.url, (x, y, box["height"] / 4), seconds)
    rate = len(page.evaluate("() => window.bench.read()")["changes"]) / seconds
    page.mouse.up()
    if len(waits) < steps / 2:
        raise RuntimeError(f"only {len(waits)} of {steps} moves changed the picture")
    return waits, rate


def report(methods: list[str], steps: int = 30, seconds: float = 3.0) -> None:
    """Measure and print."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as root, sync_playwright() as playwright:
        lab = Lab(Path(root))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*CHROMIUM_ARGS, f"--remote-debugging-port={port}"],
        )
        print(f"\n{'way back':12}{'move':>9}{'95 %':>9}{'pictures':>10}")
        for method in methods:
            notebook = Notebook(lab, browser.new_context())
            notebook.open([CELL.format(method=method), VIEW], height=1200)
            try:
                waits, rate = measure(notebook, port, steps, seconds)
            finally:
                notebook.close()
            late = sorted(waits)[math.ceil(0.95 * len(waits)) - 1]
            print(f"{method:12}{statistics.median(waits):9.1f}{late:9.1f}{rate:10.1f}", flush=True)
        browser.close()
        lab.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--methods", nargs="+", default=["pca", "tsne", "umap"])
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    report(options.methods, options.steps, options.seconds)
