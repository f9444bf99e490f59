"""Shortest paths from row to row."""

from __future__ import annotations

import numpy as np
import pytest

from latent_widgets.analysis.graph import neighbour_graph
from latent_widgets.analysis.graph_path import graph_path, reweigh

LINE = np.arange(12.0)[:, None] * [1.0, 0.0]


def join(row, far=0.5):
    return np.array([row]), np.array([far])


def test_a_path_along_a_line_visits_every_row():
    graph = neighbour_graph(LINE, 2)
    rows, lengths = graph_path(graph, join(0), join(11))
    assert sum(lengths) == pytest.approx(12.0)
    assert lengths[0] == lengths[-1] == 0.5
    assert rows[0] == 0
    assert rows[-1] == 11
    assert (np.diff(rows) > 0).all()


def test_a_path_takes_the_cheaper_door():
    graph = neighbour_graph(LINE, 2)
    start = np.array([0, 5]), np.array([0.1, 3.0])
    rows, lengths = graph_path(graph, start, join(8))
    assert rows[0] == 5
    assert sum(lengths) == pytest.approx(3.0 + 3.0 + 0.5)


def test_start_and_end_may_share_a_row():
    rows, lengths = graph_path(neighbour_graph(LINE, 2), join(3), join(3, 0.25))
    assert rows.tolist() == [3]
    assert lengths.tolist() == [0.5, 0.25]


def test_edges_are_as_long_as_pictures_differ():
    graph = neighbour_graph(LINE, 1)
    seen = np.zeros((12, 4), np.float16)
    seen[6:] = 3.0
    longer = reweigh(graph, seen)
    assert longer[5, 6] == longer[6, 5] == pytest.approx(6.0)
    # Rows that look alike are still joined, by a stored zero.
    assert longer.nnz == graph.nnz
    _, lengths = graph_path(longer, join(0, 0.0), join(11, 0.0))
    assert sum(lengths) == pytest.approx(6.0)


def test_a_path_of_arcs_is_no_shorter_than_the_continuous_one():
    angle = np.linspace(0, np.pi, 40)
    circle = np.stack([np.cos(angle), np.sin(angle)], 1)
    graph = neighbour_graph(circle, 2)
    _, lengths = graph_path(graph, join(0, 0.0), join(39, 0.0))
    assert 3.1 < sum(lengths) < np.pi


def test_where_no_path_leads_it_says_so():
    graph = neighbour_graph(np.concatenate([LINE, LINE + 100]), 2)
    with pytest.raises(ValueError, match="no path leads"):
        graph_path(graph, join(0), join(20))


def test_it_tells_how_far_it_is():
    told = []
    reweigh(neighbour_graph(LINE, 2), np.zeros((12, 3)), lambda *said: told.append(said[1]))
    assert told
    assert "edges measured" in told[0]
