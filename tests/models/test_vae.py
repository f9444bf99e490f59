import json
import math

import pytest
import torch

from latent_widgets.models.posteriors import Posterior
from latent_widgets.models.vae import VAE


def small(**options):
    torch.manual_seed(0)
    defaults = {"image_shape": (1, 28, 28), "latent_dim": 3, "channels": (4, 8), "hidden": 16}
    return VAE(**(defaults | options)).eval()


def pictures(n=5, shape=(1, 28, 28)):
    return torch.rand(n, *shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 64, 64), (1, 8, 12), (4, 32, 32), (3, 96, 64)])
def test_pictures_go_in_and_come_out_in_one_shape(shape):
    model = VAE(shape, latent_dim=2, hidden=8).eval()
    x = pictures(2, shape)
    mean, logvar = model.encode(x)
    assert mean.shape == logvar.shape == (2, 2)
    out = model(x)
    assert out.shape == x.shape
    assert out.min() >= 0
    assert out.max() <= 1
    assert model.kl(x).shape == (2, 2)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"latent_dim": 0}, "latent_dim must be 1 or more"),
        ({"beta": -0.5}, "beta must be a finite number of at least 0"),
        ({"beta": math.nan}, "beta must be a finite number of at least 0"),
        ({"sigma": 0.0}, "sigma must be a finite number above 0"),
        ({"likelihood": "poisson"}, "likelihood must be one of"),
        ({"image_shape": (28, 28)}, r"three positive \(C, H, W\)"),
        ({"image_shape": (1, 30, 28)}, "both sides must be multiples of 4"),
        ({"channels": ()}, "channels must be one or more"),
    ],
)
def test_unusable_options_are_refused_in_one_sentence(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        small(**options)


def test_pictures_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"reads pictures of shape \(n, 1, 28, 28\)"):
        small().encode(pictures(2, (1, 32, 32)))


def test_config_is_json_and_rebuilds_the_model():
    model = small(beta=2.0, likelihood="gaussian", sigma=0.3, norm=False)
    again = VAE(**json.loads(json.dumps(model.config)))
    again.load_state_dict(model.state_dict())
    assert again.config == model.config
    x = pictures()
    assert torch.equal(again.eval()(x), model(x))


def test_every_element_has_its_own_noise():
    # The classic bug draws one epsilon for the batch: all rows then agree.
    zeros = torch.zeros(4000, 3)
    z = small().reparameterize(Posterior(zeros, zeros), torch.Generator().manual_seed(0))
    assert (z.std(dim=0) - 1).abs().max() < 0.05
    correlations = torch.corrcoef(z.T) - torch.eye(3)
    assert correlations.abs().max() < 0.06
    assert z[:, 0].unique().numel() > 3990


def test_noise_scales_with_the_posterior():
    mean, logvar = torch.full((4000, 1), 2.0), torch.full((4000, 1), 2 * math.log(0.1))
    z = small().reparameterize(Posterior(mean, logvar), torch.Generator().manual_seed(0))
    assert abs(z.mean().item() - 2) < 0.01
    assert abs(z.std().item() - 0.1) < 0.005


def test_without_a_logvar_the_draw_is_the_mean():
    mean = torch.randn(3, 2)
    assert torch.equal(small().reparameterize(Posterior(mean)), mean)


def test_grey_cross_entropy_at_one_half_is_784_ln_2():
    model = small()
    half = torch.full((2, 1, 28, 28), 0.5)
    found = model.reconstruction(torch.zeros(2, 1, 28, 28), half)
    torch.testing.assert_close(found, torch.full((2,), 543.4273956), rtol=1e-6, atol=0)


def test_grey_cross_entropy_has_the_pixel_entropy_as_its_floor():
    model = small()
    x = pictures().double()
    floor = (torch.special.entr(x) + torch.special.entr(1 - x)).flatten(1).sum(1)
    torch.testing.assert_close(model.reconstruction(torch.logit(x), x), floor)
    other = torch.logit(pictures(5).double().flip(0))
    gap = model.reconstruction(other, x) - floor
    p = torch.sigmoid(other)
    kl = (x * (x / p).log() + (1 - x) * ((1 - x) / (1 - p)).log()).flatten(1).sum(1)
    assert (gap >= 0).all()
    torch.testing.assert_close(gap, kl)


@pytest.mark.parametrize("logit", [-80.0, 80.0])
def test_extreme_logits_stay_finite(logit):
    logits = torch.full((1, 1, 28, 28), logit, requires_grad=True)
    loss = small().reconstruction(logits, torch.zeros(1, 1, 28, 28)).sum()
    loss.backward()
    assert loss.isfinite()
    assert logits.grad.isfinite().all()


def test_gaussian_reconstruction_is_the_normal_density():
    model = small(likelihood="gaussian", sigma=0.2)
    x, logits = pictures(), torch.randn(5, 1, 28, 28, generator=torch.Generator().manual_seed(2))
    density = torch.distributions.Normal(torch.sigmoid(logits), 0.2)
    expected = -density.log_prob(x).flatten(1).sum(1)
    torch.testing.assert_close(model.reconstruction(logits, x), expected)


def test_elbo_is_its_terms_and_beta_one_gives_it_bit_for_bit():
    plain, weighted = small(), small(beta=4.0)
    terms = plain.elbo(pictures(), generator=torch.Generator().manual_seed(0))
    assert terms.reconstruction.shape == terms.kl.shape == (5,)
    assert torch.equal(terms.neg_elbo, terms.reconstruction + terms.kl)
    assert torch.equal(terms.kl, plain.kl(pictures()).sum(1))
    assert (terms.kl >= 0).all()
    other = weighted.elbo(pictures(), generator=torch.Generator().manual_seed(0))
    assert torch.equal(other.neg_elbo, terms.reconstruction + 4 * terms.kl)


def test_more_samples_average_the_reconstruction():
    model = small()
    x = pictures()
    one = torch.Generator().manual_seed(0)
    singles = [model.elbo(x, generator=one).reconstruction for _ in range(3)]
    several = model.elbo(x, 3, torch.Generator().manual_seed(0)).reconstruction
    torch.testing.assert_close(several, torch.stack(singles).mean(0))
    with pytest.raises(ValueError, match="n_samples must be at least 1"):
        model.elbo(x, 0)


def test_rows_do_not_influence_each_other():
    model = small()
    x = pictures()
    torch.testing.assert_close(model(x)[:1], model(x[:1]), rtol=1e-4, atol=1e-6)
