"""A sheet of samples and a grid of mixtures in a real JupyterLab: gone to, kept, mixed."""

from __future__ import annotations

from lab import eventually

SHEET = """
import latent_widgets as lw
import numpy as np
space = lw.LatentSpace("digits", device="cpu")
sheet = lw.SampleSheet(space, n=12)
sheet
"""
GRID = """
mixing = lw.MixingPanel(space)
mixing
"""
DRAWS = ".lw-samples .lw-sheet >> nth=0 >> .lw-tile"


def test_draws_and_mixtures_are_gone_to_and_kept(notebook):
    book = notebook([SHEET, GRID], wait_for=".lw-mixing .lw-tile:nth-child(2) canvas")
    page = book.page
    page.locator(f"{DRAWS} >> nth=5 >> .lw-picture").click()
    page.locator(f"{DRAWS} >> nth=5 >> .lw-picture[aria-current=true]").wait_for()
    assert page.locator(".lw-samples [aria-current=true]").count() == 1
    page.locator(f"{DRAWS} >> nth=3 >> .lw-star").click()
    page.wait_for_selector(".lw-samples .lw-kept .lw-tile canvas")
    assert book.run("bool((sheet.latents[5] == np.asarray(space.z)).all())") == "True"
    assert book.run("bool((sheet.favourites == sheet.latents[[3]]).all())") == "True"
    page.locator(".lw-samples >> text=draw again").click()
    page.wait_for_selector(".lw-about:has-text('12 draws of the prior, seed 1')")
    assert book.run("len(sheet.favourites)") == "1"
    page.locator(".lw-mixing .lw-dims .lw-chip >> nth=0").click()
    page.locator(".lw-mixing .lw-chooser input").fill("0-2, 7")
    page.locator(".lw-mixing .lw-chooser input").press("Enter")
    # Row 1 with column 3, after the corner, six columns and the row itself.
    page.wait_for_selector(".lw-mixing .lw-small:has-text('4 of 16 dimensions')")
    page.locator(".lw-mixing .lw-tile .lw-picture >> nth=10").click()
    assert book.run("mixing.dims") == "[0, 1, 2, 7]"
    there = "bool((mixing.grid[0, 2] == np.asarray(space.z)).all())"
    assert eventually(lambda: book.run(there) == "True")
    assert book.console_errors == []
    assert book.requests_outside == []
