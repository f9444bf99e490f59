"""Bounds against a model whose log p(x) is known, and the floor of grey pixels."""

import math

import numpy as np
import pytest
import torch
from linear_vae import LOG_VOLUME, PICTURE, LinearVAE
from runs import model as small_vae
from runs import pictures
from torch import nn
from toys import Painter

from latent_widgets.analysis import elbo, iwae
from latent_widgets.models.measure import measure
from latent_widgets.space import LatentSpace

LOG_P = -4.44766147368017
ELBO_DIAGONAL = -4.49188918396111


class Constant(nn.Module):
    """Every picture is of one grey, whatever the latent."""

    latent_dim = 2

    def __init__(self, grey):
        super().__init__()
        self.grey = nn.Parameter(torch.tensor(float(grey)))

    def encode(self, x):
        return torch.zeros(len(x), 2), torch.zeros(len(x), 2)

    def decode(self, z):
        return self.grey.expand(len(z), 1, 28, 28)


def test_the_linear_case_is_the_textbook_one():
    posterior = LinearVAE(exact=True).encode(PICTURE[None].double())
    expected = [[0.56647399, -0.47398844]]
    np.testing.assert_allclose(posterior.mean.detach(), expected, atol=1e-8)
    np.testing.assert_allclose(
        LinearVAE(exact=True).covariance.ravel()[[0, 1, 3]],
        [0.05202312, -0.02312139, 0.12138728],
        atol=1e-8,
    )


def test_the_exact_posterior_makes_the_elbo_log_p():
    terms = elbo(LinearVAE(exact=True, cubature=True), PICTURE[None], n_samples=4)
    assert -terms.neg_elbo[0] + LOG_VOLUME == pytest.approx(LOG_P, abs=1e-8)
    assert terms.floor is None


def test_the_best_diagonal_posterior_leaves_the_known_gap():
    terms = elbo(LinearVAE(exact=False, cubature=True), PICTURE[None], n_samples=4)
    assert -terms.neg_elbo[0] + LOG_VOLUME == pytest.approx(ELBO_DIAGONAL, abs=1e-8)
    assert LOG_P + terms.neg_elbo[0] - LOG_VOLUME == pytest.approx(0.04422771028, abs=1e-8)
    assert terms.neg_elbo == terms.reconstruction + terms.kl


@pytest.mark.parametrize("k", [1, 7])
def test_with_the_exact_posterior_every_weight_is_log_p(k):
    bound = iwae(LinearVAE(exact=True), PICTURE[None].repeat(5, 1, 1, 1), k)
    np.testing.assert_allclose(bound + LOG_VOLUME, LOG_P, atol=1e-8)


def test_the_importance_weighted_bound_rises_to_log_p():
    images = PICTURE[None].expand(20_000, 1, 3, 1)
    found = {
        k: iwae(LinearVAE(exact=False), images, k, batch_size=20_000) + LOG_VOLUME
        for k in (1, 5, 50)
    }
    for k, expected, tolerance in ((1, -4.4919, 0.006), (5, -4.4565, 0.004), (50, -4.4487, 0.002)):
        assert found[k].mean() == pytest.approx(expected, abs=tolerance)
        assert found[k].mean() < LOG_P + 4 * found[k].std() / math.sqrt(len(images))
    assert found[1].mean() < found[5].mean() < found[50].mean()


def test_a_grey_picture_costs_its_own_entropy_at_best():
    grey = torch.full((1, 1, 28, 28), 0.5)
    terms = elbo(Constant(0.5), grey)
    assert terms.floor[0] == pytest.approx(784 * math.log(2), rel=1e-12)
    assert terms.reconstruction[0] == pytest.approx(784 * math.log(2), rel=1e-6)
    assert terms.kl[0] == 0
    worse = elbo(Constant(0.3), grey)
    apart = 784 * (0.5 * math.log(0.5 / 0.3) + 0.5 * math.log(0.5 / 0.7))
    assert worse.neg_elbo[0] - worse.floor[0] == pytest.approx(apart, rel=1e-5)


def test_black_and_white_pixels_have_no_floor():
    x = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    for binarise in ("dynamic", "threshold"):
        assert elbo(Constant(0.5), x, binarise=binarise).floor.tolist() == [0, 0, 0]
    half = torch.full((4, 1, 28, 28), 0.25)
    cost = elbo(Constant(0.9), half, binarise="dynamic").reconstruction.mean() / 784
    expected = -0.25 * math.log(0.9) - 0.75 * math.log(0.1)
    assert cost == pytest.approx(expected, abs=4 * 2.2 * math.sqrt(0.1875 / 4 / 784))
    assert elbo(Constant(0.9), half, binarise="threshold").reconstruction[0] == pytest.approx(
        -784 * math.log(0.1), rel=1e-4
    )


def test_extreme_logits_stay_finite():
    vae = small_vae()
    with torch.no_grad():
        vae.decoder[-1].bias.fill_(80.0)
    terms = elbo(vae, torch.zeros(2, 1, 8, 8))
    assert np.isfinite(terms.neg_elbo).all()
    assert terms.reconstruction.mean() > 64 * 70


def test_a_space_and_its_model_give_the_same_terms_by_seed():
    vae, x = small_vae().eval(), pictures(6)
    space = LatentSpace(vae, x, device="cpu")
    first = elbo(space, x, 2, seed=3)
    np.testing.assert_allclose(first.neg_elbo, elbo(vae, x, 2, seed=3).neg_elbo, rtol=1e-6)
    assert (first.neg_elbo != elbo(space, x, 2, seed=4).neg_elbo).any()
    card = measure(vae, x)
    assert elbo(vae, x, 4).neg_elbo.mean() == pytest.approx(card["neg_elbo"], rel=1e-6)
    assert first.floor.mean() == pytest.approx(card["floor"], rel=1e-5)
    space.close()


def test_a_strangers_model_is_taken_for_a_gaussian_one():
    x = torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    painter = Painter()
    terms = elbo(painter, x, 8)
    mean, logvar = painter.encode(x)
    kl = 0.5 * (mean**2 + logvar.exp() - 1 - logvar).sum(1)
    np.testing.assert_allclose(terms.kl, kl, rtol=1e-5)
    assert (terms.reconstruction > terms.floor).all()
    assert (iwae(painter, x, 20) > -terms.neg_elbo - 1).all()


def test_measuring_leaves_the_model_in_its_mode():
    vae = small_vae().train()
    before = {name: value.clone() for name, value in vae.state_dict().items()}
    elbo(vae, pictures(4))
    assert vae.training
    assert all(torch.equal(before[name], value) for name, value in vae.state_dict().items())


class Point(nn.Module):
    latent_dim = 2

    def encode(self, x):
        return torch.zeros(len(x), 2)

    def decode(self, z):
        return torch.full((len(z), 1, 8, 8), 0.5)


def test_a_point_has_no_density():
    assert elbo(Point(), torch.zeros(1, 1, 8, 8)).kl.tolist() == [0]
    with pytest.raises(TypeError, match="needs a posterior with a logvar"):
        iwae(Point(), torch.zeros(1, 1, 8, 8))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda x: elbo(Painter(), x, 0), "n_samples must be at least 1, got 0"),
        (lambda x: iwae(Painter(), x, 0), "k must be at least 1, got 0"),
        (lambda x: elbo(Painter(), x, binarise="yes"), "binarise must be one of"),
        (lambda x: elbo(Painter(), x + 2), "must be uint8 or lie in"),
    ],
)
def test_bad_questions_are_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call(torch.zeros(2, 1, 8, 8))
