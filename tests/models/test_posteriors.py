import pytest
import torch

from latent_widgets.models.posteriors import gaussian_kl


@pytest.mark.parametrize(
    ("mean", "sigma", "expected"),
    [(1.0, 1.0, 0.5), (0.0, 0.5, 0.3181471805599453), (2.0, 0.1, 3.8075850929940454)],
)
@pytest.mark.parametrize(("dtype", "rtol"), [(torch.float64, 1e-12), (torch.float32, 1e-6)])
def test_kl_has_its_closed_form(mean, sigma, expected, dtype, rtol):
    mu = torch.tensor([[mean]], dtype=dtype)
    logvar = 2 * torch.tensor([[sigma]], dtype=torch.float64).log().to(dtype)
    torch.testing.assert_close(
        gaussian_kl(mu, logvar), torch.tensor([[expected]], dtype=dtype), rtol=rtol, atol=0
    )


def test_kl_agrees_with_torch_distributions():
    generator = torch.Generator().manual_seed(0)
    mean, logvar = torch.randn(2, 50, 4, generator=generator, dtype=torch.float64)
    normal = torch.distributions.Normal
    expected = torch.distributions.kl_divergence(
        normal(mean, (logvar / 2).exp()), normal(torch.zeros_like(mean), torch.ones_like(mean))
    )
    torch.testing.assert_close(gaussian_kl(mean, logvar), expected)


def test_kl_is_never_negative():
    generator = torch.Generator().manual_seed(0)
    wide = torch.rand(50_000, generator=generator) * 20 - 12
    # Where the variance is almost 1, rounding alone could push the difference below 0.
    narrow = torch.randn(50_000, generator=generator) * 1e-6
    logvar = torch.cat([wide, narrow])[:, None]
    assert gaussian_kl(torch.zeros_like(logvar), logvar).min() >= 0


def test_kl_of_the_prior_is_exactly_zero():
    assert gaussian_kl(torch.zeros(3, 2), torch.zeros(3, 2)).abs().max() == 0
