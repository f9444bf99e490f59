import subprocess
import sys
import warnings

import numpy as np
import pytest

from latent_widgets.models.history import History

with warnings.catch_warnings():
    # A part of bqplot declares its dates the way of an older traitlets.
    warnings.simplefilter("ignore", DeprecationWarning)
    from bqplot import Figure


def losses(*kl):
    kl = np.array(kl, float)
    return {"reconstruction": list(100 - kl), "kl": list(kl), "neg_elbo": [100.0] * len(kl)}


def test_training_curves_are_drawn_by_name():
    figure = History(losses(1, 2, 3), losses(2, 3, 4), best=100, best_epoch=1).plot()
    assert isinstance(figure, Figure)
    training, validation, best, key = figure.marks
    assert training.labels == ["-ELBO, training", "reconstruction, training", "KL, training"]
    assert validation.labels[0] == "-ELBO, validation"
    assert (training.line_style, validation.line_style) == ("dashed", "solid")
    for mark, kl in ((training, [1, 2, 3]), (validation, [2, 3, 4])):
        assert mark.x.tolist() == [1, 2, 3]
        np.testing.assert_array_equal(mark.y, [[100] * 3, 100 - np.array(kl), kl])
        assert mark.scales["y"] is training.scales["y"]
    assert best.x.tolist() == [2, 2]
    assert key.text.tolist()[:3] == ["-ELBO", "reconstruction", "KL"]
    assert key.colors[:3] == training.colors == validation.colors
    assert [axis.label for axis in figure.axes] == ["epoch", "nats per picture"]
    assert figure.axes[0].tick_values.tolist() == [1, 2, 3]


def test_one_epoch_without_validation_is_drawn():
    figure = History(losses(1)).plot()
    training, _ = figure.marks
    assert training.x.tolist() == [1, 1]
    np.testing.assert_array_equal(training.y, [[100, 100], [99, 99], [1, 1]])
    assert (training.scales["x"].min, training.scales["x"].max) == (0.5, 1.5)


def test_an_infinite_loss_leaves_a_gap():
    history = History(losses(1, 2), losses(1, np.inf))
    assert np.isnan(history.plot().marks[1].y[2]).tolist() == [False, True]


def test_many_epochs_have_few_ticks():
    ticks = History(losses(*range(60))).plot().axes[0].tick_values
    assert len(ticks) == 8
    assert (ticks[0], ticks[-1]) == (1, 60)


def test_a_history_without_epochs_says_so():
    with pytest.raises(ValueError, match="at least one finished epoch"):
        History().plot()


def test_the_package_loads_without_the_charts():
    code = "import sys, latent_widgets; print('bqplot' in sys.modules)"
    answer = subprocess.check_output([sys.executable, "-c", code], text=True)  # noqa: S603 - ours
    assert answer.strip() == "False"
