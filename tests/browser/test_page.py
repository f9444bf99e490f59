"""A page saved to a file, opened from the disk with the network off, and moved by hand."""

from __future__ import annotations

import time

import numpy as np
import pytest
from toys import Painter, pictures

import latent_widgets as lw
from latent_widgets import codec

PICTURE = ".lw-viewer canvas.lw-picture"
SPACE = "document.querySelector('.lw-root').space"
Z = f"() => [...{SPACE}.z]"
PIXELS = """(selector) => {
  const canvas = document.querySelector(selector);
  const { data, width, height } = canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height);
  return [height, width, [...data]];
}"""
LIVE = "Live: this page decodes by itself, offline; nothing leaves it."
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Spaces by name, and the files they were saved to."""
    folder = tmp_path_factory.mktemp("pages")
    made = {}

    def save(name, **options):
        key = (name, *options.items())
        if key not in made:
            explorer = lw.LatentExplorer(name)
            file = folder / f"page{len(made)}.html"
            explorer.save_html(file, **options)
            made[key] = explorer, file
        return made[key]

    return save


# One that cannot unpack, and one without vectors and graphics card.
OLD_BROWSERS = {
    "old": "delete window.DecompressionStream",
    "plain": """WebAssembly.validate = () => false;
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind === "2d" ? getContext.call(this, kind, ...rest) : null;
    };""",
}
HIDEABLE = """window.away = false;
Object.defineProperty(Document.prototype, "hidden", { get: () => window.away });"""


class Page:
    """One saved page, and everything that went wrong in it."""

    def __init__(self, context, file):
        self.context = context
        self.file = file
        self.page = context.new_page()
        self.complaints = []
        self.requests = []
        self.page.on("console", lambda line: line.type == "error" and self._complain(line.text))
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _complain(self, text):
        self.complaints.append(text)

    def open(self):
        self.page.goto(self.file.as_uri())
        self.until(f"document.querySelector('{PICTURE}')?.width > 1")

    def until(self, condition, seconds=20):
        """Wait for an expression; `wait_for_function` would evaluate text, which is forbidden."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(f"() => Boolean({condition})"):
            assert time.monotonic() < end, f"{condition}\n{self.complaints}"
            time.sleep(0.02)

    @property
    def status(self):
        return self.page.inner_text("[role=status]")

    def live(self):
        self.until("document.querySelector('[role=status]').textContent.startsWith('Live')")

    def pixels(self, selector=PICTURE):
        height, width, data = self.page.evaluate(PIXELS, selector)
        return np.array(data).reshape(height, width, 4)[..., :3]

    def leaves(self, z):
        """Wait until `z` is another."""
        self.until(f"{SPACE}.z.some((value, i) => value !== {z.tolist()}[i])")

    def comes_to(self, z):
        """Wait until `z` is this one."""
        self.until(f"{SPACE}.z.every((value, i) => value === {z.tolist()}[i])")

    def z(self):
        return np.array(self.page.evaluate(Z), np.float32)

    def settled(self, space):
        """Wait until the picture is what torch decodes `z` to, give or take one level."""
        for _ in range(60):
            z = self.z()
            wanted = codec.to_uint8(space.decode(z))[0].astype(int)
            if np.abs(self.pixels() - wanted).max() <= 1 and np.array_equal(z, self.z()):
                return z
            time.sleep(0.1)
        return pytest.fail(f"the picture is no decode of z; {self.status} {self.complaints}")

    def place(self, scatter):
        """Where the cursor is on the screen, by the map's own rule of fitting the points."""
        self.page.locator(".lw-scatter canvas.lw-overlay").scroll_into_view_if_needed()
        box = self.page.locator(".lw-scatter canvas.lw-overlay").bounding_box()
        return self.on_map(scatter, scatter.projection.transform(self.z()), box)

    def on_map(self, scatter, place, box):
        low, high = scatter.projection.xy.min(0), scatter.projection.xy.max(0)
        scale = min((box["width"] - 48) / (high - low)[0], (box["height"] - 48) / (high - low)[1])
        shift = (np.array(place) - (low + high) / 2) * scale
        x, y = box["x"] + box["width"] / 2 + shift[0], box["y"] + box["height"] / 2 - shift[1]
        return float(x), float(y)

    def clean(self):
        """Nothing was said on the console or in a card, and nothing was fetched."""
        assert self.page.locator(".lw-notice").all_inner_texts() == []
        assert self.complaints == []
        strange = [url for url in self.requests if not url.startswith(("file:", "blob:", "data:"))]
        assert strange == []


@pytest.fixture
def visit(chromium):
    contexts = []

    def open_page(file, before="", **options):
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        context = chromium.browser.new_context(offline=True, **options)
        contexts.append(context)
        context.add_init_script(before)
        page = Page(context, file)
        page.open()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", ["digits", "faces"])
def test_the_first_picture_comes_at_once_and_then_the_page_is_live(saved, visit, name):
    explorer, file = saved(name)
    start = time.monotonic()
    page = visit(file)
    assert time.monotonic() - start < 3
    wanted = codec.to_uint8(explorer.space.decode(explorer.space.z))[0]
    assert np.array_equal(page.pixels(), np.broadcast_to(wanted, (*wanted.shape[:2], 3)))
    page.live()
    assert page.status == LIVE
    page.page.get_by_role("button", name="random", exact=True).click()
    page.leaves(explorer.space.z)
    page.settled(explorer.space)
    page.clean()


def test_every_part_moves_z_and_the_picture_is_torchs(saved, visit):
    explorer, file = saved("digits")
    page = visit(file)
    page.live()
    mouse, space = page.page.mouse, explorer.space
    start = page.settled(space)

    slider = page.page.locator(".lw-sliders input[type=range]").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    before, seen = page.pixels(), []
    mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 12)
    mouse.down()
    for step in range(8):
        mouse.move(box["x"] + box["width"] * (0.5 + step / 20), box["y"] + 12)
        seen.append(page.pixels().tobytes())
    mouse.up()
    slid = page.settled(space)
    assert (slid != start).sum() == 1
    assert not np.array_equal(page.pixels(), before)
    assert len(set(seen)) > 2

    x, y = page.place(explorer.scatter)
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + 40, y + 30, steps=5)
    mouse.up()
    dragged = page.settled(space)
    assert (dragged != slid).sum() > 10

    frames = page.page.locator(".lw-strip .lw-frames")
    frames.scroll_into_view_if_needed()
    box = frames.bounding_box()
    mouse.move(box["x"] + 10, box["y"] + 20)
    mouse.down()
    mouse.move(box["x"] + box["width"] - 2, box["y"] + 20, steps=6)
    mouse.up()
    scrubbed = page.settled(space)
    assert np.allclose(scrubbed, explorer.strip.b, atol=1e-5)

    for before in (dragged, slid, start):
        page.page.get_by_role("button", name="undo", exact=True).click()
        page.comes_to(before)
        page.settled(space)
    page.page.keyboard.press("Control+y")
    page.comes_to(slid)
    page.clean()


def test_a_direction_is_added_and_followed(saved, visit):
    explorer, file = saved("digits")
    page = visit(file)
    page.live()
    start = page.settled(explorer.space)
    page.page.locator(".lw-tries button").first.click()
    page.leaves(start)
    points, labels = explorer.space.points, explorer.space.factors["label"].astype(int)
    wanted = start + points[labels == 1].mean(0) - points[labels == 0].mean(0)
    assert np.allclose(page.settled(explorer.space), wanted, atol=1e-4)
    page.until("document.querySelectorAll('.lw-nearby button').length === 5")
    nearest = np.linalg.norm(points - wanted, axis=1).min()
    assert page.page.inner_text(".lw-nearby button span.lw-small") == f"{nearest:.2f}"
    page.clean()


def test_a_point_shows_its_picture_and_a_click_goes_there(saved, visit):
    explorer, file = saved("digits")
    page = visit(file)
    page.live()
    scatter, space = explorer.scatter, explorer.space
    row = int(scatter.projection.xy[:, 1].argmin())  # far from all others
    box = page.page.locator(".lw-scatter canvas.lw-overlay").bounding_box()
    x, y = page.on_map(scatter, scatter.projection.xy[row], box)
    page.page.mouse.move(x - 1, y)
    page.page.mouse.move(x, y)
    preview = ".lw-preview canvas"
    page.until("!document.querySelector('.lw-preview').hidden")
    page.until(f"document.querySelector('{preview}').width === 28")
    wanted = codec.to_uint8(space.decode(space.points[row]))[0].astype(int)
    assert np.abs(page.pixels(preview) - wanted).max() <= 1
    page.page.mouse.down()
    page.page.mouse.up()
    page.comes_to(space.points[row])
    page.settled(space)
    page.clean()


def nearest_beforehand(page, explorer):
    """Compare the picture with the model's own of the nearest latent that was decoded before."""
    grid = page.page.evaluate(
        "() => JSON.parse(document.querySelector('[data-block=saved]').textContent).grid.latents"
    )["base64/bytes"]
    raw = page.page.evaluate("text => [...atob(text)].map((c) => c.charCodeAt(0))", grid)
    latents = np.frombuffer(bytes(raw), "<f4").reshape(-1, explorer.space.latent_dim)
    nearest = latents[np.linalg.norm(latents - page.z(), axis=1).argmin()]
    wanted = codec.to_uint8(explorer.space.decode(nearest))[0].astype(int)
    page.until(f"{SPACE}.frame.z.every((value, i) => value === {SPACE}.z[i])")
    time.sleep(0.2)
    return np.abs(page.pixels() - wanted).max()


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("policy", "its policy forbids WebAssembly"),
        ("old", "the browser has no DecompressionStream."),
        ("plain", "the browser's WebAssembly has no SIMD."),
        ("grid", "This page was saved without a decoder."),
    ],
)
def test_where_it_cannot_decode_it_shows_pictures_made_beforehand_and_says_so(
    saved, visit, tmp_path, how, reason
):
    explorer, file = saved("digits", **({"decoder": "grid"} if how == "grid" else {}))
    if how == "policy":
        file, whole = tmp_path / "page.html", file.read_text()
        file.write_text(whole.replace("'wasm-unsafe-eval' ", "", 1))
    page = visit(file, OLD_BROWSERS.get(how, ""))
    page.until("document.querySelector('[role=status]').textContent.startsWith('Not live')")
    assert "the nearest of 373 pictures made beforehand" in page.status
    assert reason in page.status
    page.until("document.querySelectorAll('.lw-frames canvas').length === 11")
    x, y = page.place(explorer.scatter)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for step in range(1, 4):
        page.page.mouse.move(x + 40 * step, y + 20 * step)
        assert nearest_beforehand(page, explorer) == 0
    page.page.mouse.up()
    page.page.get_by_role("button", name="undo", exact=True).click()
    page.comes_to(explorer.space.z)
    assert nearest_beforehand(page, explorer) == 0
    # Chromium itself notes the attempt; nothing else may be said.
    page.complaints = [text for text in page.complaints if "WebAssembly" not in text]
    page.clean()


def test_a_page_in_the_background_rests_and_goes_on(saved, visit):
    _, file = saved("digits", decoder="grid")
    page = visit(file, HIDEABLE)
    page.page.get_by_role("button", name="play", exact=True).click()
    page.leaves(page.z())
    page.page.evaluate("() => { window.away = true; }")
    time.sleep(0.2)
    resting = page.z()
    time.sleep(0.5)
    assert np.array_equal(page.z(), resting)
    page.page.evaluate("() => { window.away = false; }")
    page.leaves(resting)


def test_a_phone_shows_one_column_takes_touches_and_keeps_the_picture_in_sight(saved, visit):
    explorer, file = saved("digits")
    page = visit(file, **PHONE)
    page.live()
    start = page.settled(explorer.space)
    assert page.page.evaluate("() => document.documentElement.scrollWidth") == 390
    tops = [
        page.page.locator(f".lw-at-{name}").bounding_box()["y"]
        for name in ("viewer", "sliders", "scatter", "strip", "arithmetic")
    ]
    assert tops == sorted(tops)
    box = page.page.locator(".lw-sliders input[type=range]").first.bounding_box()
    page.page.touchscreen.tap(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    page.leaves(start)
    slid = page.settled(explorer.space)
    x, y = page.place(explorer.scatter)
    page.page.touchscreen.tap(x + 60, y - 30)
    page.leaves(slid)
    page.settled(explorer.space)
    for name in ("sliders", "scatter", "strip", "arithmetic"):
        page.page.locator(f".lw-at-{name}").evaluate("cell => cell.scrollIntoView()")
        box = page.page.locator(PICTURE).bounding_box()
        assert 0 <= box["y"] < 40
        assert 120 < box["height"] < 844 / 3
    page.clean()


@pytest.mark.parametrize("width", [320, 430])
def test_no_phone_has_to_scroll_sideways(saved, visit, width):
    _, file = saved("faces", decoder="grid")
    page = visit(file, **{**PHONE, "viewport": {"width": width, "height": 700}})
    assert page.page.evaluate("() => document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_readers_colour_scheme(saved, visit, scheme):
    _, file = saved("digits", decoder="grid")
    page = visit(file, color_scheme=scheme)
    colour = page.page.evaluate(
        "() => getComputedStyle(document.querySelector('.lw-page')).backgroundColor"
    )
    assert colour == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 17, 17)"}[scheme]


def test_a_model_of_the_users_own_runs_and_its_labels_stay_text(visit, tmp_path):
    nasty = "</script><script>window.bad = 1</script><img src=x onerror='window.bad = 1'>"
    labels = [nasty, "<!--", "a\u2028b", "plain"] * 3
    explorer = lw.LatentExplorer(Painter(), pictures(), labels=labels)
    file = explorer.save_html(tmp_path / "page.html", title=nasty)
    page = visit(file)
    page.live()
    page.page.locator(".lw-sliders input[type=range]").first.press("ArrowRight")
    page.settled(explorer.space)
    legend = page.page.locator(".lw-legend").inner_text()
    assert nasty in legend
    assert "<!--" in legend
    assert page.page.inner_text("h1") == page.page.title() == nasty
    assert page.page.evaluate("() => window.bad") is None
    assert "Pictures of rows are the model's reconstructions." in page.page.inner_text("footer")
    page.clean()
