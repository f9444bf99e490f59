"""The tape in a real JupyterLab: what hands do in panels is a line each, and is taken back."""

from lab import eventually

CELL = """
import torch
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

rows = torch.randn(40, 2, generator=torch.Generator().manual_seed(0))
space = lw.LatentSpace(Lamps(), points=rows)
tape, panel = lw.TapePanel(space), lw.ArithmeticPanel(space, advanced=True)
display(tape, panel, lw.SampleSheet(space, n=4))
"""
LINES = ".lw-tape .lw-lines li"
WEIGHT = '.lw-term:nth-child(2) input[aria-label^="Strength"][type=number]'


def test_each_gesture_is_a_line_and_is_taken_back(notebook):
    opened = notebook([CELL], height=1500, wait_for=".lw-samples canvas")
    page = opened.page
    tape, panel = page.locator(".lw-tape"), page.locator(".lw-arithmetic")

    def has(count):
        page.wait_for_function(
            "([at, n]) => document.querySelectorAll(at).length === n + 1", arg=[LINES, count]
        )
        return page.locator(LINES).last.inner_text()

    def press(name):
        tape.get_by_role("button", name=name, exact=True).click()

    # However many letters are typed, it is one line.
    line = panel.get_by_label("The sum as text")
    line.press_sequentially("row(3) - row(7)")
    has(1)
    assert eventually(lambda: opened.run("panel.expression") == "'row(3) - row(7)'")

    # A drag is one, with z that follows it.
    box = panel.get_by_label("Strength of term 2").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 8, box["y"] + box["height"] / 2, steps=20)
    page.mouse.up()
    weight = page.input_value(WEIGHT)
    page.wait_for_function(
        "([at, text]) => [...document.querySelectorAll(at)].at(-1).textContent.includes(text)",
        arg=[LINES, f"""'z("row 3") + {weight}*z("row 7")'"""],
    )
    assert has(2).startswith("space.z = [")

    # A star is one.
    page.locator(".lw-samples").get_by_role("button", name="keep", exact=True).first.click()
    assert has(3).startswith("space.favourites = [[")
    page.locator(".lw-samples .lw-kept").wait_for()
    assert opened.run("len(space.tape)") == "3"

    # Undone and done again, every view follows.
    press("undo")
    page.locator(".lw-samples .lw-kept").wait_for(state="hidden")
    press("undo")
    page.wait_for_function("name => document.querySelector(name).value === '-1'", arg=WEIGHT)
    assert opened.run("bool((space.z == space.home).all())") == "True"
    press("redo")
    page.wait_for_function(
        "([name, value]) => document.querySelector(name).value === value", arg=[WEIGHT, weight]
    )
    press("redo")
    page.locator(".lw-samples .lw-kept").wait_for()
    assert opened.run("(len(space.tape), space.tape.at)") == "(3, 3)"
    assert opened.console_errors == []
