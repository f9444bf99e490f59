"""Cycles that stand for holes, and bridges for components."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from latent_widgets.analysis import persistence, rips
from latent_widgets.analysis.cycles import find_loop, pairing


def ngon(n, radius=1.0):
    angle = np.arange(n) / n * 2 * np.pi
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def bounds(loop, distances, scale, p):
    """Whether a loop is a sum of boundaries of triangles at a scale, by elimination mod p."""
    n = len(distances)
    edges = {pair: i for i, pair in enumerate(itertools.combinations(range(n), 2))}

    def chain(path):
        column = np.zeros(len(edges), int)
        for a, b in itertools.pairwise([*path, path[0]]):
            column[edges[min(a, b), max(a, b)]] += 1 if a < b else -1
        return column % p

    triangles = [
        chain(three)
        for three in itertools.combinations(range(n), 3)
        if distances[np.ix_(three, three)].max() <= scale
    ]

    def rank(columns):
        matrix, pivots = np.array(columns).T.copy(), 0
        for row in range(len(matrix)):
            found = np.flatnonzero(matrix[row, pivots:]) + pivots
            if not len(found):
                continue
            matrix[:, [pivots, found[0]]] = matrix[:, [found[0], pivots]]
            inverse = pow(int(matrix[row, pivots]), -1, p)
            factor = matrix[row, pivots + 1 :] * inverse % p
            matrix[:, pivots + 1 :] = (matrix[:, pivots + 1 :] - matrix[:, [pivots]] * factor) % p
            pivots += 1
            if pivots == matrix.shape[1]:
                break
        return pivots

    return rank(triangles) == rank([*triangles, chain(loop)]) if triangles else False


@pytest.mark.parametrize("coeff", [2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_every_cycle_bounds_nothing_while_its_bar_lives(seed, coeff):
    generator = np.random.default_rng(seed)
    # A figure of eight, and a grid, on which many edges are born together.
    eight = np.concatenate([ngon(8), ngon(8) + np.array([2.3, 0])]) + 0.05 * generator.normal(
        size=(16, 2)
    )
    grid = generator.permutation(np.argwhere(np.pad(np.zeros((2, 2)), 1, constant_values=1)))
    for points in (eight, grid.astype(float)):
        found = persistence(points, coeff=coeff)
        distances = cdist(points, points).astype(np.float32)
        assert len(found[1])
        for bar, (birth, death) in enumerate(found[1]):
            loop = found.cycle(bar).tolist()
            assert len(set(loop)) == len(loop) >= 3
            assert distances[loop, np.roll(loop, -1)].max() == np.float32(birth)
            assert not bounds(loop, distances, death * (1 - 1e-6), coeff)
        # And the check can fail: the loop is filled once the bar is over.
        assert bounds(found.cycle(0).tolist(), distances, found[1][0, 1] * (1 + 1e-6), coeff)


def test_a_loop_pairs_with_its_cocycle_and_a_triangle_does_not():
    distances = cdist(ngon(12), ngon(12)).astype(np.float32)
    for coeff in (2, 3):
        diagrams, cocycles = rips.reduce(distances, 1, coeff, np.inf)
        loop = find_loop(distances, diagrams[1][0, 0], cocycles[0], coeff)
        assert pairing(loop, cocycles[0], coeff) != 0
        for three in itertools.combinations(range(12), 3):
            if distances[np.ix_(three, three)].max() < diagrams[1][0, 1]:
                assert pairing(np.array(three), cocycles[0], coeff) == 0


def test_bridges_are_the_deaths_of_components():
    generator = np.random.default_rng(0)
    points = generator.normal(size=(29, 2)) + np.repeat([[0], [30]], [20, 9], axis=0)
    points = np.concatenate([points, points[:1]])
    found = persistence(points)
    assert found.bridge(0) is None
    lengths = [found.bridge(bar).length for bar in range(1, len(found[0]))]
    np.testing.assert_array_equal(lengths, found[0][1:, 1])
    assert len(lengths) == 28
    bridge = found.bridge(1)
    assert sorted(bridge.sizes) == [9, 21]
    assert sorted(end in range(20, 29) for end in bridge.ends) == [False, True]
    assert np.linalg.norm(np.diff(points[list(bridge.ends)], axis=0)) == pytest.approx(
        bridge.length
    )
    assert found.betti(bridge.length * 0.999)[0] == 2
    assert found.betti(bridge.length)[0] == 1
