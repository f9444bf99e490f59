"""Nearest rows, against brute force."""

import numpy as np
import pytest
import torch

from latent_widgets.analysis.neighbours import neighbours

GENERATOR = np.random.default_rng(0)
POINTS = GENERATOR.normal(size=(2000, 16)).astype(np.float32)
QUERIES = GENERATOR.normal(size=(300, 16)).astype(np.float32)


def test_euclidean_is_exactly_brute_force():
    distances, indices = neighbours(POINTS, QUERIES, 10)
    exact = np.linalg.norm(QUERIES[:, None].astype(np.float64) - POINTS[None], axis=2)
    order = np.argsort(exact, axis=1)[:, :10]
    np.testing.assert_array_equal(indices.numpy(), order)
    np.testing.assert_allclose(distances, np.take_along_axis(exact, order, 1), rtol=1e-5)


def test_cosine_is_one_minus_the_cosine():
    distances, indices = neighbours(POINTS, QUERIES, 5, metric="cosine")
    unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (POINTS, QUERIES)]
    exact = 1 - unit[1].astype(np.float64) @ unit[0].T
    order = np.argsort(exact, axis=1)[:, :5]
    np.testing.assert_array_equal(indices.numpy(), order)
    np.testing.assert_allclose(distances, np.take_along_axis(exact, order, 1), atol=1e-6)


def test_distances_do_not_cancel_far_from_the_origin():
    far = torch.tensor([[1e4, 1e4], [1e4, 1e4 + 0.5]])
    distances, indices = neighbours(far, far[:1], 2)
    assert indices.tolist() == [[0, 1]]
    assert distances.tolist() == [[0, 0.5]]


def test_all_rows_are_returned_when_there_are_fewer_than_k():
    assert neighbours(POINTS[:3], QUERIES[:1], 9)[1].shape == (1, 3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((POINTS, QUERIES, 0), "k must be at least 1"),
        ((POINTS, QUERIES[:, :3], 1), "points and queries must have shapes"),
        ((POINTS, QUERIES, 1, "manhattan"), "metric must be"),
    ],
)
def test_bad_questions_are_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        neighbours(*arguments)
