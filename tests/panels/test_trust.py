"""The trust panel's Python side: what it measures, what it draws, and what it follows."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from toys import Layer

import latent_widgets as lw
from latent_widgets.analysis.projection import project
from latent_widgets.analysis.quality import measure_quality
from latent_widgets.analysis.strangers import StrangerSearch

POINTS = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)
LABELS = ["cat", "dog"] * 30
LINES = {"neighbours", "false neighbours"}


@pytest.fixture
def space():
    torch.manual_seed(0)
    made = lw.LatentSpace(Layer(), points=POINTS, labels=LABELS, device="cpu")
    yield made
    made.close()


@pytest.fixture
def trust(space):
    panel = lw.TrustPanel(space, lw.ScatterProjection(space, method="pca"))
    assert panel.wait(10)
    yield panel
    panel.close()


def until(what, seconds=5.0):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def edges(space, name):
    return np.frombuffer(space.overlays[name]["edges"], "<i4").reshape(-1, 2)


def test_it_measures_the_map_and_says_what_the_figures_mean(trust):
    expected = measure_quality(POINTS, project(POINTS).xy, LABELS)
    assert trust.quality.trustworthiness == expected.trustworthiness
    items = trust.figures["items"]
    assert [item["name"] for item in items][:3] == [
        "trustworthiness",
        "continuity",
        "neighbourhood hit",
    ]
    assert items[0]["value"] == expected.trustworthiness
    assert all(item["meaning"] for item in items)
    assert trust.figures["about"] == "PCA: 12 neighbours of each of 60 rows"
    counts = np.frombuffer(trust.diagram["counts"], "<u4")
    assert counts.sum() == 60 * 59 / 2
    assert len(counts) == trust.diagram["bins"] ** 2


def test_without_a_map_it_judges_the_principal_axes(space):
    trust = lw.TrustPanel(space)
    assert trust.wait(10)
    assert trust.projection.method == "pca"
    np.testing.assert_array_equal(trust.projection.xy, project(POINTS).xy)
    trust.close()


def test_a_projection_alone_can_be_judged(space):
    noise = project(POINTS, "random", seed=3)
    trust = lw.TrustPanel(space, noise)
    assert trust.wait(10)
    assert trust.projection is noise
    assert trust.figures["about"].startswith("random directions:")
    trust.close()


def test_it_joins_the_selected_rows_to_their_neighbours_on_every_map(space, trust):
    space.selection = [7]
    until(lambda: trust.probed.get("rows") == [7])
    expected = StrangerSearch(POINTS, project(POINTS).xy).find([7], 12)
    np.testing.assert_array_equal(edges(space, "neighbours"), expected.neighbours)
    np.testing.assert_array_equal(edges(space, "false neighbours"), expected.false)
    assert trust.probed["says"].startswith(f"Row 7: {12 - len(expected.false)} of its 12")
    space.selection = [7, 8]
    until(lambda: trust.probed["rows"] == [7, 8])
    assert len(edges(space, "neighbours")) == 24


def test_with_nothing_selected_it_follows_z(space, trust):
    space.z = POINTS[31] + 1e-3
    until(lambda: trust.probed.get("rows") == [31])
    assert trust.probed["says"].startswith("Row 31, the nearest to z: ")


def test_many_rows_are_not_joined_and_that_is_said(space, trust):
    space.selection = [7]
    until(lambda: set(space.overlays) >= LINES)
    space.selection = list(range(40))
    until(lambda: not space.overlays)
    assert trust.probed["says"] == "40 rows are selected; 20 or fewer can be probed."


def test_the_lines_can_be_switched_off_and_go_with_the_panel(space, trust):
    space.selection = [3]
    until(lambda: set(space.overlays) >= LINES)
    trust.probing = False
    until(lambda: not space.overlays)
    space.selection = [4]
    time.sleep(0.1)
    assert not space.overlays
    trust.probing = True
    until(lambda: set(space.overlays) >= LINES)
    trust.close()
    assert not space.overlays


def test_rows_are_probed_from_python(space, trust):
    found = trust.probe(5)
    assert found.rows.tolist() == [5]
    np.testing.assert_array_equal(edges(space, "neighbours"), found.neighbours)
    assert trust.probe([5, 6]).true.shape == (2, 12)
    with pytest.raises(ValueError, match="60"):
        trust.probe(60)


def test_maps_can_be_coloured_by_what_is_wrong_on_them(space, trust):
    trust.color_map()
    assert space.data.columns[-1].name == "distortion"
    np.testing.assert_array_equal(space.data.columns[-1].values, trust.quality.distortion)
    assert trust._of.color == "distortion"
    trust._answer_color({"which": "lost"}, None)
    assert trust._of.color == "lost neighbours"
    with pytest.raises(ValueError, match=r"which must be one of \['distortion', 'lost'\]"):
        trust.color_map("stress")


def test_another_map_or_another_count_is_measured_anew(space, trust):
    before = trust.quality
    trust.k = 3
    assert trust.wait(10)
    assert trust.quality.k == 3
    trust._of.set_trait("xy", b"")
    assert trust.wait(10)
    assert trust.quality is not before
    space.replace(Layer(), points=-2 * POINTS[::-1])
    assert trust.wait(10)
    np.testing.assert_allclose(
        trust.quality.trustworthiness,
        measure_quality(space.points, project(space.points).xy, k=3).trustworthiness,
    )
    with pytest.raises(ValueError, match="k must be from 1 to 100, got 0"):
        trust.k = 0
    assert trust.k == 3


@pytest.mark.parametrize("n", [1, 2])
def test_few_rows_have_few_figures(n):
    space = lw.LatentSpace(Layer(), points=POINTS[:n], device="cpu")
    trust = lw.TrustPanel(space)
    assert trust.wait(10)
    assert trust.work == {}
    assert trust.figures["items"][0]["value"] is None
    space.close()


def test_a_space_without_rows_says_so():
    space = lw.LatentSpace(Layer(), device="cpu")
    trust = lw.TrustPanel(space)
    assert trust.figures == {"about": "This space has no rows to judge.", "items": []}
    with pytest.raises(RuntimeError, match="still being measured"):
        trust.color_map()
    space.close()


def test_what_is_no_map_of_the_space_is_refused(space):
    other = lw.LatentSpace(Layer(), points=POINTS, device="cpu")
    with pytest.raises(ValueError, match="of must be a map of the same space"):
        lw.TrustPanel(space, lw.ScatterProjection(other))
    with pytest.raises(TypeError, match="of must be a map such as a ScatterProjection, got int"):
        lw.TrustPanel(space, 3)
    other.close()
