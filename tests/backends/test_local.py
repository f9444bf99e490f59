"""Moving pictures are decoded in whatever way is quicker and looks the same; resting ones never."""

import gc
import io
import weakref

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from latent_widgets import codec
from latent_widgets.backends import DecodeBackend
from latent_widgets.backends.local import LocalBackend
from latent_widgets.models.frozen import FrozenModel

CPU = torch.device("cpu")
TIME = [0.0]
COSTS = {}


def now():
    return TIME[0]


@pytest.fixture(autouse=True)
def fresh_clock(monkeypatch):
    TIME[0] = 0.0
    COSTS.clear()
    COSTS.update(plain=0.1, last=0.1, half=0.1)
    monkeypatch.setattr("latent_widgets.backends.trials.may_be_quicker_in_bfloat16", lambda _: True)


class Clocked(nn.Module):
    """Says how it is asked to decode by the time that takes."""

    latent_dim = 3
    image_shape = (3, 8, 8)
    scale = 1.0

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 1)
        self.conv2 = nn.Conv2d(4, 3, 3, padding=1)

    def decode(self, z):
        weight = self.conv2.weight
        if torch.is_autocast_enabled("cpu"):
            TIME[0] += COSTS["half"]
        elif not weight.is_contiguous():
            TIME[0] += COSTS["last"]
        else:
            TIME[0] += COSTS["plain"]
        height, width = self.image_shape[1:]
        field = z[:, :, None, None] * torch.linspace(0, self.scale, height * width).view(
            1, 1, height, width
        )
        return torch.sigmoid(self.conv2(torch.relu(self.conv(field))))


def backend_of(model, shape=None):
    frozen = FrozenModel(model, CPU)
    return LocalBackend(lambda: (frozen, shape or model.image_shape), now), frozen


def latent(seed):
    return torch.randn(1, 3, generator=torch.Generator().manual_seed(seed)).numpy()


def settle(backend):
    for seed in range(3):
        backend.exact(latent(seed))
    steps = 0
    while backend.improve():
        steps += 1
        assert steps < 100
    return backend.facts()


def chosen(facts):
    return facts["precision"], facts["layout"], facts["graph"]


def test_it_is_a_decode_backend():
    backend: DecodeBackend = backend_of(Clocked())[0]
    assert backend.can_decode
    assert not LocalBackend(lambda: (FrozenModel(None, CPU), None)).can_decode


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ({}, ("float32", "given", False)),
        ({"last": 0.05}, ("float32", "channels-last", False)),
        ({"half": 0.05}, ("bfloat16", "given", False)),
        ({"last": 0.05, "half": 0.02}, ("bfloat16", "channels-last", False)),
        ({"last": 0.05, "half": 0.06}, ("float32", "channels-last", False)),
        ({"last": 0.3, "half": 0.3}, ("float32", "given", False)),
    ],
)
def test_what_is_measured_to_be_quicker_is_kept(costs, expected):
    COSTS.update(costs)
    backend, _ = backend_of(Clocked())
    facts = settle(backend)
    assert chosen(facts) == expected
    assert set(facts["tried"]) == {"channels-last", "bfloat16"}
    assert backend.approximates is (expected != ("float32", "given", False))


def test_pictures_at_rest_stay_the_models_own_to_the_last_bit():
    COSTS.update(last=0.05, half=0.02)
    backend, frozen = backend_of(Clocked())
    before = backend.exact(latent(9)).pictures
    settle(backend)
    np.testing.assert_array_equal(backend.exact(latent(9)).pictures, before)
    np.testing.assert_array_equal(
        before, codec.to_uint8(frozen.decode(torch.from_numpy(latent(9))))
    )
    quick = backend.quick(latent(9))
    found = np.frombuffer(quick.packed.data, np.uint8).reshape(quick.shape)
    assert np.abs(found.astype(int) - before).max() <= 2


def test_bfloat16_that_can_be_seen_is_refused():
    class Steep(Clocked):
        scale = 3000.0

    COSTS.update(half=0.02)
    torch.manual_seed(0)
    facts = settle(backend_of(Steep())[0])
    assert facts["precision"] == "float32"
    assert "levels" in facts["tried"]["bfloat16"]


def test_a_short_decode_is_left_alone():
    COSTS.update(plain=0.001, last=0.0001, half=0.0001)
    facts = settle(backend_of(Clocked())[0])
    assert chosen(facts) == ("float32", "given", False)
    assert facts["tried"] == {"all": "1.0 ms a picture is quick enough"}


def test_a_decode_of_seconds_is_left_alone():
    COSTS.update(plain=2.0, last=0.1, half=0.1)
    facts = settle(backend_of(Clocked())[0])
    assert facts["tried"] == {"all": "2.0 s a picture leave no time to try"}


def test_a_random_decoder_is_left_alone():
    class Noisy(Clocked):
        def decode(self, z):
            return super().decode(z) * 0 + torch.rand(len(z), 3, 8, 8)

    facts = settle(backend_of(Noisy())[0])
    assert "random" in facts["tried"]["all"]


def test_a_decoder_that_fails_in_the_new_way_later_goes_back_to_the_old_one():
    class Touchy(Clocked):
        def decode(self, z):
            if torch.is_autocast_enabled("cpu") and z[0, 0] > 50:
                raise RuntimeError("not in bfloat16")
            return super().decode(z)

    COSTS.update(half=0.02)
    backend, frozen = backend_of(Touchy())
    assert settle(backend)["precision"] == "bfloat16"
    far = np.full((1, 3), 99, np.float32)
    drawn = backend.quick(far)
    wanted = codec.to_uint8(frozen.decode(torch.from_numpy(far)))
    assert drawn.packed.data == wanted.tobytes()
    facts = backend.facts()
    assert (facts["precision"], facts["tried"]["gave up"]) == ("float32", "not in bfloat16")
    assert not backend.improve()


def test_a_decoder_that_always_fails_says_so_itself():
    class Broken(Clocked):
        broken = False

        def decode(self, z):
            if z[0, 0] > 50:
                raise KeyError("weights")
            return super().decode(z)

    backend, _ = backend_of(Broken())
    for ask in (backend.quick, backend.exact):
        with pytest.raises(KeyError, match="weights"):
            ask(np.full((1, 3), 99, np.float32))


def test_a_model_that_is_replaced_is_tried_anew():
    COSTS.update(half=0.02)
    models = [FrozenModel(Clocked(), CPU), FrozenModel(Clocked(), CPU)]
    now_shown = [models[0]]
    backend = LocalBackend(lambda: (now_shown[0], (3, 8, 8)), now)
    assert settle(backend)["precision"] == "bfloat16"
    now_shown[0] = models[1]
    assert (backend.facts()["precision"], backend.facts()["tried"]) == ("float32", {})
    picture = backend.exact(latent(4)).pictures
    np.testing.assert_array_equal(
        picture, codec.to_uint8(models[1].decode(torch.from_numpy(latent(4))))
    )


class Large(Clocked):
    image_shape = (3, 160, 160)


def test_small_pictures_go_raw_and_large_ones_as_jpeg():
    small = backend_of(Clocked())[0].quick(latent(0))
    assert (small.packed.format, len(small.packed.data)) == ("raw", 3 * 8 * 8)
    backend, frozen = backend_of(Large())
    assert backend.approximates
    large = backend.quick(latent(0), 90)
    assert large.packed.format == "jpeg"
    assert large.shape == (1, 160, 160, 3)
    found = np.asarray(Image.open(io.BytesIO(large.packed.data)), int)
    wanted = codec.to_uint8(frozen.decode(torch.from_numpy(latent(0))))[0]
    assert np.abs(found - wanted).mean() < 3
    coarse = backend.quick(latent(0), 50, 2)
    assert coarse.shape == (1, 160, 160, 3)
    assert Image.open(io.BytesIO(coarse.packed.data)).size == (80, 80)
    assert len(coarse.packed.data) < len(large.packed.data)


def test_nothing_is_kept_of_a_model_that_is_gone():
    backend, frozen = backend_of(Clocked())
    settle(backend)
    gone = weakref.ref(frozen.inner), weakref.ref(backend)
    del backend, frozen
    gc.collect()
    assert [each() for each in gone] == [None, None]
