"""A large colour picture from the kernel: JPEG under the hand, the model's own when it rests."""

import base64
import json

import numpy as np
import pytest

SETUP = """
import base64, json, numpy as np, torch, ipywidgets
import latent_widgets as lw
from latent_widgets.link import LADDER

class Colours(torch.nn.Module):
    latent_dim = 4
    def decode(self, z):
        x = torch.linspace(-3, 3, 512)
        y, x = x[:, None], x[None, :]
        r = ((x - z[:, 0, None, None])**2 + (y - z[:, 1, None, None])**2).sqrt()
        a = torch.atan2(y, x) + z[:, 2, None, None]
        bands = [torch.sin(2 * r + k + a * (1 + k)) for k in range(3)]
        return torch.stack(bands, 1) / 2.2 + 0.5

space = lw.LatentSpace(Colours(), device="cpu", engine="kernel")
sent = []
send = space.send
def keep(content, buffers=None):
    if content["kind"] == "frame":
        pixels = len(buffers[1]) if len(buffers) > 1 else 0
        sent.append([content["format"], pixels, content["version"]])
    send(content, buffers)
space.send = keep
"""
SHOW = """
import anywidget
class Probe(anywidget.AnyWidget):
    _esm = '''export default { async render({ model, host, el }) {
      window.space = (await host.getWidget(model.get("space"))).exports;
    } }'''
    space = anywidget.WidgetTrait().tag(sync=True)
viewer, sliders = lw.LatentViewer(space, hud=True), lw.LatentSliders(space)
ipywidgets.VBox([Probe(space=space), viewer, sliders])
"""
CANVAS = "document.querySelector('.lw-viewer canvas.lw-picture')"
PIXELS = f"""() => {{
  const canvas = {CANVAS};
  const {{ data }} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let text = "";
  for (let i = 0; i < data.length; i += 8192) {{
    text += String.fromCharCode(...data.subarray(i, i + 8192));
  }}
  return [canvas.height, canvas.width, btoa(text)];
}}"""
WATCH = f"""() => {{
  window.seen = [];
  window.space.subscribe("frame", (frame) => {{
    const box = {CANVAS}.getBoundingClientRect();
    window.seen.push([frame.shape, frame.z[0], box.width, box.height, frame.round_trip]);
  }}, new AbortController().signal);
}}"""


@pytest.fixture
def page(notebook):
    opened = notebook([SETUP, SHOW], height=1800)
    opened.page.wait_for_function("() => window.space?.frame")
    opened.page.evaluate(WATCH)
    opened.run("space.wait(); sent.clear()")
    return opened


def drag(opened, steps=40):
    slider = opened.page.locator(".lw-sliders input[type=range]").first
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    opened.page.mouse.move(box["x"] + box["width"] * 0.5, middle)
    opened.page.mouse.down()
    for i in range(steps):
        place = 0.5 + 0.4 * np.sin(i / 6)
        opened.page.mouse.move(box["x"] + box["width"] * place, middle)
        opened.page.wait_for_timeout(15)
    opened.page.mouse.up()
    opened.page.wait_for_timeout(300)
    return json.loads(opened.run("space.wait(); print(json.dumps(sent))"))


def at_rest(opened):
    """What the page shows and what the space says, once both are at rest."""
    text = "print(base64.b64encode(space.image.tobytes()).decode())"
    wanted = np.frombuffer(base64.b64decode(opened.run(text)), np.uint8).reshape(512, 512, 3)
    for _ in range(50):
        height, width, text = opened.page.evaluate(PIXELS)
        found = np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)
        if np.array_equal(found[..., :3], wanted):
            break
        opened.page.wait_for_timeout(50)
    return found, wanted


def test_a_drag_is_jpeg_and_its_end_is_the_picture_to_the_last_bit(page):
    sent = drag(page)
    formats = [kind for kind, _, _ in sent]
    assert formats.count("jpeg") >= 10
    # Which of the two is quicker is measured, and differs from run to run.
    assert formats[-2] == "jpeg"
    assert formats[-1] in {"webp", "raw"}
    found, wanted = at_rest(page)
    assert np.array_equal(found[..., :3], wanted)
    assert found[..., 3].min() == 255
    seen = page.page.evaluate("() => window.seen")
    assert {tuple(shape[:2]) for shape, *_ in seen} == {(512, 512)}
    assert len({(width, height) for _, _, width, height, _ in seen}) == 1
    stats = json.loads(page.run("print(json.dumps(space.stats()))"))
    assert stats["engine"] == "kernel"
    assert stats["format"] == formats[-1]
    assert page.console_errors == []


def test_a_smaller_moving_picture_fills_the_same_box(page):
    page.run("space._feed.link._step = len(LADDER) - 1")
    before = page.page.evaluate(f"() => {CANVAS}.getBoundingClientRect().width")
    sent = drag(page, 20)
    moving = [size for kind, size, _ in sent if kind == "jpeg"]
    assert max(moving) < 6_000
    seen = page.page.evaluate("() => window.seen")
    assert {width for _, _, width, _, _ in seen} == {before}
    found, wanted = at_rest(page)
    assert np.array_equal(found[..., :3], wanted)


def test_what_the_page_acknowledges_measures_the_link(page):
    drag(page)
    acknowledged = page.run("print(sum(page.number for page in space._feed.link._pages.values()))")
    assert int(acknowledged) >= 10
    assert page.run("print(space._feed.link.full())") == "False"
