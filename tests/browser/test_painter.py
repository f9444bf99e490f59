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
    for _ in range(200):
        if (found := ask(book, expression)) == wanted:
            return
        book.page.wait_for_timeout(100)
    told = ask(book, "{key: str(value)[:80] for key, value in panel.painted.items()}")
    raise AssertionError(f"{expression} is {found}, not {wanted}; painted is {told}")


def places(book, *shares):
    box = book.page.locator(".lw-painter .lw-stage").bounding_box()
    return [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in shares]


def stroke(book, *shares, lift=True):
    (x, y), *rest = places(book, *shares)
    book.page.mouse.move(x, y)
    book.page.mouse.down()
    for x, y in rest:
        book.page.mouse.move(x, y, steps=8)
    if lift:
        book.page.mouse.up()


@pytest.fixture
def book(notebook):
    opened = notebook([SETUP], wait_for=".lw-painter .lw-stage")
    yield opened
    assert opened.console_errors == []
    assert opened.requests_outside == []


def test_a_brush_moves_z_and_undoes_by_strokes(book):
    start = ask(book, "space.z.tolist()")
    stroke(book, (0.25, 0.5), (0.75, 0.5))
    soon(book, "panel.painted.get('strokes')", wanted=1)
    soon(book, "panel.painted.get('over')")
    first = ask(book, "space.z.tolist()")
    assert first != start
    book.page.get_by_role("radio", name="darker").click()
    soon(book, "panel.tool", wanted="darker")
    stroke(book, (0.5, 0.2), (0.5, 0.35))
    soon(book, "panel.painted.get('strokes')", wanted=2)
    soon(book, "panel.painted.get('over')")
    assert book.page.locator(".lw-painter .lw-by").count() == 4
    book.page.get_by_role("button", name="undo stroke").click()
    soon(book, "space.z.tolist()", wanted=first)
    soon(book, "panel.painted.get('strokes')", wanted=1)
    book.page.get_by_role("button", name="undo stroke").click()
    soon(book, "space.z.tolist()", wanted=start)
    soon(book, "list(panel.painted)", wanted=[])


def test_the_picture_changes_while_the_brush_is_down_and_one_stroke_is_one_step(book):
    entries = ask(book, "len(space.tape)")
    book.run(
        "zs = []\nspace.observe(lambda change: zs.append(change.new), 'z')\n"
        "panel.locked = [0, 3]\nheld = space.z[[0, 3]].tolist()"
    )
    stroke(book, (0.25, 0.5), (0.75, 0.5), lift=False)
    soon(book, "len(zs) > 2")
    soon(book, "panel.painted.get('strokes')", wanted=1)
    assert ask(book, "panel.painted['over']") is False
    book.page.mouse.up()
    soon(book, "panel.painted.get('over')")
    assert ask(book, "len(space.tape)") == entries + 1
    assert ask(book, "all(z[[0, 3]].tolist() == held for z in zs)") is True
    # What is shown in the end is the picture of the last z.
    same = """pixels => {
      const canvas = document.querySelector(".lw-painter .lw-picture");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return data.every((value, i) => i % 4 === 3 || Math.abs(value - pixels[i >> 2]) < 2);
    }"""
    book.page.wait_for_function(same, arg=ask(book, "space.image[..., 0].ravel().tolist()"))


def test_escape_takes_a_stroke_back_and_the_rest_of_it_paints_nothing(book):
    start = ask(book, "space.z.tolist()")
    stroke(book, (0.25, 0.5), (0.6, 0.5), lift=False)
    soon(book, "panel.painted.get('strokes')", wanted=1)
    soon(book, "space.z.tolist() != " + repr(start))
    book.page.keyboard.press("Escape")
    soon(book, "panel.painted.get('over')")
    soon(book, "space.z.tolist()", wanted=start)
    for x, y in places(book, (0.7, 0.6), (0.8, 0.8)):
        book.page.mouse.move(x, y, steps=4)
    book.page.mouse.up()
    book.page.get_by_text("Paint on the picture: z follows").wait_for()
    assert ask(book, "'strokes' in panel.painted") is False
    assert ask(book, "space.z.tolist()") == start
    stroke(book, (0.5, 0.2), (0.5, 0.4))
    soon(book, "panel.painted.get('strokes')", wanted=1)
    soon(book, "panel.painted.get('over')")


def test_undo_in_the_middle_wins_over_the_hand(book):
    start = ask(book, "space.z.tolist()")
    stroke(book, (0.25, 0.5), (0.6, 0.5), lift=False)
    soon(book, "space.z.tolist() != " + repr(start))
    book.run("space.undo()")
    soon(book, "list(panel.painted)", wanted=[])
    for x, y in places(book, (0.7, 0.6), (0.8, 0.8)):
        book.page.mouse.move(x, y, steps=4)
    book.page.mouse.up()
    book.page.get_by_text("Paint on the picture: z follows").wait_for()
    assert ask(book, "space.z.tolist()") == start


def test_what_a_step_raises_is_said_and_the_picture_stays(book):
    picture = """() => {
      const canvas = document.querySelector(".lw-painter .lw-picture");
      return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
    }"""
    before = book.page.evaluate(picture)
    book.run(
        "from latent_widgets.canvas import Canvas\n"
        "follow = Canvas.follow\n"
        "def broken(*_, **__): raise RuntimeError('the card is gone')\n"
        "Canvas.follow = broken"
    )
    stroke(book, (0.25, 0.5), (0.75, 0.5))
    book.page.get_by_text("RuntimeError: the card is gone").wait_for()
    assert book.page.evaluate(picture) == before
    book.run("Canvas.follow = follow")
    stroke(book, (0.25, 0.5), (0.75, 0.5))
    soon(book, "panel.painted.get('over') and 'error' not in panel.painted")
    book.page.get_by_text("RuntimeError").wait_for(state="detached")
    assert book.page.evaluate(picture) != before


def test_a_space_that_does_not_decode_says_so(notebook):
    cell = """
import numpy as np
import latent_widgets as lw
lw.PaintPanel(lw.LatentSpace(None, points=np.eye(3, dtype="float32")))
"""
    book = notebook([cell], wait_for=".lw-painter .lw-empty")
    said = "This space has no decode, so there is no picture to paint on."
    assert book.page.locator(".lw-painter").text_content() == said
    assert book.console_errors == []
