import math

import pytest
import torch
from torch.distributions import MultivariateNormal, Normal

from latent_widgets.models.posteriors import Posterior
from latent_widgets.models.tc import BetaTCVAE

SMALL = {"image_shape": (1, 8, 8), "channels": (4, 6), "hidden": 8}


def model(**options):
    torch.manual_seed(0)
    return BetaTCVAE(latent_dim=2, **(SMALL | options)).eval()


def correlated(n, rho=0.8, variance=0.05):
    """Means whose aggregate with their spread is a Gaussian of unit variances and known rho."""
    covariance = torch.tensor([[1 - variance, rho], [rho, 1 - variance]]).double()
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(n, 2, generator=generator).double()
    mean = noise @ torch.linalg.cholesky(covariance).T
    return Posterior(mean, torch.full_like(mean, math.log(variance)))


@pytest.mark.parametrize("options", [{}, {"n_data": 5000}, {"estimator": "weighted", "n_data": 99}])
def test_the_parts_add_up_to_the_kl_estimate_of_every_row(options):
    m, posterior = model(**options), correlated(40)
    z = m.reparameterize(posterior, torch.Generator().manual_seed(1))
    parts = m.decompose(posterior, z)
    total = m.log_posterior(posterior, z) - m.log_prior(z)
    torch.testing.assert_close(torch.stack([*parts]).sum(0), total, rtol=1e-10, atol=1e-10)


def test_a_gaussian_aggregate_has_its_closed_forms():
    rho, variance, n = 0.8, 0.05, 1500
    posterior = correlated(n, rho, variance)
    m = model()
    z = m.reparameterize(posterior, torch.Generator().manual_seed(1))
    found = [part.mean().item() for part in m.decompose(posterior, z)]
    determinant = 1 - rho**2
    information = 0.5 * math.log(determinant / variance**2)
    correlation = -0.5 * math.log(determinant)
    assert found[0] == pytest.approx(information, abs=0.1)
    assert found[1] == pytest.approx(correlation, abs=0.05)
    assert found[2] == pytest.approx(0, abs=0.05)
    assert sum(found) == pytest.approx(m.divergence(posterior).sum(1).mean().item(), abs=0.1)


def test_a_batch_stands_for_all_rows():
    """Stratified batches estimate log q(z) nearly without bias, weighted ones do not."""
    rows, batch = 2000, 200
    posterior = correlated(rows, rho=0.5, variance=0.3)
    whole = model()
    z = whole.reparameterize(posterior, torch.Generator().manual_seed(1))
    truth = whole.decompose(posterior, z)
    for estimator, shift, error in (("stratified", 0.0, 0.1), ("weighted", math.log(rows), 0.2)):
        m = model(n_data=rows, estimator=estimator)
        parts = [
            m.decompose(Posterior(*(p[i : i + batch] for p in posterior)), z[i : i + batch])
            for i in range(0, rows, batch)
        ]
        information, correlation, _ = (torch.cat(part).mean() for part in zip(*parts, strict=True))
        assert information.item() == pytest.approx(
            truth.mutual_information.mean().item() + shift, abs=error
        )
        # One logarithm of the number of rows in q(z), one for each dimension in the marginals.
        assert correlation.item() == pytest.approx(
            truth.total_correlation.mean().item() + shift, abs=error
        )


def test_independent_latents_have_no_total_correlation():
    aggregate = MultivariateNormal(torch.zeros(2), torch.eye(2))
    posterior = correlated(1500, rho=0.0, variance=0.5)
    m = model()
    z = m.reparameterize(posterior, torch.Generator().manual_seed(1))
    parts = m.decompose(posterior, z)
    assert parts.total_correlation.mean().item() == pytest.approx(0, abs=0.03)
    log_q = m.log_posterior(posterior, z) - parts.mutual_information
    assert (log_q - aggregate.log_prob(z.float())).mean().item() == pytest.approx(0, abs=0.03)
    assert Normal(0, 1).log_prob(z).sum(1) == pytest.approx(m.log_prior(z))


def test_weights_of_one_make_it_a_vae_and_beta_taxes_the_correlation():
    m = model(beta=1.0)
    x = torch.rand(12, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    terms = m.elbo(x, generator=torch.Generator().manual_seed(1))
    z = m.reparameterize(m.encode(x), torch.Generator().manual_seed(1))
    estimate = m.log_posterior(m.encode(x), z) - m.log_prior(z)
    torch.testing.assert_close(terms.neg_elbo, terms.reconstruction + estimate)
    torch.testing.assert_close(m.objective(terms, 1.0, 0.5), terms.neg_elbo)
    heavy = m.objective(terms, 7.0, 0.5)
    torch.testing.assert_close(heavy - terms.neg_elbo, 6 * terms.total_correlation)


def test_a_batch_of_one_is_finite():
    for options in ({}, {"n_data": 100}, {"n_data": 100, "estimator": "weighted"}):
        terms = model(**options).elbo(torch.rand(1, 1, 8, 8))
        assert torch.stack([*terms]).isfinite().all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"alpha": -1.0}, "alpha must be a finite number of at least 0"),
        ({"n_data": 0}, "n_data must be 1 or more, got 0"),
        ({"estimator": "exact"}, "estimator must be one of"),
    ],
)
def test_unusable_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        model(**options)
