"""Great circles: closed values, every degenerate case, and geoopt's sphere."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_widgets.geometry import Hypersphere

F64 = torch.float64
UNIT = Hypersphere()


@pytest.mark.parametrize(
    ("a", "b", "t", "expected"),
    [
        ([1, 0], [0, 1], 0.5, [0.5**0.5, 0.5**0.5]),
        ([1, 0], [-0.5, 0.75**0.5], 0.5, [0.5, 0.75**0.5]),
        ([0, 0, 1], [0, 1, 0], 1 / 3, [0, 0.5, 0.75**0.5]),
        ([3, 0], [0, 1], 0.5, [0.5**0.5, 0.5**0.5]),
    ],
)
def test_points_on_the_arc(a, b, t, expected):
    np.testing.assert_allclose(UNIT.interpolate(a, b, t), expected, atol=1e-15)
    np.testing.assert_allclose(
        Hypersphere(2).interpolate(a, b, t), 2 * np.array(expected), atol=1e-15
    )


def test_distances_from_nothing_to_half_way_round():
    for angle in (0, 1e-12, 1e-7, 0.3, np.pi / 2, 3.1, np.pi - 1e-9, np.pi):
        b = np.array([np.cos(angle), np.sin(angle)])
        found = Hypersphere(3).distance(np.array([1.0, 0]), b)
        assert found == pytest.approx(3 * angle, rel=1e-12, abs=3e-16)


def test_it_agrees_with_geoopt(geoopt):
    other = geoopt.Sphere()
    generator = torch.Generator().manual_seed(0)
    a, b = UNIT.random(50, 5, generator, F64), UNIT.random(50, 5, generator, F64)
    v = other.proju(a, torch.randn(50, 5, generator=generator, dtype=F64))
    torch.testing.assert_close(UNIT.distance(a, b), other.dist(a, b))
    torch.testing.assert_close(UNIT.log(a, b), other.logmap(a, b))
    torch.testing.assert_close(UNIT.exp(a, v), other.expmap(a, v))


def test_opposite_points_have_a_distance_and_no_path():
    a = np.array([1.0, 2.0, 2.0])
    assert UNIT.distance(a, -a) == np.pi
    with pytest.raises(ValueError, match="opposite directions: there is no single shortest arc"):
        UNIT.interpolate(a, -a, 0.5)
    for call in (lambda: UNIT.log(a, -a), lambda: UNIT.transport(a, -a, a)):
        with pytest.raises(ValueError, match="x and y are opposite points of the sphere"):
            call()


def test_a_zero_vector_has_no_direction():
    zero, a = np.zeros(3), np.ones(3)
    for call in (lambda: UNIT.project(zero), lambda: UNIT.distance(a, zero)):
        with pytest.raises(ValueError, match="holds a zero vector, which has no direction"):
            call()
    with pytest.raises(ValueError, match="b holds a zero vector"):
        UNIT.interpolate(np.ones((2, 3)), np.array([a, zero]), 0.5)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([[1, 0, 0], [-1, 0, 0]], "their directions cancel"),
        ([[1, 0], [-0.5, 0.75**0.5], [-0.5, -(0.75**0.5)]], "their directions cancel"),
        # The sum points up, yet every point below the horizon pulls the mean off the pole.
        ([[0.8, 0, -0.6], [-0.8, 0, -0.6], [0, 0, 1], [0, 0, 1]], "spread too far"),
    ],
)
def test_points_without_a_single_mean_are_refused(points, sentence):
    with pytest.raises(ValueError, match=sentence):
        UNIT.mean(np.array(points))


def test_points_without_weight_do_not_count():
    points = np.array([[1.0, 0, 0], [0, 1, 0], [-1, -1, 0]])
    expected = [0.5**0.5, 0.5**0.5, 0]
    np.testing.assert_allclose(UNIT.mean(points, [1, 1, 0]), expected, atol=1e-12)


def test_the_mean_of_equal_points_is_that_point():
    a = UNIT.random(1, 4, torch.Generator().manual_seed(0))
    torch.testing.assert_close(UNIT.mean(a.expand(5, 4)), a[0])


def test_a_slider_at_the_end_leaves_nothing_for_the_others():
    z = np.array([0.6, 0.8, 0.0])
    np.testing.assert_allclose(UNIT.move(z, 2, 0.6), [0.48, 0.64, 0.6])
    np.testing.assert_allclose(UNIT.move(z, 0, -7), [-1, 0, 0], atol=1e-16)
    # All others are zero: the next coordinate takes what is left.
    np.testing.assert_allclose(UNIT.move(np.array([1.0, 0, 0]), 0, 0.6), [0.6, 0.8, 0])
    np.testing.assert_allclose(UNIT.move(np.array([0, 0, -2.0]), 2, 0.6), [0.8, 0, 0.6])


def test_arithmetic_is_the_sum_brought_back_to_the_sphere():
    king, man, woman = UNIT.random(3, 4, torch.Generator().manual_seed(0), F64)
    points = torch.stack([king, man, woman])
    expected = king - man + woman
    torch.testing.assert_close(UNIT.combine(points, [1, -1, 1]), expected / expected.norm())
    torch.testing.assert_close(UNIT.combine(points, [1, -1e-3, 1e-3]), king, atol=3e-3, rtol=0)
    for size in (1e-300, 1e300):
        torch.testing.assert_close(
            UNIT.combine(points, [size, -size, size]), expected / expected.norm()
        )
    for weights in ([0, 0, 0], [1e-3, -1e-3, 0]):
        with pytest.raises(ValueError, match="weighted sum of points is zero"):
            UNIT.combine(torch.stack([king, king, man]), weights)


def test_random_points_are_uniform():
    n = 40_000
    z = UNIT.random(n, 3, torch.Generator().manual_seed(1), F64)
    # On the sphere in space each coordinate is uniform on [-1, 1] (Archimedes).
    edges = torch.linspace(-1, 1, 11, dtype=F64)
    counts = torch.histogram(z[:, 1], edges).hist
    assert ((counts - n / 10).abs() < 4 * (n * 0.09) ** 0.5).all()
    torch.testing.assert_close(z.T @ z / n, torch.eye(3, dtype=F64) / 3, atol=0.01, rtol=0)


def test_a_circle_is_the_smallest_sphere():
    with pytest.raises(ValueError, match="dim must be a whole number from 2 to"):
        UNIT.random(3, 1)
    with pytest.raises(ValueError, match="a must have 2 or more coordinates"):
        UNIT.distance(np.ones(1), np.ones(1))
