"""The words of an expression: what each stands for in a space, and which were meant."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from toys import Layer

from latent_widgets import LatentSpace
from latent_widgets.analysis.expression import ExpressionError
from latent_widgets.vocabulary import Vocabulary

POINTS = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def space():
    torch.manual_seed(0)
    factors = {"glasses": ["glasses", "none"] * 20, "eye_open": np.linspace(0, 1, 40)[::-1]}
    labels = ["three", "four", "three", "four"] * 10
    made = LatentSpace(Layer(), points=POINTS, labels=labels, factors=factors, device="cpu")
    made.add_direction("smile", [0, 2, 0])
    yield made
    made.close()


def _mean(rows):
    return POINTS[list(rows)].mean(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("row(7)", POINTS[7]),
        ('z("row 7")', POINTS[7]),
        ("glasses", _mean(range(0, 40, 2))),
        ('"no glasses"', _mean(range(1, 40, 2))),
        ("no_glasses", _mean(range(1, 40, 2))),
        ('mean("label", "three")', _mean(range(0, 40, 2))),
        ("three / 2", _mean(range(0, 40, 2)) / 2),
        ('"high eye open"', _mean(range(10))),
        ("eye_open", _mean(range(10)) - _mean(range(30, 40))),
        ("row(1) : row(2) :: row(3) : ?", POINTS[3] + POINTS[2] - POINTS[1]),
    ],
)
def test_what_words_stand_for(space, text, expected):
    found = space.evaluate(text)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_direction_goes_as_many_steps_as_its_strength(space):
    step = space.directions["smile"].scale
    np.testing.assert_allclose(
        space.evaluate("row(7) + 2*smile"), POINTS[7] + [0, 2 * step, 0], atol=1e-5
    )


def test_z_the_selection_and_draws(space):
    space.z, space.selection = [1, 2, 3], [4, 6]
    np.testing.assert_allclose(
        space.evaluate("z - selection"), np.float32([1, 2, 3]) - _mean([4, 6]), atol=1e-6
    )
    np.testing.assert_array_equal(space.evaluate("random(3)"), space.sample(1, seed=3)[0])
    space.selection = []


@pytest.mark.parametrize(
    ("text", "sentence", "word"),
    [
        ("z + smle", "nothing here is called 'smle': did you mean 'smile'", "smle"),
        ('"No Glases"', "did you mean 'no glasses'", '"No Glases"'),
        ("qqqqqqq", r"there are \['z', 'home', 'smile'", "qqqqqqq"),
        ("z + row(40)", "rows must be ids from 0 to 39, got 40", "row(40)"),
        ('mean("label", "five")', "five", 'mean("label", "five")'),
        ("z + selection", "nothing is selected", "selection"),
        ("z + random", r"random needs a seed, such as random\(7\)", "random"),
    ],
)
def test_what_is_unknown_is_named_with_its_place(space, text, sentence, word):
    with pytest.raises(ExpressionError, match=sentence) as caught:
        space.evaluate(text)
    assert text[caught.value.start : caught.value.end] == word


def test_own_names_come_first(space):
    words = Vocabulary(space, {"smile": np.ones(3)})
    assert words.known().count("smile") == 1
    np.testing.assert_array_equal(words._named("smile", None), np.ones(3))
