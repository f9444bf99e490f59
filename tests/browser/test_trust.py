"""Two maps and the panel that judges one of them, in a real JupyterLab."""

from __future__ import annotations

import json

import numpy as np
import pytest

CELLS = [
    """
import json
import numpy as np
import latent_widgets as lw

space = lw.LatentSpace("digits")
pair = lw.ProjectionPair(space, "pca", {"method": "axes", "axes": [0, 1]})
pair
""",
    """
trust = lw.TrustPanel(space, pair.right)
trust
""",
]
FRAME = 24
"""Pixels a map leaves free around the points."""
INK = """(canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const near = (i, r, g, b) => Math.abs(data[i] - r) + Math.abs(data[i + 1] - g)
    + Math.abs(data[i + 2] - b) < 60 && data[i + 3] > 128;
  let [green, orange] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    if (near(i, 0, 158, 115)) green += 1;
    if (near(i, 213, 94, 0)) orange += 1;
  }
  return [green, orange];
}"""

# The pixels around a place, in a word.
AROUND = """(canvas, x, y) => {
  const ratio = canvas.width / canvas.clientWidth;
  const pen = canvas.getContext("2d");
  return pen.getImageData(ratio * (x - 14), ratio * (y - 14), 28 * ratio, 28 * ratio).data.join();
}"""


@pytest.fixture
def nb(notebook):
    opened = notebook(CELLS, wait_for=".lw-trust .lw-figures li", height=1150)
    assert opened.run("pair.wait(30) and trust.wait(30)") == "True"
    opened.page.wait_for_selector(".lw-pair .lw-quality:not(:empty)")
    opened.page.wait_for_timeout(300)
    yield opened
    assert opened.console_errors == []
    assert opened.requests_outside == []


def ask(nb, expression):
    return json.loads(nb.run(f"print(json.dumps(np.asarray({expression}).tolist()))"))


def place(nb, side, row):
    """Where a row of a map lies on the page, in pixels."""
    box = nb.page.locator(".lw-pair .lw-overlay").nth(side).bounding_box()
    xy = np.array(ask(nb, f"pair.maps[{side}].projection.xy"))
    low, high = xy.min(0), xy.max(0)
    size = np.array([box["width"], box["height"]])
    scale = ((size - 2 * FRAME) / (high - low)).min()
    middle = np.array([box["x"], box["y"]]) + size / 2
    return middle + (xy[row] - (low + high) / 2) * scale * [1, -1]


def test_a_click_on_one_map_joins_the_row_to_its_neighbours_on_both(nb):
    page = nb.page
    # The row that lies farthest out is under no other.
    row = int(np.argmax(np.abs(ask(nb, "pair.left.projection.xy"))[:, 1]))
    page.mouse.click(*place(nb, 0, row))
    page.wait_for_function(
        "says => document.querySelector('.lw-says').textContent.startsWith(says)",
        arg=f"Row {row}, the nearest to z: ",
    )
    nb.run(f"space.selection = [{row}]")
    page.wait_for_function(
        "says => document.querySelector('.lw-says').textContent.startsWith(says)",
        arg=f"Row {row}: ",
    )
    assert page.get_by_text("1 selected").count() == 2, "both maps know of it"
    page.wait_for_timeout(400)
    for side in (0, 1):
        green, orange = page.locator(".lw-pair .lw-overlay").nth(side).evaluate(INK)
        assert green > 30, "the true neighbours are joined"
        # On the map that is judged they lie right beside the row, under the cursor.
        assert side or orange > 30, "so are the false ones"
    page.get_by_label("join").uncheck()
    page.wait_for_function("() => !document.querySelector('.lw-says').textContent")
    page.wait_for_timeout(400)
    for side in (0, 1):
        assert max(page.locator(".lw-pair .lw-overlay").nth(side).evaluate(INK)) < 5
    assert ask(nb, "space.overlays == {}")


def test_the_row_under_the_pointer_of_one_map_is_ringed_on_the_other(nb):
    page = nb.page
    row = int(np.argmax(np.abs(ask(nb, "pair.left.projection.xy"))[:, 1]))
    canvas = page.locator(".lw-pair .lw-overlay").nth(1)
    box = canvas.bounding_box()
    at = place(nb, 1, row) - [box["x"], box["y"]]
    read = f"canvas => ({AROUND})(canvas, {at[0]}, {at[1]})"
    before = canvas.evaluate(read)
    seen = "([canvas, before]) => (READ)(canvas) !== before".replace("READ", read)
    again = seen.replace("!==", "===")
    page.mouse.move(*place(nb, 0, row))
    page.wait_for_function(seen, arg=[canvas.element_handle(), before])
    page.mouse.move(2, 2)
    page.wait_for_function(again, arg=[canvas.element_handle(), before])


def test_figures_follow_the_count_and_colours_come_by_a_button(nb):
    page = nb.page
    said = page.locator(".lw-quality").all_text_contents()
    assert said == ask(nb, "pair.figures")
    assert page.locator(".lw-trust .lw-figures li").count() == 5
    before = page.locator(".lw-trust .lw-value").all_text_contents()
    page.get_by_label("neighbours", exact=True).fill("40")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.querySelector('.lw-trust header').textContent.includes('40 neighbours')"
    )
    assert page.locator(".lw-trust .lw-value").all_text_contents() != before
    page.get_by_role("button", name="colour by distortion").click()
    page.wait_for_function(
        "() => document.querySelectorAll('.lw-pair select[aria-label]')"
        ".length && [...document.querySelectorAll('.lw-pair select')]"
        ".some((one) => one.value === 'distortion')"
    )
    assert ask(nb, "pair.right.color") == "distortion"
    assert ask(nb, "pair.left.color") == "label"
    column = "space.data.columns[-1]"
    assert ask(nb, f"{column}.name") == "distortion"
    np.testing.assert_allclose(
        ask(nb, f"{column}.values.mean()"), 1 - ask(nb, "trust.quality.trustworthiness"), atol=1e-4
    )
