import numpy as np
import pytest
import torch

from latent_widgets.models.pictures import as_pictures, to_unit


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((2, 1, 8, 8), (2, 1, 8, 8)),
        ((2, 8, 8), (2, 1, 8, 8)),
        ((2, 8, 8, 3), (2, 3, 8, 8)),
        ((1, 3, 8, 8), (1, 3, 8, 8)),
    ],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_pictures_come_to_one_form(given, expected, dtype):
    found = as_pictures(np.ones(given, dtype))
    assert found.shape == expected
    assert found.dtype == (torch.uint8 if dtype == np.uint8 else torch.float32)


def test_bytes_become_the_unit_range():
    unit = to_unit(torch.tensor([[[[0, 51, 255]]]], dtype=torch.uint8))
    torch.testing.assert_close(unit.flatten(), torch.tensor([0, 0.2, 1]))


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (np.zeros((8, 8)), "with n at least 1"),
        (np.zeros((0, 8, 8)), "with n at least 1"),
        (np.full((1, 8, 8), 255.0), r"must lie in \[0, 1\], got 255 to 255"),
        (np.full((1, 8, 8), np.nan), r"must lie in \[0, 1\]"),
        (np.zeros((1, 8, 8), np.int64), "uint8 or floating point"),
    ],
)
def test_other_arrays_are_refused(images, sentence):
    with pytest.raises(ValueError, match=sentence):
        as_pictures(images)
