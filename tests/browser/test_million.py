"""A million points: moved, found and chosen exactly, and no sample is kept quiet."""

import inspect
import json
import re

import numpy as np
import pytest

N = 1_000_000
CELL = f"""
import json
import numpy as np
import latent_widgets as lw

rng = np.random.default_rng(0)
points = rng.standard_normal(({N}, 2)).astype(np.float32)
space = lw.LatentSpace(None, points=points, factors={{"reach": np.hypot(*points.T)}})
scatter = lw.ScatterProjection(space)
scatter
"""
FRAME = 24
"""Pixels the map leaves free around the points."""
NOTE = ".lw-caption"
RING = "() => document.querySelector('.lw-overlay').classList.contains('lw-pick')"


@pytest.fixture
def the_map(notebook):
    nb = notebook([CELL], wait_for=".lw-scatter canvas.lw-points")
    nb.page.wait_for_timeout(600)
    yield nb
    assert nb.console_errors == []


class Eye:
    """Where the page shows which place, followed through one drag."""

    def __init__(self, nb, ends):
        box = nb.page.locator(".lw-overlay").bounding_box()
        low, high = ends
        size = np.array([box["width"], box["height"]])
        self.scale = ((size - 2 * FRAME) / (high - low)).min()
        self.middle = (low + high) / 2
        self.corner = np.array([box["x"], box["y"]]) + size / 2

    def to_map(self, page):
        return self.middle + (np.array(page) - self.corner) / self.scale * [1, -1]

    def to_page(self, place):
        return self.corner + (place - self.middle) * self.scale * [1, -1]


def inside(xy, outline):
    """Count crossings to the right, even-odd."""
    odd = np.zeros(len(xy), bool)
    x, y = xy.T.astype(float)
    for (bx, by), (ax, ay) in zip(np.roll(outline, 1, axis=0), outline, strict=True):
        with np.errstate(divide="ignore", invalid="ignore"):
            across = x < (bx - ax) * (y - ay) / (by - ay) + ax
        odd ^= ((ay > y) != (by > y)) & across
    return odd


def test_a_million_points_move_and_are_found_and_chosen_exactly(the_map):
    page, mouse, run = the_map.page, the_map.page.mouse, the_map.run
    run(inspect.getsource(inside))
    ends = run(
        "xy = scatter.projection.xy; print(json.dumps([xy.min(0).tolist(), xy.max(0).tolist()]))"
    )
    eye = Eye(the_map, np.array(json.loads(ends)))

    start = eye.to_page(np.array([2.5, 2.5]))
    mouse.move(*start)
    mouse.down()
    said = set()
    for step in range(12):
        mouse.move(start[0] + 5 * step, start[1] + 3 * step)
        page.wait_for_timeout(20)
        said.add(page.inner_text(NOTE))
    mouse.up()
    eye.corner += [55, 33]
    counts = [re.search(r"([\d,]+) of 1,000,000 points while moving", one) for one in said]
    drawn = [int(one[1].replace(",", "")) for one in counts if one]
    assert drawn, f"a sample goes unsaid: {said}"
    assert all(0 < one < N for one in drawn)
    page.wait_for_function(f"() => !/ of /.test(document.querySelector('{NOTE}').innerText)")

    for place in np.random.default_rng(1).uniform(-3.5, 3.5, (6, 2)):
        at = np.round(eye.to_page(place))
        mouse.move(*at)
        nearest = f"away = np.hypot(*(xy - {eye.to_map(at).tolist()}).T); row = int(away.argmin())"
        row, away = json.loads(run(f"{nearest}; print(json.dumps([row, float(away[row])]))"))
        assert page.evaluate(RING) == (away < 8 / eye.scale)
        if away < 8 / eye.scale:
            page.get_by_text(re.compile(rf"^row {row}\b")).wait_for()

    corners = np.round([eye.to_page(np.array(one)) for one in [(-2, 2), (1, 1.5), (0.2, -2)]])
    page.keyboard.down("Shift")
    mouse.move(*corners[0])
    mouse.down()
    for corner in corners[1:]:
        mouse.move(*corner)
    mouse.up()
    page.keyboard.up("Shift")
    page.get_by_text(" selected").wait_for()
    run("import time; [time.sleep(0.05) for _ in range(100) if not space.selection]")
    run(f"want = np.flatnonzero(inside(xy, np.array({eye.to_map(corners).tolist()})))")
    assert int(run("print(len(want))")) > N / 10
    assert run("print(np.array_equal(np.sort(space.selection), want))") == "True"


TWENTY = """
import numpy as np
import ipywidgets
import latent_widgets as lw
space = lw.LatentSpace(None, points=np.random.default_rng(0).standard_normal((500, 2)))
ipywidgets.VBox([lw.ScatterProjection(space, renderer="webgl") for _ in range(20)])
"""
COUNT = """() => {
  const { prototype } = HTMLCanvasElement;
  const own = prototype.getContext;
  window.contexts = 0;
  prototype.getContext = function (kind, ...rest) {
    if (kind.startsWith("webgl")) window.contexts += 1;
    return own.call(this, kind, ...rest);
  };
}"""

COLOURS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(data).size;
}"""


def test_twenty_maps_share_one_context_and_leave_none(notebook):
    nb = notebook(["1"], wait_for=None)
    page = nb.page
    page.evaluate(COUNT)
    page.evaluate(
        """async (source) => {
          const { commands, shell } = window.jupyterapp;
          await commands.execute("notebook:insert-cell-below");
          shell.currentWidget.content.activeCell.model.sharedModel.setSource(source);
          await commands.execute("notebook:run-cell");
        }""",
        TWENTY,
    )
    maps = page.locator(".lw-scatter")
    page.wait_for_function("() => document.querySelectorAll('.lw-scatter').length === 20")
    for each in (0, 9, 19):
        maps.nth(each).scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        canvas = maps.nth(each).locator("canvas.lw-points").first
        assert canvas.evaluate(COLOURS) > 4
    card = "globalThis[Symbol.for('latent_widgets.card.1')]"
    assert page.evaluate("() => window.contexts") == 1
    assert 0 < page.evaluate(f"() => {card}.users.size") < 20
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.wait_for_function(f"() => {card} === undefined", timeout=10_000)
    assert nb.console_errors == []
