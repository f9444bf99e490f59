"""The globe and the disc: exact where they can be, and exact back in what they show."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_widgets.analysis.projection import project
from latent_widgets.geometry import Hypersphere, PoincareBall


def on_sphere(n=50, d=3, radius=1.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return Hypersphere(radius).random(n, d, generator).numpy().astype(np.float32)


def in_ball(n=50, d=2, c=1.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return PoincareBall(c).random(n, d, generator).numpy().astype(np.float32)


def test_a_sphere_is_its_own_globe():
    points = on_sphere(radius=2.0)
    globe = project(points, "sphere", 3, geometry=Hypersphere(2.0))
    np.testing.assert_allclose(globe.xy, points / 2, atol=1e-6)
    np.testing.assert_allclose(globe.inverse(globe.xy), points, atol=1e-5)


def test_a_circle_lies_on_the_globes_equator():
    points = on_sphere(d=2)
    globe = project(points, "sphere", 3, geometry=Hypersphere())
    np.testing.assert_allclose(globe.xy[:, :2], points, atol=1e-6)
    np.testing.assert_array_equal(globe.xy[:, 2], 0)
    np.testing.assert_allclose(globe.inverse(globe.xy + np.eye(3)[2]), points, atol=1e-6)


@pytest.mark.parametrize("geometry", [None, Hypersphere()])
def test_of_a_larger_sphere_three_directions_are_shown_and_the_rest_is_kept(geometry):
    points = on_sphere(d=8)
    points[:, :3] *= 3
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    globe = project(points, "sphere", 3, geometry=geometry)
    np.testing.assert_allclose(np.linalg.norm(globe.xy, axis=1), 1, rtol=1e-6)
    span = globe.components[:, :3]
    assert np.linalg.norm(span) ** 2 == pytest.approx(3, abs=0.2)
    places = on_sphere(seed=4)
    for near in (None, points):
        found = globe.inverse(places, near)
        np.testing.assert_allclose(globe.transform(found), places, atol=1e-5)
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)
    hidden = np.eye(8) - globe.components.T @ globe.components
    before, after = points @ hidden, globe.inverse(places, points) @ hidden
    np.testing.assert_allclose(after, before, atol=1e-5)
    np.testing.assert_allclose(globe.inverse(globe.xy, points), points, atol=1e-5)


def test_a_latent_hidden_from_the_globe_can_still_be_led_to_a_place():
    globe = project(on_sphere(d=5), "sphere", 3)
    null = np.linalg.svd(globe.components)[2][-1]
    found = globe.inverse([0.0, 1.0, 0.0], near=null)
    np.testing.assert_allclose(globe.transform(found), [0, 1, 0], atol=1e-4)
    assert np.isfinite(globe.transform(null)).all()


def test_zero_has_no_direction():
    points = on_sphere()
    points[7] = 0
    with pytest.raises(ValueError, match="row 7 is zero"):
        project(points, "sphere", 3)
    with pytest.raises(ValueError, match="2 or more dimensions, got 1"):
        project(points[:5, :1] + 1, "sphere", 3)


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize("c", [1.0, 0.5])
def test_a_ball_of_as_many_dimensions_is_shown_as_it_is(dim, c):
    points = in_ball(d=dim, c=c)
    disc = project(points, "disc", dim, geometry=PoincareBall(c))
    np.testing.assert_allclose(disc.xy, points, atol=1e-6)
    np.testing.assert_allclose(disc.inverse(points), points, atol=1e-6)


def test_a_plane_in_a_ball_is_shown_without_any_distortion():
    """A totally geodesic plane, moved and turned: the map must be an isometry of it."""
    ball = PoincareBall()
    flat = in_ball(n=30)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(5, 5)))[0][:, :2]
    moved = ball.add(
        torch.tensor([0.3, 0.1, -0.2, 0.0, 0.2], dtype=torch.float64).expand(30, 5),
        torch.from_numpy(flat @ turn.T),
    ).numpy()
    disc = project(moved, "disc", geometry=ball)
    wide = disc.xy.astype(np.float64)
    want = ball.distance(moved[:, None], moved[None])
    np.testing.assert_allclose(ball.distance(wide[:, None], wide[None]), want, rtol=1e-3, atol=1e-3)


def test_back_from_the_disc_leads_to_the_same_place_and_keeps_the_hidden_part():
    points = in_ball(d=6)
    disc = project(points, "disc")
    assert disc.geometry.name == "poincare"
    places = in_ball(n=50, seed=3)
    for near in (None, points):
        found = disc.inverse(places, near)
        assert (np.linalg.norm(found, axis=1) < 1).all()
        np.testing.assert_allclose(disc.transform(found), places, atol=2e-5)
    np.testing.assert_allclose(disc.inverse(disc.xy, points), points, atol=1e-5)
    outside = disc.inverse([3.0, 0.0])
    assert np.isfinite(outside).all()
    assert np.linalg.norm(outside) < 1


def test_rows_outside_the_ball_are_refused():
    with pytest.raises(ValueError, match="on or outside the boundary"):
        project(np.full((5, 2), 0.8), "disc")
