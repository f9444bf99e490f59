"""Typed sums of latents: what they mean, and what is said of those that mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_widgets.analysis.expression import (
    Analogy,
    Atom,
    ExpressionError,
    Scaled,
    Sum,
    flatten,
    show,
)
from latent_widgets.analysis.grammar import parse


def name(text):
    return Atom("z", (text,))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("smile", name("smile")),
        ('"no glasses"', name("no glasses")),
        ("z('row 12')", name("row 12")),
        ("row(12)", Atom("row", (12,))),
        ('mean("label", "3")', Atom("mean", ("label", "3"))),
        ("random(7)", Atom("random", (7,))),
        ("0.8*smile", Scaled(0.8, name("smile"))),
        ("smile * .8", Scaled(0.8, name("smile"))),
        ("smile / 2", Scaled(0.5, name("smile"))),
        ("-smile", Scaled(-1.0, name("smile"))),
        ("-(2*3)*smile", Scaled(-6.0, name("smile"))),
        ("1e-2*-smile", Scaled(-0.01, name("smile"))),
        ("a - b", Sum((name("a"), Scaled(-1.0, name("b"))))),
        ("a - -b", Sum((name("a"), Scaled(1.0, name("b"))))),
        ("2*(a + b)", Scaled(2.0, Sum((name("a"), name("b"))))),
        ("a + (b + c)", Sum((name("a"), Sum((name("b"), name("c")))))),
        ("a : b :: c : ?", Analogy(name("a"), name("b"), name("c"))),
        ("lächeln", name("lächeln")),
    ],
)
def test_what_a_text_says(text, tree):
    assert parse(text) == tree


def test_the_promised_example():
    found = flatten(parse('z("row 12") + 0.8*smile - glasses'))
    assert found == [(1.0, name("row 12")), (0.8, name("smile")), (-1.0, name("glasses"))]


def test_multiplying_out_adds_up_what_is_the_same():
    assert flatten(parse("2*(a - (b - a)) + b/2")) == [(4.0, name("a")), (-1.5, name("b"))]
    assert flatten(parse("a : b :: c : ?")) == [
        (1.0, name("c")),
        (1.0, name("b")),
        (-1.0, name("a")),
    ]


@pytest.mark.parametrize(
    ("text", "sentence", "place"),
    [
        ("", "a latent is expected here, got the end", ""),
        ("a +", "got the end", ""),
        ("a + + b", "expected here, got '\\+'", "+"),
        ("a b", "'b' is not expected here", "b"),
        ("(a + b", r"'\)' is expected here, got the end", ""),
        ("a + 3", "a number must be times a latent", "3"),
        ("3", "a number must be times a latent", "3"),
        ("a * b", "two latents cannot be multiplied", "*"),
        ("a / b", "divided by a latent", "/"),
        ("a / 0", "divided by zero", "/"),
        ("1e999*a", "too large", "1e999"),
        ("1e300*1e300*a", "too large", "*"),
        ('a + "b', "never closed", '"b'),
        ("a & b", "'&' means nothing", "&"),
        ("f(3)", "there is no function 'f'", "f"),
        ('row("3")', r"row\(\.\.\.\) needs a whole number", '"3"'),
        ("mean(3, 4)", "needs a text in quotes", "3"),
        ("__import__('os')", "no function '__import__'", "__import__"),
        ("a.system", "'.' means nothing", "."),
        ("a : b : c", "'::' is expected here, got ':'", ":"),
        ("(" * 60 + "a" + ")" * 60, "at most 50 deep", "("),
        ("-" * 60 + "a", "at most 50 deep", "-"),
        ("+".join("a" * 201), "at most 200 terms", "a"),
    ],
)
def test_the_place_of_a_mistake(text, sentence, place):
    with pytest.raises(ExpressionError, match=sentence) as caught:
        parse(text)
    assert text[caught.value.start : caught.value.end] == place


def test_ten_thousand_terms_are_refused_at_once():
    with pytest.raises(ExpressionError, match="at most 2,000 characters, got 19,999"):
        parse("+".join("a" * 10_000))


_NAMES = st.sampled_from(["a", "smile", "no glasses", "row 12", "hair: red"]).map(name)
_ATOMS = st.one_of(
    _NAMES,
    st.integers(0, 999).map(lambda row: Atom("row", (row,))),
    st.just(Atom("mean", ("label", "3"))),
)
_WEIGHTS = st.floats(-5, 5, allow_nan=False).filter(lambda weight: abs(weight) > 1e-3)


def _grow(children):
    whole = children.filter(lambda node: not isinstance(node, Scaled))
    scaled = st.builds(Scaled, _WEIGHTS, whole)
    return st.one_of(scaled, st.lists(children, min_size=2, max_size=4).map(tuple).map(Sum))


_TREES = st.recursive(_ATOMS, _grow, max_leaves=12)


@given(st.one_of(_TREES, st.builds(Analogy, _TREES, _TREES, _TREES)))
def test_what_is_written_is_read_again(tree):
    assert parse(show(tree)) == tree


@given(st.text(alphabet="ab()+-*/:?\"'. 12,\0é", max_size=40))
def test_nothing_else_than_its_own_error_is_raised(text):
    try:
        tree = parse(text)
    except ExpressionError as error:
        place = slice(error.start, error.end)
    else:
        assert parse(show(tree)) == tree
        place = slice(0, 0)
    assert 0 <= place.start <= place.stop <= len(text)


def test_deep_parentheses_take_no_time():
    assert parse("(" * 49 + "a" + ")" * 49) == name("a")
