"""Maps by other methods in a real JupyterLab: chosen, laid out, stopped, dragged, and pictured."""

from __future__ import annotations

import json

import numpy as np
import pytest

import latent_widgets as lw

DIGITS = """
import json
import numpy as np
import latent_widgets as lw

space = lw.LatentSpace("digits")
scatter = lw.ScatterProjection(space)
scatter
"""
# Rows of nothing in particular, and a layout that would go on for minutes.
ENDLESS = """
import json, os, tempfile
import numpy as np
import torch
import latent_widgets as lw

os.environ["LATENT_WIDGETS_CACHE"] = tempfile.mkdtemp()

class Decoder(torch.nn.Module):
    latent_dim = 4

    def decode(self, z):
        return torch.sigmoid(z[:, :1, None, None].expand(-1, 1, 8, 8))

rows = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)
space = lw.LatentSpace(Decoder(), points=rows)
scatter = lw.ScatterProjection(space)
scatter
"""
METHOD = "select[title^='How the latents']"
FRAME = 24
WATCH = """() => {
  window.long = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.long.push(duration);
  }).observe({ type: "longtask" });
}"""
DRAWN = "() => document.querySelector('.lw-points').toDataURL()"

COLOURS = """() => {
  const canvas = document.querySelector(".lw-points");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer).filter((pixel) => {
    const [red, green, blue] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
    return red === green && green === blue;
  })).size;
}"""


class Map:
    """The map on the page, and the numbers behind it."""

    def __init__(self, nb):
        self.nb, self.page = nb, nb.page
        self.canvas = nb.page.locator(".lw-overlay")

    def ask(self, expression):
        code = f"print(json.dumps(np.asarray({expression}).tolist()))"
        return np.array(json.loads(self.nb.run(code)))

    def place(self, on_map):
        """Page pixels of a place, as the whole map is shown."""
        box, xy = self.canvas.bounding_box(), self.ask("scatter.projection.xy")
        low, high = xy.min(0), xy.max(0)
        size = np.array([box["width"], box["height"]])
        scale = ((size - 2 * FRAME) / (high - low)).min()
        shift = (np.asarray(on_map) - (low + high) / 2) * scale * [1, -1]
        return tuple(np.array([box["x"], box["y"]]) + size / 2 + shift), scale

    def choose(self, method):
        self.page.locator(METHOD).select_option(method)

    def comes(self, code, seconds=20):
        """Wait until an expression in the kernel is true."""
        for _ in range(10 * seconds):
            if self.nb.run(f"bool({code})") == "True":
                return
            self.page.wait_for_timeout(100)
        pytest.fail(f"{code} is not true after {seconds} s")

    def clean(self):
        assert self.nb.console_errors == []
        assert self.nb.requests_outside == []


@pytest.fixture
def opened(notebook):
    def open_map(cell):
        nb = notebook([cell], wait_for=f".lw-scatter {METHOD}")
        nb.page.wait_for_timeout(500)
        return Map(nb)

    return open_map


def test_on_a_laid_out_map_a_drag_blends_the_rows_around_and_says_how_far_they_are(opened):
    it = opened(DIGITS)
    it.choose("tsne")
    it.page.get_by_text("t-SNE (perplexity 30)").wait_for()
    it.comes("scatter.projection.method == 'tsne'")
    it.page.wait_for_timeout(600)
    row = int(it.ask("scatter.projection.xy[:, 0].argmin()"))
    start, scale = it.place(it.ask(f"scatter.projection.xy[{row}]"))
    it.page.mouse.click(*start)
    it.comes(f"np.array_equal(space.z, space.points[{row}])")
    it.page.get_by_text(f"at row {row}").wait_for()
    it.page.mouse.move(*start)
    it.page.mouse.down()
    it.page.mouse.move(start[0] + 160, start[1] + 60, steps=16)
    it.page.get_by_text("a blend of 10 rows").wait_for()
    it.page.mouse.up()
    assert it.nb.run("space.wait()") == "True"
    place = it.ask(f"scatter.projection.xy[{row}]") + np.array([160, -60]) / scale
    it.comes(f"np.abs(space.z - scatter.inverse({place.tolist()})).max() < 1e-2")
    it.nb.run("space.undo()")
    np.testing.assert_array_equal(it.ask("space.z"), it.ask(f"space.points[{row}]"))
    it.nb.run("space.z = space.points[3] + 0.1")
    it.page.get_by_text("from the nearest row").wait_for()
    it.choose("axes")
    it.comes("scatter.projection.method == 'axes'")
    it.page.locator("select[title='What goes up']").select_option(label="z5 up")
    it.comes("scatter.axes == [0, 5]")
    it.clean()


def test_a_layout_is_seen_as_it_forms_and_cancelled_the_former_map_is_back(opened):
    it = opened(ENDLESS)
    before = it.page.evaluate(DRAWN)
    it.nb.run("scatter.settings = {'iterations': 100_000}")
    z = it.ask("space.z")
    it.nb.run("scatter.method = 'tsne'")
    it.page.get_by_role("button", name="cancel").wait_for()
    it.page.wait_for_function(f"(before) => ({DRAWN})() !== before", arg=before)
    assert it.page.locator(METHOD).input_value() == "tsne"
    box = it.canvas.bounding_box()
    it.page.mouse.click(box["x"] + 30, box["y"] + 30)
    it.page.get_by_role("button", name="cancel").click()
    it.page.get_by_text("t-SNE: cancelled").wait_for()
    it.comes("scatter.method == 'pca'")
    assert it.page.locator(METHOD).input_value() == "pca"
    np.testing.assert_array_equal(it.ask("space.z"), z, "a map that forms cannot be used")
    it.page.wait_for_timeout(600)
    row = int(it.ask("scatter.projection.xy[:, 0].argmin()"))
    it.page.mouse.click(*it.place(it.ask(f"scatter.projection.xy[{row}]"))[0])
    it.comes(f"np.array_equal(space.z, space.points[{row}])")
    it.clean()


def test_what_cannot_be_laid_out_is_said_in_a_sentence(opened):
    it = opened(ENDLESS.replace("(300, 4)", "(3, 4)"))
    it.choose("umap")
    it.page.get_by_text("method 'umap' needs 4 or more rows, got 3").wait_for()
    assert it.page.locator(METHOD).input_value() == "pca"
    it.choose("random")
    it.comes("scatter.projection.method == 'random'")
    assert not it.page.get_by_text("needs 4 or more rows").is_visible()
    it.clean()


def test_pictures_lie_under_the_points_and_refine_as_one_zooms(opened):
    it = opened(DIGITS)
    it.page.evaluate(WATCH)
    blank = it.page.evaluate(DRAWN)
    it.page.get_by_role("button", name="pictures").click()
    it.page.wait_for_function(f"(before) => ({DRAWN})() !== before", arg=blank)
    seen = [it.page.evaluate(DRAWN)]
    for _ in range(100):
        it.page.wait_for_timeout(300)
        seen.append(it.page.evaluate(DRAWN))
        if len(set(seen[-4:])) == 1 and len(seen) > 4:
            break
    assert len(set(seen)) > 2, "coarse first, then finer"
    box = it.canvas.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.4
    it.page.mouse.move(*middle)
    it.page.mouse.wheel(0, -1500)
    it.page.wait_for_timeout(500)
    coarse = it.page.evaluate(DRAWN)
    it.page.wait_for_function(f"(before) => ({DRAWN})() !== before", arg=coarse)
    for dx in range(3, 120, 6):
        it.page.mouse.move(middle[0] + dx, middle[1] + dx / 2)
        if it.page.locator(".lw-lens").is_visible():
            break
    it.page.get_by_text("nearest row").wait_for()
    it.comes("scatter.pictures")
    # Loosely: other work on the machine counts, too.
    long = np.array(it.page.evaluate("() => window.long"))
    assert (long > 250).sum() <= 3, long
    it.page.get_by_role("button", name="pictures").click()
    it.page.get_by_role("button", name="whole map").click()
    it.page.wait_for_function(f"(before) => ({DRAWN})() === before", arg=blank)
    it.clean()


def test_a_saved_page_has_the_laid_out_map_its_way_back_and_the_pictures(chromium, tmp_path):
    space = lw.LatentSpace("digits")
    scatter = lw.ScatterProjection(space, method="tsne", pictures=True)
    assert scatter.projection.method == "tsne", "it is shipped"
    page = chromium.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(scatter.save_html(tmp_path / "map.html").as_uri())
    page.get_by_text("Live: this page decodes by itself").wait_for()
    assert not page.locator(METHOD).is_visible(), "there is nobody to lay out another"
    page.get_by_text("t-SNE (perplexity 30)").wait_for()
    for _ in range(100):
        page.wait_for_timeout(200)
        if page.evaluate(COLOURS) > 50:
            break
    assert page.evaluate(COLOURS) > 50, "digits are drawn in many greys, points in ten colours"
    box = page.locator(".lw-overlay").bounding_box()
    low, high = scatter.projection.xy.min(0), scatter.projection.xy.max(0)
    size = np.array([box["width"], box["height"]])
    scale = ((size - 2 * FRAME) / (high - low)).min()
    # Off the data: no point is in the way.
    corner = np.array([40.0, 60.0])
    page.mouse.click(box["x"] + corner[0], box["y"] + corner[1])
    page.get_by_text("off the data: nearest row").wait_for()
    place = (corner - size / 2) / scale * [1, -1] + (low + high) / 2
    z = page.evaluate("() => [...document.querySelector('.lw-root').space.z]")
    np.testing.assert_allclose(z, scatter.inverse(place), atol=1e-2)
    assert errors == []
    page.close()
