"""Arithmetic in a real JupyterLab: typed, dragged, kept, chained, compared and undone."""

import json
import re

import numpy as np
from lab import eventually

CELL = """
import json
import numpy as np, torch
import latent_widgets as lw
from torch import nn

class Lamps(nn.Module):
    "Twelve lamps in a ring: those near z are lit."
    latent_dim = 2
    def decode(self, z):
        angle = torch.arange(12) / 12 * 2 * torch.pi
        lamps = torch.stack([angle.cos(), angle.sin()], 1)
        return torch.sigmoid(4 * z @ lamps.T).reshape(-1, 1, 3, 4)

rows = np.random.default_rng(0).normal(size=(40, 2))
space = lw.LatentSpace(Lamps(), points=rows, factors={"glasses": ["glasses", "none"] * 20})
space.add_direction("smile", [1, 1])
panel = lw.ArithmeticPanel(space, advanced=True)
panel
"""
PIXELS = """() => [...document.querySelector(".lw-sum canvas").getContext("2d")
  .getImageData(0, 0, 4, 3).data].filter((_, i) => i % 4 === 0)"""


def test_a_sum_is_typed_dragged_kept_chained_compared_and_undone(notebook):  # noqa: PLR0915
    opened = notebook([CELL], height=1200, wait_for=".lw-formula input")
    page = opened.page
    panel = page.locator(".lw-arithmetic")
    line = panel.get_by_label("The sum as text")

    def ask(code):
        return np.array(json.loads(opened.run(f"print(json.dumps(np.asarray({code}).tolist()))")))

    def shows(z):
        # The page decodes what Python works out.
        expected = ask(f"space.decode(np.float32({z.tolist()})[None])[0, 0].cpu().numpy() * 255")
        for _ in range(40):
            found = np.array(page.evaluate(PIXELS)).reshape(3, 4)
            if np.abs(found - expected).max() < 2:
                return
            page.wait_for_timeout(100)
        raise AssertionError((found, expected))

    # A mistake is underlined where it is, and the nearest name is told.
    line.fill('z("row 12") + 0.8*smle - glasses')
    panel.get_by_text("nothing here is called 'smle': did you mean 'smile'?").wait_for()
    assert panel.locator(".lw-mirror span").inner_text() == "smle"
    mirror = panel.locator(".lw-mirror span").bounding_box()
    box = line.bounding_box()
    assert box["y"] <= mirror["y"]
    assert mirror["y"] + mirror["height"] <= box["y"] + box["height"]
    assert opened.run("panel.expression") == "''"

    # Put right, it fills the chips.
    line.fill('z("row 12") + 0.8*smile - glasses')
    page.wait_for_function("() => document.querySelectorAll('.lw-term').length === 3")
    panel.locator(".lw-term.lw-way").wait_for()
    assert panel.locator(".lw-problem").inner_text() == ""
    shows(ask("""space.evaluate('z("row 12") + 0.8*smile - glasses')"""))

    # A strength is dragged: the picture and the text follow.
    slider = panel.get_by_label("Strength of term 2").first
    before = page.evaluate(PIXELS)
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2, steps=8)
    page.wait_for_function(
        f"(old) => JSON.stringify(({PIXELS})()) !== JSON.stringify(old)", arg=before
    )
    assert "*smile" in line.input_value()
    page.mouse.up()
    told = "print(json.dumps(panel.expression))"
    far = re.compile(r" - (1\.9\d*|2)\*smile")
    assert eventually(lambda: bool(far.search(line.input_value()))), line.input_value()
    assert eventually(lambda: line.input_value() == json.loads(opened.run(told)))
    shows(ask("panel.result"))

    # One press takes the drag back.
    panel.get_by_role("button", name="undo sum", exact=True).click()
    number = '.lw-term:nth-child(2) input[aria-label^="Strength"][type=number]'
    page.wait_for_function("name => document.querySelector(name).value === '0.8'", arg=number)
    assert opened.run("panel.expression") == """'z("row 12") + 0.8*smile - glasses'"""

    # A result is kept and used in the next sum.
    first = ask("panel.result")
    panel.get_by_label("Name of the result").fill("first")
    panel.get_by_role("button", name="keep result").click()
    panel.get_by_role("button", name="Forget first").wait_for()
    line.fill("0.5*first + 0.5*row(3)")
    page.wait_for_function("() => document.querySelectorAll('.lw-term').length === 2")
    chained = (first + ask("space.points[3]")) / 2
    np.testing.assert_allclose(ask("panel.result"), chained, atol=1e-5)
    shows(chained)

    # Three slots make an analogy, which becomes the sum.
    for i, label in enumerate("abc"):
        panel.get_by_label(f"Fill {label} from").select_option(label="a row…")
        panel.get_by_label(f"Row for {label}").fill(str(i + 5))
        told = f"panel.analogy[{i}]['name'] == 'row {i + 5}'"
        assert eventually(lambda told=told: opened.run(told) == "True")
    panel.get_by_role("button", name="use as the sum").click()
    page.wait_for_function("() => document.querySelectorAll('.lw-term').length === 3")
    expected = ask("space.points[7] + space.points[6] - space.points[5]")
    np.testing.assert_allclose(ask("panel.result"), expected, atol=1e-5)
    shows(expected)
    assert opened.console_errors == []
