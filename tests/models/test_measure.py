import pytest
import torch

from latent_widgets.models.augmentation import random_affine
from latent_widgets.models.measure import (
    encode_rows,
    encoder_features,
    measure,
    multiply_adds,
    pca_mse,
)
from latent_widgets.models.vae import VAE


def model(**options):
    torch.manual_seed(0)
    return VAE((1, 8, 8), latent_dim=2, channels=(4, 6), hidden=5, **options).eval()


def pictures(n=7):
    return torch.rand(n, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def test_multiply_adds_are_those_counted_by_hand():
    dense = 2 * 5 + 5 * (6 * 2 * 2)
    convolutions = 4 * 4 * (6 * 4 * 9) + 8 * 8 * (4 * 4 * 9) + 8 * 8 * (4 * 1 * 9)
    assert multiply_adds(model()) == dense + convolutions


def test_measuring_is_repeatable_and_does_not_depend_on_the_batch():
    first = measure(model(), pictures())
    assert first == measure(model(), pictures())
    assert first["neg_elbo"] == first["reconstruction"] + first["kl"]
    assert first["floor"] < first["reconstruction"]
    x = pictures()
    other = measure(model(), x, batch_size=3)
    for name in ("kl", "mse", "floor"):
        assert other[name] == pytest.approx(first[name], rel=1e-5)
    assert first["mse"] == pytest.approx((model()(x) - x).square().mean().item(), rel=1e-5)


def test_a_gaussian_model_has_no_floor():
    assert "floor" not in measure(model(likelihood="gaussian"), pictures())


def test_encoding_in_batches_equals_encoding_at_once():
    mean, logvar = model().encode(pictures())
    found = encode_rows(model(), pictures(), batch_size=3)
    torch.testing.assert_close(found.mean, mean)
    torch.testing.assert_close(found.logvar, logvar)


def test_pca_error_is_what_the_left_out_components_hold():
    x = pictures(40)
    flat = x.flatten(1).double()
    values = torch.linalg.svdvals(flat - flat.mean(0))
    expected = values[3:].square().sum().item() / flat.numel()
    assert pca_mse(x, x, 3) == pytest.approx(expected, rel=1e-9)
    assert pca_mse(x, x, 40) == pytest.approx(0, abs=1e-12)


def test_augmentation_stays_a_picture_and_changes_its_share():
    x = torch.zeros(400, 1, 28, 28)
    x[:, :, 8:20, 12:16] = 1
    y = random_affine(x, torch.Generator().manual_seed(0), share=0.5)
    assert y.shape == x.shape
    assert y.min() >= 0
    assert y.max() <= 1
    changed = (y != x).flatten(1).any(1)
    assert 0.4 < changed.float().mean() < 0.6
    assert torch.equal(random_affine(x, torch.Generator().manual_seed(0)), y)
    # Ink is moved, not made: a stretch of 10 % per axis changes its sum by at most a fifth or so.
    assert ((y.sum((1, 2, 3)) / 48 - 1).abs() < 0.25).all()
    assert y[changed].unique(dim=0).shape[0] == changed.sum()


def test_features_are_what_the_last_layer_reads():
    x = torch.randint(0, 256, (7, 1, 8, 8), dtype=torch.uint8)
    found = encoder_features(model(), x, batch_size=3)
    assert found.shape == (7, 5)
    assert found.dtype == torch.float64
    mean, _ = model().encoder[-1](found.float()).chunk(2, dim=1)
    torch.testing.assert_close(mean, model().encode(x / 255).mean)
