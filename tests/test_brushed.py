"""Painting a density and a line on a map."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import traitlets

import latent_widgets as lw
from latent_widgets.analysis.brush_density import BrushDensity, smooth_line


@pytest.fixture(scope="module")
def panel():
    space = lw.LatentSpace("digits", device="cpu")
    panel = lw.ScatterProjection(space)
    yield panel
    panel.close()
    space.close()


@pytest.fixture
def painted(panel):
    panel.clear_brush()
    ones = panel.projection.xy[panel.space.labels == 1]
    panel.brush(np.median(ones, axis=0), 0.8)
    return panel


def test_adding_and_taking_away():
    density = BrushDensity(np.array([[0, 0, 1, 0.5], [0, 0, 1, 0.5], [0, 0, 1, -1.0]]))
    assert BrushDensity(density.dabs[:1]).weight([0, 0]) == 0.5
    assert BrushDensity(density.dabs[:2]).weight([0, 0]) == 0.75
    assert density.weight([0, 0]) == 0
    assert density.weight([2, 0]) == 0
    with pytest.raises(ValueError, match="nothing is painted"):
        BrushDensity(density.dabs[2:]).draw(3)


def test_draws_follow_the_density():
    density = BrushDensity(np.array([[0, 0, 1, 0.2], [5, 0, 1, 0.8]]))
    places = density.draw(4000, seed=1)
    assert (density.weight(places) > 0).mean() > 0.97
    assert (places[:, 0] > 2.5).mean() == pytest.approx(0.8, abs=0.03)


def test_a_batch_is_labelled_and_the_same_with_the_same_seed(painted):
    batch, again, other = (painted.sample_batch(40, seed) for seed in (3, 3, 4))
    assert torch.equal(batch.images, again.images)
    assert not torch.equal(batch.z, other.z)
    assert batch.images.shape == (40, 1, 28, 28)
    assert (batch.labels == 1).float().mean() > 0.5
    assert ((batch.confidence > 0) & (batch.confidence <= 1)).all()
    image, label = batch.dataset()[5]
    assert torch.equal(image, batch.images[5])
    assert label == batch.labels[5]
    assert set(batch.tensors()) == {"images", "z", "labels", "confidence", "places"}


def test_latents_off_the_data_are_drawn_anew(painted):
    batch = painted.sample_batch(20, 0, least=10)
    assert painted.space.honesty(batch.z).density.min() >= 10
    painted.brush([[1e3, 1e3]], 1.0)
    painted.dabs = painted.dabs[-1:]
    with pytest.raises(ValueError, match="have a density of at least"):
        painted.sample_batch(5, 0, least=99.9)


def test_a_line_becomes_evenly_spaced_latents(panel):
    random = np.random.default_rng(0)
    along = np.linspace(0, 1, 60) ** 2
    places = np.stack([-1 + 2 * along, random.normal(0, 0.01, 60)], axis=1)
    latents = panel.trace(places, n=9)
    steps = np.linalg.norm(np.diff(latents, axis=0), axis=1)
    assert latents.shape == (9, 16)
    assert steps.max() < 1.1 * steps.min()
    ends = panel.transform(latents[[0, -1]])
    assert ends == pytest.approx(places[[0, -1]], abs=1e-3)
    assert smooth_line(places, 60)[:, 1].std() < 0.75 * places[:, 1].std()
    film = lw.FilmStrip(panel.space, latents=latents)
    assert film.images().shape[1:] == (28, 28, 1)


@pytest.mark.parametrize(
    ("trait", "value"),
    [
        ("dabs", [[0, 0, -1, 1]]),
        ("dabs", [[0, 0, 1, 2]]),
        ("dabs", [[0, 0, 1]]),
        ("line", [[0, np.nan]]),
    ],
)
def test_what_does_not_fit_changes_nothing(painted, trait, value):
    before = getattr(painted, trait)
    with pytest.raises((traitlets.TraitError, ValueError), match=f"{trait} must"):
        setattr(painted, trait, value)
    assert (getattr(painted, trait) == before).all()


def test_without_paint_or_a_line_there_is_nothing(panel):
    panel.clear_brush()
    with pytest.raises(ValueError, match="nothing is painted"):
        panel.sample_batch(3)
    with pytest.raises(ValueError, match="at least two places"):
        panel.trace()
    with pytest.raises(ValueError, match="all the same"):
        panel.trace([[1, 1], [1, 1]])
    panel.brush([[0, 0]], 1.0)
    with pytest.raises(ValueError, match="column must be one of"):
        panel.sample_batch(3, column="colour")


def test_another_map_has_no_paint(painted):
    assert len(painted.dabs) == 1
    painted.method = "axes"
    assert len(painted.dabs) == 0
    painted.method = "pca"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"radius": 0}, "radius must be a number above 0 and at most 1e.30, got 0"),
        ({"radius": np.inf}, "radius must be a number above 0 and at most 1e.30, got inf"),
        ({"radius": "x"}, "radius must be a number above 0 and at most 1e.30, got 'x'"),
        ({"much": 0}, "much must be a number above 0 and at most 1, got 0"),
        ({"much": -1.0}, "much must be a number above 0 and at most 1, got -1.0"),
        ({"much": np.nan}, "much must be a number above 0 and at most 1, got nan"),
        (
            {"places": np.zeros((2, 3))},
            r"places must be rows of 2 finite numbers, got shape \(2, 3",
        ),
        ({"places": [[0, np.nan]]}, "places must be rows of 2 finite numbers, got NaN or infinity"),
        ({"places": [[0, 1e300]]}, "places must be rows of 2 finite numbers, got NaN or infinity"),
        ({"places": "abc"}, "places must be rows of 2 finite numbers, got str"),
    ],
)
def test_a_brush_that_cannot_be_paints_nothing(panel, options, sentence):
    panel.clear_brush()
    with pytest.raises(ValueError, match=sentence):
        panel.brush(**{"places": [[0, 0]], "radius": 1.0, **options})
    assert not len(panel.dabs)


def test_counts_without_end_are_refused(painted):
    sentence = "n must be a whole number from . to 100,000, got 1000000000"
    with pytest.raises(ValueError, match=sentence):
        painted.sample_batch(10**9)
    with pytest.raises(ValueError, match=sentence):
        painted.trace([[0, 0], [1, 1]], 10**9)
    with pytest.raises(ValueError, match="least must be a percentile from 0 to below 100, got 'x'"):
        painted.sample_batch(3, least="x")


def test_strokes_of_a_page_are_steps_of_the_tape_however_soon_one_follows(panel):
    panel.clear_brush()
    entries = len(panel.space.tape)
    for dabs in ([[0, 0, 1, 0.5]], [[0, 0, 1, 0.5], [1, 0, 1, -0.5]]):
        panel.set_state({"dabs": memoryview(np.float32(dabs).tobytes())})
    panel.set_state({"dabs": memoryview(b""), "line": memoryview(np.zeros(4, "f4").tobytes())})
    assert len(panel.space.tape) == entries + 3
    panel.space.undo()
    assert (len(panel.dabs), len(panel.line)) == (2, 0)
    panel.space.undo()
    assert panel.dabs.tolist() == [[0, 0, 1, 0.5]]
