"""Distances along the data, against scikit-learn's graph and SciPy's shortest paths."""

import numpy as np
import pytest
from scipy.sparse.csgraph import shortest_path
from sklearn.neighbors import kneighbors_graph

from latent_widgets.analysis.graph import along_graph, neighbour_graph
from latent_widgets.geometry import Hypersphere

POINTS = np.random.default_rng(0).normal(size=(400, 3))


def test_the_graph_is_scikit_learns_both_ways():
    found = neighbour_graph(POINTS, 5)
    one_way = kneighbors_graph(POINTS, 5, mode="distance")
    wanted = one_way.maximum(one_way.T)
    assert found.nnz == wanted.nnz
    assert abs(found - wanted).max() < 1e-12
    assert (found != found.T).nnz == 0


def test_equal_rows_are_joined_by_edges_of_length_zero():
    rows = np.repeat(POINTS[:10], 4, axis=0)
    found = neighbour_graph(rows, 3)
    assert (np.diff(found.indptr) == 3).all()
    assert (found.data == 0).all()
    assert not found.diagonal().any()


def test_more_equal_rows_than_neighbours_join_none_to_itself():
    found = neighbour_graph(np.zeros((9, 2)), 3)
    starts = np.repeat(np.arange(9), np.diff(found.indptr))
    assert (starts != found.indices).all()
    assert np.diff(found.indptr).min() >= 3


@pytest.mark.parametrize(("n", "edges"), [(0, 0), (1, 0), (2, 2), (3, 6)])
def test_few_rows_are_all_joined(n, edges):
    assert neighbour_graph(POINTS[:n], 10).nnz == edges


def test_edges_have_the_length_of_the_geometry():
    sphere = Hypersphere()
    rows = POINTS / np.linalg.norm(POINTS, axis=1, keepdims=True)
    found = neighbour_graph(rows, 4, sphere).tocoo()
    np.testing.assert_allclose(found.data, sphere.distance(rows[found.row], rows[found.col]))


def test_paths_are_the_shortest():
    graph = neighbour_graph(POINTS, 4)
    whole = shortest_path(graph)
    anchors, lengths = np.array([7, 30]), np.array([0.5, 0.1])
    wanted = np.min(whole[anchors] + lengths[:, None], axis=0)
    order = np.argsort(wanted, kind="stable")
    for k in (1, 20, 400):
        distances, rows = along_graph(graph, anchors, lengths, k)
        np.testing.assert_allclose(distances, wanted[order[:k]])
        np.testing.assert_array_equal(rows, order[:k])


def test_rows_that_no_path_leads_to_come_last_and_infinitely_far():
    rows = np.concatenate([POINTS[:20], POINTS[:20] + 100])
    distances, found = along_graph(neighbour_graph(rows, 3), np.array([0]), np.array([0.0]), 40)
    assert np.isfinite(distances).sum() == 20
    assert found[20:].tolist() == list(range(20, 40))


def test_progress_is_told_and_may_stop_it():
    told = []
    neighbour_graph(POINTS, 3, progress=lambda share, words: told.append((share, words)))
    assert told[0] == (0.0, "0 of 400 rows joined")
    assert [share for share, _ in told] == sorted(share for share, _ in told)

    def stop(share, _):
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        neighbour_graph(POINTS, 3, progress=stop)


def test_bad_questions_are_refused():
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        neighbour_graph(POINTS, 0)
    with pytest.raises(ValueError, match="points must be finite"):
        neighbour_graph(np.full((5, 2), np.nan), 2)
