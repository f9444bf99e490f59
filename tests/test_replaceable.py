"""A space gets another model: everything follows, or nothing has changed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from toys import Layer, Painter, pictures

from latent_widgets import codec
from latent_widgets.panels.scatter import ScatterProjection
from latent_widgets.panels.sliders import LatentSliders
from latent_widgets.space import LatentSpace


class Stretched(Painter):
    """Encodes and decodes as Painter does, three times as wide, or mirrored."""

    def __init__(self, factor=3.0):
        super().__init__()
        self.factor = nn.Parameter(torch.as_tensor(factor))

    def encode(self, x):
        mean, logvar = super().encode(x)
        return mean * self.factor, logvar

    def decode(self, z):
        return super().decode(z / self.factor)


class Half:
    latent_dim = 4
    decode = staticmethod(Painter().decode)


@pytest.fixture
def space():
    made = LatentSpace(Painter(), pictures(), labels=[0, 1] * 6)
    yield made
    made.close()


def test_rows_picture_and_facts_are_those_of_the_new_model(space):
    space.z, space.selection = [1.0, 2.0, 3.0, 4.0], [3, 5]
    points, picture = space.points.copy(), space.image
    space.replace(Stretched())
    np.testing.assert_allclose(space.points, 3 * points, rtol=1e-6)
    np.testing.assert_array_equal(space.z, [1, 2, 3, 4])
    assert space.selection == [3, 5]
    assert space.wait()
    fresh = codec.to_uint8(Stretched().decode(torch.tensor([[1.0, 2.0, 3.0, 4.0]])))[0]
    np.testing.assert_array_equal(space.image, fresh)
    assert (space.image != picture).any()
    low = np.frombuffer(space.facts["low"], np.float32)
    assert (low <= space.points.min(axis=0)).all()
    assert np.frombuffer(space.facts["home"], np.float32).tolist() == space.home.tolist()
    assert space.home.tolist() in space.points.tolist()
    assert [column["name"] for column in space.facts["columns"]] == ["label"]
    np.testing.assert_allclose(space.encode(pictures()).mean, 3 * points, rtol=1e-6)


def test_training_on_changes_nothing_until_the_next_time(space):
    model = Stretched()
    space.replace(model)
    points = space.points.copy()
    with torch.no_grad():
        model.factor.fill_(7)
    np.testing.assert_allclose(space.encode(pictures()).mean, points, rtol=1e-6)


def test_points_that_are_known_are_not_encoded_again(space):
    class Silent(Stretched):
        def encode(self, _):
            raise AssertionError("nobody asked")

    points = np.arange(48.0).reshape(12, 4)
    space.replace(Silent(), points=points, logvar=np.zeros((12, 4)))
    np.testing.assert_array_equal(space.points, points)
    assert np.frombuffer(space.facts["kl"], np.float32)[0] > 1


def test_a_decoder_for_the_page_is_made_anew(space):
    before = space.browser_parts()
    space.replace(Stretched())
    assert space.browser_parts() is not before


def test_panels_follow_and_closed_ones_do_not(space):
    scatter, sliders = ScatterProjection(space, method="axes"), LatentSliders(space)
    gone = ScatterProjection(space, method="axes")
    gone.close()
    before, closed = scatter.projection.xy.copy(), gone.xy
    wide = (sliders.order[-1], torch.tensor([3.0] * 4))
    wide[1][wide[0]] = 50
    space.replace(Stretched(wide[1]))
    assert sliders.order[0] == wide[0]
    space.replace(Stretched())
    xy = codec.bytes_to_floats(scatter.xy, 2)
    np.testing.assert_allclose(xy, 3 * before, rtol=1e-5, atol=1e-6)
    # All dimensions are nearly as informative now: nothing changes places.
    assert sliders.order[0] == wide[0]
    assert space.data.order(before=[0, 1, 2, 3]) == [0, 1, 2, 3]
    assert gone.xy == closed
    scatter.close()
    sliders.close()


def test_a_map_of_principal_components_does_not_turn_over(space):
    scatter = ScatterProjection(space, method="pca")
    before = scatter.projection
    space.replace(Stretched(-1.0))
    np.testing.assert_allclose(scatter.projection.xy, -before.xy, atol=1e-5)
    np.testing.assert_allclose(scatter.projection.components, before.components, atol=1e-5)
    scatter.close()


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (Layer(), "model must have 4 latent dimensions, got 3"),
        (object(), "encode or a decode"),
        (Half(), "model must have encode"),
    ],
)
def test_another_kind_of_model_is_refused_and_nothing_changes(space, model, words):
    facts, points = space.facts, space.points
    with pytest.raises((ValueError, TypeError), match=words):
        space.replace(model)
    assert space.facts is facts
    assert space.points is points


def test_points_must_be_as_many_rows_as_before(space):
    with pytest.raises(ValueError, match="one row for each of the 12 images"):
        space.replace(Painter(), points=np.zeros((3, 4)))


def test_other_pictures_are_refused(space):
    class Large(Painter):
        def decode(self, z):
            return super().decode(z).repeat_interleave(2, dim=2)

    with pytest.raises(ValueError, match=r"expected pictures of \(1, 8, 8\)"):
        space.replace(Large())


def test_rows_without_pictures_need_their_latents():
    space = LatentSpace(Painter(), points=np.zeros((5, 4)))
    with pytest.raises(ValueError, match="points must be given"):
        space.replace(Painter())
    space.replace(Painter(), points=np.ones((5, 4)))
    assert space.points.tolist() == np.ones((5, 4)).tolist()
    space.close()


def test_a_bundled_space_is_no_longer_called_by_its_name():
    space = LatentSpace("digits")
    space.replace(space._model, points=space.points + 1)
    assert space.name is None
    assert space.facts["name"] is None
    space.close()
