"""The linear-Gaussian VAE, whose log p(x) is known: three pixels painted by two latents."""

import math
from typing import NamedTuple

import torch
from torch import nn

# The textbook case W, x = (1, -1, 0.5), variance 0.25, shrunk and moved so that x lies in [0, 1].
SHRINK, MOVE = 0.25, 0.5
W = torch.tensor([[2.0, 0], [0, 1], [1, 1]], dtype=torch.float64)
X = torch.tensor([1.0, -1, 0.5], dtype=torch.float64)
NOISE = 0.25
PICTURE = (SHRINK * X + MOVE).reshape(1, 3, 1)
LOG_VOLUME = 3 * math.log(SHRINK)
"""log p of the textbook case less log p of the picture."""


class Gaussian(NamedTuple):
    mean: torch.Tensor
    logvar: torch.Tensor


class LinearVAE(nn.Module):
    """p(x|z) = N(Wz, 0.25 I); the posterior is exact, or the best diagonal one."""

    image_shape = (1, 3, 1)
    latent_dim = 2
    likelihood = "gaussian"

    def __init__(self, *, exact, cubature=False):
        super().__init__()
        self.weight = nn.Parameter(W)
        self.exact, self.cubature, self.turn = exact, cubature, 0
        precision = torch.eye(2, dtype=torch.float64) + W.T @ W / NOISE
        self.covariance = torch.linalg.inv(precision)
        if not exact:
            self.covariance = torch.diag(1 / precision.diag())
        self.gain = torch.linalg.inv(precision) @ W.T / NOISE

    def encode(self, x):
        mean = ((x.flatten(1) - MOVE) / SHRINK) @ self.gain.T
        return Gaussian(mean, self.covariance.diag().log().expand_as(mean))

    def reparameterize(self, posterior, generator=None):
        root = torch.linalg.cholesky(self.covariance)
        if self.cubature:
            # Four draws in turn, of which the mean of any quadratic is its expectation.
            corner = torch.eye(2, dtype=torch.float64)[self.turn // 2] * math.sqrt(2)
            noise = (corner * (1 - 2 * (self.turn % 2))).expand_as(posterior.mean)
            self.turn = (self.turn + 1) % 4
        else:
            noise = torch.randn(posterior.mean.shape, generator=generator, dtype=torch.float64)
        return posterior.mean + noise @ root.T

    def decode_logits(self, z):
        return (SHRINK * z @ self.weight.T + MOVE).reshape(-1, 1, 3, 1)

    def decode(self, z):
        return self.decode_logits(z).clamp(0, 1)

    def reconstruction(self, means, x):
        variance = NOISE * SHRINK**2
        error = (means - x).square() / variance + math.log(2 * math.pi * variance)
        return 0.5 * error.flatten(1).sum(1)

    def log_prior(self, z):
        return -0.5 * (z.square() + math.log(2 * math.pi)).sum(1)

    def log_posterior(self, posterior, z):
        normal = torch.distributions.MultivariateNormal(posterior.mean, self.covariance)
        return normal.log_prob(z)

    def divergence(self, posterior):
        trace, log_det = self.covariance.trace(), torch.logdet(self.covariance)
        return 0.5 * (posterior.mean.square().sum(1, keepdim=True) + trace - 2 - log_det)
