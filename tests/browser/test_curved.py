"""Explorers on spheres, in balls and over latents that are pictures, in a real JupyterLab."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

import latent_widgets as lw

TOY = """
import json
import numpy as np
import torch
import latent_widgets as lw
from latent_widgets.geometry import Hypersphere, PoincareBall

class Toy(torch.nn.Module):
    def __init__(self, d):
        super().__init__()
        torch.manual_seed(0)
        self.lift = torch.nn.Linear(d, 256)

    def decode(self, z):
        return torch.sigmoid(4 * self.lift(z)).reshape(-1, 1, 16, 16)
"""
CURVED = """
points = geometry.random(200, d, torch.Generator().manual_seed(0))
space = lw.LatentSpace(Toy(d), points=points, geometry=geometry, device="cpu", engine=engine)
explorer = lw.LatentExplorer(space)
explorer
"""
SPATIAL = """
class Pictures(torch.nn.Module):
    latent_shape = (4, 16, 16)

    def encode(self, x):
        return torch.nn.functional.avg_pool2d(x, 4).repeat(1, 2, 1, 1)[:, :4] * 2 - 1

    def decode(self, z):
        return torch.nn.functional.interpolate(z[:, :3].sigmoid(), scale_factor=4)

images = torch.rand(20, 3, 64, 64, generator=torch.Generator().manual_seed(0))
space = lw.LatentSpace(Pictures(), images, device="cpu")
explorer = lw.LatentExplorer(space)
explorer
"""
PIXELS = """() => {
  const canvas = document.querySelector(".lw-viewer canvas.lw-picture");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return [...data].filter((_, i) => i % 4 === 0);
}"""
FRESH = "lw.codec.to_uint8(space.decode(space.z))[0, ..., 0].ravel()"
TURN = """(side) => {
  const value = side === "away";
  Object.defineProperty(document, "hidden", { value, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class Desk:
    """One explorer, its kernel, and hands."""

    def __init__(self, notebook):
        self.notebook = notebook
        self.page = notebook.page
        self.page.wait_for_function(
            "() => document.querySelector('.lw-viewer canvas.lw-picture')?.width > 1"
        )

    def ask(self, expression):
        code = f"print(json.dumps(np.asarray({expression}).tolist()))"
        return np.array(json.loads(self.notebook.run(code)))

    def until(self, expression):
        """Wait until the kernel agrees."""
        for _ in range(60):
            if self.ask(f"bool({expression})"):
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"never true: {expression}")

    def rest(self):
        """Wait until z stays and the picture is a fresh decode of it; gives z."""
        before = None
        for _ in range(30):
            # The page says where a hand rests 120 ms after its last move; what the kernel heard
            # before that may have its picture on the page for a moment too.
            self.page.wait_for_timeout(250)
            z = self.ask("space.z")
            stays = before is not None and np.array_equal(z, before)
            if stays and self.page.evaluate(PIXELS) == self.ask(FRESH).tolist():
                return z
            before = z
        pytest.fail("the picture is not a fresh decode of space.z")

    def shown(self, dim):
        box = self.page.locator(f".lw-sliders [data-dim='{dim}'] input[type=number]")
        return float(box.input_value())

    def slide(self, dim, *shares):
        """Take the slider in hand where it stands and lead it to shares of its length, in turn."""
        slider = self.page.locator(f".lw-sliders [data-dim='{dim}'] input[type=range]")
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        low, high, now = (
            float(slider.evaluate(f"(each) => each.{name}")) for name in ("min", "max", "value")
        )
        y = box["y"] + box["height"] / 2
        at = (now - low) / (high - low)
        places = [box["x"] + share * box["width"] for share in (at, *shares)]
        self.page.mouse.move(places[0], y)
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(place, y, steps=8)
        self.page.mouse.up()

    def places(self):
        """Where the cursor is on the screen, and pixels per unit of a map that shows a disk."""
        box = self.page.locator(".lw-scatter canvas.lw-overlay").bounding_box()
        reach = min(box["width"], box["height"]) / 2 - 24
        scale = reach / float(self.ask("geometry.reach"))
        middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
        return middle + scale * self.seen() * [1, -1], scale

    def seen(self):
        """Find z on the map, from the middle of the disk."""
        shown = "explorer.scatter.projection.transform"
        return self.ask(f"{shown}(space.z) - {shown}(0 * space.z)")

    def close(self):
        assert self.notebook.console_errors == []


def start(notebook, *lines, **options):
    return Desk(notebook(["\n".join(lines)], height=1500, wait_for=".lw-slider", **options))


@pytest.mark.parametrize("engine", ["browser", "kernel"])
def test_sliders_and_locks_keep_to_the_sphere(notebook, engine):
    setting = f"geometry, d, engine = Hypersphere(), 4, {engine!r}"
    desk = start(notebook, TOY, setting, CURVED)
    home = desk.rest()
    desk.slide(0, 0.8)
    z = desk.rest()
    assert abs(z[0] - home[0]) > 0.2
    # The others give way, in their proportions, and show it.
    np.testing.assert_allclose(np.linalg.norm(z), 1, atol=1e-6)
    np.testing.assert_allclose(z[1:] * home[1], home[1:] * z[1], atol=1e-5)
    assert np.abs(z[1:] - home[1:]).max() > 0.01
    np.testing.assert_allclose([desk.shown(dim) for dim in range(4)], z, atol=0.0051)
    # What a drag to the very end takes away it gives back.
    desk.slide(1, 1, 0, 0.5)
    back = desk.rest()
    others = np.array([0, 2, 3])
    share = np.linalg.norm(back[others]) / np.linalg.norm(z[others])
    np.testing.assert_allclose(back[others], share * z[others], atol=1e-5)
    # What is locked stays, to the bit.
    desk.page.locator(".lw-sliders [data-dim='2'] button.lw-lock").click()
    desk.until("explorer.sliders.locked == [2]")
    desk.slide(3, 0.9)
    slid = desk.rest()
    desk.page.get_by_role("button", name="random", exact=True).first.click()
    desk.until(f"space.z[0] != {slid[0]!r}")
    drawn = desk.rest()
    for each in (slid, drawn):
        assert each[2] == back[2]
        np.testing.assert_allclose(np.linalg.norm(each), 1, atol=1e-6)
    # A drag is one step, however it wound.
    for step in (slid, back, z):
        desk.page.get_by_role("button", name="undo", exact=True).click()
        desk.until(f"abs(space.z - np.array({step.tolist()})).max() < 1e-6")
    desk.rest()
    desk.close()


@pytest.mark.parametrize(
    "setting", ["Hypersphere(), 3", "PoincareBall(), 2"], ids=["sphere", "ball"]
)
def test_the_cursor_is_under_the_hand_and_the_strip_on_the_shortest_path(notebook, setting):
    desk = start(notebook, TOY, f"geometry, d = {setting}; engine = 'auto'", CURVED)
    # A sphere from the side, as a linear map shows it; its globe has tests of its own.
    desk.notebook.run("if d == 3: explorer.scatter.method = 'axes'")
    desk.rest()
    place, scale = desk.places()
    desk.page.mouse.move(*place)
    desk.page.mouse.down()
    middle = place - scale * desk.seen() * [1, -1]
    target = middle + scale * np.array([0.3, -0.4])
    desk.page.mouse.move(*target, steps=12)
    desk.page.mouse.up()
    desk.rest()
    moved, _ = desk.places()
    np.testing.assert_allclose(moved, target, atol=1.5)
    assert desk.ask("abs(geometry.project(space.z) - space.z).max()") < 1e-6
    # Far outside there is nothing: the cursor waits at the rim.
    desk.page.mouse.move(*moved)
    desk.page.mouse.down()
    desk.page.mouse.move(moved[0] + 3 * scale, moved[1], steps=12)
    desk.page.mouse.up()
    z = desk.rest()
    assert desk.ask("abs(geometry.project(space.z) - space.z).max()") < 1e-6
    if len(z) == 2:
        assert np.linalg.norm(z) > 0.98
    # The strip takes the geodesic, in the page as in Python.
    scrub = desk.page.locator(".lw-strip input[type=range]").first
    scrub.press("End")
    scrub.press("Shift+ArrowLeft")
    desk.until("abs(explorer.strip.t - 0.9) < 1e-6")
    z = desk.rest()
    np.testing.assert_allclose(z, desk.ask("explorer.strip.at(0.9)"), atol=1e-5)
    ratio = desk.ask(
        "geometry.distance(explorer.strip.a, space.z)"
        " / geometry.distance(explorer.strip.a, explorer.strip.b)"
    )
    assert ratio == pytest.approx(0.9, abs=1e-3)
    desk.close()


def test_channels_and_regions_come_first_and_are_found_by_name(notebook):
    desk = start(notebook, TOY, SPATIAL)
    rows = desk.page.locator(".lw-slider")
    assert [rows.nth(i).locator(".lw-name").inner_text() for i in range(4)] == [
        f"channel {i}" for i in range(4)
    ]
    assert rows.count() < 40
    search = desk.page.locator(".lw-sliders input[type=search]")
    search.fill("channel 2")
    desk.page.get_by_text("17 of 1092", exact=True).wait_for()
    search.fill("1000-1030")
    desk.page.get_by_text("24 of 1092", exact=True).wait_for()
    search.fill("channel 1, row 1, column 1")
    before = desk.rest()
    desk.slide(1024 + 4 + 16, 0.8)
    after = desk.rest()
    moved = np.flatnonzero(np.abs(after - before) > 1e-6).tolist()
    assert moved == [256 + 16 * row + column for row in range(4) for column in range(4)]
    shift = (after - before)[moved]
    np.testing.assert_allclose(shift, shift[0], atol=1e-5)
    desk.close()


def test_a_page_in_the_background_rests_and_goes_on(notebook):
    desk = start(notebook, TOY, "geometry, d, engine = Hypersphere(), 3, 'browser'", CURVED)
    desk.rest()
    frames = desk.page.locator(".lw-frames canvas")
    assert frames.count() == 11
    desk.page.locator(".lw-strip").get_by_role("button", name="play", exact=True).click()
    desk.until("explorer.strip.t > 0.1")
    desk.page.evaluate(TURN, "away")
    desk.page.wait_for_timeout(500)
    t = desk.ask("explorer.strip.t")
    desk.notebook.run("explorer.strip.n = 7")
    desk.page.wait_for_timeout(500)
    assert desk.ask("explorer.strip.t") == t
    assert frames.count() == 11
    assert desk.ask("explorer.strip.playing")
    desk.page.evaluate(TURN, "back")
    desk.page.wait_for_function("() => document.querySelectorAll('.lw-frames canvas').length === 7")
    desk.until(f"explorer.strip.t != {t}")
    desk.page.locator(".lw-strip").get_by_role("button", name="pause", exact=True).click()
    desk.rest()
    desk.close()


def test_a_saved_page_keeps_to_the_sphere_without_python(chromium, tmp_path):
    torch.manual_seed(0)
    model = lw.models.SphericalVAE((1, 16, 16), 3, channels=(4, 4), hidden=8)
    points = model.geometry.random(60, 3, torch.Generator().manual_seed(0))
    space = lw.LatentSpace(model, points=points, device="cpu")
    explorer = lw.LatentExplorer(space)
    file = explorer.save_html(tmp_path / "sphere.html")
    complaints = []
    context = chromium.browser.new_context(offline=True)
    page = context.new_page()
    page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    page.get_by_text("Live:").wait_for()

    def now():
        z = page.evaluate("() => [...document.querySelector('.lw-root').space.z]")
        np.testing.assert_allclose(np.linalg.norm(z), 1, atol=1e-6)
        return np.array(z, np.float32)

    np.testing.assert_array_equal(now(), space.z)
    slider = page.locator(".lw-sliders input[type=range]").first
    slider.press("Shift+ArrowLeft")
    slid = now()
    assert (slid != space.z).all()
    page.get_by_role("button", name="random", exact=True).first.click()
    page.wait_for_timeout(200)
    assert (now() != slid).all()
    page.locator(".lw-strip input[type=range]").first.press("Shift+ArrowRight")
    np.testing.assert_allclose(now(), explorer.strip.at(0.1), atol=1e-6)
    wanted = lw.codec.to_uint8(space.decode(now()))[0, ..., 0].ravel().astype(int)
    for _ in range(50):
        if np.abs(np.array(page.evaluate(PIXELS)) - wanted).max() <= 1:
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail("the picture is no decode of z")
    assert complaints == []
    context.close()
    explorer.close()
    space.close()
