"""Every way from one latent of a space to another."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import Layer

from latent_widgets import LatentSpace
from latent_widgets.geometry import Hypersphere, PoincareBall
from latent_widgets.paths import METRICS, PLAIN, SOUGHT

ANGLE = np.linspace(0, 1.5 * np.pi, 60)
# Three quarters of a ring: a straight line between its ends crosses nothing but empty space.
RING = np.stack([np.cos(ANGLE), np.sin(ANGLE), 0 * ANGLE], axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def space():
    torch.manual_seed(0)
    made = LatentSpace(Layer(), points=RING, device="cpu")
    yield made
    made.close()


@pytest.mark.parametrize("metric", METRICS)
def test_every_path_is_exact_at_its_ends(space, metric):
    path = space.path(RING[3], RING[40], metric, 7)
    assert path.shape == (7, 3)
    assert path.dtype == np.float32
    np.testing.assert_array_equal(path[[0, -1]], RING[[3, 40]])
    assert np.isfinite(path).all()


@pytest.mark.parametrize("metric", [one for one in METRICS if one != "matched"])
def test_between_equal_ends_every_path_stays(space, metric):
    np.testing.assert_array_equal(space.path(RING[5], RING[5], metric, 4), RING[[5] * 4])


def test_only_matched_leaves_from_equal_ends(space):
    middle = space.path(RING[5], RING[5], "matched", 3)[1]
    np.testing.assert_allclose(middle, RING[5] * math.sqrt(2), rtol=1e-6)


@pytest.mark.parametrize("metric", ["graph", "density"])
def test_what_follows_the_data_goes_around_an_empty_place(space, metric):
    around = np.linalg.norm(space.path(RING[0], RING[-1], metric, 33), axis=1)
    straight = np.linalg.norm(space.path(RING[0], RING[-1], "linear", 33), axis=1)
    assert straight.min() < 0.75
    assert around.min() > 0.8
    density = space.paths.searches.density()
    ways = [space.path(RING[0], RING[-1], one, 65) for one in ("linear", metric)]
    assert density.length(ways[1]) < density.length(ways[0])


def test_a_graph_path_goes_through_its_rows(space):
    way = space.paths.find(RING[0], RING[30], "graph")
    assert way.label.endswith("(length in pictures)")
    rows = int(way.label.split()[1])
    nodes = RING[np.linalg.norm(RING[:, None] - way.latents, axis=2).min(axis=1) < 0.03]
    assert 3 <= rows <= len(nodes)


def test_a_pullback_path_changes_pictures_less(space):
    geometry = space.paths.searches.pullback()
    a, b = np.array([3, -2, 1]), np.array([-2, 3, 2])
    energies = [geometry.energy(space.path(a, b, one, 65)) for one in ("linear", "pullback")]
    assert energies[1] < 0.98 * energies[0]
    assert "no uncertainty" in space.paths.find(a, b, "pullback").label


def test_an_ensemble_is_used_and_said(space):
    def fan(z):
        return torch.stack([space.paths.searches.pullback()._decode(z * k) for k in (0.5, 1.5)])

    sure = space.paths.find(RING[0], RING[30], "pullback")
    unsure = space.paths.find(RING[0], RING[30], "pullback", ensemble=fan)
    assert unsure.label == "pull-back geodesic"
    assert np.abs(sure.latents - unsure.latents).max() > 1e-3
    with pytest.raises(TypeError, match="ensemble must be"):
        space.path(RING[0], RING[1], "pullback", ensemble=3)


def test_a_coarse_path_has_the_same_form(space):
    for metric in SOUGHT:
        way = space.paths.find(RING[0], RING[30], metric, coarse=True)
        assert way.latents.shape == (65, 3)
        np.testing.assert_array_equal(way.latents[[0, -1]], RING[[0, 30]])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 59), st.integers(0, 59), st.sampled_from(["graph", "density"]))
def test_a_way_back_is_as_long_as_the_way_there(space, i, j, metric):
    density = space.paths.searches.density()
    there, back = (space.path(*ends, metric, 65) for ends in (RING[[i, j]], RING[[j, i]]))
    lengths = [density.length(there), density.length(back)]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.05, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-50, 50, width=32), min_size=6, max_size=6), st.sampled_from(PLAIN))
def test_plain_paths_stay_finite_wherever_they_go(space, numbers, metric):
    a, b = np.split(np.array(numbers, np.float32), 2)
    try:
        path = space.path(a, b, metric, 5)
    except ValueError as error:
        assert "opposite" in str(error)  # noqa: PT017 - either is well
    else:
        assert np.isfinite(path).all()


@pytest.mark.parametrize("metric", METRICS)
def test_paths_keep_to_a_sphere_and_to_a_ball(metric):
    rows = np.random.default_rng(0).normal(size=(40, 3))
    for geometry, norms in ((Hypersphere(), (0.999, 1.001)), (PoincareBall(), (0, 1))):
        points = geometry.project(rows * (1 if geometry.name == "hypersphere" else 0.3))
        made = LatentSpace(Layer(), points=points, geometry=geometry, device="cpu")
        # Outside the ball means its nearest point.
        path = made.path(points[0] * 1.5, points[1], metric, 9)
        norm = np.linalg.norm(path, axis=1)
        assert norms[0] <= norm.min() <= norm.max() < norms[1]
        made.close()


def test_opposite_points_of_a_sphere_have_no_single_path():
    made = LatentSpace(Layer(), geometry=Hypersphere(), device="cpu")
    for metric in ("linear", "matched", "geodesic", "slerp", "pullback"):
        for n in (9, 8):
            with pytest.raises(ValueError, match="a and b point in opposite directions"):
                made.path([1, 0, 0], [-1, 0, 0], metric, n)
    made.close()


def test_what_is_missing_is_said_in_a_sentence():
    blind = LatentSpace(None, points=RING, device="cpu")
    with pytest.raises(TypeError, match="no decode"):
        blind.path(RING[0], RING[1], "pullback")
    assert blind.paths.find(RING[0], RING[30], "graph").label.endswith("(length in latents)")
    blind.close()
    bare = LatentSpace(Layer(), device="cpu")
    for metric in ("graph", "density"):
        with pytest.raises(ValueError, match="no rows"):
            bare.path(RING[0], RING[1], metric)
    bare.close()
    apart = np.concatenate([RING[:15] * 0.01, 9 + RING[:15] * 0.01])
    two = LatentSpace(Layer(), points=apart, device="cpu")
    way = two.paths.find(apart[0], apart[-1], "graph")
    assert way.label.endswith(" rows, over 1 gap in the data (length in pictures)")
    assert "gap" not in two.paths.find(apart[0], apart[10], "graph").label
    assert np.isfinite(two.path(apart[0], apart[-1], "density")).all()
    two.close()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([0, 0], [1, 1, 1]), r"a must be 3 finite numbers, got shape \(2,\)"),
        (([0, 0, 0], [1, np.nan, 1]), "b must be 3 finite numbers, got NaN"),
        (([0, 0, 0], [1, 1, 1], "shortest"), "metric must be one of"),
        (([0, 0, 0], [1, 1, 1], "linear", 1), "n must be a whole number from 2 to 100,000, got 1"),
        (([0, 0, 0], [1, 1, 1], "graph", 10**9), "n must be a whole number from 2 to 100,000"),
    ],
)
def test_bad_arguments(space, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        space.path(*arguments)


def test_a_search_can_be_stopped(space):
    class StopError(Exception):
        pass

    def stop(*_):
        raise StopError

    for metric in ("pullback", "density"):
        with pytest.raises(StopError):
            space.path(RING[0], RING[30], metric, progress=stop)


def test_another_model_is_noticed(space):
    before = space.paths
    assert space.paths is before
    other = LatentSpace(Layer(), points=RING, device="cpu")
    other_paths = other.paths
    other.replace(Layer(), points=RING)
    assert other.paths is not other_paths
    other.close()
