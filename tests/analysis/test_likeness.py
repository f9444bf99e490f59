"""A density of rows: rows are at home in it, far points are not, and the page agrees."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from latent_widgets.analysis.likeness import active_dimensions, fit_likeness
from latent_widgets.analysis.mixture import fit_mixture
from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall

CASES = Path(__file__).parents[1] / "cases" / "likeness.json"
GEOMETRIES = [Euclidean(), Hypersphere(), PoincareBall(c=0.7)]


def rows(geometry, n=600, d=3, seed=0):
    """Two clusters, one on each side."""
    random = np.random.default_rng(seed)
    centres = np.where(random.random((n, 1)) < 0.5, 1.0, -1.0) * np.ones(d)
    z = centres + 0.25 * random.normal(size=(n, d))
    return np.asarray(geometry.project(0.3 * z if geometry.name == "poincare" else z))


@pytest.mark.parametrize("geometry", GEOMETRIES, ids=lambda one: one.name)
def test_rows_are_at_home_and_others_are_not(geometry):
    likeness = fit_likeness(rows(geometry), geometry)
    assert 45 < likeness.percentile(rows(geometry)).mean() < 58
    assert 43 < likeness.percentile(rows(geometry, seed=1)).mean() < 57
    # Between the clusters or on another side, as far out as they are: nothing is there.
    strange = np.array([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]]) * (
        0.4 if geometry.name != "euclidean" else 1
    )
    assert (likeness.percentile(geometry.project(strange)) < 1).all()


def test_a_single_component_is_the_closed_form():
    x = np.random.default_rng(0).normal(size=(50, 2)) @ np.array([[1.0, 0.4], [0.0, 0.8]])
    mixture = fit_mixture(x, 1)
    covariance = (50 * np.cov(x.T, bias=True) + 2 * np.eye(2)) / 52
    apart = x - x.mean(0)
    squared = np.einsum("ni,ij,nj->n", apart, np.linalg.inv(covariance), apart)
    expected = -0.5 * (squared + np.log(np.linalg.det(2 * math.pi * covariance)))
    np.testing.assert_allclose(mixture.log_density(x), expected, atol=1e-9)


@pytest.mark.parametrize("covariance", ["full", "diagonal", "round"])
def test_clusters_are_found_and_the_density_is_one_in_all(covariance):
    x = rows(Euclidean(), d=2)
    mixture = fit_mixture(x, 2, covariance=covariance)
    assert sorted(np.sign(mixture.means[:, 0])) == [-1, 1]
    line = np.linspace(-4, 4, 161)
    grid = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
    mass = np.exp(mixture.log_density(grid)).sum() * (line[1] - line[0]) ** 2
    assert mass == pytest.approx(1, abs=1e-3)


def test_what_the_posterior_ignores_cannot_be_strange():
    random = np.random.default_rng(0)
    z = np.column_stack([random.normal(size=300), 1e-3 * random.normal(size=300)])
    logvar = np.column_stack([np.full(300, -4.0), np.zeros(300)])
    assert list(active_dimensions(z, logvar)) == [0]
    likeness = fit_likeness(z, None, logvar)
    here, there = likeness.percentile([[0.1, 0.0], [0.1, 3.0]])
    assert here == there > 50
    assert fit_likeness(z).percentile([[0.1, 3.0]]) == 0


def test_too_few_or_equal_rows_have_no_density():
    assert fit_likeness(np.random.default_rng(0).normal(size=(19, 2))) is None
    assert fit_likeness(np.ones((40, 2))) is None


def test_the_same_seed_gives_the_same():
    one, other = (fit_likeness(rows(Euclidean())) for _ in range(2))
    assert (one.percentiles == other.percentiles).all()


def test_python_agrees_with_the_shared_cases():
    cases = json.loads(CASES.read_text())
    for case in cases:
        geometry = next(one for one in GEOMETRIES if one.name == case["geometry"]["name"])
        likeness = fit_likeness(rows(geometry, 120), geometry)
        np.testing.assert_allclose(likeness.mixture.means.ravel(), case["means"], atol=1e-5)
        np.testing.assert_allclose(likeness.log_density(case["z"]), case["nats"], atol=1e-4)
        np.testing.assert_allclose(likeness.percentile(case["z"]), case["percentile"], atol=1e-2)
