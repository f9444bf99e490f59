"""The wrapped normal on the ball, and the model that is built on it."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch

from latent_widgets.geometry import PoincareBall
from latent_widgets.models.hyperbolic import PoincareVAE
from latent_widgets.models.posteriors import gaussian_kl
from latent_widgets.models.training import fit
from latent_widgets.models.wrapped import (
    WrappedNormal,
    draw_wrapped,
    log_sinhc,
    log_sinhc_slope,
    log_wrapped,
)

F64 = torch.float64
SHAPE = (1, 8, 8)


def model(d=2, **options):
    torch.manual_seed(0)
    return PoincareVAE(SHAPE, d, channels=(8,), hidden=64, **options)


def branches():
    """Pictures of a binary tree of depth 4: at every level one of two halves of a row is lit."""
    codes = torch.tensor([[(k >> level) & 1 for level in range(4)] for k in range(16)])
    rows = codes[:, :, None].repeat(1, 2, 8)
    left = torch.arange(8) < 4
    return torch.where(left, 1.0 - rows, rows.float())[:, None].repeat(3, 1, 1, 1)


def posterior(mean, sigma, n=1):
    mean = torch.tensor([mean], dtype=F64).expand(n, -1)
    logvar = 2 * torch.tensor([sigma], dtype=F64).log().expand(n, -1)
    return WrappedNormal(mean, logvar)


@pytest.mark.parametrize("c", [0.4, 1.0, 3.0])
@pytest.mark.parametrize(
    ("mean", "sigma"),
    [([0.0, 0.0], [1.0, 1.0]), ([0.3, -0.2], [0.5, 1.2]), ([0.55, 0.1], [0.2, 0.3])],
)
def test_the_density_integrates_to_one_over_the_disc(c, mean, sigma):
    ball = PoincareBall(c)
    scale = 1 / math.sqrt(c)
    q = posterior([scale * each for each in mean], sigma)
    # Polar coordinates by distance: the area element is sinh(sqrt(c) r) / sqrt(c) dr dangle.
    nodes, weights = np.polynomial.legendre.leggauss(240)
    reach = (nodes + 1) * 7
    root = math.sqrt(c)
    area = weights * 7 * np.sinh(root * reach) / root
    turns = np.arange(240) * 2 * np.pi / 240
    norms = np.tanh(root * reach / 2) / root
    z = norms[:, None, None] * np.stack([np.cos(turns), np.sin(turns)], -1)
    z, area = torch.tensor(z.reshape(-1, 1, 2)), torch.tensor(np.repeat(area, 240))
    whole = (torch.exp(log_wrapped(ball, q, z)[:, 0]) * area).sum() * 2 * math.pi / 240
    assert whole.item() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("c", [0.5, 1.0])
def test_draws_lie_as_far_from_the_mean_as_their_normal_is_long(c):
    n, ball = 20_000, PoincareBall(c)
    q = posterior([0.4, -0.3, 0.1], [0.7, 0.7, 0.7], n)
    z = draw_wrapped(ball, q, torch.Generator().manual_seed(0))
    far = ball.distance(q.mean, z)
    assert abs(far.mean() - 0.7 * 2 * (2 / math.pi) ** 0.5) < 4 * far.std() / n**0.5
    assert abs(far.square().mean() - 3 * 0.49) < 4 * far.square().std() / n**0.5
    seen = ball.log(q.mean, z)
    assert (seen.mean(0).abs() < 4.5 * seen.std(0) / n**0.5).all()
    # E_q[p / q] is 1 where both are densities of the same measure.
    wide = q._replace(mean=q.mean * 0, logvar=q.logvar * 0 + 0.3)
    z = draw_wrapped(ball, wide, torch.Generator().manual_seed(1))
    ratio = torch.exp(log_wrapped(ball, q, z) - log_wrapped(ball, wide, z))
    assert abs(ratio.mean() - 1) < 4 * ratio.std() / n**0.5


def test_log_sinhc_from_nothing_to_far_beyond_overflow():
    x = torch.tensor([0.0, 1e-5, 9.9e-3, 1.01e-2, 2.0, 1e4], dtype=F64, requires_grad=True)
    exact = [0, 1e-10 / 6, None, None, math.log(math.sinh(2) / 2), 1e4 - math.log(2e4)]
    found = log_sinhc(x)
    for value, expected in zip(found.tolist(), exact, strict=True):
        if expected is not None:
            assert value == pytest.approx(expected, rel=1e-12, abs=1e-18)
    for near in (2, 3):
        small = x[near].item()
        assert found[near].item() == pytest.approx(math.log(math.sinh(small) / small), abs=1e-14)
    found.sum().backward()
    torch.testing.assert_close(x.grad[:2], x.detach()[:2] / 3)
    torch.testing.assert_close(log_sinhc_slope(x) * x, x.grad)
    assert x.grad.isfinite().all()


def test_one_dimension_has_no_curvature():
    ball, q = PoincareBall(1.0), posterior([0.0], [1.0])
    z = torch.tensor([[[math.tanh(0.75)]]], dtype=F64)
    expected = -0.5 * 1.5**2 - 0.5 * math.log(2 * math.pi)
    assert log_wrapped(ball, q, z).item() == pytest.approx(expected)


@pytest.mark.parametrize("c", [0.7, 1.0, 2.0])
@pytest.mark.parametrize("d", [1, 2, 5])
def test_the_vocabulary_of_every_family(c, d):
    ours, x = model(d, c=c).eval(), branches()[:5]
    assert ours.geometry == PoincareBall(c)
    generator = torch.Generator().manual_seed(0)
    q = ours.encode(x)
    for z in (q.mean, ours.reparameterize(q, generator), ours.prior(5, generator)):
        assert z.shape == (5, d)
        assert z.dtype == F64
        torch.testing.assert_close(ours.geometry.project(z), z)
        assert ours.decode(z).shape == x.shape
        assert ours.log_prior(z).shape == ours.log_posterior(q, z).shape == (5,)
    assert ours.decode(z).dtype == torch.float32
    assert ours.decode(z).min() >= 0
    assert ours.decode(z).max() <= 1
    assert ours.kl(x).shape == (5, 1)
    assert torch.equal(ours.kl(x), ours.divergence(q))
    terms = ours.elbo(x, n_samples=100, generator=generator)
    torch.testing.assert_close(terms.kl, ours.kl(x)[:, 0].float(), rtol=0, atol=0.12)
    torch.testing.assert_close(terms.neg_elbo, terms.reconstruction + terms.kl)
    assert terms.kl.dtype == torch.float32


def test_in_flat_space_the_kl_is_the_closed_form():
    ours = model(3, c=1e-8)
    mean, logvar = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0), dtype=F64)
    # A tangent vector v at the origin is the point v / 2 of an almost flat ball.
    kl = ours.divergence(WrappedNormal(mean / 2, logvar))[:, 0]
    exact = gaussian_kl(mean, logvar).sum(1)
    torch.testing.assert_close(kl, exact, rtol=1e-5, atol=1e-6)
    q = WrappedNormal(mean / 2, logvar)
    one = ours.reparameterize(q, torch.Generator().manual_seed(1))[None]
    torch.testing.assert_close(ours.divergence(q, one)[:, 0], exact, rtol=1e-5, atol=1e-6)


def test_the_kl_is_unbiased_and_zero_at_the_prior():
    ours = model(2)
    zeros = torch.zeros(3, 2, dtype=F64)
    assert ours.divergence(WrappedNormal(zeros, zeros)).abs().max() < 1e-12
    # Quadrature over the disc, by distance and angle.
    q = posterior([0.5, 0.2], [0.4, 0.8], 2000)
    draws = torch.stack(
        [ours.reparameterize(q, torch.Generator().manual_seed(seed)) for seed in range(10)]
    )
    parts = ours.divergence(q, draws)[:, 0]
    plain = (ours.log_posterior(q, draws) - ours.log_prior(draws)).flatten()
    error = (parts.var() / 2000 + plain.var() / 20_000).sqrt()
    assert abs(parts.mean() - plain.mean()) < 4 * error
    assert parts.var() * 10 < plain.var()
    assert ours.divergence(posterior([0.5, 0.2], [0.4, 0.8])).item() == pytest.approx(
        plain.mean().item(), abs=0.15
    )


def test_the_decoder_sees_what_it_would_from_a_normal_prior():
    ours = model(2, c=2.0).eval()
    v = torch.tensor([[0.3, -0.8], [4.0, 3.0], [0.0, 0.0]], dtype=F64)
    z = ours.geometry.exp(torch.zeros_like(v), v / 2)
    direct = torch.sigmoid(ours.decoder(v.float()))
    torch.testing.assert_close(ours.decode(z), direct, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(ours.decode(z.float()), direct, rtol=1e-2, atol=1e-3)
    outside = torch.tensor([[3.0, 4.0]])
    edge = ours.geometry.project(outside)
    torch.testing.assert_close(ours.decode(outside), ours.decode(edge))


def test_means_stay_where_float32_can_hold_them():
    ours = model(2).eval()
    with torch.no_grad():
        ours.encoder[-1].bias[:2] = torch.tensor([300.0, -400.0])
    q = ours.encode(branches()[:2])
    assert q.mean.norm(dim=1).max() <= ours.geometry.limit(torch.float32) * (1 + 1e-12)
    assert (q.mean.float().norm(dim=1) < 1).all()
    assert ours.elbo(branches()[:2]).neg_elbo.isfinite().all()


def test_config_is_json_and_builds_the_model_again():
    ours = model(2, c=0.7, beta=0.5).eval()
    again = PoincareVAE(**json.loads(json.dumps(ours.config)))
    again.load_state_dict(ours.state_dict())
    assert again.config == ours.config
    assert torch.equal(again.eval()(branches()), ours(branches()))


def test_a_training_step_has_finite_gradients_for_every_weight():
    ours = model()
    terms = ours.elbo(branches()[:8], generator=torch.Generator().manual_seed(0))
    terms.neg_elbo.mean().backward()
    for name, weight in ours.named_parameters():
        assert weight.grad.isfinite().all(), name
        if name.endswith("weight"):
            assert weight.grad.abs().max() > 0, name


def test_it_learns():
    ours = model()
    history = fit(ours, branches(), epochs=12, batch_size=8, lr=1e-2, device="cpu", progress=False)
    assert history.train["neg_elbo"][-1] < history.train["neg_elbo"][0] - 8
    assert ours.kl(branches()).mean() > 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"c": 0}, "c must be a finite number above 0, got 0"),
        ({"c": math.nan}, "c must be a finite number above 0"),
        ({"d": 0}, "latent_dim must be 1 or more"),
        ({"beta": -1}, "beta must be a finite number of at least 0"),
    ],
)
def test_unusable_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        model(**options)


def test_no_draws_are_refused():
    with pytest.raises(ValueError, match="n_samples must be at least 1, got 0"):
        model().elbo(branches(), n_samples=0)
