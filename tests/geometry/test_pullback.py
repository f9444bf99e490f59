"""Pull-back geometry: surfaces whose areas, lengths and shortest paths are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from latent_widgets.geometry import Hypersphere, Pullback, slerp


def sphere(z):
    theta, phi = z[:, 0], z[:, 1]
    return torch.stack([theta.sin() * phi.cos(), theta.sin() * phi.sin(), theta.cos()], dim=1)


def torus(z):
    u, v = z[:, 0], z[:, 1]
    ring = 2 + v.cos()
    return torch.stack([ring * u.cos(), ring * u.sin(), v.sin()], dim=1)


A, B = np.array([math.pi / 4, 0.0]), np.array([math.pi / 4, math.pi / 2])


def test_magnification_of_a_torus_and_a_sphere():
    v = torch.tensor([0.0, math.pi / 2, math.pi], dtype=torch.float64)
    z = torch.stack([torch.full_like(v, 0.3), v], dim=1)
    expected = torch.tensor([3.0, 2.0, 1.0], dtype=torch.float64)
    torch.testing.assert_close(Pullback(torus).magnification(z), expected)
    theta = np.array([[0.3, 1.0], [1.2, -2.0]])
    np.testing.assert_allclose(Pullback(sphere).magnification(theta), np.sin(theta[:, 0]))


def test_the_metric_is_that_of_central_differences():
    z = torch.tensor([[0.4, 1.3], [2.0, -0.7]], dtype=torch.float64)
    step = 1e-5
    columns = [
        (torus(z + step * unit) - torus(z - step * unit)) / (2 * step)
        for unit in torch.eye(2, dtype=torch.float64)
    ]
    jacobian = torch.stack(columns, dim=2)
    torch.testing.assert_close(
        Pullback(torus).metric(z), jacobian.mT @ jacobian, rtol=1e-6, atol=1e-9
    )


def test_the_metric_of_a_linear_map_is_the_same_everywhere():
    w = torch.randn(5, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    found = Pullback(lambda z: z @ w.T).metric(torch.randn(3, 2, dtype=torch.float64))
    torch.testing.assert_close(found, (w.T @ w).expand(3, 2, 2))


def test_a_geodesic_of_the_sphere_is_a_great_circle():
    geometry = Pullback(sphere)
    path = geometry.geodesic(A, B, 32, steps=200)
    length = geometry.length(path)
    assert length == pytest.approx(1.0471508, abs=2e-6)
    assert 64 * math.asin(length / 64) == pytest.approx(math.pi / 3, abs=1e-6)
    assert path[16, 0] == pytest.approx(0.6154797087, abs=1e-4)
    assert geometry.energy(path) == pytest.approx(length**2, rel=1e-4)
    assert geometry.energy(path) >= length**2
    steps = np.linalg.norm(np.diff(sphere(torch.tensor(path)).numpy(), axis=0), axis=1)
    assert steps.std() / steps.mean() < 1e-3
    np.testing.assert_array_equal(path[[0, -1]], [A, B])
    straight = np.linspace(A, B, 33)
    assert geometry.length(straight) == pytest.approx(1.1107207345, abs=2e-4)


def test_interpolate_walks_the_great_circle_at_constant_speed():
    geometry = Pullback(sphere)
    t = np.linspace(0, 1, 9)
    walked = sphere(torch.tensor(geometry.interpolate(A, B, t, 32))).numpy()
    ends = sphere(torch.tensor(np.stack([A, B]))).numpy()
    np.testing.assert_allclose(walked, slerp(ends[:1], ends[1:], t), atol=2e-4)


def test_exp_undoes_log():
    geometry = Pullback(sphere)
    velocity = geometry.log(A, B, 32)
    speed = velocity @ geometry.metric(A[None])[0] @ velocity
    assert math.sqrt(speed) == pytest.approx(math.pi / 3, rel=2e-3)
    np.testing.assert_allclose(geometry.exp(A, velocity), B, atol=5e-3)


def test_the_mean_of_three_is_where_the_logarithms_cancel():
    geometry = Pullback(sphere)
    points = np.array([[1.2, -0.5], [1.4, 0.4], [1.0, 0.6]])
    mean = geometry.mean(points)
    pull = np.mean([geometry.log(mean, each) for each in points], axis=0)
    assert np.linalg.norm(pull) < 1e-3


def test_paths_keep_to_a_curved_base():
    geometry = Pullback(lambda z: z * torch.tensor([1.0, 1.0, 3.0]).to(z), base=Hypersphere())
    a, b = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.6, 0.8])
    path = geometry.geodesic(a, b, 16)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 1)
    arc = slerp(a, b, np.linspace(0, 1, 17))
    assert geometry.energy(path) < geometry.energy(arc)


def _fan(z):
    """Three decoders that agree on the ring of radius 1 and part inside it."""
    doubt = (1 - z.square().sum(1, keepdim=True)).clamp_min(0)
    return torch.stack([torch.cat([z, k * doubt], dim=1) for k in (-2.0, 0.0, 2.0)])


def test_disagreement_costs_length():
    a, b = np.array([1.0, 0.0]), np.array([math.cos(2.5), math.sin(2.5)])
    sure = Pullback(lambda z: _fan(z).mean(0))
    unsure = Pullback(lambda z: _fan(z).mean(0), _fan)
    through, around = sure.geodesic(a, b), unsure.geodesic(a, b, steps=200)
    # Straight through the middle for one, around it for the other.
    assert np.linalg.norm(through, axis=1).min() < 0.4
    assert np.linalg.norm(around, axis=1).min() > 0.6
    assert sure.label != unsure.label
    assert "no uncertainty" in sure.label


def test_one_decoder_tells_no_uncertainty():
    alone = Pullback(sphere, lambda z: sphere(z)[None])
    path = alone.geodesic(A, B)
    np.testing.assert_allclose(path, Pullback(sphere).geodesic(A, B), atol=1e-6)
    assert "no uncertainty" in alone.label


@pytest.mark.parametrize(
    ("ensemble", "got"),
    [
        (sphere, r"\(17, 3\)"),
        (lambda z: sphere(z).reshape(1, -1, 1), r"\(1, 51, 1\)"),
        (lambda z: _fan(z)[:0], r"\(0, 17, 3\)"),
        (lambda z: _fan(z).detach().numpy(), "ndarray"),
        (lambda _: None, "NoneType"),
    ],
)
def test_what_is_no_ensemble_is_said(ensemble, got):
    sentence = rf"ensemble must give a tensor \(m, 17, \.\.\.\) .* got {got}"
    with pytest.raises(ValueError, match=sentence):
        Pullback(sphere, ensemble).geodesic(A, B)


def test_pictures_of_nan_have_no_shortest_path():
    with pytest.raises(ValueError, match="no path between a and b can be measured"):
        Pullback(lambda z: sphere(z) * torch.nan).geodesic(A, B)


def test_the_energy_of_an_ensemble_is_the_mean_over_pairs():
    path = torch.tensor([[0.2, 0.1], [0.4, -0.3], [0.0, 0.5]], dtype=torch.float64)
    each = _fan(path)
    pairs = [(each[i, 1:] - each[j, :-1]).square().sum() for i in range(3) for j in range(3)]
    expected = 2 * torch.stack(pairs).mean()
    assert Pullback(lambda z: _fan(z).mean(0), _fan).energy(path) == pytest.approx(float(expected))


def test_equal_ends_stay_where_they_are():
    path = Pullback(sphere).geodesic(A, A, 8)
    np.testing.assert_allclose(path, np.tile(A, (9, 1)), atol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((A, B, 0), "n must be a whole number from 1 to 256, got 0"),
        ((A, B, 10**9), "n must be a whole number from 1 to 256, got 1000000000"),
        ((A, B, 2.5), "n must be a whole number from 1 to 256, got 2.5"),
        ((A, B * np.nan), "no path between a and b can be measured"),
        ((A, np.zeros(3)), "a and b must be"),
        ((A[None], B[None]), "a and b must be"),
    ],
)
def test_bad_arguments(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Pullback(sphere).geodesic(*arguments)


def test_a_first_guess_must_fit():
    with pytest.raises(ValueError, match=r"start must be \(17, 2\)"):
        Pullback(sphere).geodesic(A, B, start=np.zeros((3, 2)))


def test_a_decoder_without_gradients_is_refused():
    with pytest.raises(TypeError, match="differentiable"):
        Pullback(lambda z: sphere(z).detach()).geodesic(A, B)


def test_a_caller_can_stop_it():
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Pullback(sphere).geodesic(A, B, progress=stop)
