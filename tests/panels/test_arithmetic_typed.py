"""The typed form of the arithmetic panel: one sum, seen as chips and as text."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from toys import Layer

from latent_widgets import LatentSpace
from latent_widgets.analysis import ExpressionError
from latent_widgets.geometry import Hypersphere
from latent_widgets.panels.arithmetic import ArithmeticPanel

POINTS = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
FACTORS = {"glasses": ["glasses", "none"] * 20}


def make(geometry=None):
    torch.manual_seed(0)
    points = POINTS
    if geometry is not None:
        points = POINTS / np.linalg.norm(POINTS, axis=1, keepdims=True)
    made = LatentSpace(Layer(), points=points, factors=FACTORS, geometry=geometry, device="cpu")
    made.add_direction("smile", [0, 2, 0])
    return made


@pytest.fixture
def space():
    made = make()
    yield made
    made.close()


@pytest.fixture
def panel(space):
    return ArithmeticPanel(space)


@pytest.fixture
def sphere():
    made = make(Hypersphere())
    yield ArithmeticPanel(made)
    made.close()


def test_typing_fills_the_chips(panel, space):
    panel.expression = 'z("row 12") + 0.8*smile - glasses'
    assert [(term["weight"], term["name"]) for term in panel.terms] == [
        (1, "row 12"),
        (0.8, "smile"),
        (-1, "glasses"),
    ]
    assert "base" in panel.terms[1]
    assert panel.typed == {}
    np.testing.assert_allclose(panel.result, space.evaluate(panel.expression), atol=1e-6)


def test_chips_write_the_text(panel):
    panel.add(12).add("smile", 0.8).add("no glasses", -1)
    assert panel.expression == 'z("row 12") + 0.8*smile - z("no glasses")'
    terms = [dict(term) for term in panel.terms]
    terms[1]["weight"] = -0.25
    panel.terms = terms
    assert panel.expression == 'z("row 12") - 0.25*smile - z("no glasses")'


def test_what_chips_are_called_stands_for_their_latent_only(panel, space):
    space.z = [1, 2, 3]
    panel.add("z").add("random").add("random", -1).add([3, 0, 0], name='the "one"')
    assert panel.expression == 'z + random - z("random 2") + z("the \'one\'")'
    before = panel.result
    space.z = [0, 0, 0]
    np.testing.assert_array_equal(panel.result, before)
    # The text alone says the same as long as it uses the same names.
    panel.expression = "2*z"
    np.testing.assert_allclose(panel.result, [2, 4, 6])
    panel.expression = ""
    panel.expression = "2*z"
    np.testing.assert_allclose(panel.result, [0, 0, 0])


def test_what_chips_cannot_show_stays_typed_and_says_why(panel, sphere):
    panel.expression = "5*row(3)"
    assert panel.terms == []
    assert panel.typed["why"] == "a strength beyond 2"
    np.testing.assert_allclose(panel.typed["z"], panel.result)
    np.testing.assert_allclose(panel.result, 5 * POINTS[3], rtol=1e-6)
    panel.expression = "2*(row(3) - row(4))"
    assert [term["weight"] for term in panel.terms] == [2, -2]
    sphere.expression = "row(1) : row(2) :: row(3) : ?"
    assert sphere.typed["why"] == "an analogy in a curved space"
    sphere.expression = "row(3) + 0.5*(row(1) - row(2))"
    assert sphere.typed["why"] == "parentheses in a curved space"
    assert np.linalg.norm(sphere.result) == pytest.approx(1)
    sphere.add(4)
    assert (sphere.typed, len(sphere.terms)) == ({}, 1)


def test_chips_and_text_agree_on_a_sphere(sphere):
    sphere.add(3).add("smile", 0.5).add(5, -1)
    text = sphere.expression
    from_chips = sphere.result
    sphere.expression = ""
    sphere.expression = text
    np.testing.assert_allclose(sphere.result, from_chips, atol=1e-6)


@pytest.mark.parametrize("text", ["row(3) +", "row(3) + nobody", "1e300*row(3)", "a" * 3000])
def test_a_mistake_changes_nothing(panel, text):
    panel.expression = "row(3) - row(4)"
    before = (panel.expression, panel.terms, panel.history)
    with pytest.raises(ExpressionError):
        panel.expression = text
    assert (panel.expression, panel.terms, panel.history) == before


def test_a_page_that_types_hears_the_place_of_a_mistake(panel):
    answer, _ = panel._hear_text({"text": "row(3) + glases", "gesture": "g"}, [])
    assert answer["problem"]["sentence"].endswith("did you mean 'glasses'?")
    assert (answer["problem"]["start"], answer["problem"]["end"]) == (9, 15)
    assert panel._hear_text({"text": "row(3) + glasses"}, [])[0] == {"problem": None}
    json.dumps([panel.terms, panel.typed])


def test_results_are_kept_and_chained(panel):
    panel.expression = "row(3) - row(4)"
    first = panel.result
    assert panel.keep() == "result 1"
    panel.expression = '2*"result 1" + row(5)'
    np.testing.assert_allclose(panel.result, 2 * first + POINTS[5], atol=1e-5)
    assert panel.keep("both") == "both"
    panel.add("both", -1)
    panel.forget("both")
    np.testing.assert_allclose(panel.result, 0, atol=1e-5)
    assert list(panel.kept) == ["result 1"]


@pytest.mark.parametrize("name", ["glasses", "z", "smile", "", "a*b", "x" * 61])
def test_names_that_cannot_be_given_to_a_result(panel, name):
    panel.add(3)
    with pytest.raises(ValueError, match="name must"):
        panel.keep(name)
    assert panel.kept == {}


def test_a_drag_is_undone_in_one_step(panel):
    panel.expression = "row(3)"
    for weight in (0.5, 0.25, 0.1):
        panel.set_state({"terms": [{**panel.terms[0], "weight": weight}], "gesture": "drag"})
    assert panel.history == ("", "row(3)", '0.1*z("row 3")')
    assert (panel.steps, panel.undo()) == (2, True)
    assert (panel.expression, panel.terms[0]["weight"]) == ("row(3)", 1)
    assert (panel.undo(), panel.undo()) == (True, False)
    assert (panel.expression, len(panel.terms)) == ("", 3)


def test_undo_brings_back_what_z_was(panel, space):
    space.z = [1, 2, 3]
    panel.expression = "z + row(3)"
    before = panel.result
    panel.expression = "row(3)"
    space.z = [0, 0, 0]
    panel.undo()
    np.testing.assert_array_equal(panel.result, before)


def test_an_analogy_of_three_chips(panel):
    panel.analogy = [{"name": name, "z": POINTS[i].tolist()} for i, name in enumerate("abc")]
    panel._hear_compare({}, [])
    assert panel.expression == "a : b :: c : ?"
    np.testing.assert_allclose(panel.result, POINTS[2] + POINTS[1] - POINTS[0], atol=1e-5)
    panel.analogy = [*panel.analogy[:2], {"name": "", "z": None}]
    with pytest.raises(ValueError, match="all three slots"):
        panel._hear_compare({}, [])
