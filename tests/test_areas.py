"""The semantic map's Python half: traits, what the page gets, and what is said when it fails."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
import torch
from toys import Painter
from traitlets import TraitError

from latent_widgets import LatentSpace, ScatterProjection
from latent_widgets.analysis.outline import Region
from latent_widgets.columns import make_column
from latent_widgets.outlined import describe_clusters, wire

SHIFT = np.array([[2.0, 2, 2, 2], [-2, -2, -2, -2]])


class Mirror(torch.nn.Module):
    """Four grey bars, and back."""

    latent_dim = 4

    def decode(self, z):
        return torch.sigmoid(z)[:, None, :, None].repeat_interleave(2, 2).expand(-1, 1, 8, 8)

    def encode(self, x):
        return torch.logit(x[:, 0, ::2, 0], 1e-6)


def make_space(n=60, model=None, **options):
    """Two clouds far apart, one a class; `size` is a number."""
    kind = np.arange(n) % 2
    noise = np.random.default_rng(0).normal(scale=0.2, size=(n, 4))
    points = (noise + SHIFT[kind]).astype(np.float32)
    options = {"labels": [("low", "high")[k] for k in 1 - kind], **options}
    factors = {"size": np.linspace(0, 1, n)}
    return LatentSpace(model or Mirror(), points=points, factors=factors, **options)


@pytest.fixture
def space():
    made = make_space()
    yield made
    made.close()


@pytest.fixture
def scatter(space):
    made = ScatterProjection(space)
    yield made
    made.close()


def test_without_regions_there_are_none(scatter):
    assert scatter.areas is None
    assert scatter.regions == []
    assert scatter.cell_map is None
    assert scatter.outlines == {}
    assert scatter.tints == {}


def test_labels_make_regions_keyed_by_column_and_class(scatter):
    scatter.areas = "labels"
    found = scatter.regions
    assert {(r.key, r.name) for r in found} == {("label=high", "high"), ("label=low", "low")}
    assert scatter.outlines["column"] == "label"
    told = scatter.outlines["regions"]
    assert [one["key"] for one in told] == [r.key for r in found]
    for one, region in zip(told, found, strict=True):
        assert one["anchor"] == list(region.anchor)
        sizes = sum(sum(c["sizes"]) for c in one["contours"])
        assert len(one["corners"]) == 8 * sizes


def test_the_page_gets_the_corners_of_all_lines_in_order(scatter):
    scatter.areas = "labels"
    region = scatter.regions[0]
    corners = np.frombuffer(wire(region)["corners"], "<f4").reshape(-1, 2)
    start = 0
    for contour in region.outlines:
        for ring in contour.rings:
            np.testing.assert_array_equal(corners[start : start + len(ring)], ring)
            start += len(ring)
    assert start == len(corners)


def test_clusters_are_called_by_what_their_rows_have_in_common():
    with_regions = ScatterProjection(make_space(200), areas="clusters")
    assert {r.name for r in with_regions.regions if r.level == 0} == {"high", "low"}
    assert {r.key for r in with_regions.regions if r.level == 0} == {"cluster 1", "cluster 2"}
    assert with_regions.outlines["column"] is None
    with_regions.close()


def test_clusters_that_are_called_alike_are_told_apart():
    def part(key, rows, parent=None):
        return Region(key, key, np.array(rows), (), (0.0, 0.0), key.count("."), 0.1, 0, parent)

    hat = make_column("hat", ["hat"] * 6 + ["none"] * 10, 16, None)
    coat = make_column("coat", ["coat"] * 6 + ["none"] * 10, 16, None)
    slant = make_column("slant", [0.9, 0.9, 0.1, 0.1, 0.1, 0.1] + [0.9, 0.1] * 5, 16, None)
    ends = [part("1", [0, 1]), part("2", [2, 3]), part("3", [4, 5])]
    assert [region.name for region in describe_clusters(ends, [hat])] == [
        *("hat (1)", "hat (2)", "hat (3)")
    ]
    names = [region.name for region in describe_clusters(ends, [hat, coat, slant])]
    assert names == ["hat, coat, high slant", "hat, coat (1)", "hat, coat (2)"]
    # What is called like its whole leaves the name to it.
    nested = [part("1", [0, 1, 2, 3]), part("1.1", [0, 1], "1"), part("1.2", [2, 3], "1")]
    assert [region.name for region in describe_clusters(nested, [hat])] == ["hat"] * 3


def test_names_by_hand_come_back(scatter, space):
    scatter.areas = "labels"
    scatter.area_names["label=high"] = "the  bright\nones"
    assert {r.name for r in scatter.regions} == {"the bright ones", "low"}
    kept = json.dumps(scatter.area_names)
    again = ScatterProjection(space, areas="labels", area_names=json.loads(kept))
    assert {r.name for r in again.regions} == {"the bright ones", "low"}
    assert again.get_state("area_names")["area_names"] == {"label=high": "the bright ones"}
    del again.area_names["label=high"]
    assert {r.name for r in again.regions} == {"high", "low"}
    assert scatter.area_names == {}, "what a region is called is the space's, not one map's"
    again.area_names["label=low"] = "   "
    assert again.area_names == {}
    with pytest.raises(KeyError):
        del again.area_names["nobody"]
    again.close()


def test_names_are_saved_with_the_space_and_found_again_on_another_map():
    space = make_space(200)
    scatter = ScatterProjection(space, areas="clusters")
    first = scatter.regions[0]
    scatter.area_names[first.key] = "mine"
    scatter.area_names["label=low"] = "cellar"
    saved = json.loads(json.dumps(space.state()))
    other = make_space(200)
    other.load_state(saved)
    there = ScatterProjection(other, method="axes", axes=[1, 0], areas="clusters")
    (mine,) = [region for region in there.regions if region.name == "mine"]
    assert len(np.intersect1d(mine.rows, first.rows)) > 0.9 * len(first.rows)
    assert there.area_names == {"label=low": "cellar", mine.key: "mine"}
    there.areas = "labels"
    assert {region.name for region in there.regions} == {"high", "cellar"}
    there.areas = "clusters"
    assert "mine" in {region.name for region in there.regions}
    del there.area_names[mine.key]
    assert [entry.get("key") for entry in other.region_names] == ["label=low"]
    assert "mine" not in {region.name for region in there.regions}
    for one in (scatter, there, space, other):
        one.close()


def test_maps_of_one_space_share_the_names_and_a_closed_one_hears_no_more():
    space = make_space(200)
    one, other = (ScatterProjection(space, areas="clusters") for _ in range(2))
    key = one.regions[0].key
    assert other.wait(20)
    one.area_names[key] = "mine"
    assert other.area_names == {key: "mine"}
    other.close()
    one.area_names[key] = "ours"
    assert other.area_names == {key: "mine"}
    one.close()
    # Given before anything was found, by the key that it had elsewhere.
    space.region_names = []
    late = ScatterProjection(space, areas="clusters", area_names={key: "late"})
    assert "late" in {region.name for region in late.regions}
    assert space.region_names[0]["name"] == "late"
    late.close()


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["mine"], "must hold dicts with a 'name', got 'mine'"),
        ([{"name": 3}], "must hold dicts with a 'name'"),
        ([{"name": "a", "level": 0, "count": 2, "rows": []}], "whole numbers as 'level'"),
        ([{"name": "a", "level": 0, "count": 2, "rows": [0.5]}], "whole numbers as 'level'"),
        ([{"name": "a", "level": 0, "count": 2, "rows": [0, 999]}], "row ids from 0 to 199"),
        ([{"name": "a", "level": 0, "count": -2, "rows": [0, 1]}], "as 'count' from 2 to 200 rows"),
        ([{"name": "a", "level": 0, "count": 10**400, "rows": [0]}], "as 'count' from 1 to 200"),
    ],
)
def test_names_that_fit_no_region_are_refused_and_nothing_changes(names, words):
    space = make_space(200)
    space.region_names = [{"key": "label=low", "name": "cellar"}]
    before, state = space.region_names, space.state()
    with pytest.raises(ValueError, match=words):
        space.region_names = names
    with pytest.raises(ValueError, match=words):
        space.load_state({**state, "z": [1.0] * space.latent_dim, "region_names": names})
    assert space.region_names == before
    assert space.state() == state
    space.close()


def test_a_cluster_keeps_its_name_when_the_map_is_another():
    space = make_space(200)
    scatter = ScatterProjection(space, areas="clusters")
    first = scatter.regions[0]
    scatter.area_names[first.key] = "mine"
    # The same rows in another model: mirrored, and the clusters numbered anew.
    space.replace(Painter(), points=-space.points)
    assert scatter.wait(20)
    mine = [region for region in scatter.regions if region.name == "mine"]
    assert len(mine) == 1
    assert len(np.intersect1d(mine[0].rows, first.rows)) > 0.9 * len(first.rows)
    scatter.close()


def test_regions_follow_the_column_that_colours_the_points(space):
    space.add_column("side", ["left" if x > 0 else "right" for x in space.points[:, 0]])
    scatter = ScatterProjection(space, areas="labels")
    assert scatter.regions[0].key.startswith("label=")
    scatter.color = "side"
    assert scatter.regions[0].key.startswith("side=")
    # Numbers have no regions: those of the first column of classes stay.
    scatter.color = "size"
    assert scatter.regions[0].key.startswith("label=")
    scatter.areas = None
    assert scatter.regions == []
    assert scatter.outlines["regions"] == []
    scatter.close()


def test_what_overlaps_everywhere_is_said():
    points = np.random.default_rng(0).normal(size=(400, 4)).astype(np.float32)
    labels = np.random.default_rng(1).integers(4, size=400)
    scatter = ScatterProjection(LatentSpace(Painter(), points=points, labels=labels))
    scatter.areas = "labels"
    assert len(scatter.regions) == 4
    note = "label: no class has ground of its own on this map"
    assert scatter.outlines["note"] == note
    scatter.close()


@pytest.mark.parametrize("n", [1, 30])
def test_rows_at_one_place_have_a_name_and_no_outline(n):
    space = LatentSpace(Painter(), points=np.ones((n, 4)), labels=["a"] * n)
    scatter = ScatterProjection(space, areas="labels")
    assert [(region.name, region.outlines) for region in scatter.regions] == [("a", ())]
    # Where they all lie, their class is in the majority: that must not be denied.
    assert scatter.outlines["note"] == "label: no class has ground of its own on this map"
    scatter.close()


def test_one_cloud_has_no_clusters_and_says_so():
    points = np.random.default_rng(0).normal(size=(100, 4)).astype(np.float32)
    scatter = ScatterProjection(LatentSpace(Painter(), points=points), areas="clusters")
    assert scatter.regions == []
    assert scatter.outlines["note"] == "no clusters stand apart on this map"
    scatter.close()


def test_on_a_map_with_depth_they_wait_for_a_flat_one():
    scatter = ScatterProjection(make_space(200), areas="clusters", cells="label", dim=3)
    assert scatter.wait(30)
    assert scatter.area_work == scatter.cell_work == scatter.tints == {}
    assert scatter.outlines["regions"] == []
    with pytest.raises(ValueError, match="regions are drawn on flat maps; this one has 3"):
        _ = scatter.regions
    scatter.dim = 2
    assert scatter.wait(30)
    assert len(scatter.regions) == len(scatter.outlines["regions"]) >= 2
    assert scatter.tints
    scatter.dim = 3
    assert scatter.wait(30)
    assert scatter.tints == {}
    assert scatter.area_work == {}
    scatter.close()


def test_a_sample_is_said(monkeypatch):
    monkeypatch.setattr("latent_widgets.areas.MOST", 50)
    monkeypatch.setattr(sys.modules["latent_widgets.analysis.clusters"], "MOST", 50)
    scatter = ScatterProjection(make_space(200), areas="clusters")
    assert scatter.regions
    assert scatter.outlines["note"] == ("clusters found among 50 of the 200 rows, drawn at random")
    scatter.close()


def test_cells_decode_are_encoded_again_and_vote(scatter):
    scatter.cells = "label"
    assert scatter.wait(30)
    cells = scatter.cell_map
    assert max(cells.codes.shape) == 48
    assert cells.categories == ("high", "low")
    assert cells.agreement == 1
    high, low = (scatter.projection.transform(z) for z in SHIFT)
    assert cells.at(low)[0] == "low"
    assert cells.at(high)[0] == "high"
    told = scatter.tints
    assert told["shape"] == list(cells.codes.shape)
    np.testing.assert_array_equal(np.frombuffer(told["codes"], np.uint8), cells.codes.ravel())
    np.testing.assert_array_equal(np.frombuffer(told["rows"], "<i4"), cells.rows.ravel())
    scatter.cells = None
    assert scatter.cell_map is None
    assert scatter.tints == {}


def test_a_space_without_a_decoder_votes_with_its_latents():
    class Encoder(torch.nn.Module):
        def encode(self, x):
            return Painter().encode(x)

    images = torch.cat([torch.full((20, 1, 8, 8), v) for v in (0.1, 0.9)])
    images = images + torch.rand(images.shape, generator=torch.Generator().manual_seed(0)) / 20
    blind = LatentSpace(Encoder(), images, labels=["dark"] * 20 + ["light"] * 20)
    scatter = ScatterProjection(blind, cells="label")
    assert scatter.wait(30)
    assert scatter.cell_map.agreement == 1
    with pytest.raises(ValueError, match="no decode"):
        scatter.classifier = lambda x: x
    scatter.close()


def test_a_classifier_is_asked_instead(scatter):
    shapes = []

    def brightness(x):
        shapes.append(tuple(x.shape[1:]))
        light = x.mean((1, 2, 3))
        return torch.stack([light, 1 - light], 1)

    scatter.classifier = brightness
    scatter.cells = "label"
    assert scatter.wait(30)
    assert set(shapes) == {(1, 8, 8)}
    assert scatter.cell_map.agreement == 1


@pytest.mark.parametrize(
    ("classifier", "words"),
    [
        (lambda x: x.mean((1, 2, 3)), "classifier must return probabilities of shape (16, 2)"),
        (lambda _: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_classifier_that_fails_is_shown_and_what_was_there_stays(scatter, classifier, words):
    scatter.cells = "label"
    assert scatter.wait(30)
    before = scatter.cell_map
    scatter.classifier = classifier
    assert scatter.wait(30)
    assert words in scatter.cell_work["error"]
    assert scatter.cell_map is before


def test_cells_can_be_stopped(scatter):
    def slow(x):
        scatter.cancel_cells()
        return torch.full((len(x), 2), 0.5)

    scatter.classifier = slow
    scatter.cells = "label"
    assert scatter.wait(30)
    assert scatter.cell_work == {"label": "decoded classes", "cancelled": True}
    assert scatter.cell_map is None


def test_the_page_can_stop_the_cells(scatter):
    started = []

    def slow(x):
        if not started:
            started.append(True)
            scatter._handle_custom_msg({"op": "cancel_cells"}, [])
        return torch.full((len(x), 2), 0.5)

    scatter.classifier = slow
    scatter.cells = "label"
    assert scatter.wait(30)
    assert scatter.cell_work.get("cancelled")


@pytest.mark.parametrize(
    ("trait", "value", "words"),
    [
        ("areas", "continents", "areas must be 'labels', 'clusters' or None, got 'continents'"),
        ("cells", "size", "cells must be a column of classes, got the numbers of 'size'"),
        ("cells", "nobody", r"cells must be None or one of \['label'\], got 'nobody'"),
        ("classifier", 3, "classifier must be callable or None, got 3"),
        ("area_names", {"a": 1}, "area_names must be a dict of texts by region key"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(scatter, trait, value, words):
    before = getattr(scatter, trait)
    with pytest.raises((TraitError, ValueError), match=words):
        setattr(scatter, trait, value)
    assert getattr(scatter, trait) == before


def test_labels_need_a_column_of_classes():
    bare = LatentSpace(Painter(), points=np.eye(4, dtype=np.float32))
    with pytest.raises(ValueError, match="need a column of classes, and this space has none"):
        ScatterProjection(bare, areas="labels")


@pytest.mark.parametrize(
    ("n", "areas", "shares"),
    [
        (0, "clusters", []),
        (1, "clusters", []),
        (2, "clusters", []),
        (1, "labels", [1.0]),
        (2, "labels", [1.0]),
    ],
)
def test_a_map_of_hardly_any_points_is_fine(n, areas, shares):
    points = np.ones((n, 4), np.float32)
    space = LatentSpace(Painter(), points=points, labels=["a"] * n if n else None, latent_dim=4)
    scatter = ScatterProjection(space, areas=areas)
    assert [region.share for region in scatter.regions] == shares
    assert scatter.area_work == {}
    scatter.close()
