"""What only a GPU can tell: graphs, bfloat16, pinned buffers and its own JPEG encoder."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from latent_widgets import codec
from latent_widgets.backends.download import Download
from latent_widgets.backends.graph import RecordedWay
from latent_widgets.backends.local import LocalBackend
from latent_widgets.models.frozen import FrozenModel

pytestmark = [
    pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here"),
    # torchvision is about to hand its encoders over to torchcodec.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:torchvision"),
]
SIDE = 160


class Convolutions(nn.Module):
    latent_dim = 8
    image_shape = (3, SIDE, SIDE)

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.first = nn.Linear(8, 64 * 20 * 20)
        layers = []
        for width, after in ((64, 64), (64, 32), (32, 16)):
            layers += [nn.Upsample(scale_factor=2), nn.Conv2d(width, after, 3, padding=1)]
            layers += [nn.ReLU()]
        self.rest = nn.Sequential(*layers, nn.Conv2d(16, 3, 3, padding=1), nn.Sigmoid())

    def decode(self, z):
        return self.rest(self.first(z).view(-1, 64, 20, 20))


class Looks(Convolutions):
    """Decides by its numbers, which no graph can record."""

    def decode(self, z):
        pictures = super().decode(z)
        return pictures if float(z.sum()) > 0 else 1 - pictures


class Remembers(Convolutions):
    """Decides by something else, which a graph records as it was."""

    calls = 0

    def decode(self, z):
        self.calls += 1
        pictures = super().decode(z)
        return pictures if self.calls % 2 else 1 - pictures


def latent(seed, n=1):
    return torch.randn(n, 8, generator=torch.Generator().manual_seed(seed)).numpy()


def settled(model):
    frozen = FrozenModel(model, torch.device("cuda"))
    backend = LocalBackend(lambda: (frozen, model.image_shape))
    for seed in range(3):
        backend.exact(latent(seed))
    for _ in range(200):
        if not backend.improve():
            return backend, frozen
    pytest.fail("it never stops trying")


def test_whatever_is_chosen_looks_like_the_model_and_rest_is_the_model():
    backend, frozen = settled(Convolutions())
    facts = backend.facts()
    assert {"channels-last", "bfloat16", "graph"} <= set(facts["tried"])
    for seed in range(5, 9):
        wanted = codec.to_uint8(frozen.decode(torch.from_numpy(latent(seed))))
        np.testing.assert_array_equal(backend.exact(latent(seed)).pictures, wanted)
        drawn = backend.quick(latent(seed), 95)
        assert drawn.packed.format == "jpeg"
        found = np.asarray(Image.open(io.BytesIO(drawn.packed.data)), int)
        assert np.abs(found - wanted[0]).mean() < 4


def test_a_recorded_decode_follows_its_latents():
    model = Convolutions().cuda().eval().requires_grad_(requires_grad=False)
    z = [torch.from_numpy(latent(seed)).cuda() for seed in range(3)]
    with torch.inference_mode():
        recorded = RecordedWay(model.decode, z[0])
        first, second = recorded(z[1]), recorded(z[2])
        torch.testing.assert_close(first, model.decode(z[1]))
        torch.testing.assert_close(second, model.decode(z[2]))


@pytest.mark.parametrize("model", [Looks, Remembers])
def test_a_model_that_cannot_be_recorded_is_decoded_without(model):
    backend, frozen = settled(model())
    assert not backend.facts()["graph"]
    for seed in range(4):
        assert backend.quick(latent(seed)).packed.format == "jpeg"
    if model is Looks:
        assert "failed" in backend.facts()["tried"]["graph"]
        wanted = codec.to_uint8(frozen.decode(torch.from_numpy(latent(3))))
        np.testing.assert_array_equal(backend.exact(latent(3)).pictures, wanted)


def test_the_gpu_s_own_jpeg_shows_the_same_picture():
    pictures = torch.rand(2, 3, 20, 20).repeat_interleave(8, 2).repeat_interleave(8, 3)
    levels = codec.to_levels(pictures)
    backend, _ = settled(Convolutions())
    if "JPEG on the GPU" in backend.facts()["tried"]:
        pytest.skip(f"torchvision cannot: {backend.facts()['tried']['JPEG on the GPU']}")
    for each in (levels, levels[:, :1]):
        packed = codec.to_jpeg(each.cuda(), 95)
        found = np.asarray(Image.open(io.BytesIO(packed.data)).convert("RGB"), int)
        wanted = each.expand(-1, 3, -1, -1).permute(0, 2, 3, 1).reshape(-1, 160, 3).numpy()
        assert np.abs(found - wanted).mean() < 4


def test_one_buffer_serves_every_download():
    download = Download()
    generator = torch.Generator().manual_seed(0)
    for shape in ((1, 3, 32, 32), (1, 3, 8, 8), (4, 1, 64, 64), (1, 3, 32, 32)):
        levels = torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)
        found = download(levels.cuda())
        np.testing.assert_array_equal(found, levels.permute(0, 2, 3, 1).numpy())
        found[:] = 0  # the caller's own
    assert download._buffer.is_pinned()


def test_decoding_over_and_over_keeps_no_memory():
    backend, _ = settled(Convolutions())
    backend.quick(latent(0))
    torch.cuda.synchronize()
    before = torch.cuda.memory_allocated()
    for seed in range(50):
        backend.quick(latent(seed))
        backend.exact(latent(seed))
    torch.cuda.synchronize()
    assert torch.cuda.memory_allocated() <= before + 1_000_000
