"""The comparison of paths, on the Python side."""

from __future__ import annotations

import json
import threading
import time
import warnings

import numpy as np
import pytest
import torch
from ipywidgets.widgets import widget as registry
from toys import Layer
from traitlets import TraitError

from latent_widgets import LatentSpace, PathComparison, ScatterProjection
from latent_widgets.geometry import Hypersphere
from latent_widgets.searches import Searches
from latent_widgets.seeking import Seeking

with warnings.catch_warnings():
    # A part of bqplot declares its dates the way of an older traitlets.
    warnings.simplefilter("ignore", DeprecationWarning)
    import bqplot  # noqa: F401

ANGLE = np.linspace(0, 1.5 * np.pi, 60)
RING = np.stack([np.cos(ANGLE), np.sin(ANGLE), 0 * ANGLE], axis=1).astype(np.float32)


@pytest.fixture
def space():
    torch.manual_seed(0)
    made = LatentSpace(Layer(), points=RING, device="cpu")
    yield made
    made.close()


@pytest.fixture
def compared(space):
    made = PathComparison(space, RING[0], RING[40])
    assert made.wait(30)
    yield made
    made.close()


def test_it_measures_by_itself(compared):
    assert list(compared.figures) == ["linear", "slerp", "pullback", "graph", "density"]
    straight, around = compared.figures["linear"], compared.figures["graph"]
    assert straight.length_in_latents == pytest.approx(np.linalg.norm(RING[0] - RING[40]), rel=1e-5)
    assert straight.emptiest == 0
    assert around.percentile.mean() > 20 > straight.percentile.mean()
    assert around.length_in_latents > straight.length_in_latents
    pulled = compared.figures["pullback"]
    assert pulled.energy <= straight.energy * 1.0001
    assert "no uncertainty" in compared._table.value


def test_the_paths_are_on_every_map_in_their_colours(compared, space):
    drawn = space.overlays
    assert list(drawn) == [f"{metric} path" for metric in compared.strips.metrics]
    assert len({one["color"] for one in drawn.values()}) == 5
    path = np.frombuffer(drawn["slerp path"]["paths"], np.float32).reshape(-1, 3)
    np.testing.assert_array_equal(path[[0, -1]], RING[[0, 40]])
    assert drawn["slerp path"]["labels"] == ["slerp"]


def test_another_end_is_followed_everywhere(compared, space):
    before = compared.figures
    compared.strips.b = RING[20]
    assert compared.wait(30)
    assert compared.figures is not before
    path = np.frombuffer(space.overlays["graph path"]["paths"], np.float32).reshape(-1, 3)
    np.testing.assert_array_equal(path[-1], RING[20])
    charted = compared._charts._lines["length"]["linear"].y
    assert charted[-1] == pytest.approx(compared.figures["linear"].length_in_pictures)


def test_a_stopped_search_leaves_nothing_of_other_ends(compared, space, monkeypatch):
    begun = threading.Event()

    def last(_, metric, wanted):
        begun.set()
        while True:
            wanted.progress(0.5, metric)
            time.sleep(0.01)

    monkeypatch.setattr(Searches, "search", last)
    compared.strips.b = RING[20]
    assert begun.wait(30)
    compared.cancel()
    assert compared.wait(30)
    assert compared.strips.work["cancelled"]
    assert list(compared.figures) == ["linear", "slerp"]
    straight = np.linalg.norm(RING[20] - RING[0])
    assert compared.figures["linear"].length_in_latents == pytest.approx(straight, rel=1e-5)
    assert set(space.overlays) == {"linear path", "slerp path"}


def test_a_hand_is_answered_roughly(compared, space):
    sent = []
    compared.strips.send = lambda content, buffers=None: sent.append((content, buffers))
    ends = [memoryview(RING[row].tobytes()) for row in (3, 30)]
    content = {"op": "seek", "client": "me", "seq": 7}
    compared.strips._hear_hand(None, content, ends)
    assert compared.wait(30)
    assert [one["kind"] for one, _ in sent] == ["way", "way", "way", "sought"]
    head, (latents,) = sent[0]
    assert (head["client"], head["seq"], head["metric"]) == ("me", 7, "pullback")
    found = np.frombuffer(latents, np.float32).reshape(-1, head["dim"])
    np.testing.assert_array_equal(found[[0, -1]], RING[[3, 30]])
    np.testing.assert_array_equal(compared.strips.a, RING[0])
    path = np.frombuffer(space.overlays["linear path"]["paths"], np.float32).reshape(-1, 3)
    np.testing.assert_array_equal(path[0], RING[3])
    json.dumps(head)


@pytest.mark.parametrize(
    "buffers", [[], [b""], [b"x", b"y"], [b"", b""], [b"abcd"] * 2, [b"\xff" * 12] * 2]
)
def test_what_a_page_sends_is_not_trusted(compared, buffers):
    told = []
    compared.strips.send = told.append
    ways = compared.strips.ways
    compared.strips._hear_hand(None, {"op": "seek"}, [memoryview(one) for one in buffers])
    assert compared.wait(30)
    assert told == []
    assert compared.strips.ways == ways


def test_a_path_that_is_none_says_why_and_the_others_stay():
    space = LatentSpace(Layer(), points=RING, geometry=Hypersphere(), device="cpu")
    compared = PathComparison(space, RING[0], -RING[0], ["graph", "pullback"])
    assert compared.wait(30)
    assert list(compared.figures) == ["graph"]
    assert "opposite directions" in compared.strips.ways["pullback"]["error"]
    assert list(space.overlays) == ["graph path"]
    compared.close()
    space.close()


def test_without_decoder_or_rows_what_is_left_is_compared():
    blind = LatentSpace(None, points=RING, device="cpu")
    compared = PathComparison(blind)
    assert compared.wait(30)
    assert list(compared.figures) == ["linear", "slerp", "graph", "density"]
    assert compared.figures["graph"].length_in_pictures is None
    compared.close()
    blind.close()
    bare = LatentSpace(Layer(), device="cpu")
    compared = PathComparison(bare)
    assert compared.wait(30)
    assert compared.figures["linear"].emptiest is None
    compared.close()
    bare.close()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"metrics": ["shortest"]}, "metrics must be some of"),
        ({"metrics": []}, "metrics must be some of"),
        ({"metrics": 5}, "metrics must be some of"),
        ({"metrics": ["linear", "linear"]}, "metrics must be some of"),
        ({"n": 1}, "n must be from 2 to 32"),
        ({"a": [1, 2]}, "a must be 3 finite numbers"),
        ({"ensemble": 3}, "ensemble must be"),
        ({"frames": 3}, "no option 'frames'"),
    ],
)
def test_bad_options_are_refused(space, options, sentence):
    with pytest.raises((ValueError, TypeError, TraitError), match=sentence):
        PathComparison(space, **options)


def test_closing_takes_everything_along(space):
    before = set(registry._instances)
    compared = PathComparison(space)
    compared.wait(30)
    compared.close()
    compared.close()
    assert set(registry._instances) == before
    assert space.overlays == {}


def test_a_strip_finds_its_path_beside_everything_else(space):
    from latent_widgets import InterpolationStrip  # noqa: PLC0415

    strip = InterpolationStrip(space, a=RING[0], b=RING[40], metric="density")
    assert isinstance(strip, Seeking)
    assert strip.wait(30)
    assert strip.ways["density"]["label"] == "along the density"
    np.testing.assert_array_equal(strip.at([0, 1]), RING[[0, 40]])
    way = np.frombuffer(strip.ways["density"]["latents"], np.float32).reshape(65, 3)
    np.testing.assert_allclose(strip.at(0.5), way[32], atol=1e-6)
    strip.b = RING[10]
    # What is not there yet is found at once for whoever asks in Python.
    np.testing.assert_array_equal(strip.latents[-1], RING[10])
    strip.close()


def test_maps_given_show_where_pictures_change(space):
    scatter = ScatterProjection(space)
    compared = PathComparison(space, RING[0], RING[1], ["linear"], maps=[scatter])
    assert scatter.background == "magnification"
    compared.close()
    with pytest.raises(TypeError, match="maps must be ScatterProjections, got int"):
        PathComparison(space, maps=[3])
    with pytest.raises(ValueError, match="maps must be of the space that is compared"):
        PathComparison("tree", maps=[scatter])
    scatter.close()
