"""A report card on a real page: beside the kernel's work, stoppable, readable on dark."""

CELLS = ["import latent_widgets as lw", "report = lw.ModelReport('faces')\nreport"]


def test_a_report_is_measured_beside_the_kernel_and_drawn(notebook):
    opened = notebook(CELLS, theme="dark", wait_for=".lw-report .bqplot")
    card = opened.page.locator(".lw-report")
    assert opened.run("report.wait(0), 6 * 7", timeout=20) == "(False, 42)"
    card.get_by_role("button", name="Stop").click()
    card.get_by_text("stopped before the end").wait_for(timeout=60_000)
    assert card.get_by_text("active units, KL > 0.1").is_visible()
    # One bar for each of 19 dimensions.
    assert card.locator(".bargroup").count() == 19
    colours = opened.page.evaluate(
        """() => [document.querySelector(".lw-report .axis .tick text"),
                  document.querySelector(".lw-report td")]
            .map((part) => getComputedStyle(part))
            .flatMap((style) => [style.fill, style.color])"""
    )
    # Light letters on the dark page: bqplot's own in the chart, the host's in the table.
    assert colours[0].startswith("rgba(255, 255, 255")
    assert colours[3].startswith("rgba(255, 255, 255")
    assert opened.console_errors == []
