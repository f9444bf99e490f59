"""How fast a hand becomes a picture, beside the usual ways to do it. Run by hand; prints a table.

    python tests/bench/latency.py [--rounds 3] [--seconds 5] [--steps 30] [--nodelay]

Every contender decodes the bundled digits with the same decoder in the same JupyterLab, driven
by real key and pointer events in Chromium; rounds are interleaved, medians over rounds printed.
A step is measured from the key's time stamp to the first animation frame with other pixels. A
drag counts the animation frames with other pixels; its end lag runs from the last pointer event
to the last change.
"""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from conftest import CHROMIUM_ARGS
from lab import Lab, Notebook
from playwright.sync_api import BrowserContext, sync_playwright

COMMON = """
import numpy as np, torch
import latent_widgets as lw
space = lw.LatentSpace("{space}")
low, high = (float(side[0]) for side in space.data.spread())
def decode(value):
    z = space.home.copy(); z[0] = value
    return lw.codec.to_uint8(space.decode(z))[0].squeeze()
"""
MATPLOTLIB = """
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
@interact(value=FloatSlider(min=low, max=high, step=(high - low) / 200))
def show(value):
    plt.figure(figsize=(3, 3)); plt.imshow(decode(value), cmap="gray"); plt.axis("off"); plt.show()
"""
IMAGE = """
import io
from ipywidgets import FloatSlider, Image, VBox
from PIL import Image as Picture
image, slider = Image(format="png", width=224), FloatSlider(min=low, max=high, step=(high-low)/200)
def show(change):
    png = io.BytesIO(); Picture.fromarray(decode(change["new"])).save(png, "png")
    image.value = png.getvalue()
slider.observe(show, "value"); show({"new": 0.0})
VBox([slider, image])
"""
OURS = """
from ipywidgets import VBox
space.engine = "{engine}"
VBox([lw.LatentSliders(space), lw.LatentViewer(space)])
"""
ECHO = """
import anywidget
class Echo(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      el.textContent = "echo"; el.className = "echo";
      window.trip = () => new Promise((done) => {
        const start = performance.now();
        const heard = () => { model.off("msg:custom", heard); done(performance.now() - start); };
        model.on("msg:custom", heard);
        model.send({}, undefined, [new Float32Array(16)]);
      });
    } }'''
    def __init__(self):
        super().__init__()
        self.on_msg(lambda _, content, buffers: self.send({}, [bytes(784)]))
Echo()
"""

# Notes the time stamps of input events and of the frames whose pixels are others. One level of
# 256 is no other picture: that much the page's own decoder may differ from the kernel's.
PROBE = """(selector) => {
  const canvas = document.createElement("canvas"), events = [], changes = [];
  let last = new Uint8ClampedArray(0);
  const pixels = () => {
    const source = [...document.querySelectorAll(selector)].at(-1);
    if (!source || (source.tagName === "IMG" && !(source.complete && source.naturalWidth))) {
      return last;
    }
    canvas.width = source.naturalWidth || source.width;
    canvas.height = source.naturalHeight || source.height;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const differ = (a, b) => {
    if (a.length !== b.length) return true;
    for (let i = 0; i < a.length; i += 1) if (Math.abs(a[i] - b[i]) > 1) return true;
    return false;
  };
  const frame = () => {
    const now = pixels();
    if (differ(now, last)) changes.push(performance.now());
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  for (const kind of ["keydown", "pointermove"]) {
    document.addEventListener(kind, (event) => events.push([kind, event.timeStamp]), true);
  }
  window.bench = { events, changes, clear() { events.length = 0; changes.length = 0; } };
}"""


@dataclass(frozen=True)
class Contender:
    """One way to show a decoded picture."""

    name: str
    cell: str
    handle: str
    picture: str


CONTENDERS = [
    Contender("interact + matplotlib", MATPLOTLIB, ".noUi-handle", ".widget-output img"),
    Contender("observe + Image", IMAGE, ".noUi-handle", ".jupyter-widgets img"),
    *(
        Contender(
            f"latent_widgets, {engine}",
            OURS.replace("{engine}", engine),
            ".lw-sliders input[type=range]",
            ".lw-viewer canvas",
        )
        for engine in ("kernel", "browser")
    ),
]


@dataclass
class Figures:
    """What one round gave."""

    steps: list[float]
    rate: float
    end_lag: float


def measure(notebook: Notebook, contender: Contender, steps: int, seconds: float) -> Figures:
    """Drive one contender."""
    page = notebook.page
    page.wait_for_selector(contender.picture)
    handle = page.locator(contender.handle).first
    handle.scroll_into_view_if_needed()
    page.evaluate(PROBE, contender.picture)
    handle.focus()
    time.sleep(4)  # the page's own decoder is fetched and timed meanwhile
    times = []
    for _ in range(steps):
        page.evaluate("() => window.bench.clear()")
        page.keyboard.press("ArrowRight")
        time.sleep(0.25)
        events, changes = page.evaluate("() => [window.bench.events, window.bench.changes]")
        if events and changes:
            times.append(changes[0] - events[0][1])
    if len(times) < steps / 2:
        raise RuntimeError(f"{contender.name}: only {len(times)} of {steps} steps changed pixels")
    box = handle.bounding_box()
    is_range = handle.evaluate("element => element.tagName === 'INPUT'")
    track = box if is_range else page.locator(".noUi-base").first.bounding_box()
    middle, half = track["x"] + track["width"] / 2, track["width"] * 0.4
    y = box["y"] + box["height"] / 2
    page.mouse.move(middle if is_range else box["x"] + box["width"] / 2, y)
    page.mouse.down()
    time.sleep(0.5)
    page.evaluate("() => window.bench.clear()")
    start = time.monotonic()
    while (now := time.monotonic() - start) < seconds:
        page.mouse.move(middle + half * math.sin(now * 2), y)
        time.sleep(max(0, 0.016 - (time.monotonic() - start - now)))
    time.sleep(1)
    page.mouse.up()
    events, changes = page.evaluate("() => [window.bench.events, window.bench.changes]")
    last = max(at for kind, at in events if kind == "pointermove")
    return Figures(times, len(changes) / seconds, max(changes) - last)


def quantile(values: list[float], share: float) -> float:
    """Nearest-rank quantile."""
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def open_notebook(lab: Lab, context: BrowserContext, space: str, cell: str) -> Notebook:
    """Open one contender alone."""
    notebook = Notebook(lab, context)
    notebook.open([COMMON.replace("{space}", space), cell], wait_for=None)
    return notebook


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--space", default="digits", help="a bundled space")
    parser.add_argument("--nodelay", action="store_true", help="with latent_widgets.server")
    options = parser.parse_args()
    found: dict[str, list[Figures]] = {contender.name: [] for contender in CONTENDERS}
    trips: list[float] = []
    decodes: list[float] = []
    with tempfile.TemporaryDirectory() as root, sync_playwright() as playwright:
        extension = "--ServerApp.jpserver_extensions={'latent_widgets.server': True}"
        lab = Lab(Path(root), *([extension] if options.nodelay else []))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS
        )
        context = browser.new_context()
        for _ in range(options.rounds):
            notebook = open_notebook(lab, context, options.space, ECHO)
            notebook.page.wait_for_function("() => window.trip")
            time.sleep(1)
            trips += [notebook.page.evaluate("() => window.trip()") for _ in range(options.steps)]
            code = (
                "import time\nfor _ in range(10): decode(0.0)\n"
                "t = time.perf_counter()\nfor _ in range(50): decode(0.0)\n"
                "print((time.perf_counter() - t) * 20)"
            )
            decodes.append(float(notebook.run(code)))
            notebook.close()
            for contender in CONTENDERS:
                notebook = open_notebook(lab, context, options.space, contender.cell)
                figures = measure(notebook, contender, options.steps, options.seconds)
                found[contender.name].append(figures)
                notebook.close()
        browser.close()
        lab.close()
    trip = statistics.median(trips)
    decode = statistics.median(decodes)
    print(f"\nbare comm round trip p50 {trip:.1f} ms, p95 {quantile(trips, 0.95):.1f} ms; ", end="")
    print(f"decode in the kernel {decode:.1f} ms\n")
    head = ("step p50 ms", "p95 ms", "pictures/s in a drag", "end lag ms", "times interact")
    print(f"{'':24}" + "".join(f"{title:>22}" for title in head))
    base = statistics.median(one.rate for one in found["interact + matplotlib"])
    for name, rounds in found.items():
        steps = [step for one in rounds for step in one.steps]
        rate = statistics.median(one.rate for one in rounds)
        row = (
            statistics.median(steps),
            quantile(steps, 0.95),
            rate,
            statistics.median(one.end_lag for one in rounds),
            rate / base,
        )
        print(f"{name:24}" + "".join(f"{value:22.1f}" for value in row))


if __name__ == "__main__":
    main()
