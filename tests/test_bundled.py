"""Every bundled space is one that panels can show."""

import numpy as np
import pytest

from latent_widgets import LatentExplorer, LatentSpace
from latent_widgets.models.zoo import list_spaces


@pytest.mark.parametrize("name", list_spaces())
def test_it_decodes_its_draws_its_rows_and_its_home(name):
    space = LatentSpace(name)
    drawn = space.sample(4, seed=0)
    assert drawn.shape == (4, space.latent_dim)
    channels, height, width = space.image_shape
    assert space.decode(drawn).shape == (4, channels, height, width)
    assert space.image.shape == (height, width, channels)
    assert space.pictures([0, 1]).shape == (2, height, width, channels)
    moved = space.home.copy()
    moved[0] += 0.1
    space.z = space.geometry.project(moved)
    assert np.isfinite(space.image).all()
    assert space.can_encode == (name != "digits_gan")
    space.close()


@pytest.mark.parametrize("name", list_spaces())
def test_an_explorer_shows_it(name):
    explorer = LatentExplorer(name)
    assert explorer.space.name == name
    explorer.close()
