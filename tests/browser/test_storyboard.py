"""A storyboard in a real JupyterLab: key frames by hand, played, and fetched as a film."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

CELL = """
import json
import latent_widgets as lw
from IPython.display import display
space = lw.LatentSpace("digits", device="cpu")
board = lw.Storyboard(space)
display(lw.ScatterProjection(space), board)
"""
CHIPS = ".lw-storyboard .lw-chip"
GAPS = ".lw-storyboard .lw-gap:not([hidden])"


def names(book):
    return book.page.locator(f"{CHIPS} span").all_text_contents()


def ask(book, code):
    return json.loads(book.run(f"print(json.dumps({code}))"))


def drag(book, selector, index, by):
    box = book.page.locator(selector).nth(index).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    book.page.mouse.move(x, y)
    book.page.mouse.down()
    book.page.mouse.move(x + by, y, steps=6)
    book.page.mouse.up()


@pytest.fixture
def book(notebook):
    return notebook([CELL], height=1300, wait_for=f"{CHIPS} canvas")


def test_every_gesture_of_the_board(book, tmp_path):
    page = book.page
    row, _ = (name.split(" · ")[1] for name in names(book))
    assert row == "row 0"

    # Nothing leads back to the first without a loop.
    assert [gap.is_visible() for gap in page.locator(".lw-storyboard .lw-gap").all()] == [
        True,
        False,
    ]

    # Added, named, and dragged to the front.
    book.run("space.z = space.points[7]")
    page.wait_for_timeout(300)
    page.get_by_role("button", name="add current z").click()
    page.locator(CHIPS).nth(2).wait_for()
    assert names(book)[2] == "3 · z"
    assert ask(book, "board.key_frames[2]['z'] == lw.tape_text.exact(space.points[7])")
    drag(book, CHIPS, 2, -700)
    page.wait_for_function(f"() => document.querySelector('{CHIPS} span').textContent === '1 · z'")
    # A longer way, and keys that move, duplicate and delete.
    drag(book, GAPS, 0, 60)
    page.wait_for_timeout(400)
    longer = ask(book, "[one['seconds'] for one in board.key_frames]")
    assert longer[0] == pytest.approx(1.5)
    assert longer[1:] == [1, 1]
    page.locator(CHIPS).nth(0).focus()
    for key in ("d", "Delete", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_timeout(400)
    found = ask(book, "[one['name'] for one in board.key_frames]")
    assert len(found) == 3
    assert found.count("z") == 1

    page.get_by_role("button", name="even pace").click()
    page.wait_for_timeout(300)
    board = ask(book, "[one['seconds'] for one in board.key_frames]")
    assert board == ask(book, "[one['seconds'] for one in board.even().key_frames]")

    # Played: z goes along the path, and the map shows it.
    before = ask(book, "space.z.tolist()")
    page.get_by_role("button", name="play", exact=True).first.click()
    page.wait_for_timeout(700)
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)
    time, z, on = ask(book, "[board.time, space.z.tolist(), board.path.at(board.time).tolist()]")
    assert time > 0
    assert z != before
    assert max(abs(a - b) for a, b in zip(z, on, strict=True)) < 1e-4

    # A film is made and arrives.
    page.locator(".lw-export select").nth(0).select_option(".gif")
    page.locator(".lw-export select").nth(1).select_option("12 fps")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="export").click()
    file = Path(tmp_path / "film.gif")
    waiting.value.save_as(file)
    assert waiting.value.suggested_filename == "digits-storyboard.gif"
    with Image.open(file) as film:
        assert film.n_frames == ask(book, "len(board.latents(12))")
    page.get_by_text("digits-storyboard.gif,").wait_for()
    assert book.console_errors == []
    assert book.requests_outside == []
