"""Numbers about a path."""

from __future__ import annotations

import numpy as np
import pytest

from latent_widgets.analysis.path_figures import measure_path
from latent_widgets.geometry import Hypersphere, slerp


def test_a_straight_even_path():
    path = np.linspace([0, 0], [3, 4], 9)
    found = measure_path(path, 2 * path)
    assert found.length_in_latents == pytest.approx(5)
    assert found.length_in_pictures == pytest.approx(10)
    assert found.energy == pytest.approx(100)
    assert found.unevenness == pytest.approx(0, abs=1e-12)
    assert found.emptiest is None


def test_energy_is_above_the_squared_length_where_speed_varies():
    path = np.array([[0.0], [1.0], [4.0]])
    found = measure_path(path, path)
    assert found.energy == pytest.approx(2 * (1 + 9))
    assert found.length_in_pictures == 4
    assert found.unevenness == pytest.approx(0.5)


def test_length_is_that_of_the_geometry():
    ends = np.eye(3)[:1], np.eye(3)[1:2]
    arc = slerp(*ends, np.linspace(0, 1, 5))
    assert measure_path(arc, geometry=Hypersphere()).length_in_latents == pytest.approx(np.pi / 2)


def test_the_percentile_counts_emptier_rows():
    found = measure_path(np.eye(2), log_density=[0.5, -9.0], usual=[3.0, 0.0, 1.0, 2.0])
    assert found.percentile.tolist() == [25.0, 0.0]
    assert found.emptiest == 0


def test_a_path_that_stays_is_even():
    still = np.ones((4, 2))
    found = measure_path(still, still)
    assert (found.length_in_pictures, found.unevenness) == (0, 0)
    # A decoder does not give one latent the same picture to the bit at every place of a batch.
    rounded = measure_path(still, still + 1e-8 * np.eye(4, 2))
    assert 0 < rounded.length_in_pictures < 1e-7
    assert rounded.unevenness == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((np.ones(3),), "latents must be"),
        ((np.ones((1, 2)),), "latents must be"),
        ((np.ones((3, 2)), np.ones((2, 4))), "pictures must be 3"),
        ((np.ones((2, 2)), None, [1.0, 2.0]), "go together"),
    ],
)
def test_bad_arguments(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        measure_path(*arguments)
