"""Nearest rows, against brute force in float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from latent_widgets.analysis.neighbours import Neighbours, neighbours
from latent_widgets.geometry import Hypersphere, PoincareBall

GENERATOR = np.random.default_rng(0)
POINTS = GENERATOR.normal(size=(2000, 16)).astype(np.float32)
QUERIES = GENERATOR.normal(size=(300, 16)).astype(np.float32)


def brute(points, queries, k):
    """Distances and rows in float64, equally near rows by their ids."""
    points, queries = points.astype(np.float64), queries.astype(np.float64)
    exact = np.stack([np.linalg.norm(points - query, axis=1) for query in queries])
    order = np.argsort(exact, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(exact, order, 1), order


def test_euclidean_is_exactly_brute_force():
    distances, indices = neighbours(POINTS, QUERIES, 10)
    exact, order = brute(POINTS, QUERIES, 10)
    np.testing.assert_array_equal(indices.numpy(), order)
    np.testing.assert_allclose(distances, exact, rtol=1e-6)


def test_a_thousand_queries_find_the_sets_that_brute_force_finds():
    points = GENERATOR.normal(size=(5000, 32)).astype(np.float32)
    queries = GENERATOR.normal(size=(1000, 32)).astype(np.float32)
    found = Neighbours(points).search(queries, 10)[1].numpy()
    sk = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(points.astype(np.float64))
    wanted = sk.kneighbors(queries.astype(np.float64), return_distance=False)
    np.testing.assert_array_equal(np.sort(found), np.sort(wanted))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    n=st.integers(1, 60),
    d=st.integers(1, 6),
    k=st.integers(1, 70),
    far=st.sampled_from([0.0, 1.0, 1e4, 1e6]),
    steps=st.sampled_from([0.0, 0.5]),
)
def test_any_rows_ties_and_offsets_give_what_brute_force_gives(*, seed, n, d, k, far, steps):
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(n + 3, d))
    # Rows on a lattice are equally near by the dozen.
    rows = (np.round(rows / steps) * steps if steps else rows) + far
    rows = rows.astype(np.float32)
    distances, indices = neighbours(rows[3:], rows[:3], k)
    exact, order = brute(rows[3:], rows[:3], k)
    np.testing.assert_array_equal(indices.numpy(), order)
    np.testing.assert_allclose(distances, exact, rtol=1e-6)


def test_rows_too_large_for_a_square_are_compared_all_the_same():
    rows = np.float32([[1e30, 0], [2e30, 0], [0, 0]])
    assert neighbours(rows, rows[1:2], 3)[1].tolist() == [[1, 0, 2]]


def test_quick_matrix_products_change_no_answer():
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        found = neighbours(POINTS, QUERIES, 10)[1].numpy()
    finally:
        torch.set_float32_matmul_precision(before)
    np.testing.assert_array_equal(found, brute(POINTS, QUERIES, 10)[1])


def test_cosine_is_one_minus_the_cosine():
    distances, indices = neighbours(POINTS, QUERIES, 5, metric="cosine")
    unit = [
        rows / np.linalg.norm(rows, axis=1, keepdims=True)
        for rows in (POINTS.astype(np.float64), QUERIES.astype(np.float64))
    ]
    exact = 1 - unit[1] @ unit[0].T
    order = np.argsort(exact, axis=1)[:, :5]
    np.testing.assert_array_equal(indices.numpy(), order)
    np.testing.assert_allclose(distances, np.take_along_axis(exact, order, 1), atol=1e-7)


def test_a_vector_without_direction_is_at_one_from_all():
    rows = np.float32([[0, 0], [1, 0], [-1, 0]])
    distances, indices = neighbours(rows, np.float32([[2, 0]]), 3, metric="cosine")
    assert indices.tolist() == [[1, 0, 2]]
    assert distances.tolist() == [[0, 1, 2]]
    assert neighbours(rows, rows[:1], 3, metric="cosine")[0].tolist() == [[1, 1, 1]]


@pytest.mark.parametrize("geometry", [Hypersphere(), PoincareBall()])
def test_a_geometry_measures_by_itself(geometry):
    rows = geometry.random(400, 3, torch.Generator().manual_seed(0), torch.float64)
    distances, indices = neighbours(rows, rows[:20], 6, metric=geometry)
    exact = geometry.distance(rows[:20, None], rows[None])
    wanted, order = exact.sort(dim=1, stable=True)
    torch.testing.assert_close(distances, wanted[:, :6], atol=1e-12, rtol=1e-9)
    torch.testing.assert_close(indices, order[:, :6])


def test_distances_do_not_cancel_far_from_the_origin():
    far = torch.tensor([[1e4, 1e4], [1e4, 1e4 + 0.5]])
    distances, indices = neighbours(far, far[:1], 2)
    assert indices.tolist() == [[0, 1]]
    assert distances.tolist() == [[0, 0.5]]


def test_all_rows_are_returned_when_there_are_fewer_than_k():
    assert neighbours(POINTS[:3], QUERIES[:1], 9)[1].shape == (1, 3)
    assert neighbours(POINTS[:0], QUERIES[:1], 9)[1].shape == (1, 0)
    assert neighbours(POINTS, QUERIES[:0], 9)[1].shape == (0, 9)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.int32])
def test_other_types_of_numbers_are_searched_too(dtype):
    rows = torch.arange(12).reshape(6, 2).to(dtype)
    distances, indices = neighbours(rows, rows[2:3], 2)
    assert indices.tolist() == [[2, 1]]
    torch.testing.assert_close(distances.double()[0, 1], torch.tensor(8.0).double().sqrt())


def test_an_index_looks_at_the_points_where_they_lie():
    rows = torch.from_numpy(POINTS.copy())
    assert Neighbours(rows).points.data_ptr() == rows.data_ptr()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((POINTS, QUERIES, 0), "k must be at least 1"),
        ((POINTS, QUERIES[:, :3], 1), "points and queries must have shapes"),
        ((POINTS, QUERIES, 1, "manhattan"), "metric must be"),
        ((POINTS[0], QUERIES, 1), "points must have shape"),
        ((POINTS * np.float32(np.nan), QUERIES, 1), "points must be finite"),
        ((POINTS, QUERIES * np.float32(np.inf), 1), "queries must be finite"),
    ],
)
def test_bad_questions_are_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        neighbours(*arguments)
