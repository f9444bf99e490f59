"""How soon a map of points is seen and how smoothly it moves, beside others. Prints a table.

    python tests/bench/map.py [--sizes 1000 1000000] [--rounds 3] [--seconds 3] [--only ours]

Each map is shown in a JupyterLab page of its own, in headless Chromium; libraries are imported
and the points are there before the cell that shows them is run. Rounds are interleaved, medians
are printed:

first    from the command that runs the cell to the first frame with points, ms
whole    to the last frame with other pixels, ms
pan      frames a second with other pixels while a real mouse drags, 125 reports a second
zoom     the same while a wheel turns, 60 notches a second, in and out again
rest     from the end of the drag to the last frame with other pixels, ms
look     what one look at the pixels costs the page, ms a frame; all pay it alike

For ours also, with a real mouse: hover, from the pointer's time stamp on a point to its ring; and
lasso, from letting go of a lasso around many points to the sentence that says how many are in it.
With --more, then: the way back while dragging, nearest rows, persistent homology.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from conftest import CHROMIUM_ARGS
from hand import sweep, turn_wheel
from inverse import report
from lab import Lab, Notebook
from maps import MAPS, OUR_CANVAS, PREPARE, Map
from neighbours import measure as measure_neighbours
from playwright.sync_api import Page, sync_playwright
from topology import main as measure_topology

PROBE = Path(__file__).with_name("map.js").read_text()
TOUCH = Path(__file__).with_name("touch.js").read_text()
ADD_CELL = """async (source) => {
  const { commands, shell } = window.jupyterapp;
  await commands.execute("notebook:insert-cell-below");
  shell.currentWidget.content.activeCell.model.sharedModel.setSource(source);
}"""
LIMIT = 90_000  # ms


def measure(notebook: Notebook, one: Map, n: int, port: int, seconds: float) -> dict[str, float]:
    """Show one map of n points and move it."""
    page = notebook.page
    found: dict[str, float] = {}
    try:
        prepare = PREPARE.replace("{n}", str(n)).replace("{wide}", str("wide" in one.cell))
        notebook.open([prepare], width=1000, height=900, wait_for=None)
        page.evaluate(ADD_CELL, one.cell)
        time.sleep(1)
        page.evaluate(PROBE, one.picture)
        painted = page.evaluate("limit => window.map.first(limit)", LIMIT)
        if painted is None:
            return found
        found |= {"first": painted["first"], "whole": painted["last"]}
        box = page.evaluate("() => window.map.box()")
        found |= move(notebook, box, port, seconds)
        if one.picture == OUR_CANVAS:
            found |= touch(notebook, n)
    except Exception as error:  # noqa: BLE001 - whatever a map does to its page is its result
        print(f"{one.name}, {n}: {str(error).splitlines()[0]}", file=sys.stderr)
    finally:
        notebook.close()
    return found


def move(notebook: Notebook, box: list[float], port: int, seconds: float) -> dict[str, float]:
    """Drag the map to and fro, then zoom in and out."""
    page = notebook.page
    left, top, width, height = box
    # Off the middle, where our cursor and others' handles are.
    x, y = left + width * 0.25, top + height * 0.15
    page.mouse.move(x, y)
    page.mouse.down()
    time.sleep(0.3)
    page.evaluate("() => window.map.clear()")
    sweep(port, page.url, (x, y, width * 0.2), seconds)
    dragged = page.evaluate("() => window.map.read()")
    page.mouse.up()
    time.sleep(3)
    rest = page.evaluate("() => window.map.read()")["changes"]
    page.evaluate("() => window.map.clear()")
    # Amid the points, which would else leave the view.
    turn_wheel(port, page.url, (left + width / 2, top + height / 2), seconds)
    turned = page.evaluate("() => window.map.read()")
    time.sleep(3)
    return {
        "pan": rate(dragged["changes"], dragged["now"], seconds),
        "zoom": rate(turned["changes"], turned["now"], seconds),
        "rest": max(rest[-1] - dragged["now"], 0) if rest else 0.0,
        "look": dragged["cost"],
    }


def rate(changes: list[float], now: float, seconds: float) -> float:
    """Count changed frames a second; a page that answers late is measured until it answers."""
    if not changes:
        return 0.0
    return len(changes) / max(seconds, (now - changes[0]) / 1000)


def touch(notebook: Notebook, n: int) -> dict[str, float]:
    """Hover over points and draw a lasso around many."""
    page = notebook.page
    page.keyboard.press("Escape")
    page.mouse.dblclick(*corner(page))
    time.sleep(2)
    page.evaluate(TOUCH)
    left, top, width, height = page.evaluate("() => window.map.box()")
    waits = []
    for i in range(30):
        page.mouse.move(left + width * (0.35 + 0.01 * i), top + height * (0.3 + 0.013 * i))
        time.sleep(0.12)
        waits += page.evaluate("() => window.touch.hovered()")
    around = [(0.25, 0.25), (0.5, 0.2), (0.6, 0.5), (0.5, 0.75), (0.3, 0.7)]
    page.keyboard.down("Shift")
    page.mouse.move(left + 0.25 * width, top + 0.25 * height)
    page.mouse.down()
    for across, down in around[1:]:
        page.mouse.move(left + across * width, top + down * height, steps=8)
    page.mouse.up()
    page.keyboard.up("Shift")
    told = page.evaluate("() => window.touch.selected()")
    found = {"lasso": told["wait"], "rows": told["rows"] / n}
    return found | ({"hover": statistics.median(waits)} if waits else {})


def corner(page: Page) -> tuple[float, float]:
    """Find a place without points."""
    left, top, _, height = page.evaluate("() => window.map.box()")
    return left + 8, top + height / 2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--only", default="", help="maps whose name has this in it")
    parser.add_argument("--gpu", action="store_true", help="let Chromium use a graphics card")
    parser.add_argument("--more", action="store_true", help="other figures of a map after these")
    parser.add_argument("--json", type=Path, help="write all figures here too")
    options = parser.parse_args()
    maps = [one for one in MAPS if options.only in one.name]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found: dict[tuple[int, str], list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as root, sync_playwright() as playwright:
        lab = Lab(Path(root))
        gpu = ["--ignore-gpu-blocklist", "--use-angle=vulkan"] if options.gpu else []
        for n in options.sizes:
            for turn in range(options.rounds):
                able = [one for one in maps if n <= one.most]
                # Each comes first once: the first of a round pays for what others find ready.
                for one in [*able[turn % len(able) :], *able[: turn % len(able)]]:
                    browser = playwright.chromium.launch(
                        executable_path=shutil.which("chromium"),
                        args=[*CHROMIUM_ARGS, f"--remote-debugging-port={port}", *gpu],
                    )
                    context = browser.new_context()
                    got = measure(Notebook(lab, context), one, n, port, options.seconds)
                    found[n, one.name].append(got)
                    browser.close()
            tell(found, n)
        lab.close()
    if options.json:
        rows = [{"n": n, "map": name, "runs": runs} for (n, name), runs in found.items()]
        options.json.write_text(json.dumps(rows, indent=1))
    if options.more:
        report(["pca", "tsne", "umap", "parametric"])
        measure_neighbours(1_000_000, 64)
        measure_topology()


def tell(found: dict[tuple[int, str], list[dict[str, float]]], n: int) -> None:
    """Print the table of one size."""
    keys = ("first", "whole", "pan", "zoom", "rest", "look", "hover", "lasso")
    print(f"\n{n:,} points; load average {os.getloadavg()[0]:.1f}")
    print(f"{'':28}" + "".join(f"{key:>9}" for key in keys))
    for (size, name), runs in found.items():
        if size != n:
            continue
        middle = {
            key: statistics.median(values)
            for key in keys
            if (values := [run[key] for run in runs if key in run])
        }
        cells = (f"{middle[key]:9.1f}" if key in middle else f"{'-':>9}" for key in keys)
        print(f"{name:28}" + "".join(cells), flush=True)


if __name__ == "__main__":
    main()
