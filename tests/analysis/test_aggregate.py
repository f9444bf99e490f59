"""The aggregate posterior, against Gaussians whose divergences have a closed form."""

import numpy as np
import pytest
import torch
from runs import model as small_vae
from runs import pictures

from latent_widgets.analysis import (
    aggregate_gap,
    auroc,
    elbo_surgery,
    frechet_distance,
    mahalanobis,
    neighbours,
    sample_distance,
)

RNG = np.random.default_rng(0)


def correlated(n=2000, sigma=0.5, rho=0.6, variances=(1.0, 2.0), shift=(0.5, 0.0)):
    """Posteriors of one spread whose aggregate is a Gaussian of this covariance."""
    scale = np.sqrt(variances)
    covariance = np.array([[1, rho], [rho, 1]]) * np.outer(scale, scale)
    mean = RNG.multivariate_normal(shift, covariance - sigma**2 * np.eye(2), n)
    return mean, np.full_like(mean, 2 * np.log(sigma)), covariance


def test_surgery_of_a_gaussian_aggregate_has_three_closed_parts():
    mean, logvar, covariance = correlated()
    found = elbo_surgery(mean, logvar)
    sigma2 = 0.25
    information = 0.5 * np.log(np.linalg.det(covariance) / sigma2**2)
    correlation = -0.5 * np.log(1 - 0.6**2)
    single = 0.5 * (np.diag(covariance) + np.array([0.25, 0]) - 1 - np.log(np.diag(covariance)))
    assert found.mutual_information == pytest.approx(information, abs=0.05)
    assert found.total_correlation == pytest.approx(correlation, abs=0.05)
    np.testing.assert_allclose(found.dimension_kl, single, atol=0.05)
    assert found.marginal_kl == pytest.approx(correlation + single.sum(), abs=0.08)


def test_the_parts_sum_to_the_kl_exactly():
    mean, logvar, _ = correlated(300)
    found = elbo_surgery(mean, logvar, seed=5)
    exact = 0.5 * (mean**2 + np.exp(logvar) - 1 - logvar).sum(1).mean()
    assert found.kl == pytest.approx(exact, rel=1e-12)
    parts = found.mutual_information + found.total_correlation + found.dimension_kl.sum()
    assert parts == pytest.approx(exact, rel=1e-10)
    assert found.marginal_kl == pytest.approx(exact - found.mutual_information, rel=1e-10)


def test_rows_far_apart_tell_all_of_ln_n():
    mean = 1000.0 * np.arange(8)[:, None] * np.ones((1, 3))
    found = elbo_surgery(mean, np.zeros_like(mean))
    assert found.mutual_information == pytest.approx(np.log(8), abs=1.5)
    # Averaged over many draws the sampled entropy is exact.
    many = np.mean([elbo_surgery(mean, 0 * mean, s).mutual_information for s in range(400)])
    assert many == pytest.approx(np.log(8), abs=0.2)


def test_one_posterior_for_all_rows_tells_nothing():
    mean, logvar = np.full((200, 2), 0.7), np.full((200, 2), -1.0)
    draws = [elbo_surgery(mean, logvar, seed) for seed in range(50)]
    assert np.mean([d.mutual_information for d in draws]) == pytest.approx(0, abs=0.06)
    assert np.abs([d.total_correlation for d in draws]).max() < 1e-9


def test_no_gap_where_aggregate_and_prior_are_the_same():
    mean = RNG.standard_normal((2000, 2)) * np.sqrt(0.75)
    gap = aggregate_gap(mean, np.full_like(mean, np.log(0.25)))
    assert gap.kl == pytest.approx(0, abs=0.05)
    assert gap.accuracy == pytest.approx(0.5, abs=0.04)
    assert gap.p_value > 0.01
    assert gap.holes < 0.03


def test_a_gap_is_seen_in_all_three_ways():
    mean = np.where(RNG.random((1000, 2)) < 0.5, -1.2, 1.2)
    gap = aggregate_gap(mean, np.full_like(mean, 2 * np.log(0.2)))
    assert gap.kl > 0.4
    assert gap.accuracy > 0.8
    assert gap.p_value < 1e-6
    assert gap.holes > 0.3


def test_another_prior_is_compared_by_draws_alone():
    mean = 5 + RNG.standard_normal((800, 3))
    gap = aggregate_gap(mean, prior=5 + RNG.standard_normal((800, 3)))
    assert gap.kl is None
    assert gap.accuracy == pytest.approx(0.5, abs=0.07)
    assert aggregate_gap(mean).accuracy > 0.99


def test_the_frechet_distance_of_gaussians_is_closed():
    rows = RNG.standard_normal((500, 4))
    rows = (rows - rows.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(rows.T)).T)
    assert frechet_distance(rows, rows) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(rows, rows + np.array([3, 0, 4, 0])) == pytest.approx(25)
    # Commuting covariances: the sum of the squared differences of standard deviations.
    assert frechet_distance(rows, rows * [2, 1, 1, 4]) == pytest.approx(1 + 9)
    assert frechet_distance(rows[:, :1], 3 * rows[:, :1]) == pytest.approx(4)
    turn, _ = np.linalg.qr(RNG.standard_normal((4, 4)))
    a, b = rows * [2, 1, 1, 4], rows @ turn * [1, 3, 1, 2]
    assert frechet_distance(a @ turn, b @ turn) == pytest.approx(frechet_distance(a, b))
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))


def test_samples_are_judged_in_the_encoders_features():
    vae, x = small_vae().eval(), pictures(40)
    found = sample_distance(vae, x, seed=1)
    assert found == sample_distance(vae, x, seed=1, encoder=vae, batch_size=256)
    assert found != sample_distance(vae, x, seed=2)
    z = vae.prior(40, torch.Generator().manual_seed(1))
    with torch.no_grad():
        features = [vae.encoder[:-1](part) for part in (x.float() / 255, vae.decode(z))]
    assert found == pytest.approx(frechet_distance(*features), rel=1e-4)


def test_scores_of_shifted_gaussians_rank_as_the_closed_form_says():
    shifted = RNG.standard_normal(100_000) + 2
    normal = RNG.standard_normal(100_000)
    assert auroc(normal, shifted) == pytest.approx(0.9213504, abs=0.003)
    assert auroc(-normal, -shifted) == pytest.approx(1 - auroc(normal, shifted), abs=1e-12)
    assert auroc(np.ones(5), np.ones(7)) == 0.5


def test_mahalanobis_of_gaussians_is_chi_squared():
    mix = RNG.standard_normal((16, 16))
    reference = RNG.standard_normal((100_000, 16)) @ mix
    odd = RNG.standard_normal((100_000, 16))
    odd[:, 0] += 4
    scores = mahalanobis(reference), mahalanobis(odd @ mix, reference)
    assert scores[0].mean() == pytest.approx(16, abs=0.01)
    assert scores[0].var() == pytest.approx(32, abs=1)
    assert auroc(*scores) == pytest.approx(0.9308542, abs=0.003)


def test_a_direction_without_variance_counts_for_nothing():
    flat = np.column_stack([RNG.standard_normal(100), np.zeros(100)])
    np.testing.assert_allclose(mahalanobis(flat), mahalanobis(flat[:, :1]))


def test_a_thousand_queries_find_what_brute_force_finds():
    points, queries = RNG.standard_normal((3000, 8)), RNG.standard_normal((1000, 8))
    indices = neighbours(points, queries, 10)[1].numpy()
    exact = ((queries[:, None] - points) ** 2).sum(2).argsort(1)[:, :10]
    assert (np.sort(indices) == np.sort(exact)).all()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: frechet_distance(np.zeros((3, 2)), np.zeros((3, 1))), "b must have 2 columns"),
        (lambda: mahalanobis(np.zeros((3, 2)), np.zeros((3, 1))), "reference must have at least"),
        (lambda: aggregate_gap(np.zeros((5, 2))), "mean must have at least 20 rows, got 5"),
        (lambda: elbo_surgery(np.zeros((5, 2)), np.zeros((4, 2))), "logvar must have the shape"),
    ],
)
def test_bad_rows_are_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
