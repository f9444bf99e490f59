"""The way back from a map: against cases from the formula, and against what it must keep."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

from latent_widgets.analysis.inverse import KNearest, RadialBasis
from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall

BOOK = json.loads((Path(__file__).parents[1] / "cases" / "inverse.json").read_text())
GEOMETRIES = {
    "euclidean": lambda _: Euclidean(),
    "hypersphere": lambda spec: Hypersphere(spec["radius"]),
    "poincare": lambda spec: PoincareBall(spec["c"]),
}


def swirl(n=600, seed=0):
    """A smooth sheet in five dimensions, and its flat map."""
    xy = np.random.default_rng(seed).uniform(-1, 1, (n, 2)).astype(np.float32)
    x, y = xy.T
    return np.stack([x, y, x * y, np.sin(2 * x), np.cos(2 * y)], axis=1), xy


@pytest.mark.parametrize("case", BOOK["cases"], ids=lambda case: case["name"])
def test_it_is_what_the_formula_says(case):
    geometry = GEOMETRIES[case["geometry"]["name"]](case["geometry"])
    back = KNearest(case["points"], case["xy"], case["k"], geometry)
    asked = [each["xy"] for each in case["inverse"]]
    far, rows = back.nearest(asked)
    limits = {"rtol": BOOK["tolerance"], "atol": BOOK["tolerance"]}
    np.testing.assert_allclose(back(asked), [each["z"] for each in case["inverse"]], **limits)
    np.testing.assert_allclose(
        back.spread(asked), [each["spread"] for each in case["inverse"]], **limits
    )
    np.testing.assert_allclose(far, [each["distance"] for each in case["inverse"]], **limits)
    np.testing.assert_array_equal(rows, [each["row"] for each in case["inverse"]])
    latents = [each["z"] for each in case["transform"]]
    np.testing.assert_allclose(
        back.transform(latents), [each["xy"] for each in case["transform"]], **limits
    )


def test_a_row_leads_to_its_own_latent_exactly_and_back():
    points, xy = swirl()
    back = KNearest(points, xy)
    np.testing.assert_array_equal(back(xy), points.astype(np.float32))
    np.testing.assert_array_equal(back.transform(points), xy)
    np.testing.assert_array_equal(back.spread(xy), 0)
    np.testing.assert_array_equal(back.nearest(xy)[1], np.arange(len(xy)))


@pytest.mark.parametrize(("kind", "error"), [(KNearest, 0.06), (RadialBasis, 0.003)])
def test_a_smooth_sheet_comes_back(kind, error):
    points, xy = swirl(3000)
    truth, places = swirl(200, seed=1)
    assert np.sqrt(((kind(points, xy)(places) - truth) ** 2).mean()) < error


def test_places_may_have_any_leading_shape():
    points, xy = swirl(50)
    for back in (KNearest(points, xy), RadialBasis(points, xy)):
        lattice = xy[:12].reshape(3, 4, 2)
        assert back(lattice).shape == (3, 4, 5)
        assert back(xy[0]).shape == (5,)
        assert back.spread(lattice).shape == back.nearest(lattice)[0].shape == (3, 4)
        assert back(xy[:0]).shape == (0, 5)


def test_the_blend_stays_in_the_space():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(200, 3)).astype(np.float32)
    xy = rng.normal(size=(200, 2))
    on = points / np.linalg.norm(points, axis=1, keepdims=True)
    for kind in (KNearest, RadialBasis):
        found = kind(on, xy, geometry=Hypersphere())(rng.normal(size=(50, 2)))
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
        inside = kind(on * 0.999, xy, geometry=PoincareBall())(2 * rng.normal(size=(50, 2)))
        assert (np.linalg.norm(inside, axis=1) < 1).all()


def test_rows_that_share_a_place_are_averaged_by_thin_plates():
    points, xy = swirl(100)
    twice = RadialBasis(np.concatenate([points, points + 1]), np.concatenate([xy, xy]))
    np.testing.assert_allclose(twice(xy), points + 0.5, atol=1e-4)


@pytest.mark.parametrize("n", [1, 2, 3, 40])
def test_rows_on_one_line_and_few_rows_still_answer(n):
    x = np.linspace(0, 1, n)
    back = RadialBasis(x[:, None] * [1, 2, 3], np.stack([x, 2 * x], axis=1))
    np.testing.assert_allclose(back([[0, 0]]), [[0, 0, 0]], atol=1e-5)
    assert np.isfinite(back([[0.3, 0.1], [5, 5]])).all()


def test_a_thousand_places_take_a_few_milliseconds():
    points, xy = np.random.default_rng(0).normal(size=(3000, 16)), swirl(3000)[1]
    back = KNearest(points, xy)
    places = swirl(1000, seed=1)[1]
    took = []
    for _ in range(5):
        start = time.perf_counter()
        back(places)
        took.append(time.perf_counter() - start)
    # A few milliseconds on a quiet machine; a loop over places would take a second.
    assert min(took) < 0.1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"points": [[0.0, np.nan]] * 4}, "points must be finite rows"),
        (
            {"points": np.zeros((0, 2))},
            "points must be finite rows, one or more, got .* 0x2",
        ),
        ({"xy": np.zeros((3, 2))}, "xy must have one place a row of points, 4, got 3"),
        ({"xy": np.zeros(4)}, "xy must be finite rows"),
        ({"k": 0}, "k must be a whole number of at least 1, got 0"),
        ({"k": 2.5}, "k must be a whole number of at least 1, got 2.5"),
    ],
)
def test_what_does_not_fit_is_refused(change, says):
    given = {"points": np.zeros((4, 2)), "xy": np.zeros((4, 2)), **change}
    with pytest.raises(ValueError, match=says):
        KNearest(**given)


def test_a_wrong_place_and_too_few_neighbours_are_refused():
    points, xy = swirl(20)
    with pytest.raises(ValueError, match=r"xy must be finite numbers of shape \(\.\.\., 2\)"):
        KNearest(points, xy)([[1, 2, 3]])
    flaw = (
        r"z must be finite numbers of shape \(\.\.\., 5\), got shape \(1, 5\) with NaN or infinity"
    )
    with pytest.raises(ValueError, match=flaw):
        KNearest(points, xy).transform([[np.inf] * 5])
    with pytest.raises(ValueError, match="neighbours must be at least 3, got 2"):
        RadialBasis(points, xy, neighbours=2)
