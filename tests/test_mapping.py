"""Any map in a panel: quick ones at once, long ones in the background, the former one kept."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

import latent_widgets as lw
from latent_widgets import mapping
from latent_widgets.analysis.layouts.options import Layout
from latent_widgets.analysis.linear import LinearProjection
from latent_widgets.analysis.map_cache import FOLDER
from latent_widgets.analysis.stored_map import StoredProjection

QUICK = {"perplexity": 5, "iterations": 20}


class Decoder(torch.nn.Module):
    latent_dim = 4

    def decode(self, z):
        return torch.sigmoid(z[:, :1, None, None].expand(-1, 1, 8, 8))


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path / "maps"))


def make_space(n=60, seed=0):
    points = np.random.default_rng(seed).normal(size=(n, 4)).astype(np.float32)
    points[n // 2 :, 0] += 6
    hat = ["hat" if i % 2 else "none" for i in range(n)]
    return lw.LatentSpace(
        Decoder(), points=points, factors={"hat": hat, "size": points[:, 2], "same": [1.0] * n}
    )


def set_at_once(scatter, options):
    with scatter.hold_trait_notifications():
        for name, value in options.items():
            setattr(scatter, name, value)


def floats(raw, *shape):
    return np.frombuffer(raw, "<f4").reshape(shape)


def test_quick_maps_are_there_at_once():
    space = make_space()
    scatter = lw.ScatterProjection(space)
    for method in ("random", "axes", "pca"):
        version = scatter.chart["version"]
        scatter.method = method
        assert (scatter.projection.method, scatter.chart["kind"]) == (method, "linear")
        assert scatter.chart["version"] > version
        np.testing.assert_array_equal(floats(scatter.xy, -1, 2), scatter.projection.xy)
        np.testing.assert_allclose(
            scatter.transform(space.points), scatter.projection.xy, atol=1e-5
        )
        back = scatter.inverse(scatter.projection.xy, space.points)
        np.testing.assert_allclose(back, space.points, atol=1e-4)


def test_another_seed_and_other_axes_are_another_map():
    scatter = lw.ScatterProjection(make_space(), method="random")
    before = scatter.xy
    scatter.seed = 1
    assert scatter.xy != before
    scatter.method = "axes"
    scatter.axes = [2, 3]
    np.testing.assert_array_equal(floats(scatter.components, 2, 4), np.eye(4)[[2, 3]])


def test_columns_and_vectors_are_directions():
    space = make_space()
    scatter = lw.ScatterProjection(space, method="directions", directions=["hat", "size"])
    across, up = scatter.projection.components
    rows = np.arange(60) % 2 == 1
    wanted = space.points[rows].mean(0) - space.points[~rows].mean(0)
    # From the class that comes first in the column to the other.
    first = space.data.columns[0].categories[0]
    sign = 1 if first == "none" else -1
    np.testing.assert_allclose(across, sign * wanted / np.linalg.norm(wanted), atol=1e-5)
    assert up.argmax() == 2
    scatter.directions = [np.eye(4)[3], "size"]
    np.testing.assert_allclose(scatter.projection.components[0], np.eye(4)[3], atol=1e-6)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "directions"}, "directions must be 2 vectors or names of columns, got 0"),
        ({"method": "directions", "directions": ["hat", "hue"]}, "got 'hue'"),
        ({"method": "directions", "directions": ["hat", "same"]}, r"are \['hat', 'size'\]"),
        ({"method": "directions", "directions": ["hat", [1, 2]]}, "vectors of 4 finite numbers"),
        ({"method": "tsne", "settings": {"perplexity": 40}}, "perplexity must be from 1 to 19"),
        ({"method": "disc"}, "method 'disc' shows a Poincare ball"),
    ],
)
def test_what_is_known_at_once_is_said_at_once_and_the_former_map_stays(options, words):
    space = make_space()
    with pytest.raises(ValueError, match=words):
        lw.ScatterProjection(space, **options)
    scatter = lw.ScatterProjection(space)
    before, map_before = scatter.trait_values(), scatter.projection
    with pytest.raises(ValueError, match=words):
        set_at_once(scatter, options)
    after = {**scatter.trait_values(), "directions": before["directions"]}
    assert after["method"] == before["method"]
    assert scatter.projection is map_before
    assert scatter.work == {}


def test_few_rows_a_missing_library_and_no_rows_are_said_at_once(monkeypatch):
    few = lw.ScatterProjection(make_space(3))
    with pytest.raises(ValueError, match="needs 4 or more rows, got 3"):
        few.method = "tsne"
    with pytest.raises(TypeError, match="no option 'perplexty'; did you mean 'perplexity'"):
        lw.ScatterProjection(make_space(), method="tsne", settings={"perplexty": 3})
    with pytest.raises(ValueError, match="needs encoded rows, and this space has none"):
        lw.ScatterProjection(lw.LatentSpace(Decoder()), method="umap")
    monkeypatch.setattr(Layout, "installed", property(lambda _: False))
    scatter = lw.ScatterProjection(make_space())
    with pytest.raises(ImportError, match=r"latent-widgets\[maps\]"):
        scatter.method = "tsne"
    assert (scatter.method, scatter.projection.method) == ("pca", "pca")


def test_a_layout_forms_in_the_background_and_is_found_again(monkeypatch):
    space = make_space()
    scatter = lw.ScatterProjection(space)
    sent = []
    monkeypatch.setattr(scatter, "send", lambda content, buffers: sent.append((content, buffers)))
    set_at_once(scatter, {"settings": QUICK, "method": "tsne"})
    assert isinstance(scatter.projection, LinearProjection)
    assert scatter.wait(60)
    assert scatter.work == {}
    assert isinstance(scatter.projection, StoredProjection)
    chart = scatter.chart
    assert (chart["kind"], chart["method"], chart["k"]) == ("stored", "tsne", 10)
    assert "mean little" in chart["about"]
    np.testing.assert_array_equal(floats(chart["latents"], -1, 4), space.points)
    np.testing.assert_array_equal(scatter.transform(space.points[3]), scatter.projection.xy[3])
    assert sent[0][0] == {"kind": "places"}
    assert floats(sent[0][1][0], -1, 2).shape == (60, 2)
    # Without the background: the map was kept.
    again = lw.ScatterProjection(make_space(), method="tsne", settings=QUICK)
    assert again.projection.method == "tsne"
    np.testing.assert_array_equal(again.projection.xy, scatter.projection.xy)


class Slow:
    """Stands in for `project`: stops half-way, until it may go on."""

    def __init__(self, monkeypatch, fail=None):
        self.begun, self.go, self.fail = threading.Event(), threading.Event(), fail
        self.real = mapping.project
        monkeypatch.setattr(mapping, "project", self)

    def __call__(self, points, method, dim=2, seed=0, *, progress=None, snapshot=None, **options):
        if method != "umap":
            return self.real(points, method, dim, seed, **options)
        progress(0.0, "graph")
        self.begun.set()
        assert self.go.wait(10)
        if self.fail:
            raise self.fail
        progress(0.5, "layout")
        snapshot(np.ones((len(points), 2), np.float32))
        return StoredProjection(points, np.array(points[:, :2]), "umap", "about")


def test_cancelled_half_way_the_former_map_and_its_name_stay(monkeypatch):
    slow = Slow(monkeypatch)
    scatter = lw.ScatterProjection(make_space(), method="random", seed=3)
    before = scatter.xy
    scatter.method = "umap"
    assert slow.begun.wait(10)
    assert scatter.work["share"] == 0
    scatter.cancel()
    # At once, though the work hears of it only when it comes up for air.
    assert (scatter.method, scatter.seed, scatter.xy) == ("random", 3, before)
    scatter.seed = 4
    slow.go.set()
    assert scatter.wait(10)
    assert (scatter.method, scatter.seed) == ("random", 4)
    scatter.seed = 3
    assert scatter.xy == before
    assert scatter.work == {"label": "UMAP", "cancelled": True}
    slow.begun.clear()
    scatter.method = "umap"
    assert scatter.wait(10)
    assert scatter.projection.method == "umap", "it can be asked for again"


def test_what_takes_long_says_so_from_python_too(monkeypatch):
    slow = Slow(monkeypatch)
    monkeypatch.setattr(mapping, "cost", lambda *_: "umap of them takes about 2 hours.")
    scatter = lw.ScatterProjection(make_space(), method="umap")
    assert slow.begun.wait(10)
    assert scatter.work["words"].endswith("umap of them takes about 2 hours.")
    slow.go.set()
    assert scatter.wait(10)


def test_a_failure_in_the_background_is_shown_and_the_former_map_stays(monkeypatch):
    slow = Slow(monkeypatch, fail=ValueError("the graph fell apart"))
    scatter = lw.ScatterProjection(make_space(), method="umap")
    slow.go.set()
    assert scatter.wait(10)
    assert scatter.work["error"] == "the graph fell apart"
    assert (scatter.method, scatter.projection.method) == ("pca", "pca")


def test_what_is_asked_for_last_is_shown(monkeypatch):
    slow = Slow(monkeypatch)
    scatter = lw.ScatterProjection(make_space(), method="umap")
    assert slow.begun.wait(10)
    scatter.method = "random"
    slow.go.set()
    assert scatter.wait(10)
    assert (scatter.method, scatter.projection.method) == ("random", "random")


def test_rows_of_a_new_model_stay_where_they_were_until_they_are_laid_out_anew(monkeypatch):
    slow = Slow(monkeypatch)
    slow.go.set()
    space = make_space()
    scatter = lw.ScatterProjection(space, method="umap")
    assert scatter.wait(10)
    before = scatter.xy
    slow.go.clear()
    points = make_space(seed=1).points
    space.replace(Decoder(), points=points)
    assert scatter.xy == before
    np.testing.assert_array_equal(scatter.projection.points, points)
    slow.go.set()
    assert scatter.wait(10)
    np.testing.assert_array_equal(scatter.projection.xy, points[:, :2])


def test_a_page_may_ask_for_a_map_for_latents_and_for_places(monkeypatch):
    scatter = lw.ScatterProjection(make_space())
    sent = []
    monkeypatch.setattr(scatter, "send", lambda content, buffers: sent.append((content, buffers)))

    def ask(op, content=None, *buffers):
        views = [memoryview(np.asarray(one, "<f4").tobytes()) for one in buffers]
        scatter._hear(None, {"op": op, "client": "page", "seq": 1, **(content or {})}, views)
        assert scatter.space.wait(10)
        return sent.pop()

    ask("map", {"method": "axes", "axes": [1, 2]})
    assert scatter.projection.method == "axes"
    content, _ = ask("map", {"method": "tsne", "settings": {"perplexity": 99}})
    assert "perplexity must be from 1 to" in content["error"]
    assert scatter.method == "axes"
    content, [raw] = ask("latents", None, [0.5, 0.25], np.zeros(4))
    assert scatter.transform(floats(raw, 4)) == pytest.approx([0.5, 0.25], abs=1e-5)
    assert content["distance"] == pytest.approx(scatter.projection.nearest([0.5, 0.25])[0])
    _, [raw] = ask("places", None, scatter.space.points[:2])
    np.testing.assert_allclose(floats(raw, 2, 2), scatter.projection.xy[:2], atol=1e-5)


def test_a_page_is_told_first_what_a_long_map_costs(monkeypatch):
    slow = Slow(monkeypatch)
    slow.go.set()
    scatter = lw.ScatterProjection(make_space())
    monkeypatch.setattr(mapping, "cost", lambda *_: "it takes two days")
    assert scatter._answer_map({"method": "umap"}, [])[0] == {"confirm": "it takes two days"}
    assert scatter.method == "pca"
    scatter._answer_map({"method": "umap", "sure": True}, [])
    assert scatter.wait(10)
    assert scatter.projection.method == "umap"


def test_a_saved_page_gets_the_way_back_around_the_rows_it_carries():
    space = make_space()
    settings = {**QUICK, "backward": "radial"}
    scatter = lw.ScatterProjection(space, method="tsne", settings=settings)
    assert scatter.wait(60)
    assert scatter.chart["kind"] == "kernel", "a page does not lay thin plates"
    rows = np.arange(0, 60, 3)
    chart = scatter.chart_of(rows)
    assert (chart["kind"], chart["k"]) == ("stored", 10)
    np.testing.assert_array_equal(floats(chart["latents"], -1, 4), space.points[rows])


def test_the_page_is_offered_what_suits_the_space():
    names = [name for name, _ in lw.ScatterProjection(make_space()).methods]
    assert names[:6] == ["pca", "axes", "directions", "random", "tsne", "umap"]
    assert "disc" not in names
    assert [name for name, _ in lw.ScatterProjection(lw.LatentSpace(Decoder())).methods] == [
        "pca",
        "axes",
    ]
