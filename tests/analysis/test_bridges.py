"""Bridges over the gaps of a graph."""

from __future__ import annotations

import numpy as np
import pytest

from latent_widgets.analysis.bridges import bridge
from latent_widgets.analysis.graph import neighbour_graph
from latent_widgets.analysis.graph_path import graph_path

LINE = np.arange(6.0)[:, None] * [1.0, 0.0]
PLACES = np.array([[0.0, 0], [105, 0], [0, 50], [300, 0]])
APART = (PLACES[:, None] + LINE).reshape(-1, 2)


def test_groups_are_joined_where_they_are_nearest():
    graph = neighbour_graph(APART, 2)
    joined, bridges = bridge(graph, APART)
    assert {tuple(sorted(pair)) for pair in bridges.tolist()} == {(0, 12), (5, 6), (11, 18)}
    assert joined[5, 6] == joined[6, 5] == pytest.approx(100.0)
    assert joined.nnz == graph.nnz + 6
    _, lengths = graph_path(joined, (np.array([0]), np.zeros(1)), (np.array([23]), np.zeros(1)))
    assert sum(lengths) == pytest.approx(305.0)


def test_one_group_stays_as_it_is():
    graph = neighbour_graph(np.concatenate([LINE, LINE[:2]]), 3)
    joined, bridges = bridge(graph, np.concatenate([LINE, LINE[:2]]))
    assert joined is graph
    assert bridges.shape == (0, 2)


def test_a_caller_can_stop_it():
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bridge(neighbour_graph(APART, 2), APART, stop)
