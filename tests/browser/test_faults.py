"""What goes wrong in a classroom: the kernel is restarted under the hand."""

import time

import pytest

RESTART = """() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"""
# Hands the page's store to the test, which asks it who decodes.
PROBE = """
import anywidget

class Probe(anywidget.AnyWidget):
    _esm = '''export default { async render({ model, host }) {
      window.space = (await host.getWidget(model.get("space"))).exports;
    } }'''
    space = anywidget.WidgetTrait().tag(sync=True)

Probe(space=space)
"""
PIXELS = """() => {
  const canvas = document.querySelector(".lw-viewer canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value, i) => (sum * 31 + value * (i % 7)) % 1000003, 7);
}"""


@pytest.mark.browser
@pytest.mark.parametrize("engine", ["browser", "kernel"])
def test_a_restart_under_the_hand_is_said_and_the_picture_stays(notebook, engine):
    book = notebook(
        [
            f"import latent_widgets as lw; space = lw.LatentSpace('digits', engine='{engine}')",
            "display(lw.LatentSliders(space), lw.LatentViewer(space))",
            PROBE,
        ],
        wait_for=".lw-viewer canvas",
    )
    page = book.page
    slider = page.locator(".lw-slider input[type=range]").first
    slider.focus()
    page.wait_for_function(f"() => window.space?.engine.place === {engine!r}")
    slider.press("Shift+ArrowRight")
    time.sleep(1)
    before = page.evaluate(PIXELS)
    page.evaluate(RESTART)
    said = page.locator(".lw-notice", has_text="The kernel was restarted").first
    said.wait_for(timeout=20_000)
    assert page.evaluate(PIXELS) == before
    slider.press("Shift+ArrowRight")
    slider.press("Shift+ArrowRight")
    time.sleep(0.5)
    # The page's own decoder needs no kernel; without it the last picture stays.
    assert (page.evaluate(PIXELS) != before) == (engine == "browser")
    assert said.is_visible()
    live = "goes on making pictures by itself" in said.inner_text()
    assert live == (engine == "browser")
    # Running the cell again brings everything back.
    book.run_all()
    page.locator(".lw-viewer canvas").first.wait_for()
    page.locator(".lw-notice").first.wait_for(state="detached")
