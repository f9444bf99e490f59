"""Large pictures: coarse while a control moves, exact when it rests, as far as the link carries."""

import io
import time

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from latent_widgets import codec
from latent_widgets.link import LADDER
from latent_widgets.lossless import Lossless
from latent_widgets.space import LatentSpace


class Colours(nn.Module):
    """Decodes z to a picture of soft colours, of any size and number of channels."""

    latent_dim = 3

    def __init__(self, channels=3, side=160):
        super().__init__()
        self.channels, self.side, self.broken = channels, side, False

    def decode(self, z):
        if z[0, 0] == 66:
            raise ValueError("this z is out of order")
        places = torch.linspace(0, 3, self.side)
        waves = torch.sin(z.sum(1).view(-1, 1, 1, 1) + places.view(1, 1, -1, 1) * places)
        return (waves * z.mean(1).tanh().view(-1, 1, 1, 1) / 2 + 0.5).expand(
            -1, self.channels, -1, -1
        )


class Page:
    """A page that keeps what it gets, and says what it has seen."""

    def __init__(self, model, *, answers=True):
        self.space = LatentSpace(model)
        self.frames, self.replies, self.answers, self.seq = [], [], answers, 0
        assert self.space.wait()
        self.space.send = self.take

    def take(self, content, buffers=None):
        if content["kind"] != "frame":
            self.replies.append((content, buffers))
            return
        self.frames.append((content, buffers))
        if self.answers and content.get("seen"):
            self.say({"op": "seen", "version": content["version"]})

    def say(self, content, *latents):
        self.seq += 1
        buffers = [memoryview(np.float32(z).tobytes()) for z in latents]
        message = {"client": "me", "channel": "c", "seq": self.seq, **content}
        self.space._receive(None, message, buffers)

    def drag(self, *latents, stats=None):
        for z in latents:
            self.say({"op": "z", "gesture": "g", "stats": stats}, z)
            time.sleep(0.03)
        assert self.space.wait()

    def pixels(self, index):
        content, buffers = self.frames[index]
        if content["format"] == "raw":
            return np.frombuffer(buffers[1], np.uint8).reshape(content["shape"])
        found = np.asarray(Image.open(io.BytesIO(buffers[1])))
        # WebP has no grey of its own.
        return found if content["shape"][2] > 1 else found.reshape(*found.shape[:2], -1)[..., :1]


@pytest.fixture
def page(monkeypatch):
    # Otherwise a busy machine finds that packing does not pay.
    monkeypatch.setattr("latent_widgets.lossless._TRIES", 1000)
    opened = []

    def open_page(*args, **options):
        opened.append(Page(*args, **options))
        return opened[-1]

    yield open_page
    for each in opened:
        each.space.close()


def test_a_drag_is_jpeg_and_its_end_is_exact(page):
    page = page(Colours())
    page.drag([0.1, 0, 0], [0.2, 0, 0], [0.3, 1, 0])
    formats = [content["format"] for content, _ in page.frames]
    assert len(formats) >= 3
    # A slow machine may rest in between.
    assert set(formats[:2]) == {"jpeg"}
    assert formats[-2:] == ["jpeg", "webp"]
    assert np.array_equal(page.pixels(-1), page.space.image)
    assert np.array_equal(page.space.image, codec.to_uint8(page.space.decode(page.space.z))[0])
    assert np.abs(page.pixels(-2).astype(int) - page.space.image).mean() < 3
    versions = [content["version"] for content, _ in page.frames]
    assert versions == sorted(set(versions))
    assert page.frames[-1][0]["answered"] == page.frames[-2][0]["answered"]
    assert len(page.frames[-2][1][1]) < len(page.frames[-1][1][1]) < page.space.image.nbytes


def test_a_single_step_from_python_is_exact_at_once_and_a_loop_is_not(page):
    page = page(Colours())
    time.sleep(0.5)
    page.space.z = [0.5, 0, 0]
    assert page.space.wait()
    assert [content["format"] for content, _ in page.frames] == ["webp"]
    for value in range(5):
        page.space.z = [0, value, 0]
    assert page.space.wait()
    assert "jpeg" in [content["format"] for content, _ in page.frames]
    assert np.array_equal(page.pixels(-1), page.space.image)


def test_a_page_that_decodes_for_itself_gets_exact_pictures_only(page):
    page = page(Colours())
    page.drag([0.1, 0, 0], [0.2, 0, 0], stats={"engine": "browser"})
    assert {content["format"] for content, _ in page.frames} == {"webp"}


@pytest.mark.parametrize(
    ("channels", "side", "moving", "resting"),
    [(1, 300, "jpeg", "webp"), (4, 160, "raw", "raw"), (3, 64, "raw", "raw")],
)
def test_grey_transparent_and_small_pictures(page, channels, side, moving, resting):
    page = page(Colours(channels, side))
    page.drag([0.1, 0, 0], [0.2, 0, 1])
    assert (page.frames[0][0]["format"], page.frames[-1][0]["format"]) == (moving, resting)
    assert np.array_equal(page.pixels(-1), page.space.image)


def test_a_decoder_that_fails_in_a_drag_says_so_and_the_next_picture_comes(page):
    page = page(Colours())
    page.drag([66, 0, 0])
    content, buffers = page.frames[-1]
    assert content["error"] == "this z is out of order"
    assert len(buffers) == 1
    page.drag([1, 0, 0])
    assert "error" not in page.frames[-1][0]
    assert np.array_equal(page.pixels(-1), page.space.image)


def test_moving_pictures_shrink_with_the_link_and_the_resting_one_never(page, monkeypatch):
    page = page(Colours())
    monkeypatch.setattr(page.space._feed.link, "_step", len(LADDER) - 1)
    page.drag([0.1, 0, 0], [0.2, 0, 0])
    assert page.pixels(0).shape == (40, 40, 3)
    assert page.frames[0][0]["shape"] == [160, 160, 3]
    assert np.array_equal(page.pixels(-1), page.space.image)


def test_stats_tell_how_pictures_travel(page):
    page = page(Colours())
    assert page.space.stats() == {}
    page.drag([0.1, 0, 0], [0.2, 0, 0], stats={"engine": "kernel", "model_ms": 2.0})
    stats = page.space.stats()
    assert stats["format"] == "webp"
    assert stats["wire_bytes"] == len(page.frames[-1][1][1])
    assert (stats["precision"], stats["layout"], stats["graph"]) == ("float32", "given", False)
    assert stats["model_ms"] == 2.0


def test_a_page_that_does_not_answer_delays_nothing_for_long(page):
    page = page(Colours(), answers=False)
    start = time.monotonic()
    page.drag(*[[value / 10, 0, 0] for value in range(8)])
    assert time.monotonic() - start < 5
    assert np.array_equal(page.pixels(-1), page.space.image)


def test_strips_of_large_pictures_are_one_jpeg_and_a_single_one_is_exact(page):
    page = page(Colours())
    page.say({"op": "decode"}, [[0, 0, 1], [0, 1, 1], [1, 1, 1]])
    page.say({"op": "decode", "channel": "other"}, [[0, 0, 1]])
    assert page.space.wait()
    (many, (strip,)), (one, (single,)) = page.replies
    assert (many["shape"], many["format"]) == ([3, 160, 160, 3], "jpeg")
    assert Image.open(io.BytesIO(strip)).size == (160, 480)
    assert (one["shape"], one["format"]) == ([1, 160, 160, 3], "webp")
    wanted = codec.to_uint8(page.space.decode([[0, 0, 1]]))[0]
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(single))), wanted)


def test_lossless_packing_is_left_out_where_it_costs_more_than_it_saves():
    times = iter([0, 9, 10, 11, 20, 22, 30, 31])
    lossless = Lossless(lambda: next(times))
    pictures = np.zeros((1, 200, 200, 3), np.uint8)
    for _ in range(3):  # a second in the best case
        assert lossless.pack(pictures, 1e6).format == "webp"
    assert lossless.pack(pictures, 1e6).format == "raw"
    assert lossless.pack(pictures, 1e3).format == "webp"


def test_what_has_no_jpeg_or_webp_goes_raw():
    tall = torch.zeros(70, 3, 1000, 2, dtype=torch.uint8)
    assert codec.to_jpeg(tall, 90) is None
    assert codec.to_webp(np.zeros((1, 16_384, 2, 3), np.uint8)) is None
    assert codec.to_jpeg(torch.zeros(1, 2, 8, 8, dtype=torch.uint8), 90) is None


def test_levels_are_means_of_squares_when_shrunk():
    picture = torch.tensor([[0.0, 1.0], [1.0, 0.0]]).repeat(2, 2)[None, None]
    assert codec.to_levels(picture, 2).flatten().tolist() == [128] * 4
    assert codec.to_levels(picture).shape == (1, 1, 4, 4)


def test_a_decoder_too_large_for_a_page_is_decoded_here_and_the_page_told_why(page, monkeypatch):
    class Heavy(nn.Module):
        latent_dim = 3

        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(3, 3 * 160 * 160)

        def decode(self, z):
            return torch.sigmoid(self.layer(z)).view(-1, 3, 160, 160)

    monkeypatch.setattr("latent_widgets.backends.onnx.MAX_WEIGHTS", 10)
    page = page(Heavy())
    page.say({"op": "decoder"})
    end = time.monotonic() + 60
    while not page.replies and time.monotonic() < end:
        time.sleep(0.05)
    assert "MB of weights; a page runs decoders of up to" in page.replies[0][0]["error"]
    page.drag([0.1, 0, 0], [0.2, 0, 0])
    assert np.array_equal(page.pixels(-1), page.space.image)
