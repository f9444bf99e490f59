"""Regions of a map: classes, islands, clusters within clusters, and what they are called."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.path import Path

from latent_widgets.analysis import clusters, regions
from latent_widgets.analysis.modes import peaks
from latent_widgets.analysis.naming import describe
from latent_widgets.area_names import note, recall
from latent_widgets.columns import make_column


def blobs(centers, n=200, spread=0.5, seed=0):
    rng = np.random.default_rng(seed)
    xy = np.concatenate([rng.normal(c, spread, (n, 2)) for c in centers])
    return xy, np.repeat(np.arange(len(centers)), n)


def test_each_class_is_named_at_its_densest_place_inside_its_outline():
    xy, labels = blobs([(0, 0), (8, 0), (0, 8)])
    found = regions(xy, labels, names=["a", "b", "c"])
    assert sorted(region.name for region in found) == ["a", "b", "c"]
    for region in found:
        assert Path(region.outlines[0].rings[0]).contains_point(region.anchor)
        middle = xy[labels == region.code].mean(axis=0)
        assert np.linalg.norm(region.anchor - middle) < 0.6
        assert set(region.rows) == set(np.flatnonzero(labels == region.code))
        assert region.share == pytest.approx(1 / 3)


def test_a_name_stands_on_a_crescent_and_not_at_its_centroid():
    angle = np.random.default_rng(0).uniform(0, np.pi, 2000)
    xy = 5 * np.c_[np.cos(angle), np.sin(angle)] + np.random.default_rng(1).normal(
        0, 0.3, (2000, 2)
    )
    (region,) = regions(xy, np.zeros(2000, int))
    outline = Path(region.outlines[0].rings[0])
    assert not outline.contains_point(xy.mean(axis=0))
    assert outline.contains_point(region.anchor)


def test_a_class_in_two_islands_is_named_twice():
    xy, labels = blobs([(0, 0), (6, 0), (12, 0)])
    found = [r for r in regions(xy, np.where(labels == 2, 0, labels)) if r.name == "0"]
    assert sorted(round(region.anchor[0] / 12) for region in found) == [0, 1]
    assert sorted(len(region.rows) for region in found) == [200, 200]
    assert {region.key for region in found} == {"0"}


def test_outlines_end_where_a_class_is_no_longer_the_majority():
    xy, labels = blobs([(0, 0), (1.2, 0)], n=1500)
    one, other = regions(xy, labels)
    middle = (0.6, 0)
    for region in (one, other):
        x, _ = np.concatenate([o.rings[0] for o in region.outlines]).T
        assert (x < 0.75).all() if region.anchor[0] < middle[0] else (x > 0.45).all()


def test_a_class_that_is_nowhere_the_majority_has_no_outline():
    rng = np.random.default_rng(0)
    xy = rng.normal(size=(3000, 2))
    found = regions(xy, rng.integers(5, size=3000))
    assert len(found) == 5
    assert all(region.outlines == () for region in found)


def test_clusters_lie_within_clusters():
    far = [(x + 6 * dx, 6 * dy) for x in (0, 90) for dx in range(5) for dy in range(3)]
    # Too small to be seen from afar, each of them.
    xy, _ = blobs(far, n=40)
    coarse, fine, _ = clusters(xy)
    assert coarse.max() == 1
    assert fine.max() == 29
    for code in range(30):
        assert len(np.unique(coarse[fine == code])) == 1
    found = regions(xy, method="hdbscan")
    assert [r.key for r in found if r.level == 0] == ["cluster 1", "cluster 2"]
    children = [r for r in found if r.level == 1]
    assert {r.key for r in children} == {f"cluster {a}.{b}" for a in (1, 2) for b in range(1, 16)}
    whole = {r.key: set(r.rows) for r in found}
    assert all(set(r.rows) <= whole[r.parent] for r in children)


@pytest.mark.parametrize("n", [60, 200, 1500])
def test_pure_noise_has_no_clusters(n):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        for xy in (rng.uniform(size=(n, 2)), rng.normal(size=(n, 2))):
            assert all((codes == -1).all() for codes in clusters(xy))


@pytest.mark.parametrize("n", [30, 200])
def test_few_rows_that_do_stand_apart_are_clusters(n):
    xy, labels = blobs([(0, 0), (8, 0)], n=n)
    codes = clusters(xy, depths=1)[0]
    for label in (0, 1):
        inside = codes[labels == label]
        assert len(np.unique(inside[inside >= 0])) == 1
        assert (inside >= 0).mean() > 0.8


def test_a_peak_counts_from_so_deep_a_pass_on():
    rng = np.random.default_rng(3)
    for apart, count in ((2, 1), (5, 2)):
        xy = rng.normal(size=(1000, 2)) + np.c_[apart * (rng.random(1000) < 0.5), np.zeros(1000)]
        found = peaks(xy, 20)
        assert len(found) == count
        if count == 2:
            assert sorted(np.round(xy[found, 0] / apart)) == [0, 1]


def test_rows_on_top_of_each_other_are_a_peak():
    xy = np.concatenate([np.zeros((30, 2)), np.ones((30, 2)), [[0.5, 0.5]]])
    assert sorted(xy[peaks(xy, 8), 0]) == [0, 1]


def test_many_rows_join_the_clusters_of_a_sample():
    xy, truth = blobs([(0, 0), (10, 0)], n=10_000)
    coarse = clusters(xy, depths=1)[0]
    assert coarse.max() == 1
    for code in (0, 1):
        # A row has the cluster of its neighbour: only at the rims are there some without.
        assert (coarse[truth == code] == coarse[truth == code][0]).mean() > 0.9


def test_the_same_rows_give_the_same_clusters():
    xy = np.random.default_rng(0).normal(size=(8000, 2))
    for one, other in zip(clusters(xy, seed=3), clusters(xy, seed=3), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("n", [0, 1, 2, 50])
def test_identical_points_have_no_clusters_and_one_place_for_a_name(n):
    xy = np.full((n, 2), 3.0)
    assert regions(xy, method="hdbscan") == []
    found = regions(xy, np.zeros(n, int))
    assert [region.anchor for region in found] == ([(3.0, 3.0)] if n else [])


def test_two_heaps_are_two_clusters():
    xy = np.repeat([[0.0, 0.0], [1.0, 1.0]], 50, axis=0)
    assert [len(region.rows) for region in regions(xy, method="hdbscan")] == [50, 50]


def test_two_points_have_regions():
    found = regions([[0, 0], [1, 1]], ["a", "b"])
    assert [region.name for region in found] == ["a", "b"]


def test_ten_thousand_rows_take_under_a_second():
    import time  # noqa: PLC0415

    xy, labels = blobs([(3 * i, 3 * j) for i in range(5) for j in range(2)], n=1000)
    start = time.process_time()
    regions(xy, labels)
    regions(xy, method="hdbscan")
    assert time.process_time() - start < 1


def test_what_progress_raises_comes_through():
    def stop(_, words):
        raise InterruptedError(words)

    xy, labels = blobs([(0, 0), (9, 9)])
    with pytest.raises(InterruptedError, match="outlining"):
        regions(xy, labels, progress=stop)
    with pytest.raises(InterruptedError, match="clusters"):
        regions(xy, method="hdbscan", progress=stop)


@pytest.mark.parametrize(
    ("labels", "options", "words"),
    [
        (None, {}, "labels must be given"),
        ([0, 1], {}, "one class for each of 3 rows"),
        ([0.5, 1, 2], {}, "labels must be classes, got the number 0.5"),
        ([0, np.nan, 2], {}, "labels must be classes, got the number nan"),
        ([0, 1, 2], {"method": "kmeans"}, "method must be"),
        ([0, 1, 7], {"names": ["a", "b"]}, "names must name every label"),
    ],
)
def test_what_does_not_fit_is_refused(labels, options, words):
    with pytest.raises(ValueError, match=words):
        regions(np.eye(3)[:, :2], labels, **options)


def test_too_many_classes_are_refused():
    with pytest.raises(ValueError, match="at most 100 classes, got 101"):
        regions(np.zeros((101, 2)), np.arange(101))


def column(name, values, names=None):
    return make_column(name, values, len(values), names)


@pytest.mark.parametrize(
    ("name", "inside", "outside", "words"),
    [
        ("label", ["7"] * 10, ["1"] * 30, "7"),
        ("label", ["7"] * 8 + ["1"] * 2, ["1"] * 30, "mostly 7"),
        ("hair_color", ["red"] * 10, ["grey"] * 30, "red hair"),
        ("glasses", ["glasses"] * 10, ["none"] * 30, "glasses"),
        ("glasses", ["none"] * 10, ["glasses"] * 30, "no glasses"),
        ("smiling", [True] * 10, [False] * 30, "smiling"),
        ("depth", [3] * 10, [1] * 30, "depth 3"),
        ("smile", [0.9] * 10, [0.1] * 30, "high smile"),
        ("label", ["4"] * 5 + ["9"] * 5, ["1"] * 30, "4, 9"),
        ("shape", ["arrow"] * 10, ["moon"] * 30, "arrow"),
        ("label", ["1"] * 10, ["1"] * 30, None),
        ("size", [1.0] * 10, [1.0] * 30, None),
    ],
)
def test_a_cluster_is_called_by_what_its_rows_have_in_common(name, inside, outside, words):
    columns = [column(name, inside + outside)]
    assert describe(np.arange(10), columns) == words


def test_two_properties_make_a_name_the_more_telling_first():
    glasses = column("glasses", ["glasses"] * 10 + ["none"] * 10 + ["glasses"] * 20)
    hair = column("hair_color", ["red"] * 10 + ["grey"] * 30)
    assert describe(np.arange(10), [glasses, hair]) == "red hair, glasses"
    assert describe(np.arange(0), [glasses, hair]) is None


def test_a_part_is_told_from_the_rest_of_its_whole():
    labels = column("label", ["7"] * 20 + ["1"] * 20)
    slant = column("slant", [1.0] * 10 + [0.0] * 10 + [1.0] * 20)
    part, whole = np.arange(10), np.arange(20)
    assert describe(part, [labels, slant]) == "7"
    assert describe(part, [labels, slant], whole) == "high slant"


def test_a_name_goes_with_its_rows_to_another_map():
    xy, _ = blobs([(0, 0), (10, 0)], n=1500)
    before = regions(xy, method="hdbscan")
    after = regions(np.r_[xy[:1500] * 1.01, xy[1500:] + 50], method="hdbscan")
    first = before[0]
    entries = note(note([], first, "mine"), "label=a", "kept")
    assert len(entries[0]["rows"]) == 1000, "some of 1,500 will do"
    moved = recall(entries, after)
    key = next(key for key in moved if key.startswith("cluster"))
    there = next(region for region in after if region.key == key)
    assert moved == {key: "mine", "label=a": "kept"}
    assert len(np.intersect1d(there.rows, first.rows)) > 1000
    assert recall(entries, []) == {"label=a": "kept"}
    # A part that holds nearly all of its whole has a name of its own.
    part = replace(first, key="cluster 1.1", level=1, parent=first.key)
    assert recall(entries, [part]) == {"label=a": "kept"}
    assert recall(note(entries, there, "ours"), before) == {first.key: "ours", "label=a": "kept"}
    assert note(note(entries, there, None), "label=a", "") == []
