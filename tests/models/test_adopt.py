"""The libraries people bring their models from, as they are installed."""

# ruff: noqa: PLC0415 - each test imports the one library it is about

import warnings

import numpy as np
import pytest
import torch
from torch import nn

from latent_widgets import LatentSpace
from latent_widgets.models.adopt import EncoderDecoder, adopt

IMAGES = torch.rand(12, 1, 28, 28, generator=torch.Generator().manual_seed(0))
COLOURS = torch.rand(3, 3, 32, 32, generator=torch.Generator().manual_seed(1))


class TextbookVAE(nn.Module):
    """The variational autoencoder of PyTorch's own examples: rows of 784 pixels in and out."""

    def __init__(self):
        super().__init__()
        self.fc1, self.fc21, self.fc22 = nn.Linear(784, 40), nn.Linear(40, 5), nn.Linear(40, 5)
        self.fc3, self.fc4 = nn.Linear(5, 40), nn.Linear(40, 784)

    def encode(self, x):
        h1 = torch.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def decode(self, z):
        return torch.sigmoid(self.fc4(torch.relu(self.fc3(z))))


def test_the_textbook_vae_takes_rows_of_pixels():
    model = TextbookVAE()
    space = LatentSpace(model, IMAGES, device="cpu")
    with torch.no_grad():
        mean, logvar = model.encode(IMAGES.flatten(1))
        picture = model.decode(mean[:1]).reshape(1, 1, 28, 28)
    np.testing.assert_allclose(space.points, mean, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(space.logvar, logvar, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(space.decode(space.points[:1]), picture)
    space.close()


def test_an_encoder_that_fails_on_rows_too_tells_its_own_error():
    model = TextbookVAE()
    model.fc1 = nn.Linear(100, 40)
    with pytest.raises(RuntimeError, match=r"336x28 and 100x40"):
        LatentSpace(model, IMAGES, device="cpu")


@pytest.mark.parametrize("name", ["VAE", "AE", "BetaVAE", "SVAE"])
def test_pythae_models_are_spaces(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pythae's own imports are years old
        from pythae import models
    config = getattr(models, f"{name}Config")(input_dim=(1, 28, 28), latent_dim=3)
    torch.manual_seed(0)
    model = getattr(models, name)(config).eval()
    space = LatentSpace(model, IMAGES, device="cpu")
    with torch.no_grad():
        output = model.encoder(IMAGES)
        picture = model.decoder(torch.tensor(space.points[:2]))["reconstruction"]
    mean = output["embedding"]
    if name == "SVAE":
        mean = mean / mean.norm(dim=1, keepdim=True)
    np.testing.assert_allclose(space.points, mean, rtol=1e-4, atol=1e-5)
    assert (space.logvar is None) == ("log_covariance" not in output)
    torch.testing.assert_close(space.decode(space.points[:2]), picture, rtol=1e-4, atol=1e-5)
    space.close()


def kl_autoencoder(**options):
    from diffusers import AutoencoderKL

    torch.manual_seed(0)
    return AutoencoderKL(
        block_out_channels=(8, 16),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        norm_num_groups=4,
        layers_per_block=1,
        latent_channels=4,
        **options,
    ).eval()


@pytest.mark.parametrize("shift", [None, 0.1])
def test_autoencoder_kl_sees_its_own_range_and_scale(shift):
    model = kl_autoencoder(scaling_factor=0.5, shift_factor=shift)
    space = LatentSpace(model, COLOURS, device="cpu")
    assert space.latent_dim == 4 * 16 * 16
    with torch.no_grad():
        found = model.encode(2 * COLOURS - 1).latent_dist
        picture = (model.decode(found.mean).sample + 1) / 2
    wanted = (found.mean - (shift or 0)) * 0.5
    np.testing.assert_allclose(space.points, wanted.flatten(1), rtol=1e-4, atol=1e-5)
    spread = np.exp(space.logvar / 2)
    np.testing.assert_allclose(spread, 0.5 * found.std.flatten(1), rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(
        space.decode(space.points), picture.clamp(0, 1), rtol=1e-4, atol=1e-4
    )
    space.close()


def test_autoencoder_tiny_is_a_space():
    from diffusers import AutoencoderTiny

    torch.manual_seed(0)
    model = AutoencoderTiny(
        encoder_block_out_channels=(8,) * 4, decoder_block_out_channels=(8,) * 4
    ).eval()
    space = LatentSpace(model, COLOURS, device="cpu")
    assert space.latent_dim == 4 * 4 * 4
    with torch.no_grad():
        picture = (model.decode(model.encode(2 * COLOURS - 1).latents).sample + 1) / 2
    torch.testing.assert_close(
        space.decode(space.points), picture.clamp(0, 1), rtol=1e-4, atol=1e-4
    )
    space.close()


@pytest.mark.parametrize("library", ["timm", "torchvision"])
def test_any_encoder_goes_with_any_decoder(library):
    torch.manual_seed(0)
    if library == "timm":
        import timm

        encoder = timm.create_model("mobilenetv3_small_050", pretrained=False, num_classes=0).eval()
    else:
        from torchvision.models import squeezenet1_1

        encoder = nn.Sequential(squeezenet1_1(weights=None), nn.Linear(1000, 6)).eval()
    with torch.no_grad():
        features = encoder(COLOURS)
    decoder = nn.Sequential(
        nn.Linear(features.shape[1], 3 * 32 * 32), nn.Sigmoid(), nn.Unflatten(1, (3, 32, 32))
    )
    space = LatentSpace(EncoderDecoder(encoder, decoder), COLOURS, device="cpu")
    np.testing.assert_allclose(space.points, features, rtol=1e-3, atol=1e-4)
    with torch.no_grad():
        torch.testing.assert_close(
            space.decode(space.points), decoder(features), rtol=1e-3, atol=1e-4
        )
    space.close()


@pytest.mark.parametrize("name", ["PCA", "NMF", "KernelPCA"])
def test_scikit_learn_decodes(name):
    from sklearn import decomposition

    rows = IMAGES.flatten(1).numpy()
    options = {"KernelPCA": {"kernel": "rbf", "fit_inverse_transform": True}}.get(
        name, {"random_state": 0, "tol": 1e-2}
    )
    model = getattr(decomposition, name)(3, **options).fit(rows)
    if name == "KernelPCA":
        with pytest.raises(ValueError, match=r"fitted transformer with components_"):
            LatentSpace(model, IMAGES, device="cpu")
        return
    space = LatentSpace(model, IMAGES, device="cpu")
    np.testing.assert_allclose(space.points, model.transform(rows), rtol=1e-3, atol=1e-4)
    found = space.decode(space.points).flatten(1)
    wanted = model.inverse_transform(space.points).clip(0, 1)
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5)
    space.close()


def test_a_transformer_of_other_pixels_is_refused():
    from sklearn.decomposition import PCA

    model = PCA(2).fit(255 * IMAGES.flatten(1).numpy())
    with pytest.raises(ValueError, match=r"pixels in \[0, 1\], got a transformer whose mean"):
        adopt(model)


def test_an_onnx_file_decodes(tmp_path):
    torch.manual_seed(0)
    decoder = nn.Sequential(nn.Linear(4, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28))).eval()
    path = tmp_path / "decoder.onnx"
    batch = {"z": {0: torch.export.Dim("batch")}}
    torch.onnx.export(
        decoder,
        (torch.zeros(2, 4),),
        path,
        input_names=["z"],
        dynamic_shapes=({0: batch["z"][0]},),
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    for given in (path, str(path)):
        space = LatentSpace(given, device="cpu")
        z = torch.randn(3, 4, generator=torch.Generator().manual_seed(0))
        torch.testing.assert_close(space.decode(z), decoder(z).detach(), rtol=1e-5, atol=1e-6)
        assert (space.latent_dim, space.can_encode) == (4, False)
        space.close()


def test_a_file_that_is_no_onnx_is_named(tmp_path):
    path = tmp_path / "not.onnx"
    path.write_bytes(b"no model at all")
    with pytest.raises(ValueError, match=r"model must be an ONNX file, got .*not\.onnx"):
        LatentSpace(path, device="cpu")


def test_a_function_decodes():
    def draw(z):
        return torch.sigmoid(z).reshape(-1, 1, 4, 4)

    space = LatentSpace(draw, latent_dim=16, device="cpu")
    assert space.image.shape == (4, 4, 1)
    assert (space.can_decode, space.can_encode) == (True, False)
    space.close()


def test_a_generator_with_its_own_range_and_latent_shape():
    generator = nn.Sequential(nn.ConvTranspose2d(5, 3, 8), nn.Tanh())
    model = EncoderDecoder(None, generator, value_range=(-1, 1), latent_shape=(5, 1, 1))
    space = LatentSpace(model, device="cpu")
    z = torch.randn(2, 5)
    with torch.no_grad():
        wanted = (generator(z[:, :, None, None]) + 1) / 2
    torch.testing.assert_close(space.decode(z), wanted)
    space.close()
    with pytest.raises(ValueError, match="cannot both be None"):
        EncoderDecoder(None, None)
    with pytest.raises(ValueError, match=r"low < high, got \(1, 1\)"):
        EncoderDecoder(None, generator, value_range=(1, 1))
