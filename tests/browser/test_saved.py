"""What is left of a widget without its kernel: reopened notebooks, pages made of them, Voila."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import sys
import time
from types import SimpleNamespace
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from lab import Notebook, _document

from latent_widgets.export.saved import _RULES

# A picture is taken as soon as nothing moves.
SOON = "from latent_widgets.export import saved\nsaved._REST = saved._PAUSE = 0.2\n"
CELLS = [
    f"{SOON}import latent_widgets as lw\nexplorer = lw.LatentExplorer('digits')\nexplorer",
    "lw.LatentViewer(explorer.space).embed()",
    "lw.LatentSliders(explorer.space).embed(decoder='grid')",
]
SLIDER = ".lw-sliders input[type=range]"
PICTURE = ".lw-viewer canvas.lw-picture"
# Of each output in turn: how high it is, and what is in it.
OUTPUTS = """() => [...document.querySelectorAll(".jp-OutputArea-child")].map((box) => ({
  high: box.offsetHeight,
  text: box.innerText.trim(),
  live: Boolean(box.querySelector(".lw")),
  image: box.querySelector("img")?.src.split(",")[1] ?? null,
  wide: box.querySelector("img")?.naturalWidth ?? 0,
  frame: box.querySelector("iframe")?.offsetHeight ?? 0,
}))"""
PIXELS = """() => {
  const canvas = document.querySelector(".lw-viewer canvas.lw-picture");
  return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.join();
}"""


def until(found, seconds=30):
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, value
        time.sleep(0.05)
    return value


def outputs(page):
    return [SimpleNamespace(**each) for each in page.evaluate(OUTPUTS)]


def decoder_runs(frame):
    return frame.locator("[role=status]").inner_text().startswith("Live")


def moves(frame):
    """Whether its picture follows a key that makes z another."""
    before = frame.evaluate(PIXELS)
    frame.locator(".lw-density, .lw-viewer").first.wait_for()
    frame.evaluate(
        "() => { const { space } = document.querySelector('.lw-root');"
        " space.write(space.z.map((value) => value + 1)); }"
    )
    return until(lambda: frame.evaluate(PIXELS) != before)


@pytest.fixture(scope="module")
def kept(lab, chromium):
    """A notebook as it was saved, after its kernel is gone, and the last picture."""
    notebook = Notebook(lab, chromium)
    notebook.open(CELLS)
    page = notebook.page
    slider = page.locator(SLIDER).first
    slider.wait_for()
    first = outputs(page)[1].image
    slider.press("Shift+ArrowRight")
    slider.press("Shift+ArrowRight")
    until(lambda: outputs(page)[1].image != first)
    last = notebook.run("import base64; print(base64.b64encode(explorer.still().png).decode())")
    until(lambda: outputs(page)[1].image == last)
    alive = outputs(page)
    started = [frame.locator(".lw-root").count() for frame in page.frames[1:]]
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    (session,) = (
        each for each in lab.api("GET", "sessions") if each["kernel"]["id"] == notebook.kernel_id
    )
    file = lab.notebooks / session["path"]
    until(lambda: last in file.read_text().replace("\\n", ""))
    notebook.close()
    return SimpleNamespace(file=file, last=last, alive=alive, started=started)


@pytest.fixture
def reopen(lab, chromium):
    """Opens a saved notebook, whose cells are not run."""
    notebooks = []

    def reopen(name):
        notebooks.append(Notebook(lab, chromium))
        page = notebooks[-1].page
        page.set_viewport_size({"width": 1500, "height": 950})
        page.goto(lab.page_url(name))
        page.wait_for_selector(".jp-OutputArea-child >> nth=8", state="attached")
        return page

    yield reopen
    for each in notebooks:
        each.close()
    for session in lab.api("GET", "sessions"):
        lab.api("DELETE", f"sessions/{session['id']}")


def test_beside_the_live_widget_nothing_is_seen_and_no_page_starts(kept):
    assert [box.high > 0 for box in kept.alive] == [True, False, False, *[True, False, True] * 2]
    assert [box.live for box in kept.alive] == [True, False, False] * 3
    assert [box.frame for box in kept.alive] == [0] * 9
    assert kept.alive[5].text.startswith("Saved with this output: a page that stays live")
    assert kept.started == [0, 0]


def test_a_notebook_opened_again_shows_the_last_picture_and_live_pages(kept, reopen):
    page = reopen(kept.file.stem)
    until(lambda: len(page.frames) == 3 and page.frames[1].locator(PICTURE).count())
    boxes = outputs(page)
    assert [box.high > 0 for box in boxes] == [False, True, False, *[False, False, True] * 2]
    assert (boxes[1].image, boxes[1].wide) == (kept.last, 960)
    viewer, sliders = page.frames[1:]
    until(lambda: decoder_runs(viewer))
    assert moves(viewer)
    assert 300 < outputs(page)[5].frame < 700  # as high as its page
    sliders.frame_element().scroll_into_view_if_needed()
    until(lambda: sliders.locator(SLIDER).count() > 3)


def test_a_notebook_that_is_not_trusted_shows_pictures_alone(kept, lab, reopen):
    document = json.loads(kept.file.read_text())
    document["cells"][0]["outputs"][1]["metadata"]["strange"] = True
    (lab.notebooks / "strange.ipynb").write_text(json.dumps(document))
    page = reopen("strange")
    boxes = until(lambda: all(box.wide for box in outputs(page)[1::3]) and outputs(page))
    assert boxes[1].image == kept.last
    assert [box.text for box in boxes[::3]] == [
        f"lw.Latent{name}('digits')" for name in ("Explorer", "Viewer", "Sliders")
    ]
    assert len(page.frames) == 1


def test_html_of_a_run_notebook_shows_the_picture_and_live_pages_offline(chromium, tmp_path):
    file = tmp_path / "lesson.ipynb"
    file.write_text(json.dumps(_document(CELLS[:2])))
    convert = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", str(file)]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)  # noqa: S603 - fixed words
    context = chromium.browser.new_context(offline=True)
    page = context.new_page()
    page.goto(file.with_suffix(".html").as_uri(), wait_until="domcontentloaded")
    boxes = until(lambda: len(outputs(page)) == 6 and outputs(page))
    assert [box.high > 0 for box in boxes] == [False, True, False, False, False, True]
    assert boxes[1].wide == 960
    until(lambda: len(page.frames) == 2)
    page.frames[1].frame_element().scroll_into_view_if_needed()
    until(lambda: page.frames[1].locator(PICTURE).count() and decoder_runs(page.frames[1]))
    assert moves(page.frames[1])
    context.close()


SEEN = "() => [...document.querySelector('main').children].map((box) => box.offsetHeight > 0)"
HOSTS = ["jp-OutputArea-child", "output_area", "cell-output", "output_container"]


@pytest.mark.parametrize("box", HOSTS)
def test_boxes_of_every_known_host_are_told_apart(chromium, box):
    page = chromium.new_page()
    for alive, embedded in itertools.product([True, False], repeat=2):
        widget = '<section class="lw">live</section>' if alive else "model not found"
        page_mark = '<iframe class="lw-saved"></iframe><p class="lw-saved-note">note</p>'
        mark = page_mark if embedded else '<span class="lw-saved"></span>'
        contents = ["other", widget, "<img width=9 height=9>", mark, "other"]
        boxes = "".join(f'<div class="{box}">{each}</div>' for each in contents)
        page.set_content(f"<style>{_RULES}</style><main>{boxes}</main>")
        seen = page.evaluate(SEEN)
        assert seen == [True, alive, not alive and not embedded, embedded, True]
        if embedded:
            assert page.locator("iframe").is_visible() is not alive
            assert page.get_by_text("note").is_visible() is alive
    page.close()


@pytest.fixture(scope="module")
def voila(tmp_path_factory):
    """Serves one notebook for each engine; their addresses without the name."""
    folder = tmp_path_factory.mktemp("voila")
    for engine in ("browser", "kernel"):
        cell = f"import latent_widgets as lw\nlw.LatentExplorer('digits', engine='{engine}')"
        (folder / f"{engine}.ipynb").write_text(json.dumps(_document([cell])))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "voila", ".", "--no-browser", f"--port={port}"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(words, cwd=folder, stdout=log, stderr=log)  # noqa: S603 - fixed words
    url = f"http://localhost:{port}/voila"

    def answers():
        try:
            urlopen(f"{url}/tree", timeout=5).close()  # noqa: S310 - localhost
        except URLError:
            return False
        return True

    until(answers)
    yield f"{url}/render/"
    server.terminate()
    server.wait(20)


@pytest.mark.parametrize("engine", ["browser", "kernel"])
def test_voila_shows_the_widget_and_it_follows_the_hand(chromium, voila, engine):
    page = chromium.new_page()
    page.set_viewport_size({"width": 1300, "height": 1200})
    page.goto(f"{voila}{engine}.ipynb", wait_until="commit", timeout=90_000)
    slider = page.locator(SLIDER).first
    slider.wait_for(timeout=90_000)
    until(lambda: page.evaluate(PIXELS))
    boxes = outputs(page)
    assert [box.live for box in boxes] == [True, False, False]
    assert [box.high > 0 for box in boxes] == [True, False, False]
    where = "this page" if engine == "browser" else "the kernel"
    until(lambda: where in page.locator(".lw-speed").get_attribute("title"))
    place = slider.bounding_box()
    seen, told = set(), ""
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(place["x"] + place["width"] * (0.5 + step / 50), place["y"] + 12)
        time.sleep(0.05)
        seen.add(page.evaluate(PIXELS))
        told += page.inner_text(".lw-speed")
    page.mouse.up()
    assert len(seen) > 5
    assert ("browser" in told) is (engine == "browser")
    until(lambda: "cpu" in page.inner_text(".lw-speed"))
    page.close()
