"""The panel of directions, driven from Python and as its page does."""

from __future__ import annotations

import numpy as np
import pytest
from toys import Layer, Painter, pictures

import latent_widgets as lw
from latent_widgets.making import judge

GENERATOR = np.random.default_rng(0)
POINTS = GENERATOR.standard_normal((80, 3))
SIDE = np.where(POINTS[:, 0] > 0, "yes", "no")
FACTORS = {"size": POINTS[:, 1].copy(), "noise": GENERATOR.standard_normal(80)}


@pytest.fixture
def panel():
    space = lw.LatentSpace(None, points=POINTS, labels=SIDE, factors=FACTORS)
    made = lw.DirectionPanel(space)
    yield made
    made.wait(30)
    made.close()
    space.close()


def test_a_direction_is_made_kept_and_judged(panel):
    found = panel.add("certainly", column="label", to="yes")
    assert panel.shown == "certainly"
    assert panel.space.directions == {"certainly": found}
    assert panel.wait(30)
    assert panel.work == {}
    card = panel.cards["certainly"]
    assert card["evident"] is True
    assert card["leaks"][0]["factor"] == "label"
    assert panel.report("certainly").verdict == card["verdict"]


def test_all_are_judged_in_the_end(panel):
    panel.add(column="size", method="logistic")
    panel.add(column="label", to="no")
    panel.add(method="principal", nth=2)
    panel.space.add_direction("by hand", [1, 2, 3])
    assert list(panel.space.directions) == ["size", "no", "principal 2", "by hand"]
    assert panel.shown == "principal 2"
    assert panel.wait(30)
    assert set(panel.cards) == set(panel.space.directions)
    assert panel.cards["principal 2"]["evident"] is None


def test_names_of_directions_nobody_named_are_free(panel):
    panel.add(column="size")
    panel.add(column="size")
    panel.add(rows=([0, 1, 2], [3, 4, 5]))
    assert list(panel.space.directions) == ["size", "size 2", "A to B"]
    panel.space.add_column("home", panel.space.factors["size"])
    assert panel.add(column="home").name == "home 2"
    assert panel.wait(30)
    assert "Too few rows" in panel.cards["A to B"]["verdict"]


@pytest.mark.parametrize(
    ("wish", "error", "sentence"),
    [
        ({"name": "size"}, ValueError, "taken"),
        ({"name": "<b>"}, ValueError, "name must begin"),
        ({"column": "height"}, ValueError, "column must be one of"),
        ({"balance": ["height"]}, ValueError, "balance must be one of"),
        ({"method": "magic"}, ValueError, "method must be one of"),
        ({"method": "principal"}, ValueError, "takes neither"),
        ({"column": None}, ValueError, "either labels"),
        ({"column": None, "method": "principal", "nth": 0}, ValueError, "nth must be"),
        ({"column": None, "method": "principal", "nth": 4}, ValueError, "from 1 to 3"),
        ({"column": None, "method": "layer"}, TypeError, "needs a decoder"),
    ],
)
def test_what_does_not_fit_adds_nothing(panel, wish, error, sentence):
    panel.add("size", column="size")
    with pytest.raises(error, match=sentence):
        panel.add(**{"name": "new", "column": "size", **wish})
    assert list(panel.space.directions) == ["size"]
    assert panel.shown == "size"


def test_unknown_names_are_refused(panel):
    for set_it in (
        lambda: setattr(panel, "shown", "up"),
        lambda: setattr(panel, "drawn", ["up"]),
        lambda: panel.report("up"),
    ):
        with pytest.raises(ValueError, match="name must be one of"):
            set_it()


def test_arrows_follow_their_directions(panel):
    panel.add("size", column="size")
    panel.drawn = ["size"]
    drawing = panel.space.overlays["direction size"]
    tip = np.frombuffer(drawing["points"], "<f4")
    one = panel.space.directions["size"]
    np.testing.assert_allclose(tip, one.base + 3 * one.scale * one.vector, rtol=1e-5)
    assert drawing["labels"] == ["size"]
    ask(panel, "rename", name="size", to="height")
    assert list(panel.space.overlays) == ["direction height"]
    assert (panel.shown, panel.drawn) == ("height", ["height"])
    panel.space.remove_direction("height")
    assert panel.space.overlays == {}
    assert (panel.shown, panel.drawn, panel.cards) == ("", [], {})


def ask(panel, op, **content):
    """What the page asks; the answer, or the sentence of the failure."""
    return getattr(panel, panel._questions[op])({"op": op, **content}, [])


def test_the_page_makes_one(panel):
    ask(panel, "make", name="", column="label", origin=None, to="yes", method="lda", balance=[])
    assert panel.wait(30)
    assert list(panel.space.directions) == ["yes"]
    ask(panel, "make", name="mine", rows=[[0, 1], [2, 3]], method="mean", balance=["size"])
    assert panel.wait(30)
    # Of four rows in quarters none has both sides: the sentence stands where the bar was.
    assert "balance leaves no rows" in panel.work["error"]
    ask(panel, "make", name="mine", rows=[[0, 1], [2, 3]], method="mean")
    assert panel.wait(30)
    assert panel.shown == "mine"
    with pytest.raises(ValueError, match="taken"):
        ask(panel, "make", name="mine", column="size", method="mean")
    with pytest.raises(ValueError, match="rows must be ids"):
        ask(panel, "make", rows=[[0], [99]], method="mean")


def test_the_page_takes_others_out(panel):
    panel.add("one", column="label", to="yes")
    panel.add("two", column="size")
    ask(panel, "without", name="one", others=["two"])
    found = panel.space.directions["one without two"]
    assert abs(found.vector @ panel.space.directions["two"].vector) < 1e-12
    assert panel.shown == "one without two"
    with pytest.raises(ValueError, match="at least one"):
        ask(panel, "without", name="one", others=[])
    ask(panel, "remove", name="one without two")
    assert panel.shown == "one"
    with pytest.raises(ValueError, match="name must be one of"):
        ask(panel, "remove", name="three")


def test_with_both_halves_the_pictures_are_measured():
    space = lw.LatentSpace(Painter(), pictures(30), factors={"bright": np.arange(30.0)})
    panel = lw.DirectionPanel(space)
    panel.add(column="bright")
    assert "pictures, encoded again" in panel.report("bright").leak_about
    panel.wait(30)
    panel.close()
    space.close()


def test_a_space_without_rows_has_a_panel_too():
    space = lw.LatentSpace(Painter())
    panel = lw.DirectionPanel(space)
    space.add_direction("first", [1, 0, 0, 0])
    assert panel.shown == "first"
    assert panel.wait(30)
    assert panel.cards["first"]["leaks"] == []
    with pytest.raises(ValueError, match="needs rows, and this space has none"):
        panel.add(method="principal")
    panel.close()
    assert space.overlays == {}
    space.close()


def test_a_generator_has_directions_without_any_rows():
    model = Layer()
    space = lw.LatentSpace(model, image_shape=(1, 4, 4))
    panel = lw.DirectionPanel(space)
    layer = panel.add(method="layer")
    weight = model.layer.weight.detach().double().numpy()
    stretched = np.linalg.norm(weight @ layer.vector)
    assert stretched == pytest.approx(np.linalg.svd(weight, compute_uv=False)[0], rel=1e-6)
    assert layer.scale == pytest.approx(1.0, abs=0.2)
    assert layer.about.endswith("for rows, 256 draws of the prior")
    assert panel.add(method="metric").about.endswith("for rows, 256 draws of the prior")
    for method in ("principal", "independent", "mean"):
        with pytest.raises(ValueError, match=f"method '{method}' needs rows, and this space has"):
            panel.add(method=method)
    assert panel.wait(30)
    assert "nothing to test" in panel.cards["layer 1"]["verdict"]
    panel.close()
    space.close()


def test_what_moves_in_pictures_can_be_stopped_on_the_way():
    space = lw.LatentSpace(Painter(), pictures(80), labels=np.arange(80) % 2)
    panel = lw.DirectionPanel(space)
    one = panel.add(column="label", to="1")
    panel.cancel()
    assert panel.wait(30)
    told = []

    def stop(share, words):
        told.append(share)
        if "in pictures" in words and sum(each == share for each in told) == 2:
            raise InterruptedError(words)

    with pytest.raises(InterruptedError):
        judge(space, one, stop)
    assert told == sorted(told)
    panel.close()
    space.close()
