"""How many pictures a second a stroke gives: on a page, and what the kernel alone would give.

    python tests/bench/painting.py [--rounds 3] [--seconds 4] [--spaces digits faces tree]

A real mouse that reports 125 times a second scribbles over the picture of a `PaintPanel` in a
JupyterLab, in headless Chromium. Counted are the animation frames that paint other pixels
(see probe.js) while the brush is down. Beside it, in the same rounds:

one at a time   the same page, whose kernel waits for each picture to be seen before the next
kernel alone    the same stroke in this process, where nobody has to be told
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

import numpy as np
from conftest import CHROMIUM_ARGS
from hand import scribble, scribbled
from lab import Lab, Notebook
from playwright.sync_api import BrowserContext, sync_playwright

import latent_widgets as lw
from latent_widgets.canvas import warm_up

CELL = """
import latent_widgets as lw
space = lw.LatentSpace("{space}", device="cpu")
space.z = space.points[5]
panel = lw.PaintPanel(space)
panel
"""
ROOM = "import latent_widgets.chase as chase; chase.MOST_UNSEEN = {}"
STAGE = ".lw-painter .lw-stage"
PROBE = Path(__file__).with_name("probe.js").read_text()
INK = {"tool": "lighter", "size": 0.12, "strength": 1.0, "color": [1, 1, 1]}
EVERY = 1 / 60


def alone(name: str, seconds: float) -> float:
    """Pictures a second in this process: each is seen at once."""
    space = lw.LatentSpace(name, device="cpu")
    space.z = space.points[5]
    panel = lw.PaintPanel(space)
    warm_up(space)
    z, shown, places = memoryview(space.z.tobytes()), [], []
    panel.observe(lambda change: shown.append(change.new.get("step", 0)), "painted")
    begun = time.monotonic()
    while (now := time.monotonic() - begun) < seconds:
        places.append(scribbled(now / seconds, seconds))
        content = {**INK, "op": "stroke", "stroke": "a", "seen": shown[-1] if shown else 0}
        panel._hear(None, content, [memoryview(np.float32(places).tobytes()), z])
        time.sleep(EVERY)
    panel.close()
    space.close()
    return len(shown) / seconds


def on_page(notebook: Notebook, port: int, seconds: float) -> tuple[float, float]:
    """Pictures a second while the brush is down, and milliseconds from its lift to the last."""
    page = notebook.page
    box = page.locator(STAGE).bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.evaluate("() => window.bench.clear()")
    begun = page.evaluate("() => performance.now()")
    scribble(port, page.url, (box["x"], box["y"], box["width"], box["height"]), seconds)
    page.mouse.up()
    lifted = page.evaluate("() => performance.now()")
    time.sleep(3)
    changes = page.evaluate("() => window.bench.read()")["changes"]
    moving = [at for at in changes if at < lifted]
    notebook.run("panel.clear(); space.z = space.points[5]")
    time.sleep(1)
    return 1000 * len(moving) / (lifted - begun), max([*changes, lifted]) - lifted


def measure(
    lab: Lab, context: BrowserContext, port: int, name: str, options: argparse.Namespace
) -> None:
    """Print the table of one space."""
    notebook = Notebook(lab, context)
    notebook.open([CELL.replace("{space}", name)], wait_for=STAGE)
    notebook.page.evaluate(PROBE, {"picture": f"{STAGE} .lw-picture", "handle": STAGE})
    time.sleep(4)  # the page's own decoder is fetched and timed meanwhile
    found: dict[str, list[tuple[float, float]]] = {}
    on_page(notebook, port, 1)
    for _ in range(options.rounds):
        for title, room in (("as it is", 4), ("one at a time", 1)):
            if room == 1 and options.plain:
                continue
            if not options.plain:
                notebook.run(ROOM.format(room))
            found.setdefault(title, []).append(on_page(notebook, port, options.seconds))
    notebook.close()
    ceiling = [] if options.plain else [alone(name, options.seconds) for _ in range(options.rounds)]
    print(f"\n{name}; load average {os.getloadavg()[0]:.1f}")
    for title, rounds in found.items():
        rate, lag = (statistics.median(values) for values in zip(*rounds, strict=True))
        print(
            f"{title:16}{rate:8.1f} pictures/s, the last {lag:6.0f} ms after the brush was lifted"
        )
    if ceiling:
        print(f"{'kernel alone':16}{statistics.median(ceiling):8.1f} pictures/s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Pictures a second while painting.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--spaces", nargs="+", default=["digits", "faces", "tree"])
    parser.add_argument("--plain", action="store_true", help="the page as it is, nothing beside it")
    options = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as root, sync_playwright() as playwright:
        lab = Lab(Path(root))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*CHROMIUM_ARGS, f"--remote-debugging-port={port}"],
        )
        context = browser.new_context()
        for name in options.spaces:
            measure(lab, context, port, name, options)
        browser.close()
        lab.close()


if __name__ == "__main__":
    main()
