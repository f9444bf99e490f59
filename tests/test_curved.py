"""Spaces whose latents live on a sphere or in a ball: everything keeps to it."""

import numpy as np
import pytest
import torch

import latent_widgets as lw
from latent_widgets.export.grid import choose_latents
from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall

SPHERE, BALL = Hypersphere(), PoincareBall()


def draw(z):
    return torch.sigmoid(z.sum(1)).reshape(-1, 1, 1, 1).expand(-1, 1, 4, 4)


def make(geometry, n=40, d=3):
    points = geometry.random(n, d, torch.Generator().manual_seed(0))
    return lw.LatentSpace(draw, points=points, geometry=geometry, device="cpu")


@pytest.fixture(params=[SPHERE, BALL, Hypersphere(2.5), PoincareBall(0.5)], ids=str)
def space(request):
    made = make(request.param)
    yield made
    made.close()


def on(geometry, z, tolerance=2e-6):
    z = np.asarray(z, np.float64)
    return np.abs(geometry.project(z) - z).max() <= tolerance * max(1, np.abs(z).max())


def test_whatever_is_set_is_brought_to_the_space(space):
    space.z = [3.0, -4.0, 5.0]
    assert on(space.geometry, space.z)
    np.testing.assert_allclose(space.z, space.geometry.project(np.float32([3, -4, 5])), rtol=1e-5)
    assert on(space.geometry, space.home)


def test_a_point_of_the_space_stays_as_it_is_to_the_bit(space):
    for row in space.points:
        space.z = row
        np.testing.assert_array_equal(space.z, row)
        space.z = space.z
        np.testing.assert_array_equal(space.z, row)


def test_draws_and_slider_ranges_keep_to_the_space(space):
    drawn = space.sample(200, seed=3)
    assert all(on(space.geometry, z) for z in drawn)
    np.testing.assert_array_equal(drawn, space.sample(200, seed=3))
    low, high = space.data.spread()
    assert (low >= -space.geometry.reach).all()
    assert (high <= space.geometry.reach).all()


def test_the_strip_takes_the_shortest_path(space):
    strip = lw.InterpolationStrip(space, n=9)
    assert strip.metric == "geodesic"
    a, b = strip.a.astype(np.float64), strip.b.astype(np.float64)
    path = strip.latents
    assert all(on(space.geometry, z) for z in path)
    steps = space.geometry.distance(path[:-1].astype(float), path[1:].astype(float))
    np.testing.assert_allclose(steps, space.geometry.distance(a, b) / 8, rtol=1e-3)
    # Straight through the space around it is another path, and is brought back to it.
    strip.metric = "linear"
    assert all(on(space.geometry, z) for z in strip.latents)
    strip.close()


def test_arithmetic_and_means_keep_to_the_space(space):
    panel = lw.ArithmeticPanel(space)
    panel.add(0).add(1, -1.0).add(2)
    assert on(space.geometry, panel.result)
    rows = space.points[:3].astype(np.float64)
    np.testing.assert_allclose(
        panel.result, space.geometry.combine(rows, [1.0, -1.0, 1.0]), atol=1e-5
    )
    space.selection = [0, 1, 2]
    panel.terms = []
    panel.add("selection")
    np.testing.assert_allclose(panel.result, space.geometry.mean(rows), atol=1e-5)
    panel.close()


def test_nearest_rows_are_nearest_in_the_space(space):
    distances, rows = lw.analysis.neighbours(space.points, space.points[:5], 4, space.geometry)
    wanted = space.geometry.distance(
        space.points[:5, None].astype(float), space.points[None].astype(float)
    )
    np.testing.assert_array_equal(rows, wanted.argsort(axis=1)[:, :4])
    np.testing.assert_allclose(distances[:, 1:], np.sort(wanted, axis=1)[:, 1:4], rtol=1e-4)


def test_the_page_is_told_what_kind_of_space_it_is(space):
    assert space.facts["geometry"] == space.geometry.spec()
    # The percentiles on the page are those of N(0, I), which is not the prior here.
    assert space.facts["density"] == b""


def test_pictures_made_beforehand_lie_on_the_space(space):
    found = choose_latents(space)
    assert len(found) > 100
    assert all(on(space.geometry, z) for z in found)


def test_no_dimension_of_a_curved_space_has_a_gaussian_kl():
    points = BALL.random(30, 2, torch.Generator().manual_seed(0))
    space = lw.LatentSpace(
        draw, points=points, logvar=torch.zeros(30, 2), geometry=BALL, device="cpu"
    )
    assert not space.data.kl().any()
    assert space.data.order() == [int(each) for each in np.argsort(-space.points.var(axis=0))]
    space.close()


def test_a_model_tells_its_own_geometry():
    class Model:
        geometry = SPHERE
        latent_dim = 3

        def decode(self, z):
            return draw(z)

    space = lw.LatentSpace(Model(), device="cpu")
    assert space.geometry == SPHERE
    np.testing.assert_array_equal(space.home, SPHERE.origin(3))
    space.close()
    flat = lw.LatentSpace(draw, latent_dim=3, device="cpu")
    assert flat.geometry == Euclidean()
    flat.close()


def test_what_cannot_be_brought_there_is_refused_and_changes_nothing():
    space = make(SPHERE)
    before = space.z
    with pytest.raises(ValueError, match=r"z must be a point of the hypersphere, got \[0"):
        space.z = [0.0, 0.0, 0.0]
    np.testing.assert_array_equal(space.z, before)
    space.close()
    with pytest.raises(ValueError, match=r"geometry must be Euclidean\(\), .* got 'sphere'"):
        lw.LatentSpace(draw, latent_dim=3, geometry="sphere")


@pytest.mark.parametrize(
    ("geometry", "point", "sentence"),
    [
        (SPHERE, [0.0, 0.0], "points holds a zero vector"),
        (BALL, [1.0, 0.1], "points holds a point on or outside the boundary"),
        (SPHERE, [1.0], "points must have 2 or more coordinates on a sphere"),
    ],
)
def test_points_that_are_not_of_the_space_are_refused(geometry, point, sentence):
    points = np.float32([np.full(len(point), 0.5), point])
    with pytest.raises(ValueError, match=sentence):
        lw.LatentSpace(None, points=points, geometry=geometry, device="cpu")


def test_points_that_are_not_of_the_space_replace_nothing():
    space = lw.LatentSpace(None, points=np.eye(3), geometry=SPHERE, device="cpu")
    before, home, facts = space.points.copy(), space.home, space.facts
    with pytest.raises(ValueError, match="points holds a zero vector"):
        space.replace(None, points=np.zeros((3, 3)))
    np.testing.assert_array_equal(space.points, before)
    np.testing.assert_array_equal(space.home, home)
    assert space.facts == facts
    space.close()
