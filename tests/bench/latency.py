"""How fast a hand becomes a picture, beside the usual ways to do it. Run by hand; prints tables.

    python tests/bench/latency.py [--rounds 3] [--seconds 5] [--steps 30] [--nodelay]

Every contender decodes a bundled space with the same decoder in the same JupyterLab, in headless
Chromium; rounds are interleaved, medians over all rounds are printed. Three things are done:

key      a real arrow key, at any moment of a frame; from the key's time stamp
event    an event made in the page, one each animation frame; from its time stamp
drag     a real mouse that reports 125 times a second; pictures a second, how many moves a second
         the page heard (Chromium joins those of a frame), and from the last one to the last change

up to the animation frame that paints other pixels (see probe.js).
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import socket
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from conftest import CHROMIUM_ARGS
from contenders import COMMON, CONTENDERS, ECHO, Contender
from hand import sweep
from lab import Lab, Notebook
from playwright.sync_api import BrowserContext, sync_playwright

LEVELS = 24
EXPLORE = """
import latent_widgets as lw
lw.LatentExplorer("{space}")
"""
# From the command that runs the cell, in a kernel and a page that have seen it before.
FIRST_PICTURE = """async () => {
  const before = new Set(document.querySelectorAll(".lw-viewer canvas"));
  const start = performance.now();
  window.jupyterapp.commands.execute("notebook:run-all-cells");
  for (;;) {
    await new Promise(requestAnimationFrame);
    const canvas = [...document.querySelectorAll(".lw-viewer canvas")].at(-1);
    if (!canvas || before.has(canvas)) continue;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    if (data.some((value) => value > 0)) return performance.now() - start;
  }
}"""
PROBE = Path(__file__).with_name("probe.js").read_text()
TIMED = """
import time
for _ in range(20): decode(0.0)
times = []
for _ in range(60):
    start = time.perf_counter(); decode(0.0); times.append(time.perf_counter() - start)
print(1000 * sorted(times)[30])
"""


@dataclass
class Figures:
    """What all rounds of one contender gave; times in milliseconds."""

    keys: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)
    event_rate: list[float] = field(default_factory=list)
    drag_rate: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    end_lag: list[float] = field(default_factory=list)


def press_keys(notebook: Notebook, steps: int) -> list[float]:
    """Press a real key now and then."""
    page, times = notebook.page, []
    for _ in range(steps):
        page.evaluate("() => window.bench.clear()")
        page.keyboard.press("ArrowRight")
        # Never in step with the frames.
        time.sleep(0.25 + random.random() / 30)  # noqa: S311
        found = page.evaluate("() => window.bench.read()")
        if found["changes"]:
            times.append(found["changes"][0] - found["events"][0][1])
    if len(times) < steps / 2:
        raise RuntimeError(f"only {len(times)} of {steps} keys changed pixels")
    return times


def drag(
    notebook: Notebook, contender: Contender, port: int, seconds: float, into: Figures
) -> None:
    """Drag with a real mouse."""
    page = notebook.page
    handle = page.locator(contender.handle).first
    box = handle.bounding_box()
    is_range = handle.evaluate("element => element.tagName === 'INPUT'")
    track = box if is_range else page.locator(".noUi-base").first.bounding_box()
    middle, half = track["x"] + track["width"] / 2, track["width"] * 0.4
    y = box["y"] + box["height"] / 2
    page.mouse.move(middle if is_range else box["x"] + box["width"] / 2, y)
    page.mouse.down()
    time.sleep(0.5)
    page.evaluate("() => window.bench.clear()")
    sweep(port, page.url, (middle, y, half), seconds)
    time.sleep(1)
    page.mouse.up()
    found = page.evaluate("() => window.bench.read()")
    moves = [at for kind, at in found["events"] if kind == "pointermove"]
    into.drag_rate.append(len(found["changes"]) / seconds)
    into.heard.append(len(moves) / seconds)
    into.end_lag.append(max(found["changes"]) - max(moves))


def measure(
    notebook: Notebook, contender: Contender, port: int, options: argparse.Namespace, into: Figures
) -> None:
    """Drive one contender for one round."""
    page = notebook.page
    page.wait_for_selector(contender.picture)
    handle = page.locator(contender.handle).first
    handle.scroll_into_view_if_needed()
    page.evaluate(PROBE, {"picture": contender.picture, "handle": contender.handle})
    handle.focus()
    time.sleep(4)  # the page's own decoder is fetched and timed meanwhile
    into.keys += press_keys(notebook, options.steps)
    work = "([levels, seconds]) => window.bench.stream(levels, seconds)"
    found = page.evaluate(work, [LEVELS, options.seconds])
    if not found["right"]:
        raise RuntimeError(f"{contender.name}: the last picture is not that of the last event")
    into.events += found["waits"]
    into.event_rate.append(len(found["waits"]) / options.seconds)
    drag(notebook, contender, port, options.seconds, into)


def quantile(values: list[float], share: float) -> float:
    """Nearest-rank quantile."""
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def open_notebook(lab: Lab, context: BrowserContext, space: str, cell: str) -> Notebook:
    """Open one contender alone."""
    notebook = Notebook(lab, context)
    notebook.open([COMMON.replace("{space}", space), cell], wait_for=None)
    return notebook


def first_pictures(lab: Lab, context: BrowserContext, space: str) -> list[float]:
    """Run the cell of an explorer again and again."""
    notebook = Notebook(lab, context)
    notebook.open([EXPLORE.replace("{space}", space)])
    found = [notebook.page.evaluate(FIRST_PICTURE) for _ in range(3)]
    notebook.close()
    return found


def tell(found: dict[str, Figures]) -> None:
    """Print one table."""
    head = ("key p50", "p95", "event p50", "p95", "pictures/s")
    head += ("drag pictures/s", "moves/s", "end lag ms")
    print(f"{'':26}" + "".join(f"{title:>16}" for title in head))
    for name, one in found.items():
        row = (
            *(statistics.median(one.keys), quantile(one.keys, 0.95)),
            *(statistics.median(one.events), quantile(one.events, 0.95)),
            *map(statistics.median, (one.event_rate, one.drag_rate, one.heard, one.end_lag)),
        )
        print(f"{name:26}" + "".join(f"{value:16.1f}" for value in row))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--spaces", nargs="+", default=["digits", "faces"], help="bundled ones")
    parser.add_argument("--only", default="", help="contenders whose name has this in it")
    parser.add_argument("--nodelay", action="store_true", help="with latent_widgets.server")
    options = parser.parse_args()
    contenders = [one for one in CONTENDERS if options.only in one.name]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as root, sync_playwright() as playwright:
        extension = "--ServerApp.jpserver_extensions={'latent_widgets.server': True}"
        lab = Lab(Path(root), *([extension] if options.nodelay else []))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[*CHROMIUM_ARGS, f"--remote-debugging-port={port}"],
        )
        context = browser.new_context()
        for space in options.spaces:
            found = {contender.name: Figures() for contender in contenders}
            trips: list[float] = []
            decodes: list[float] = []
            firsts: list[float] = []
            for _ in range(options.rounds):
                notebook = open_notebook(lab, context, space, ECHO)
                notebook.page.wait_for_function("() => window.trip")
                time.sleep(1)
                page = notebook.page
                trips += [page.evaluate("() => window.trip()") for _ in range(options.steps)]
                decodes.append(float(notebook.run(TIMED)))
                notebook.close()
                firsts += first_pictures(lab, context, space)
                for contender in contenders:
                    notebook = open_notebook(lab, context, space, contender.cell)
                    measure(notebook, contender, port, options, found[contender.name])
                    notebook.close()
            print(f"\n{space}, milliseconds; load average {os.getloadavg()[0]:.1f}")
            trip = f"p50 {statistics.median(trips):.1f}, p95 {quantile(trips, 0.95):.1f}"
            print(f"empty comm round trip {trip}; ", end="")
            print(f"decode in the kernel {statistics.median(decodes):.1f}; ", end="")
            print(f"first picture of an explorer, warm {statistics.median(firsts):.0f}\n")
            tell(found)
        browser.close()
        lab.close()


if __name__ == "__main__":
    main()
