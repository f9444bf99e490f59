"""The picture that a saved notebook shows."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image
from toys import Painter, pictures

from latent_widgets.export.still import draw_still, draw_strip
from latent_widgets.space import LatentSpace


def open_png(still):
    image = Image.open(io.BytesIO(still.png)).convert("RGB")
    assert image.size == (still.width, still.height)
    return np.asarray(image)


def make_space(**options):
    return LatentSpace(Painter(), pictures(), **options)


def test_it_shows_the_map_the_picture_and_says_so():
    space = make_space(labels=list("aabbccaabbcc"))
    space.z = [4, 4, 4, 4]
    still = draw_still(space, "lw.LatentExplorer(model)")
    sheet = open_png(still)
    assert still.width == 960
    assert sheet[200, 700].min() > 245  # sigmoid(4) is nearly white
    assert still.alt == (
        "Still of lw.LatentExplorer(model): a map of 12 encoded rows, coloured by label "
        "and the picture that z decodes to."
    )
    space.z = [-4, -4, -4, -4]
    assert open_png(draw_still(space, "x"))[200, 700].max() < 10


def test_without_the_map_the_picture_stands_in_the_middle():
    space = make_space()
    space.z = [-4, -4, -4, -4]
    sheet = open_png(draw_still(space, "x", chart=False))
    dark = (sheet.max(2) < 20).sum(0) > 300
    columns = np.flatnonzero(dark)
    assert (columns[0], columns[-1]) == (288, 671)


def test_the_background_is_white_up_to_a_hairline():
    sheet = open_png(draw_still(make_space(), "x"))
    assert (sheet[1:20, 1:-1] == 255).all()
    assert (sheet[:, 1:20][1:-1] == 255).all()
    assert sheet[0, 0].tolist() == [224, 224, 224]


class Blind:
    """Decodes nothing."""

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean((2, 3)).repeat(1, 2)


def test_a_space_without_a_decoder_shows_its_map_alone():
    still = draw_still(LatentSpace(Blind(), pictures()), "x")
    assert "decodes" not in still.alt


def test_neither_data_nor_decoder_gives_nothing():
    assert draw_still(LatentSpace(Blind(), latent_dim=3), "x") is None


def test_very_many_rows_are_thinned_and_it_is_said():
    points = np.random.default_rng(0).normal(size=(30_000, 4))
    still = draw_still(LatentSpace(Painter(), points=points), "x")
    assert "a map of 2,000 of 30,000 encoded rows" in still.alt
    assert len(still.png) < 60_000


@pytest.mark.parametrize("values", [np.linspace(-1, 1, 12), [0.5] * 12, list(range(12))])
def test_any_column_can_colour_the_map(values):
    space = make_space(factors={"first": [True, False] * 6, "odd one": values})
    still = draw_still(space, "x", color="odd one")
    assert "coloured by odd one" in still.alt


def test_a_very_long_line_does_not_break_the_sheet():
    assert draw_still(make_space(), "x" * 500).width == 960


def test_a_strip_keeps_every_second_picture_when_there_are_many():
    sheet = open_png(draw_strip(np.zeros((20, 8, 8, 3), np.uint8), "x"))
    dark = sheet[60].max(1) < 20
    assert np.flatnonzero(np.diff(dark.astype(int)) == 1).size == 10
