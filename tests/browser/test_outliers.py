"""The panel of outliers in a real JupyterLab: ranked, walked through, marked, selected."""

from __future__ import annotations

import json

SETUP = """
import torch
import latent_widgets as lw
base = lw.LatentSpace("digits_2d", device="cpu")
images = base.decode(base.points[:120]).round()
space = lw.LatentSpace(base.model, images, labels=base.labels[:120].tolist(), device="cpu")
scatter = lw.ScatterProjection(space)
panel = lw.OutlierPanel(space, of=scatter)
panel.wait()
panel
"""
TILES = ".lw-outliers .lw-tiles button"
SHOWN = f"() => [...document.querySelectorAll('{TILES}')].map((one) => one.ariaLabel)"


def wait_for_first(book, row):
    book.page.wait_for_function(
        f"(row) => (({SHOWN})()[0] ?? '').startsWith(`row ${{row}},`)", arg=row, timeout=10_000
    )


def soon(book, code, wanted):
    for _ in range(50):
        if book.run(code) == wanted:
            return True
        book.page.wait_for_timeout(100)
    return False


def test_every_gesture_of_the_panel(notebook):
    book = notebook([SETUP], wait_for=TILES)
    page = book.page
    order = json.loads(book.run("panel.order.tolist()"))
    wait_for_first(book, order[0])
    assert page.locator(TILES).count() == 20
    assert page.locator(f"{TILES} canvas:visible").count() == 60

    page.click(f"{TILES} >> nth=2")
    assert soon(book, "space.selection", f"[{order[2]}]")
    assert soon(book, f"bool((space.z == space.points[{order[2]}]).all())", "True")
    assert soon(book, "len(space.overlays)", "1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert soon(book, "space.selection", f"[{order[3]}]")

    page.click("text=select the 20 strangest")
    assert soon(book, "space.selection == panel.order[:20].tolist()", "True")
    page.click("text=colour the maps by it")
    assert soon(book, "scatter.color", repr("\N{MINUS SIGN}ELBO"))

    page.click(".lw-turn button >> nth=1")
    wait_for_first(book, order[20])
    page.select_option(".lw-outliers select >> nth=0", "kl")
    assert soon(book, "panel.score", "'kl'")
    wait_for_first(book, int(book.run("int(panel.order[0])")))

    page.click(".lw-chips button >> nth=0")
    assert soon(book, "panel.normal", "['0']")
    page.wait_for_selector(".lw-aurocs b")
    assert page.locator(".lw-aurocs b").count() == len(
        json.loads(book.run("len(panel.aurocs) * [1]"))
    )
    page.mouse.move(5, 5)
    assert soon(book, "len(space.overlays)", "0")
    assert book.console_errors == []
    assert book.requests_outside == []
