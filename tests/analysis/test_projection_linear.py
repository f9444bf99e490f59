"""Linear maps by random and by chosen directions."""

from __future__ import annotations

import numpy as np
import pytest

from latent_widgets.analysis.linear import class_difference
from latent_widgets.analysis.projection import project


def blobs(n=90, d=6, groups=3, seed=0):
    """Groups far apart: what any layout must keep together."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % groups
    centres = 8 * np.eye(groups, d)
    return (centres[labels] + rng.normal(size=(n, d))).astype(np.float32), labels


@pytest.mark.parametrize("dim", [2, 3])
@pytest.mark.parametrize("method", ["random", "directions"])
def test_any_linear_map_leads_back_exactly(method, dim):
    points, _ = blobs()
    rng = np.random.default_rng(1)
    given = {"directions": rng.normal(size=(dim, 6))} if method == "directions" else {}
    found = project(points, method, dim, seed=3, **given)
    z, place = points[5], rng.normal(size=(4, dim)).astype(np.float32)
    back = found.inverse(place, near=z)
    np.testing.assert_allclose(found.transform(back), place, atol=1e-5)
    # Of all latents that land there, the nearest: moved in the span of the directions only.
    rest = back - z - (back - z) @ np.linalg.pinv(found.components) @ found.components
    np.testing.assert_allclose(rest, 0, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found.components, axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(found.transform(points), found.xy, atol=1e-5)


def test_random_directions_are_orthogonal_and_follow_the_seed():
    points, _ = blobs()
    one, same, other = (project(points, "random", 3, seed=s) for s in (0, 0, 1))
    np.testing.assert_allclose(one.components @ one.components.T, np.eye(3), atol=1e-6)
    np.testing.assert_array_equal(one.xy, same.xy)
    assert np.abs(one.components - other.components).max() > 0.1
    narrow = project(points[:, :1], "random", 2)
    np.testing.assert_array_equal(narrow.components, [[narrow.components[0, 0]], [0]])


def test_directions_may_be_the_differences_of_classes():
    points, labels = blobs()
    across = class_difference(points, labels, 0, 1)
    want = points[labels == 1].mean(0) - points[labels == 0].mean(0)
    np.testing.assert_allclose(across, want, atol=1e-5)
    found = project(
        points, "directions", directions=[across, class_difference(points, labels, 0, 2)]
    )
    means = [found.xy[labels == group].mean(axis=0) for group in range(3)]
    assert means[1][0] - means[0][0] == pytest.approx(np.linalg.norm(across), rel=1e-4)
    assert means[2][1] > means[0][1]
    with pytest.raises(ValueError, match="labels must hold the class 7"):
        class_difference(points, labels, 0, 7)


@pytest.mark.parametrize(
    ("vectors", "words"),
    [
        (None, "needs directions="),
        (np.eye(3, 6), r"directions must be finite, of shape \(2, 6\), got \(3, 6\)"),
        ([np.arange(6), 2 * np.arange(6)], "directions must be independent"),
        ([np.arange(6), np.zeros(6)], "directions must be independent"),
        ([np.arange(6), np.full(6, np.nan)], "directions must be finite"),
    ],
)
def test_directions_that_make_no_plane_are_refused(vectors, words):
    with pytest.raises(ValueError, match=words):
        project(blobs()[0], "directions", directions=vectors)


def test_very_large_latents_have_a_middle():
    points = np.float32([[2e38, 0], [3e38, 1], [2.5e38, 2], [2.2e38, 3]])
    found = project(points, "pca")
    np.testing.assert_allclose(found.center, points.mean(axis=0, dtype=np.float64), rtol=1e-6)
    assert np.isfinite(found.xy).all()
