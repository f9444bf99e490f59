"""Report cards: what is there is found, and shuffled labels are no evidence."""

from __future__ import annotations

import numpy as np
import pytest

from latent_widgets import analysis
from latent_widgets.analysis.report_card import area

D = 4


def cloud(n, apart, seed=0):
    generator = np.random.default_rng(seed)
    sides = np.arange(n) % 2
    points = generator.standard_normal((n, D))
    points[:, 0] += apart * sides
    return points, sides


@pytest.mark.parametrize("method", ["mean", "logistic", "svm", "lda"])
def test_what_is_there_is_found(method):
    points, sides = cloud(200, 2.5)
    card = analysis.direction(points, sides, method).report(permutations=99)
    assert card.evident
    assert card.p_value == pytest.approx(0.01)
    # Two round clouds this far apart: Phi(2.5 / sqrt 2) = 0.961.
    assert card.auc == pytest.approx(0.961, abs=0.05)
    assert card.shuffled[0] == pytest.approx(0.5, abs=0.06)
    assert card.cohens_d > 1
    assert card.alignment > 0.3 > abs(card.random_alignment)
    assert card.verdict.startswith("Tells rows it has not seen apart")


def test_shuffled_labels_are_no_evidence():
    points, sides = cloud(120, 3.0)
    values = []
    for seed in range(20):
        shuffled = np.random.default_rng(seed).permutation(sides)
        card = analysis.direction(points, shuffled).report(permutations=99, seed=seed)
        values.append(card.p_value)
        assert card.evident is (card.p_value <= 0.01)
        if not card.evident:
            assert card.verdict.startswith("No evidence")
    # Of the nominal level at most one in twenty is expected below 0.05, none below 0.01.
    assert sum(value <= 0.05 for value in values) <= 3
    assert sum(value <= 0.01 for value in values) <= 1
    assert 0.3 < np.mean(values) < 0.7


def test_what_comes_from_a_balanced_attribute_alone_is_no_evidence():
    generator = np.random.default_rng(0)
    glasses = generator.integers(0, 2, 400)
    smile = np.where(generator.random(400) < 0.8, glasses, 1 - glasses)
    points = generator.standard_normal((400, D))
    points[:, 1] += 3 * glasses
    assert analysis.direction(points, smile).report(permutations=99).evident
    balanced = analysis.direction(points, smile, balance={"glasses": glasses})
    assert not balanced.report(permutations=99, seed=1).evident


def test_the_same_seed_gives_the_same_card():
    points, sides = cloud(60, 1.0)
    found = analysis.direction(points, sides, "logistic")
    one, two = (found.report({"side": sides}, permutations=19, seed=5) for _ in range(2))
    assert str(one) == str(two)
    assert str(one) != str(found.report({"side": sides}, permutations=19, seed=6))


def test_too_few_rows_are_not_judged():
    points, sides = cloud(8, 9.0)
    card = analysis.direction(points, sides).report()
    assert card.auc is None
    assert card.evident is None
    assert card.verdict.startswith("Too few rows to tell: 4 on one side")


def test_lists_chosen_by_hand_are_told_so():
    points, _ = cloud(100, 0.0)
    order = np.argsort(points[:, 0])
    card = analysis.direction(points, rows=(order[:40], order[-40:])).report(permutations=99)
    assert card.evident
    assert "chosen by hand" in card.verdict


def test_a_direction_without_labels_has_only_a_leak():
    points, sides = cloud(200, 5.0)
    (found,) = analysis.principal_directions(points, 1)
    card = found.report({"side": sides})
    assert card.auc is None
    assert card.leaks[0].factor == "side"
    assert card.verdict.startswith("Found without labels")
    assert "side to 1 +0." in card.verdict


def test_the_verdict_names_what_else_moves():
    generator = np.random.default_rng(0)
    points = generator.standard_normal((400, D))
    factors = {"smile": points[:, 0] + points[:, 1], "mouth_open": points[:, 1].copy()}
    found = analysis.direction(points, factors["smile"])
    card = found.report(factors, target="smile", permutations=99)
    assert "and also mouth open +0.7" in card.verdict
    clean = analysis.direction(points, points[:, 2] * 1.0)
    factors = {"width": points[:, 2], "smile": factors["smile"]}
    assert "little else" in clean.report(factors, target="width", permutations=99).verdict


def test_progress_may_stop_it():
    points, sides = cloud(40, 1.0)
    seen = []

    def stop(share, words):
        seen.append(share)
        if share > 0.4:
            raise InterruptedError(words)

    with pytest.raises(InterruptedError, match="shuffled labels"):
        analysis.direction(points, sides).report(permutations=50, progress=stop)
    assert seen == sorted(seen)
    with pytest.raises(ValueError, match="permutations must be a whole number from 19 to"):
        analysis.direction(points, sides).report(permutations=5)


def test_the_quick_area_is_the_area():
    generator = np.random.default_rng(0)
    scores, truth = generator.integers(0, 9, 50).astype(float), generator.integers(0, 2, 50)
    slow = analysis.auroc(scores[truth == 0], scores[truth == 1])
    assert area(scores, truth) == pytest.approx(slow, abs=1e-12)
