"""Painting on the decoded picture."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
import torch
import traitlets

import latent_widgets as lw
from latent_widgets.canvas import Canvas
from latent_widgets.painting import Cover, Stroke, stroke_mask

LINE = [(0.25, 0.5), (0.75, 0.5)]


@pytest.fixture(scope="module")
def digits():
    space = lw.LatentSpace("digits", device="cpu")
    yield space
    space.close()


@pytest.fixture
def panel(digits):
    digits.z = digits.points[5]
    panel = lw.PaintPanel(digits)
    yield panel
    panel.close()


def under(picture):
    covered = stroke_mask(Stroke(np.float32(LINE), size=0.12), 28, 28) > 0.5
    return float(picture[..., 0][covered].mean())


@pytest.mark.parametrize(("tool", "sign"), [("lighter", 1), ("darker", -1)])
def test_a_stroke_changes_its_pixels_and_stays_like_the_data(panel, digits, tool, sign):
    before = under(digits.image)
    z = panel.paint(LINE, tool=tool)
    assert sign * (under(digits.image) - before) > 20
    assert digits.honesty(z).density[0] > 5
    assert 0 < panel.mismatch < 0.6
    assert panel.painted["strokes"] == 1
    assert np.abs(panel.moved).max() > 0


def test_a_stroke_undoes_as_one_step_and_takes_its_paint_along(panel, digits):
    start = digits.z
    one = panel.paint(LINE, size=0.08)
    panel.paint([(0.5, 0.2)], tool="darker")
    assert panel.painted["strokes"] == 2
    digits.undo()
    assert (digits.z == one).all()
    assert panel.painted["strokes"] == 1
    digits.undo()
    assert (digits.z == start).all()
    assert panel.painted == {}
    digits.redo()
    assert panel.painted["strokes"] == 1


def test_a_step_that_hardly_leaves_the_start_does_not_keep_its_paint_there(panel, digits):
    start = digits.z.copy()
    panel.paint([(0.25, 0.5), (0.75, 0.5)])
    canvas = panel._canvas
    # As the first small step of a page's stroke: paint, and z where it was but for a rounding.
    canvas._known.insert(1, (np.nextafter(start, np.float32(9)), canvas.layers))
    digits.undo()
    assert (digits.z == start).all()
    assert panel.painted == {}


def test_long_painting_keeps_few_pictures_and_knows_where_strokes_ended(panel, digits, monkeypatch):
    monkeypatch.setattr("latent_widgets.canvas._MOST_BYTES", 0)
    start = digits.z
    one = panel.paint(LINE, size=0.08)
    canvas = panel._canvas
    canvas.begin(weight=0.3, locked=[])
    for _ in range(200):
        canvas.draw(Stroke(np.float32(LINE)))
        canvas.follow(steps=1)
    assert len(canvas._known) == 64
    for z, strokes in ((start, 0), (one, 1), (canvas.z, 2)):
        assert canvas.knows(z).strokes == strokes
    two = canvas.z
    # A stroke that is over needs its last steps only.
    canvas.begin(weight=0.3, locked=[])
    assert len(canvas._known) < 40
    assert canvas.knows(two).strokes == 2
    for _ in range(100):
        canvas.begin(weight=0.3, locked=[])
        canvas.draw(Stroke(np.float32([(0.5, 0.2)])))
        canvas.follow(steps=1)
    assert len(canvas._known) == 64


def test_erasing_goes_back(panel, digits):
    start = digits.image.astype(float)
    panel.paint([(0.3, 0.3), (0.7, 0.7)], size=0.2)
    painted = digits.image.astype(float)
    panel.paint([(0.3, 0.3), (0.7, 0.7)], size=0.3, tool="erase")
    assert np.abs(digits.image - start).mean() < 0.6 * np.abs(painted - start).mean()


def test_somebody_else_moving_z_begins_anew(panel, digits):
    panel.paint(LINE)
    digits.z = digits.points[9]
    assert panel.painted == {}
    assert panel.mismatch is None
    assert not panel.moved.any()


class Page:
    """Paints as a page does, and looks on."""

    def __init__(self, panel, name="a"):
        self.panel, self.space, self.name = panel, panel.space, name
        self.z = np.float32(panel.space.z).tobytes()

    def send(self, places=LINE, **state):
        told = self.panel.painted
        seen = told.get("step", 0) if told.get("stroke") == self.name else 0
        content = {"op": "stroke", "stroke": self.name, "gesture": self.name, "seen": seen}
        ink = {"tool": "lighter", "size": 0.1, "strength": 1.0, "color": [1, 1, 1]}
        buffers = [memoryview(np.float32(places).tobytes()), memoryview(self.z)]
        self.panel._hear(self.panel, {**content, **ink, **state}, buffers)
        assert self.space.wait()

    def finish(self, places=LINE):
        for _ in range(60):
            self.send(places, last=True)
            if self.panel.painted.get("over"):
                return
        raise AssertionError(self.panel.painted)


def test_z_follows_a_page_on_its_own_and_all_of_it_undoes_as_one(panel, digits):
    start, entries = digits.z, len(digits.tape)
    page = Page(panel)
    page.send(LINE[:1])
    first = panel.painted
    # Asked once, it went on until four pictures were unseen.
    assert (first["stroke"], first["step"], first["places"]) == ("a", 4, 1)
    assert len(first["overlay"]) == 28 * 28 * 4
    page.finish()
    assert panel.painted["places"] == 2
    assert panel.painted["strokes"] == 1
    assert digits.z.tolist() == panel._canvas.z.tolist() != start.tolist()
    assert len(digits.tape) == entries + 1
    done = digits.z
    page.send(last=True)
    assert (digits.z == done).all()
    digits.undo()
    assert (digits.z == start).all()
    assert panel.painted == {}


def test_a_growing_stroke_covers_what_a_whole_one_does():
    way = np.random.default_rng(0).random((30, 2))
    cover, whole = Cover(20, 30), Stroke(np.float32(way), size=0.2)
    for n in (1, 2, 9, 9, 30):
        found = cover.grow(Stroke(whole.places[:n], size=0.2))
        assert found == pytest.approx(stroke_mask(Stroke(whole.places[:n], size=0.2), 20, 30))
    for other in (Stroke(whole.places[5:], size=0.2), Stroke(whole.places[5:], size=0.4)):
        assert cover.grow(other) == pytest.approx(stroke_mask(other, 20, 30))


def test_a_cancelled_stroke_was_never_there(panel, digits):
    first = panel.paint([(0.5, 0.2)], tool="darker")
    paint, entries = panel.painted["overlay"], len(digits.tape)
    page = Page(panel)
    page.send()
    assert not (digits.z == first).all()
    page.send(cancelled=True)
    assert (digits.z == first).all()
    assert len(digits.tape) == entries
    assert (panel.painted["strokes"], panel.painted["overlay"]) == (1, paint)
    page.send()
    assert (digits.z == first).all()


@pytest.mark.parametrize("go", ["undo", "elsewhere", "clear"])
def test_whoever_comes_later_ends_the_stroke(panel, digits, go):
    start = digits.z
    page = Page(panel)
    page.send()
    if go == "elsewhere":
        digits.z = digits.points[9]
    else:
        (digits.undo if go == "undo" else panel.clear)()
    z = digits.z
    page.send([*LINE, (0.5, 0.9)])
    assert (digits.z == z).all()
    assert (z == start).all() == (go == "undo")
    assert panel.painted == {}


def test_whoever_moves_z_during_a_step_comes_later(panel, digits, monkeypatch):
    page = Page(panel)
    page.send(LINE[:1])
    follow = Canvas.follow
    threads = []

    def slowly(canvas, **options):
        if not threads:
            threads.append(threading.Thread(target=digits.undo))
            threads[0].start()
            while (digits.z != digits.points[5]).any():
                time.sleep(0.001)
        return follow(canvas, **options)

    monkeypatch.setattr(Canvas, "follow", slowly)
    page.send()
    threads[0].join(10)
    assert (digits.z == digits.points[5]).all()
    assert panel.painted == {}


def test_a_newer_stroke_wins(panel, digits):
    older, newer = Page(panel), Page(panel, "b")
    older.send()
    newer.z = np.float32(digits.z).tobytes()
    newer.send([(0.5, 0.2), (0.5, 0.4)])
    older.send([*LINE, (0.5, 0.9)])
    assert panel.painted["stroke"] == "b"
    assert panel.painted["strokes"] == 2
    newer.finish([(0.5, 0.2), (0.5, 0.4)])


def test_a_decoder_that_fails_is_said_and_the_last_good_picture_stays(panel, digits, monkeypatch):
    page = Page(panel)
    page.send()
    z, picture = digits.z, digits.image

    def broken(*_, **__):
        raise RuntimeError("the card is gone")

    monkeypatch.setattr(panel._canvas._nudger, "step", broken)
    page.send([*LINE, (0.5, 0.9)])
    assert panel.painted["error"] == "RuntimeError: the card is gone"
    assert panel.painted["over"]
    assert (digits.z == z).all()
    assert (digits.image == picture).all()
    monkeypatch.undo()
    again = Page(panel, "b")
    again.send()
    assert "error" not in panel.painted


def test_a_closed_panel_steps_no_further_and_leaves_no_thread():
    space = lw.LatentSpace("digits", device="cpu")
    panel = lw.PaintPanel(space)
    page = Page(panel)
    page.send()
    z, thread = space.z, space._feed._mailbox._thread
    panel.close()
    page.send([*LINE, (0.5, 0.9)])
    assert (space.z == z).all()
    space.close()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tool": "spray"}, "tool must be one of"),
        ({"size": 2}, "size must be a number"),
        ({"strength": float("nan")}, "strength must be"),
        ({"tool": "colour", "color": "red"}, "color must be three"),
        ({"places": [[0, np.inf]]}, "finite"),
        ({"places": []}, "places must be"),
        ({"steps": 2.5}, "steps must be a whole number"),
    ],
)
def test_strokes_that_do_not_fit_change_nothing(panel, digits, options, words):
    before = digits.z
    with pytest.raises(ValueError, match=words):
        panel.paint(**{"places": LINE, **options})
    assert (digits.z == before).all()
    assert panel.painted == {}


def test_locked_dimensions_stay(panel, digits):
    before = digits.z
    panel.locked = [0, 3]
    z = panel.paint(LINE)
    assert z[[0, 3]].tolist() == before[[0, 3]].tolist()
    with pytest.raises(traitlets.TraitError, match="from 0 to 15"):
        panel.locked = [16]
    Page(panel).finish([(0.5, 0.2), (0.5, 0.4)])
    assert digits.z[[0, 3]].tolist() == before[[0, 3]].tolist()
    assert not (digits.z == z).all()


@pytest.mark.parametrize("name", ["digits_sphere", "tree"])
def test_on_the_sphere_and_in_the_ball_painting_stays_there(name):
    space = lw.LatentSpace(name, device="cpu")
    space.z = start = space.points[5]
    panel = lw.PaintPanel(space)
    far = []
    space.observe(lambda change: far.append(float(np.linalg.norm(np.float64(change.new)))), "z")
    page = Page(panel)
    page.send()
    page.finish()
    assert len(far) > 2
    assert not (space.z == start).all()
    assert panel.painted["away"] == pytest.approx(space.geometry.distance(start, space.z), rel=1e-4)
    if name == "tree":
        assert max(far) < 1
    else:
        assert far == pytest.approx([np.linalg.norm(start)] * len(far), rel=1e-5)
    with pytest.raises(traitlets.TraitError, match="curved"):
        panel.locked = [0]
    space.undo()
    assert space.z.tolist() == pytest.approx(start.tolist(), abs=1e-6)
    assert panel.painted == {}
    space.close()


class Numbers:
    """A decoder that torch cannot differentiate."""

    latent_dim = 2

    def decode(self, z):
        grid = np.add.outer(np.arange(4), np.arange(4)) / 6
        found = 1 / (
            1 + np.exp(-z.detach().cpu().numpy() @ np.stack([grid.ravel(), 1 - grid.ravel()]))
        )
        return torch.from_numpy(found.astype(np.float32)).reshape(-1, 1, 4, 4)


def test_a_decode_that_torch_cannot_differentiate_is_tried_and_said():
    space = lw.LatentSpace(Numbers(), image_shape=(1, 4, 4), device="cpu")
    panel = lw.PaintPanel(space)
    panel.paint([(0.9, 0.9)], size=0.5)
    assert "small steps" in panel.painted["note"]
    assert "too few rows" in panel.painted["note"]
    assert panel.mismatch < 0.3
    space.close()


def test_a_space_without_a_decoder_has_nothing_to_paint_on():
    space = lw.LatentSpace(None, points=np.random.default_rng(0).normal(size=(30, 2)))
    panel = lw.PaintPanel(space)
    with pytest.raises(TypeError, match="no decode, so there is no picture to paint on"):
        panel.paint(LINE)
    Page(panel).send()
    assert panel.painted["error"].endswith("no decode, so there is no picture to paint on")
    space.close()
