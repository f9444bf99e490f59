"""Persistent homology: closed forms, gudhi beside it, landmarks, bad input."""

from __future__ import annotations

import importlib.util
import itertools
import time
import warnings

import gudhi
import numpy as np
import pytest
from scipy.spatial.distance import cdist

from latent_widgets.analysis import bottleneck, persistence, rips
from latent_widgets.geometry import Hypersphere

RNG = np.random.default_rng(0)


def ngon(n, radius=1.0):
    angle = np.arange(n) / n * 2 * np.pi
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


@pytest.mark.parametrize(
    ("n", "birth", "death"),
    [
        (4, 1.41421356, 2),
        (12, 0.5176381, 1.7320508),
        (30, 0.2090569, 1.7320508),
        (100, 0.0628215, 1.7526134),
    ],
)
def test_the_hole_of_a_polygon(n, birth, death):
    found = persistence(ngon(n))
    np.testing.assert_allclose(found[1], [[birth, death]], atol=1e-6)
    np.testing.assert_allclose(
        found[1], [[2 * np.sin(np.pi / n), 2 * np.sin(np.pi * -(-n // 3) / n)]], atol=1e-6
    )
    assert found.covering_radius == 0
    assert sorted(found.cycle(0)) == list(range(n))


def test_square_and_octahedron():
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    np.testing.assert_allclose(persistence(square)[1], [[1, 2**0.5]], atol=1e-6)
    found = persistence(np.concatenate([np.eye(3), -np.eye(3)]), max_dim=2)
    np.testing.assert_allclose(found[2], [[2**0.5, 2]], atol=1e-6)
    assert len(found[1]) == 0
    assert found.betti(1.5) == (1, 0, 1)


def long(bars):
    """Leave out what every square of a grid makes."""
    return bars[bars[:, 1] - bars[:, 0] > 0.1]


def flat(*, twisted, n=12):
    """Distances on the unit square whose sides are one; a Klein bottle where one is turned."""
    place = (np.indices((n, n)).reshape(2, -1).T + 0.5) / n
    best = np.full((n * n, n * n), np.inf)
    for i, j in itertools.product((-1, 0, 1), repeat=2):
        other = place.copy()
        if twisted and i:
            other[:, 1] = 1 - other[:, 1]
        best = np.minimum(best, cdist(place, other + np.array([i, j])))
    return np.minimum(best, best.T)


@pytest.mark.parametrize("coeff", [2, 3])
def test_flat_torus(coeff):
    found = persistence(flat(twisted=False), 2, coeff, metric="precomputed", threshold=0.6)
    np.testing.assert_allclose(long(found[1]), [[0.083, 0.333]] * 2, atol=1e-3)
    np.testing.assert_allclose(long(found[2]), [[0.118, 0.344]], atol=1e-3)
    assert found.betti(0.2) == (1, 2, 1)


def test_flat_klein_bottle_differs_between_fields():
    distances = flat(twisted=True)
    found = persistence(distances, 2, 2, metric="precomputed", threshold=0.6)
    np.testing.assert_allclose(long(found[1]), [[0.083, 0.344], [0.083, 0.333]], atol=1e-3)
    np.testing.assert_allclose(long(found[2]), [[0.118, 0.417]], atol=1e-3)
    found = persistence(distances, 2, 3, metric="precomputed", threshold=0.6)
    np.testing.assert_allclose(long(found[1]), [[0.083, 0.344]], atol=1e-3)
    assert (found[2][:, 0] >= 0.3).all()
    loop = np.searchsorted(found.rows, found.cycle(0))
    assert distances[loop, np.roll(loop, -1)].max() <= found[1][0, 0] * (1 + 1e-6)


@pytest.mark.parametrize("coeff", [2, 3])
def test_gudhi_finds_the_same_bars(coeff):
    points = RNG.normal(size=(40, 3))
    found = persistence(points, 2, coeff)
    tree = gudhi.RipsComplex(points=points).create_simplex_tree(max_dimension=3)
    tree.compute_persistence(homology_coeff_field=coeff)
    for dim, bars in found.items():
        theirs = tree.persistence_intervals_in_dimension(dim)
        theirs = theirs[np.argsort(theirs[:, 0] - theirs[:, 1], kind="stable")]
        np.testing.assert_allclose(bars, theirs, atol=1e-5)


def test_the_alpha_complex_sees_the_same_hole_in_squared_radii():
    tree = gudhi.AlphaComplex(points=ngon(12)).create_simplex_tree()
    tree.compute_persistence()
    bars = tree.persistence_intervals_in_dimension(1)
    birth = bars[np.diff(bars)[:, 0].argmax(), 0]
    assert persistence(ngon(12))[1][0, 0] == pytest.approx(2 * birth**0.5, abs=1e-6)


def test_a_threshold_leaves_components_and_holes_open():
    points = np.concatenate([ngon(12), ngon(12) + 50])
    found = persistence(points, threshold=1.0)
    assert np.isinf(found[1][:, 1]).all()
    assert np.isinf(found[0][:2, 1]).all()
    assert found.bridge(1) is None
    assert found.bridge(2).length == pytest.approx(0.5176381)


def test_isometries_change_nothing():
    points = RNG.normal(size=(60, 3))
    turn, _ = np.linalg.qr(RNG.normal(size=(3, 3)))
    moved = (points @ turn + 7)[::-1].copy()
    for dim, bars in persistence(points).items():
        assert bottleneck(bars, persistence(moved)[dim]) < 1e-5


def test_noise_moves_a_diagram_by_no_more_than_it_moves_distances():
    points = ngon(40)
    for eps in (0.01, 0.1):
        shift = RNG.normal(size=points.shape)
        noisy = points + eps * shift / np.linalg.norm(shift, axis=1, keepdims=True)
        away = bottleneck(persistence(points)[1], persistence(noisy)[1])
        assert 0 < away <= 2 * eps + 1e-6


def test_landmarks_keep_to_their_error():
    points = RNG.normal(size=(400, 2))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    whole, few = persistence(points), persistence(points, landmarks=30, seed=1)
    nearest = cdist(points, points[few.rows]).min(1)
    assert few.covering_radius == pytest.approx(nearest.max())
    assert few.error == 2 * few.covering_radius
    for dim in (0, 1):
        assert bottleneck(whole[dim], few[dim]) <= few.error
    assert set(few.cycle(0)) <= set(few.rows)
    np.testing.assert_array_equal(few.rows, persistence(points, landmarks=30, seed=1).rows)
    assert f"30 landmarks of 400 rows; covering radius {few.covering_radius:.3g}" in few.about
    assert "all 400 rows, exact" in whole.about
    assert len(persistence(RNG.normal(size=(600, 2))).rows) == rips.USUAL[1] == 500


def test_many_rows_are_seen_through_landmarks_and_it_says_so(monkeypatch):
    monkeypatch.setattr("latent_widgets.analysis.landmarks._CANDIDATES", 300)
    monkeypatch.setattr("latent_widgets.analysis.landmarks._CHUNK", 128)
    points = RNG.normal(size=(1200, 4))
    found = persistence(points, landmarks=40)
    assert "40 landmarks of 1,200 rows, chosen among 300 of them" in found.about
    nearest = cdist(points, points[found.rows]).min(1)
    assert found.covering_radius == pytest.approx(nearest.max(), rel=1e-6)


def test_metrics():
    points = RNG.normal(size=(30, 3)) * RNG.uniform(1, 5, (30, 1))
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    angle = persistence(points, metric="cosine")
    assert bottleneck(angle[1], persistence(unit, metric=Hypersphere())[1]) < 1e-5
    exact = np.arccos(np.clip(unit @ unit.T, -1, 1))
    exact = np.maximum(exact, exact.T)
    np.fill_diagonal(exact, 0)
    assert bottleneck(angle[0], persistence(exact, metric="precomputed")[0]) < 1e-5
    few = persistence(points, metric="cosine", landmarks=8)
    assert few.covering_radius == pytest.approx(exact[:, few.rows].min(1).max(), abs=1e-6)


@pytest.mark.parametrize("n", [1, 2, 7])
def test_points_on_top_of_one_another(n):
    found = persistence(np.full((n, 3), 2.0))
    np.testing.assert_array_equal(found[0], [[0, np.inf]])
    assert found[1].shape == (0, 2)
    assert found.betti(1) == (1, 0)
    assert found.edges(0).shape == (n * (n - 1) // 2, 2)


def test_fewer_places_than_landmarks():
    points = np.repeat(ngon(6), 5, axis=0)
    found = persistence(points, landmarks=20)
    assert len(found.rows) == 6
    assert found.covering_radius == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"coeff": 4}, "coeff must be a prime below 100, got 4"),
        ({"coeff": 2.0}, "coeff must be a prime"),
        ({"max_dim": 3}, "max_dim must be 0, 1 or 2, got 3"),
        ({"threshold": 0.0}, "threshold must be above 0, got 0.0"),
        ({"landmarks": 13}, "landmarks must be from 1 to 12, as many as points, got 13"),
        ({"metric": "manhattan"}, "metric must be one of .* or a geometry, got 'manhattan'"),
        ({"metric": "precomputed"}, r"points must be distances \(n, n\)"),
    ],
)
def test_bad_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        persistence(ngon(12), **options)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (np.full((3, 2), np.nan), "points must be finite"),
        (np.zeros((0, 2)), "points must have at least 1 rows, got 0"),
        (np.zeros(4), r"points must be rows of numbers of shape \(n, d\)"),
    ],
)
def test_bad_points_are_refused(points, sentence):
    with pytest.raises(ValueError, match=sentence):
        persistence(points)
    with pytest.raises(ValueError, match="row 1 is zero"):
        persistence(np.array([[1.0, 0], [0, 0]]), metric="cosine")


def test_what_would_take_for_ever_is_refused_with_its_cost():
    points = RNG.normal(size=(4000, 2))
    with pytest.raises(ValueError, match=r"H2 of 4,000 points would take about \d+ hours"):
        persistence(points, max_dim=2, landmarks=4000)


def test_bars_that_are_not_there():
    found = persistence(ngon(5))
    with pytest.raises(ValueError, match="bar must be one of the 1 of H1, from 0, got 1"):
        found.cycle(1)
    with pytest.raises(ValueError, match="bar must be one of the 5 of H0, from 0, got -1"):
        found.bridge(-1)


def test_a_long_run_goes_on_aside_and_is_stopped_at_once(monkeypatch):
    points, looks = RNG.normal(size=(60, 2)), []
    here = persistence(points)
    monkeypatch.setattr(rips, "_ASIDE_FROM", 0.0)
    there = persistence(points, progress=lambda *look: looks.append(look))
    for dim, bars in here.items():
        np.testing.assert_array_equal(bars, there[dim])
    np.testing.assert_array_equal(here.cycle(0), there.cycle(0))
    assert all(0 <= share < 1 for share, _ in looks)
    assert "homology" in looks[-1][1]

    def stop(*_):
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        persistence(RNG.normal(size=(500, 3)), max_dim=2, landmarks=500, progress=stop)
    assert time.monotonic() - begun < 5


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"pip install 'latent-widgets\[topology\]'"):
        persistence(ngon(5))
    with pytest.raises(ImportError, match=r"pip install 'latent-widgets\[topology\]'"):
        bottleneck([(0, 1)], [])


def test_nothing_is_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bottleneck([(0, np.inf), (0, 1)], [(0, np.inf)])
        persistence(ngon(3), threshold=0.1)
