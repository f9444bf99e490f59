"""Painting in a real JupyterLab: strokes, undo, and what is said."""

from __future__ import annotations

import json

import pytest

SETUP = """
import latent_widgets as lw
space = lw.LatentSpace("digits", device="cpu")
space.z = space.points[5]
panel = lw.PaintPanel(space)
panel
"""


def ask(book, expression):
    return json.loads(book.run(f"import json\nprint(json.dumps({expression}))"))


def soon(book, expression, *, wanted=True):
    for _ in range(80):
        if (found := ask(book, expression)) == wanted:
            return
        book.page.wait_for_timeout(100)
    raise AssertionError(f"{expression} is {found}, not {wanted}")


def stroke(book, *places):
    box = book.page.locator(".lw-painter .lw-stage").bounding_box()
    (x, y), *rest = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in places]
    book.page.mouse.move(x, y)
    book.page.mouse.down()
    for x, y in rest:
        book.page.mouse.move(x, y, steps=8)
    book.page.mouse.up()


@pytest.fixture
def book(notebook):
    return notebook([SETUP], wait_for=".lw-painter .lw-stage")


def test_a_brush_moves_z_and_undoes_by_strokes(book):
    start = ask(book, "space.z.tolist()")
    stroke(book, (0.25, 0.5), (0.75, 0.5))
    soon(book, "panel.painted.get('strokes')", wanted=1)
    soon(book, "bool((space.z == panel._canvas.z).all())")
    first = ask(book, "space.z.tolist()")
    assert first != start
    book.page.get_by_role("radio", name="darker").click()
    soon(book, "panel.tool", wanted="darker")
    stroke(book, (0.5, 0.2), (0.5, 0.35))
    soon(book, "panel.painted.get('strokes')", wanted=2)
    soon(book, "bool((space.z == panel._canvas.z).all())")
    assert book.page.locator(".lw-painter .lw-by").count() == 4
    book.page.get_by_role("button", name="undo stroke").click()
    soon(book, "space.z.tolist()", wanted=first)
    soon(book, "panel.painted.get('strokes')", wanted=1)
    book.page.get_by_role("button", name="undo stroke").click()
    soon(book, "space.z.tolist()", wanted=start)
    soon(book, "list(panel.painted)", wanted=[])
    assert book.console_errors == []
    assert book.requests_outside == []
