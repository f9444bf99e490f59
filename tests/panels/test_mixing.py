"""The grid of mixtures: of dimensions, and of layers where the decoder has them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from toys import Painter, pictures

from latent_widgets import LatentSpace
from latent_widgets.geometry import Hypersphere
from latent_widgets.panels.mixing import MixingPanel


class Styled(nn.Module):
    """A generator of two layers: the first paints the upper half, the second the lower."""

    latent_dim = 4

    def __init__(self):
        super().__init__()
        self.decode_layers = [self.upper, self.lower]

    def upper(self, x, z):
        assert x is None
        return torch.sigmoid(z[:, :1]).expand(-1, 8)

    def lower(self, x, z):
        return torch.cat([x, torch.sigmoid(z[:, 1:2]).expand(-1, 8)], dim=1).view(-1, 1, 4, 4)

    def decode(self, z):
        return self.lower(self.upper(None, z), z)


class Mixer(Painter):
    """Mixes by itself: every pixel from layer on, of four, is the second's."""

    n_layers = 4

    def mix(self, za, zb, layer):
        return self.decode(torch.cat([za[:, :layer], zb[:, layer:]], dim=1))


@pytest.fixture
def space():
    made = LatentSpace(
        Painter(), pictures(40), device="cpu", dimensions=["hair, long", "hair, red", "hat"]
    )
    yield made
    made.close()


@pytest.fixture
def panel(space):
    made = MixingPanel(space, dims=[1, 2])
    yield made
    made.close()


def test_the_grid_is_every_row_with_every_column(panel, space):
    panel.take("rows", "samples", 2, seed=3)
    panel.take("columns", "samples", 3, seed=4)
    grid = panel.grid
    assert grid.shape == (2, 3, 4)
    rows, columns = space.sample(2, 3), space.sample(3, 4)
    np.testing.assert_array_equal(grid[..., [0, 3]], np.repeat(rows[:, None, [0, 3]], 3, axis=1))
    np.testing.assert_array_equal(grid[..., [1, 2]], np.repeat(columns[None][..., [1, 2]], 2, 0))
    expected = (space.decode(grid[1]).permute(0, 2, 3, 1) * 255).round().byte().cpu().numpy()
    np.testing.assert_array_equal(panel.images()[1], expected)


def test_groups_have_names(panel, space):
    assert panel.groups["hair"] == [0, 1]
    assert len(panel.groups["most telling half"]) == 2
    fresh = MixingPanel(space)
    assert fresh.dims == [0, 1]
    assert fresh.layers == 0
    fresh.close()


def test_on_a_sphere_mixtures_stay_on_it():
    points = Hypersphere().random(30, 4, torch.Generator().manual_seed(0)).numpy()
    space = LatentSpace(Painter(), points=points, geometry=Hypersphere(), image_shape=(1, 8, 8))
    panel = MixingPanel(space, dims=[0])
    np.testing.assert_allclose(np.linalg.norm(panel.grid, axis=-1), 1, atol=1e-6)
    panel.close()
    space.close()


@pytest.mark.parametrize("source", ["selection", "favourites"])
def test_sources_that_are_empty_say_what_to_do(panel, space, source):
    before = panel.rows
    with pytest.raises(ValueError, match="first"):
        panel.take("rows", source)
    assert panel.rows is before
    space.selection = [5, 6]
    space.favourites = space.points[[5, 6]]
    panel.take("rows", source, 12)
    np.testing.assert_array_equal(panel.rows, space.points[[5, 6]])


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("dims", [4], "dims must be from 0 to 3"),
        ("dims", [-1], "dims must be from 0 to 3"),
        ("layer", 1, "exposes no layers"),
        ("rows", [], "1 to 12 latents"),
        ("rows", np.zeros((13, 4)), "1 to 12 latents"),
        ("columns", [[1.0, 2.0]], "columns must be latents"),
        ("columns", [[np.nan] * 4], "NaN"),
    ],
)
def test_what_does_not_fit_changes_nothing(panel, name, wrong, words):
    before = getattr(panel, name)
    with pytest.raises(ValueError, match=words):
        setattr(panel, name, wrong)
    assert getattr(panel, name) is before


def test_sides_that_cannot_be(panel):
    for args, words in (
        (("top", "samples"), "side must be"),
        (("rows", "moon"), "source must be one of"),
        (("rows", "samples", 13), "from 1 to 12"),
        (("rows", "samples", 0), "n must be"),
    ):
        with pytest.raises(ValueError, match=words):
            panel.take(*args)


def test_layers_of_a_generator_in_the_manner_of_stylegan():
    space = LatentSpace(Styled(), points=np.eye(4), device="cpu")
    panel = MixingPanel(space, layer=1)
    assert panel.layers == 2
    found = panel.images()
    own = (space.decode(panel.rows) * 255).round().byte().numpy()
    other = (space.decode(panel.columns) * 255).round().byte().numpy()
    for i in range(len(panel.rows)):
        for j in range(len(panel.columns)):
            np.testing.assert_array_equal(found[i, j, :2, :, 0], own[i, 0, :2])
            np.testing.assert_array_equal(found[i, j, 2:, :, 0], other[j, 0, 2:])
    with pytest.raises(TypeError, match=r"use images\(\)"):
        _ = panel.grid
    with pytest.raises(ValueError, match="from 1 to 1, got 2"):
        panel.layer = 2
    reply, blobs = panel._mixtures({}, [])
    assert reply["shape"] == [16, 4, 4, 1]
    assert blobs[-1] == b""
    panel.close()
    space.close()


def test_a_model_that_mixes_by_itself_and_encodes():
    space = LatentSpace(Mixer(), pictures(40), device="cpu")
    panel = MixingPanel(space, layer=1)
    assert panel.layers == 4
    same = MixingPanel(space, dims=[1, 2, 3])
    np.testing.assert_array_equal(panel.images(), same.images())
    np.testing.assert_allclose(panel.grid[0, 0], space.encode(panel._decode()).mean[0].numpy())
    for each in (panel, same, space):
        each.close()
