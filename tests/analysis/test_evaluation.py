"""What typed sums come to: numbers in flat spaces, transport and means in curved ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_widgets.analysis.evaluation import Way, evaluate, extent
from latent_widgets.analysis.expression import Analogy, Atom, ExpressionError, Scaled, Sum, flatten
from latent_widgets.analysis.grammar import parse
from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall

RNG = np.random.default_rng(3)
NAMES = "abcst"
FLAT = {name: RNG.normal(size=4) for name in NAMES}
ROUND = {name: v / np.linalg.norm(v) for name, v in FLAT.items()}
BALL = {name: 0.5 * v / (1 + np.linalg.norm(v)) for name, v in FLAT.items()}


def finder(points, ways=()):
    def find(atom):
        name = atom.arguments[0]
        if name not in points:
            raise ExpressionError("unknown", atom.start, atom.end)
        if name in ways:
            base = points["a"]
            return Way(0.3 * (points[name] - points[name] @ base * base / (base @ base)), base)
        return np.float64(points[name])

    return find


def work(text, points, geometry, ways=()):
    return evaluate(parse(text), finder(points, ways), geometry)


_ATOMS = st.sampled_from(NAMES).map(lambda name: Atom("z", (name,)))
_WEIGHTS = st.sampled_from([-2.0, -1.0, -0.5, 0.25, 1.0, 3.0])


def _grow(children):
    sums = st.lists(children, min_size=2, max_size=3).map(tuple).map(Sum)
    return st.one_of(st.builds(Scaled, _WEIGHTS, children), sums)


_TREES = st.recursive(_ATOMS, _grow, max_leaves=8)


@settings(max_examples=60, deadline=None)
@given(st.one_of(_TREES, st.builds(Analogy, _TREES, _TREES, _TREES)))
def test_in_flat_spaces_multiplying_out_changes_nothing(tree):
    find = finder(FLAT, ways="st")

    def vector(atom):
        found = find(atom)
        return found.vector if isinstance(found, Way) else found

    expected = sum(weight * vector(atom) for weight, atom in flatten(tree))
    np.testing.assert_allclose(evaluate(tree, find, Euclidean()), expected, atol=1e-9)


def test_an_analogy_on_a_sphere_is_parallel_transport():
    sphere = Hypersphere()
    step = sphere.transport(ROUND["a"], ROUND["c"], sphere.log(ROUND["a"], ROUND["b"]))
    expected = sphere.exp(ROUND["c"], step)
    for text in ("a : b :: c : ?", "c + (b - a)"):
        np.testing.assert_allclose(work(text, ROUND, sphere), expected, atol=1e-12)
    np.testing.assert_allclose(work("a : b :: a : ?", ROUND, sphere), ROUND["b"], atol=1e-12)


def test_a_number_times_a_point_of_the_ball_is_mobius_scalar_multiplication():
    norm = np.linalg.norm(BALL["a"])
    expected = np.tanh(0.6 * np.arctanh(norm)) * BALL["a"] / norm
    np.testing.assert_allclose(work("0.6*a", BALL, PoincareBall()), expected, atol=1e-12)


@pytest.mark.parametrize(("geometry", "points"), [(Hypersphere(), ROUND), (PoincareBall(), BALL)])
def test_the_whole_way_from_b_to_a_leads_from_b_to_a(geometry, points):
    np.testing.assert_allclose(work("b + (a - b)", points, geometry), points["a"], atol=1e-9)
    half = work("b + 0.5*(a - b)", points, geometry)
    np.testing.assert_allclose(half, geometry.interpolate(points["b"], points["a"], 0.5), atol=1e-9)


def test_named_directions_go_along_geodesics():
    sphere = Hypersphere()
    way = finder(ROUND, ways="s")(Atom("z", ("s",)))
    along = sphere.transport(way.base, ROUND["c"], way.vector)
    expected = sphere.exp(ROUND["c"], -2 * along)
    np.testing.assert_allclose(work("c - 2*s", ROUND, sphere, ways="s"), expected, atol=1e-12)
    with pytest.raises(ExpressionError, match="not from where") as caught:
        work("0.5*s", ROUND, sphere, ways="s")
    assert (caught.value.start, caught.value.end) == (4, 5)


def test_sums_that_are_nowhere_are_refused_with_their_place():
    points = {**ROUND, "o": -ROUND["a"]}
    with pytest.raises(ExpressionError, match="no direction") as caught:
        work("a + o", points, Hypersphere())
    assert (caught.value.start, caught.value.end) == (0, 5)
    with pytest.raises(ExpressionError, match="opposite"):
        work("a : b :: o : ?", points, Hypersphere())
    with pytest.raises(ExpressionError, match="too large"):
        work("1e300*a", FLAT, Euclidean())
    with pytest.raises(ExpressionError, match="unknown") as caught:
        work("a + 2*nobody", FLAT, Euclidean())
    assert (caught.value.start, caught.value.end) == (6, 12)


def test_where_an_expression_stands():
    assert extent(parse("  (a - b) * 2 + row(12) ")) == (3, 23)
