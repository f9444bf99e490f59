"""Maps of three dimensions, globes and discs: what the page is told of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_widgets import LatentSpace
from latent_widgets.geometry import Hypersphere, PoincareBall
from latent_widgets.panels.scatter import ScatterProjection


class Decoder(torch.nn.Module):
    def __init__(self, d):
        super().__init__()
        self.latent_dim = d

    def decode(self, z):
        return torch.sigmoid(z[:, :1, None, None].expand(-1, 1, 8, 8))


def make_space(d=4, geometry=None, **options):
    if geometry is None:
        points = np.random.default_rng(0).normal(size=(30, d)).astype(np.float32)
    else:
        points = geometry.random(30, d, torch.Generator().manual_seed(0))
    return LatentSpace(Decoder(d), points=points, geometry=geometry, **options)


def floats(raw, *shape):
    return np.frombuffer(raw, "<f4").reshape(shape)


def test_a_map_of_three_dimensions_goes_over_the_wire_whole():
    scatter = ScatterProjection(make_space(), dim=3)
    assert scatter.chart["dim"] == 3
    np.testing.assert_array_equal(floats(scatter.xy, 30, 3), scatter.projection.xy)
    np.testing.assert_array_equal(floats(scatter.components, 3, 4), scatter.projection.components)
    place = scatter.projection.xy[3] + [0.1, 0.2, 0.3]
    back = scatter.transform(scatter.inverse(place))
    np.testing.assert_allclose(back, place, atol=1e-5)


def test_dim_changes_the_map_and_the_axes_follow():
    scatter = ScatterProjection(make_space(), method="axes", axes=[2, 0])
    scatter.dim = 3
    assert scatter.axes == [2, 0, 1]
    assert floats(scatter.xy, -1, 3).shape == (30, 3)
    scatter.axes = [3, 2, 1]
    np.testing.assert_array_equal(floats(scatter.components, 3, 4), np.eye(4)[[3, 2, 1]])
    scatter.dim = 2
    assert scatter.axes == [3, 2]
    assert floats(scatter.xy, -1, 2).shape == (30, 2)


def test_axes_and_dim_can_be_given_together():
    scatter = ScatterProjection(make_space(), method="axes", dim=3, axes=[1, 2, 3])
    np.testing.assert_array_equal(scatter.projection.components, np.eye(4)[1:])
    assert ScatterProjection(make_space(), method="axes", dim=3).axes == [0, 1, 2]
    with pytest.raises(ValueError, match="axes must be three different dimensions"):
        ScatterProjection(make_space(), method="axes", dim=3, axes=[1, 1, 3])


def test_fewer_than_three_dimensions_cannot_be_turned():
    scatter = ScatterProjection(make_space(2))
    with pytest.raises(ValueError, match="dim must be 2 for latents of 2 dimensions, got 3"):
        scatter.dim = 3
    assert scatter.dim == 2


def test_a_sphere_is_a_globe_at_first():
    space = make_space(3, Hypersphere(2.0))
    scatter = ScatterProjection(space)
    assert scatter.method == "sphere"
    assert (scatter.chart["kind"], scatter.chart["radius"]) == ("globe", 2.0)
    assert (scatter.chart["dim"], scatter.dim) == (3, 2)
    np.testing.assert_array_equal(floats(scatter.chart["axes"], 3, 3), np.eye(3))
    np.testing.assert_allclose(2 * floats(scatter.xy, -1, 3), space.points, atol=1e-6)
    assert ScatterProjection(make_space(5, Hypersphere())).method == "pca"


def test_a_plane_of_curvature_is_a_disc_at_first():
    space = make_space(2, PoincareBall(0.25))
    scatter = ScatterProjection(space)
    assert scatter.method == "disc"
    assert (scatter.chart["kind"], scatter.chart["dim"], scatter.chart["c"]) == ("disc", 2, 0.25)
    np.testing.assert_allclose(floats(scatter.xy, -1, 2), space.points, atol=1e-6)
    wide = ScatterProjection(make_space(5, PoincareBall()), method="disc")
    middle = floats(wide.chart["middle"], 5)
    np.testing.assert_allclose(wide.transform(middle), 0, atol=1e-5)
    assert floats(wide.chart["axes"], 2, 5).shape == (2, 5)


def test_perspective_and_spin_are_options():
    scatter = ScatterProjection(make_space(), dim=3, perspective=True)
    scatter.spin = True
    assert (scatter.perspective, scatter.spin) == (True, True)
