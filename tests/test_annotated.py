"""What is said about a space while it is looked at: columns and drawings."""

from __future__ import annotations

import numpy as np
import pytest
from toys import Painter

import latent_widgets as lw

POINTS = np.random.default_rng(0).standard_normal((20, 3))


@pytest.fixture
def space():
    made = lw.LatentSpace(None, points=POINTS, labels=["a", "b"] * 10)
    yield made
    made.close()


def test_a_column_can_be_added_and_replaced(space):
    space.add_column("strange", np.arange(20.0))
    assert [column["name"] for column in space.facts["columns"]] == ["label", "strange"]
    space.add_column("label", ["c"] * 20)
    assert [column["name"] for column in space.facts["columns"]] == ["label", "strange"]
    assert space.facts["columns"][0]["categories"] == ["c"]
    assert set(space.factors["label"]) == {"c"}


def test_a_column_is_no_new_model(space):
    scatter = lw.ScatterProjection(space, color=None)
    before = scatter.projection
    space.add_column("strange", np.arange(20.0))
    assert scatter.projection is before
    scatter.color = "strange"
    assert space.facts["model"] == 0
    space.replace(None, points=POINTS + 1)
    assert space.facts["model"] == 1
    assert scatter.projection is not before
    scatter.close()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [(np.arange(3), "20 rows"), (np.full(20, np.nan), "finite")],
)
def test_a_bad_column_changes_nothing(space, values, sentence):
    before = space.facts
    with pytest.raises(ValueError, match=sentence):
        space.add_column("strange", values)
    assert space.facts is before


def test_drawings_are_kept_by_name(space):
    space.draw("a", edges=[[0, 1], [1, 2]])
    space.draw("b", paths=[POINTS[:4], POINTS[:2]], points=POINTS[:1], spread=np.ones((1, 3)))
    assert list(space.overlays) == ["a", "b"]
    assert np.frombuffer(space.overlays["a"]["edges"], "<i4").tolist() == [0, 1, 1, 2]
    assert space.overlays["b"]["lengths"] == [4, 2]
    sent = np.frombuffer(space.overlays["b"]["paths"], "<f4").reshape(-1, 3)
    np.testing.assert_array_equal(sent, np.float32(np.concatenate([POINTS[:4], POINTS[:2]])))
    space.draw("a", points=POINTS[:2], labels=["here", "there"])
    assert space.overlays["a"]["edges"] == b""
    space.erase("b")
    space.erase("never drawn")
    assert list(space.overlays) == ["a"]


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"edges": [[0, 20]]}, "edges must be row ids from 0 to 19, got 20"),
        ({"edges": [0, 1]}, "edges must be pairs"),
        ({"points": [[1.0, 2.0]]}, "points must be finite rows of 3"),
        ({"points": [[1.0, 2.0, np.nan]]}, "points must be finite"),
        ({"paths": [[[1.0]]]}, r"paths\[0\] must be finite rows of 3"),
        ({"points": POINTS, "spread": POINTS[:2]}, "spread must have the shape of points"),
        ({"points": POINTS, "labels": ["one"]}, "labels must be 20 texts, got 1"),
    ],
)
def test_a_bad_drawing_leaves_the_old_one(space, wish, sentence):
    space.draw("it", edges=[[0, 1]])
    before = space.overlays
    with pytest.raises(ValueError, match=sentence):
        space.draw("it", **wish)
    assert space.overlays is before


def test_a_space_without_rows_takes_latents_too():
    space = lw.LatentSpace(Painter())
    space.draw("here", points=space.z)
    assert len(space.overlays["here"]["points"]) == 4 * space.latent_dim
    space.close()
