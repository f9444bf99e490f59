"""Pictures decoded in a page: the same pixels as torch, wherever the page lets them be made."""

from __future__ import annotations

import http.server
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest

from latent_widgets import codec
from latent_widgets.models.zoo import card, load_bundled

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "src": ROOT / "js" / "src",
    "static": ROOT / "latent_widgets" / "static",
    "spaces": ROOT / "latent_widgets" / "spaces",
}
SCRIPT = """
import { BrowserDecoder } from "/src/decode/browser.js";
import { Pair } from "/src/decode/pair.js";

const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
window.supplied = 0;
window.supply = async () => {
  window.supplied += 1;
  const script = await (await fetch("/static/decoder.js")).text();
  return { script, wasm: await bytes("/static/ort.wasm.gz") };
};
const options = async (name, latent_dim, image_shape) => ({
  runtime: window.supply,
  decoder: await bytes(`/spaces/${name}.onnx`),
  latent_dim,
  image_shape,
  signal: new AbortController().signal,
});
window.load = async (name, latent_dim, image_shape, more = {}) =>
  BrowserDecoder.load({ ...(await options(name, latent_dim, image_shape)), ...more });
window.load_pair = async (...words) => Pair.load(await options(...words));
window.ready = true;
"""
D = card("faces")["config"]["latent_dim"]
FACES = f"window.load('faces', {D}, [3, 64, 64])"
SELF = "script-src 'self'"


class Handler(http.server.BaseHTTPRequestHandler):
    """The page under any policy, and the files it needs."""

    def do_GET(self):
        parts = urlsplit(self.path)
        folder, _, name = parts.path.strip("/").partition("/")
        if not folder:
            self.answer(b"<!doctype html><script type=module src=/page.js></script>", "text/html")
        elif folder == "page.js":
            self.answer(SCRIPT.encode(), "text/javascript")
        elif folder in FOLDERS:
            kind = "text/javascript" if name.endswith(".js") else "application/octet-stream"
            self.answer((FOLDERS[folder] / name).read_bytes(), kind)
        else:
            self.answer(b"", "image/x-icon")

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        # A sandboxed page has an origin of its own and is a stranger even here.
        self.send_header("Access-Control-Allow-Origin", "*")
        for policy in parse_qs(urlsplit(self.path).query).get("policy", []):
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://localhost:{running.server_port}"
        running.shutdown()


@pytest.fixture
def visit(server, chromium):
    pages = []

    def open_page(policy="", before=""):
        page = chromium.new_page()
        pages.append(page)
        page.set_default_timeout(60_000)
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.add_init_script(before)
        page.goto(f"{server}/?policy={quote(policy)}" if policy else server)
        page.wait_for_function("window.ready")
        return page

    yield open_page
    for page in pages:
        page.close()


def pixels_apart(page, name, z, options=None):
    """Largest difference, in levels of 256, of the page's pictures of z to torch's."""
    space = load_bundled(name)
    answer = page.evaluate(
        """async ([name, dim, shape, z, options]) => {
          const decoder = await window.load(name, dim, shape, options);
          const found = await decoder.decode(Float32Array.from(z));
          return { ...found, pixels: Array.from(found.pixels) };
        }""",
        [
            *(name, space.model.latent_dim, list(space.image_shape)),
            *(z.flatten().tolist(), options or {}),
        ],
    )
    wanted = codec.to_uint8(space.model.decode(z))
    found = np.array(answer["pixels"]).reshape(answer["shape"])
    assert found.shape == wanted.shape
    assert answer["ms"] > 0
    return np.abs(found - wanted.astype(int)).max()


@pytest.mark.parametrize("name", ["digits", "faces"])
def test_a_worker_gives_the_pixels_of_torch(visit, name):
    page = visit()
    assert pixels_apart(page, name, load_bundled(name).points[:7]) <= 1
    assert page.evaluate(f"{FACES}.then((decoder) => [decoder.place, decoder.why])") == [
        "worker",
        "",
    ]
    assert page.complaints == []


@pytest.mark.parametrize("name", ["digits", "faces"])
def test_the_page_itself_gives_the_pixels_of_torch(visit, name):
    page = visit()
    near = {"near": True}
    assert pixels_apart(page, name, load_bundled(name).points[:7], near) <= 1
    found = f"window.load('faces', {D}, [3, 64, 64], {{near: true}})"
    assert page.evaluate(f"{found}.then((decoder) => decoder.place)") == "main thread"
    assert len(page.workers) == 0
    assert page.complaints == []


# Everything a page does in its turn: input, then the picture, and only then other tasks.
IN_ONE_TURN = """async (load) => {
  const decoder = await eval(load);
  await decoder.measure();
  const { port1, port2 } = new MessageChannel();
  let turned = false;
  port1.onmessage = () => { turned = true; };
  port2.postMessage(null);
  await decoder.decode(new Float32Array(16), { urgent: true });
  return [decoder.place, !turned];
}"""
DIGITS = "window.load_pair('digits', 16, [1, 28, 28])"


def test_a_brief_picture_is_there_before_the_page_does_anything_else(visit):
    assert visit().evaluate(IN_ONE_TURN, DIGITS) == ["main thread", True]


def test_where_the_page_runs_no_foreign_script_the_worker_does_all(visit):
    page = visit(f"{SELF} 'wasm-unsafe-eval'; worker-src blob:")
    place, _ = page.evaluate(IN_ONE_TURN, DIGITS)
    assert place == "worker"
    assert page.evaluate("window.supplied") == 1


@pytest.mark.parametrize(
    ("policy", "place", "why"),
    [
        ("sandbox allow-scripts", "worker", ""),
        (f"{SELF} blob: 'wasm-unsafe-eval'", "worker", ""),
        (
            f"{SELF} blob: 'wasm-unsafe-eval'; worker-src 'none'",
            "main thread",
            "The page's policy blocks workers.",
        ),
        (
            f"{SELF} 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'none'",
            "main thread",
            "The page's policy blocks workers.",
        ),
    ],
)
def test_a_policy_decides_where_and_the_decoder_says_why(visit, policy, place, why):
    page = visit(policy)
    assert page.evaluate(f"{FACES}.then((decoder) => [decoder.place, decoder.why])") == [place, why]
    assert pixels_apart(page, "faces", load_bundled("faces").points[:2]) <= 1


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        (f"{SELF} blob:", "its policy forbids WebAssembly (script-src lacks 'wasm-unsafe-eval')."),
        (f"{SELF} 'unsafe-inline'", "its policy forbids WebAssembly"),
        (
            f"{SELF} 'wasm-unsafe-eval'",
            "blocks workers. The page's policy blocks scripts that come with a widget.",
        ),
    ],
)
def test_a_page_that_forbids_it_says_so_at_once(visit, policy, reason):
    page = visit(policy)
    start = time.monotonic()
    sentence = page.evaluate(f"{FACES}.catch((error) => error.message)")
    assert time.monotonic() - start < 5
    assert sentence.startswith("Pictures cannot be decoded in this page: ")
    assert reason in sentence


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("delete window.WebAssembly", "the browser has no WebAssembly."),
        ("WebAssembly.validate = () => false", "the browser's WebAssembly has no SIMD."),
        ("delete window.DecompressionStream", "the browser has no DecompressionStream."),
    ],
)
def test_an_old_browser_is_named_and_nothing_is_fetched(visit, before, reason):
    page = visit(before=before)
    assert reason in page.evaluate(f"{FACES}.catch((error) => error.message)")
    assert page.evaluate("window.supplied") == 0


def test_a_silent_worker_is_given_up_after_five_seconds(visit):
    page = visit(before="window.Worker = class { postMessage() {} terminate() {} }")
    start = time.monotonic()
    place, why = page.evaluate(f"{FACES}.then((decoder) => [decoder.place, decoder.why])")
    assert 5 <= time.monotonic() - start < 12
    assert place == "main thread"
    assert why == "The worker did not answer: nothing for 5 s."


def test_spaces_share_one_runtime_even_when_they_start_together(visit):
    page = visit()
    places = page.evaluate(
        f"""Promise.all([{FACES}, window.load('digits', 16, [1, 28, 28]), {FACES}])
        .then((all) => all.map((decoder) => decoder.place))"""
    )
    assert places == ["worker"] * 3
    assert page.evaluate("window.supplied") == 1
    assert len(page.workers) == 1


def test_a_cell_closed_while_it_starts_holds_up_no_other(visit):
    page = visit()
    found = page.evaluate(
        f"""async () => {{
          const leaving = new AbortController();
          const first = window.load("faces", {D}, [3, 64, 64], {{
            runtime: () => new Promise(() => {{}}),
            signal: leaving.signal,
          }}).catch((error) => error.name);
          await new Promise((done) => setTimeout(done, 100));
          const second = {FACES};
          leaving.abort();
          return [await first, (await second).place];
        }}"""
    )
    assert found == ["AbortError", "worker"]


def test_a_closed_decoder_says_so_and_the_runtime_lives_on(visit):
    page = visit()
    found = page.evaluate(
        f"""async () => {{
          const leaving = new AbortController();
          const {{ signal }} = leaving;
          const decoder = await window.load("faces", {D}, [3, 64, 64], {{ signal }});
          const [z, two] = [new Float32Array({D}), new Float32Array({D} * 2)];
          const under_way = decoder.decode(two).catch((error) => error.message);
          leaving.abort();
          const after = decoder.decode(z).catch((error) => error.message);
          const other = await (await {FACES}).decode(z);
          return [await under_way, await after, other.shape];
        }}"""
    )
    assert found == ["this decoder is closed", "this decoder is closed", [1, 64, 64, 3]]


def test_a_broken_decoder_is_refused_and_the_runtime_lives_on(visit):
    page = visit()
    found = page.evaluate(
        f"""async () => {{
          const broken = await window.load("faces", {D}, [3, 64, 64], {{
            decoder: new Uint8Array(500).fill(7),
          }}).catch((error) => error.message);
          const wrong = await (await window.load("faces", {D}, [1, 8, 8]))
            .decode(new Float32Array({D})).catch((error) => error.message);
          return [broken, wrong, (await {FACES}).place];
        }}"""
    )
    assert "protobuf" in found[0].lower()
    assert found[1:] == ["the decoder gave 12288 numbers for 64 pixels", "worker"]


def test_the_current_picture_passes_a_strip_and_the_page_stays_smooth(visit):
    page = visit()
    order, frames, ms = page.evaluate(
        f"""async () => {{
          const decoder = await {FACES};
          let frames = 0;
          const animate = () => {{ frames += 1; requestAnimationFrame(animate); }};
          animate();
          const order = [];
          const strip = decoder.decode(new Float32Array({D} * 11)).then(() => order.push("strip"));
          const current = decoder.decode(new Float32Array({D}), {{ urgent: true }})
            .then(() => order.push("current"));
          await Promise.all([strip, current]);
          return [order, frames, (await decoder.measure()).trip];
        }}"""
    )
    assert order == ["current", "strip"]
    assert frames > 2
    assert 0 < ms < 500
