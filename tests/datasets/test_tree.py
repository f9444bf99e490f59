"""A tree whose pictures tell the hierarchy."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr

from latent_widgets.datasets.tree import steps, tree


def pixels_apart(toy):
    flat = toy.images.flatten(1)
    return cdist(flat, flat)


def test_everything_is_as_promised():
    toy = tree(126, seed=1)
    assert toy.images.shape == (126, 1, 28, 28)
    assert toy.images.dtype == torch.float32
    assert toy.images.min() == 0
    assert 0.9 < toy.images.max() <= 1
    assert not toy.images.is_inference()
    assert toy.points.shape == (126, 50)
    assert np.array_equal(np.bincount(toy.factors["node"]), [0] + [2] * 63)


def test_columns_tell_where_a_node_is():
    toy = tree(63, depth=5)
    for node, depth, branch, leaf in zip(*toy.factors.values(), strict=True):
        way, parent = "", node
        while parent > 1:
            way = "LR"[parent % 2] + way
            parent //= 2
        assert depth == len(way)
        assert branch == (way[:2] or "trunk")
        assert leaf == (way if depth == 5 else "")


def test_steps_are_those_of_a_walk():
    edges = {(child, child // 2) for child in range(2, 32)}
    far = np.full((32, 32), np.inf)
    np.fill_diagonal(far, 0)
    for a, b in edges:
        far[a, b] = far[b, a] = 1
    for via in range(1, 32):
        far = np.minimum(far, far[:, [via]] + far[[via]])
    nodes = np.arange(1, 32)
    assert np.array_equal(steps(nodes[:, None], nodes[None]), far[1:, 1:])
    toy = tree(31, depth=4)
    node = toy.factors["node"]
    assert np.array_equal(toy.distances(), far[np.ix_(node, node)])


def test_pictures_are_the_farther_apart_the_more_steps_there_are_between_nodes():
    toy = tree(378, seed=2)
    pixels, walk = pixels_apart(toy), toy.distances()
    above = np.triu_indices(len(walk), 1)
    assert spearmanr(pixels[above], walk[above])[0] > 0.88
    np.fill_diagonal(pixels, np.inf)
    nearest = walk[np.arange(len(walk)), pixels.argmin(1)]
    # The most alike picture is of the same node, of its sibling, its parent or its child.
    assert (nearest == 0).mean() > 0.9
    assert (nearest <= 2).mean() > 0.97


def test_siblings_and_mirrored_ways_mirror_each_other():
    toy = tree(3 * 63, seed=3)
    node = toy.factors["node"]
    left = toy.images[node == 2].mean(0)
    right = toy.images[node == 3].mean(0)
    assert (left.flip(-1) - right).abs().max() < 0.25
    across = torch.arange(28) - 13.5
    assert (left.sum((0, 1)) @ across) < 0 < (right.sum((0, 1)) @ across)


def test_a_child_grows_out_of_its_parent():
    toy = tree(63 * 4, seed=4)
    node = toy.factors["node"]
    mean = {k: toy.images[node == k].mean(0) for k in range(1, 64)}
    for child in range(2, 64):
        parent = mean[child // 2]
        kept = torch.minimum(mean[child], parent).sum() / parent.sum()
        assert kept > 0.7
        assert mean[child].sum() > parent.sum()


@pytest.mark.parametrize("depth", [1, 3, 5])
def test_plants_stay_inside_their_pictures(depth):
    images = tree(600, seed=5, depth=depth, size=32).images
    top, left, right = images[..., 0, :], images[..., 0], images[..., -1]
    assert max(top.max(), left.max(), right.max()) < 0.3


def test_points_spread_as_the_tree_does():
    toy = tree(630, seed=6, dim=200, size=16)
    apart = cdist(toy.points, toy.points, "sqeuclidean") / 200
    walk = toy.distances()
    for step in (0, 1, 2, 10):
        pairs = (walk == step) & ~np.eye(len(walk), dtype=bool)
        assert apart[pairs].mean() == pytest.approx(step + 2 / 25, rel=0.15)


def test_the_seed_decides_everything():
    first, again, other = tree(40, seed=7), tree(40, seed=7), tree(40, seed=8)
    assert torch.equal(first.images, again.images)
    assert np.array_equal(first.points, again.points)
    assert not np.array_equal(first.factors["node"], other.factors["node"])
    assert tree(0).images.shape == (0, 1, 28, 28)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"n": 2.5}, r"n is 2\.5; expected a whole number, 0 or more\."),
        ({"n": 3, "depth": 0}, r"depth is 0; expected a whole number, 1 or more\."),
        ({"n": 3, "depth": 7}, r"depth is 7; expected at most 6\."),
        ({"n": 3, "size": 8}, r"size is 8; expected a whole number, 16 or more\."),
        ({"n": 3, "dim": 0}, r"dim is 0; expected a whole number, 1 or more\."),
    ],
)
def test_bad_input_is_refused_in_one_sentence(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        tree(**options)
