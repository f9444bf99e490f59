"""Models whose latents are directions: contract, training, bounds."""

from __future__ import annotations

import json
import math

import pytest
import torch

from latent_widgets.geometry import Hypersphere
from latent_widgets.models.spherical import SphericalAutoEncoder, SphericalVAE
from latent_widgets.models.training import fit

SHAPE = (1, 8, 8)
SMALL = {"channels": (8,), "hidden": 64}


def model(posterior="power_spherical", d=3, **options):
    torch.manual_seed(0)
    if posterior is None:
        return SphericalAutoEncoder(SHAPE, d, **SMALL, **options)
    return SphericalVAE(SHAPE, d, posterior=posterior, **SMALL, **options)


def bars(n=48):
    """Pictures on a circle: a soft bar at n angles."""
    angle = torch.arange(n) * math.pi / n
    line = torch.linspace(-1, 1, 8)
    across = line[None, :, None] * angle.cos()[:, None, None] + line * angle.sin()[:, None, None]
    return torch.exp(-8 * across.square())[:, None]


each = pytest.mark.parametrize("posterior", ["power_spherical", "vmf", None])


@each
@pytest.mark.parametrize("d", [2, 3, 9])
def test_the_vocabulary_of_every_family(posterior, d):
    ours, x = model(posterior, d).eval(), bars(5)
    assert ours.geometry == Hypersphere()
    assert ours.latent_dim == d
    generator = torch.Generator().manual_seed(0)
    q = ours.encode(x)
    for z in (q.mean, ours.reparameterize(q, generator), ours.prior(5, generator)):
        assert z.shape == (5, d)
        assert z.dtype == torch.float32
        torch.testing.assert_close(z.norm(dim=1), torch.ones(5))
        assert ours.decode(z).shape == x.shape
        assert ours.log_prior(z).shape == (5,)
    assert ours.decode(z).min() >= 0
    assert ours.decode(z).max() <= 1
    assert ours.kl(x).shape == (5, 1)
    torch.testing.assert_close(ours.kl(x), ours.divergence(q))
    terms = ours.elbo(x, n_samples=3, generator=generator)
    torch.testing.assert_close(terms.kl, ours.kl(x)[:, 0])
    torch.testing.assert_close(terms.neg_elbo, terms.reconstruction + terms.kl)
    if posterior is None:
        assert terms.kl.abs().max() == 0
        with pytest.raises(TypeError, match="is a point and has no density"):
            ours.log_posterior(q, z)
    else:
        assert (terms.kl > 0).all()
        assert ours.log_posterior(q, z).shape == (5,)


@each
def test_only_the_direction_of_a_latent_counts(posterior):
    ours = model(posterior).eval()
    z = ours.prior(4, torch.Generator().manual_seed(0))
    torch.testing.assert_close(ours.decode(7 * z), ours.decode(z))
    assert ours.decode(0 * z).isfinite().all()


@each
def test_config_is_json_and_builds_the_model_again(posterior):
    options = {} if posterior is None else {"beta": 0.5}
    ours = model(posterior, **options).eval()
    again = type(ours)(**json.loads(json.dumps(ours.config)))
    again.load_state_dict(ours.state_dict())
    assert again.config == ours.config
    assert torch.equal(again.eval()(bars(3)), ours(bars(3)))


@each
def test_a_training_step_has_finite_gradients_for_every_weight(posterior):
    ours = model(posterior)
    terms = ours.elbo(bars(8), generator=torch.Generator().manual_seed(0))
    terms.neg_elbo.mean().backward()
    for name, weight in ours.named_parameters():
        assert weight.grad.isfinite().all(), name
        if name.startswith("encoder.") and name.endswith("weight"):
            assert weight.grad.abs().max() > 0, name


@each
def test_it_learns(posterior):
    ours = model(posterior, d=2)
    history = fit(ours, bars(), epochs=10, batch_size=8, lr=1e-2, device="cpu", progress=False)
    first, last = history.train["neg_elbo"][0], history.train["neg_elbo"][-1]
    assert last < first - 5
    if posterior is not None:
        assert ours.kl(bars()).mean() > 0.4


def test_concentrations_follow_the_dimension():
    # E[cos] is what a picture sees, and depends on concentration / (d - 1).
    cosines = []
    for d in (3, 30):
        with torch.no_grad():
            ours = model("power_spherical", d)
            ours.encoder[-1].weight.zero_()
            ours.encoder[-1].bias.fill_(1.0)
            cosines.append(ours.encode(bars(1)).cosine().item())
    assert cosines[0] == pytest.approx(cosines[1], abs=0.12)


def test_importance_weights_average_to_the_evidence_of_a_flat_likelihood():
    # With p(x|z) the same everywhere, E_q[p(z) / q(z|x)] is 1: densities share one measure.
    for posterior in ("power_spherical", "vmf"):
        ours = model(posterior, d=3).eval()
        q = ours.encode(bars(1))
        q = q._replace(mean=q.mean.expand(20_000, 3), concentration=q.concentration * 0 + 0.8)
        q = q._replace(concentration=q.concentration.expand(20_000, 1))
        z = ours.reparameterize(q, torch.Generator().manual_seed(0))
        weights = torch.exp(ours.log_prior(z) - ours.log_posterior(q, z))
        assert abs(weights.mean() - 1) < 4 * weights.std() / 20_000**0.5


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: SphericalVAE(SHAPE, 1), "latent_dim must be 2 or more on a sphere, got 1"),
        (lambda: SphericalAutoEncoder(SHAPE, 0), "latent_dim must be 2 or more"),
        (lambda: SphericalVAE(SHAPE, posterior="cauchy"), "power_spherical, vmf, got 'cauchy'"),
        (lambda: SphericalVAE(SHAPE, beta=-1), "beta must be a finite number of at least 0"),
    ],
)
def test_unusable_options_are_refused(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()
