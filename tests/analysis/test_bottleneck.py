"""Bottleneck distances between diagrams."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from latent_widgets.analysis import bottleneck


def test_bottleneck_distances():
    assert bottleneck([(0, 1)], [(0, 1.2)]) == pytest.approx(0.2)
    assert bottleneck([(0, 1)], []) == pytest.approx(0.5)
    assert bottleneck([], []) == 0
    assert bottleneck([(0, np.inf)], [(0, np.inf)]) == 0
    assert bottleneck([(0, np.inf), (0, 1)], [(0.3, np.inf)]) == pytest.approx(0.5)
    assert bottleneck([(0, np.inf)], [(0, 5)]) == np.inf
    assert bottleneck([(0, np.inf)] * 2, [(0, np.inf)]) == np.inf


def by_assignment(a, b):
    """Bottleneck distance of finite diagrams, tried at every length that could be it."""
    cost = np.zeros((len(a) + len(b),) * 2)
    cost[: len(a), : len(b)] = np.abs(a[:, None] - b[None]).max(2)
    cost[: len(a), len(b) :] = np.diff(a) / 2
    cost[len(a) :, : len(b)] = np.diff(b)[:, 0] / 2
    for length in np.unique(cost):
        if not (cost > length)[linear_sum_assignment(cost > length)].any():
            return length
    raise AssertionError


def test_bottleneck_is_a_metric_and_the_least_of_all_assignments():
    generator = np.random.default_rng(0)

    def diagram():
        birth = generator.uniform(size=generator.integers(1, 6))
        return np.stack([birth, birth + generator.uniform(size=len(birth))], axis=1)

    for _ in range(50):
        a, b, c = diagram(), diagram(), diagram()
        assert bottleneck(a, b) == bottleneck(b, a)
        assert bottleneck(a, c) <= bottleneck(a, b) + bottleneck(b, c) + 1e-12
        assert bottleneck(a, b) == pytest.approx(by_assignment(a, b), abs=1e-12)
