import json
from pathlib import Path

import numpy as np
import pytest
import torch

import latent_widgets as lw
from latent_widgets.regions import region_means, regions

CASES = json.loads((Path(__file__).parent / "cases" / "regions.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["latent_shape"]))
def test_regions_are_those_of_the_page(case):
    assert [list(map(int, dims)) for dims in regions(case["latent_shape"])] == case["dims"]


def test_every_dimension_is_in_its_channel_and_in_one_region():
    shape = (3, 7, 9)
    found = regions(shape)
    channels, parts = found[:3], found[3:]
    assert len(parts) == 3 * 16
    for several in (channels, parts):
        np.testing.assert_array_equal(np.sort(np.concatenate(several)), np.arange(3 * 7 * 9))
    for channel in range(3):
        inside = np.concatenate(parts[16 * channel : 16 * (channel + 1)])
        np.testing.assert_array_equal(np.sort(inside), channels[channel])


def test_flat_latents_have_no_regions():
    assert regions(None) == []
    assert regions((16,)) == []
    assert region_means(np.ones((5, 16)), (16,)).shape == (5, 0)


def test_sliders_of_a_spatial_latent_know_their_regions():
    class Model:
        latent_shape = (2, 4, 4)

        def encode(self, x):
            return x.repeat(1, 2, 1, 1)

        def decode(self, z):
            return z[:, :1].sigmoid()

    images = torch.rand(30, 1, 4, 4, generator=torch.Generator().manual_seed(0))
    space = lw.LatentSpace(Model(), images, device="cpu")
    assert space.latent_shape == (2, 4, 4)
    assert space.facts["latent_shape"] == [2, 4, 4]
    sliders = lw.LatentSliders(space)
    ranges = np.frombuffer(sliders.region_ranges, np.float32).reshape(-1, 2)
    means = images.mean(dim=(1, 2, 3)).numpy()
    assert len(ranges) == 2 + 2 * 16
    assert ranges[0, 0] < means.min()
    assert ranges[0, 1] > means.max()
    counts = np.frombuffer(sliders.histograms, np.float32).reshape(2 * 16 + 34, -1)
    np.testing.assert_array_equal(counts.sum(axis=1), 30)
    sliders.close()
    space.close()
