import math

import pytest
import torch
from runs import pictures, run

from latent_widgets.models.base import ELBO
from latent_widgets.models.capacity import CapacityVAE


def model(**options):
    torch.manual_seed(0)
    return CapacityVAE((1, 8, 8), latent_dim=2, channels=(4, 4), hidden=8, **options)


def test_the_target_rises_and_then_stays():
    m = model(capacity=10.0, gamma=3.0, rise=0.5)
    terms = ELBO(torch.tensor([1.0, 2.0]), torch.tensor([4.0, 8.0]), torch.zeros(2))
    for progress, target in ((0.0, 0.0), (0.25, 5.0), (0.5, 10.0), (1.0, 10.0)):
        gap = 3 * abs(6 - target)
        assert m.objective(terms, 1.0, progress).tolist() == [1 + gap, 2 + gap]
    assert m.objective(terms, 0.5, 0.0).tolist() == [10.0, 11.0]


@pytest.mark.parametrize("capacity", [0.5, 3.0])
def test_training_ends_at_the_capacity(capacity):
    _, history = run(
        model(capacity=capacity, gamma=100.0), pictures(64), epochs=30, validation=0.25, lr=0.02
    )
    assert history.validation["kl"][-1] == pytest.approx(capacity, abs=0.35)
    assert history.train["kl"][2] < capacity


def test_a_beta_is_refused_by_config():
    assert "beta" not in model().config


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"capacity": -1.0}, "capacity must be a finite number of at least 0"),
        ({"gamma": math.inf}, "gamma must be a finite number of at least 0"),
        ({"rise": 0.0}, r"rise must be a share in \(0, 1\], got 0.0"),
    ],
)
def test_unusable_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        model(**options)


def test_beta_is_refused_where_gamma_weighs():
    with pytest.raises(TypeError, match="takes gamma in place of beta"):
        model(beta=4.0)
