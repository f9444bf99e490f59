"""Contours around the densest ground, against what is known of normal clouds."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.path import Path

from latent_widgets.analysis import density_contours
from latent_widgets.analysis.density import choose_bandwidth


def cloud(n=4000, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 2))


def inside(contours, level, xy):
    held = np.zeros(len(xy), bool)
    for contour in contours:
        if contour.level == level:
            held |= Path(contour.rings[0]).contains_points(xy)
    return held


def area(ring):
    x, y = ring.T
    return abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


@pytest.mark.parametrize("level", [0.9, 0.5])
def test_a_contour_holds_its_share_and_is_the_circle_of_a_normal_cloud(level):
    xy = cloud()
    contours = density_contours(xy, [level])
    assert inside(contours, level, xy).mean() == pytest.approx(level, abs=0.02)
    # The densest ground of N(0, I) that holds a share s is a disc of radius sqrt(-2 ln(1 - s)).
    widest = max((c.rings[0] for c in contours), key=len)
    assert area(widest) == pytest.approx(-2 * np.pi * np.log(1 - level), rel=0.15)


def test_levels_nest_and_lines_are_closed():
    xy = cloud(500)
    contours = density_contours(xy, [0.3, 0.8])
    assert [c.level for c in contours] == sorted((c.level for c in contours), reverse=True)
    inner, outer = (inside(contours, level, xy) for level in (0.3, 0.8))
    assert (outer | ~inner).all()
    for contour in contours:
        for ring in contour.rings:
            np.testing.assert_array_equal(ring[0], ring[-1])


def test_a_ring_of_points_has_a_hole():
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, 1000)
    xy = np.c_[np.cos(angle), np.sin(angle)] * 5 + cloud(1000) * 0.2
    (contour,) = density_contours(xy, [0.95])
    assert len(contour.rings) == 2
    assert not Path(contour.rings[0]).contains_point((9, 0))
    assert Path(contour.rings[1]).contains_point((0, 0))


def test_islands_keep_their_distance():
    xy = np.r_[cloud(500), cloud(500) + np.array((30, 0))]
    assert len(density_contours(xy, [0.8], bandwidth=0.5)) == 2
    # Scott's rule would smooth by 4.7 here, and find one cloud.
    assert choose_bandwidth(xy) < 1


def test_the_same_points_give_the_same_contours():
    first, second = (density_contours(cloud(300)) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.rings[0], other.rings[0])


def test_a_million_points_take_under_a_second():
    import time  # noqa: PLC0415

    xy = np.random.default_rng(0).normal(size=(1_000_000, 2)).astype(np.float32)
    start = time.process_time()
    density_contours(xy)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("xy", [np.zeros((0, 2)), np.ones((1, 2)), np.ones((40, 2))])
def test_one_place_has_no_outline(xy):
    assert density_contours(xy) == []


@pytest.mark.parametrize("n", [2, 3])
def test_a_few_points_are_enough(n):
    assert density_contours(cloud(n))


def test_a_constant_dimension_gives_a_narrow_outline():
    xy = np.c_[cloud(400)[:, 0], np.zeros(400)]
    ring = density_contours(xy, [0.9])[0].rings[0]
    assert np.ptp(ring[:, 1]) < np.ptp(ring[:, 0])


def test_rows_that_mostly_coincide_still_have_an_outline():
    assert density_contours(np.r_[np.zeros((90, 2)), np.eye(2)])


@pytest.mark.parametrize(
    ("xy", "options", "words"),
    [
        (np.zeros((3, 3)), {}, "xy must be places on a plane"),
        ([[0, 0], [np.nan, 1]], {}, "NaN or infinity in 1 of 2 rows"),
        (np.eye(2), {"levels": [1.5]}, "levels must be shares"),
        (np.eye(2), {"levels": []}, "levels must be shares"),
        (np.eye(2), {"bandwidth": 0}, "bandwidth must be a number above 0"),
        (np.eye(2), {"bandwidth": np.inf}, "bandwidth must be a number above 0"),
    ],
)
def test_what_does_not_fit_is_refused(xy, options, words):
    with pytest.raises(ValueError, match=words):
        density_contours(xy, **options)
