"""Disentanglement, against codes whose scores follow from arithmetic."""

import numpy as np
import pytest

from latent_widgets.analysis import (
    dci,
    dci_from_importance,
    factor_vae_score,
    linear_probe,
    mig,
    sap,
)

RNG = np.random.default_rng(0)
GRID = np.array([(a, b) for a in range(4) for b in range(6)])
A, B = GRID.T
R = [[0.8, 0.2], [0.3, 0.7]]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (GRID, [1, 1]),
        (np.column_stack([A, A, B]), [0, 1]),
        (np.column_stack([A + B, A - B]), [0, 0]),
        (A[:, None], [1, 0]),
    ],
)
def test_mig_on_the_full_grid(codes, expected):
    found = mig(codes, GRID)
    np.testing.assert_allclose(list(found.by_factor.values()), expected, atol=1e-12)
    assert found.score == pytest.approx(np.mean(expected), abs=1e-12)


def test_mig_of_noise_is_nothing():
    grid = np.tile(GRID, (1000, 1))
    assert mig(RNG.standard_normal((24_000, 2)), grid).score < 0.001


def test_mig_sees_through_scale_order_and_sign():
    rows = RNG.standard_normal((500, 3))
    factors = {"a": np.sign(rows[:, 0]).astype(int), "b": rows[:, 1]}
    first = mig(rows, factors)
    second = mig((rows * [-3, 0.1, 1])[:, [2, 1, 0]], factors)
    assert first.by_factor["a"] == pytest.approx(second.by_factor["a"], abs=0.02)
    assert first.matrix.shape == (3, 2)


def test_dci_of_a_given_matrix():
    found = dci_from_importance(R)
    assert found.disentanglement == pytest.approx(0.1983905, abs=1e-7)
    assert found.completeness == pytest.approx(0.1911650, abs=1e-7)
    assert found.by_factor.mean() == pytest.approx(0.1952223, abs=1e-7)


def test_dci_of_the_extremes():
    one = dci_from_importance(np.eye(3))
    assert (one.disentanglement, one.completeness) == pytest.approx((1, 1))
    none = dci_from_importance(np.ones((3, 3)))
    assert (none.disentanglement, none.completeness) == pytest.approx((0, 0))
    # A dimension that nothing relies on has no weight.
    padded = dci_from_importance(np.vstack([np.eye(3), np.zeros(3)]))
    assert padded.disentanglement == pytest.approx(1)


def test_dci_finds_which_dimension_each_factor_needs():
    rows = RNG.standard_normal((400, 3))
    factors = {"number": 2 * rows[:, 2], "word": np.where(rows[:, 0] > 0, "up", "down")}
    found = dci(rows, factors, trees=20)
    assert found.importance.argmax(axis=0).tolist() == [2, 0]
    assert found.importance.sum(axis=0) == pytest.approx([1, 1])
    assert min(found.disentanglement, found.completeness) > 0.9
    assert found.informativeness["word"] > 0.95
    assert found.informativeness["number"] > 0.9


def test_sap_is_the_gap_of_the_best_two():
    a = np.repeat([-1.0, 1.0], 200)
    b = np.tile([-1.0, 1.0], 200)
    rows = np.column_stack([a + b, a - 3 * b])
    found = sap(rows, {"a": a, "b": b})
    np.testing.assert_allclose(found.matrix, [[0.5, 0.5], [0.1, 0.9]], atol=1e-12)
    assert found.score == pytest.approx(0.4)
    words = {"a": np.where(a > 0, "yes", "no")}
    assert sap(np.column_stack([a, RNG.standard_normal(400)]), words).score == pytest.approx(
        0.5, abs=0.1
    )
    assert sap(np.column_stack([a, 0 * a]), words).matrix[1, 0] == 0.5


def test_factor_vae_score_of_own_dimensions_and_of_noise():
    grid = np.tile(GRID, (50, 1))
    scaled = grid * [7.0, 0.3]
    assert factor_vae_score(scaled, grid) == 1
    noise = factor_vae_score(RNG.standard_normal((1200, 4)), grid)
    assert noise == pytest.approx(0.5, abs=0.1)
    assert factor_vae_score(np.zeros((1200, 4)), grid) == 0


def test_factor_vae_needs_one_dimension_a_factor():
    grid = np.tile(GRID, (50, 1))
    mixed = grid @ np.array([[1, 1], [1, -1]]) / np.array([1.0, 1.0])
    assert factor_vae_score(mixed, grid, seed=1) < 0.8


def test_a_probe_reads_what_is_linear():
    rows = RNG.standard_normal((1000, 3))
    number = rows @ [1, 2, 0] + 0.1 * RNG.standard_normal(1000)
    found = linear_probe(rows, number)
    assert (found.measure, found.chance) == ("R2", 0)
    assert found.score == pytest.approx(1 - 0.01 / 5.01, abs=2e-3)
    assert linear_probe(rows, rows[:, 0] ** 2).score < 0.1


def test_a_probe_of_a_rare_class_is_not_flattered():
    rows = RNG.standard_normal((1000, 2))
    rare = (RNG.random(1000) < 0.05).astype(int)
    found = linear_probe(rows, rare)
    assert (found.measure, found.chance) == ("balanced accuracy", 0.5)
    assert found.score == pytest.approx(0.5, abs=0.05)


def test_a_class_of_one_row_is_no_obstacle():
    rows = np.concatenate([np.zeros((20, 1)), np.ones((20, 1)), [[9.0]]])
    found = linear_probe(rows, ["a"] * 20 + ["b"] * 20 + ["c"])
    assert found.score == 1
    assert found.chance == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: mig(GRID, {"x": np.zeros(24)}), "factor 'x' must have at least two"),
        (lambda: mig(GRID, {"x": np.zeros(3)}), "factor 'x' must hold 24 values"),
        (lambda: mig(GRID, {"x": np.full(24, np.nan)}), "factor 'x' must be finite"),
        (lambda: mig(GRID, {}), "at least one factor"),
        (lambda: mig(GRID, np.zeros(24)), r"shape \(n, k\), got \(24,\)"),
        (lambda: mig(GRID, GRID, bins=1), "bins must be at least 2"),
        (lambda: dci(GRID, GRID, trees=0), "trees must be at least 1"),
        (lambda: dci_from_importance([[-1.0, 1]]), "importance must be at least 0"),
        (lambda: factor_vae_score(GRID, GRID, batch=1), "batch at least 2"),
        (
            lambda: factor_vae_score(np.eye(101), {"id": [f"{i}" for i in range(101)]}),
            "factor 'id' has no value that occurs twice",
        ),
        (lambda: linear_probe(GRID, A, test=1), "test must be a share"),
        (lambda: linear_probe(GRID[:5], A[:5]), "at least 10 rows"),
    ],
)
def test_bad_questions_are_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
