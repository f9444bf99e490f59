"""What a space decodes with: a private, frozen float32 copy of whatever was given."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn
from toys import Halves, Painter, pictures

from latent_widgets.backends.onnx import decoder_to_onnx
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.twin import twin_of

CPU = torch.device("cpu")
# What torch says on Linux and on Windows when main memory is full.
FULL = [
    "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory",
    "[enforce fail at alloc_cpu.cpp:83] data. DefaultCPUAllocator: not enough memory",
    "MPS backend out of memory (MPS allocated: 9.00 GB)",
]


class Dense(nn.Module):
    """16 pixels to three numbers and back, one weight matrix each way."""

    latent_dim = 3

    def __init__(self):
        super().__init__()
        self.down, self.up = nn.Linear(16, 3), nn.Linear(3, 16)
        self.drop = nn.Dropout(0.5)

    def encode(self, x):
        return self.drop(self.down(x.flatten(1)))

    def decode(self, z):
        return torch.sigmoid(self.drop(self.up(z))).reshape(-1, 1, 4, 4)


class Convolutional(nn.Module):
    """Its latent is a small picture of four channels."""

    def __init__(self):
        super().__init__()
        self.down, self.up = nn.Conv2d(1, 4, 2, 2), nn.ConvTranspose2d(4, 1, 2, 2)

    def encode(self, x):
        return self.down(x)

    def decode(self, z):
        return torch.sigmoid(self.up(z))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_weights_of_any_precision_work_in_float32(dtype):
    model = Dense().to(dtype)
    frozen = FrozenModel(model, CPU)
    mean = frozen.encode(torch.rand(2, 1, 4, 4)).mean
    assert mean.dtype == frozen.decode(mean).dtype == torch.float32
    assert {value.dtype for value in model.parameters()} == {dtype}


def test_a_function_of_float64_answers_in_float32():
    frozen = FrozenModel(
        SimpleNamespace(
            encode=lambda x: (x.double().flatten(1), x.double().flatten(1)),
            decode=lambda z: z.double().reshape(-1, 1, 4, 4),
        ),
        CPU,
    )
    mean, logvar = frozen.encode(torch.rand(2, 1, 4, 4))
    assert mean.dtype == logvar.dtype == frozen.decode(mean).dtype == torch.float32


def test_a_latent_of_several_axes_is_a_row_here_and_a_picture_to_the_decoder():
    model, x = Convolutional(), torch.rand(3, 1, 8, 8)
    frozen = FrozenModel(model, CPU)
    mean = frozen.encode(x).mean
    assert mean.shape == (3, 64)
    assert frozen.latent_shape == (4, 4, 4)
    torch.testing.assert_close(frozen.decode(mean), model.decode(model.encode(x)).detach())


def test_a_decoder_alone_may_say_what_shape_its_latent_has():
    class Decoder(nn.Module):
        latent_shape = (4, 2, 2)

        def decode(self, z):
            assert z.shape[1:] == (4, 2, 2)
            return z.mean(1, keepdim=True)

    frozen = FrozenModel(Decoder(), CPU)
    assert frozen.latent_dim == 16
    assert frozen.decode(torch.rand(3, 16)).shape == (3, 1, 2, 2)


def test_the_page_gets_a_decoder_of_several_axes_too():
    frozen = FrozenModel(Convolutional(), CPU)
    mean = frozen.encode(torch.rand(1, 1, 8, 8)).mean
    import onnxruntime  # noqa: PLC0415 - an optional extra

    session = onnxruntime.InferenceSession(decoder_to_onnx(frozen, 64, (1, 8, 8)))
    found = session.run(["pixels"], {"z": mean.numpy()})[0]
    wanted = (255 * frozen.decode(mean)).round().permute(0, 2, 3, 1).numpy()
    assert np.abs(found.astype(int) - wanted).max() <= 1


class Wrapped:
    """No module itself, but it keeps one."""

    def __init__(self, net):
        self.net = net

    def encode(self, x):
        return self.net.encode(x)

    def decode(self, z):
        return self.net.decode(z)


@pytest.mark.parametrize(
    "wrap",
    [
        Wrapped,
        lambda net: SimpleNamespace(encode=net.encode, decode=net.decode),
        lambda net: type("Shared", (Wrapped,), {"__init__": lambda _: None, "net": net})(),
    ],
    ids=["attribute", "bound methods", "class attribute"],
)
def test_modules_inside_a_plain_object_are_copied_frozen_and_still(wrap):
    net = Dense().double().train()
    frozen = FrozenModel(wrap(net), CPU)
    z = torch.rand(1, 3)
    before = frozen.decode(z)
    assert torch.equal(frozen.decode(z), before), "dropout is off"
    with torch.no_grad():
        net.up.weight.zero_()
    assert torch.equal(frozen.decode(z), before)
    assert frozen.encode(torch.rand(1, 1, 4, 4)).mean.dtype == torch.float32
    assert net.training
    assert net.up.weight.dtype == torch.float64


def test_what_two_modules_share_their_copies_share():
    net = Dense()
    twin = twin_of(SimpleNamespace(up=net.up, whole=net, decode=net.decode), CPU)
    assert twin.up is twin.whole.up
    assert twin.up is not net.up
    assert twin.decode.__self__ is twin.whole


def test_an_object_without_modules_is_left_as_it_is():
    plain = SimpleNamespace(decode=lambda z: z)
    assert twin_of(plain, CPU) is plain
    assert twin_of(Wrapped, CPU) is Wrapped


def test_a_module_that_cannot_be_copied_is_refused_in_a_sentence():
    model = Dense()
    model.cache = model.up.weight * 2
    with pytest.raises(TypeError, match="model must allow a deep copy, got Dense that cannot"):
        FrozenModel(model, CPU)


@pytest.mark.parametrize("text", FULL)
def test_encoding_and_decoding_halve_until_the_batch_fits(text):
    seen = []

    class Small:
        def encode(self, x):
            seen.append(len(x))
            if len(x) > 3:
                raise RuntimeError(text)
            return Painter().encode(x)

        def decode(self, z):
            if len(z) > 3:
                raise RuntimeError(text)
            return Painter().decode(z)

    x = pictures(11)
    frozen = FrozenModel(Small(), CPU)
    found, wanted = frozen.encode(x), Painter().encode(x)
    torch.testing.assert_close(found.mean, wanted[0])
    torch.testing.assert_close(found.logvar, wanted[1])
    assert seen[:3] == [11, 5, 2]
    torch.testing.assert_close(frozen.decode(found.mean), Painter().decode(found.mean))


def test_one_row_that_does_not_fit_and_any_other_error_go_to_the_caller():
    calls = []

    def decode(z):
        calls.append(len(z))
        raise RuntimeError("no such operator")

    with pytest.raises(RuntimeError, match="no such operator"):
        FrozenModel(SimpleNamespace(decode=decode), CPU).decode(torch.rand(8, 2))
    assert calls == [8]

    class Full(Halves):
        def decode(self, z):
            self.batches.append(len(z))
            raise torch.OutOfMemoryError("full")

    full = FrozenModel(Full(), CPU)
    with pytest.raises(torch.OutOfMemoryError):
        full.decode(torch.rand(4, 4))
    assert full.inner.batches == [4, 2, 1]


@pytest.mark.parametrize(
    ("encode", "said"),
    [
        (lambda x: x.flatten(1) * torch.nan, "encode must return finite numbers, got NaN"),
        (lambda x: (x.flatten(1), x.flatten(1) / 0), "encode must return finite numbers"),
        (lambda x: x.flatten(1)[:1], "encode must return 2 rows, got 1"),
    ],
)
def test_bad_encodings_are_blamed_on_encode(encode, said):
    with pytest.raises(ValueError, match=said):
        FrozenModel(SimpleNamespace(encode=encode), CPU).encode(torch.rand(2, 1, 4, 4))


def test_pictures_can_be_differentiated_by_their_latents():
    frozen = FrozenModel(Dense(), CPU)
    z = torch.zeros(2, 3, requires_grad=True)
    pictures = frozen.differentiable(z)
    pictures.sum().backward()
    weights = frozen.inner.up.weight
    expected = (pictures * (1 - pictures)).flatten(1) @ weights
    torch.testing.assert_close(z.grad, expected.detach())
    assert weights.grad is None


def test_a_decoder_that_torch_cannot_differentiate_says_so():
    frozen = FrozenModel(
        SimpleNamespace(decode=lambda z: torch.from_numpy(z.detach().numpy())), CPU
    )
    with pytest.raises(TypeError, match="torch can differentiate"):
        frozen.differentiable(torch.zeros(1, 16, requires_grad=True), (1, 4, 4))
    with pytest.raises(TypeError, match="no decode"):
        FrozenModel(SimpleNamespace(encode=len), CPU).differentiable(torch.zeros(1, 3))
