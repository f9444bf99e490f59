"""Density of rows, and paths that keep to it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from latent_widgets.geometry.density import DensityMetric, KernelDensity
from latent_widgets.geometry.resample import resample


def test_the_density_is_the_mean_of_gaussians():
    rows = np.array([[0.0, 0.0], [1.0, 2.0], [-3.0, 0.5]])
    z, h = np.array([[0.2, -0.4], [5.0, 5.0]]), 0.7
    squared = ((z[:, None] - rows) ** 2).sum(2)
    expected = np.log(np.exp(-squared / (2 * h**2)).mean(1) / (2 * math.pi * h**2))
    np.testing.assert_allclose(KernelDensity(rows, h).log(z), expected, atol=1e-9)


def test_a_row_is_measured_among_the_others():
    density = KernelDensity(np.array([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]]), 1.0)
    alone = density.of_rows()
    assert alone[0] == pytest.approx(alone[1])
    assert alone[2] < alone[0] - 20
    # With its own Gaussian a row would always seem to be in company.
    assert float(density.log(np.array([9.0, 0.0]))) > alone[2] + 20


def test_the_usual_width_grows_with_the_data():
    rows = torch.randn(400, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    one, ten = KernelDensity(rows).bandwidth, KernelDensity(10 * rows).bandwidth
    assert ten == pytest.approx(10 * one)
    assert 0.1 < one < 1


def test_where_density_is_usual_a_path_costs_its_own_length():
    rows = np.stack(np.meshgrid(np.linspace(0, 1, 25), np.linspace(0, 1, 25)), -1).reshape(-1, 2)
    metric = DensityMetric(KernelDensity(rows, 0.2))
    inside = np.linspace([0.4, 0.5], [0.6, 0.5], 17)
    assert metric.length(inside) == pytest.approx(0.2, rel=0.01)
    outside = inside + 50
    assert metric.length(outside) == pytest.approx(0.2 / math.sqrt(0.01), rel=1e-3)


def test_a_shortest_path_is_no_longer_than_the_straight_one():
    angle = np.linspace(0, 1.5 * np.pi, 80)
    rows = np.stack([np.cos(angle), np.sin(angle)], 1)
    metric = DensityMetric(KernelDensity(rows))
    path = metric.geodesic(rows[0], rows[-1], 16, start=resample(rows, angle / angle[-1], 17))
    straight = np.linspace(rows[0], rows[-1], 17)
    assert metric.energy(path) < 0.5 * metric.energy(straight)
    np.testing.assert_array_equal(path[[0, -1]], rows[[0, -1]])
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert steps.std() / steps.mean() < 0.2


@pytest.mark.parametrize(
    ("rows", "width", "sentence"),
    [
        ([[0.0, 1.0]], None, "rows must be 2 or more"),
        ([[0.0], [1.0]], 0.0, "bandwidth must be"),
        ([[0.0], [1.0]], math.nan, "bandwidth must be"),
    ],
)
def test_bad_arguments(rows, width, sentence):
    with pytest.raises(ValueError, match=sentence):
        KernelDensity(np.array(rows), width)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"n": 0}, "n must be a whole number from 1 to 256, got 0"),
        ({"n": 10**9}, "n must be a whole number from 1 to 256"),
        ({"n": "5"}, "n must be a whole number from 1 to 256, got '5'"),
        ({"steps": -1}, "steps must be a whole number from 0 to 10,000, got -1"),
        ({"b": np.eye(2)}, r"a and b must be \(d,\)"),
        ({"b": np.full(2, 1e38)}, "or they are too far apart"),
        ({"start": np.zeros((3, 2))}, r"start must be \(17, 2\), got shape \(3, 2\)"),
    ],
)
def test_a_search_that_cannot_be_says_why(options, sentence):
    metric = DensityMetric(KernelDensity(np.eye(2, dtype=np.float32)))
    with pytest.raises(ValueError, match=sentence):
        metric.geodesic(**{"a": np.zeros(2), "b": np.ones(2), **options})


def test_the_floor_is_above_zero():
    with pytest.raises(ValueError, match="floor must be"):
        DensityMetric(KernelDensity(np.eye(2)), floor=0.0)


def test_equal_rows_still_have_a_density():
    assert np.isfinite(KernelDensity(np.ones((5, 2))).log(np.zeros((1, 2)))).all()


def test_resampling_keeps_what_a_cubic_can_follow():
    times = np.array([0, 0.1, 0.35, 0.6, 1.0])
    curve = np.stack([times, times**3], axis=1)
    wanted = np.linspace(0, 1, 9)
    np.testing.assert_allclose(resample(curve, times, 9), np.stack([wanted, wanted**3], 1))
    straight = resample(curve, times, 9, straight=True)
    assert straight[6, 1] == pytest.approx(np.interp(0.75, times, times**3))
