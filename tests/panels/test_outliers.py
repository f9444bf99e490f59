"""The panel of outliers: what it ranks, what it answers its page, and what it refuses."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
import traitlets
from toys import Painter, pictures

from latent_widgets import LatentSpace, OutlierPanel, ScatterProjection
from latent_widgets.analysis import auroc, outlier_scores
from latent_widgets.residuals import residuals
from latent_widgets.strangest import MOST_DOTS, pick_two, spread_out


@pytest.fixture
def space():
    made = LatentSpace(Painter(), pictures(), labels=list("aabbccaabbcc"), device="cpu")
    yield made
    made.close()


@pytest.fixture
def panel(space):
    made = OutlierPanel(space, k=3)
    assert made.wait(20)
    yield made
    made.close()


class Page:
    """Asks a panel as its page does, and hears the answers."""

    def __init__(self, panel):
        self.panel, self.sent, self.seq = panel, [], 0
        panel.send = lambda content, buffers=None: self.sent.append((content, buffers or []))

    def ask(self, op, **params):
        self.seq += 1
        self.panel._hear(None, {**params, "op": op, "seq": self.seq, "client": "me"}, [])
        assert self.panel.space.wait()
        reply, blobs = self.sent[-1]
        assert (reply["op"], reply["seq"]) == (op, self.seq)
        return reply, blobs


def test_it_ranks_by_what_the_analysis_measures(panel, space):
    table = outlier_scores(space, k=3)
    np.testing.assert_array_equal(panel.scores, table)
    assert panel.shown == ("neg_elbo", "knn")
    np.testing.assert_array_equal(panel.order, np.argsort(-table["neg_elbo"].to_numpy()))
    panel.score = "kl"
    assert panel.order[0] == table["kl"].argmax()
    assert panel.results["score"] == "kl"
    assert "#" not in str(panel.results["offered"][0]["fooled"])


def test_the_second_score_is_never_the_first(panel):
    panel.score = "kl"
    panel.beside = "knn"
    panel.score = "knn"
    assert panel.shown == ("knn", "kl")
    panel.beside = "knn"
    assert panel.shown == ("kl", "knn")


def test_the_strangest_rows_are_selected_and_colour_a_map(space):
    scatter = ScatterProjection(space)
    panel = OutlierPanel(space, of=scatter)
    assert panel.wait(20)
    panel.select(4)
    assert space.selection == panel.order[:4].tolist()
    panel.color_map("knn")
    assert scatter.color == "distance to neighbours"
    values = space.factors["distance to neighbours"]
    np.testing.assert_allclose(values, panel.scores["knn"], rtol=1e-6)
    panel.close()


def test_infinite_scores_are_coloured_as_the_largest_others():
    space = LatentSpace(None, points=np.eye(4), device="cpu")
    panel = OutlierPanel(space, k=1)
    assert panel.wait(20)
    panel._found.table.loc[2, "typicality"] = np.inf
    panel.color_map("typicality")
    assert np.isfinite(space.factors["typicality"]).all()
    page = Page(panel)
    panel.score = "typicality"
    assert page.ask("strip", start=0, count=2)[0]["values"][0][0] is None
    panel.close()
    space.close()


def test_what_is_normal_is_compared_with_and_tells_how_good_the_scores_are(panel, space):
    assert panel.aurocs == {}
    panel.normal = ["a", "b"]
    assert panel.wait(20)
    normal = np.isin(space.labels, ["a", "b"])
    knn = outlier_scores(space, normal=normal, k=3)["knn"].to_numpy()
    assert panel.aurocs["knn"] == auroc(knn[normal], knn[~normal])
    assert panel.results["normal"] == 8
    assert panel.get_state()["normal"] == {"classes": ["a", "b"]}
    panel.column = "label"
    assert panel.normal is None
    panel.normal = normal
    assert panel.get_state()["normal"] == {"classes": []}


def test_given_pictures_are_scored_in_place_of_the_rows(panel):
    panel.images = torch.cat([pictures(3), torch.zeros(1, 1, 8, 8)])
    assert panel.wait(20)
    assert len(panel.scores) == 4
    assert panel.results["held_out"]
    for wrong in (panel.select, panel.color_map):
        with pytest.raises(ValueError, match="images are scored, which are no rows"):
            wrong()
    panel.images = None
    assert panel.wait(20)
    assert len(panel.scores) == 12
    with pytest.raises(ValueError, match=r"images must have shape \(1, 8, 8\)"):
        panel.images = torch.zeros(2, 1, 4, 4)
    assert panel.images is None


@pytest.mark.parametrize(
    ("trait", "value", "said"),
    [
        ("score", "loss", "score must be one of .*got 'loss'"),
        ("beside", "loss", "beside must be one of"),
        ("k", 0, "k must be a whole number of at least 1, got 0"),
        ("k", 1001, "from 1 to 1000"),
        ("normal", "z", r"normal must be classes of 'label' \(a, b, c\), got 'z'"),
        ("normal", list("abc"), "got all of 12 rows normal"),
        ("column", "colour", "column must be one of"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(panel, trait, value, said):
    before = getattr(panel, trait)
    with pytest.raises((ValueError, traitlets.TraitError), match=said):
        setattr(panel, trait, value)
    assert getattr(panel, trait) == before


def test_a_score_that_is_not_offered_says_why():
    space = LatentSpace(None, points=np.eye(5), device="cpu")
    panel = OutlierPanel(space, score="kl")
    assert panel.wait(20)
    assert panel.shown == ("knn", "mahalanobis")
    with pytest.raises(ValueError, match="got 'neg_elbo': it needs an encoder and a decoder"):
        panel.score = "neg_elbo"
    with pytest.raises(TypeError, match="of must be a ScatterProjection, got int"):
        OutlierPanel(space, of=3)
    with pytest.raises(ValueError, match="images need a space with an encoder"):
        OutlierPanel(space, pictures())
    panel.close()
    space.close()


def test_one_row_has_nothing_beside_it():
    space = LatentSpace(None, points=[[1.0, 2.0]], device="cpu")
    panel = OutlierPanel(space)
    assert panel.wait(20)
    assert panel.results == {"empty": True, "n": 1}
    assert panel.scores is None
    with pytest.raises(RuntimeError, match="still being scored"):
        _ = panel.order
    panel.close()
    space.close()


def test_a_cancelled_measuring_leaves_what_was_there(panel, monkeypatch):
    begun, go = threading.Event(), threading.Event()

    def slow(*_, progress, **__):
        begun.set()
        assert go.wait(10)
        progress(0.5, "")

    monkeypatch.setattr("latent_widgets.panels.outliers.measure_outliers", slow)
    before = panel.scores
    panel.k = 2
    assert begun.wait(10)
    panel.cancel()
    go.set()
    assert panel.wait(20)
    assert panel.work["cancelled"]
    assert panel.scores is before


def test_the_page_hears_pictures_what_they_became_and_the_difference(panel, space):
    reply, (latents, own, redrawn, difference) = Page(panel).ask("strip", start=2, count=3)
    rows = panel.order[2:5]
    assert reply["rows"] == rows.tolist()
    assert reply["ranks"][0] == [3, 4, 5]
    assert reply["values"][1] == panel.scores["knn"].iloc[rows].tolist()
    assert reply["shape"] == [3, 8, 8, 1]
    assert latents == space.points[rows].tobytes()
    before, after = pictures()[rows], space.decode(space.points[rows])
    assert own == space.pictures(rows.tolist()).tobytes()
    found = np.frombuffer(difference, "<i2").reshape(3, 8, 8)
    np.testing.assert_allclose(found, 255 * (before - after)[:, 0].numpy(), atol=0.51)
    assert len(redrawn) == len(own)


def test_the_page_may_point_mark_select_and_colour(panel, space):
    page = Page(panel)
    page.ask("ring", row=3)
    (ring,) = space.overlays.values()
    assert ring["points"] == space.points[[3]].tobytes()
    page.ask("ring")
    assert space.overlays == {}
    assert page.ask("place", row=5)[1] == [space.points[[5]].tobytes()]
    assert "row must be from 0 to 11" in page.ask("place", row=12)[0]["error"]
    page.ask("select", n=2)
    assert space.selection == panel.order[:2].tolist()
    page.ask("color", score="kl")
    assert "KL" in space.factors
    page.ask("mark", column="label", classes=["c"])
    assert panel.wait(20)
    assert panel.normal == ["c"]
    reply, _ = page.ask("mark", column="label", classes=["z"])
    assert "got 'z'" in reply["error"]
    assert panel.wait(20)
    assert (panel.column, panel.normal) == ("label", ["c"])


def test_the_page_hears_of_all_rows_at_once(panel):
    reply, (rows, across, up, normal) = Page(panel).ask("cloud")
    assert reply["of"] == 12
    np.testing.assert_array_equal(np.frombuffer(rows, "<i4"), np.arange(12))
    np.testing.assert_allclose(np.frombuffer(across, "<f4"), panel.scores["neg_elbo"])
    np.testing.assert_allclose(np.frombuffer(up, "<f4"), panel.scores["knn"])
    assert normal == b""


def test_of_many_rows_the_strangest_are_drawn_and_some_others():
    scores = np.random.default_rng(0).normal(size=(2, 50_000))
    rows = spread_out(list(scores))
    assert len(rows) <= MOST_DOTS
    for values in scores:
        assert np.isin(np.argsort(-values)[:500], rows).all()
    assert pick_two(["knn"], "kl", "knn") == ("knn", "")
    assert pick_two([], "kl", "") == ("", "")


def test_large_pictures_are_made_small_and_colours_averaged():
    before = torch.zeros(1, 3, 512, 256)
    before[:, 0] = 1.0
    found = residuals(before, torch.zeros(1, 3, 512, 256))
    assert found.pictures.shape == (1, 256, 128, 3)
    assert (found.difference == 85).all()


def test_another_model_is_scored_anew_and_closing_takes_the_ring_away(panel, space):
    before = panel.results["measured"]
    space.replace(Painter())
    assert panel.wait(20)
    assert panel.results["measured"] > before
    Page(panel).ask("ring", row=1)
    panel.close()
    assert space.overlays == {}
