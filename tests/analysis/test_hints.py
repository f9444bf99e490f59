"""Sentences about a model: there when something is wrong, absent when nothing is."""

from types import SimpleNamespace

import numpy as np
import pytest

from latent_widgets.analysis import hints, holes, overfitting, underfitting
from latent_widgets.models.history import History

RNG = np.random.default_rng(0)


def history(train, validation=(), kl=5.0, stopped="finished"):
    def curves(values):
        loss = [float(value) for value in values]
        rest = [value - kl for value in loss]
        return {"reconstruction": rest, "kl": [kl] * len(loss), "neg_elbo": loss}

    return History(curves(train), curves(validation), stopped=stopped)


def settled(n=30):
    return 100 + 100 * np.exp(-np.arange(n) / 2)


def posteriors(n=600, d=16, silent=0):
    """A posterior whose aggregate is the prior."""
    sigma = np.full(d, 0.3)
    sigma[d - silent :] = 1.0
    mean = RNG.standard_normal((n, d)) * np.sqrt(1 - sigma**2)
    return mean, np.tile(2 * np.log(sigma), (n, 1))


def test_nothing_is_said_of_a_healthy_model():
    mean, logvar = posteriors()
    noise = RNG.normal(0, 0.3, (2, 30))
    run = history(settled() + noise[0], settled() + 2 + noise[1])
    assert hints(run, mean=mean, logvar=logvar) == []
    assert hints() == []
    assert hints(History()) == []


def test_silent_dimensions_are_counted():
    mean, logvar = posteriors(silent=9)
    (said,) = hints(mean=mean, logvar=logvar)
    assert said.startswith("9 of 16 dimensions carry < 0.01 nats")
    (said,) = hints(mean=np.zeros((50, 2)), logvar=np.zeros((50, 2)))
    assert said.startswith("All 2 dimensions")
    (said,) = hints(*[None] * 2, mean=posteriors(silent=1)[0], logvar=posteriors(silent=1)[1])
    assert said.startswith("1 of 16 dimensions carries")


def test_a_growing_gap_is_dated():
    epochs = np.arange(40)
    train = settled(40) - 0.5 * epochs
    validation = settled(40) + np.where(epochs < 12, -0.5 * epochs, 0.3 * (epochs - 11) - 5.5)
    noise = RNG.normal(0, 0.05, 40)
    found = overfitting(history(train, validation + noise))
    assert abs(found.epoch - 11) <= 1
    assert found.growth == pytest.approx(0.8 * 27, abs=1)
    (said,) = hints(history(train, validation))
    assert said.startswith("The validation gap has grown since epoch 12, by ")


def test_noise_is_no_growth():
    falsely = [
        overfitting(history(settled() + RNG.normal(0, 1, 30), settled() + RNG.normal(0, 1, 30)))
        for _ in range(200)
    ]
    assert sum(found is not None for found in falsely) <= 10


def test_a_constant_gap_is_no_growth():
    assert overfitting(history(settled(), settled() + 50)) is None
    assert overfitting(history(settled())) is None


def test_stopping_too_early_is_said_once_training_ended():
    falling = 200 - 10.0 * np.arange(8)
    assert underfitting(history(falling, falling + 1)) == pytest.approx(10)
    assert underfitting(history(falling, stopped="")) is None
    assert underfitting(history(settled(), settled())) is None
    (said,) = hints(history(falling, falling))
    assert said.startswith("-ELBO still fell by 10 nats an epoch")


def test_a_loss_that_is_not_finite_ends_the_curve():
    falling = [*(200 - 10.0 * np.arange(8)), np.inf]
    assert underfitting(history(falling, falling)) == pytest.approx(10)
    assert hints(history([np.nan], [np.nan])) == []


def test_a_curve_of_no_kl_is_collapse_but_for_an_autoencoder():
    assert "collapsed" in hints(history(settled(), settled(), kl=0.001))[0]
    assert hints(history(settled(), settled(), kl=0.0)) == []


def test_holes_are_one_in_a_hundred_where_nothing_is_wrong():
    found = [holes(*posteriors(2000, 4), seed=seed) for seed in range(5)]
    assert np.mean(found) == pytest.approx(0.01, abs=0.006)


def test_holes_between_clusters_are_counted():
    corners = np.array([[-1.5, -1.5], [1.5, 1.5]])
    mean = np.repeat(corners, 300, axis=0)
    logvar = np.full_like(mean, 2 * np.log(0.2))
    prior = np.array([[0.0, 0.0]] * 3 + [[1.5, 1.5]])
    # Of 600 rows only as many are taken as there are prior draws unless there are enough.
    share = holes(mean, logvar, np.tile(prior, (150, 1)))
    assert share == 0.75
    said = hints(mean=mean, logvar=logvar)
    assert "of draws from the prior fall where no picture is encoded" in said[0]


def test_an_autoencoder_wider_than_the_prior_is_told_so():
    said = hints(mean=3 * RNG.standard_normal((500, 2)))
    assert any("vary 9" in sentence or "vary 8" in sentence for sentence in said)


def test_a_space_brings_its_own_rows_and_prior():
    mean, logvar = posteriors(silent=2)
    space = SimpleNamespace(
        points=mean,
        logvar=logvar,
        sample=lambda n, seed: np.random.default_rng(seed).standard_normal((n, 16)),
    )
    assert [said[:20] for said in hints(None, space)] == ["2 of 16 dimensions c"]
    space.points = np.zeros((0, 16))
    assert hints(None, space) == []


def test_a_prior_of_another_width_is_refused():
    with pytest.raises(ValueError, match="prior must have 16 columns as mean, got 2"):
        holes(*posteriors(50), prior=np.zeros((50, 2)))
