"""Oracles 6 and 7: distributions of directions against closed forms, mpmath and their package."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import power_spherical
import pytest
import torch

from latent_widgets.models.adapters import read_posterior
from latent_widgets.models.bessel import log_normaliser, mean_length
from latent_widgets.models.power_spherical import PowerSpherical
from latent_widgets.models.vmf import VonMisesFisher

F64 = torch.float64
both = pytest.mark.parametrize("family", [VonMisesFisher, PowerSpherical])


def around(family, d, kappa, n=1, dtype=F64):
    """n equal rows around a direction that is no axis."""
    mean = torch.nn.functional.normalize(torch.arange(1.0, d + 1, dtype=F64), dim=0)
    return family(mean.to(dtype).expand(n, d), torch.full((n, 1), float(kappa), dtype=dtype))


@pytest.mark.parametrize(
    ("family", "d", "kappa", "expected"),
    [
        (VonMisesFisher, 3, 1, 0.15159592393),
        (VonMisesFisher, 3, 10, 1.99573231684),
        (VonMisesFisher, 3, 100, 4.29831736655),
        (VonMisesFisher, 5, 10, 2.41617665125),
        (VonMisesFisher, 16, 10, 2.14474253882),
        (VonMisesFisher, 16, 100, 15.0713187129),
        (PowerSpherical, 3, 1, math.log(2) - 0.5),
        (PowerSpherical, 3, 10, 1.48880436371),
        (PowerSpherical, 3, 100, 3.62502150694),
        (PowerSpherical, 16, 10, 1.39290674995),
        (PowerSpherical, 16, 100, 10.8717477669),
    ],
)
def test_kl_to_the_uniform_distribution(family, d, kappa, expected):
    assert around(family, d, kappa).divergence().item() == pytest.approx(expected, abs=1e-8)
    coarse = around(family, d, kappa, dtype=torch.float32).divergence()
    assert coarse.dtype == torch.float32
    assert coarse.item() == pytest.approx(expected, rel=1e-6)


@both
@pytest.mark.parametrize("d", [2, 3, 16, 200])
def test_no_concentration_is_the_uniform_distribution_and_all_of_it_is_finite(family, d):
    for kappa in (0.0, 1e-9, 1e5):
        posterior = around(family, d, kappa, n=3)
        concentration = posterior.concentration.clone().requires_grad_()
        posterior = posterior._replace(concentration=concentration)
        kl = posterior.divergence()
        z = posterior.draw(torch.Generator().manual_seed(0))
        (kl.sum() + posterior.log_density(z).sum() + z[:, 0].sum()).backward()
        assert concentration.grad.isfinite().all()
        if kappa < 1:
            torch.testing.assert_close(kl, torch.zeros_like(kl), rtol=0, atol=1e-9)
        else:
            assert kl.isfinite().all()
            assert (kl > math.log(d)).all()
        torch.testing.assert_close(z.norm(dim=1), torch.ones(3, dtype=F64))


def test_mean_cosines():
    assert around(VonMisesFisher, 16, 100).cosine().item() == pytest.approx(0.927459162110)
    # On the sphere in space A(kappa) = coth(kappa) - 1 / kappa.
    assert around(VonMisesFisher, 3, 2).cosine().item() == pytest.approx(1 / math.tanh(2) - 0.5)
    assert around(PowerSpherical, 3, 2).cosine().item() == 0.5


@pytest.mark.parametrize("m", [2, 3, 16, 128, 512])
def test_bessel_functions_agree_with_arbitrary_precision(m):
    kappas = [1e-6, 0.1, 1.0, 30.0, 1e3, 1e5]
    found_length = mean_length(torch.tensor(kappas, dtype=F64), m)
    found_log = log_normaliser(torch.tensor(kappas, dtype=F64), m)
    with mpmath.workdps(40):
        order = mpmath.mpf(m) / 2 - 1
        for kappa, a, log in zip(kappas, found_length.tolist(), found_log.tolist(), strict=True):
            below = mpmath.besseli(order, kappa)
            assert a == pytest.approx(float(mpmath.besseli(order + 1, kappa) / below), rel=1e-11)
            exact = order * mpmath.log(kappa) - mpmath.log(below) + kappa
            exact -= mpmath.mpf(m) / 2 * mpmath.log(2 * mpmath.pi)
            assert log == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize("m", [2, 3, 16])
def test_gradients_of_the_closed_forms(m):
    kappa = torch.tensor([0.3, 2.0, 40.0], dtype=F64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda k: mean_length(k, m), kappa)
    assert torch.autograd.gradgradcheck(lambda k: mean_length(k, m), kappa)
    assert torch.autograd.gradcheck(lambda k: log_normaliser(k, m), kappa)


def _sphere_grid(n):
    """Points of the sphere in space and the area around each: a product Gauss rule."""
    cosines, weights = np.polynomial.legendre.leggauss(n)
    turns = np.arange(n) * 2 * np.pi / n
    sines = np.sqrt(1 - cosines**2)[:, None]
    axes = [sines * np.cos(turns), sines * np.sin(turns), np.broadcast_to(cosines[:, None], (n, n))]
    points = np.stack(axes, -1).reshape(-1, 3)
    return torch.tensor(points), torch.tensor(np.repeat(weights, n) * 2 * np.pi / n)


@both
@pytest.mark.parametrize("kappa", [0.0, 3.5, 60.0])
def test_densities_integrate_to_one_and_to_the_kl(family, kappa):
    points, areas = _sphere_grid(150)
    posterior = around(family, 3, kappa)
    log_density = posterior.log_density(points[:, None])[:, 0]
    share = torch.exp(log_density) * areas
    assert share.sum().item() == pytest.approx(1, abs=1e-9)
    kl = (torch.where(share > 0, share * (log_density + math.log(4 * math.pi)), 0.0)).sum()
    assert posterior.divergence().item() == pytest.approx(kl.item(), abs=1e-9)
    cosine = (share * (points @ posterior.mean[0])).sum()
    assert posterior.cosine().item() == pytest.approx(cosine.item(), abs=1e-9)


def test_the_power_spherical_package_agrees():
    for d, kappa in ((2, 0.7), (3, 10.0), (16, 100.0)):
        ours = around(PowerSpherical, d, kappa)
        theirs = power_spherical.PowerSpherical(
            ours.mean, ours.concentration[:, 0], validate_args=False
        )
        uniform = power_spherical.HypersphericalUniform(d, dtype=F64, validate_args=False)
        kl = torch.distributions.kl_divergence(theirs, uniform).item()
        assert ours.divergence().item() == pytest.approx(kl, rel=1e-6)
        z = ours.draw(torch.Generator().manual_seed(0))
        torch.testing.assert_close(ours.log_density(z), theirs.log_prob(z), rtol=1e-6, atol=1e-6)


@both
@pytest.mark.parametrize("d", [2, 3, 16])
@pytest.mark.parametrize("kappa", [0.5, 10.0, 1e3])
def test_draws_have_the_moments_of_the_distribution(family, d, kappa):
    n = 20_000
    posterior = around(family, d, kappa, n)
    z = posterior.draw(torch.Generator().manual_seed(d))
    cosines = z @ posterior.mean[0]
    spread = cosines.std() / n**0.5
    assert abs(cosines.mean() - posterior.cosine()[0, 0]) < 4 * spread
    # The mean of ln q is minus the entropy: the KL without the area.
    log_density = posterior.log_density(z)
    entropy = posterior.divergence()[0, 0] - math.log(2) - d / 2 * math.log(math.pi)
    entropy += math.lgamma(d / 2)
    assert abs(log_density.mean() - entropy) < 4 * log_density.std() / n**0.5
    across = z - cosines[:, None] * posterior.mean[0]
    assert (across.mean(0).abs() < 4.5 * across.std(0) / n**0.5 + 1e-9).all()


def test_draws_around_a_direction_in_space_have_their_distribution_function():
    # On the sphere in space the cosine has a closed one: (e^(kt) - e^-k) / (e^k - e^-k).
    n, kappa = 20_000, 4.0
    posterior = around(VonMisesFisher, 3, kappa, n)
    t = (posterior.draw(torch.Generator().manual_seed(3)) @ posterior.mean[0]).sort().values
    exact = torch.expm1(kappa * (t + 1)) / math.expm1(2 * kappa)
    steps = torch.arange(1, n + 1, dtype=F64) / n
    assert (exact - steps).abs().max() < 1.95 / n**0.5  # Kolmogorov-Smirnov, p = .001


def test_every_row_has_its_own_draw_and_the_generator_rules():
    posterior = around(VonMisesFisher, 3, 5.0, 1000)
    first, again = (posterior.draw(torch.Generator().manual_seed(1)) for _ in range(2))
    assert torch.equal(first, again)
    assert first[:, 0].unique().numel() == 1000


def test_the_implicit_gradient_is_that_of_the_quantile():
    # t = 1 + ln(u + (1 - u) e^(-2 k)) / k in space, with u the quantile.
    kappa = torch.tensor([[0.1], [1.0], [20.0], [3e3]], dtype=F64).repeat(50, 1).requires_grad_()
    mean = torch.zeros(200, 3, dtype=F64)
    mean[:, 2] = 1
    t = VonMisesFisher(mean, kappa).draw(torch.Generator().manual_seed(2))[:, 2:]
    (found,) = torch.autograd.grad(t.sum(), kappa)
    u = (torch.expm1(kappa * (t + 1)) / torch.expm1(2 * kappa)).detach()
    low = kappa.detach() < 300
    quantile = 1 + torch.log(u + (1 - u) * torch.exp(-2 * kappa)) / kappa
    (exact,) = torch.autograd.grad(quantile.sum(), kappa)
    torch.testing.assert_close(found[low], exact[low], rtol=1e-6, atol=1e-9)
    # Far out the cosine is 1 - g / kappa with g exponential.
    far = ((1 - t) / kappa).detach()
    torch.testing.assert_close(found[~low], far[~low], rtol=1e-6, atol=0)


@both
@pytest.mark.parametrize("d", [2, 5, 16])
@pytest.mark.parametrize("kappa", [0.5, 8.0, 1e4])
def test_gradients_through_draws_are_those_of_the_mean(family, d, kappa):
    n = 4000
    mean, one = around(family, d, kappa, n)
    concentration = one.clone().requires_grad_()
    (family(mean, concentration).draw(torch.Generator().manual_seed(4)) @ mean[0]).sum().backward()
    slopes = concentration.grad[:, 0]
    single = torch.tensor([[kappa]], dtype=F64, requires_grad=True)
    (exact,) = torch.autograd.grad(family(mean[:1], single).cosine(), single)
    assert abs(slopes.mean() - exact[0, 0]) < 4 * slopes.std() / n**0.5
    direction = mean.clone().requires_grad_()
    family(direction, one).draw(torch.Generator().manual_seed(4)).sum().backward()
    assert direction.grad.isfinite().all()


@both
def test_float32_draws_are_as_good_as_their_type(family):
    posterior = around(family, 8, 1e5, 4000, torch.float32)
    z = posterior.draw(torch.Generator().manual_seed(0))
    assert z.dtype == torch.float32
    spread = 1 - posterior.cosine()[0, 0].item()
    chords = (z.double() - posterior.mean.double()).square().sum(1) / 2
    assert chords.mean().item() == pytest.approx(spread, rel=0.05)
    assert posterior.log_density(z).dtype == torch.float32


@both
def test_the_point_opposite_has_the_least_density(family):
    posterior = around(family, 3, 5.0)
    here, there = posterior.log_density(posterior.mean), posterior.log_density(-posterior.mean)
    fall = (here - there).item()
    assert fall == (pytest.approx(10) if family is VonMisesFisher else math.inf)


@both
def test_a_space_reads_the_direction_alone(family):
    posterior = around(family, 3, 5.0, 2)
    mean, logvar = read_posterior(posterior)
    assert torch.equal(mean, posterior.mean)
    assert logvar is None


def test_the_uniform_distribution_has_one_density_everywhere():
    mean = torch.tensor([[1.0, 0.0, 0.0]])
    for family in (PowerSpherical, VonMisesFisher):
        uniform = family(mean, torch.zeros(1, 1))
        for z in (mean, -mean):
            assert float(uniform.log_density(z)) == pytest.approx(-math.log(4 * math.pi))
