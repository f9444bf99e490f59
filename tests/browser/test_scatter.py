"""The map in a real JupyterLab: the cursor is `z`, points can be clicked, lassoed and filtered."""

from __future__ import annotations

import json

import numpy as np
import pytest

CELL = """
import json
import numpy as np
import latent_widgets as lw

space = lw.LatentSpace("digits")
scatter = lw.ScatterProjection(space)
scatter
"""
FRAME = 24
"""Pixels the map leaves free around the points."""


class Map:
    """The map on the page and the numbers behind it."""

    def __init__(self, nb):
        self.nb = nb
        self.canvas = nb.page.locator(".lw-overlay")
        self.box = self.canvas.bounding_box()
        self.xy = self.ask("scatter.projection.xy")
        low, high = self.xy.min(0), self.xy.max(0)
        size = np.array([self.box["width"], self.box["height"]])
        self.scale = ((size - 2 * FRAME) / (high - low)).min()
        self.middle = (low + high) / 2
        self.corner = np.array([self.box["x"], self.box["y"]]) + size / 2

    def ask(self, expression):
        return np.array(
            json.loads(self.nb.run(f"print(json.dumps(np.asarray({expression}).tolist()))"))
        )

    def page(self, place):
        return tuple(self.corner + (place - self.middle) * self.scale * [1, -1])

    @property
    def cursor(self):
        return self.ask("scatter.projection.transform(space.z)")

    def settle(self):
        self.nb.page.wait_for_timeout(400)
        assert self.nb.run("space.wait()") == "True"

    def drag(self, start, end):
        mouse = self.nb.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=12)
        mouse.up()
        self.settle()


@pytest.fixture
def the_map(notebook):
    nb = notebook([CELL], wait_for=".lw-scatter .lw-chip")
    nb.page.wait_for_timeout(300)
    yield Map(nb)
    assert nb.console_errors == []
    assert nb.requests_outside == []


def test_the_cursor_is_z_and_a_drag_changes_only_what_the_map_shows(the_map):
    before, components = the_map.ask("space.z"), the_map.ask("scatter.projection.components")
    start = np.array(the_map.page(the_map.cursor))
    the_map.drag(start, start + np.array([60, -40]))
    shift = the_map.ask("space.z") - before
    np.testing.assert_allclose(components @ shift, np.array([60, 40]) / the_map.scale, atol=1e-3)
    np.testing.assert_allclose(shift, shift @ components.T @ components, atol=1e-4)
    the_map.nb.run("space.undo()")
    np.testing.assert_allclose(the_map.ask("space.z"), before, err_msg="a drag is one step")


def test_a_click_on_a_point_jumps_to_its_latent_exactly(the_map):
    row = int(the_map.xy[:, 0].argmin())
    the_map.nb.page.mouse.click(*the_map.page(the_map.xy[row]))
    the_map.settle()
    np.testing.assert_array_equal(the_map.ask("space.z"), the_map.ask(f"space.points[{row}]"))


def test_two_clicks_clear_the_selection_and_leave_z_alone(the_map):
    before = the_map.ask("space.z")
    the_map.nb.run("space.selection = [1, 2, 3]")
    the_map.nb.page.get_by_text("3 selected").wait_for()
    the_map.nb.page.mouse.dblclick(the_map.box["x"] + 30, the_map.box["y"] + 30)
    the_map.settle()
    assert the_map.ask("space.selection").size == 0
    np.testing.assert_array_equal(the_map.ask("space.z"), before)


def test_a_box_selects_what_is_in_it_and_a_filter_narrows_it(the_map):
    page, low, high = the_map.nb.page, np.array([-1.0, -1.0]), np.array([1.5, 0.5])
    inside = ((the_map.xy > low) & (the_map.xy < high)).all(1)
    page.keyboard.down("Alt")
    the_map.drag(the_map.page(low), the_map.page(high))
    rows = the_map.ask("space.selection")
    assert abs(len(rows) - inside.sum()) <= 0.02 * inside.sum()
    page.get_by_role("button", name="7", exact=True).click()
    the_map.drag(the_map.page(low), the_map.page(high))
    page.keyboard.up("Alt")
    sevens = the_map.ask("space.data.columns[0].values") == 7
    rows = the_map.ask("space.selection").astype(int)
    assert len(rows) > 0
    assert sevens[rows].all()


def test_shift_draws_a_lasso(the_map):
    page, place = the_map.nb.page, the_map.page(np.array([0.0, 0.0]))
    page.keyboard.down("Shift")
    page.mouse.move(*place)
    page.mouse.down()
    for dx, dy in [(80, 0), (80, 80), (0, 80)]:
        page.mouse.move(place[0] + dx, place[1] + dy, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    the_map.settle()
    rows = the_map.ask("space.selection").astype(int)
    corner = np.array([80, -80]) / the_map.scale
    assert len(rows) > 0
    assert (the_map.xy[rows] > [-0.02, corner[1] - 0.02]).all()
    assert (the_map.xy[rows] < [corner[0] + 0.02, 0.02]).all()


def test_keys_move_the_cursor_and_the_wheel_keeps_the_place_under_it(the_map):
    page, before = the_map.nb.page, the_map.cursor
    the_map.canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    the_map.settle()
    step = the_map.box["width"] / the_map.scale / 100
    np.testing.assert_allclose(the_map.cursor - before, [step, 10 * step], atol=1e-3)
    row = int(the_map.xy[:, 1].argmax())
    page.mouse.move(*the_map.page(the_map.xy[row]))
    page.mouse.wheel(0, -600)
    page.wait_for_timeout(300)
    page.mouse.click(*the_map.page(the_map.xy[row]))
    the_map.settle()
    np.testing.assert_array_equal(the_map.ask("space.z"), the_map.ask(f"space.points[{row}]"))


def test_the_page_draws_other_pixels_when_another_column_colours_them(the_map):
    def drawn():
        return the_map.nb.page.evaluate("document.querySelector('.lw-points').toDataURL()")

    before = drawn()
    the_map.nb.run("scatter.color = None")
    the_map.nb.page.wait_for_timeout(300)
    assert drawn() != before
    assert the_map.nb.page.locator(".lw-chip").count() == 0
