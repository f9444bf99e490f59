"""Draws around a row: how far, in which geometry, with which label."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

import latent_widgets as lw
from latent_widgets.datasets.around import around
from latent_widgets.geometry import Hypersphere, PoincareBall

D = 3
POINTS = np.array([[0.0, 0.0, 0.0], [0.3, 0.0, 0.0], [0.0, -0.6, 0.2]], np.float32)
LOGVAR = np.log(np.array([[0.01, 0.04, 0.25], [1, 1, 1], [4, 4, 4]], np.float32))


def space(points=POINTS, logvar=LOGVAR, labels=(4, 5, 6), **more):
    labels = None if labels is None else np.asarray(labels)

    def decode(z):
        return torch.sigmoid(z.float())[:, :, None, None].expand(-1, -1, 2, 2)

    return SimpleNamespace(points=points, logvar=logvar, labels=labels, decode=decode, **more)


def test_draws_have_the_mean_and_deviation_of_the_posterior():
    images, labels, latents, rows = around(space(), 0, n=20_000)
    assert images.shape == (20_000, 3, 2, 2)
    assert latents.shape == (20_000, D)
    assert set(labels.tolist()) == {4}
    assert set(rows.tolist()) == {0}
    torch.testing.assert_close(latents.mean(0), torch.zeros(3), atol=0.015, rtol=0)
    torch.testing.assert_close(latents.std(0), torch.tensor([0.1, 0.2, 0.5]), rtol=0.03, atol=0)
    torch.testing.assert_close(images[..., 0, 0], torch.sigmoid(latents))


def test_spread_scales_the_deviation_and_nought_is_the_mean():
    near = around(space(), 1, n=5000, spread=0.5).latents - torch.tensor(POINTS[1])
    assert near.std() == pytest.approx(0.5, rel=0.03)
    still = around(space(), 1, n=4, spread=0)
    torch.testing.assert_close(still.latents, torch.tensor(POINTS[[1] * 4]))


def test_several_rows_make_one_batch():
    batch = around(space(labels=("a", "b", "c")), [2, 0], n=3)
    assert batch.rows.tolist() == [2, 2, 2, 0, 0, 0]
    assert batch.labels.tolist() == ["c"] * 3 + ["a"] * 3
    assert around(space(labels=None), [2, 0]).labels is None
    assert around(space(labels=(0.5, 1.5, 2.5)), 1, n=1).labels.tolist() == [1.5]


def test_the_seed_decides_everything():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    first, again, other = (around(space(), 0, seed=seed).latents for seed in (7, 7, 8))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(before, torch.get_rng_state())


def test_without_variances_draws_go_about_as_far_as_the_nearest_row():
    latents = around(space(logvar=None), 0, n=5000).latents
    assert latents.square().sum(1).mean().sqrt() == pytest.approx(0.3, rel=0.03)
    twice = POINTS[[0, 0, 1]]
    same = around(space(twice, None), 0, n=5000).latents
    assert same.square().sum(1).mean().sqrt() == pytest.approx(0.3, rel=0.03)


def test_on_a_sphere_draws_stay_on_the_sphere_at_the_right_distance():
    sphere = Hypersphere()
    points = sphere.random(2, D, torch.Generator().manual_seed(0)).double().numpy()
    nearest = float(sphere.distance(points[0], points[1]))
    latents = around(space(points, None, (1, 2), geometry=sphere), 0, n=5000, spread=0.1).latents
    torch.testing.assert_close(latents.norm(dim=1), torch.ones(5000).double())
    away = sphere.distance(torch.tensor(points[0]).expand_as(latents), latents)
    # Two of three directions lie in the sphere.
    expected = 0.1 * nearest * (2 / 3) ** 0.5
    assert away.square().mean().sqrt() == pytest.approx(expected, rel=0.03)


def test_on_the_ball_deviations_are_hyperbolic_lengths_wherever_the_row_lies():
    ball = PoincareBall(1.0)
    points = np.array([[0.0, 0.0, 0.0], [0.9, 0.0, 0.0]])
    given = space(points, np.full((2, 3), 2 * np.log(0.3)), (1, 2), geometry=ball)
    for row in (0, 1):
        latents = around(given, row, n=5000).latents
        assert latents.dtype == torch.float64
        assert (latents.norm(dim=1) < 1).all()
        away = ball.distance(torch.tensor(points[row]).expand_as(latents), latents)
        assert away.square().mean().sqrt() == pytest.approx(0.3 * 3**0.5, rel=0.03)


def test_a_bundled_space_draws_digits_that_it_reads_as_what_they_are():
    digits = lw.LatentSpace("digits")
    rows = [int(np.flatnonzero(digits.labels == digit)[0]) for digit in range(10)]
    batch = around(digits, rows, n=6, spread=0.5)
    again = digits.encode(batch.images).mean
    nearest = torch.cdist(again, torch.tensor(digits.points)).argmin(1).numpy()
    found = digits.labels[nearest]
    assert (torch.as_tensor(found.astype(np.int64)) == batch.labels).float().mean() > 0.8
    # Most pixels are black whatever is drawn.
    apart = batch.images.view(10, 6, -1).std(1).amax(1)
    digits.close()
    assert apart.min() > 0.05


def test_a_space_without_a_decoder_says_so():
    bare = lw.LatentSpace(None, points=POINTS, labels=[0, 1, 2])
    with pytest.raises(TypeError, match="decode"):
        around(bare, 0)
    bare.close()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"row": 3}, r"row is 3; expected row ids from 0 to 2\."),
        ({"row": -1}, r"row is -1; expected row ids from 0 to 2\."),
        ({"row": []}, r"row is \[\]; expected row ids from 0 to 2\."),
        ({"row": 0.5}, r"row is 0\.5; expected row ids from 0 to 2\."),
        ({"row": True}, r"row is True; expected row ids from 0 to 2\."),
        ({"row": 0, "n": 0}, r"n is 0; expected a whole number, 1 or more\."),
        ({"row": 0, "spread": -1}, r"spread is -1; expected a finite number, 0 or more\."),
        ({"row": 0, "spread": np.nan}, r"spread is nan; expected a finite number, 0 or more\."),
        ({"row": 0, "seed": 1.5}, r"seed is 1\.5; expected a whole number, 0 or more\."),
    ],
)
def test_bad_input_is_refused_in_one_sentence(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        around(space(), **options)


def test_a_space_without_rows_or_with_a_single_place_says_so():
    with pytest.raises(ValueError, match=r"row is 0; expected a space with rows\."):
        around(space(POINTS[:0], LOGVAR[:0]), 0)
    with pytest.raises(ValueError, match=r"row is 0, for which there is neither a logvar nor a ro"):
        around(space(POINTS[[0, 0]], None), 0)
