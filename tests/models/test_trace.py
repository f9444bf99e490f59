import numpy as np

from latent_widgets.models.trace import Trace


def test_points_come_back_by_name():
    trace = Trace()
    trace.add(0.5, 100, 3, 0.1)
    trace.add(1.0, np.inf, 4, 0.2)
    assert trace.column("epoch").tolist() == [0.5, 1]
    assert trace.column("kl").tolist() == [3, 4]
    assert trace.column("weight").tolist() == [0.1, 0.2]
    np.testing.assert_array_equal(trace.column("reconstruction"), [100, np.nan])


def test_many_points_are_averaged_in_pairs_and_the_curve_stays():
    trace = Trace(limit=10)
    for step in range(1, 200):
        trace.add(step / 10, 2 * step, 0, 1)
    assert len(trace) <= 10
    epochs = trace.column("epoch")
    np.testing.assert_allclose(trace.column("reconstruction"), 20 * epochs)
    assert (np.diff(epochs) > 0).all()
    assert epochs[-1] > 19


def test_a_training_that_is_continued_writes_over_what_it_repeats():
    trace = Trace()
    for epoch in (0.5, 1, 1.5):
        trace.add(epoch, 1, 1, 1)
    trace.add(1.25, 2, 2, 2)
    assert trace.column("epoch").tolist() == [0.5, 1, 1.25]
