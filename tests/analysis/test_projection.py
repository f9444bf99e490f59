"""PCA against scikit-learn, and the way back; the page's twin reads the same cases."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA

from latent_widgets.analysis.projection import LinearProjection, project

SHARED = json.loads((Path(__file__).parents[1] / "cases" / "linear.json").read_text())


def blob(n=300, d=7, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 5).astype(np.float32)


@pytest.mark.parametrize("dim", [2, 3])
def test_it_is_the_pca_of_scikit_learn_up_to_the_sign_of_an_axis(dim):
    points = blob()
    ours = project(points, dim=dim)
    theirs = PCA(dim).fit(points.astype(np.float64))
    signs = np.sign((ours.components * theirs.components_).sum(1))
    np.testing.assert_allclose(ours.center, theirs.mean_, rtol=1e-5)
    np.testing.assert_allclose(ours.components, theirs.components_ * signs[:, None], atol=1e-5)
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_, rtol=1e-5)
    np.testing.assert_allclose(ours.xy, theirs.transform(points) * signs, atol=2e-4)
    np.testing.assert_allclose(ours.transform(points), ours.xy, atol=2e-4)


def test_the_same_data_always_points_the_same_way():
    points = blob()
    first, second = project(points), project(points[::-1])
    np.testing.assert_allclose(first.components, second.components, atol=1e-5)
    largest = np.abs(first.components).argmax(1)
    assert (first.components[[0, 1], largest] > 0).all()


def test_there_and_back_keeps_what_the_map_does_not_show():
    points = blob()
    projection = project(points)
    z = points[0]
    place = np.array([3.0, -2.0], np.float32)
    moved = projection.inverse(place, near=z)
    np.testing.assert_allclose(projection.transform(moved), place, atol=1e-4)
    shift = moved - z
    off_plane = shift - shift @ projection.components.T @ projection.components
    np.testing.assert_allclose(off_plane, 0, atol=1e-5)
    np.testing.assert_allclose(projection.inverse(projection.transform(z), z), z, atol=1e-5)


def test_inverse_starts_from_the_centre_and_takes_batches():
    projection = project(blob())
    np.testing.assert_allclose(projection.inverse([0.0, 0.0]), projection.center)
    places = np.random.default_rng(1).normal(size=(4, 5, 2))
    latents = projection.inverse(places)
    assert latents.shape == (4, 5, 7)
    np.testing.assert_allclose(projection.transform(latents), places, atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 4), (5, 1), (2, 2), (3, 600)])
def test_small_and_flat_data_still_make_a_map(shape):
    points = np.random.default_rng(0).normal(size=shape)
    projection = project(points)
    assert projection.xy.shape == (len(points), 2)
    assert projection.components.shape == (2, shape[1])
    assert np.isfinite(projection.xy).all()
    assert (projection.explained >= 0).all()
    assert projection.explained.sum() <= 1 + 1e-6
    assert np.isfinite(projection.inverse([1.0, 1.0])).all()


def test_all_rows_alike_explain_nothing():
    projection = project(np.full((10, 3), 2.0))
    np.testing.assert_array_equal(projection.xy, np.zeros((10, 2), np.float32))
    np.testing.assert_allclose(projection.explained, 0)


@pytest.mark.parametrize(
    ("points", "options", "words"),
    [
        (blob(), {"method": "lda"}, "method must be one of pca, axes, .*, disc, got 'lda'"),
        (blob(), {"dim": 4}, "dim must be 2 or 3, got 4"),
        (np.zeros((0, 3)), {}, "points must be finite rows"),
        (np.zeros(3), {}, "points must be finite rows"),
        (
            np.array([[1.0, np.nan]]),
            {},
            "points must be finite rows .* 1 of 1 hold NaN",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(points, options, words):
    with pytest.raises(ValueError, match=words):
        project(points, **options)


@pytest.mark.parametrize("case", SHARED["cases"], ids=lambda case: case["name"])
def test_the_cases_shared_with_the_page(case):
    center = np.array(case["center"], np.float32)
    components = np.array(case["components"], np.float32)
    nothing = np.zeros((0, 2), np.float32)
    projection = LinearProjection(nothing, center, components, np.zeros(2, np.float32))
    tolerance = SHARED["tolerance"]
    for one in case["transform"]:
        np.testing.assert_allclose(projection.transform(one["z"]), one["xy"], atol=tolerance)
    for one in case["inverse"]:
        latent = projection.inverse(one["xy"], one["near"])
        np.testing.assert_allclose(latent, one["z"], atol=tolerance)


def test_chosen_dimensions_are_shown_as_they_are():
    points = np.random.default_rng(0).normal(size=(50, 5)).astype(np.float32)
    shown = project(points, "axes", axes=(3, 1))
    np.testing.assert_allclose(shown.xy, (points - points.mean(0))[:, [3, 1]], atol=1e-6)
    variance = points.var(axis=0)
    np.testing.assert_allclose(shown.explained, (variance / variance.sum())[[3, 1]], rtol=1e-4)
    z = shown.inverse([1.0, 2.0], near=points[7])
    np.testing.assert_allclose(shown.transform(z), [1, 2], atol=1e-5)
    np.testing.assert_array_equal(z[[0, 2, 4]], points[7, [0, 2, 4]])


@pytest.mark.parametrize("axes", [(0, 0), (0, 5), (0,), (0, 1, 2), (-1, 0), (0.5, 1)])
def test_axes_that_are_no_two_dimensions_are_refused(axes):
    with pytest.raises(ValueError, match="axes must be 2 different dimensions from 0 to 4"):
        project(np.zeros((3, 5)), "axes", axes=axes)
