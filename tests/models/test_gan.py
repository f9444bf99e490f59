import pytest
import torch

from latent_widgets.models.gan import fit_gan
from latent_widgets.models.generator import Generator

QUICK = {"batch_size": 16, "lr": 5e-3, "ema": 0.9, "device": "cpu"}


def generator():
    torch.manual_seed(0)
    return Generator((1, 8, 8), 2, channels=(4, 6), hidden=8)


def shades(n=64):
    """Every picture of one grey of its own."""
    return torch.linspace(0.1, 0.9, n)[:, None, None, None].expand(n, 1, 8, 8)


def test_it_learns_to_draw_what_it_is_shown():
    m = generator()
    before = m.eval().decode(m.prior(200, torch.Generator().manual_seed(0))).detach()
    options = QUICK | {"batch_size": 32, "r1": 0.1, "critic_lr": 1e-2, "critic_channels": (8, 8)}
    history = fit_gan(m, shades(), epochs=40, **options)
    assert not m.training
    drawn = m.decode(m.prior(200, torch.Generator().manual_seed(0))).detach()
    grey = drawn.mean((1, 2, 3))
    assert grey.mean().item() == pytest.approx(0.5, abs=0.1)
    # All shades, and not one that fools the critic: their standard deviation is 0.237.
    assert 0.16 < grey.std() < 0.3
    assert before.mean((1, 2, 3)).std() < 0.05
    assert drawn.std((1, 2, 3)).mean() < 0.1
    assert {name: len(curve) for name, curve in history.curves.items()} == dict.fromkeys(
        ("generator", "critic", "real", "fake"), 40
    )
    assert 0.4 < history.curves["fake"][-1] < history.curves["real"][-1] < 0.6


def test_the_same_seed_gives_the_same_generator_and_resuming_changes_nothing(tmp_path):
    whole, broken = generator(), generator()
    fit_gan(whole, shades(), epochs=3, **QUICK)
    state = tmp_path / "gan.state"
    stop = {"checkpoint": state, "callback": lambda epoch, _: epoch == 0}
    fit_gan(broken, shades(), epochs=3, **stop, **QUICK)
    again = generator()
    history = fit_gan(again, shades(), epochs=3, checkpoint=state, **QUICK)
    assert history.epochs == 3
    for name, value in whole.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name
    assert not torch.equal(broken.decoder[0].weight, whole.decoder[0].weight)


def test_normalisation_is_that_of_the_averaged_weights():
    m = generator()
    fit_gan(m, shades(), epochs=2, **QUICK)
    z = m.prior(4000, torch.Generator().manual_seed(1))
    with torch.no_grad():
        judged = m.decode(z)
        m.train()
        own = m.decode(z)
    assert (judged - own).abs().mean() < 0.02


def test_a_loss_that_is_not_finite_is_said():
    broken = generator()
    with torch.no_grad():
        broken.decoder[0].weight.fill_(torch.nan)
    with pytest.raises(FloatingPointError, match="no longer finite in epoch 1, batch 1; try a sm"):
        fit_gan(broken, shades(), epochs=1, **QUICK)


def test_a_loss_that_is_not_finite_leaves_the_generator_as_it_was():
    m = generator()
    before = [value.clone() for value in m.parameters()]
    with pytest.raises(FloatingPointError):
        fit_gan(m, shades(), epochs=2, **(QUICK | {"lr": 1e30}))
    assert all(torch.equal(value, old) for value, old in zip(m.parameters(), before, strict=True))
    assert not m.training


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"epochs": 0}, "epochs and batch_size must be at least 1, got 0, 16"),
        ({"lr": 0.0}, "lr must be above 0"),
        ({"critic_lr": 0.0}, "critic_lr must be a finite number above 0"),
        ({"r1": -1.0}, "r1 at least 0"),
        ({"ema": 1.0}, r"ema in \[0, 1\)"),
        ({"precision": "float8"}, "precision must be one of"),
    ],
)
def test_unusable_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        fit_gan(generator(), shades(), **(QUICK | options))


def test_pictures_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"pictures of \(1, 8, 8\) as the generator draws"):
        fit_gan(generator(), torch.zeros(4, 1, 9, 9), **QUICK)
