"""The contact sheet: what it draws, what it keeps, and what it refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest
import traitlets
from toys import Painter, pictures

from latent_widgets import LatentSpace
from latent_widgets.panels.samples import SampleSheet


@pytest.fixture
def space():
    made = LatentSpace(Painter(), pictures(40), device="cpu")
    yield made
    made.close()


@pytest.fixture
def sheet(space):
    made = SampleSheet(space, n=6)
    yield made
    made.close()


def test_the_same_seed_is_the_same_sheet(sheet, space):
    np.testing.assert_array_equal(sheet.latents, space.sample(6, 0))
    sheet.seed = 1
    np.testing.assert_array_equal(sheet.latents, space.sample(6, 1))
    assert sheet.about == "6 draws of the prior, seed 1"
    sheet.truncation = 0.5
    np.testing.assert_array_equal(sheet.latents, space.sample(6, 1, truncation=0.5))
    middle = space.points.mean(axis=0)
    np.testing.assert_allclose(
        sheet.latents, middle + 0.5 * (space.sample(6, 1) - middle), atol=1e-6
    )


def test_densities_are_those_of_the_badge(sheet, space):
    np.testing.assert_array_equal(sheet.densities, space.honesty(sheet.latents).density)
    assert sheet.densities.shape == (6,)


def test_favourites_survive_new_draws_and_go_with_the_state(sheet, space):
    liked = sheet.latents[2].copy()
    sheet.keep(2)
    sheet.keep(2)
    sheet.seed = 5
    np.testing.assert_array_equal(sheet.favourites, liked[None])
    saved = json.loads(json.dumps(space.state()))
    space.favourites = []
    assert sheet.favourites.shape == (0, 4)
    space.load_state(saved)
    np.testing.assert_array_equal(sheet.favourites, liked[None])


def test_a_state_with_other_favourites_changes_nothing(sheet, space):
    sheet.keep(0)
    kept, z = space.favourites, space.z
    for broken in ([[1, 2]], [[np.nan] * 4], "many", {"a": 1}):
        with pytest.raises(ValueError, match="favourites must be latents"):
            space.load_state({**space.state(), "z": [9, 9, 9, 9], "favourites": broken})
    assert space.favourites is kept
    np.testing.assert_array_equal(space.z, z)


def test_stars_of_the_page(sheet):
    z = sheet.latents[3]
    sheet._star({"kept": True}, [memoryview(z.tobytes())])
    np.testing.assert_array_equal(sheet.favourites, z[None])
    sheet._star({"kept": False}, [memoryview(z.tobytes())])
    assert len(sheet.favourites) == 0


def test_two_sheets_keep_the_same(sheet, space):
    other = SampleSheet(space, favourites=sheet.latents[:2])
    np.testing.assert_array_equal(sheet.favourites, sheet.latents[:2])
    other.close()
    sheet.favourites = []
    assert len(space.favourites) == 0


def test_between_needs_two_selections(sheet, space):
    sheet.kind = "between"
    assert sheet.wait()
    assert sheet.work == {}
    assert sheet.latents.shape == (0, 4)
    assert sheet.about.startswith("Select rows on a map, and make them side a")
    space.selection = [0, 1, 2]
    sheet._take({"side": "a"}, [])
    assert sheet.about == "Now select other rows on a map, and make them side b."
    space.selection = [7, 8]
    sheet._take({"side": "b"}, [])
    assert sheet.wait()
    assert sheet.work == {}
    found = space.sample_novel(6, "between", a=[0, 1, 2], b=[7, 8])
    np.testing.assert_array_equal(sheet.latents, found.z)
    assert sheet.about == found.about
    space.selection = []
    with pytest.raises(ValueError, match="Nothing is selected"):
        sheet._take({"side": "a"}, [])


def test_a_hole_that_is_given(space):
    found = space.sample_novel(3, "hole", cycle=[0, 1, 2, 3, 4])
    assert found.tried == 60
    assert found.accepted >= len(found)


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("n", 0, "n must be"),
        ("n", 97, "from 1 to 96"),
        ("truncation", 0.0, "truncation must be"),
        ("truncation", -0.5, "truncation must be"),
        ("truncation", float("nan"), "truncation must be"),
        ("truncation", 1.5, "at most 1"),
        ("kind", "near", "kind must be one of"),
        ("method", "phi", "method"),
        ("seed", -1, "seed must be"),
        ("a", [999], "999"),
        ("favourites", [[1.0]], "favourites must be latents"),
    ],
)
def test_what_does_not_fit_changes_nothing(sheet, name, wrong, words):
    before, shown = getattr(sheet, name), sheet.latents
    with pytest.raises((ValueError, traitlets.TraitError), match=words):
        setattr(sheet, name, wrong)
    assert getattr(sheet, name) is before or getattr(sheet, name) == before
    assert sheet.latents is shown


def test_novelty_refuses_what_does_not_fit(space):
    for kwargs, words in (
        ({"n": 0}, "n must be"),
        ({"n": 2000}, "from 1 to 1,024, got 2000"),
        ({"n": 2, "kind": "near"}, "kind must be one of"),
        ({"n": 2, "seed": -1}, "seed"),
        ({"n": 2, "kind": "between", "a": [], "b": [1]}, "a must name at least one row"),
        ({"n": 2, "kind": "between", "a": [1], "b": [2], "noise": "x"}, "noise must be from 0"),
        ({"n": 2, "kind": "between", "a": [1, 2], "b": [2, 1]}, "different rows"),
        ({"n": 2, "kind": "hole", "cycle": [1, 2]}, "at least 3 rows"),
    ):
        with pytest.raises(ValueError, match=words):
            space.sample_novel(**kwargs)


def test_without_rows_nothing_is_new():
    bare = LatentSpace(Painter(), device="cpu")
    with pytest.raises(ValueError, match="this space has no rows"):
        bare.sample_novel(2)
    sheet = SampleSheet(bare, n=3, truncation=0.5)
    np.testing.assert_allclose(sheet.latents, 0.5 * bare.sample(3, 0), atol=1e-6)
    assert np.isnan(sheet.densities).all()
    sheet.close()
    bare.close()
