"""The named directions of a space."""

from __future__ import annotations

import json

import numpy as np
import pytest

import latent_widgets as lw
from latent_widgets.analysis import direction

POINTS = np.random.default_rng(0).standard_normal((40, 3))
LABELS = np.where(POINTS[:, 0] > 0, "yes", "no")


@pytest.fixture
def space():
    made = lw.LatentSpace(None, points=POINTS, labels=LABELS)
    yield made
    made.close()


def test_a_direction_is_kept_under_its_name(space):
    found = space.add_direction(" yes ", direction(space.points, LABELS))
    assert list(space.directions) == ["yes"]
    assert found.name == "yes"
    assert found.evidence is not None
    space.add_direction("up", [0, 0, 2.0])
    np.testing.assert_allclose(space.directions["up"].vector, [0, 0, 1])
    np.testing.assert_allclose(space.directions["up"].scale, space.points[:, 2].std(), rtol=1e-6)
    space.rename_direction("yes", "certainly")
    assert list(space.directions) == ["certainly", "up"]
    assert space.directions["certainly"].name == "certainly"
    space.remove_direction("certainly")
    assert list(space.directions) == ["up"]


def test_a_page_gets_numbers(space):
    space.add_direction("up", [0, 0, 2.0])
    sent = space.get_state("directions")["directions"]["up"]
    np.testing.assert_array_equal(np.frombuffer(sent["vector"], "<f4"), [0, 0, 1])
    assert set(sent) == {"vector", "base", "scale", "method", "about"}


@pytest.mark.parametrize(
    ("name", "vector", "sentence"),
    [
        ("up", [0, 0, 1], "taken"),
        ("", [0, 0, 1], "name must begin"),
        ("   ", [0, 0, 1], "name must begin"),
        (None, [0, 0, 1], "name must begin"),
        ("a<b>", [0, 0, 1], "name must begin"),
        ("a\nb", [0, 0, 1], "name must begin"),
        ("x" * 61, [0, 0, 1], "at most 60"),
        ("z", [0, 0, 1], "none that sums have a meaning for, got 'z'"),
        ("row 3", [0, 0, 1], "none that sums have a meaning for"),
        ("new", [0, 0, 0], "not all 0"),
        ("new", [0, 0], "3 finite numbers"),
        ("new", [0, 0, np.nan], "3 finite numbers"),
        ("new", "up", "3 finite numbers"),
    ],
)
def test_what_does_not_fit_changes_nothing(space, name, vector, sentence):
    space.add_direction("up", [0, 0, 1])
    before = space.directions
    with pytest.raises(ValueError, match=sentence):
        space.add_direction(name, vector)
    assert space.directions is before


def test_an_unknown_name_is_refused(space):
    with pytest.raises(ValueError, match="name must be one of"):
        space.remove_direction("up")
    with pytest.raises(ValueError, match="name must be one of"):
        space.rename_direction("up", "down")


def test_a_direction_of_another_geometry_is_refused(space):
    other = direction(POINTS, LABELS, geometry=lw.geometry.Hypersphere())
    with pytest.raises(ValueError, match="geometry"):
        space.add_direction("x", other)


def test_directions_travel_with_the_state(space):
    space.add_direction("yes", direction(space.points, LABELS))
    saved = json.loads(json.dumps(space.state()))
    again = lw.LatentSpace(None, points=POINTS)
    again.load_state(saved)
    for part in ("vector", "base", "scale"):
        np.testing.assert_allclose(
            getattr(again.directions["yes"], part), getattr(space.directions["yes"], part)
        )
    kept = again.directions
    for wrong in ({"vector": [1, 2]}, {"scale": -1}, {"scale": "much"}):
        saved["directions"]["yes"] |= wrong
        with pytest.raises(ValueError, match="direction"):
            again.load_state(saved)
        assert again.directions is kept
    del saved["directions"]
    again.load_state(saved)
    assert again.directions is kept
    again.close()


def test_directions_travel_in_a_file(space, tmp_path):
    space.add_direction("yes", direction(space.points, LABELS))
    lw.save(space, tmp_path / "a.safetensors")
    again = lw.load(tmp_path / "a.safetensors")
    np.testing.assert_allclose(again.directions["yes"].vector, space.directions["yes"].vector)
    again.close()


def test_on_a_sphere_a_vector_counts_by_its_part_along_it():
    space = lw.LatentSpace(None, points=POINTS[:8] + 3, geometry=lw.geometry.Hypersphere())
    found = space.add_direction("x", [1.0, 0, 0])
    assert abs(found.vector @ found.base) < 1e-12
    with pytest.raises(ValueError, match="upright"):
        space.add_direction("away", found.base)
    space.close()


def test_another_model_makes_them_old(space):
    space.add_direction("yes", direction(space.points, LABELS))
    space.replace(None, points=POINTS + 1)
    space.replace(None, points=POINTS + 2)
    assert space.directions["yes"].evidence is None
    assert space.directions["yes"].about.count("of an earlier model") == 1
    space.add_column("other", LABELS)
    space.add_direction("new", direction(space.points, LABELS))
    space.add_column("third", LABELS)
    assert space.directions["new"].evidence is not None
