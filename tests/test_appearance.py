"""What the data of a space are said to look like."""

from __future__ import annotations

import numpy as np
import pytest
from toys import Painter

from latent_widgets import LatentSpace
from latent_widgets.appearance import appearance


def seen(images):
    space = LatentSpace(Painter(), images, device="cpu")
    found = appearance(space)
    space.close()
    return found


def test_things_in_the_middle_have_an_extent():
    images = np.zeros((5, 8, 8), np.float32)
    images[:, 1:7, 3:5] = 1
    found = seen(images)
    assert found == {"brightness": 12 / 64, "edge": [0.0], "extent": 6 / 8, "pictures": True}


def test_things_anywhere_have_none():
    images = np.ones((5, 8, 8), np.float32)
    images[:, 1:7, 6:] = 0.25
    found = seen(images)
    assert found["edge"] == [1.0]
    assert found["extent"] is None


def test_of_points_alone_nothing_is_known():
    space = LatentSpace(None, points=np.zeros((3, 2)), device="cpu")
    assert appearance(space)["brightness"] is None
    space.close()


def test_digits_are_bright_on_black_and_in_the_middle():
    space = LatentSpace("digits", device="cpu")
    found = appearance(space)
    assert found["brightness"] == pytest.approx(0.13, abs=0.03)
    assert found["edge"][0] < 0.02
    assert 0.6 < found["extent"] < 0.8
    space.close()
