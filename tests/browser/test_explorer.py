"""The explorer in a real JupyterLab: every hand moves every part, and the picture is right."""

from __future__ import annotations

import json

import numpy as np
import pytest

CELL = """
import json
import numpy as np
import latent_widgets as lw
explorer = lw.LatentExplorer("digits")
space = explorer.space
explorer
"""
PIXELS = """() => {
  const canvas = document.querySelector(".lw-viewer canvas.lw-picture");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return [...data].filter((_, i) => i % 4 === 0);
}"""
FRESH = """
fresh = lw.codec.to_uint8(space.decode(space.z))[0].ravel().tolist()
print(json.dumps([space.z.tolist(), fresh]))
"""
MAP = """
xy = explorer.scatter.projection.xy
print(json.dumps([xy.tolist(), explorer.scatter.projection.transform(space.z).tolist()]))
"""


class Hand:
    """Drives one explorer and checks that page, kernel and picture agree."""

    def __init__(self, notebook):
        self.notebook = notebook
        self.page = notebook.page
        self.page.wait_for_function(
            "() => document.querySelectorAll('.lw-sliders input[type=range]').length >= 8"
        )
        self.page.wait_for_function(
            "() => document.querySelector('.lw-viewer canvas.lw-picture')?.width === 28"
        )

    def ask(self, expression):
        return np.array(
            json.loads(self.notebook.run(f"print(json.dumps(np.asarray({expression}).tolist()))"))
        )

    def changed(self, before):
        """Wait until the picture is another, then check that it is the right one."""
        self.page.wait_for_function(
            f"(before) => JSON.stringify(({PIXELS})()) !== before",
            arg=json.dumps(before, separators=(",", ":")),
        )
        return self.settled()

    def settled(self):
        """Wait until the page shows what the kernel decodes now."""
        last = None
        for _ in range(40):
            self.page.wait_for_timeout(100)
            z, fresh = json.loads(self.notebook.run(FRESH))
            last = self.page.evaluate(PIXELS)
            if last == fresh:
                return z, last
        pytest.fail("the picture is not a fresh decode of space.z")

    def pixels(self):
        return self.page.evaluate(PIXELS)

    def place(self):
        """Where the cursor is on the screen, from the map's own rule of fitting the points."""
        box = self.page.locator(".lw-scatter canvas.lw-overlay").bounding_box()
        xy, cursor = json.loads(self.notebook.run(MAP))
        low, high = np.min(xy, axis=0), np.max(xy, axis=0)
        scale = min((box["width"] - 48) / (high - low)[0], (box["height"] - 48) / (high - low)[1])
        shift = (np.array(cursor) - (low + high) / 2) * scale
        return box["x"] + box["width"] / 2 + shift[0], box["y"] + box["height"] / 2 - shift[1]

    def drag(self, start, end, steps=20):
        self.page.mouse.move(*start)
        self.page.mouse.down()
        for step in range(1, steps + 1):
            share = step / steps
            self.page.mouse.move(
                start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            )
            self.page.wait_for_timeout(16)
        self.page.mouse.up()


@pytest.fixture
def hand(notebook):
    return Hand(notebook([CELL], height=1700, wait_for=".lw-viewer canvas.lw-picture"))


def test_every_hand_moves_z_and_the_picture_is_a_fresh_decode(hand):
    page = hand.page
    before = hand.pixels()
    # A slider, by pointer.
    slider = page.locator(".lw-sliders input[type=range]").first
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    hand.drag((box["x"] + box["width"] / 2, y), (box["x"] + box["width"] * 0.9, y))
    z, before = hand.changed(before)
    moved = np.flatnonzero(np.array(z, np.float32) != hand.ask("space.home"))
    assert len(moved) == 1
    assert moved[0] == hand.ask("explorer.sliders.order[0]")
    # By keys, which JupyterLab must not take.
    slider.focus()
    page.keyboard.press("Shift+ArrowLeft")
    _, before = hand.changed(before)
    # Undo, twice, leads home: the drag was one step.
    page.keyboard.press("Control+z")
    _, before = hand.changed(before)
    page.keyboard.press("Control+z")
    z, before = hand.changed(before)
    np.testing.assert_array_equal(np.array(z, np.float32), hand.ask("space.home"))
    # The cursor on the map: what the map does not show stays as it is.
    x, y = hand.place()
    hand.drag((x, y), (x + 90, y - 60))
    z, before = hand.changed(before)
    step = np.array(z) - hand.ask("space.home")
    plane = hand.ask("explorer.scatter.projection.components")
    assert np.abs(step).max() > 0.1
    np.testing.assert_allclose(step @ plane.T @ plane, step, atol=1e-4)
    # The strip: scrubbing moves z along the path.
    scrub = page.locator(".lw-strip input[type=range]").first
    box = scrub.bounding_box()
    y = box["y"] + box["height"] / 2
    hand.drag((box["x"] + 10, y), (box["x"] + box["width"] * 0.6, y))
    z, before = hand.changed(before)
    t = float(hand.ask("explorer.strip.t"))
    assert 0.5 < t < 0.7
    np.testing.assert_allclose(z, hand.ask(f"explorer.strip.at({t})"), atol=1e-3)
    # Random, then reset.
    page.get_by_role("button", name="random", exact=True).first.click()
    _, before = hand.changed(before)
    page.get_by_role("button", name="reset", exact=True).first.click()
    hand.changed(before)
    assert hand.notebook.console_errors == []
    assert hand.notebook.requests_outside == []


def test_a_lasso_selects_exactly_the_points_inside(hand):
    page = hand.page
    box = page.locator(".lw-scatter canvas.lw-overlay").bounding_box()
    left, top = box["x"] + box["width"] * 0.35, box["y"] + box["height"] * 0.35
    right, bottom = box["x"] + box["width"] * 0.65, box["y"] + box["height"] * 0.65
    page.keyboard.down("Shift")
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=8)
    page.mouse.up()
    page.keyboard.up("Shift")
    page.wait_for_timeout(500)
    xy = hand.ask("explorer.scatter.projection.xy")
    low, high = xy.min(0), xy.max(0)
    scale = min((box["width"] - 48) / (high - low)[0], (box["height"] - 48) / (high - low)[1])
    on_page = (xy - (low + high) / 2) * scale * [1, -1] + [box["width"] / 2, box["height"] / 2]
    on_page += [box["x"], box["y"]]
    inside = (on_page > [left, top]).all(1) & (on_page < [right, bottom]).all(1)
    selected = np.zeros(len(xy), bool)
    selected[hand.ask("space.selection").astype(int)] = True
    assert inside.sum() > 50
    # A pixel's breadth along the edge may fall either way.
    near = np.minimum(np.abs(on_page - [left, top]), np.abs(on_page - [right, bottom])).min(1) < 1.5
    assert (selected == inside)[~near].all()
    # Its mean can be taken into arithmetic, and Python can clear it.
    hand.notebook.run("space.selection = [1, 2, 3]")
    page.wait_for_function(
        "() => document.querySelector('.lw-scatter').textContent.includes('3 selected')"
    )
    assert hand.notebook.console_errors == []


def test_a_term_is_added_and_the_sum_reaches_z(hand):
    page = hand.page
    before = hand.pixels()
    hand.notebook.run("explorer.arithmetic.add('z').add(7).add(12, -1)")
    send = page.locator(".lw-arithmetic").get_by_role("button", name="send to z")
    send.wait_for()
    page.wait_for_timeout(500)
    send.click()
    z, _ = hand.changed(before)
    np.testing.assert_allclose(z, hand.ask("explorer.arithmetic.result"), atol=1e-5)
    np.testing.assert_allclose(
        z, hand.ask("space.home + space.points[7] - space.points[12]"), atol=1e-5
    )
    rows = hand.ask("lw.analysis.neighbours(space.points, space.z[None], 5)[1][0]").astype(int)
    titles = page.locator(".lw-arithmetic button[title^='Move z to']").evaluate_all(
        "buttons => buttons.map((button) => button.title + ' ')"
    )
    for row in rows:
        assert any(f"row {row} " in title.replace(",", " ") for title in titles), (row, titles)
    assert hand.notebook.console_errors == []


def test_opening_and_closing_fifty_explorers_leaves_nothing(notebook):
    opened = notebook(
        ["import latent_widgets as lw\nspace = lw.LatentSpace('digits')\nspace.wait()"],
        wait_for=None,
    )
    code = """
import gc, threading, torch
from ipywidgets.widgets.widget import _instances
def count():
    # A decode that is still under way holds its space until it is done.
    for thread in threading.enumerate():
        if thread.name == "latent_widgets-decode": thread.join(5)
    gc.collect()
    tensors = sum(1 for thing in gc.get_objects() if type(thing) is torch.Tensor)
    return len(_instances), tensors
lw.LatentExplorer("digits").close()
start = count()
for _ in range(50):
    explorer = lw.LatentExplorer("digits")
    explorer.space.z = explorer.space.points[3]
    explorer.close()
del explorer
end = count()
print(start == end, start, end)
"""
    assert opened.run(code, timeout=240).startswith("True")


def test_labels_that_look_like_markup_stay_text(notebook):
    evil = "<img src=x onerror=window.hacked=1>"
    cell = (
        "import numpy as np, latent_widgets as lw\n"
        "class Model:\n    latent_dim = 2\n"
        "    def decode(self, z):\n"
        "        return z[:, :1, None, None].sigmoid().expand(-1, 1, 8, 8)\n"
        f"lw.LatentExplorer(Model(), points=np.random.default_rng(0).normal(size=(40, 2)),\n"
        f"                  labels=['{evil}', 'b'] * 20, factors={{'{evil}': np.arange(40.0)}})"
    )
    opened = notebook([cell], wait_for=".lw-viewer canvas.lw-picture")
    opened.page.wait_for_timeout(1500)
    assert opened.page.evaluate("() => window.hacked === undefined")
    assert opened.page.locator("img[src=x]").count() == 0
    assert opened.page.locator(".lw-explorer").get_by_text("<img src=x").count() > 0
    assert opened.console_errors == []
