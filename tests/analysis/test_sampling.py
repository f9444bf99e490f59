"""Draws near the middle of a prior, and draws that are like no row."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from latent_widgets.analysis import draw_between, draw_far, draw_inside, draw_truncated
from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_psi_takes_a_share_of_the_way_from_the_centre():
    whole = draw_truncated(5, 3, generator=seeded())
    half = draw_truncated(5, 3, truncation=0.5, centre=np.ones(3), generator=seeded())
    np.testing.assert_allclose(half, 1 + 0.5 * (whole - 1))


def test_resampling_gives_the_law_of_a_truncated_normal():
    drawn = draw_truncated(20_000, 2, truncation=0.8, method="resample", generator=seeded())
    assert np.abs(drawn).max() <= 0.8
    density = math.exp(-0.32) / math.sqrt(2 * math.pi)
    variance = 1 - 2 * 0.8 * density / math.erf(0.8 / math.sqrt(2))
    assert drawn.var() == pytest.approx(variance, rel=0.03)
    # A threshold that plain drawing would never meet.
    assert np.abs(draw_truncated(3, 64, truncation=1e-6, method="resample")).max() <= 1e-6


@pytest.mark.parametrize("geometry", [Hypersphere(), PoincareBall(c=1.0)])
def test_curved_draws_stay_in_their_space_and_nearer_to_the_centre(geometry):
    centre = geometry.origin(3).double().numpy()
    whole = draw_truncated(40, 3, geometry, generator=seeded())
    for method, much in (("psi", 0.5), ("resample", 1.2)):
        drawn = draw_truncated(
            40, 3, geometry, truncation=much, method=method, centre=centre, generator=seeded()
        )
        np.testing.assert_allclose(geometry.project(drawn), drawn, atol=1e-12)
        far = geometry.distance(drawn, centre)
        if method == "psi":
            np.testing.assert_allclose(far, 0.5 * geometry.distance(whole, centre), atol=1e-6)
        else:
            assert far.max() <= 1.2


def test_where_hardly_any_draw_is_near_it_says_so():
    with pytest.raises(ValueError, match=r"0 lay within 0\.01 of the centre"):
        draw_truncated(2, 32, Hypersphere(), truncation=0.01, method="resample")


@pytest.mark.parametrize("wrong", [0, -1, math.nan, math.inf, 1.5, "much"])
def test_psi_refuses_what_is_no_share(wrong):
    with pytest.raises(ValueError, match="truncation must be a finite number above 0"):
        draw_truncated(2, 2, truncation=wrong)


def test_far_draws_are_where_no_row_is():
    random = np.random.default_rng(0)
    rows = np.stack([-abs(random.standard_normal(400)), random.standard_normal(400)], axis=1)
    draws = random.standard_normal((600, 2))
    found = draw_far(6, draws, rows)
    assert (found.z[:, 0] > 0).all()
    assert np.linalg.norm(found.z, axis=1).max() < 2.6
    assert (len(found), found.tried) == (6, 600)
    assert found.about.startswith(f"{found.accepted} of 600 draws of the prior")


def test_a_dimension_that_does_not_count_makes_nothing_far():
    random = np.random.default_rng(0)
    rows = random.standard_normal((500, 2)) * [1, 0.001]
    draws = random.standard_normal((500, 2)) * [0.5, 1]
    assert len(draw_far(6, draws, rows)) == 6
    found = draw_far(6, draws, rows, active=np.array([0]))
    assert found.accepted == 0
    assert found.z.shape == (0, 2)
    assert found.about.startswith("The rows cover what the prior draws")


def test_between_two_groups_lies_between_them():
    random = np.random.default_rng(0)
    first, second = (random.standard_normal((60, 4)) * 0.3 + [at, 0, 0, 0] for at in (-2, 2))
    found = draw_between(30, first, second)
    assert np.abs(found.z[:, 0]).max() < 1.5
    again = draw_between(30, first, second)
    np.testing.assert_array_equal(found.z, again.z)
    assert not np.array_equal(found.z, draw_between(30, first, second, seed=1).z)


def test_between_groups_of_the_same_mean_there_is_nothing():
    first, second = np.array([[1.0, 0], [-1, 0]]), np.array([[0, 1.0], [0, -1]])
    found = draw_between(3, first, second)
    assert found.about.startswith("The two groups have the same mean")
    with pytest.raises(ValueError, match="a and b must be different rows"):
        draw_between(3, first, first[::-1])
    with pytest.raises(ValueError, match="first must have at least 1 rows, got 0"):
        draw_between(3, first[:0], first)


@pytest.mark.parametrize("geometry", [Euclidean(), PoincareBall(c=1.0)])
def test_inside_a_loop_no_row_is_near(geometry):
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    loop = 0.6 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    found = draw_inside(8, loop, loop, geometry)
    edge = geometry.distance(loop[0], loop[1])
    near = geometry.distance(found.z.astype(float)[:, None], loop).min(axis=1)
    assert len(found) == 8
    assert (near > edge / 2 - 1e-6).all()
    assert np.linalg.norm(found.z, axis=1).max() < 0.6


def test_a_loop_around_nothing_says_so():
    loop = np.array([[0.0, 0], [1, 0], [0, 1]])
    found = draw_inside(4, loop, np.random.default_rng(0).uniform(0, 1, (500, 2)))
    assert (len(found), found.accepted) == (0, 0)
    assert "it goes around no hole" in found.about


@pytest.mark.parametrize("broken", [np.full((9, 2), np.nan), np.zeros(2), "rows"])
def test_what_are_no_rows_is_said(broken):
    rows = np.random.default_rng(0).standard_normal((40, 2))
    with pytest.raises(ValueError, match="draws must be"):
        draw_far(3, broken, rows)
    with pytest.raises(ValueError, match="second must be"):
        draw_between(3, rows, broken)
    with pytest.raises(ValueError, match="loop must be"):
        draw_inside(3, broken, rows)


def test_rows_of_two_spaces_do_not_mix():
    flat, deep = np.zeros((9, 2)), np.ones((9, 3))
    sentence = r"must be of one dimension d, got shapes \(9, 2\) and \(9, 3\)"
    with pytest.raises(ValueError, match="draws and rows " + sentence):
        draw_far(3, flat, deep)
    with pytest.raises(ValueError, match="first and second " + sentence):
        draw_between(3, flat, deep)
    with pytest.raises(ValueError, match="loop and rows " + sentence):
        draw_inside(3, flat, deep)
