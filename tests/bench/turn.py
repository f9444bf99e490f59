"""Frames per second of a map of three dimensions that turns under the hand, in a real JupyterLab.

    python tests/bench/turn.py [--points 100000 1000000]

Prints for each number of points: frames a second of a drag of three seconds, the longest pause
between two frames, how many points were drawn meanwhile, and when all of them were drawn after it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from conftest import CHROMIUM_ARGS
from lab import Lab, Notebook

CELL = """
import numpy as np
import torch
import latent_widgets as lw

class Decoder(torch.nn.Module):
    latent_dim = 8

    def decode(self, z):
        return torch.sigmoid(z[:, :1, None, None].expand(-1, 1, 8, 8))

rng = np.random.default_rng(0)
labels = rng.integers(0, 10, {n})
middles = 2 * rng.normal(size=(10, 8))
points = (middles[labels] + 0.6 * rng.normal(size=({n}, 8))).astype(np.float32)
space = lw.LatentSpace(Decoder(), points=points, labels=labels.astype(str), device="cpu")
lw.ScatterProjection(space, dim=3)
"""
TURN = """async () => {
  const canvas = document.querySelector(".lw-overlay");
  const note = [...document.querySelectorAll(".lw-caption .lw-small")];
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const send = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, {
    pointerId: 1, button: 0, buttons: 1, bubbles: true, clientX: left + x, clientY: top + y }));
  canvas.setPointerCapture = () => {};
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = [];
  let said = "";
  send("pointerdown", 40, 40);
  const start = performance.now();
  for (let i = 1; performance.now() - start < 3000; i += 1) {
    send("pointermove", 40 + 300 * Math.sin(i / 60) ** 2, 40 + 60 * Math.sin(i / 40));
    times.push(await frame());
    said = note.map((one) => one.textContent).find((text) => /moving/.test(text)) ?? said;
  }
  send("pointerup", 40, 40);
  const end = performance.now();
  await new Promise((done) => setTimeout(done, 160));
  while (note.some((one) => /moving/.test(one.textContent))) await frame();
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  return [1000 * gaps.length / (times.at(-1) - times[0]), Math.max(...gaps), said,
    performance.now() - end];
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, nargs="+", default=[100_000, 1_000_000])
    wanted = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as root:
        lab = Lab(Path(root))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS
        )
        for n in wanted.points:
            notebook = Notebook(lab, browser.new_context())
            notebook.open([CELL.format(n=n)], wait_for=".lw-chip")
            notebook.page.wait_for_timeout(4000)
            rate, pause, said, rest = notebook.page.evaluate(TURN)
            print(f"{n:>9,} points: {rate:5.1f} frames/s, longest pause {pause:4.0f} ms,", end=" ")
            print(f"all drawn {rest:4.0f} ms after the hand, {said or 'all of them'}")
            notebook.close()
        browser.close()
        lab.close()


if __name__ == "__main__":
    main()
