"""The nearest rows in a real JupyterLab: followed, walked through, looked for in words."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from PIL import Image

SETUP = """
import latent_widgets as lw
space = lw.LatentSpace("digits", device="cpu")
panel = lw.NeighbourPanel(space, k=6)
panel
"""
TILES = ".lw-neighbours .lw-tiles button"
LABELS = f"() => [...document.querySelectorAll('{TILES}')].map((one) => one.ariaLabel)"


def rows_shown(book):
    labels = book.page.evaluate(LABELS)
    return [int(re.match(r"row (\d+)", label or "row -1").group(1)) for label in labels]


def wait_for_rows(book, wanted):
    start = [f"row {row}," for row in wanted]
    book.page.wait_for_function(
        f"""(start) => {{
          const shown = ({LABELS})();
          return shown.length === start.length && start.every((s, i) => shown[i]?.startsWith(s));
        }}""",
        arg=start,
        timeout=10_000,
    )


def rows_of(book, code="panel.rows"):
    return [int(row) for row in re.findall(r"\d+", book.run(f"{code}.tolist()"))]


@pytest.fixture
def book(notebook):
    return notebook([SETUP], wait_for=TILES)


def test_every_gesture_of_the_panel(book, tmp_path):
    _follow_and_walk(book)
    _point(book)
    _look_for_words(book)
    _select_and_measure(book)
    _bring_a_picture(book, tmp_path / "seven.png")
    book.run("panel.query = None")
    book.page.wait_for_selector(".lw-kinds button[aria-pressed=true]:has-text('current z')")
    wait_for_rows(book, rows_of(book))
    assert book.console_errors == []
    assert book.requests_outside == []


def _follow_and_walk(book):
    book.run("space.z = space.points[100]")
    wait_for_rows(book, rows_of(book))
    third = rows_shown(book)[2]
    book.page.click(f"{TILES} >> nth=2")
    wait_for_rows(book, rows_of(book, f"space.neighbours(space.points[{third}], k=6).rows"))
    assert _soon(book, f"bool((space.z == space.points[{third}]).all())", "True")
    book.page.focus(f"{TILES} >> nth=0")
    book.page.keyboard.press("ArrowRight")
    second = rows_shown(book)[1]
    book.page.keyboard.press("Enter")
    wait_for_rows(book, rows_of(book, f"space.neighbours(space.points[{second}], k=6).rows"))


def _point(book):
    book.page.hover(f"{TILES} >> nth=4")
    assert _soon(book, "len(space.overlays)", "1")
    book.page.mouse.move(5, 5)
    book.page.focus(".lw-kinds button >> nth=0")
    assert _soon(book, "len(space.overlays)", "0")


def _look_for_words(book):
    page = book.page
    page.click(".lw-kinds button:has-text('words')")
    page.keyboard.type("seven")
    page.keyboard.press("Enter")
    assert _soon(book, "panel.query", "'seven'")
    wait_for_rows(book, rows_of(book))
    page.fill(".lw-neighbours input[type=search]", "unicorn")
    page.keyboard.press("Enter")
    page.wait_for_selector(".lw-said:has-text(\"got 'unicorn'\")")
    assert book.run("panel.query") == "'seven'"


def _select_and_measure(book):
    page = book.page
    shown = rows_shown(book)
    page.click(".lw-foot button:has-text('select these')")
    assert _soon(book, "space.selection", str(shown))
    page.click(".lw-kinds button:has-text('selection (6)')")
    assert _soon(book, "panel.query", "'selection'")
    wait_for_rows(book, rows_of(book))
    page.select_option(".lw-options select", "geodesic")
    page.fill(".lw-options input", "3")
    page.keyboard.press("Tab")
    assert _soon(book, "panel.metric, panel.k", "('geodesic', 3)")
    wait_for_rows(book, rows_of(book))


def _bring_a_picture(book, file):
    row = int(book.run("int(space.neighbours(text='7', k=1).rows[0])"))
    pixels = book.run(f"(255 * space.decode(space.points[{row}])[0, 0]).byte().tolist()")
    small = np.array(json.loads(pixels), np.uint8)
    Image.fromarray(np.kron(small, np.ones((4, 4), np.uint8))).save(file)
    book.page.click(".lw-kinds button:has-text('a picture')")
    book.page.set_input_files(".lw-neighbours input[type=file]", file)
    book.page.wait_for_selector(".lw-said:has-text('112 wide and 112 high')")
    book.page.click(".lw-said button:has-text('make it fit')")
    assert _soon(book, "getattr(panel.query, 'shape', None)", "(28, 28, 1)")
    wait_for_rows(book, rows_of(book))
    assert row in rows_shown(book)


def _soon(book, code, wanted):
    for _ in range(40):
        if book.run(code) == wanted:
            return True
        book.page.wait_for_timeout(100)
    return False
