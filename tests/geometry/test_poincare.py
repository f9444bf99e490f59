"""Oracles 9 and 10, geoopt in float64, the hyperboloid, and the edge of the ball."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_widgets.geometry import PoincareBall

F64 = torch.float64
BALL = PoincareBall()
ZERO = torch.zeros(2, dtype=F64)
X, Y = torch.tensor([[0.5, 0], [0, 0.5]], dtype=F64)


def lift(x):
    """Ball to hyperboloid, c = 1."""
    square = x.square().sum(-1, keepdim=True)
    return torch.cat([1 + square, 2 * x], -1) / (1 - square)


def lorentz(x, y):
    product = lift(x) * lift(y)
    return torch.arccosh((2 * product[..., 0] - product.sum(-1)).clamp_min(1))


def at(distance, angle):
    """Point of the disc at a distance from the middle."""
    return np.tanh(distance / 2) * np.array([np.cos(angle), np.sin(angle)])


def test_closed_values():
    exact = {"rtol": 0, "atol": 1e-15}
    torch.testing.assert_close(BALL.distance(ZERO, X).item(), 1.0986122886681098, **exact)
    torch.testing.assert_close(BALL.distance(X, Y).item(), 1.6806997724280035, **exact)
    torch.testing.assert_close(BALL.add(X, Y), torch.tensor([10, 6]).double() / 17, **exact)
    torch.testing.assert_close(BALL.add(Y, X), torch.tensor([6, 10]).double() / 17, **exact)
    torch.testing.assert_close(BALL.add(X, X / 2)[0].item(), 2 / 3, **exact)
    torch.testing.assert_close(BALL.interpolate(ZERO, X, 0.5)[0].item(), 2 - 3**0.5, **exact)
    middle = torch.full((2,), (5 - 17**0.5) / 4, dtype=F64)
    torch.testing.assert_close(BALL.interpolate(X, Y, 0.5), middle, **exact)
    one = torch.tensor([1.0, 0], dtype=F64)
    torch.testing.assert_close(BALL.exp(ZERO, one)[0].item(), 0.7615941559557649, **exact)
    torch.testing.assert_close(BALL.interpolate(ZERO, X, 2)[0].item(), 0.8, **exact)
    torch.testing.assert_close(BALL.conformal_factor(X).item(), 8 / 3, **exact)
    half = PoincareBall(0.5).distance(ZERO, X).item()
    torch.testing.assert_close(half, 1.0451009147609598, **exact)
    flat = PoincareBall(1e-6).distance(X, Y).item()
    assert flat == pytest.approx(2 * (X - Y).norm().item(), rel=1e-5)


@pytest.mark.parametrize("c", [0.3, 1.0, 2.5])
def test_it_agrees_with_geoopt(geoopt, c):
    ours, theirs = PoincareBall(c), geoopt.PoincareBall(c=torch.tensor(c, dtype=F64))
    generator = torch.Generator().manual_seed(0)
    a, b = ours.random(100, 3, generator, F64), ours.random(100, 3, generator, F64)
    v = torch.randn(100, 3, generator=generator, dtype=F64) / ours.conformal_factor(a)
    close = {"rtol": 1e-8, "atol": 1e-10}
    torch.testing.assert_close(ours.distance(a, b), theirs.dist(a, b), **close)
    torch.testing.assert_close(ours.add(a, b), theirs.mobius_add(a, b), **close)
    torch.testing.assert_close(ours.exp(a, v), theirs.expmap(a, v), **close)
    torch.testing.assert_close(ours.log(a, b), theirs.logmap(a, b), **close)
    torch.testing.assert_close(ours.transport(a, b, v), theirs.transp(a, b, v), **close)
    quarter = torch.tensor(0.25, dtype=F64)
    torch.testing.assert_close(
        ours.interpolate(a, b, 0.25), theirs.geodesic(quarter, a, b), **close
    )


def test_it_agrees_with_the_hyperboloid():
    generator = torch.Generator().manual_seed(1)
    a, b = BALL.random(200, 4, generator, F64), BALL.random(200, 4, generator, F64)
    torch.testing.assert_close(BALL.distance(a, b), lorentz(a, b), rtol=1e-10, atol=1e-10)
    nine = BALL.distance(at(4, 0.7), at(5, 0.7 + np.pi))
    assert nine == pytest.approx(9, abs=1e-10)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(0, 12), st.floats(0, 16), st.floats(-np.pi, np.pi), st.floats(-np.pi, np.pi))
def test_round_trips_over_the_full_range(start, reach, angle, turn):
    x = at(start, angle)
    v = reach / BALL.conformal_factor(torch.tensor(x)).numpy() * at(np.inf, turn)
    y = BALL.exp(x, v)
    # What one rounding of the coordinates does to a distance, this far out.
    slack = 1e-9 + 1e-15 * np.exp(start + reach)
    assert BALL.distance(x, y) == pytest.approx(reach, abs=slack)
    np.testing.assert_allclose(BALL.log(x, y), v, atol=slack)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(0, 6), st.floats(0, 6), st.floats(0, 6), st.floats(-np.pi, np.pi))
def test_mobius_addition_is_an_isometry(shift, first, second, angle):
    a, x, y = (
        torch.tensor(at(*each)) for each in ((shift, angle), (first, 2 * angle), (second, -1.0))
    )
    moved = BALL.distance(BALL.add(a, x), BALL.add(a, y)).item()
    assert moved == pytest.approx(BALL.distance(x, y).item(), abs=1e-8)


def test_the_tails_are_never_cut_in_silence():
    for r in (3.0, 8.0, 14.0):
        there = torch.tensor([r, 0], dtype=F64)
        back = BALL.log(ZERO, BALL.exp(ZERO, there))
        assert back[0].item() == pytest.approx(r, abs=1e-6 if r < 9 else 1e-3)
    small = ZERO.float()
    near = torch.tensor([3.0, 0])
    assert BALL.log(small, BALL.exp(small, near))[0].item() == pytest.approx(3, abs=1e-3)
    far = torch.tensor([8.0, 0])
    with pytest.warns(RuntimeWarning, match="than float32 can hold, .* distance 9.7"):
        cut = BALL.exp(small, far)
    assert BALL.log(small, cut)[0].item() == pytest.approx(9.72 / 2, abs=5e-3)
    with pytest.warns(RuntimeWarning, match="than float64 can hold, .* distance 29.8"):
        BALL.exp(ZERO, torch.tensor([16.0, 0], dtype=F64))
    with pytest.warns(RuntimeWarning, match="distance 59.7"):
        PoincareBall(0.25).exp(ZERO, torch.tensor([99.0, 0], dtype=F64))


def test_a_path_between_far_ends_passes_the_middle():
    a, b = at(28, 1.0), at(28, 1.0 + np.pi)
    np.testing.assert_allclose(BALL.interpolate(a, b, 0.5), 0, atol=1e-4)
    assert BALL.distance(a, BALL.interpolate(a, b, 0.25)) == pytest.approx(14, abs=1e-3)


def test_a_path_goes_on_beyond_its_ends_and_stops_at_the_limit():
    a, b = at(1, 0.4), at(3, 0.4)
    for t, expected in ((1.5, 4), (-1, -1)):
        found = BALL.interpolate(a, b, t)
        np.testing.assert_allclose(found, at(expected, 0.4), atol=1e-14)
    with pytest.warns(RuntimeWarning, match="than float64 can hold"):
        far = BALL.interpolate(a, b, 1e4)
    np.testing.assert_allclose(far, at(np.inf, 0.4), atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_limit_is_inside_and_can_be_measured(dtype):
    edge = BALL.project(torch.tensor([3.0, 4.0], dtype=dtype))
    assert edge.norm() < 1
    assert BALL.distance(edge, edge * 0).isfinite()
    torch.testing.assert_close(edge / edge.norm(), torch.tensor([0.6, 0.8], dtype=dtype))
    torch.testing.assert_close(BALL.project(edge), edge)
    torch.testing.assert_close(BALL.interpolate(edge, -edge, [0.0, 1.0])[1], -edge)


@pytest.mark.parametrize("c", [1.0, 4.0])
def test_points_outside_the_ball_are_refused(c):
    ball = PoincareBall(c)
    inside, outside = np.zeros(2), np.array([0.0, 1 / np.sqrt(c)])
    sentence = rf"b holds a point on or outside the boundary .* below {1 / np.sqrt(c):.6g}"
    for call in (
        lambda: ball.distance(inside, outside),
        lambda: ball.interpolate(inside, 3 * outside, 0.5),
    ):
        with pytest.raises(ValueError, match=sentence):
            call()


def test_narrow_types_are_refused():
    with pytest.raises(TypeError, match=r"needs float32 or float64, got torch\.float16"):
        BALL.distance(ZERO.half(), ZERO.half())
    with pytest.raises(TypeError, match="needs float32 or float64"):
        BALL.project(ZERO.bfloat16())


def test_a_slider_that_leaves_the_ball_comes_back_along_the_radius():
    moved = BALL.move(np.array([0.6, 0.0]), 1, 0.9)
    np.testing.assert_allclose(moved / np.linalg.norm(moved), np.array([0.6, 0.9]) / 1.17**0.5)
    assert np.linalg.norm(moved) == pytest.approx(BALL.limit(), abs=1e-15)
    np.testing.assert_allclose(BALL.move(np.array([0.6, 0.0]), 1, 0.7), [0.6, 0.7])


def test_arithmetic_is_that_of_the_tangent_space_at_the_origin():
    points = torch.stack([X, Y, -X])
    np.testing.assert_allclose(BALL.combine(points, [1, 0, 1]), 0, atol=1e-15)
    torch.testing.assert_close(BALL.combine(points, [2, 0, 0])[0].item(), 0.8)
    torch.testing.assert_close(BALL.combine(points, [1, -1, 0]), -BALL.combine(points, [-1, 1, 0]))


def test_means_of_far_apart_points():
    corners = np.array([at(12, k * 2 * np.pi / 3) for k in range(3)])
    np.testing.assert_allclose(BALL.mean(corners), 0, atol=1e-9)
    lone = np.array([at(20, 0.0), at(20, 0.1), at(20, 3.0)])
    mean = BALL.mean(lone)
    pull = BALL.log(np.broadcast_to(mean, (3, 2)), lone).sum(0)
    assert np.linalg.norm(pull) < 1e-9


def test_random_points_lie_as_far_out_as_a_normal_vector_is_long():
    for c in (0.5, 1.0):
        ball = PoincareBall(c)
        z = ball.random(40_000, 3, torch.Generator().manual_seed(0), F64)
        far = ball.distance(z, torch.zeros(3, dtype=F64))
        # E of the norm of a standard normal vector in three dimensions.
        assert abs(far.mean() - 2 * (2 / np.pi) ** 0.5) < 4 * far.std() / 200
        assert z.mean(0).abs().max() < 0.01
    with pytest.raises(ValueError, match="dim must be a whole number from 1 to"):
        BALL.random(3, 0)
