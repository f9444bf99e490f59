"""Some dimensions of one latent, the rest of another."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_widgets.analysis import block, factor_dims, mix
from latent_widgets.geometry import Hypersphere, PoincareBall


def test_chosen_dimensions_come_from_the_second():
    a, b = np.arange(4.0), np.arange(4.0) + 10
    np.testing.assert_array_equal(mix(a, b, [3, 1, 3]), [0, 11, 2, 13])
    np.testing.assert_array_equal(mix(a, b, []), a)
    np.testing.assert_array_equal(mix(a, b, range(4)), b)
    np.testing.assert_array_equal(a, np.arange(4.0))


def test_leading_axes_broadcast_and_the_kind_stays():
    grid = mix(torch.zeros(2, 1, 3), torch.ones(1, 5, 3), [0])
    assert grid.shape == (2, 5, 3)
    assert torch.equal(grid[1, 4], torch.tensor([1.0, 0, 0]))


@pytest.mark.parametrize("geometry", [Hypersphere(), PoincareBall(c=1.0)])
def test_on_curved_spaces_the_mixture_is_brought_back(geometry):
    a, b = np.asarray(geometry.project(np.array([[0.9, 0.1, 0], [0, 0.8, 0.5]])))
    mixed = mix(a, b, [1], geometry)
    np.testing.assert_allclose(mixed, geometry.project(mix(a, b, [1])))
    np.testing.assert_allclose(mixed, geometry.project(mixed))


@pytest.mark.parametrize("dims", [[4], [-1], [0.5], ["1"]])
def test_dimensions_out_of_range_are_refused(dims):
    with pytest.raises(ValueError, match="dims must be"):
        mix(np.zeros(4), np.ones(4), dims)


def test_latents_of_two_widths_are_refused():
    with pytest.raises(ValueError, match="one dimension d"):
        mix(np.zeros(4), np.ones(3), [0])


def test_dimensions_of_a_factor_are_found():
    random = np.random.default_rng(0)
    points = random.standard_normal((600, 5))
    told = points[:, 1] + points[:, 4] + 0.3 * random.standard_normal(600)
    assert factor_dims(points, told, classes=False) == [1, 4]
    # A class of three whose middle one is apart: a correlation would see nothing.
    codes = np.where(abs(points[:, 2]) < 0.5, 1, np.where(random.random(600) < 0.5, 0, 2))
    points[codes == 1, 2] += 5
    assert factor_dims(points, codes, classes=True) == [2]
    assert factor_dims(points, np.zeros(600), classes=True) == []


def test_regions_and_channels_of_a_latent_that_is_a_picture():
    ids = np.arange(24).reshape(2, 3, 4)
    assert block((2, 3, 4), channels=[1]) == ids[1].ravel().tolist()
    assert block((2, 3, 4), rows=[0], columns=[2, 3]) == ids[:, 0, 2:].ravel().tolist()
    with pytest.raises(ValueError, match="shape must be"):
        block((4,))
    with pytest.raises(ValueError, match="dims must be from 0 to 1"):
        block((2, 3, 4), channels=[2])
