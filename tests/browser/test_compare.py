"""Paths compared in a real JupyterLab: an end is dragged on the map, and all strips follow."""

import json

CELL = """
import json
import numpy as np, torch
import latent_widgets as lw
from IPython.display import display
from torch import nn

class Lamps(nn.Module):
    "Twelve lamps in a ring: those near z are lit."
    latent_dim = 2
    def decode(self, z):
        angle = torch.arange(12) / 12 * 2 * torch.pi
        lamps = torch.stack([angle.cos(), angle.sin()], 1)
        return torch.sigmoid(4 * z @ lamps.T).reshape(-1, 1, 3, 4)

angle = np.linspace(0, 1.5 * np.pi, 60)
rows = np.stack([np.cos(angle), np.sin(angle)], 1)
space = lw.LatentSpace(Lamps(), points=rows)
compared = lw.PathComparison(space, rows[2], rows[-8])
display(lw.ScatterProjection(space), compared)
"""
PLACE = """() => {
  const box = document.querySelector(".lw-scatter .lw-overlay").getBoundingClientRect();
  return [box.x, box.y, box.width, box.height];
}"""


def test_an_end_is_dragged_on_the_map_and_everything_follows(notebook):
    opened = notebook([CELL], height=2100, wait_for=".lw-compare .lw-frames canvas")
    page = opened.page
    assert opened.run("compared.wait()") == "True"
    panel = page.locator(".lw-compare")
    panel.get_by_text("pull-back geodesic (no uncertainty)").wait_for()
    panel.get_by_text("along the density").wait_for()
    assert panel.locator(".lw-frames").count() == 5
    panel.locator(".lw-frames canvas").nth(54).wait_for()
    assert panel.locator(".lw-frames canvas").count() == 55
    page.locator(".lw-paths table").wait_for()

    # Along the density, by hand: z goes around the empty place.
    strip = panel.locator(".lw-frames").nth(4).bounding_box()
    y = strip["y"] + strip["height"] / 2
    page.mouse.move(strip["x"] + 5, y)
    page.mouse.down()
    page.mouse.move(strip["x"] + strip["width"] / 2, y, steps=5)
    page.mouse.up()
    panel.get_by_text("t 0.50").wait_for()
    # The place is saved at a calm pace.
    page.wait_for_timeout(600)
    opened.run("space.wait()")
    z = json.loads(opened.run("print(json.dumps(space.z.tolist()))"))
    assert sum(value**2 for value in z) > 0.4
    there = "print(json.dumps(compared.strips.at('density', compared.strips.t).tolist()))"
    assert max(abs(a - b) for a, b in zip(z, json.loads(opened.run(there)), strict=True)) < 1e-6

    # B is taken on the map: as the page draws it, so is it found.
    x0, y0, _, _ = page.evaluate(PLACE)
    before = opened.run("compared.strips.b.tolist()")
    found = page.evaluate(
        """() => {
          const pen = document.querySelector(".lw-scatter .lw-overlay");
          const box = pen.getBoundingClientRect();
          for (let y = 4; y < box.height; y += 4) for (let x = 4; x < box.width; x += 4) {
            pen.dispatchEvent(new PointerEvent("pointermove", {
              clientX: box.x + x, clientY: box.y + y, bubbles: true }));
            if (pen.title.startsWith("Drag B")) return [x, y];
          }
          return null;
        }"""
    )
    assert found is not None
    page.mouse.move(x0 + found[0], y0 + found[1])
    page.mouse.down()
    page.mouse.move(x0 + found[0] + 60, y0 + found[1] - 50, steps=8)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert opened.run("compared.wait()") == "True"
    assert opened.run("compared.strips.b.tolist()") != before
    ends = "all(np.allclose(compared.strips.at(m, 1), compared.strips.b) for m in compared.figures)"
    assert opened.run(ends) == "True"
    assert opened.console_errors == []
    assert opened.requests_outside == []


SLOW = """
import time
find = space.paths.find
def slowly(*ends, progress=None, **options):
    for i in range(2000):
        progress(i / 2000, f"step {i} of 2000")
        time.sleep(0.02)
    return find(*ends, progress=progress, **options)
space.paths.find = slowly
compared.strips.a = rows[9]
"""


def test_a_long_search_shows_its_bar_and_is_stopped_on_the_page(notebook):
    opened = notebook([CELL], height=2100, wait_for=".lw-compare .lw-frames canvas")
    assert opened.run("compared.wait()") == "True"
    panel = opened.page.locator(".lw-compare")
    panel.locator(".lw-search").wait_for(state="hidden")
    opened.run(SLOW)
    panel.locator(".lw-search progress").wait_for()
    panel.get_by_role("button", name="cancel").click()
    panel.get_by_text("stopped; move A or B to search again").first.wait_for()
    panel.locator(".lw-search").wait_for(state="hidden")
    # A search that ends is asked for anew by an end that moves.
    opened.run("space.paths.find = find; compared.strips.a = rows[4]")
    panel.get_by_text("along the density").wait_for()
    panel.get_by_text("stopped; move A or B to search again").first.wait_for(state="detached")
