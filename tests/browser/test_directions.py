"""Directions in a real page: made, gone along, taken out of each other, and on the sliders."""

from __future__ import annotations

from lab import eventually

SPACE = """import latent_widgets as lw
space = lw.LatentSpace("faces")
panel = lw.DirectionPanel(space)
panel"""
PANEL = ".lw-directions"
JUDGED = f"{PANEL} .lw-verdict[data-evident='true']"


def test_a_direction_is_made_and_moves_z(notebook):
    opened = notebook([SPACE, "lw.LatentSliders(space, shown=2)"], wait_for=PANEL)
    page = opened.page
    page.locator(f"{PANEL} select[aria-label=Column]").select_option("smile")
    page.get_by_role("button", name="make it").click()
    page.wait_for_selector(JUDGED)
    assert opened.run("list(space.directions)") == "['smile']"

    # The slider of the panel, and the one among the sliders, say the same.
    slider = page.locator(f"{PANEL} .lw-walk input[type=range]")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    other = page.locator(".lw-ways input[type=range]")
    other.wait_for()
    page.wait_for_function("() => Number(document.querySelector('.lw-ways input').value) > 1")
    amount = "space.wait(); round(float(space.directions['smile'].amount(space.z)), 2)"
    assert eventually(lambda: abs(float(opened.run(amount)) - float(other.input_value())) < 0.02)
    other.focus()
    page.keyboard.press("Home")
    page.wait_for_function("() => Number(document.querySelector('.lw-ways input').value) < 1")

    # A second one, found without labels, and the first without it.
    page.get_by_role("button", name="new…").click()
    page.get_by_role("button", name="no labels").click()
    page.get_by_role("button", name="make it").click()
    page.locator(f"{PANEL} .lw-list").get_by_text("principal 1").wait_for()
    page.locator(f"{PANEL} .lw-list").get_by_text("smile", exact=True).click()
    page.locator(f"{PANEL} .lw-others").get_by_text("principal 1").click()
    page.get_by_role("button", name="make orthogonal").click()
    page.locator(f"{PANEL} .lw-list").get_by_text("smile without principal 1").wait_for()
    chosen = page.locator(f"{PANEL} .lw-others button[aria-pressed=true]")
    chosen.first.wait_for(state="detached")
    page.locator(f"{PANEL} .lw-matrix summary").click()
    row = page.locator(f"{PANEL} .lw-matrix tr", has_text="smile without principal 1")
    row.locator("td").first.wait_for()
    opened.run("a, b = (space.directions[n].vector for n in [panel.shown, 'principal 1'])")
    assert abs(float(opened.run("float(a @ b)"))) < 1e-9

    # A name that is taken is refused where it was written, and a good one is kept.
    name = page.locator(f"{PANEL} .lw-bar-row input[type=text]")
    name.fill("smile")
    name.press("Enter")
    page.locator(f"{PANEL} .lw-said", has_text="taken").wait_for()
    name.fill("clean smile")
    name.press("Enter")
    page.locator(f"{PANEL} .lw-list").get_by_text("clean smile").wait_for()
    page.get_by_role("button", name="delete", exact=True).click()
    page.wait_for_function(
        "() => document.querySelectorAll('.lw-directions .lw-list button').length === 2"
    )
    assert opened.run("list(space.directions)") == "['smile', 'principal 1']"
    assert opened.console_errors == []
    assert opened.requests_outside == []
