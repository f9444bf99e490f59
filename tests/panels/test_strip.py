"""The strip's Python side: its path, its pictures, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import traitlets
from toys import Layer

from latent_widgets import LatentSpace
from latent_widgets.panels.strip import InterpolationStrip

POINTS = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
LABELS = ["cat", "dog"] * 20


@pytest.fixture
def space():
    torch.manual_seed(0)
    made = LatentSpace(Layer(), points=POINTS, labels=LABELS, device="cpu")
    yield made
    made.close()


def test_it_opens_on_a_path_between_rows_of_two_classes(space):
    strip = InterpolationStrip(space)
    rows = [int(np.flatnonzero((end == POINTS).all(1))[0]) for end in (strip.a, strip.b)]
    assert rows[0] == 0
    assert LABELS[rows[1]] != LABELS[0]
    again = InterpolationStrip(space)
    assert again.a == strip.a
    assert again.b == strip.b
    np.testing.assert_array_equal(space.z, space.home)


def test_without_data_it_opens_on_two_draws_from_the_prior():
    space = LatentSpace(Layer(), device="cpu")
    strip = InterpolationStrip(space)
    np.testing.assert_array_equal([strip.a, strip.b], space.sample(2, seed=0))
    space.close()


def test_with_one_class_it_still_opens():
    space = LatentSpace(Layer(), points=POINTS, labels=["cat"] * 40, device="cpu")
    strip = InterpolationStrip(space)
    assert strip.a != strip.b
    space.close()


@pytest.mark.parametrize(
    ("metric", "middle"), [("linear", [1, 1, 0]), ("slerp", [2**0.5, 2**0.5, 0])]
)
def test_latents_go_from_a_to_b(space, metric, middle):
    strip = InterpolationStrip(space, a=[2, 0, 0], b=[0, 2, 0], n=5, metric=metric)
    latents = strip.latents
    assert latents.shape == (5, 3)
    assert latents.dtype == np.float32
    np.testing.assert_array_equal(latents[[0, -1]], [[2, 0, 0], [0, 2, 0]])
    np.testing.assert_allclose(latents[2], middle, rtol=1e-6)
    np.testing.assert_array_equal(strip.at(0.5), latents[2])


def test_images_are_a_fresh_decode_of_the_latents(space):
    strip = InterpolationStrip(space, n=4)
    images = strip.images()
    fresh = (space.decode(strip.latents) * 255).round().to(torch.uint8)
    assert images.shape == (4, 4, 4, 1)
    np.testing.assert_array_equal(images[..., 0], fresh[:, 0])


def test_the_usual_path_is_straight_in_few_dimensions_only(space):
    assert InterpolationStrip(space).metric == "linear"
    assert space.latent_dim == 3
    many = LatentSpace(None, points=np.eye(4), device="cpu")
    assert InterpolationStrip(many).metric == "slerp"
    many.close()


def test_opposite_ends_raise_with_slerp_only(space):
    strip = InterpolationStrip(space, metric="slerp", a=[1, 2, 3], b=[-2, -4, -6])
    with pytest.raises(ValueError, match="opposite directions"):
        _ = strip.latents
    strip.metric = "linear"
    assert np.isfinite(strip.latents).all()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("n", 1, "n must be from 2 to 64, got 1"),
        ("n", 65, "n must be from 2 to 64, got 65"),
        ("t", 1.5, "t must be from 0 to 1, got 1.5"),
        ("t", float("nan"), "t must be from 0 to 1, got nan"),
        ("speed", 0, "speed must be from 0.1 to 10, got 0"),
        (
            "metric",
            "shortest",
            r"metric must be one of \['linear', .*'density'\], got 'short",
        ),
        ("a", [1, 2], r"a must be 3 finite numbers, got shape \(2,\)"),
        ("b", [1, 2, np.nan], "b must be 3 finite numbers, got NaN or infinity"),
        ("b", "cat", "b must be 3 finite numbers, got str"),
    ],
)
def test_bad_values_are_refused_and_nothing_changes(space, name, value, sentence):
    strip = InterpolationStrip(space)
    before = getattr(strip, name)
    with pytest.raises((ValueError, traitlets.TraitError), match=sentence):
        setattr(strip, name, value)
    assert getattr(strip, name) == before
    with pytest.raises((ValueError, traitlets.TraitError), match=sentence):
        InterpolationStrip(space, **{name: value})


def test_an_unknown_option_is_refused_by_name(space):
    with pytest.raises(TypeError, match="no option 'frames'"):
        InterpolationStrip(space, frames=5)


def test_ends_travel_as_float32_bytes(space):
    strip = InterpolationStrip(space, a=[1, 2, 3])
    state = strip.get_state(["a"])
    assert state["a"] == np.float32([1, 2, 3]).tobytes()
    strip.set_state({"a": memoryview(np.float32([4, 5, 6]).tobytes()), "t": 0.25})
    np.testing.assert_array_equal(strip.a, [4, 5, 6])
    assert strip.t == 0.25
    np.testing.assert_array_equal(space.z, space.home)


def test_a_space_without_decoder_has_latents_and_no_images():
    class Encoder:
        def encode(self, x):
            return x.flatten(1)[:, :3]

    space = LatentSpace(Encoder(), points=POINTS, device="cpu")
    strip = InterpolationStrip(space)
    assert strip.latents.shape == (11, 3)
    with pytest.raises(TypeError, match="decode"):
        strip.images()
    space.close()
