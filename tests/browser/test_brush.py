"""Painting on the map in a real JupyterLab: a density, a batch from it, a line that is played."""

from __future__ import annotations

import json

import pytest
from lab import eventually

CELL = """
import json
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
scatter = lw.ScatterProjection(space, method="axes")
zs = []
space.observe(lambda change: zs.append(np.array(change.new)), "z")
scatter
"""
# How strongly one place of the drawing over the points is painted in the accent colour.
DARK = """([x, y]) => {
  const canvas = document.querySelector(".lw-overlay");
  const scale = canvas.width / canvas.clientWidth;
  const pixel = canvas.getContext("2d").getImageData(x * scale, y * scale, 1, 1);
  return pixel.data[3];
}"""


@pytest.fixture
def nb(notebook):
    opened = notebook([CELL], wait_for=".lw-scatter .lw-chip", height=1500)
    yield opened
    assert opened.console_errors == []
    assert opened.requests_outside == []


def ask(nb, expression):
    return json.loads(nb.run(f"print(json.dumps({expression}, default=lambda one: one.item()))"))


def comes(nb, expression, wanted=True):  # noqa: FBT002
    assert eventually(lambda: ask(nb, expression) == wanted, 20), ask(nb, expression)


def press(nb, name):
    nb.page.locator(".lw-brush-bar").get_by_role("button", name=name, exact=True).click()


def choose(nb, mode):
    nb.page.get_by_role("button", name="paint", exact=True).click()
    nb.page.locator(".lw-brush-bar").wait_for()
    if mode != "density":
        press(nb, mode)


SHARES = (0.3, 0.7)


def overlay(nb):
    return nb.page.locator(".lw-scatter .lw-overlay").bounding_box()


def place(nb, x, y):
    """Of the map's x and y in the page, which may have scrolled."""
    box, (near, far), shares = overlay(nb), nb.places, []
    for at, low, high in zip((x, y), near, far, strict=True):
        shares.append(SHARES[0] + (at - low) / (high - low) * (SHARES[1] - SHARES[0]))
    return [box["x"] + shares[0] * box["width"], box["y"] + shares[1] * box["height"]]


def measure(nb):
    """Learn how the map lies on the page, by two dabs that are wiped again."""
    for i, share in enumerate(SHARES):
        box = overlay(nb)
        nb.page.mouse.click(box["x"] + share * box["width"], box["y"] + share * box["height"])
        comes(nb, "len(scatter.dabs)", i + 1)
    nb.places = ask(nb, "scatter.dabs[:, :2].tolist()")
    press(nb, "wipe")
    comes(nb, "len(scatter.dabs)", 0)


def drag(nb, *places, lift=True):
    (x, y), *rest = [place(nb, *one) for one in places]
    nb.page.mouse.move(x, y)
    nb.page.mouse.down()
    for x, y in rest:
        nb.page.mouse.move(x, y, steps=6)
    if lift:
        nb.page.mouse.up()


def dark(nb, x, y):
    left, top = place(nb, x, y)
    box = overlay(nb)
    return nb.page.evaluate(DARK, [left - box["x"], top - box["y"]])


AROUND = [(1.7, 1.7), (2.3, 2.3), (1.7, 2.3)]


def test_a_painted_density_gives_a_labelled_batch_from_where_it_was_painted(nb):
    before = ask(nb, "space.z.tolist()")
    choose(nb, "density")
    measure(nb)
    assert dark(nb, 3.2, 1.2) == 0
    drag(nb, *AROUND)
    comes(nb, "len(scatter.dabs) > 3")
    tiles = nb.page.locator(".lw-brush-sheet button")
    assert eventually(lambda: [text[:5] for text in tiles.all_text_contents()] == ["high "] * 24)
    assert dark(nb, 2, 2) > 60
    painted = ask(nb, "len(scatter.dabs)")
    drag(nb, (3.2, 1.2))
    comes(nb, "len(scatter.dabs)", painted + 1)
    assert eventually(lambda: dark(nb, 3.2, 1.2) > 20)
    press(nb, "undo")
    comes(nb, "len(scatter.dabs)", painted)
    assert eventually(lambda: dark(nb, 3.2, 1.2) == 0)
    # A brush is no hand on the cursor.
    assert ask(nb, "space.z.tolist()") == before

    nb.run("batch = scatter.sample_batch(200, seed=3)")
    assert ask(nb, "sorted(batch.tensors())") == ["confidence", "images", "labels", "places", "z"]
    assert ask(nb, "list(batch.images.shape)") == [200, 1, 4, 4]
    assert ask(nb, "{batch.names[int(k)] for k in batch.labels} == {'high'}") is True
    reach = ask(nb, "float(scatter.dabs[0, 2])")
    lowest, highest = ask(nb, "[batch.z.min(0)[0].tolist(), batch.z.max(0)[0].tolist()]")
    assert min(lowest) >= 1.7 - reach - 0.1
    assert max(highest) <= 2.3 + reach + 0.1
    assert ask(nb, "np.allclose(scatter.transform(batch.z), batch.places, atol=1e-4)") is True
    picture, label = ask(nb, "[list(batch.dataset()[7][0].shape), int(batch.dataset()[7][1])]")
    assert (picture, label) == ([1, 4, 4], ask(nb, "int(batch.labels[7])"))

    tiles.nth(5).click()
    comes(nb, "bool((space.z > 1.2).all())")


def test_erasing_undoing_and_cancelling(nb):
    choose(nb, "density")
    measure(nb)
    drag(nb, *AROUND)
    comes(nb, "len(scatter.dabs) > 3")
    painted = ask(nb, "scatter.dabs.tolist()")
    press(nb, "erase")
    drag(nb, (2, 2), (2.01, 2))
    comes(nb, f"len(scatter.dabs) > {len(painted)} and float(scatter.dabs[-1, 3]) < 0")
    assert ask(nb, "float(scatter.brush_density.weight([2, 2]))") < ask(
        nb, f"float(scatter.brush_density.__class__(np.array({painted})).weight([2, 2]))"
    )
    nb.page.keyboard.press("Control+z")
    comes(nb, "scatter.dabs.tolist()", painted)

    # Escape in the middle: not even the page keeps what was drawn of the stroke.
    press(nb, "density")
    drag(nb, (-2, -2), (-1, -2), lift=False)
    assert eventually(lambda: dark(nb, -1.5, -2) > 0)
    nb.page.keyboard.press("Escape")
    assert eventually(lambda: dark(nb, -1.5, -2) == 0)
    x, y = place(nb, 0, -2)
    nb.page.mouse.move(x, y, steps=4)
    nb.page.mouse.up()
    assert dark(nb, -0.5, -2) == 0
    assert ask(nb, "scatter.dabs.tolist()") == painted
    assert nb.page.locator(".lw-brush-bar").is_visible()

    press(nb, "wipe")
    comes(nb, "len(scatter.dabs)", 0)
    nb.page.locator(".lw-brush-sheet").wait_for(state="hidden")
    press(nb, "undo")
    comes(nb, "scatter.dabs.tolist()", painted)
    nb.page.keyboard.press("Escape")
    nb.page.locator(".lw-brush-bar").wait_for(state="hidden")
    # A drag moves the map again, and paints no more.
    x, y = place(nb, -2, 2)
    nb.page.mouse.move(x, y)
    nb.page.mouse.down()
    nb.page.mouse.move(x + 40, y, steps=4)
    nb.page.mouse.up()
    assert ask(nb, "scatter.dabs.tolist()") == painted


def test_a_line_drawn_by_hand_is_played_and_z_goes_along_it(nb):
    choose(nb, "line")
    press(nb, "density")
    measure(nb)
    press(nb, "line")
    drag(nb, (-2, 1), (0, 1), (2, 1))
    comes(nb, "len(scatter.line) > 5")
    film = nb.page.locator(".lw-brush-film")
    film.locator("canvas").nth(11).wait_for()
    first, last = ask(nb, "scatter.line[[0, -1]].tolist()")
    assert [first, last] == [pytest.approx([-2, 1], abs=0.1), pytest.approx([2, 1], abs=0.1)]
    nb.run("zs.clear()")
    entries = ask(nb, "len(space.tape)")
    film.get_by_role("button", name="play").click()
    comes(nb, "len(zs) > 5 and max(z[0] for z in zs) - min(z[0] for z in zs) > 1")
    nb.page.locator(".lw-scatter .lw-overlay").focus()
    nb.page.keyboard.press("Escape")
    assert film.is_visible()
    assert nb.run("space.wait()") == "True"
    xs, ys = ask(nb, "[[float(z[k]) for z in zs] for k in (0, 1)]")
    assert all(abs(y - 1) < 0.15 for y in ys)
    assert min(xs) >= -2.1
    assert max(xs) <= 2.1
    # One play is one step back.
    assert ask(nb, "len(space.tape)") == entries + 1
    # At its end, dragged there by hand.
    box = film.locator(".lw-frames").bounding_box()
    nb.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    nb.page.mouse.down()
    nb.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=5)
    nb.page.mouse.up()
    comes(nb, "bool(np.abs(space.z - scatter.line[-1]).max() < 0.1)")

    # A second line cancelled in the middle leaves the first.
    line = ask(nb, "scatter.line.tolist()")
    drag(nb, (-2, -1), (0, -1), lift=False)
    assert eventually(lambda: dark(nb, -1, -1) > 0)
    nb.page.keyboard.press("Escape")
    nb.page.mouse.up()
    assert eventually(lambda: dark(nb, -1, -1) == 0)
    assert dark(nb, -1, 1) > 0
    assert ask(nb, "scatter.line.tolist()") == line
    for _ in range(3):
        press(nb, "undo")
    comes(nb, "len(scatter.line)", 0)
    film.wait_for(state="hidden")
