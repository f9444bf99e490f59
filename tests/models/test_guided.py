import pytest
import torch

from latent_widgets.datasets.faces import FACTORS
from latent_widgets.models.recipes.faces import guide_faces
from latent_widgets.models.recipes.guided import TOLERANCE, WEIGHT, Guide, GuidedVAE
from latent_widgets.models.training import fit
from latent_widgets.models.vae import VAE

GUIDE = Guide(["smile", "hat"], {"hair": 3})
FACTORS_OF_THREE = {"smile": [-1, 0.5, 1], "hat": [0, 1, 1], "hair": [2, 0, 1]}


def guided():
    torch.manual_seed(0)
    return GuidedVAE(VAE((1, 8, 8), latent_dim=5, channels=(4,), hidden=8), GUIDE).eval()


def pictures(n=3):
    return torch.rand(n, 1, 8, 8, generator=torch.Generator().manual_seed(1))


def test_numbers_are_standardised_and_codes_are_kept():
    found = GUIDE.targets(FACTORS_OF_THREE)
    torch.testing.assert_close(found[:, 0].mean(), torch.tensor(0.0))
    torch.testing.assert_close(found[:, 0].var(correction=0), torch.tensor(1.0))
    half = 0.5**0.5
    torch.testing.assert_close(found[:, 1], torch.tensor([-2 * half, half, half]))
    assert found[:, 2].tolist() == [2, 0, 1]


def test_the_bound_is_that_of_pictures_plus_that_of_factors():
    model, x, targets = guided(), pictures(), GUIDE.targets(FACTORS_OF_THREE)
    both = model.elbo(x, targets, torch.Generator().manual_seed(0))
    alone = model.vae.elbo(x, generator=torch.Generator().manual_seed(0))
    z = model.vae.reparameterize(model.vae.encode(x), torch.Generator().manual_seed(0))
    numbers = ((z[:, :2] - targets[:, :2]) / TOLERANCE).square().sum(1) / 2
    chances = model.heads["hair"](z[:, 2:]).log_softmax(1)
    classes = -chances[range(3), [2, 0, 1]]
    expected = alone.reconstruction + numbers + WEIGHT * classes
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


def test_a_guided_dimension_learns_its_factor():
    level = torch.linspace(0, 1, 64)
    x = level[:, None, None, None].expand(64, 1, 8, 8) * 0.8 + 0.1
    guide = Guide(["level"], {})
    torch.manual_seed(0)
    model = GuidedVAE(VAE((1, 8, 8), latent_dim=2, channels=(4,), hidden=8), guide)
    targets = guide.targets({"level": level})
    options = {"epochs": 60, "batch_size": 16, "lr": 0.01, "progress": False, "device": "cpu"}
    fit(model, x, targets=targets, validation=0, **options)
    with torch.inference_mode():
        mean = model.vae.encode(x).mean
    assert torch.corrcoef(torch.stack([mean[:, 0], level]))[0, 1] > 0.99
    assert 0.6 < mean[:, 0].std() < 1.4


def test_faces_tie_a_dimension_to_every_factor_with_an_order():
    guide = guide_faces()
    assert {*guide.numbers, *guide.classes} == FACTORS.keys()
    assert guide.classes == {"hair_style": 6, "hair_color": 6}
