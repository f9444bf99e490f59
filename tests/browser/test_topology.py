"""Topology in a real JupyterLab: a hole is clicked, walked around and played."""

import json

from lab import eventually

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

angle = np.arange(30) / 30 * 2 * np.pi
space = lw.LatentSpace(Lamps(), points=np.stack([np.cos(angle), np.sin(angle)], 1))
topology = lw.TopologyPanel(space)
display(lw.ScatterProjection(space), topology)
"""
HERE = "print(json.dumps([space.z.tolist(), topology.film.at(topology.film.t).tolist()]))"


def apart(opened):
    z, film = json.loads(opened.run(HERE))
    return max(abs(a - b) for a, b in zip(z, film, strict=True))


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_hole_is_clicked_and_its_film_scrubbed_and_played(notebook):
    opened = notebook([CELL], height=1700, wait_for=".lw-topology .bargroup")
    page = opened.page
    panel = page.locator(".lw-topology")
    assert opened.run("topology.wait()") == "True"
    panel.get_by_text("all 30 rows, exact").wait_for()
    panel.get_by_text("Click a bar or a dot").wait_for()
    # The barcode: 16 components and one hole, the last.
    bars = panel.locator(".bargroup")
    assert bars.count() == 17
    page.mouse.click(*middle(bars.nth(16)))
    panel.get_by_text("A loop of 30 rows that goes around a hole").wait_for()
    assert opened.run("topology.bar") == "(1, 0)"
    assert opened.run("list(space.overlays)") == "['rips', 'cycle']"
    panel.get_by_role("button", name="select these rows").click()
    page.get_by_text("30 selected").wait_for()
    assert opened.run("topology.bar, len(space.selection)") == "((1, 0), 30)"
    frames = panel.locator(".lw-frames canvas")
    frames.nth(23).wait_for()

    box = panel.locator(".lw-frames").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 5, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, y, steps=6)
    page.mouse.up()
    page.wait_for_function("document.querySelector('.lw-film .lw-small').textContent === 't 0.50'")
    assert eventually(lambda: apart(opened) < 1e-6)
    z, _ = json.loads(opened.run(HERE))
    assert 0.99 < sum(value**2 for value in z) < 1.01

    # Round and round: it comes past its beginning.
    panel.get_by_role("button", name="play", exact=True).click()
    page.wait_for_function(
        "Number(document.querySelector('.lw-film input[type=range]').value) < 0.3", timeout=10_000
    )
    panel.get_by_role("button", name="pause", exact=True).click()

    # A dot of the diagram: the bridge of a component, which is no loop.
    page.mouse.click(*middle(panel.locator(".dot").nth(1)))
    panel.get_by_text("The bridge that joins").wait_for()
    assert opened.run("topology.film.closed, len(topology.film.latents)") == "(False, 2)"

    slider = panel.locator(".noUi-handle")
    slider.focus()
    for _ in range(40):
        slider.press("ArrowRight")
    panel.get_by_text("β₁ = 1 hole; 30 edges").wait_for()
    assert opened.console_errors == []
    assert opened.requests_outside == []
