"""Dimensions in use, against posteriors whose answer is known."""

import numpy as np
import pytest
import torch

from latent_widgets.analysis import active_units, posterior_collapse


def spread(*variances, n=1000):
    """Rows whose columns have exactly these population variances."""
    column = np.where(np.arange(n) % 2, 1.0, -1.0)
    return np.sqrt(variances) * column[:, None]


def test_active_units_hang_on_the_threshold():
    mean = spread(1, 0.02, 0.005, 0)
    expected = {"variance > 0.01": 2, "variance > 0.1": 1}
    assert active_units(mean) == expected
    assert active_units(np.concatenate([mean, mean])) == expected
    assert active_units(torch.tensor(mean), threshold=0.001) == {"variance > 0.001": 3}


def test_a_doubled_batch_changes_nothing_at_the_very_threshold():
    column = np.array([[0.0], [0.4]])
    at = float(column.var())
    for rows in (column, np.tile(column, (50, 1))):
        assert list(active_units(rows, threshold=[at + 1e-12, at - 1e-12]).values()) == [0, 1]


def test_units_active_by_kl_are_counted_too():
    mean = spread(1, 0)
    logvar = np.zeros_like(mean)
    assert active_units(mean, logvar)["KL > 0.1"] == 1
    assert active_units(mean, logvar - 3)["KL > 0.1"] == 2


def test_collapse_is_by_row_and_not_by_mean():
    mean = np.zeros((100, 3))
    mean[:, 0] = spread(1, n=100)[:, 0]
    mean[0, 1] = 20.0
    found = posterior_collapse(mean, np.zeros_like(mean))
    # One row in a hundred may speak, however loud; the mean KL of that dimension is 2 nats.
    assert found.dimensions.tolist() == [False, True, True]
    assert posterior_collapse(mean, 0 * mean, delta=0).dimensions.tolist() == [False, False, True]
    np.testing.assert_allclose(found.kl, [0.5, 2.0, 0.0])
    assert found.consistency == pytest.approx((2 + (4 * 0.99 + 1) + 1) / 3)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: active_units(np.zeros(3)), r"mean must be rows .* got shape \(3,\)"),
        (lambda: active_units([["a"]]), "got no numbers"),
        (lambda: active_units([[1.0], [2.0, 3.0]]), "got no numbers"),
        (lambda: active_units([[1.0]]), "at least 2 rows, got 1"),
        (lambda: active_units([[np.nan], [1]]), "mean must be finite"),
        (lambda: active_units(np.zeros((2, 2)), threshold=-1), "at least 0"),
        (lambda: active_units(np.zeros((2, 2)), np.zeros((2, 1))), "logvar must have the shape"),
        (lambda: posterior_collapse(np.zeros((2, 2)), np.zeros((2, 2)), delta=1), "delta in"),
    ],
)
def test_bad_rows_are_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
