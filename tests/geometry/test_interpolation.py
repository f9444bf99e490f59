"""Oracles 8 and 13, the shared cases, and what happens at the edges."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from latent_widgets.geometry import lerp, matched_lerp, slerp

CASES = json.loads((Path(__file__).parents[1] / "cases" / "interpolation.json").read_text())
PATHS = {"lerp": lerp, "slerp": slerp, "matched": matched_lerp}


def _ids(cases):
    return [case["why"] for case in cases]


@pytest.mark.parametrize(
    ("path", "case"),
    [
        pytest.param(PATHS[name], case, id=f"{name}-{case['why']}")
        for name in PATHS
        for case in CASES[name]
    ],
)
def test_shared_cases(path, case):
    found = path(np.array(case["a"], float), np.array(case["b"], float), case["t"])
    exact = case["t"] in (0, 1) or (path is not matched_lerp and case["a"] == case["b"])
    np.testing.assert_allclose(found, case["is"], rtol=0 if exact else 1e-14, atol=1e-15)


@pytest.mark.parametrize("case", CASES["opposite"], ids=_ids(CASES["opposite"]))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_opposite_directions_are_refused(case, dtype):
    with pytest.raises(ValueError, match="opposite directions"):
        slerp(np.array(case["a"], dtype), np.array(case["b"], dtype), 0.5)


@pytest.mark.parametrize("case", CASES["not_opposite"], ids=_ids(CASES["not_opposite"]))
def test_other_directions_are_not(case):
    a, b = np.array(case["a"], float), np.array(case["b"], float)
    assert np.isfinite(slerp(a, b, 0.5)).all()


def test_one_opposite_pair_of_a_batch_is_enough():
    a = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
    b = torch.tensor([[0.0, 1.0], [-1.0, 0.0]])
    with pytest.raises(ValueError, match="opposite directions"):
        slerp(a, b, 0.0)


def test_the_angle_is_linear_in_time():
    generator = torch.Generator().manual_seed(0)
    a, b = torch.randn(2, 50, 7, generator=generator, dtype=torch.float64)
    a, b = (each / each.norm(dim=-1, keepdim=True) for each in (a, b))
    whole = torch.arccos((a * b).sum(-1))
    for t in np.linspace(0, 1, 11):
        z = slerp(a, b, t)
        np.testing.assert_allclose(z.norm(dim=-1), 1, atol=1e-12)
        # arccos is blind near 0, so the angle is taken from sine and cosine.
        across = (z - a * (a * z).sum(-1, keepdim=True)).norm(dim=-1)
        angle = torch.atan2(across, (a * z).sum(-1))
        np.testing.assert_allclose(angle, t * whole, atol=1e-12)


def test_norms_go_evenly():
    a, b = np.array([3.0, 0, 0]), np.array([0, -1.0, 1.0])
    norms = np.linalg.norm(slerp(a, b, np.linspace(0, 1, 9)), axis=-1)
    np.testing.assert_allclose(norms, np.linspace(3, np.sqrt(2), 9), rtol=1e-14)


@pytest.mark.parametrize(
    ("a", "b", "to_a", "to_b"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.7, 0.3),
        ([0.0, 0.0], [1.0, 2.0], 0.7, 0.3),
        ([1.0, 2.0], [0.0, 0.0], 0.7, 0.3),
        ([0.0, 0.0], [0.0, 0.0], 0.7, 0.3),
    ],
)
def test_gradients_at_the_edges_are_those_of_the_line(a, b, to_a, to_b):
    start, end = torch.tensor(a, requires_grad=True), torch.tensor(b, requires_grad=True)
    slerp(start, end, 0.3).sum().backward()
    np.testing.assert_allclose(start.grad, [to_a] * 2, rtol=1e-6)
    np.testing.assert_allclose(end.grad, [to_b] * 2, rtol=1e-6)


def test_gradients_of_the_arc():
    generator = torch.Generator().manual_seed(1)
    a, b = torch.randn(2, 4, 5, generator=generator, dtype=torch.float64)
    a, b = a.requires_grad_(), b.requires_grad_()
    t = torch.tensor([0.0, 0.3, 0.6, 1.0], dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x, y: slerp(x, y, t), (a, b))


def test_almost_equal_vectors_keep_all_digits():
    a = np.array([1.0, 0.0])
    b = np.array([np.cos(1e-9), np.sin(1e-9)])
    np.testing.assert_allclose(slerp(a, b, 0.5), [1, 5e-10], rtol=1e-12)


@pytest.mark.parametrize("d", [2, 16, 32])
def test_matched_lerp_keeps_the_prior(d):
    shell = {2: 1.25331, 16: 3.93803, 32: 5.61284}[d]
    middle = {2: 0.88623, 16: 2.78460, 32: 3.96888}[d]
    a, b = torch.randn(2, 100_000, d, generator=torch.Generator().manual_seed(d))
    for t in (0.1, 0.25, 0.5, 0.9):
        norms = matched_lerp(a, b, t).norm(dim=-1)
        assert abs(norms.mean() - shell) < 4 * norms.std() / len(norms) ** 0.5
    norms = lerp(a, b, 0.5).norm(dim=-1)
    assert abs(norms.mean() - middle) < 4 * norms.std() / len(norms) ** 0.5


@pytest.mark.parametrize("path", [lerp, slerp, matched_lerp])
def test_ends_are_exact_in_float32(path):
    a, b = torch.randn(2, 200, 32, generator=torch.Generator().manual_seed(3)) * 1e3
    assert torch.equal(path(a, b, 0), a)
    assert torch.equal(path(a, b, 1), b)


@pytest.mark.parametrize("path", [lerp, slerp, matched_lerp])
def test_shapes_broadcast_and_kinds_are_kept(path):
    a, b = np.eye(2, 3, dtype=np.float32)
    line = path(a, b, np.linspace(0, 1, 5))
    assert isinstance(line, np.ndarray)
    assert line.shape == (5, 3)
    assert line.dtype == np.float32
    many = path(torch.rand(4, 1, 3), torch.rand(3).double(), torch.linspace(0, 1, 5))
    assert isinstance(many, torch.Tensor)
    assert many.shape == (4, 5, 3)
    assert many.dtype == torch.float64
    np.testing.assert_array_equal(path([1, 0], [0, 1], 0), [1.0, 0.0])


@pytest.mark.parametrize("path", [lerp, slerp, matched_lerp])
def test_shapes_that_do_not_fit_are_refused(path):
    with pytest.raises(ValueError, match=r"one dimension d, got shapes \(2,\) and \(3,\)"):
        path(np.zeros(2), np.zeros(3), 0.5)
    with pytest.raises(ValueError, match=r"must broadcast.*\(2, 3\), \(3,\) and \(4,\)"):
        path(np.zeros((2, 3)), np.zeros(3), np.zeros(4))
    with pytest.raises(ValueError, match=r"one dimension d"):
        path(np.float64(1), np.zeros(3), 0.5)
