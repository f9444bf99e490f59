"""Marks on pictures off the data, and the tape, in a real JupyterLab."""

from __future__ import annotations

import json
import os

import pytest
from lab import eventually

CELLS = [
    """
import numpy as np
import latent_widgets as lw

space = lw.LatentSpace("faces")
viewer = lw.LatentViewer(space)
viewer
""",
    """
strip = lw.InterpolationStrip(space, n=7, a=space.points[3], b=np.full(19, 2.6))
strip
""",
    """
tape = lw.TapePanel(space)
tape
""",
]
SHOTS = os.environ.get("LATENT_WIDGETS_SHOTS")
OFF = ".lw-strip canvas.lw-off-data"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_are_marked_and_gestures_are_listed(notebook, theme):
    nb = notebook(CELLS, wait_for=".lw-tape .lw-lines li", height=1500, theme=theme)
    page = nb.page
    # Asked for by the page itself, once the first pictures are there.
    page.wait_for_selector(OFF, timeout=60_000)
    assert page.locator(".lw-strip canvas").count() == 7
    marks = [
        "lw-off-data" in (page.locator(".lw-strip canvas").nth(i).get_attribute("class") or "")
        for i in (0, 6)
    ]
    assert marks == [False, True]
    assert page.locator(OFF).last.get_attribute("title").startswith("Off the data: ")
    line = page.locator(".lw-viewer .lw-honesty")
    page.wait_for_function("""() => /round trip \\d/.test(
      document.querySelector(".lw-viewer .lw-honesty").textContent)""")
    assert "off the data" not in line.text_content()
    nb.run("space.z = space.points[12]\nspace.selection = [4, 5, 6]\nspace.z = np.full(19, 2.6)")
    page.wait_for_function("""() => /off the data · round trip \\d/.test(
      document.querySelector(".lw-viewer .lw-honesty").textContent)""")
    assert page.locator(".lw-viewer canvas.lw-off-data").count() == 1
    lines = page.locator(".lw-tape .lw-lines li")
    lines.nth(3).wait_for()
    assert lines.nth(1).text_content() == "space.z = space.points[12]"
    page.locator(".lw-tape button", has_text="undo").click()
    page.wait_for_selector(".lw-tape li.lw-undone")
    page.wait_for_selector(".lw-viewer canvas:not(.lw-off-data)")
    if SHOTS:
        page.wait_for_timeout(800)
        nb.screenshot(f"{SHOTS}/tape_{theme}.png")
    lines.nth(1).click()
    page.wait_for_function("() => document.querySelectorAll('.lw-tape li.lw-undone').length === 2")
    there = "print([space.tape.at, len(space.selection)])"
    assert eventually(lambda: json.loads(nb.run(there)) == [1, 0])
    page.locator(".lw-tape button", has_text="redo").click()
    page.locator(".lw-tape button", has_text="redo").click()
    page.wait_for_selector(".lw-viewer canvas.lw-off-data")
    if SHOTS:
        page.wait_for_timeout(800)
        nb.screenshot(f"{SHOTS}/honesty_{theme}.png")
    assert nb.console_errors == []
    assert nb.requests_outside == []
