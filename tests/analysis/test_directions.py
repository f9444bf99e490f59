"""Directions from labels and without, against what is known of simple clouds."""

from __future__ import annotations

import numpy as np
import pytest

from latent_widgets import analysis
from latent_widgets.analysis.leak import leak_matrix
from latent_widgets.geometry import Hypersphere, PoincareBall

METHODS = ("mean", "logistic", "svm", "lda")
D = 5


def cloud(n=300, apart=2.0, seed=0):
    """Two round clouds, apart along the first axis."""
    generator = np.random.default_rng(seed)
    sides = np.arange(n) % 2
    points = generator.standard_normal((n, D))
    points[:, 0] += apart * sides
    return points, np.where(sides == 1, "yes", "no")


def cosine(a, b):
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_the_axis_that_tells_two_round_clouds_apart(method):
    points, labels = cloud()
    found = analysis.direction(points, labels, method)
    assert found.vector[0] > 0.97
    assert np.isclose(np.linalg.norm(found.vector), 1)
    np.testing.assert_allclose(found.scale, (points @ found.vector).std())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [1e-30, 1e12])
def test_the_unit_of_the_latents_changes_nothing(method, size):
    points, labels = cloud()
    one, other = (analysis.direction(points * s, labels, method) for s in (1.0, size))
    np.testing.assert_allclose(other.vector, one.vector, atol=1e-3)
    np.testing.assert_allclose(other.scale, size * one.scale, rtol=1e-3)
    with pytest.raises(ValueError, match="have the same mean"):
        analysis.direction(np.tile(points * size, (2, 1)), np.arange(600) < 300, method)


def test_the_difference_of_the_means_is_just_that():
    points, labels = cloud()
    found = analysis.direction(points, labels)
    step = points[labels == "yes"].mean(0) - points[labels == "no"].mean(0)
    np.testing.assert_allclose(found.vector, step / np.linalg.norm(step))
    back = analysis.direction(points, labels, to="no")
    np.testing.assert_allclose(back.vector, -found.vector)


def test_fisher_turns_away_from_what_varies_anyway():
    generator = np.random.default_rng(1)
    points, labels = cloud(2000)
    points[:, 1] = 3 * generator.standard_normal(2000) + points[:, 0]
    means = analysis.direction(points, labels, "mean").vector
    fisher = analysis.direction(points, labels, "lda").vector
    assert abs(means[1]) > 0.5
    assert abs(fisher[1]) < 0.15


def test_a_balanced_mean_leaves_out_what_goes_along():
    generator = np.random.default_rng(2)
    smile = generator.integers(0, 2, 2000)
    # Nine of ten who smile wear glasses.
    glasses = np.where(generator.random(2000) < 0.9, smile, 1 - smile)
    points = generator.standard_normal((2000, D)) * 0.3
    points[:, 0] += smile
    points[:, 1] += glasses
    plain = analysis.direction(points, smile)
    balanced = analysis.direction(points, smile, balance={"glasses": glasses})
    assert plain.vector[1] > 0.5
    assert abs(balanced.vector[1]) < 0.05
    assert "balanced for glasses" in balanced.about


def test_numbers_go_from_the_lowest_quarter_to_the_highest():
    points, _ = cloud(400, apart=0)
    found = analysis.direction(points, points[:, 2] * 1.0)
    assert found.vector[2] > 0.98
    assert "100 rows of low" in found.about


def test_one_class_against_all_others_or_one_other():
    generator = np.random.default_rng(0)
    digit = generator.integers(0, 3, 600)
    points = np.eye(D)[digit] * 4 + generator.standard_normal((600, D)) * 0.1
    alone = analysis.direction(points, digit, to=2)
    assert cosine(alone.vector, [-1, -1, 2, 0, 0]) > 0.99
    pair = analysis.direction(points, digit, to=2, origin=0)
    assert cosine(pair.vector, [-1, 0, 1, 0, 0]) > 0.99
    lists = np.flatnonzero(digit == 0), np.flatnonzero(digit == 2)
    np.testing.assert_allclose(analysis.direction(points, rows=lists).vector, pair.vector)


POINTS, LABELS = cloud(20)


@pytest.mark.parametrize(
    ("labels", "options", "sentence"),
    [
        (["a"] * 20, {}, "two different values"),
        (np.ones(20), {}, "two different values"),
        (LABELS[:5], {}, "20 values"),
        (["a"] + ["b"] * 19, {}, "at least 2 rows on each side, got 1 of 'a'"),
        (np.r_[np.nan, np.arange(19.0)], {}, "finite"),
        ([None] + ["b"] * 19, {}, "a missing one"),
        (np.r_[np.zeros(19), 1.0], {}, "lowest and the highest quarter"),
        (np.arange(20) % 3, {}, "3 classes: say which"),
        (LABELS, {"to": "maybe"}, "to must be one of"),
        (LABELS, {"to": "yes", "origin": "yes"}, "two classes"),
        (LABELS, {"method": "magic"}, "method must be one of"),
        (None, {}, "either labels"),
        (LABELS, {"rows": ([0], [1])}, "either labels"),
        (None, {"rows": ([0, 1], [1, 2])}, "row 1 in both"),
        (None, {"rows": ([0, 1], [])}, "empty one for B"),
        (None, {"rows": ([0, 1], [2])}, "at least 2 rows"),
        (None, {"rows": ([0, 1], [2, 20])}, "ids from 0 to 19"),
        (LABELS, {"balance": {"same": LABELS}}, "balance leaves no rows"),
        (LABELS, {"balance": {"short": [1]}}, "'short' must hold 20"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(labels, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        analysis.direction(POINTS, labels, **options)


def test_rows_that_are_no_rows_are_refused():
    with pytest.raises(ValueError, match="NaN"):
        analysis.direction(np.full((20, 2), np.nan), LABELS)
    with pytest.raises(ValueError, match="the same mean"):
        analysis.direction(np.tile([[1.0, 2], [-1, -2]], (10, 1)), [0, 0, 1, 1] * 5)


def test_steps_have_an_end():
    with pytest.raises(ValueError, match="steps must be finite numbers"):
        analysis.direction(*cloud()).move(np.zeros(D), np.nan)


def test_one_dimension_is_enough():
    points, labels = cloud(60)
    found = analysis.direction(points[:, :1], labels, "lda")
    assert found.vector.tolist() == [1.0]
    assert found.report(permutations=99).evident


@pytest.mark.parametrize("geometry", [Hypersphere(), PoincareBall(c=2.0)])
def test_on_curved_spaces_it_is_a_tangent_vector_that_travels(geometry):
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((60, 3)) * 0.2 + np.array([0.4, 0, 0])
    points = np.asarray(geometry.project(rows * 0.5))
    found = analysis.direction(points, points[:, 1] * 1.0, geometry=geometry)
    if geometry.name == "hypersphere":
        assert abs(found.vector @ found.base) < 1e-12
    np.testing.assert_allclose(found.amount(found.move(found.base, [0.5, -0.5])), [0.5, -0.5])
    moved = found.move(points, 0.5)
    np.testing.assert_allclose(geometry.project(moved), moved, atol=1e-12)
    assert (found.amount(moved) > found.amount(points)).all()
    np.testing.assert_allclose(found.move(moved[:1], 0.0), moved[:1], atol=1e-9)


def test_orthogonal_to_one_is_the_conditional_edit():
    generator = np.random.default_rng(0)
    points = generator.standard_normal((50, D))
    one, two, three = (
        analysis.direction(points, points @ generator.standard_normal(D)) for _ in range(3)
    )
    n1, n2 = one.vector, two.vector
    left = n1 - (n1 @ n2) * n2
    np.testing.assert_allclose(one.without([two]).vector, left / np.linalg.norm(left))
    both = one.without([two, three]).vector
    np.testing.assert_allclose([both @ two.vector, both @ three.vector], 0, atol=1e-12)
    np.testing.assert_allclose(both, one.without([three, two, two]).vector)
    step_by_step = one.without([two]).without([three])
    # What was taken out stays out when it is fitted to other rows.
    assert step_by_step.evidence.removed.shape == (2, D)
    with pytest.raises(ValueError, match="nothing is left"):
        one.without([one])
    with pytest.raises(ValueError, match="at least one"):
        one.without([])


def test_what_is_taken_out_no_longer_leaks():
    generator = np.random.default_rng(0)
    points = generator.standard_normal((500, D))
    smile, glasses = points[:, 0] + points[:, 1], points[:, 1].copy()
    one = analysis.direction(points, smile, name="smile")
    two = analysis.direction(points, glasses, name="glasses")
    before, after = leak_matrix(
        [one, one.without([two])], points, {"smile": smile, "glasses": glasses}
    ).change
    assert before[1] > 0.5
    assert abs(after[1]) < 0.1
    assert after[0] > 0.5


def test_a_leak_is_a_change_in_standard_deviations_a_step():
    points, labels = cloud(800, apart=6)
    found = analysis.direction(points, labels)
    factors = {"first": points[:, 0] * 7 + 3, "noise": points[:, 3], "side": labels}
    matrix = leak_matrix([found], points, factors)
    first, noise, side = matrix.rows[0]
    np.testing.assert_allclose(first.change, found.vector[0], atol=0.02)
    assert abs(noise.change) < 0.1
    assert side.word == "yes"
    assert side.change > 0.8
    # Where the pictures do not show it, nothing moves.
    still = leak_matrix([found], points, factors, recode=np.zeros_like)
    assert np.abs(still.change).max() == 0
    with pytest.raises(ValueError, match="at least one"):
        leak_matrix([], points, factors)
