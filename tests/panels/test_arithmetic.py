"""The arithmetic panel's Python side: terms, sums, names, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import traitlets
from toys import Layer

from latent_widgets import LatentSpace
from latent_widgets.panels.arithmetic import ArithmeticPanel

POINTS = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
FACTORS = {
    "glasses": ["glasses", "none"] * 20,
    "hat": ["none", "hat", "cap", "none"] * 10,
    "is_cat": [True, False] * 20,
    "eye_open": np.linspace(0, 1, 40)[::-1],
}


@pytest.fixture
def space():
    torch.manual_seed(0)
    made = LatentSpace(Layer(), points=POINTS, factors=FACTORS, device="cpu")
    yield made
    made.close()


@pytest.fixture
def panel(space):
    return ArithmeticPanel(space)


def _mean(rows):
    return POINTS[rows].mean(0, dtype=np.float64).astype(np.float32)


def test_it_opens_with_three_empty_slots_and_leaves_z_alone(panel, space):
    assert [term["weight"] for term in panel.terms] == [1, -1, 1]
    assert all(term["z"] is None for term in panel.terms)
    assert panel.follow is None
    np.testing.assert_array_equal(space.z, space.home)
    with pytest.raises(ValueError, match="every slot is empty"):
        _ = panel.result


def test_the_result_is_the_weighted_sum(panel):
    panel.add([1, 2, 3]).add(np.float32([0, 1, 0]), -1).add(torch.tensor([4.0, 0, 0]), weight=0.5)
    np.testing.assert_array_equal(panel.result, np.float32([3, 1, 3]))
    assert panel.result.dtype == np.float32


def test_send_moves_z_and_adding_does_not(panel, space):
    panel.add([1, 2, 3])
    np.testing.assert_array_equal(space.z, space.home)
    panel.send()
    np.testing.assert_array_equal(space.z, [1, 2, 3])


@pytest.mark.parametrize(
    ("what", "name", "rows"),
    [
        (7, "row 7", [7]),
        ("glasses", "glasses", range(0, 40, 2)),
        ("no glasses", "no glasses", range(1, 40, 2)),
        ("hat: cap", "hat: cap", range(2, 40, 4)),
        ("cap", "hat: cap", range(2, 40, 4)),
        ("no hat", "no hat", sorted([*range(0, 40, 4), *range(3, 40, 4)])),
        ("is cat", "is cat", range(0, 40, 2)),
        ("is_cat", "is cat", range(0, 40, 2)),
        ("high eye open", "high eye open", range(10)),
        ("low eye_open", "low eye open", range(30, 40)),
    ],
)
def test_rows_and_means_have_names(panel, what, name, rows):
    panel.add(what)
    assert panel.terms[-1]["name"] == name
    np.testing.assert_allclose(panel.result, _mean(list(rows)), rtol=1e-6)


def test_current_z_selection_and_random(panel, space):
    space.z, space.selection = [1, 0, 2], [3, 5]
    panel.add("z").add("selection", -1, name="two").add("random")
    assert [term["name"] for term in panel.terms] == ["z", "two", "random"]
    np.testing.assert_allclose(panel.terms[0]["z"], [1, 0, 2])
    np.testing.assert_allclose(panel.terms[1]["z"], _mean([3, 5]), rtol=1e-6)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("none", r"one of \['no glasses', 'no hat'\], got 'none'"),
        ("sunglasses", r"what must be one of \['z', 'selection', 'random', .*'sunglasses'"),
        ("selection", "nothing is selected"),
        (40, "rows must be ids from 0 to 39, got 40"),
        ([1, 2], r"what must be 3 finite numbers, got shape \(2,\)"),
        (True, "what must be 3 finite numbers"),
    ],
)
def test_what_cannot_be_added_is_refused(panel, what, sentence):
    with pytest.raises(ValueError, match=sentence):
        panel.add(what)
    assert all(term["z"] is None for term in panel.terms)


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ([{"weight": 3}], r"terms\[0\]\['weight'\] must be a number from -2 to 2, got 3"),
        ([{"weight": "1"}], r"must be a number from -2 to 2, got '1'"),
        ([{"weight": float("nan")}], "must be a number from -2 to 2, got nan"),
        ([{}, {"z": [1]}], r"terms\[1\]\['z'\] must be 3 finite numbers, got shape \(1,\)"),
        ([{"z": [1, 2, 3], "strength": 1}], r"keys weight, name and z only, got \['strength'\]"),
        ([{}] * 13, "terms must hold at most 12 terms, got 13"),
    ],
)
def test_bad_terms_are_refused_and_nothing_changes(panel, terms, sentence):
    before = panel.terms
    with pytest.raises((ValueError, traitlets.TraitError), match=sentence):
        panel.terms = terms
    assert panel.terms == before


def test_terms_are_brought_into_one_form(panel):
    panel.terms = [{"z": np.float32([1, 2, 3])}, {"weight": np.float32(-1)}]
    assert panel.terms == [
        {"weight": 1.0, "name": "", "z": [1.0, 2.0, 3.0]},
        {"weight": -1.0, "name": "", "z": None},
    ]


def test_what_a_page_sends_comes_back_unchanged(panel):
    sent = [{"weight": 0.3, "name": "z", "z": np.float32([0.1, 0.2, 0.3]).tolist()}]
    panel.set_state({"terms": sent, "follow": True})
    assert panel.terms == sent
    assert panel.follow is True


def test_names_need_data_and_numbers_do_not():
    space = LatentSpace(Layer(), device="cpu")
    panel = ArithmeticPanel(space).add("z").add("random").add([1, 2, 3])
    assert len(panel.terms) == 3
    with pytest.raises(ValueError, match="what must be one of"):
        panel.add("glasses")
    space.close()
