import pytest
import torch

from latent_widgets.models.autoencoder import AutoEncoder
from latent_widgets.models.ensemble import DecoderEnsemble
from latent_widgets.models.generator import Generator
from latent_widgets.models.training import fit
from latent_widgets.models.vae import VAE

SMALL = {"image_shape": (1, 8, 8), "channels": (4, 6), "hidden": 8}


def pictures(n=64):
    shade = torch.linspace(0, 1, n)[:, None, None, None]
    return shade * torch.ones(1, 1, 8, 8)


def trained(family=AutoEncoder, **options):
    torch.manual_seed(0)
    base = family(latent_dim=1, **SMALL, **options)
    quick = {"epochs": 15, "batch_size": 16, "lr": 0.01, "device": "cpu", "progress": False}
    fit(base, pictures(), **quick)
    ensemble = DecoderEnsemble(base, members=4)
    before = {name: value.clone() for name, value in base.state_dict().items()}
    fit(ensemble, pictures(), **quick)
    return base, before, ensemble


def test_decoders_agree_on_the_data_and_part_elsewhere():
    base, before, ensemble = trained()
    codes = ensemble.encode(pictures()).mean
    assert torch.equal(codes, base.encode(pictures()).mean)
    for name, value in ensemble.base.state_dict().items():
        assert torch.equal(value, before[name]), name
    spread = codes.max() - codes.min()
    far = torch.stack([codes.max() + 3 * spread, codes.min() - 3 * spread])[:, None]
    known, unknown = ensemble.uncertainty(codes), ensemble.uncertainty(far)
    assert known.shape == (64,)
    # All may agree on black where one side is beyond black.
    assert unknown.max() > 3 * known.mean()
    assert (ensemble.decode(codes) - pictures()).abs().mean() < 0.15


def test_a_picture_is_the_mean_and_the_uncertainty_its_spread():
    torch.manual_seed(0)
    ensemble = DecoderEnsemble(VAE(latent_dim=3, **SMALL), members=4).eval()
    z = ensemble.prior(5, torch.Generator().manual_seed(0))
    each = ensemble.decode_each(z)
    assert each.shape == (4, 5, 1, 8, 8)
    torch.testing.assert_close(ensemble.decode(z), each.mean(0))
    spread = each.var(0, correction=0)
    torch.testing.assert_close(ensemble.pixel_uncertainty(z), spread.sqrt())
    torch.testing.assert_close(ensemble.uncertainty(z), spread.mean((1, 2, 3)).sqrt())
    first, second = each[0], each[1]
    assert (first - second).abs().max() > 1e-4


def test_the_encoder_is_never_in_training_mode():
    torch.manual_seed(0)
    ensemble = DecoderEnsemble(VAE(latent_dim=3, **SMALL), members=2).train()
    assert not ensemble.base.training
    assert all(decoder.training for decoder in ensemble.decoders)
    assert not any(p.requires_grad for p in ensemble.base.parameters())


def test_the_same_seed_gives_the_same_decoders_and_leaves_the_global_one():
    base = VAE(latent_dim=3, **SMALL)
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    one, two = DecoderEnsemble(base, members=2), DecoderEnsemble(base, members=2)
    other = DecoderEnsemble(base, members=2, seed=1)
    assert torch.equal(torch.rand(3), expected)
    z = one.prior(2, torch.Generator().manual_seed(0))
    assert torch.equal(one.eval().decode(z), two.eval().decode(z))
    assert not torch.equal(one.decode(z), other.eval().decode(z))


def test_what_cannot_be_an_ensemble_is_refused():
    with pytest.raises(ValueError, match="members must be from 2 to 64, got 1"):
        DecoderEnsemble(VAE(**SMALL), members=1)
    with pytest.raises(ValueError, match="base must be one of VAE, AutoEncoder, got 'Generator'"):
        DecoderEnsemble(Generator(**SMALL))


def test_a_strangers_vae_is_no_base():
    stranger = type("VAE", (torch.nn.Module,), {})()
    with pytest.raises(TypeError, match="base must be a VAE of latent_widgets, got another VAE"):
        DecoderEnsemble(stranger)
