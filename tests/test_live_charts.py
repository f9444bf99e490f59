"""What the curves and bars say, whatever the losses were."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from latent_widgets.models.history import History
from latent_widgets.models.trace import Trace

with warnings.catch_warnings():
    # A part of bqplot declares its dates the way of an older traitlets.
    warnings.simplefilter("ignore", DeprecationWarning)
    from latent_widgets.live_charts import LiveCharts, ticks


@pytest.fixture
def charts():
    made = LiveCharts()
    made.stretch(10)
    yield made
    made.close()


def lines(figure):
    """Lines of a figure by stroke: the training's is thin, the validation's is thick."""
    return {mark.stroke_width: mark for mark in figure.marks if hasattr(mark, "stroke_width")}


def trace(n, reconstruction=lambda epoch: 100 - epoch, weight=1.0):
    made = Trace()
    for epoch in np.arange(1, n + 1) / 2:
        made.add(epoch, reconstruction(epoch), epoch, weight)
    return made


def test_training_and_validation_stand_at_their_epochs(charts):
    history = History(validation={"reconstruction": [110, 90], "kl": [1, 2], "neg_elbo": []})
    charts.draw(trace(5, weight=0.5), history)
    reconstruction, kl = lines(charts.figures[0]), charts.figures[1]
    assert reconstruction[1].x.tolist() == [0.5, 1, 1.5, 2, 2.5]
    assert reconstruction[1].y.tolist() == [99.5, 99, 98.5, 98, 97.5]
    assert reconstruction[2.5].x.tolist() == [1, 2]
    assert reconstruction[2.5].y.tolist() == [110, 90]
    assert lines(kl)[2.5].y.tolist() == [1, 2]
    assert lines(kl)[1.5].y.tolist() == [0.5] * 5
    assert charts.figures[0].axes[0].scale.max == 10


def test_the_first_moments_do_not_press_the_rest_flat(charts):
    charts.draw(trace(200, lambda epoch: 5000 if epoch < 2 else 100 + np.sin(epoch)), None)
    up = charts.figures[0].axes[1].scale
    assert 98 < up.min < 99.1
    assert 100.9 < up.max < 102
    shown = charts.figures[0].axes[1].tick_values
    assert ((shown >= up.min) & (shown <= up.max)).all()


def test_nothing_finite_and_nothing_at_all_are_drawn_without_a_word(charts):
    charts.draw(Trace(), None)
    charts.draw(
        trace(2, lambda _: np.inf), History(validation={"reconstruction": [np.inf], "kl": [0]})
    )
    assert np.isnan(lines(charts.figures[0])[1].y).all()


def test_bars_stand_for_dimensions_and_silent_ones_are_grey(charts):
    charts.show(np.array([2.0, 0.001, 1.0]), 3.5)
    bars = charts.figures[2].marks[0]
    assert bars.x.tolist() == ["z0", "z1", "z2"]
    assert bars.y.tolist() == [2, 0.001, 1]
    assert bars.colors[0] == bars.colors[2] != bars.colors[1]
    assert lines(charts.figures[0])[1] is not None
    marks = [mark.x.tolist() for mark in charts.figures[0].marks if hasattr(mark, "stroke_width")]
    assert [3.5, 3.5] in marks


def test_of_many_dimensions_the_loudest_are_shown_in_their_own_order(charts):
    kl = np.zeros(64)
    kl[[60, 3, 40]] = 3, 2, 1
    charts.show(kl, 1)
    names = charts.figures[2].marks[0].x.tolist()
    assert len(names) == 32
    assert {"z3", "z40", "z60"} <= set(names)
    assert names == sorted(names, key=lambda name: int(name[1:]))


def test_one_kl_for_all_dimensions_is_called_so(charts):
    charts.show(np.array([1.5]), 1)
    assert charts.figures[2].marks[0].x.tolist() == ["all"]


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 12, 8, [0, 2, 4, 6, 8, 10, 12]),
        (94.3, 137.1, 4, [100, 120]),
        (0, 1.04, 3, [0, 0.5, 1]),
        (-3, -1, 4, [-3, -2.5, -2, -1.5, -1]),
    ],
)
def test_ticks_are_round_numbers_inside(low, high, most, expected):
    np.testing.assert_allclose(ticks(low, high, most), expected)


def test_epochs_are_counted_in_whole_numbers():
    assert ticks(0, 2, 8, whole=True).tolist() == [0, 1, 2]
