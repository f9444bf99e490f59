"""What every family of models promises, of each of them."""

import json

import pytest
import torch

from latent_widgets.models.checkpoint import load_checkpoint, save_checkpoint
from latent_widgets.models.ensemble import DecoderEnsemble
from latent_widgets.models.families import FAMILIES
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.training import fit

SMALL = {"image_shape": (1, 8, 8), "channels": (4, 6), "hidden": 8}
# A constructor's options beside the small sizes, where it needs any.
OPTIONS = {"BetaTCVAE": {"n_data": 24}, "CapacityVAE": {"capacity": 2.0}}


def build(name, latent_dim=2, **options):
    torch.manual_seed(0)
    if name == "DecoderEnsemble":
        return DecoderEnsemble(FAMILIES["VAE"](latent_dim=latent_dim, **SMALL), members=3)
    return FAMILIES[name](latent_dim=latent_dim, **(SMALL | OPTIONS.get(name, {}) | options)).eval()


def pictures(n=24):
    """Soft blobs, so that there is something to learn."""
    place = torch.rand(n, 2, 1, 1, generator=torch.Generator().manual_seed(1)) * 7
    rows, columns = torch.meshgrid(torch.arange(8.0), torch.arange(8.0), indexing="ij")
    square = (rows - place[:, 0]) ** 2 + (columns - place[:, 1]) ** 2
    return torch.exp(-square / 6)[:, None]


@pytest.fixture(params=FAMILIES)
def model(request):
    return build(request.param, 3).eval()


def test_a_config_is_json_and_rebuilds_the_model(model):
    again = type(model)(**json.loads(json.dumps(model.config)))
    again.load_state_dict(model.state_dict())
    assert again.config == model.config
    z = model.prior(3, torch.Generator().manual_seed(0))
    assert torch.equal(again.eval().decode(z), model.decode(z))


def test_a_file_keeps_the_model_and_its_geometry(model, tmp_path):
    save_checkpoint(tmp_path / "a.safetensors", model, half=False)
    again = load_checkpoint(tmp_path / "a.safetensors").model
    assert type(again) is type(model)
    assert again.geometry.spec() == model.geometry.spec()
    z = model.prior(3, torch.Generator().manual_seed(0))
    torch.testing.assert_close(again.decode(z), model.decode(z), rtol=0, atol=1e-6)


def test_the_prior_gives_points_of_the_space_and_pictures(model):
    z = model.prior(5, torch.Generator().manual_seed(0))
    assert z.shape == (5, model.latent_dim)
    assert torch.equal(z, model.prior(5, torch.Generator().manual_seed(0)))
    torch.testing.assert_close(model.geometry.project(z), z, rtol=1e-5, atol=1e-6)
    assert model.log_prior(z).shape == (5,)
    drawn = model.decode(z)
    assert drawn.shape == (5, 1, 8, 8)
    assert drawn.min() >= 0
    assert drawn.max() <= 1


def test_encoding_gives_means_draws_and_a_divergence(model):
    if not hasattr(model, "encode"):
        pytest.skip("a decoder alone")
    x = pictures(5)
    posterior = model.encode(x)
    assert posterior.mean.shape == (5, model.latent_dim)
    z = model.reparameterize(posterior, torch.Generator().manual_seed(0))
    assert z.shape == (5, model.latent_dim)
    assert torch.equal(z, model.reparameterize(posterior, torch.Generator().manual_seed(0)))
    assert (model.divergence(posterior) >= 0).all()
    assert torch.equal(model.kl(x), model.divergence(posterior))
    terms = model.elbo(x, 2, torch.Generator().manual_seed(0))
    # Without a closed form the KL is estimated at the draws.
    estimated = type(model).__name__ == "PoincareVAE"
    loose = {"rtol": 0, "atol": 0.5} if estimated else {}
    torch.testing.assert_close(terms.kl, model.kl(x).sum(1), check_dtype=False, **loose)
    assert terms.neg_elbo.shape == (5,)
    with pytest.raises(ValueError, match="n_samples must be at least 1"):
        model.elbo(x, 0)
    assert model.elbo(x[:1]).neg_elbo.isfinite().all()
    with pytest.raises(ValueError, match=r"reads pictures of shape \(n, 1, 8, 8\)"):
        model.encode(torch.zeros(1, 1, 9, 9))


def test_the_divergence_is_the_mean_gap_of_the_densities(model):
    if not hasattr(model, "log_posterior") or "AutoEncoder" in type(model).__name__:
        pytest.skip("no density to compare with")
    posterior = model.encode(pictures(4))
    source = torch.Generator().manual_seed(0)
    draws = [model.reparameterize(posterior, source) for _ in range(4000)]
    gaps = torch.stack([model.log_posterior(posterior, z) - model.log_prior(z) for z in draws])
    error = gaps.mean(0) - model.divergence(posterior).sum(1)
    assert (error.abs() <= 4.5 * gaps.std(0) / 4000**0.5 + 1e-5).all()


def test_a_space_can_show_it(model):
    frozen = FrozenModel(model, torch.device("cpu"))
    assert frozen.decode(torch.zeros(2, model.latent_dim)).shape == (2, 1, 8, 8)
    assert frozen.has_encode == hasattr(model, "encode")
    if frozen.has_encode:
        assert frozen.encode(pictures(2)).mean.shape == (2, model.latent_dim)


@pytest.mark.parametrize(
    "name", [name for name, family in FAMILIES.items() if hasattr(family, "elbo")]
)
def test_two_dimensions_learn(name):
    m = build(name)
    options = {"validation": 0.25, "batch_size": 8, "lr": 0.01, "device": "cpu"}
    history = fit(m, pictures(), epochs=12, progress=False, **options)
    losses = history.validation["reconstruction"]
    assert losses[-1] < 0.9 * losses[0]
    assert history.best_epoch > 0


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != "DecoderEnsemble"])
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"latent_dim": 0}, "latent_dim must be"),
        ({"channels": ()}, "channels must be one or more"),
        ({"hidden": ()}, "hidden must be 1 or more"),
        ({"hidden": [8] * 9}, "at most 8 such widths"),
        ({"image_shape": (1, 9, 8)}, "both sides must be multiples of 4"),
    ],
)
def test_unusable_sizes_are_refused(name, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        FAMILIES[name](**(SMALL | options))


def test_several_dense_layers_mirror_each_other():
    model = build("VAE", hidden=(8, 5))
    widths = [
        [layer.out_features for layer in part if isinstance(layer, torch.nn.Linear)]
        for part in (model.encoder, model.decoder)
    ]
    assert widths == [[8, 5, 4], [5, 8, 6 * 2 * 2]]
