"""The panel of nearest rows: what it looks for, what it answers its page, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import traitlets
from PIL import Image
from toys import Painter, pictures

from latent_widgets import LatentSpace
from latent_widgets.geometry import Hypersphere
from latent_widgets.panels import neighbours as module
from latent_widgets.panels.neighbours import NeighbourPanel


@pytest.fixture
def space():
    made = LatentSpace(Painter(), pictures(), labels=list("aabbccaabbcc"), device="cpu")
    yield made
    made.close()


@pytest.fixture
def panel(space):
    made = NeighbourPanel(space, k=4)
    yield made
    made.close()


class Page:
    """Asks a panel as its page does, and hears the answers."""

    def __init__(self, panel):
        self.panel, self.sent, self.seq = panel, [], 0
        panel.send = lambda content, buffers=None: self.sent.append((content, buffers or []))

    def ask(self, op, *buffers, **params):
        self.seq += 1
        content = {**params, "op": op, "seq": self.seq, "client": "me"}
        self.panel._hear(None, content, [memoryview(each) for each in buffers])
        assert self.panel.space.wait()
        reply, blobs = self.sent[-1]
        assert (reply["op"], reply["seq"], reply["client"]) == (op, self.seq, "me")
        return reply, blobs


def test_it_follows_z(panel, space):
    assert panel.query is None
    for row in (3, 8):
        space.z = space.points[row]
        assert panel.rows[0] == row
        assert panel.distances[0] == 0


def test_it_stays_with_a_row_whatever_z_does(panel, space):
    panel.query = np.int64(5)
    before = panel.rows
    space.z = space.points[1]
    np.testing.assert_array_equal(panel.rows, before)
    assert 5 not in before
    assert panel.get_state()["query"] == {"kind": "row", "row": 5}


def test_the_selection_is_its_mean(panel, space):
    panel.query = "selection"
    with pytest.raises(ValueError, match="nothing is selected: select rows on a map"):
        _ = panel.rows
    space.selection = [2, 7]
    mean = space.points[[2, 7]].mean(0)
    np.testing.assert_array_equal(panel.rows, space.neighbours(mean, k=4).rows)


def test_words_latents_and_pictures_can_be_looked_for(panel, space):
    panel.query = "b"
    assert set(panel.rows) == {2, 3, 8, 9}
    panel.query = torch.from_numpy(space.points[6].copy())
    assert panel.rows[0] == 6
    assert panel.get_state()["query"]["z"] == space.points[6].tobytes()
    panel.query = pictures()[9]
    assert panel.rows[0] == 9
    assert panel.query.shape == (8, 8, 1)
    panel.query = "z"
    assert panel.query is None


def test_a_picture_of_another_size_is_made_to_fit_when_asked(panel):
    big = Image.fromarray(np.kron(np.uint8(pictures()[9][0] * 255), np.ones((3, 3), np.uint8)))
    with pytest.raises(ValueError, match="8 wide and 8 high, got a grey picture 24 wide"):
        panel.query = big
    assert panel.query is None
    assert panel.find(big, resize=True).rows[0] == 9


@pytest.mark.parametrize(
    ("trait", "value", "said"),
    [
        ("query", 12, "query must be a row id from 0 to 11, got 12"),
        ("query", -1, "query must be a row id"),
        ("query", True, "query must be 4 finite numbers"),
        ("query", [1, 2], r"query must be 4 finite numbers, got shape \(2,\)"),
        ("query", [np.nan] * 4, "got NaN or infinity"),
        ("query", "unicorn", "got 'unicorn'; for other words give the space an encoder"),
        ("query", np.zeros((8, 8, 2)), "query must have shape"),
        ("metric", "manhattan", "metric must be one of"),
        ("k", 0, "k must be a whole number of at least 1, got 0"),
        ("k", 13, "k must be a whole number from 1 to 12, got 13"),
        ("k", "many", "k must be a whole number"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(panel, trait, value, said):
    before = getattr(panel, trait)
    with pytest.raises((ValueError, traitlets.TraitError), match=said):
        setattr(panel, trait, value)
    assert getattr(panel, trait) == before


def test_more_rows_than_others_are_no_mistake_of_the_page(panel):
    panel.k, panel.query = 12, 3
    assert len(panel.rows) == 11


def test_curved_spaces_begin_with_their_own_distance():
    points = Hypersphere().random(30, 3, torch.Generator().manual_seed(0))
    sphere = LatentSpace(None, points=points, geometry=Hypersphere(), device="cpu")
    panel = NeighbourPanel(sphere)
    assert panel.metric == "geodesic"
    assert len(panel.rows) == 10
    panel.close()
    sphere.close()


def test_the_page_hears_rows_distances_pictures_and_latents(panel, space):
    z = space.points[4].astype("<f4").tobytes()
    reply, (pixels, latents) = Page(panel).ask("nearest", z, k=3, metric="cosine")
    rows, distances = space.neighbours(space.points[4], k=3, metric="cosine")
    assert reply["rows"] == rows.tolist()
    assert reply["distances"] == distances.tolist()
    assert reply["shape"] == [3, 8, 8, 1]
    assert pixels == space.pictures(rows.tolist()).tobytes()
    assert latents == space.points[rows].tobytes()


def test_the_page_may_choose_what_is_looked_for(panel):
    page = Page(panel)
    page.ask("look", kind="row", row=3)
    assert panel.query == 3
    page.ask("look", kind="text", text="c")
    assert panel.query == "c"
    page.ask("look", kind="selection")
    assert panel.query == "selection"
    page.ask("look", kind="z")
    assert panel.query is None


def test_a_picture_that_the_page_sends_is_made_to_fit_when_it_asks(panel):
    grey = np.kron(np.uint8(pictures()[9][0] * 255), np.ones((3, 3), np.uint8))
    rgba = np.dstack([grey, grey, grey, np.full_like(grey, 255)]).tobytes()
    page, params = Page(panel), {"kind": "picture", "width": 24, "height": 24}
    reply, _ = page.ask("look", rgba, **params)
    assert "got a grey picture 24 wide and 24 high" in reply["error"]
    page.ask("look", rgba, **params, resize=True)
    assert panel.rows[0] == 9


@pytest.mark.parametrize(
    ("params", "buffers", "said"),
    [
        ({"kind": "row", "row": 99}, [], "query must be a row id from 0 to 11"),
        ({"kind": "row"}, [], "row must be a whole number"),
        ({"kind": "text", "text": "unicorn"}, [], "got 'unicorn'"),
        ({"kind": "picture"}, [], "width must be a whole number"),
        ({"kind": "picture", "width": 2, "height": 2}, [b"xx"], "a picture must come as RGBA"),
        ({"kind": "picture", "width": 9999, "height": 1}, [b""], "at most 2048 pixels a side"),
    ],
)
def test_what_a_page_forges_becomes_a_sentence(panel, params, buffers, said):
    reply, _ = Page(panel).ask("look", *buffers, **params)
    assert said in reply["error"]
    assert panel.query is None


def test_a_page_writes_no_query_by_itself(panel):
    panel.set_state({"query": {"kind": "row", "row": 3}})
    assert panel.query is None


def test_pointing_at_a_row_rings_it_on_every_map(panel, space):
    page = Page(panel)
    page.ask("ring", row=5)
    ((_, drawn),) = space.overlays.items()
    assert drawn["points"] == space.points[5].astype("<f4").tobytes()
    page.ask("ring", row=None)
    assert space.overlays == {}
    page.ask("ring", row=5)
    panel.close()
    assert space.overlays == {}


def test_words_are_suggested(panel):
    assert Page(panel).ask("phrases")[0]["phrases"] == ["a", "b", "c"]


def test_many_rows_are_joined_beside_everything_else(panel, monkeypatch):
    monkeypatch.setattr(module, "_AT_ONCE", 5)
    page = Page(panel)
    said = []
    panel.observe(lambda change: said.append(change.new), "work")
    reply, _ = page.ask("nearest", panel.space.z.tobytes(), k=2, metric="geodesic")
    assert reply["pending"]
    assert panel.wait(10)
    assert said[0]["label"] == "measuring along the data"
    assert said[-1] == {}
    reply, _ = page.ask("nearest", panel.space.z.tobytes(), k=2, metric="geodesic")
    assert len(reply["rows"]) == 2


def test_rows_that_no_path_leads_to_have_no_distance():
    points = np.repeat([[0.0, 0.0], [9.0, 9.0]], 12, axis=0)
    space = LatentSpace(None, points=points + np.arange(24)[:, None] / 100, device="cpu")
    panel = NeighbourPanel(space, query=0, k=20, metric="geodesic")
    reply, _ = Page(panel).ask("nearest", k=20, metric="geodesic")
    assert reply["distances"].count(None) == 9
    assert np.isinf(panel.distances).sum() == 9
    panel.close()
    space.close()


def test_a_space_without_rows_is_no_mistake():
    empty = LatentSpace(Painter(), device="cpu", latent_dim=4)
    panel = NeighbourPanel(empty)
    with pytest.raises(ValueError, match="this space has no rows"):
        _ = panel.rows
    panel.close()
    empty.close()
