"""The store in a real page: a drag becomes pictures, and the last one is right."""

import json

import pytest

SETUP = """
import anywidget, json, numpy as np, torch
import latent_widgets as lw
space = lw.LatentSpace("digits", engine="{engine}")
"""
# Hands the page's store to the test, which then moves z as a panel would.
PROBE = """
class Probe(anywidget.AnyWidget):
    _esm = '''export default { async render({ model, host, el }) {
      window.space = (await host.getWidget(model.get("space"))).exports;
      el.textContent = "probe";
    } }'''
    space = anywidget.WidgetTrait().tag(sync=True)

import ipywidgets
ipywidgets.VBox([Probe(space=space), lw.LatentViewer(space), lw.LatentViewer(space, smooth=True)])
"""
DRAG = """async ({ seconds }) => {
  const space = window.space, frames = [], started = performance.now();
  const done = new AbortController();
  space.subscribe("frame", (frame) => frames.push([performance.now(), frame.z[1]]), done.signal);
  const gesture = space.gesture();
  let moves = 0;
  await new Promise((stop) => {
    const step = () => {
      if (performance.now() - started > seconds * 1000) return stop();
      const z = Float32Array.from(space.z);
      z[0] = Math.sin((performance.now() - started) / 300) * 2;
      z[1] = moves += 1;
      space.write(z, gesture);
      requestAnimationFrame(step);
    };
    step();
  });
  const last = performance.now();
  await new Promise((stop) => setTimeout(stop, 800));
  done.abort();
  return { moves, frames: frames.map(([at, move]) => [at - last, move]) };
}"""
PIXELS = """() => [...document.querySelectorAll(".lw-viewer canvas")].map((canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return [...data].filter((_, i) => i % 4 === 0);
})"""
FRESH = """
import json
fresh = (space.decode(space.z) * 255).round().to(torch.uint8)[0, 0].flatten().tolist()
print(json.dumps([[float(v) for v in space.z], fresh]))
"""


@pytest.fixture(params=["kernel", "browser"])
def page(notebook, request):
    opened = notebook([SETUP.replace("{engine}", request.param), PROBE])
    opened.page.wait_for_function("() => window.space?.frame")
    opened.page.wait_for_function(f"() => window.space.engine.place === {request.param!r}")
    return opened


def wait_for_card(opened, text):
    opened.page.wait_for_function(
        """text => {
          const cards = [...document.querySelectorAll(".lw-notice")];
          return cards.length === 2 && cards.every((card) => card.textContent.includes(text));
        }""",
        arg=text,
        timeout=5000,
    )


def check_in_step(opened):
    opened.page.wait_for_function("() => window.space.frame.place === 'kernel'")
    z, fresh = json.loads(opened.run(FRESH))
    assert opened.page.evaluate("() => [...window.space.z]") == pytest.approx(z, abs=0)
    views = opened.page.evaluate(PIXELS)
    assert len(views) == 2
    for pixels in views:
        assert pixels == fresh


def test_a_drag_ends_with_the_right_picture_in_every_view(page):
    before = page.page.evaluate(PIXELS)
    result = page.page.evaluate(DRAG, {"seconds": 2})
    shown = [move for _, move in result["frames"]]
    assert shown == sorted(shown), "a stale picture was shown"
    assert shown[-1] == result["moves"]
    assert len(set(shown)) > 20
    assert page.page.evaluate(PIXELS) != before
    check_in_step(page)
    stats = json.loads(page.run("print(json.dumps(space.stats()))"))
    assert stats["pictures_per_second"] > 5
    assert stats["round_trip_ms"] > 0
    # One drag is one step.
    page.run("space.undo()")
    page.page.wait_for_function(
        "() => window.space.z.every((value, i) => value === window.space.facts.home[i])"
    )
    page.run("space.wait()")
    page.page.wait_for_function("() => !window.space.waiting")
    check_in_step(page)
    assert page.console_errors == []
    assert page.requests_outside == []


def test_python_moves_the_page_and_never_floods_it(page):
    page.run("for i in range(4000): space.z = np.full(16, i / 4000, np.float32)")
    page.run("space.z = np.full(16, 0.25, np.float32); space.wait()")
    page.page.wait_for_function("() => window.space.z[0] === 0.25", timeout=3000)
    check_in_step(page)
    assert "rate exceeded" not in page.lab.log


def test_an_observer_that_raises_is_shown_and_the_picture_follows(page):
    page.run("def bad(change): raise RuntimeError('my observer')\nspace.observe(bad, 'z')")
    page.page.evaluate("() => window.space.write(new Float32Array(16).fill(0.5))")
    wait_for_card(page, "my observer")
    page.run("space.unobserve(bad, 'z')")
    page.page.evaluate("() => window.space.write(new Float32Array(16).fill(0.75))")
    page.page.wait_for_selector(".lw-notice", state="detached")
    check_in_step(page)


def test_a_decoder_that_raises_keeps_the_last_picture(page):
    before = page.page.evaluate(PIXELS)
    page.run(
        "good = space._model.decode\n"
        "def broken(*_): raise RuntimeError('decoder on fire')\n"
        "space._model.decode = broken"
    )
    page.page.evaluate("() => window.space.write(new Float32Array(16).fill(0.5))")
    wait_for_card(page, "decoder on fire")
    if page.page.evaluate("() => window.space.engine.place") == "kernel":
        assert page.page.evaluate(PIXELS) == before
    page.run("space._model.decode = good")
    page.page.evaluate("() => window.space.write(new Float32Array(16).fill(-0.5))")
    page.page.wait_for_selector(".lw-notice", state="detached")
    check_in_step(page)


def test_python_hears_of_a_drag_while_it_lasts(page):
    page.run("heard = []; space.observe(lambda change: heard.append(change.new), 'z')")
    page.page.evaluate(DRAG, {"seconds": 1})
    heard, last = json.loads(
        page.run("import json; print(json.dumps([len(heard), bool(heard[-1] == space.z)]))")
    )
    assert heard > 10
    assert last
