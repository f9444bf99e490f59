"""LatentSliders: order, ranges, options."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import traitlets as t

from latent_widgets import codec
from latent_widgets.panels.sliders import LatentSliders, count_rows
from latent_widgets.space import LatentSpace


class Decoder:
    """Decodes to a flat grey picture."""

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(z[:, :1, None, None]).expand(-1, 1, 4, 4)


def make_space(points, logvar=None):
    return LatentSpace(Decoder(), points=points, logvar=logvar)


def test_the_most_informative_dimension_comes_first():
    points = torch.tensor([[0.0, 3.0, 1.0], [0.0, -3.0, -1.0]])
    sliders = LatentSliders(make_space(points, torch.zeros(2, 3)))
    assert sliders.order == [1, 2, 0]


def test_without_a_variance_the_widest_dimension_comes_first():
    points = np.array([[0.0, 1.0, 5.0], [0.1, -1.0, -5.0]])
    assert LatentSliders(make_space(points)).order == [2, 1, 0]


def test_without_data_the_dimensions_keep_their_order():
    space = LatentSpace(Decoder(), latent_dim=4)
    sliders = LatentSliders(space)
    assert sliders.order == [0, 1, 2, 3]
    assert not codec.bytes_to_floats(sliders.histograms, 32).any()


def test_histograms_count_the_rows_along_each_dimension():
    rows = np.stack([np.linspace(0, 0.999, 100), np.full(100, 0.5)], 1).astype(np.float32)
    counts = count_rows(rows, np.zeros(2), np.ones(2), bins=4)
    assert counts.tolist() == [[25, 25, 25, 25], [0, 0, 100, 0]]
    assert count_rows(rows + 7, np.zeros(2), np.ones(2), bins=4).sum() == 0


def test_a_histogram_travels_for_each_dimension():
    points = np.random.default_rng(0).normal(size=(500, 6)).astype(np.float32)
    counts = codec.bytes_to_floats(LatentSliders(make_space(points)).histograms, 32)
    assert counts.shape == (6, 32)
    # The outermost rows may lie outside the slider's range.
    assert (counts.sum(1) >= 498).all()


def test_very_many_rows_are_counted_evenly():
    rows = np.zeros((50_001, 3), np.float32)
    counts = count_rows(rows, -np.ones(3), np.ones(3), bins=2)
    assert counts.sum(1).tolist() == [16_667] * 3


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"shown": 0}, "shown must be at least 1, got 0"),
        ({"locked": [1, 3]}, "locked must hold dimensions from 0 to 2, got 3"),
        ({"order": [0, 0, 1]}, "order must name each dimension from 0 to 2 once"),
    ],
)
def test_a_bad_option_is_refused_by_name_and_changes_nothing(option, sentence):
    space = make_space(np.eye(3))
    with pytest.raises(t.TraitError, match=sentence):
        LatentSliders(space, **option)
    sliders = LatentSliders(space)
    [(name, value)] = option.items()
    before = getattr(sliders, name)
    with pytest.raises(t.TraitError, match=sentence):
        setattr(sliders, name, value)
    assert getattr(sliders, name) == before
    with pytest.raises(t.TraitError, match=sentence):
        sliders.set_state({name: value})
    assert getattr(sliders, name) == before


def test_an_unknown_option_is_refused_by_name():
    with pytest.raises(TypeError, match="LatentSliders has no option 'show'; did you mean 'shown'"):
        LatentSliders(make_space(np.eye(3)), show=3)


def test_locked_dimensions_are_sorted_and_named_once():
    assert LatentSliders(make_space(np.eye(3)), locked=[2, 0, 2]).locked == [0, 2]
