import time

import pytest
import torch

from latent_widgets.models.bundle import RECIPES
from latent_widgets.models.zoo import card, list_spaces, load_bundled


@pytest.mark.parametrize("name", list_spaces())
def test_a_bundled_space_is_whole(name):
    start = time.process_time()
    space = load_bundled(name)
    assert time.process_time() - start < 1
    n, d = space.points.shape
    assert n >= 800
    assert d == space.model.latent_dim
    assert space.logvar is None or space.logvar.shape == (n, d)
    # Points of the space, and not only near it.
    torch.testing.assert_close(
        space.model.geometry.project(space.points), space.points, rtol=1e-6, atol=1e-6
    )
    assert all(len(values) == n for values in space.factors.values())
    assert space.image_shape == space.model.image_shape
    assert card(name) == space.card
    with torch.inference_mode():
        pictures = space.model.decode(space.points[:3])
    assert pictures.shape == (3, *space.image_shape)
    assert pictures.isfinite().all()


def test_every_recipe_has_its_file():
    assert list_spaces() == sorted(RECIPES)
    assert load_bundled("digits").names == [str(digit) for digit in range(10)]
    assert set(load_bundled("faces").categories["glasses"]) == {"none", "glasses"}


def test_an_unknown_name_lists_what_exists():
    with pytest.raises(ValueError, match=r"there are: .*faces.*\. Did you mean 'faces'\?"):
        load_bundled("face")
    with pytest.raises(
        ValueError, match=r"no bundled space '../secret'; there are: [a-z0-9_, ]+\.$"
    ):
        card("../secret")
