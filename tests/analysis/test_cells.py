"""Cells of a map, classified by what their middles decode to."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_widgets.analysis.cells import check_probabilities, classify_cells
from latent_widgets.analysis.voting import vote
from latent_widgets.geometry import PoincareBall

NAMES = ("left", "right")


def halves(z):
    """The plane itself: surely right where x is above 0."""
    right = 1 / (1 + np.exp(-4 * z[:, 0]))
    return np.stack([1 - right, right], 1)


def make(sizes=(4, 9), classify=halves, n=400, progress=None):
    xy = np.random.default_rng(0).uniform(-2, 2, (n, 2))
    codes = (xy[:, 0] > 0).astype(int)
    return (
        xy,
        codes,
        list(
            classify_cells(xy, codes, NAMES, lambda p: p, classify, sizes=sizes, progress=progress)
        ),
    )


def test_cells_say_what_their_middles_decode_to_coarse_first():
    _, _, maps = make()
    assert [m.codes.shape for m in maps] == [(4, 4), (9, 9)]
    fine = maps[-1]
    assert (fine.codes[:, :4] == 0).all()
    assert (fine.codes[:, 5:] == 1).all()
    assert fine.confidence[0, 0] > 0.99
    assert fine.confidence[0, 4] == pytest.approx(0.5, abs=0.1)
    assert fine.at((-1.5, 0)) == ("left", pytest.approx(1, abs=0.01))
    assert fine.at((1.5, 0))[0] == "right"
    assert fine.at((50, 0)) is None


def test_rows_go_up_and_columns_go_right():
    def by_y(z):
        up = (z[:, 1] > 0).astype(float)
        return np.stack([1 - up, up], 1)

    _, _, maps = make((6,), by_y)
    assert (maps[0].codes[0] == 0).all()
    assert (maps[0].codes[-1] == 1).all()


def test_agreement_counts_the_rows_of_each_cell():
    xy, codes, maps = make((8,), n=300)
    cells = maps[0]
    assert cells.rows.sum() == 300
    where = [cells.at(place)[0] == NAMES[code] for place, code in zip(xy, codes, strict=True)]
    assert cells.agreeing.sum() == sum(where)
    assert cells.agreement == pytest.approx(np.mean(where))


def test_a_map_that_was_laid_out_is_trusted_near_its_rows_only():
    xy = np.r_[np.random.default_rng(0).normal(size=(200, 2)), [[40.0, 0.0]]]

    def certain(z):
        return np.tile([1.0, 0.0], (len(z), 1))

    def at(fade):
        maps = classify_cells(
            xy, np.zeros(201, int), NAMES, lambda p: p, certain, sizes=(30,), fade=fade
        )
        (cells,) = maps
        return [cells.at(place)[1] for place in ((0, 0), (40, 0), (20, 0))]

    assert at(fade=False) == [1, 1, 1]
    near, alone, far = at(fade=True)
    assert near == alone == 1
    assert far < 0.05


def test_a_narrow_map_has_square_cells():
    xy = np.c_[np.linspace(0, 10, 50), np.zeros(50)]
    (cells,) = classify_cells(xy, np.zeros(50, int), NAMES, lambda p: p, halves, sizes=(20,))
    rows, columns = cells.codes.shape
    assert columns == 20
    assert rows < 5


@pytest.mark.parametrize("n", [1, 2])
def test_few_or_identical_places_still_have_cells(n):
    xy = np.ones((n, 2))
    (cells,) = classify_cells(xy, np.zeros(n, int), NAMES, lambda p: p, halves, sizes=(3,))
    assert cells.codes.shape == (3, 3)
    assert cells.rows.sum() == n


def test_progress_is_told_and_may_stop_it():
    said = []
    make(progress=lambda share, words: said.append((share, words)))
    assert said[0] == (0, "4 x 4 cells")
    assert [share for share, _ in said] == sorted(share for share, _ in said)

    def stop(*_):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        make(progress=stop)


def test_without_rows_there_is_nothing_to_shade():
    with pytest.raises(ValueError, match="cells need rows"):
        list(classify_cells(np.zeros((0, 2)), np.zeros(0), NAMES, lambda p: p, halves))


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        (np.zeros(5), r"shape \(5, 2\), one a picture and class, got shape \(5,\)"),
        (np.zeros((5, 3)), r"got shape \(5, 3\)"),
        (torch.zeros(2, 5), r"got shape \(2, 5\)"),
        (None, r"got shape \(\)"),
        (np.full((5, 2), np.nan), "from 0 to 1"),
        (np.full((5, 2), -3.0), "from 0 to 1"),
        (np.full((5, 2), 7), "from 0 to 1"),
        (np.full((5, 2), "x"), "must return probabilities"),
    ],
)
def test_a_classifier_that_returns_something_else_is_told_so(returned, words):
    with pytest.raises(ValueError, match=words):
        check_probabilities(returned, 5, 2)


def test_near_rows_vote_by_their_distance():
    points = np.array([[0.0, 0], [1, 0], [3, 0]])
    shares = vote(points, np.array([0, 1, 1]), 2, [[0.25, 0]], k=2)
    # Weights 1/0.25 and 1/0.75; the mean distance 0.5 is less than what rows have themselves.
    np.testing.assert_allclose(shares, [[0.75, 0.25]], atol=1e-6)


def test_a_vote_far_from_all_rows_is_weak():
    points = np.random.default_rng(0).normal(size=(200, 3))
    codes = np.zeros(200, int)
    near, far = vote(points, codes, 2, [[0, 0, 0], [60, 0, 0]])
    assert near[0] == pytest.approx(1)
    assert far[0] < 0.05
    assert far[1] == 0


def test_on_a_row_the_row_decides():
    points = np.random.default_rng(0).normal(size=(50, 2))
    codes = np.arange(50) % 2
    assert (vote(points, codes, 2, points).argmax(axis=1) == codes).all()


def test_distance_may_be_that_of_a_geometry():
    ball = PoincareBall()
    # Towards the rim the same step is a longer way.
    points = np.array([[0.0, 0.0], [0.95, 0.0]])
    middle = [[0.5, 0.0]]
    flat = vote(points, np.array([0, 1]), 2, middle, k=2)[0]
    curved = vote(points, np.array([0, 1]), 2, middle, k=2, geometry=ball)[0]
    assert flat[1] > flat[0]
    assert curved[0] > curved[1]
