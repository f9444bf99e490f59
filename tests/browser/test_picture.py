"""Pictures from outside in a real JupyterLab: drawn, chosen, pasted and photographed."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from PIL import Image

SETUP = """
import latent_widgets as lw
space = lw.LatentSpace("digits", device="cpu")
panel = lw.PictureInput(space)
panel
"""
PASTE = """(text) => {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  document.querySelector(".lw-picture").dispatchEvent(event);
}"""
NO_CAMERA = """() => {
  navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException("none", "NotFoundError"));
}"""


def ask(book, expression):
    return json.loads(book.run(f"import json\nprint(json.dumps({expression}))"))


def soon(book, expression, *, wanted=True):
    for _ in range(60):
        if (found := ask(book, expression)) == wanted:
            return True
        book.page.wait_for_timeout(100)
    raise AssertionError(f"{expression} is {found}, not {wanted}")


def draw(book, *places):
    box = book.page.locator(".lw-paper").bounding_box()
    (x, y), *rest = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in places]
    book.page.mouse.move(x, y)
    book.page.mouse.down()
    for x, y in rest:
        book.page.mouse.move(x, y, steps=5)
    book.page.mouse.up()


def press(book, name):
    book.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def book(notebook):
    return notebook([SETUP], wait_for=".lw-picture .lw-paper")


def test_every_way_to_bring_a_picture(book, tmp_path):
    _draw(book)
    _draw_from_the_posterior_and_keep(book)
    seven = _choose(book, tmp_path)
    _paste(book, seven)
    _photograph(book)
    _refuse(book, tmp_path)
    assert book.console_errors == []
    assert book.requests_outside == []


def _draw(book):
    home = ask(book, "space.z.tolist()")
    book.page.get_by_label("z follows").check()
    soon(book, "panel.live")
    draw(book, (0.5, 0.2), (0.5, 0.5))
    soon(book, "panel.mean is not None and bool((space.z == panel.mean).all())")
    book.page.wait_for_timeout(500)
    first = ask(book, "space.z.tolist()")
    assert first != home
    drawn = "[*space.overlays.values()][0]"
    ring = f"{drawn}['points'] == panel.mean.tobytes() and len({drawn}['spread'] or '') == 64"
    soon(book, ring)
    draw(book, (0.3, 0.2), (0.7, 0.2), (0.4, 0.8))
    soon(book, f"space.z.tolist() != {first} and bool((space.z == panel.mean).all())")
    book.page.wait_for_timeout(500)
    soon(book, ring)
    # A stroke is one step, however many pictures it brought.
    book.page.keyboard.press("Control+z")
    soon(book, "space.z.tolist()", wanted=first)
    book.page.get_by_label("z follows").uncheck()
    soon(book, "panel.live", wanted=False)
    # What was drawn is in the middle of the picture, as the digits are.
    ink = np.array(ask(book, "panel.picture[..., 0].tolist()"))
    middle = [(ink.sum(axis) * (np.arange(28) + 0.5)).sum() / ink.sum() for axis in (0, 1)]
    assert middle == pytest.approx([14, 14], abs=0.6)


def _draw_from_the_posterior_and_keep(book):
    press(book, "draw from the posterior")
    soon(book, "panel.draws.get('seed')", wanted=0)
    press(book, "another draw")
    soon(book, "panel.draws['seed']", wanted=1)
    book.page.get_by_label("Move z to draw 3 of seed 1").click()
    soon(book, "space.z.tobytes() == panel.draws['zs'][2 * 64:3 * 64]")
    press(book, "move z here")
    soon(book, "bool((space.z == panel.mean).all())")
    press(book, "keep")
    soon(book, "len(panel.kept)", wanted=1)
    press(book, "clear")
    soon(book, "panel.picture is None and not space.overlays")
    book.page.get_by_label("picture 1", exact=True).click()
    soon(book, "panel.picture is not None and bool((panel.picture == panel.kept[0]).all())")


def _choose(book, tmp_path):
    row = "int(space.neighbours(text='7', k=1).rows[0])"
    digit = np.array(ask(book, f"space.pictures([{row}])[0, ..., 0].tolist()"), np.uint8)
    file = tmp_path / "seven.png"
    paper = np.pad(255 - digit, ((0, 0), (6, 6)), constant_values=255)
    Image.fromarray(np.kron(paper, np.ones((8, 8), np.uint8))).save(file)
    book.page.set_input_files(".lw-picture input[type=file]", file)
    # A dark digit on paper: its negative is what the data are.
    book.page.wait_for_selector(".lw-picture .lw-suggested")
    press(book, "invert")
    wanted = f"abs(panel.picture[..., 0].astype(int) - {digit.tolist()}).max() <= 1"
    soon(book, f"bool({wanted})")
    book.page.locator(".lw-frame").press("Shift+ArrowRight")
    soon(book, f"bool({wanted})", wanted=False)
    book.page.locator(".lw-frame").press("Home")
    soon(book, f"bool({wanted})")
    return file


def _paste(book, file):
    book.run("panel.picture = None")
    book.page.evaluate(PASTE, base64.b64encode(file.read_bytes()).decode())
    soon(book, "panel.picture is not None and float(panel.picture.mean()) > 127")


def _photograph(book):
    press(book, "camera")
    book.run("panel.picture = None")
    press(book, "take the picture")
    soon(book, "panel.picture is not None")
    # Its light goes out.
    assert book.page.locator(".lw-picture video").count() == 0
    book.page.evaluate(NO_CAMERA)
    press(book, "camera")
    book.page.wait_for_selector("text=No camera was found")
    assert not book.page.get_by_text("take the picture").is_visible()


def _refuse(book, tmp_path):
    before = ask(book, "panel.brought['pixels'].hex()")
    huge = tmp_path / "huge.png"
    Image.new("1", (10_000, 10_000)).save(huge)
    for name, content, said in (
        ("text.png", b"hello", "This file is no picture"),
        ("none.png", b"", "This file is empty"),
        ("huge.png", huge.read_bytes(), "40 million pixels at most"),
    ):
        (tmp_path / name).write_bytes(content)
        book.page.set_input_files(".lw-picture input[type=file]", tmp_path / name)
        book.page.wait_for_selector(f".lw-picture .lw-said:has-text('{said}')")
    assert ask(book, "panel.brought['pixels'].hex()") == before
    book.run("space._model.encode = lambda x: 1 / 0")
    press(book, "draw")
    draw(book, (0.2, 0.2), (0.3, 0.3))
    book.page.wait_for_selector(".lw-picture .lw-said:has-text('division by zero')")


def test_a_space_without_an_encoder_says_so_and_offers_nothing(notebook):
    code = "import latent_widgets as lw\nlw.PictureInput('digits_gan')"
    book = notebook([code], wait_for=".lw-picture .lw-empty")
    assert "no encoder" in book.page.locator(".lw-picture .lw-empty").text_content()
    assert book.page.locator(".lw-picture :is(button, input, canvas)").count() == 0
    assert book.console_errors == []
