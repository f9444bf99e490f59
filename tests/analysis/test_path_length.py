"""Oracle 14: the perceptual path length in both forms, against closed values."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_widgets.analysis import path_length
from latent_widgets.geometry import Pullback, lerp


def draws(m, d, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2, m, d, generator=generator, dtype=torch.float64)


def linear(d, p=7, seed=1):
    weights = torch.randn(p, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return weights, lambda z: z @ weights.T


def test_of_a_linear_decoder_it_is_the_squared_change_from_end_to_end():
    weights, decode = linear(4)
    a, b = draws(100, 4)
    true = float(((b - a) @ weights.T).square().sum(1).mean())
    assert path_length(decode, a, b) == pytest.approx(true, rel=1e-12)
    assert path_length(decode, a.numpy(), b.numpy(), epsilon=1e-4) == pytest.approx(true, rel=1e-8)


def test_over_draws_from_the_prior_it_is_twice_the_weights():
    weights, decode = linear(5)
    a, b = draws(8_000, 5)
    each = ((b - a) @ weights.T).square().sum(1)
    error = float(each.std()) / len(a) ** 0.5
    true = 2 * float(weights.square().sum())
    assert abs(path_length(decode, a, b) - true) < 4 * error
    assert error < 0.03 * true


@pytest.mark.parametrize(("d", "turn"), [(2, np.pi**2 / 3), (3, (np.pi**2 - 4) / 2), (16, 2.53397)])
def test_on_the_unit_sphere_slerp_has_the_mean_squared_angle(d, turn):
    weights, decode = linear(d)
    a, b = (each / each.norm(dim=1, keepdim=True) for each in draws(8_000, d))
    true = turn * float(weights.square().sum()) / d
    # At most |W|^2 omega^2 <= |W|^2 pi^2 each, so the mean of 8,000 is this near.
    near = 4 * np.pi**2 * float(torch.linalg.matrix_norm(weights, 2)) ** 2 / 2 / len(a) ** 0.5
    assert abs(path_length(decode, a, b, path="slerp") - true) < near
    assert near < 0.5 * true


@pytest.mark.parametrize("path", ["linear", "slerp", "matched"])
def test_both_forms_agree(path):
    torch.manual_seed(0)
    decode = torch.nn.Sequential(
        torch.nn.Linear(6, 32), torch.nn.Tanh(), torch.nn.Linear(32, 40), torch.nn.Sigmoid()
    ).double()
    a, b = draws(500, 6)
    exact = path_length(decode, a, b, path=path)
    assert path_length(decode, a, b, path=path, epsilon=1e-4) == pytest.approx(exact, rel=1e-3)
    assert exact > 0


def test_it_is_the_mean_energy_of_the_pull_back_metric():
    torch.manual_seed(0)
    decode = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh()).double()
    a, b = (each[:1].expand(4000, 2) for each in draws(1, 2))
    path = lerp(a[:401], b[:401], torch.linspace(0, 1, 401, dtype=torch.float64))
    with torch.no_grad():
        energy = Pullback(decode).energy(path)
    assert path_length(decode, a, b) == pytest.approx(energy, rel=0.02)


def test_the_seed_draws_the_times_and_a_path_may_be_a_callable():
    decode = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh()).double()
    a, b = draws(10, 3)
    values = [path_length(decode, a, b, seed=seed) for seed in (0, 0, 1)]
    assert values[0] == values[1] != values[2]
    assert path_length(decode, a, b, path=lerp) == values[0]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"path": "graph"}, r"path must be one of \['linear', 'slerp', 'matched'\]"),
        ({"epsilon": 0}, "epsilon must be None or above 0 and below 1, got 0"),
        ({"b": np.zeros(2)}, r"a and b must both be \(m, d\)"),
        ({"b": np.zeros((3, 2))}, "a and b must broadcast"),
    ],
)
def test_what_does_not_fit_is_refused(given, words):
    ends = {"a": np.ones((2, 2)), "b": np.zeros((2, 2))}
    with pytest.raises(ValueError, match=words):
        path_length(lambda z: z, **{**ends, **given})
