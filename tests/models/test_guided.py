import numpy as np
import pytest
import torch

from latent_widgets.datasets.faces import FACTORS, sample_factors
from latent_widgets.models.recipes.faces import AXES, face_targets
from latent_widgets.models.recipes.guided import TOLERANCE, GuidedVAE
from latent_widgets.models.training import fit
from latent_widgets.models.vae import VAE


def guided():
    torch.manual_seed(0)
    return GuidedVAE(VAE((1, 8, 8), latent_dim=5, channels=(4,), hidden=8)).eval()


def pictures(n=3):
    return torch.rand(n, 1, 8, 8, generator=torch.Generator().manual_seed(1))


def test_the_bound_is_that_of_pictures_plus_that_of_numbers():
    model, x = guided(), pictures()
    targets = torch.tensor([[0.0, 1.0], [2.0, -1.0], [0.5, 0.5]])
    both = model.elbo(x, targets, torch.Generator().manual_seed(0))
    alone = model.vae.elbo(x, generator=torch.Generator().manual_seed(0))
    z = model.vae.reparameterize(model.vae.encode(x), torch.Generator().manual_seed(0))
    density = torch.distributions.Normal(z[:, :2], TOLERANCE)
    constant = density.log_prob(z[:, :2]).sum(1)
    expected = alone.reconstruction + constant - density.log_prob(targets).sum(1)
    torch.testing.assert_close(both.reconstruction, expected)
    assert torch.equal(both.kl, alone.kl)


def test_shuffled_rows_keep_their_targets():
    seen = []

    class Watch(VAE):
        def elbo(self, x, targets, generator=None):
            seen.append((x.flatten(1).mean(1) - targets).abs().max().item())
            return super().elbo(x, generator=generator)

    x = pictures(20)
    fit(
        Watch((1, 8, 8), 2),
        x,
        targets=x.flatten(1).mean(1),
        epochs=2,
        batch_size=4,
        validation=0.3,
        progress=False,
        device="cpu",
    )
    assert max(seen) < 1e-6
    assert len(seen) == 2 * (4 + 2)


def test_targets_must_match_the_pictures():
    with pytest.raises(ValueError, match="2 targets for 3 pictures"):
        fit(guided(), pictures(), targets=torch.zeros(2, 3), progress=False)
    with pytest.raises(ValueError, match="validation must be a share"):
        fit(guided(), pictures(), targets=torch.zeros(3, 3), validation=pictures(), progress=False)


def test_a_guided_dimension_learns_its_number():
    level = torch.linspace(0, 1, 64)
    x = level[:, None, None, None].expand(64, 1, 8, 8) * 0.8 + 0.1
    torch.manual_seed(0)
    model = GuidedVAE(VAE((1, 8, 8), latent_dim=2, channels=(4,), hidden=8))
    targets = ((level - level.mean()) / level.std())[:, None]
    options = {"epochs": 60, "batch_size": 16, "lr": 0.01, "progress": False, "device": "cpu"}
    fit(model, x, targets=targets, validation=0, **options)
    with torch.inference_mode():
        mean = model.vae.encode(x).mean
    assert torch.corrcoef(torch.stack([mean[:, 0], level]))[0, 1] > 0.99
    assert 0.6 < mean[:, 0].std() < 1.4


def test_every_factor_of_a_face_has_its_place_and_the_prior_its_scale():
    factors = sample_factors(2000, seed=3)
    targets = face_targets(factors)
    assert {factor for factor, _ in AXES.values()} | targets.keys() >= FACTORS.keys()
    for name, values in targets.items():
        assert np.mean(values.astype(float) ** 2) == pytest.approx(1, abs=1e-6), name


def test_classes_are_told_apart_by_their_places():
    factors = sample_factors(2000, seed=3)
    targets = face_targets(factors)
    for factor in ("hair_style", "hair_color", "beard", "glasses", "hat"):
        axes = [name for name, (owner, _) in AXES.items() if owner == factor]
        places = np.stack([targets[name] for name in axes], axis=1)
        found = [np.unique(places[factors[factor] == code], axis=0) for code in range(6)]
        found = [place for place in found if len(place)]
        assert all(len(place) == 1 for place in found)
        distinct = np.unique(np.concatenate(found), axis=0)
        assert len(distinct) == len(FACTORS[factor].classes)
        assert not distinct[np.abs(distinct).sum(axis=1).argmin()].any()
