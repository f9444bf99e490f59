"""LatentViewer without a page."""

import pytest
import torch
from toys import Painter

from latent_widgets.panels.viewer import LatentViewer
from latent_widgets.space import LatentSpace


class Large(Painter):
    def decode(self, z):
        return torch.sigmoid(z[:, :1, None, None]).expand(-1, 3, 64, 64)


@pytest.mark.parametrize(("model", "smooth"), [(Painter(), False), (Large(), True)])
def test_large_pictures_are_blended_and_small_ones_crisp(model, smooth):
    space = LatentSpace(model)
    assert LatentViewer(space).smooth is smooth
    assert LatentViewer(space, smooth=not smooth).smooth is not smooth
    space.close()


def test_what_is_no_space_is_refused():
    with pytest.raises(TypeError, match="space must be a LatentSpace or the name of a bundled one"):
        LatentViewer(7)
    with pytest.raises(TypeError, match="did you mean 'smooth'"):
        LatentViewer("digits", smoth=True)
