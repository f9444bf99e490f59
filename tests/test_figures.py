import warnings

import numpy as np
import pytest

from latent_widgets.analysis.probes import Probe

with warnings.catch_warnings():
    # A part of bqplot declares its dates the way of an older traitlets.
    warnings.simplefilter("ignore", DeprecationWarning)
    from latent_widgets.figures import MOST, draw_dimensions, draw_importance, draw_probes


def test_bars_are_sorted_and_silent_ones_grey():
    figure = draw_dimensions(["a", "b", "c"], np.array([0.5, 2.0, 0.001]), 0.01)
    (bars,) = figure.marks
    assert bars.x.tolist() == ["b", "a", "c"]
    assert bars.y.tolist() == [2.0, 0.5, 0.001]
    assert bars.colors[0] == bars.colors[1] != bars.colors[2]
    # bqplot draws the first of a vertical axis at the bottom.
    assert bars.scales["x"].domain == ["c", "a", "b"]


def test_of_many_dimensions_the_largest_are_drawn():
    values = np.arange(100.0)
    (bars,) = draw_dimensions([f"z{i}" for i in range(100)], values, 0.01).marks
    assert len(bars.y) == MOST
    assert bars.y.min() == 100 - MOST


@pytest.mark.parametrize(
    ("high", "ticks", "form"),
    [
        (2.41, [0, 0.5, 1, 1.5, 2], ".1f"),
        (1.0, [0, 0.2, 0.4, 0.6, 0.8, 1], ".1f"),
        (4.52, [0, 1, 2, 3, 4], ".0f"),
        (0.01, [0, 0.002, 0.004, 0.006, 0.008, 0.01], ".3f"),
        (130.0, [0, 50, 100], ".0f"),
    ],
)
def test_ticks_are_round_numbers_that_are_written_out(high, ticks, form):
    axis = draw_dimensions(["a"], np.array([high]), 0.001).axes[1]
    np.testing.assert_allclose(axis.tick_values, ticks, atol=1e-12)
    assert axis.tick_format == form
    assert axis.scale.max == high


def test_probes_have_their_chance_beside_them():
    found = {"hat": Probe(0.9, "balanced accuracy", 0.5), "turn": Probe(-2.0, "R2", 0.0)}
    bars, chance = draw_probes(found).marks
    assert bars.y.tolist() == [0.9, 0.0]
    assert chance.x.tolist() == [0.5, 0.0]
    assert chance.y.tolist() == ["hat", "turn"]
    assert chance.scales["x"] is bars.scales["y"]


def test_importance_is_drawn_by_size():
    matrix = {"hat": np.array([1.0, 0.0]), "turn": np.array([0.25, 0.75])}
    figure = draw_importance(["z0", "a name that is far too long for a chart"], matrix)
    (squares,) = figure.marks
    found = dict(zip(zip(squares.y, squares.x, strict=True), squares.size, strict=True))
    long = "a name that is far too …"
    assert found == {("z0", "hat"): 1.0, ("z0", "turn"): 0.25, (long, "turn"): 0.75}
    assert squares.scales["y"].domain == [long, "z0"]
