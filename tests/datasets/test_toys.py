"""Distances on the toys against the shortest way found in other ways."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.sparse.csgraph import shortest_path
from sklearn.neighbors import kneighbors_graph

from latent_widgets.datasets.toys import swiss_roll, torus


@pytest.mark.parametrize("make", [swiss_roll, torus])
def test_short_distances_are_straight_and_long_ones_are_never_shorter(make):
    toy = make(3000, seed=1)
    true = toy.distances(range(0, 3000, 10))
    points = toy.points[::10]
    straight = np.linalg.norm(points[:, None] - points[None], axis=-1)
    assert (true >= straight - 1e-9).all()
    near = (straight < 0.25) & (straight > 0)
    assert near.any()
    np.testing.assert_allclose(true[near], straight[near], rtol=0.01)


@pytest.mark.parametrize("make", [swiss_roll, torus])
def test_a_fine_graph_on_the_points_finds_the_same_distances(make):
    toy = make(4000, seed=2)
    graph = kneighbors_graph(toy.points, 12, mode="distance")
    found = shortest_path(graph, directed=False, indices=range(5))
    rows = np.arange(4000)
    true = np.stack([toy.between(np.array(row), rows) for row in range(5)])
    far = true > true.max() / 4
    ratio = found[far] / true[far]
    # A way through points is longer than the straight one, by little when they are dense.
    assert 1 < ratio.mean() < 1.08


def test_the_swiss_roll_is_the_spiral_that_its_factors_say():
    toy = swiss_roll(500, seed=3)
    angle, height = toy.factors["angle"], toy.factors["height"]
    x, y, z = toy.points.T
    np.testing.assert_allclose(np.hypot(x, z), angle)
    np.testing.assert_allclose(np.arctan2(z, x), (angle + np.pi) % (2 * np.pi) - np.pi, atol=1e-12)
    np.testing.assert_array_equal(y, height)
    for row in range(5):
        length, _ = quad(lambda t: np.sqrt(1 + t * t), 1.5 * np.pi, angle[row], epsabs=1e-10)
        assert toy.factors["arc"][row] == pytest.approx(length, abs=1e-8)
    a, b = 7, 11
    flat = np.hypot(toy.factors["arc"][a] - toy.factors["arc"][b], height[a] - height[b])
    assert toy.distances()[a, b] == pytest.approx(flat)


def test_the_sheet_is_covered_evenly():
    arc = swiss_roll(20_000, seed=4).factors["arc"]
    counts, _ = np.histogram(arc, 10)
    assert counts.min() > 1850
    assert counts.max() < 2150


def test_the_torus_goes_round_both_ways():
    toy = torus(300, seed=5, radii=(2.0, 0.5))
    np.testing.assert_allclose(np.hypot(toy.points[:, 0], toy.points[:, 1]), 2)
    np.testing.assert_allclose(np.hypot(toy.points[:, 2], toy.points[:, 3]), 0.5)
    u, v = toy.factors["u"], toy.factors["v"]
    du = np.abs(np.angle(np.exp(1j * (u[:, None] - u[None]))))
    dv = np.abs(np.angle(np.exp(1j * (v[:, None] - v[None]))))
    np.testing.assert_allclose(toy.distances(), np.hypot(2 * du, 0.5 * dv), atol=1e-9)
    assert toy.distances().max() < np.hypot(2 * np.pi, 0.5 * np.pi)


@pytest.mark.parametrize("make", [swiss_roll, torus])
def test_noise_moves_points_and_leaves_the_truth(make):
    clean, noisy = make(4000, seed=6), make(4000, seed=6, noise=0.1)
    assert (noisy.points - clean.points).std() == pytest.approx(0.1, rel=0.05)
    np.testing.assert_array_equal(noisy.distances([0, 9]), clean.distances([0, 9]))
    assert not np.array_equal(make(5, seed=7).points, make(5, seed=8).points)
    assert len(make(0)) == 0
    assert make(0).distances().shape == (0, 0)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: swiss_roll(-1), r"n is -1; expected a whole number, 0 or more\."),
        (lambda: torus(3, noise=np.nan), r"noise is nan; expected a finite number, 0 or more\."),
        (lambda: torus(3, radii=(1.0, 0.0)), r"radii is \(1\.0, 0\.0\); expected two numbers"),
        (lambda: torus(3, radii=(1.0,)), r"radii is \(1\.0,\); expected two numbers above 0\."),
        (lambda: torus(3).distances([3]), r"rows is \[3\]; expected row ids from 0 to 2\."),
        (lambda: torus(3).distances([-1]), r"rows is \[-1\]; expected row ids from 0 to 2\."),
        (lambda: torus(3).distances([0.5]), r"rows is \[0\.5\]; expected row ids from 0 to 2\."),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
