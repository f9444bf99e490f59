"""A network that learned a map puts new rows where they belong, and is kept as plain arrays."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save

from latent_widgets.analysis import parametric
from latent_widgets.analysis.parametric import ParametricMap, fit_parametric


def sheet(n, seed):
    """Latents on a curved sheet, and the flat map of it, in units of its own."""
    u = np.random.default_rng(seed).uniform(-1, 1, (n, 2))
    x, y = u.T
    points = np.stack([x, y, np.sin(2 * x), x * y, np.zeros(n)], axis=1)
    return points.astype(np.float32), (40 * u + 7).astype(np.float32)


@pytest.fixture(scope="module")
def learned():
    return fit_parametric(*sheet(500, 0))


def test_new_rows_land_where_the_map_would_put_them_and_come_back(learned):
    points, xy = sheet(200, 1)
    assert np.abs(learned.transform(points) - xy).mean() < 0.02 * xy.std()
    assert np.abs(learned.inverse(xy) - points).mean() < 0.02 * points.std()
    # The dimension that does not vary stays where it was.
    assert np.abs(learned.inverse(xy)[:, 4]).max() < 1e-4


def test_it_says_how_it_does_on_rows_it_never_saw(learned):
    assert 0 < learned.error_forward < 0.05
    assert 0 < learned.error_backward < 0.05


def test_it_is_kept_as_arrays(learned):
    again = ParametricMap.from_arrays(load(save(learned.arrays())))
    points, xy = sheet(20, 2)
    np.testing.assert_array_equal(again.transform(points), learned.transform(points))
    np.testing.assert_array_equal(again.inverse(xy), learned.inverse(xy))
    assert again.error_forward == pytest.approx(learned.error_forward)


def test_places_may_have_any_leading_shape(learned):
    points, _ = sheet(12, 3)
    assert learned.transform(points.reshape(3, 4, 5)).shape == (3, 4, 2)
    assert learned.inverse([0.0, 0.0]).shape == (5,)


def test_a_seed_decides_everything_and_touches_no_other_stream(monkeypatch):
    monkeypatch.setattr(parametric, "STEPS", 20)
    points, xy = sheet(60, 0)
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    one, same, other = (fit_parametric(points, xy, seed).transform(points) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert torch.equal(before, torch.random.get_rng_state())


def test_it_tells_how_far_it_is_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(parametric, "STEPS", 50)
    told = []
    fit_parametric(*sheet(30, 0), progress=lambda share, words: told.append((share, words)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[0] == (0, "learning the way there")
    assert told[-1] == (1, "learning the way back")

    def stop(share, words):
        raise InterruptedError(words, share)

    with pytest.raises(InterruptedError):
        fit_parametric(*sheet(30, 0), progress=stop)


@pytest.mark.parametrize("n", [1, 2])
def test_few_or_identical_rows_come_back_to_themselves(n, monkeypatch):
    monkeypatch.setattr(parametric, "STEPS", 100)
    found = fit_parametric(np.ones((n, 3)), np.full((n, 2), 5.0))
    np.testing.assert_allclose(found.transform([[1, 1, 1]]), [[5, 5]], atol=1e-3)
    np.testing.assert_allclose(found.inverse([[5, 5]]), [[1, 1, 1]], atol=1e-3)
    assert np.isnan(found.error_forward)


def test_what_does_not_fit_is_refused(learned):
    with pytest.raises(ValueError, match="points must be finite rows"):
        fit_parametric([[np.nan]], [[0, 0]])
    with pytest.raises(ValueError, match="xy must have one place a row of points, 2, got 1"):
        fit_parametric(np.zeros((2, 3)), np.zeros((1, 2)))
    with pytest.raises(ValueError, match=r"z must be finite numbers of shape \(\.\.\., 5\)"):
        learned.transform([1, 2])
    arrays = learned.arrays()
    with pytest.raises(ValueError, match=r"arrays must hold 'backward\.bias1'"):
        ParametricMap.from_arrays({k: v for k, v in arrays.items() if k != "backward.bias1"})
    with pytest.raises(ValueError, match="arrays of 'forward' must fit one another"):
        ParametricMap.from_arrays({**arrays, "forward.weight1": np.zeros((3, 3), np.float32)})
