"""Maps with depth in a real JupyterLab: what turns, what one walks over, and where the hand is."""

from __future__ import annotations

import json

import numpy as np

CELL = """
import json
import numpy as np
import latent_widgets as lw

space = lw.LatentSpace({name!r}, device="cpu")
scatter = lw.ScatterProjection(space, {options})
scatter
"""
FRAME = 24
"""Pixels the map leaves free."""
FIRST = (0.35, -0.5)
"""How a cloud is turned at first, radians about the screen's axes to the right and up."""


class Stage:
    """A map with depth, as the test computes it."""

    def __init__(self, nb):
        self.nb = nb
        self.page = nb.page
        self.page.wait_for_timeout(500)
        self.xy = self.ask("scatter.projection.xy")
        self.look()

    def look(self, reach=1.0):
        self.box = self.page.locator(".lw-overlay").bounding_box()
        size = np.array([self.box["width"], self.box["height"]])
        self.scale = (size.min() - 2 * FRAME) / 2 / reach
        self.middle = np.array([self.box["x"], self.box["y"]]) + size / 2

    def ask(self, expression):
        code = f"print(json.dumps(np.asarray({expression}).tolist()))"
        return np.array(json.loads(self.nb.run(code)))

    def on_page(self, seen):
        return self.middle + self.scale * np.asarray(seen)[..., :2] * [1, -1]

    @property
    def cursor(self):
        return self.ask("scatter.transform(space.z)")

    def settle(self):
        self.page.wait_for_timeout(500)
        assert self.nb.run("space.wait()") == "True"

    def drag(self, start, *ends):
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        for end in ends:
            mouse.move(*end, steps=8)
        mouse.up()
        self.settle()

    def click(self, place):
        self.page.mouse.click(*place)
        self.settle()

    def close(self):
        assert self.nb.console_errors == []
        assert self.nb.requests_outside == []


def turned(right, up):
    """Rotate about an axis in the plane of the screen (Rodrigues)."""
    angle = np.hypot(right, up)
    x, y = (right / angle, up / angle) if angle else (1, 0)
    k = np.array([[0, 0, y], [0, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k


def inside(points, line):
    """Even-odd rule; None where a point is too near to the line to say."""
    a, b = np.array(line), np.roll(line, -1, axis=0)
    x, y = points[:, None, 0], points[:, None, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        across = (b[:, 0] - a[:, 0]) * (y - a[:, 1]) / (b[:, 1] - a[:, 1]) + a[:, 0]
    odd = (((a[:, 1] > y) != (b[:, 1] > y)) & (x < across)).sum(1) % 2 == 1
    t = ((points[:, None] - a) * (b - a)).sum(-1) / ((b - a) ** 2).sum(-1)
    nearest = a + np.clip(t, 0, 1)[..., None] * (b - a)
    far = np.linalg.norm(points[:, None] - nearest, axis=-1).min(1) > 2
    return odd, far


def test_a_cloud_turns_under_the_hand_and_its_cursor_keeps_its_depth(notebook):
    # A space with a third direction worth looking at, and a page that begins flat.
    nb = notebook([CELL.format(name="digits", options="method='pca'")], wait_for=".lw-chip")
    nb.page.get_by_role("radio", name="3-D").click()
    nb.page.get_by_role("radio", name="turn").wait_for()
    nb.page.get_by_text("pictures, regions and shading: on flat maps").wait_for()
    nb.page.get_by_text("drag beside them to turn").wait_for()
    nb.page.wait_for_timeout(1200)
    stage = Stage(nb)
    assert stage.xy.shape[1] == 3
    middle = (stage.xy.min(0) + stage.xy.max(0)) / 2
    reach = np.linalg.norm(stage.xy - middle, axis=1).max()
    stage.look(reach)
    axes = turned(*FIRST)
    # What is beside the points turns.
    corner = np.array([stage.box["x"] + 60, stage.box["y"] + 60])
    stage.drag(corner, corner + np.array([90, 50]))
    radius = reach * stage.scale
    axes = turned(50 / radius, 90 / radius) @ axes
    before = stage.cursor
    seen = axes @ (before - middle)
    start = stage.on_page(seen)
    stage.drag(start, start + np.array([70, -45]))
    wanted = middle + axes.T @ (seen + np.array([70 / stage.scale, 45 / stage.scale, 0]))
    np.testing.assert_allclose(stage.cursor, wanted, atol=0.02)
    assert abs(stage.cursor[2] - before[2]) > 0.1
    # A lasso holds what is inside it on the screen, near and far.
    page_xy = stage.on_page((stage.xy - middle) @ axes.T)
    centre = stage.middle
    line = centre + np.array([[-90, -80], [80, -60], [20, 10], [70, 90], [-60, 60]])
    stage.page.keyboard.down("Shift")
    stage.drag(line[0], *line[1:])
    stage.page.keyboard.up("Shift")
    chosen = np.isin(np.arange(len(stage.xy)), stage.ask("space.selection").astype(int))
    odd, sure = inside(page_xy, line)
    assert odd.sum() > 50
    np.testing.assert_array_equal(chosen[sure], odd[sure])
    # The foremost of the points under the pointer is meant.
    depth = ((stage.xy - middle) @ axes.T)[:, 2]
    row = int(depth.argmax())
    stage.click(page_xy[row])
    np.testing.assert_array_equal(stage.ask("space.z"), stage.ask(f"space.points[{row}]"))
    # Keys turn it too, and back; two clicks show it as at first.
    stage.page.locator(".lw-overlay").focus()
    pixels = "document.querySelector('.lw-points:not([hidden])').toDataURL()"
    first = stage.page.evaluate(pixels)
    stage.page.keyboard.press("Alt+ArrowRight")
    stage.settle()
    assert stage.page.evaluate(pixels) != first
    stage.page.get_by_role("radio", name="2-D").click()
    stage.page.get_by_role("radio", name="turn").wait_for(state="hidden")
    stage.page.get_by_text("on flat maps").wait_for(state="hidden")
    assert stage.ask("scatter.dim") == 2
    stage.close()


def test_the_cursor_moves_over_a_globe_and_round_its_rim(notebook):
    nb = notebook([CELL.format(name="digits_sphere", options="")], wait_for=".lw-chip")
    stage = Stage(nb)
    assert stage.nb.run("scatter.method") == "'sphere'"
    # At first the cursor is in the middle, and the third axis up.
    home = stage.cursor
    east = np.array([-home[1], home[0], 0]) / np.hypot(*home[:2])
    axes = np.array([east, np.cross(home, east), home])
    stage.drag(stage.middle, stage.middle + np.array([80, 40]))
    seen = np.array([80, -40]) / stage.scale
    wanted = np.append(seen, np.sqrt(1 - seen @ seen)) @ axes
    np.testing.assert_allclose(stage.cursor, wanted, atol=0.01)
    assert stage.ask("abs(space.geometry.project(space.z) - space.z).max()") < 1e-6
    # A third beyond the rim is a third within it, at the back.
    stage.drag(stage.middle + np.array([80, 40]), stage.middle + np.array([4 / 3 * stage.scale, 0]))
    wanted = np.array([2 / 3, 0, -np.sqrt(5) / 3]) @ axes
    np.testing.assert_allclose(stage.cursor, wanted, atol=0.02)
    # It turns under the hand; a click always means the front.
    corner = np.array([stage.box["x"] + 30, stage.box["y"] + 30])
    stage.drag(corner, corner + np.array([150, 0]))
    axes = turned(0, 150 / stage.scale) @ axes
    seen = stage.xy @ axes.T
    row = int(np.argmax(seen[:, 2]))
    stage.click(stage.on_page(seen[row]))
    np.testing.assert_array_equal(stage.ask("space.z"), stage.ask(f"space.points[{row}]"))
    stage.close()


def test_one_walks_over_the_disc_and_no_distance_changes(notebook):
    nb = notebook([CELL.format(name="tree", options="")], wait_for=".lw-map")
    stage = Stage(nb)
    assert stage.nb.run("scatter.method") == "'disc'"
    offered = nb.page.get_by_role("button", name="pictures")
    assert not offered.is_visible(), "a walk bends the squares that pictures lie in"
    c = float(stage.ask("space.geometry.c"))
    stage.look(1 / np.sqrt(c))
    stage.nb.run("from latent_widgets.geometry import PoincareBall; ball = PoincareBall(1.0)")
    unit = np.sqrt(c) * stage.xy

    def add(x, y):
        x, y = np.float64(x), np.float64(y)
        both, gap = x + y, 1 - (x * x).sum(-1, keepdims=True)
        bend = (both * both).sum(-1, keepdims=True)
        return (gap * both + bend * x) / (gap * (1 - (y * y).sum(-1, keepdims=True)) + bend)

    # Two rows with room around them: the one in the hand, and one that must follow.
    apart = np.linalg.norm(unit[:, None] - unit, axis=-1) + 9 * np.eye(len(unit))
    lonely = np.argsort(-(apart.min(1) * (np.linalg.norm(unit, axis=1) < 0.8)))
    held, other = (int(row) for row in lonely[:2])
    a, b = unit[held], np.array([0.1, -0.15])
    stage.drag(stage.on_page(a / np.sqrt(c)), stage.on_page(b / np.sqrt(c)))
    stage.click(stage.on_page(b / np.sqrt(c)))
    np.testing.assert_array_equal(stage.ask("space.z"), stage.ask(f"space.points[{held}]"))
    # The one translation that takes a to b turns nothing about the middle.
    ga, gb = 1 / (1 - a @ a), 1 / (1 - b @ b)
    shift = (gb * b - ga * a) / (ga + gb - 1)
    seen = add(shift, unit)
    np.testing.assert_allclose(seen[held], b, atol=1e-6)
    stage.click(stage.on_page(seen[other] / np.sqrt(c)))
    np.testing.assert_array_equal(stage.ask("space.z"), stage.ask(f"space.points[{other}]"))
    # Two clicks bring it to the middle, and leave the latent alone.
    stage.page.mouse.dblclick(*stage.on_page(seen[held] / np.sqrt(c)))
    stage.settle()
    np.testing.assert_array_equal(stage.ask("space.z"), stage.ask(f"space.points[{other}]"))
    stage.click(stage.middle)
    np.testing.assert_array_equal(stage.ask("space.z"), stage.ask(f"space.points[{held}]"))
    stage.page.get_by_role("button", name="whole map").click()
    stage.settle()
    stage.click(stage.on_page(stage.xy[other]))
    np.testing.assert_array_equal(stage.ask("space.z"), stage.ask(f"space.points[{other}]"))
    stage.close()
