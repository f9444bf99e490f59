"""Two maps of one space: linked by it, each with its own figures."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from ipywidgets.widgets.widget import _instances
from toys import Layer

import latent_widgets as lw
from latent_widgets.analysis.projection import project
from latent_widgets.analysis.quality import measure_quality

POINTS = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)


@pytest.fixture
def space():
    torch.manual_seed(0)
    made = lw.LatentSpace(Layer(), points=POINTS, labels=["cat", "dog"] * 30, device="cpu")
    yield made
    made.close()


@pytest.fixture
def pair(space):
    made = lw.ProjectionPair(space, "pca", {"method": "axes", "axes": [2, 0]})
    assert made.wait(10)
    yield made
    made.close()


def test_both_maps_look_at_one_space(space, pair):
    assert [scatter.method for scatter in pair.maps] == ["pca", "axes"]
    assert pair.left.space is pair.right.space is space
    assert pair.right.axes == [2, 0]


def test_each_map_has_its_figures(space, pair):
    axes = measure_quality(POINTS, project(POINTS, "axes", axes=[2, 0]).xy, space.labels)
    assert pair.quality[1].trustworthiness == axes.trustworthiness
    assert pair.figures == [str(one) for one in pair.quality]
    assert pair.figures[1] == str(axes)
    assert pair.figures[0] != pair.figures[1]


def test_only_the_map_that_changed_is_measured_anew(pair):
    before = pair.quality
    pair.right.axes = [0, 1]
    assert pair.wait(10)
    assert pair.quality[0] is before[0]
    assert pair.quality[1] is not before[1]
    pair.k = 5
    assert pair.wait(10)
    assert [one.k for one in pair.quality] == [5, 5]


def test_it_takes_its_maps_along_and_leaves_the_space(space, pair):
    scatter = pair.left
    pair.close()
    assert scatter.comm is None
    space.z = POINTS[3]
    assert space.comm is not None


def test_a_pair_that_cannot_be_made_leaves_nothing_behind(space):
    before = set(_instances)
    with pytest.raises(ValueError, match="method must be"):
        lw.ProjectionPair(space, "pca", "cubism")
    with pytest.raises(TypeError, match="ProjectionPair has no option 'kk'; did you mean 'k'"):
        lw.ProjectionPair(space, "pca", "axes", kk=3)
    assert set(_instances) == before


def test_without_rows_there_are_no_figures():
    space = lw.LatentSpace(Layer(), device="cpu")
    pair = lw.ProjectionPair(space, "pca", "axes")
    assert pair.figures == []
    assert pair.quality == (None, None)
    pair.close()
    space.close()
