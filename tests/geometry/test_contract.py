"""What holds in every geometry: metric axioms, round trips, isometries, kinds of arrays."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall, from_spec

F64 = torch.float64
SPACES = [Euclidean(), Hypersphere(), Hypersphere(2.5), PoincareBall(), PoincareBall(0.3)]
IDS = [json.dumps(space.spec()) for space in SPACES]
each_space = pytest.mark.parametrize("space", SPACES, ids=IDS)
examples = settings(max_examples=20, deadline=None, derandomize=True)
seeds = st.integers(0, 2**31)
dims = st.integers(2, 9)


def draw(space, seed, n, d, wide=1.0):
    """Points from the middle of a space to its edges."""
    generator = torch.Generator().manual_seed(seed)
    if isinstance(space, Hypersphere):
        return space.random(n, d, generator, F64)
    return space.exp(torch.zeros(n, d, dtype=F64), wide * space.random(n, d, generator, F64))


def isometry(space, seed, d):
    generator = torch.Generator().manual_seed(seed)
    turn, _ = torch.linalg.qr(torch.randn(d, d, generator=generator, dtype=F64))
    if isinstance(space, Hypersphere):
        return lambda x: x @ turn
    shift = draw(space, seed, 1, d)[0]
    if isinstance(space, PoincareBall):
        return lambda x: space.add(shift, x @ turn)
    return lambda x: x @ turn + shift


@each_space
@examples
@given(seeds, dims)
def test_distance_is_a_metric(space, seed, d):
    a, b, c = draw(space, seed, 3, d)
    assert space.distance(a, a) == 0
    assert space.distance(a, b) > 0
    assert space.distance(a, b) == pytest.approx(space.distance(b, a).item(), rel=1e-13)
    assert space.distance(a, c) <= space.distance(a, b) + space.distance(b, c) + 1e-12


@each_space
@examples
@given(seeds, dims)
def test_isometries_change_no_distance_and_carry_means_along(space, seed, d):
    points = draw(space, seed, 5, d, wide=0.4)
    if isinstance(space, Hypersphere):
        points = space.project(points + 2 * points[0])
    move = isometry(space, seed + 1, d)
    before = space.distance(points[:, None], points)
    torch.testing.assert_close(space.distance(move(points)[:, None], move(points)), before)
    weights = torch.arange(1, 6, dtype=F64)
    there = move(space.mean(points, weights)[None])[0]
    assert space.distance(space.mean(move(points), weights), there) < 1e-8


@each_space
@examples
@given(seeds, dims)
def test_log_undoes_exp_and_has_the_length_of_the_way(space, seed, d):
    a, b = draw(space, seed, 2, d)
    v = space.log(a, b)
    torch.testing.assert_close(space.exp(a, v), b, rtol=0, atol=1e-10)
    torch.testing.assert_close(space.log(a, space.exp(a, v)), v, rtol=1e-8, atol=1e-10)
    scale = space.conformal_factor(a)[0] if isinstance(space, PoincareBall) else 1.0
    assert (scale * v.norm()).item() == pytest.approx(space.distance(a, b).item(), rel=1e-9)


@each_space
@examples
@given(seeds, dims, st.floats(-0.5, 1.5))
def test_paths_have_constant_speed_and_end_where_they_should(space, seed, d, t):
    a, b = draw(space, seed, 2, d)
    whole = space.distance(a, b).item()
    at = space.interpolate(a, b, t)
    torch.testing.assert_close(at, space.exp(a, t * space.log(a, b)), rtol=0, atol=1e-9)
    if not (isinstance(space, Hypersphere) and whole > 2 * space.radius):
        assert space.distance(a, at).item() == pytest.approx(abs(t) * whole, rel=1e-7, abs=1e-10)
    torch.testing.assert_close(space.interpolate(a, b, 0), a, rtol=0, atol=1e-15)
    torch.testing.assert_close(space.interpolate(a, b, 1), b, rtol=0, atol=1e-15)
    torch.testing.assert_close(space.interpolate(a, a, t), a, rtol=0, atol=1e-14)


@each_space
@examples
@given(seeds, dims)
def test_transport_keeps_lengths_and_angles_and_the_path_itself(space, seed, d):
    a, b = draw(space, seed, 2, d)
    ball = isinstance(space, PoincareBall)
    gain = space.conformal_factor(b) / space.conformal_factor(a) if ball else 1.0
    vectors = torch.randn(3, d, generator=torch.Generator().manual_seed(seed), dtype=F64)
    if isinstance(space, Hypersphere):
        vectors = vectors - a * (vectors @ a)[:, None] / space.radius**2
    carried = space.transport(a, b, vectors) * gain
    torch.testing.assert_close(carried @ carried.T, vectors @ vectors.T, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(
        space.transport(a, b, space.log(a, b)), -space.log(b, a), rtol=1e-7, atol=1e-9
    )
    torch.testing.assert_close(space.transport(a, a, vectors), vectors)


@each_space
@examples
@given(seeds, dims, st.floats(0, 1))
def test_the_mean_of_two_is_between_them(space, seed, d, t):
    a, b = draw(space, seed, 2, d)
    found = space.mean(torch.stack([a, b]), [1 - t, t])
    assert space.distance(found, space.interpolate(a, b, t)) < 1e-7


@each_space
def test_no_neighbour_of_the_mean_has_a_smaller_sum_of_squares(space):
    points = draw(space, 3, 12, 3, wide=0.5)
    if isinstance(space, Hypersphere):
        points = space.project(points + torch.tensor([1.5 * space.radius, 0, 0], dtype=F64))
    weights = torch.linspace(1, 2, 12, dtype=F64)
    mean = space.mean(points, weights)
    best = (weights * space.distance(mean, points).square()).sum()
    for step in torch.eye(3, dtype=F64) * 1e-3:
        for sign in (1, -1):
            near = space.exp(mean, sign * step)
            assert (weights * space.distance(near, points).square()).sum() > best


@each_space
def test_means_come_in_batches(space):
    points = draw(space, 5, 12, 3, wide=0.3).abs().reshape(2, 6, 3)
    weights = torch.rand(2, 6, generator=torch.Generator().manual_seed(1), dtype=F64)
    both = space.mean(points, weights)
    for row in range(2):
        torch.testing.assert_close(both[row], space.mean(points[row], weights[row]))
    assert space.combine(points, weights).shape == (2, 3)


@each_space
def test_a_slider_sets_its_coordinate_inside_the_space(space):
    z = draw(space, 1, 4, 3, wide=0.2)
    moved = space.move(z, -1, torch.tensor([0.1, -0.2, 0.3, 0.0]))
    torch.testing.assert_close(moved[:, 2], torch.tensor([0.1, -0.2, 0.3, 0.0], dtype=F64))
    torch.testing.assert_close(space.project(moved), moved)
    torch.testing.assert_close(moved[:, 0] / moved[:, 1], z[:, 0] / z[:, 1])
    far = space.move(z[0], 1, 1e3)
    torch.testing.assert_close(space.project(far), far)
    assert space.move(z[0], 0, [0.1, 0.2]).shape == (2, 3)


@each_space
def test_arrays_tensors_types_and_shapes_are_kept(space):
    a, b = np.float32([[0.1, 0.3], [0.2, -0.1]])
    path = space.interpolate(a, b, np.linspace(0, 1, 5))
    assert isinstance(path, np.ndarray)
    assert (path.dtype, path.shape) == (np.float32, (5, 2))
    for found in (
        space.exp(a, b),
        space.log(a, b),
        space.project(a),
        space.mean(np.stack([a, b])),
        space.combine(np.stack([a, b]), [0.5, 1]),
        space.move(a, 0, 0.2),
        space.transport(a, b, b),
    ):
        assert isinstance(found, np.ndarray)
        assert (found.dtype, found.shape) == (np.float32, (2,))
    assert space.distance(np.zeros((4, 1, 2)) + a, torch.tensor(b)).shape == (4, 1)
    assert space.distance(torch.tensor(a), torch.tensor(b).double()).dtype == F64
    assert space.distance(a, torch.tensor(b)).dtype == np.float32


@each_space
def test_random_points_obey_the_generator(space):
    first, again = (space.random(5, 3, torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(first, again)
    assert first.dtype == torch.float32
    torch.testing.assert_close(space.project(first), first)
    assert not torch.equal(first, space.random(5, 3, torch.Generator().manual_seed(8)))
    assert space.random(2, 3, dtype=F64).dtype == F64


@each_space
def test_gradients_are_right_and_finite_where_points_meet(space):
    a, b = (x.requires_grad_() for x in draw(space, 2, 2, 3, wide=0.5).clone())
    v = torch.full((3,), 0.1, dtype=F64)
    for function in (
        space.distance,
        space.log,
        lambda x, y: space.interpolate(x, y, 0.3),
        lambda x, y: space.transport(x, y, v),
        lambda x, y: space.exp(x, y / 2),
        lambda x, y: space.mean(torch.stack([x, y]), [1, 3]),
    ):
        assert torch.autograd.gradcheck(function, (a, b), atol=1e-5)
        same = a.detach().clone().requires_grad_()
        (function(same, same.detach()).sum() + 0 * same.sum()).backward()
        assert same.grad.isfinite().all()


@each_space
def test_the_origin_is_a_point_of_the_space(space):
    origin = space.origin(4)
    torch.testing.assert_close(space.project(origin), origin)


@each_space
def test_a_spec_is_json_and_builds_the_space_again(space):
    assert from_spec(json.loads(json.dumps(space.spec()))) == space


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"name": "torus"}, "must be one of euclidean, hypersphere, poincare, got 'torus'"),
        ({}, "got None"),
        ({"name": "poincare", "radius": 2}, "poincare has no parameter radius"),
        ({"name": "poincare", "c": -1}, "c must be a finite number above 0, got -1"),
        ({"name": "hypersphere", "radius": float("nan")}, "radius must be a finite number"),
    ],
)
def test_unknown_specs_are_refused(spec, sentence):
    with pytest.raises(ValueError, match=sentence):
        from_spec(spec)


@each_space
def test_arguments_that_do_not_fit_are_refused(space):
    a = np.full((2, 3), 0.2)
    with pytest.raises(ValueError, match=r"a and b must be .* got shapes \(2, 3\) and \(4,\)"):
        space.distance(a, np.full(4, 0.2))
    with pytest.raises(ValueError, match=r"x and v must broadcast, got shapes \(2, 3\) and"):
        space.exp(a, np.full((3, 3), 0.2))
    with pytest.raises(ValueError, match="must broadcast"):
        space.interpolate(a, a, [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match=r"dim must be a whole number from -3 to 2, got 3"):
        space.move(a, 3, 0.1)
    with pytest.raises(ValueError, match=r"points must be \(..., n, d\)"):
        space.mean(np.ones(3))
    with pytest.raises(ValueError, match=r"weights must be \(..., 2\), one per point"):
        space.mean(a, [1, 2, 3])
    for weights in ([0, 0], [1, -1]):
        with pytest.raises(ValueError, match="weights must be at least 0 and not all 0"):
            space.mean(a, weights)
    with pytest.raises(ValueError, match="weights must be finite"):
        space.combine(a, [1, np.inf])
