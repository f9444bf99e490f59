"""How far a map can be trusted: against scikit-learn, known figures and cases one can see."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform
from scipy.stats import spearmanr
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from latent_widgets.analysis.projection import project
from latent_widgets.analysis.quality import measure_quality
from latent_widgets.analysis.shepard import diagram
from latent_widgets.geometry import Hypersphere, PoincareBall


@pytest.fixture(scope="module")
def digits():
    x, y = load_digits(return_X_y=True)
    return x, y, PCA(2, svd_solver="full").fit_transform(x)


@pytest.mark.parametrize(
    ("k", "trust", "continuity"), [(5, 0.8304273, 0.9569231), (12, 0.8296071, 0.9482888)]
)
def test_digits_on_two_principal_axes(digits, k, trust, continuity):
    x, y, xy = digits
    found = measure_quality(x, xy, y, k)
    assert found.trustworthiness == pytest.approx(trust, abs=1e-5)
    # Digits are whole numbers, and ties leave that much open.
    assert found.continuity == pytest.approx(continuity, abs=3e-5)
    assert found.trustworthiness == pytest.approx(trustworthiness(x, xy, n_neighbors=k), abs=1e-5)
    assert found.continuity == pytest.approx(trustworthiness(xy, x, n_neighbors=k), abs=1e-5)
    assert found.raw_stress == pytest.approx(0.5405345, abs=1e-5)
    assert found.stress == pytest.approx(0.3680692, abs=1e-5)
    assert found.shepard == pytest.approx(0.5823714, abs=1e-5)
    assert found.sampled is None


def test_neighbourhood_hit_of_the_digits(digits):
    x, y, xy = digits
    found = measure_quality(x, xy, y, k=10)
    assert found.neighbourhood_hit == pytest.approx(0.5708403, abs=1e-5)
    assert str(found) == (
        "trustworthiness 0.83, continuity 0.95, neighbourhood hit 0.57, stress 0.37 "
        "(k = 10, 1,797 rows)"
    )


def test_figures_come_with_their_meaning(digits):
    x, y, xy = digits
    named = {name: value for name, value, _ in measure_quality(x[:90], xy[:90], y[:90]).figures()}
    assert list(named) == [
        "trustworthiness",
        "continuity",
        "neighbourhood hit",
        "stress",
        "rank correlation",
    ]
    without = measure_quality(x[:90], xy[:90])
    assert [name for name, _, _ in without.figures()] == [n for n in named if "hit" not in n]
    assert named["trustworthiness"] == without.trustworthiness


def test_the_identity_is_perfect_and_noise_is_not(digits):
    x, y, _ = digits
    same = measure_quality(np.concatenate([x[:300], x[:20]]), np.concatenate([x[:300], x[:20]]))
    assert (same.trustworthiness, same.continuity, same.raw_stress) == (1, 1, 0)
    assert same.shepard == pytest.approx(1)
    assert not same.distortion.any()
    noise = measure_quality(x, np.random.default_rng(0).normal(size=(len(x), 2)), y)
    assert noise.trustworthiness == pytest.approx(0.502, abs=0.01)
    assert noise.neighbourhood_hit == pytest.approx(0.1, abs=0.02)
    assert noise.stress > same.stress + 0.2


def test_what_rows_lose_is_what_the_map_loses(digits):
    x, _, xy = digits
    found = measure_quality(x, xy)
    assert found.distortion.mean() == pytest.approx(1 - found.trustworthiness, abs=1e-6)
    assert found.lost.mean() == pytest.approx(1 - found.continuity, abs=1e-6)
    assert found.distortion.shape == found.lost.shape == (len(x),)
    assert 0 <= found.distortion.min() < found.distortion.max() <= 1


def test_the_row_that_was_put_among_strangers_is_the_distorted_one():
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(0, 1, (50, 4)), rng.normal(30, 1, (50, 4))])
    xy = points[:, :2].copy()
    xy[7] = xy[70]
    found = measure_quality(points, xy, k=5)
    assert found.distortion.argmax() == 7
    assert found.lost.argmax() == 7


def test_stress_knows_no_scale_and_raw_stress_does():
    points = np.random.default_rng(0).normal(size=(60, 2))
    large = measure_quality(points, 10 * points)
    assert large.stress == pytest.approx(0, abs=1e-6)
    assert large.raw_stress == pytest.approx(9)
    assert large.shepard == pytest.approx(1)


def test_shepard_is_the_rank_correlation_of_all_pairs(digits):
    x, _, xy = digits
    found = measure_quality(x[:200], xy[:200])
    assert found.shepard == pytest.approx(spearmanr(pdist(x[:200]), pdist(xy[:200])).statistic)
    assert found.diagram.counts.sum() == 200 * 199 / 2
    assert found.diagram.latent == pytest.approx(pdist(x[:200]).max())


def test_a_diagram_counts_pairs_where_they_lie():
    found = diagram(np.array([0.0, 1.0, 4.0]), np.array([2.0, 0.0, 1.9]), bins=4)
    expected = np.zeros((4, 4), int)
    expected[0, 3] = expected[1, 0] = expected[3, 3] = 1
    np.testing.assert_array_equal(found.counts, expected)
    assert (found.latent, found.xy) == (4, 2)


def test_a_curved_space_has_its_own_distances():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(80, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    arcs = 2 * np.arcsin(np.clip(squareform(pdist(points)) / 2, 0, 1))
    xy = points[:, :2]
    round_ = measure_quality(points, xy, geometry=Hypersphere())
    assert round_.trustworthiness == pytest.approx(
        trustworthiness(arcs, xy, n_neighbors=12, metric="precomputed"), abs=1e-6
    )
    assert round_.diagram.latent == pytest.approx(arcs.max())
    ball = measure_quality(0.99 * points, xy, geometry=PoincareBall())
    assert ball.diagram.latent > 2 * round_.diagram.latent


def test_a_map_judges_itself_by_the_distances_of_its_space():
    points = np.random.default_rng(0).uniform(-0.6, 0.6, (40, 2)).astype(np.float32)
    found = project(points, "disc", geometry=PoincareBall()).quality()
    expected = measure_quality(points, points, geometry=PoincareBall())
    assert found.diagram.latent == pytest.approx(expected.diagram.latent, rel=1e-5)
    assert found.trustworthiness == pytest.approx(expected.trustworthiness, abs=1e-6)


def test_more_rows_than_one_compares_are_drawn_and_that_is_said(digits):
    x, y, xy = digits
    some = measure_quality(x, xy, y, most=600)
    again = measure_quality(x, xy, y, most=600)
    other = measure_quality(x, xy, y, most=600, seed=1)
    assert len(np.unique(some.sampled)) == 600
    np.testing.assert_array_equal(some.sampled, again.sampled)
    assert some.trustworthiness == again.trustworthiness != other.trustworthiness
    assert some.distortion.shape == (len(x),)
    alone = measure_quality(x[some.sampled], xy[some.sampled])
    np.testing.assert_array_equal(some.distortion[some.sampled], alone.distortion)
    assert "600 of 1,797 rows" in str(some)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_few_rows_say_what_they_can(n):
    points = np.random.default_rng(0).normal(size=(n, 5))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = measure_quality(points, points[:, :2], ["a"] * n)
    assert np.isnan(found.trustworthiness) == (n < 3)
    assert np.isnan(found.stress) == (n < 2)
    assert found.k == (n - 1) // 2
    assert found.distortion.shape == (n,)


def test_identical_points_have_no_stress_to_speak_of():
    same = measure_quality(np.ones((20, 3)), np.zeros((20, 2)))
    assert same.trustworthiness == same.continuity == 1
    assert np.isnan(same.stress)
    assert np.isnan(same.shepard)
    heap = measure_quality(np.random.default_rng(0).normal(size=(20, 3)), np.zeros((20, 2)))
    assert heap.stress == pytest.approx(1)
    assert heap.raw_stress == pytest.approx(1)
    assert heap.trustworthiness < 0.9


def test_it_tells_how_far_it_is_and_can_be_stopped(digits):
    x, _, xy = digits
    told = []
    measure_quality(x[:100], xy[:100], progress=lambda share, words: told.append((share, words)))
    assert told[0] == (0.0, "comparing neighbours")
    assert told[-1] == (1.0, "comparing distances")

    def stop(share, words):
        raise KeyboardInterrupt(words, share)

    with pytest.raises(KeyboardInterrupt):
        measure_quality(x, xy, progress=stop)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"points": [[np.nan, 0]] * 4}, "points must be finite rows"),
        ({"xy": np.zeros((3, 2))}, "xy must have one place a row of points, 4, got 3"),
        ({"labels": [1, 2]}, r"labels must be 4 values, one a row, got shape \(2,\)"),
        ({"k": 0}, "k must be at least 1"),
        ({"most": 2}, "most at least 3"),
    ],
)
def test_what_does_not_fit_is_refused(change, says):
    given = {"points": np.zeros((4, 2)), "xy": np.zeros((4, 2)), **change}
    with pytest.raises(ValueError, match=says):
        measure_quality(**given)
