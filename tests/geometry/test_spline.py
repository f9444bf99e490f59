"""Paths through key frames: they pass through all of them, smoothly, on every geometry."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline

from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall, from_spec
from latent_widgets.geometry.spline import EASINGS, KeyPath

CASES = json.loads((Path(__file__).parents[1] / "cases" / "spline.json").read_text())


def _keys(geometry, n, seed):
    rng = np.random.default_rng(seed)
    keys = rng.standard_normal((n, 3))
    if geometry.name == "poincare":
        return 0.7 * keys / (1 + np.linalg.norm(keys, axis=1, keepdims=True))
    return geometry.project(keys)


@pytest.mark.parametrize("geometry", [Euclidean(), Hypersphere(), PoincareBall()])
@pytest.mark.parametrize("easing", EASINGS)
@given(n=st.integers(2, 5), seed=st.integers(0, 999), loop=st.booleans())
@settings(max_examples=15, deadline=None)
def test_it_passes_through_every_key(geometry, easing, n, seed, loop):
    keys = _keys(geometry, n, seed)
    durations = np.random.default_rng(seed).uniform(0.3, 2, n if loop else n - 1)
    path = KeyPath(keys, durations, geometry, easing, loop=loop)
    times = np.concatenate([[0], np.cumsum(durations)])[:n]
    np.testing.assert_allclose(path.at(times), keys, atol=1e-9)
    geometry.check("path", path.at(np.linspace(0, path.seconds, 50)))


@pytest.mark.parametrize("geometry", [Euclidean(), Hypersphere(), PoincareBall()])
@pytest.mark.parametrize("loop", [False, True])
def test_a_spline_has_no_jolt_at_a_key(geometry, loop):
    keys = _keys(geometry, 5, 3)
    durations = [0.5, 1.0, 2.0, 0.7, 0.9][: 5 if loop else 4]
    path = KeyPath(keys, durations, geometry, loop=loop)
    h = 1e-5
    inner = np.cumsum(durations)[: 5 if loop else 3]
    if loop:
        inner[-1] = 0.0
    before = (path.at(inner) - path.at(inner - h)) / h
    after = (path.at(inner + h) - path.at(inner)) / h
    np.testing.assert_allclose(before, after, atol=2e-3)


def test_in_flat_space_it_is_the_hermite_spline_of_parabolas():
    keys, durations = _keys(Euclidean(), 4, 7), np.array([0.5, 2.0, 1.0])
    times = np.concatenate([[0], np.cumsum(durations)])
    slopes = np.gradient(keys, times, axis=0, edge_order=2)
    # The ends follow the last parabola; numpy takes that of the last three keys, as we do.
    expected = CubicHermiteSpline(times, keys, slopes)
    t = np.linspace(0, 3.5, 40)
    np.testing.assert_allclose(KeyPath(keys, durations, Euclidean()).at(t), expected(t))


@pytest.mark.parametrize("easing", ["spline", "linear"])
def test_evenly_spaced_keys_on_a_line_give_the_line(easing):
    keys = np.outer([0, 1, 2, 3], [1.0, -2.0, 0.5])
    t = np.linspace(0, 3, 20)
    found = KeyPath(keys, [1, 1, 1], Euclidean(), easing).at(t)
    np.testing.assert_allclose(found, np.outer(t, [1.0, -2.0, 0.5]), atol=1e-12)


@given(seed=st.integers(0, 999))
@settings(max_examples=20, deadline=None)
def test_turning_the_keys_turns_the_path(seed):
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    keys, t = _keys(Hypersphere(), 4, seed), np.linspace(0, 3, 11)
    path = KeyPath(keys, [1, 1, 1], Hypersphere()).at(t)
    turned = KeyPath(keys @ turn.T, [1, 1, 1], Hypersphere()).at(t)
    np.testing.assert_allclose(turned, path @ turn.T, atol=1e-8)


def test_ease_rests_at_the_keys_and_is_half_way_at_half_time():
    path = KeyPath([[0.0], [1.0], [3.0]], [1, 2], Euclidean(), "ease")
    np.testing.assert_allclose(path.at([0.5, 2.0]), [[0.5], [2.0]])
    assert abs(path.at([1.0 + 1e-4])[0, 0] - 1) < 1e-6


def test_a_loop_goes_round_and_an_open_path_stays_at_its_end():
    keys = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    ring = KeyPath(keys, [1, 1, 1], Euclidean(), loop=True)
    np.testing.assert_allclose(ring.at([0.4, 3.4, -2.6]), ring.at([0.4, 0.4, 0.4]))
    line = KeyPath(keys, [1, 1], Euclidean())
    np.testing.assert_allclose(line.at([-1, 9]), [keys[0], keys[2]])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"keys": [[0.0, 1.0]]}, "keys must be two or more finite rows"),
        ({"keys": [[0.0, np.nan], [0.0, 1.0]]}, "keys must be two or more finite rows"),
        ({"durations": [1, 2]}, "durations must be 1 numbers above 0"),
        ({"durations": [0]}, "durations must be 1 numbers above 0"),
        ({"easing": "bounce"}, "easing must be one of"),
        ({"geometry": PoincareBall(), "keys": [[0.0, 2.0], [0.0, 0.1]]}, "keys"),
    ],
)
def test_bad_arguments(change, sentence):
    fine = {"keys": [[0.0, 1.0], [1.0, 0.0]], "durations": [1], "geometry": Euclidean()}
    with pytest.raises(ValueError, match=sentence):
        KeyPath(**{**fine, **change})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_page_and_python_share_these_cases(case):
    path = KeyPath(
        case["keys"],
        case["durations"],
        from_spec(case["geometry"]),
        case["easing"],
        loop=case["loop"],
    )
    np.testing.assert_allclose(path.controls, case["controls"], atol=1e-12)
    np.testing.assert_allclose(path.at(case["times"]), case["latents"], atol=1e-12)
