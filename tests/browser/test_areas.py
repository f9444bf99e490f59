"""The semantic map in a real JupyterLab: regions, names that people edit, the tint of cells."""

from __future__ import annotations

import numpy as np
import pytest

CELL = """
import numpy as np
import torch
import latent_widgets as lw

class Plane(torch.nn.Module):
    latent_dim = 2
    def decode(self, z):
        return torch.sigmoid(z).repeat_interleave(8, 1).reshape(-1, 1, 4, 4)

rng = np.random.default_rng(0)
kind = np.arange(600) % 2
points = rng.normal(scale=0.3, size=(600, 2)) + np.where(kind, 2, -2)[:, None]
labels = [("low", "high")[k] for k in kind]
space = lw.LatentSpace(Plane(), points=points.astype("float32"), labels=labels)
scatter = lw.ScatterProjection(space)
scatter
"""
PIXELS = """([x, y]) => {
  const canvas = document.querySelector(".lw-points");
  const picture = document.createElement("canvas");
  [picture.width, picture.height] = [canvas.width, canvas.height];
  const pen = picture.getContext("2d");
  pen.drawImage(canvas, 0, 0);
  return [...pen.getImageData(x, y, 1, 1).data];
}"""


@pytest.fixture
def nb(notebook):
    opened = notebook([CELL], wait_for=".lw-scatter .lw-chip")
    yield opened
    assert opened.console_errors == []
    assert opened.requests_outside == []


def choose(nb, which, value):
    nb.page.locator(f".lw-scatter label:has-text('{which}') select").select_option(value)


def names(nb):
    return sorted(nb.page.locator(".lw-name").all_text_contents())


def test_regions_are_chosen_named_and_renamed_by_mouse_and_keyboard(nb):
    choose(nb, "regions", "labels")
    nb.page.wait_for_selector(".lw-name")
    assert names(nb) == ["high", "low"]
    assert nb.run("scatter.areas") == "'labels'"
    before = nb.run("space.z.tolist()")
    box = nb.page.locator(".lw-name", has_text="high").bounding_box()
    nb.page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    nb.page.keyboard.type("bright <b>")
    nb.page.keyboard.press("Enter")
    nb.page.wait_for_selector(".lw-name:has-text('bright <b>')")
    nb.page.wait_for_timeout(300)
    assert nb.run("dict(scatter.area_names)") == "{'label=high': 'bright <b>'}"
    # Neither click was one on the map.
    assert nb.run("space.z.tolist()") == before

    low = nb.page.locator(".lw-name", has_text="low")
    low.focus()
    nb.page.keyboard.press("Enter")
    nb.page.keyboard.type("dark")
    nb.page.keyboard.press("Escape")
    assert names(nb) == ["bright <b>", "low"]
    nb.page.keyboard.press("Enter")
    nb.page.keyboard.type("dark")
    nb.page.keyboard.press("Enter")
    nb.page.wait_for_selector(".lw-name:has-text('dark')")
    nb.page.wait_for_timeout(300)
    assert nb.run("sorted(region.name for region in scatter.regions)") == "['bright <b>', 'dark']"

    choose(nb, "regions", "clusters")
    nb.page.wait_for_selector(".lw-name:has-text('high')")
    choose(nb, "regions", "none")
    nb.page.wait_for_selector(".lw-name", state="detached")


def test_cells_tint_the_map_and_say_what_they_decode_to(nb):
    box = nb.page.locator(".lw-overlay").bounding_box()
    # Beside all points, in the upper right part of the map, where pictures are bright.
    scale = nb.page.evaluate("window.devicePixelRatio")
    place = np.array([box["width"] * 0.5 + 40, box["height"] * 0.5 - 40])
    plain = nb.page.evaluate(PIXELS, list((place * scale).round()))
    choose(nb, "shade", "decoded label")
    assert nb.run("scatter.wait()") == "True"
    nb.page.wait_for_timeout(600)
    tinted = nb.page.evaluate(PIXELS, list((place * scale).round()))
    assert tinted != plain
    nb.page.mouse.move(box["x"] + place[0], box["y"] + place[1])
    said = nb.page.locator(".lw-said")
    nb.page.wait_for_function("() => document.querySelector('.lw-said').textContent")
    assert said.text_content().startswith("cell decodes as high, ")
    nb.run("scatter.classifier = lambda x: x")
    nb.page.wait_for_selector(".lw-work:has-text('classifier must return probabilities')")
    choose(nb, "shade", "none")
    nb.page.wait_for_timeout(400)
    assert nb.page.evaluate(PIXELS, list((place * scale).round())) == plain


def test_magnification_tints_the_map_and_has_a_legend(nb):
    box = nb.page.locator(".lw-overlay").bounding_box()
    scale = nb.page.evaluate("window.devicePixelRatio")
    place = np.array([box["width"] * 0.5 + 40, box["height"] * 0.5 - 40])
    plain = nb.page.evaluate(PIXELS, list((place * scale).round()))
    choose(nb, "shade", "magnification")
    nb.page.wait_for_selector(".lw-levels:has-text('log10 magnification') .lw-ramp")
    assert nb.run("scatter.background") == "'magnification'"
    assert nb.run("scatter.wait()") == "True"
    nb.page.wait_for_timeout(600)
    assert nb.page.evaluate(PIXELS, list((place * scale).round())) != plain
    nb.page.mouse.move(box["x"] + place[0], box["y"] + place[1])
    nb.page.wait_for_function("() => document.querySelector('.lw-said').textContent")
    assert nb.page.locator(".lw-said").text_content().startswith("log10 magnification here ")
    choose(nb, "shade", "decoded label")
    assert nb.page.locator(".lw-levels").is_hidden()
    nb.page.wait_for_timeout(1000)
    assert nb.run("scatter.background, scatter.cells") == "(None, 'label')"
