"""A linear VAE is probabilistic PCA, whose likelihood is known exactly."""

import math

import pytest
import torch
from torch import nn

from latent_widgets.models.posteriors import Posterior
from latent_widgets.models.vae import VAE

W = torch.tensor([[2.0, 0.0], [0.0, 1.0], [1.0, 1.0]], dtype=torch.float64)
X = torch.tensor([1.0, -1.0, 0.5], dtype=torch.float64)
VARIANCE = 0.25
LOG_P = -4.44766147368017
MEAN = [0.56647399, -0.47398844]
COVARIANCE = [0.05202312, -0.02312139, 0.12138728]
# Pixels are in [0, 1] and pass through a sigmoid: there the data are moved and shrunk.
SHIFT, SCALE = 50.0, 100.0


class Straight(nn.Module):
    """Logits whose sigmoid is W z, moved and shrunk."""

    def forward(self, z):
        return torch.logit((z @ W.T + SHIFT) / SCALE)[:, None, None]


def linear():
    options = {"channels": (1,), "hidden": 1, "likelihood": "gaussian"}
    model = VAE((1, 2, 2), 2, sigma=math.sqrt(VARIANCE) / SCALE, **options).double()
    model.decoder = Straight()
    return model


def best_diagonal():
    precision = torch.linalg.inv(exact()[1]).diagonal()
    return Posterior(exact()[0][None], -precision.log()[None])


def exact():
    noise = VARIANCE * torch.eye(2, dtype=torch.float64)
    covariance = VARIANCE * torch.linalg.inv(W.T @ W + noise)
    return covariance @ W.T @ X / VARIANCE, covariance


def log_joint(model, z):
    pixels = ((X + SHIFT) / SCALE)[None, None, None].expand(len(z), -1, -1, -1)
    # In units of a hundredth a density is a hundred times larger, in each of three pixels.
    density = -model.reconstruction(model.decode_logits(z), pixels) - 3 * math.log(SCALE)
    return density + model.log_prior(z)


def test_posterior_and_evidence_are_those_of_probabilistic_pca():
    mean, covariance = exact()
    torch.testing.assert_close(mean, torch.tensor(MEAN).double(), atol=5e-8, rtol=0)
    found = torch.stack([covariance[0, 0], covariance[0, 1], covariance[1, 1]])
    torch.testing.assert_close(found, torch.tensor(COVARIANCE).double(), atol=1e-8, rtol=0)
    # With the exact posterior, log p(x, z) - log q(z|x) is log p(x) wherever z is.
    model = linear()
    z = torch.randn(50, 2, generator=torch.Generator().manual_seed(0)).double()
    posterior = torch.distributions.MultivariateNormal(mean, covariance)
    gap = log_joint(model, z) - posterior.log_prob(z)
    torch.testing.assert_close(gap, torch.full_like(gap, LOG_P), atol=1e-8, rtol=0)


def test_the_best_diagonal_posterior_falls_short_by_a_known_gap():
    model, posterior = linear(), best_diagonal()
    # Gauss-Hermite nodes: E_q of a quadratic is exact, so the ELBO is.
    nodes = torch.tensor([-1.0, 1.0], dtype=torch.float64)
    grid = torch.cartesian_prod(nodes, nodes)
    z = posterior.mean + torch.exp(0.5 * posterior.logvar) * grid
    pixels = ((X + SHIFT) / SCALE)[None, None, None].expand(4, -1, -1, -1)
    reconstruction = model.reconstruction(model.decode_logits(z), pixels).mean()
    elbo = -reconstruction - 3 * math.log(SCALE) - model.divergence(posterior).sum()
    assert elbo.item() == pytest.approx(-4.49188918396111, abs=1e-8)
    assert LOG_P - elbo.item() == pytest.approx(0.04422771028, abs=1e-8)


def test_importance_weighting_closes_the_gap():
    model, posterior = linear(), best_diagonal()
    source = torch.Generator().manual_seed(0)
    found = []
    for k, expected, error in ((1, -4.4919, 0.006), (5, -4.4565, 0.004), (50, -4.4487, 0.002)):
        many = Posterior(*(part.expand(20_000 * k, 2) for part in posterior))
        z = model.reparameterize(many, source)
        weights = log_joint(model, z) - model.log_posterior(many, z)
        bound = torch.logsumexp(weights.view(20_000, k), dim=1) - math.log(k)
        assert bound.mean().item() == pytest.approx(expected, abs=error)
        assert bound.mean().item() <= LOG_P + 4 * bound.std().item() / 20_000**0.5
        found.append(bound.mean().item())
    assert found == sorted(found)
