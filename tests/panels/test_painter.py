"""Painting on the decoded picture."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import traitlets

import latent_widgets as lw
from latent_widgets.painting import Stroke, stroke_mask

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


def test_a_page_paints_in_small_steps(panel, digits):
    places, z = np.float32(LINE).tobytes(), np.float32(digits.z).tobytes()
    asked = {"stroke": "a", "tool": "lighter", "size": 0.1, "strength": 1.0, "color": [1, 1, 1]}
    said, (first, shown) = panel._stroke({**asked, "first": True}, [places, z])
    assert len(shown) == 28 * 28 * 4
    for _ in range(60):
        said, (last, _) = panel._stroke({**asked, "last": True}, [places, z])
        if said["settled"]:
            break
    assert said["settled"]
    assert first != last
    assert panel.painted["mismatch"] == said["mismatch"]
    assert panel._stroke(asked, [places, z]) == ({"ended": True}, [])


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
    with pytest.raises(TypeError, match="no decode"):
        panel.paint(LINE)
    space.close()
