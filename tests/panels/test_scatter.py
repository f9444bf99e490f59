"""The map's Python half: what it refuses, what it tells the page."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from toys import Painter
from traitlets import TraitError

from latent_widgets import LatentSpace
from latent_widgets.panels.scatter import ScatterProjection


class Decoder(torch.nn.Module):
    latent_dim = 4

    def decode(self, z):
        return torch.sigmoid(z[:, :1, None, None].expand(-1, 1, 8, 8))


def make_space(n=30, **options):
    points = np.random.default_rng(0).normal(size=(n, 4)).astype(np.float32)
    labels = [("a", "b", "c")[i % 3] for i in range(n)]
    factors = {"size": np.linspace(0, 1, n)}
    return LatentSpace(Decoder(), points=points, labels=labels, factors=factors, **options)


def floats(raw, *shape):
    return np.frombuffer(raw, "<f4").reshape(shape)


def test_the_page_gets_the_projection_as_bytes():
    space = make_space()
    scatter = ScatterProjection(space)
    projection = scatter.projection
    np.testing.assert_array_equal(floats(scatter.xy, -1, 2), projection.xy)
    np.testing.assert_array_equal(floats(scatter.center, 4), projection.center)
    np.testing.assert_array_equal(floats(scatter.components, 2, 4), projection.components)
    np.testing.assert_array_equal(floats(scatter.explained, 2), projection.explained)
    np.testing.assert_allclose(projection.transform(space.points), projection.xy, atol=1e-5)
    state = scatter.get_state(["xy", "space", "color"])
    assert state["xy"] == scatter.xy
    assert state["space"] == f"anywidget:{space.model_id}"


def test_the_first_column_colours_the_points_unless_told_otherwise():
    space = make_space()
    assert ScatterProjection(space).color == "label"
    assert ScatterProjection(space, color=None).color is None
    assert ScatterProjection(space, color="size").color == "size"


def test_a_space_without_columns_has_one_colour():
    space = LatentSpace(Decoder(), points=np.eye(4, dtype=np.float32))
    assert ScatterProjection(space).color is None


def test_without_data_the_map_is_the_first_two_dimensions():
    scatter = ScatterProjection(LatentSpace(Decoder()))
    assert scatter.xy == b""
    assert scatter.color is None
    np.testing.assert_array_equal(scatter.projection.components, np.eye(2, 4))
    np.testing.assert_array_equal(scatter.projection.transform([3, 4, 5, 6]), [3, 4])
    np.testing.assert_array_equal(scatter.projection.inverse([1, 2], [0, 0, 5, 6]), [1, 2, 5, 6])


def test_a_space_without_a_decoder_still_makes_a_map():
    class Encoder(torch.nn.Module):
        def encode(self, x):
            return x.flatten(1)[:, :3]

    images = np.random.default_rng(0).random((20, 6, 6), np.float32)
    scatter = ScatterProjection(LatentSpace(Encoder(), images))
    assert scatter.projection.xy.shape == (20, 2)


def test_one_dimension_is_enough():
    class Line(torch.nn.Module):
        latent_dim = 1

        def decode(self, z):
            return torch.sigmoid(z[:, :, None, None].expand(-1, 1, 8, 8))

    assert ScatterProjection(LatentSpace(Line())).projection.components.shape == (2, 1)
    space = LatentSpace(Line(), points=np.arange(5.0)[:, None])
    assert ScatterProjection(space).projection.xy.shape == (5, 2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "mds"}, "method must be one of pca, axes, .* got 'mds'"),
        ({"axes": [0, 0]}, "axes must be two different dimensions, by name or from 0 to"),
        ({"axes": ["hue", 1]}, "axes must be two different dimensions"),
        ({"axes": [0, 1, 2]}, "axes must be two different dimensions"),
        ({"dim": 4}, "dim must be 2 or 3, got 4"),
        ({"dim": True}, "dim must be 2 or 3, got True"),
        ({"color": "hue"}, r"color must be None or one of \['label', 'size'\], got 'hue'"),
        ({"point_size": 0}, "point_size must be 'auto' or a number from 0.5 to 64, got 0"),
        ({"point_size": "big"}, "point_size must be 'auto' or a number"),
        ({"point_size": float("nan")}, "point_size must be 'auto' or a number"),
        ({"opacity": 2}, "opacity must be 'auto' or a number from 0.01 to 1, got 2"),
        ({"opacity": True}, "opacity must be 'auto' or a number"),
        ({"renderer": "gpu"}, "renderer must be 'auto', 'webgl' or 'canvas', got 'gpu'"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(options, words):
    space = make_space()
    with pytest.raises(ValueError, match=words):
        ScatterProjection(space, **options)
    scatter = ScatterProjection(space)
    (name, value), before = *options.items(), scatter.trait_values()
    with pytest.raises(ValueError, match=words):
        setattr(scatter, name, value)
    assert scatter.trait_values() == before


def test_options_can_be_set_later():
    scatter = ScatterProjection(make_space())
    scatter.color = "size"
    scatter.point_size = 3
    scatter.opacity = np.float32(0.5)
    scatter.renderer = "canvas"
    assert (scatter.color, scatter.point_size, scatter.opacity) == ("size", 3.0, 0.5)


def test_unknown_options_and_read_only_facts_are_refused():
    space = make_space()
    with pytest.raises(TypeError, match="no option 'colour'; did you mean 'color'"):
        ScatterProjection(space, colour="label")
    with pytest.raises(TypeError, match="space must be a LatentSpace"):
        ScatterProjection(np.zeros((3, 2)))
    with pytest.raises(TraitError, match="read-only"):
        ScatterProjection(space).xy = b""


def test_named_dimensions_are_the_axes_unless_told_otherwise():
    points = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
    space = LatentSpace(
        Painter(),
        points=points,
        factors={"hat": ["hat", "none"] * 10},
        dimensions=["smile", "gaze", "hat"],
    )
    scatter = ScatterProjection(space)
    assert (scatter.method, scatter.axes) == ("axes", [0, 2])
    np.testing.assert_allclose(
        scatter.projection.xy, (points - points.mean(0))[:, [0, 2]], atol=1e-6
    )
    assert ScatterProjection(space, method="pca").method == "pca"
    chosen = ScatterProjection(space, axes=("gaze", 3))
    assert chosen.axes == [1, 3]
    np.testing.assert_array_equal(chosen.projection.components, np.eye(4)[[1, 3]])
    unnamed = LatentSpace(Painter(), points=points)
    assert ScatterProjection(unnamed).method == "pca"


def test_two_dimensions_are_the_map_themselves():
    points = np.random.default_rng(0).normal(size=(20, 2)) * [0.3, 2]
    scatter = ScatterProjection(LatentSpace(Decoder(), points=points, latent_dim=2))
    assert (scatter.method, scatter.axes) == ("axes", [0, 1])
    np.testing.assert_array_equal(scatter.projection.components, np.eye(2))
    np.testing.assert_allclose(scatter.projection.inverse(scatter.projection.xy), points, atol=1e-6)
