"""The bundled spaces whose latents are judged by what is known of the pictures."""

import numpy as np
import pytest
import torch

from latent_widgets.datasets.sprites import sprite_grid, sprites
from latent_widgets.datasets.tree import tree
from latent_widgets.models.measure import measure
from latent_widgets.models.recipes.faces import to_bytes
from latent_widgets.models.recipes.sprites import HELD_OUT as SPRITES
from latent_widgets.models.recipes.sprites import HELD_OUT_SEED, judge_axes
from latent_widgets.models.recipes.tree import DEPTH, HELD_OUT, judge_tree
from latent_widgets.models.recipes.tree import HELD_OUT_SEED as TREE_SEED
from latent_widgets.models.zoo import load_bundled


def test_beta_brings_dimensions_and_factors_together():
    plain, beta = load_bundled("sprites"), load_bundled("sprites_beta")
    assert plain.model.beta == 1 < beta.model.beta
    for score in ("mig", "disentanglement"):
        ours, others = beta.card["axes"][score], plain.card["axes"][score]
        assert len(ours) == len(others) == 3
        # Every seed of one beats every seed of the other.
        assert min(ours) > max(others), score
    # And not by forgetting a factor.
    assert min(beta.card["axes"]["colour"]) > 0.8
    # The price of it.
    assert beta.card["held_out"]["mse"] > plain.card["held_out"]["mse"]


@pytest.mark.parametrize("name", ["sprites", "sprites_beta"])
def test_sprites_are_as_stated(name):
    space = load_bundled(name)
    pictures, _ = sprites(SPRITES, seed=HELD_OUT_SEED)
    found = measure(space.model, to_bytes(pictures))
    stated = space.card["held_out"]
    assert stated == {"rows": SPRITES} | {
        name: pytest.approx(value, rel=1e-3) for name, value in found.items()
    }
    score = judge_axes(space.model, sprite_grid(), trees=0)["mig"]
    assert space.card["axes"]["mig"][0] == pytest.approx(score, abs=0.005)


def test_the_tree_lies_in_the_disk_as_it_is():
    space = load_bundled("tree")
    assert space.model.geometry.name == "poincare"
    assert space.points.norm(dim=1).max() < space.model.geometry.c**-0.5
    known = tree(HELD_OUT, TREE_SEED, DEPTH)
    pictures = to_bytes(known.images)
    stated = space.card["held_out"]
    found = measure(space.model, pictures) | judge_tree(
        space.model, pictures, np.asarray(known.factors["node"])
    )
    assert stated == {"rows": HELD_OUT} | {
        name: pytest.approx(value, rel=1e-3) for name, value in found.items()
    }
    flat = space.card["flat"]
    assert found["steps"] > flat["steps"] + 0.05
    assert found["depth"] > flat["depth"] + 0.1
    # The root is in the middle, and leaves are at the rim.
    depth = space.factors["depth"]
    away = space.model.geometry.distance(space.points, torch.zeros_like(space.points)).numpy()
    assert away[depth == 0].mean() < 0.5 * away[depth == 5].mean()
