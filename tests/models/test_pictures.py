import numpy as np
import pytest
import torch

from latent_widgets.datasets.images import as_pictures
from latent_widgets.models.pictures import compact, to_unit


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
    found = compact(np.ones(given, dtype))
    assert found.shape == expected
    assert found.dtype == (torch.uint8 if dtype == np.uint8 else torch.float32)


def test_axes_are_read_as_everywhere_else():
    for shape in [(2, 8, 8), (2, 3, 3, 3), (2, 4, 8, 3), (2, 8, 4, 1), (2, 1, 8, 8), (2, 8, 8, 4)]:
        given = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
        for form in (given, torch.tensor(given), given[..., ::-1]):
            torch.testing.assert_close(to_unit(compact(form)), as_pictures(form), atol=0, rtol=0)


def test_bytes_become_the_unit_range():
    unit = to_unit(torch.tensor([[[[0, 51, 255]]]], dtype=torch.uint8))
    torch.testing.assert_close(unit.flatten(), torch.tensor([0, 0.2, 1]))


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (np.zeros((8, 8)), "validation must have shape"),
        (np.uint8(3), "validation must have shape"),
        (np.zeros((8, 8), np.uint8), "validation must have shape"),
        (np.zeros((2, 5, 8, 8), np.uint8), "validation must have shape"),
        (np.zeros((0, 8, 8)), "validation must hold at least one picture"),
        (np.zeros((0, 8, 8), np.uint8), "validation must hold at least one picture"),
        (
            np.full((1, 8, 8), 255.0),
            r"must be uint8 or lie in \[0, 1\], got .* from 255 to 255",
        ),
        (np.full((1, 8, 8), np.nan), r"must be uint8 or lie in \[0, 1\]"),
        (np.full((1, 8, 8), 255, np.int64), r"must be uint8 or lie in \[0, 1\]"),
    ],
)
def test_other_arrays_are_refused(images, sentence):
    with pytest.raises(ValueError, match=sentence):
        compact(images, "validation")
