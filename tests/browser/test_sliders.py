"""The sliders in a real JupyterLab: hand, keys, numbers, locks, and very many of them."""

from __future__ import annotations

import json

import pytest

CELL = """
import json
import latent_widgets as lw
space = lw.LatentSpace("faces")
sliders = lw.LatentSliders(space)
top = sliders.order[0]
sliders
"""
MANY = """
import numpy as np
import torch
import latent_widgets as lw

class Grey:
    def decode(self, z):
        return torch.sigmoid(z[:, :1, None, None]).expand(-1, 1, 8, 8)

points = np.random.default_rng(0).normal(size=(500, 512)) * np.linspace(0.01, 1, 512)
space = lw.LatentSpace(Grey(), points=points, logvar=np.zeros((500, 512)))
sliders = lw.LatentSliders(space)
sliders
"""


class Desk:
    """One panel of sliders and its kernel."""

    def __init__(self, notebook):
        self.notebook = notebook
        self.page = notebook.page
        self.panel = self.page.locator(".lw-sliders")

    def ask(self, expression):
        return json.loads(self.notebook.run(f"import json; print(json.dumps({expression}))"))

    def until(self, expression):
        """Wait until the kernel agrees."""
        for _ in range(50):
            if self.ask(f"bool({expression})"):
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"never true: {expression}")

    def slider(self, dim):
        return self.panel.locator(f"[data-dim='{dim}'] input[type=range]")

    def number(self, dim):
        return self.panel.locator(f"[data-dim='{dim}'] input[type=number]")

    def press(self, name):
        self.panel.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def desk(notebook):
    return Desk(notebook([CELL], wait_for=".lw-slider"))


def test_keys_step_and_home_leads_back(desk):
    top = desk.ask("top")
    slider = desk.slider(top)
    width = desk.ask("float(space.data.spread()[1][top] - space.data.spread()[0][top])")
    slider.press("ArrowRight")
    slider.press("Shift+ArrowUp")
    desk.until(f"abs(space.z[top] - space.home[top] - 0.11 * {width}) < 1e-4")
    slider.press("Control+z")
    desk.until(f"abs(space.z[top] - space.home[top] - 0.01 * {width}) < 1e-4")
    slider.press("Home")
    desk.until("space.z[top] == space.home[top]")
    assert desk.notebook.console_errors == []


def test_a_typed_number_may_lie_outside_and_is_one_step(desk):
    top = desk.ask("top")
    number = desk.number(top)
    number.focus()
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.type("12.5")
    desk.until("space.z[top] == 12.5")
    assert number.input_value() == "12.5"
    slider = desk.slider(top)
    assert float(slider.input_value()) == pytest.approx(float(slider.get_attribute("max")))
    number.fill("")
    number.blur()
    assert number.input_value() == "12.50"
    slider.press("Control+z")
    desk.until("space.z[top] == space.home[top]")
    assert desk.notebook.console_errors == []


def test_a_locked_dimension_stays_and_python_hears_of_it(desk):
    top = desk.ask("top")
    desk.notebook.run("space.z = [0.5] * space.latent_dim")
    desk.panel.locator(f"[data-dim='{top}'] button.lw-lock").click()
    desk.until("sliders.locked == [top]")
    assert desk.slider(top).is_disabled()
    desk.press("random")
    desk.until("space.z[top] == 0.5 and (space.z == 0.5).sum() == 1")
    desk.press("reset")
    desk.until("space.z[top] == 0.5 and (space.z != space.home).sum() == 1")
    desk.notebook.run("sliders.locked = []")
    desk.panel.locator(".lw-locked").wait_for(state="detached")
    desk.slider(top).dblclick()
    desk.until("space.z[top] == space.home[top]")
    assert desk.notebook.console_errors == []


def test_of_very_many_only_those_in_view_are_there(notebook):
    desk = Desk(notebook([MANY], wait_for=".lw-slider"))
    rows = desk.panel.locator(".lw-slider")
    assert rows.count() == 8
    assert rows.first.get_attribute("data-dim") == str(desk.ask("sliders.order[0]"))
    desk.press("show all 512")
    desk.until("sliders.shown == 512")
    assert rows.count() < 40
    desk.panel.locator(".lw-list").evaluate("(list) => { list.scrollTop = list.scrollHeight; }")
    desk.panel.locator(f"[data-dim='{desk.ask('sliders.order[-1]')}']").wait_for()
    assert rows.count() < 40
    desk.press("active only")
    desk.until("sliders.active_only")
    active = desk.ask("int((space.data.kl() >= 0.05).sum())")
    desk.panel.get_by_text(f"{active} of {active}", exact=True).wait_for()
    desk.panel.get_by_role("searchbox").fill("3, 100-102")
    desk.panel.get_by_text("4 of 512", exact=True).wait_for()
    desk.number(3).fill("1.5")
    desk.until("space.z[3] == 1.5")
    assert desk.notebook.console_errors == []


def test_shift_enter_goes_on_with_the_notebook(notebook):
    desk = Desk(notebook([CELL, "ran = True"], wait_for=".lw-slider"))
    desk.notebook.run("ran = False")
    desk.slider(desk.ask("top")).press("ArrowRight")
    # Once for the cell of the slider itself, which stays where it is, and once for the next.
    for _ in range(2):
        desk.page.keyboard.press("Shift+Enter")
        desk.page.wait_for_timeout(500)
    desk.until("ran")
    assert desk.notebook.console_errors == []
