"""Decoders as ONNX: the same pixels as torch, and a reason where there can be none."""

from __future__ import annotations

import builtins
import hashlib
import threading
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn
from torch.fx import traceback as fx_traceback
from toys import Painter

from latent_widgets import codec
from latent_widgets.backends import onnx as export
from latent_widgets.backends.onnx import decoder_to_onnx, shipped_decoder
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.vae import VAE
from latent_widgets.models.zoo import list_spaces, load_bundled

CPU = torch.device("cpu")
SHAPES = {"grey": (1, 28, 28), "colour": (3, 64, 64)}


def run(decoder, z):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(decoder, options, ["CPUExecutionProvider"])
    return session.run(["pixels"], {"z": z.numpy()})[0]


def levels_apart(decoder, model, z):
    """Largest difference to torch's own picture, in levels of 256."""
    found = run(decoder, z)
    wanted = codec.to_uint8(FrozenModel(model, CPU).decode(z))
    assert found.dtype == np.uint8
    assert found.shape == wanted.shape
    return np.abs(found.astype(int) - wanted).max()


def latents(n, d, seed=0):
    return 1.5 * torch.randn(n, d, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module", params=SHAPES)
def vae(request):
    """A VAE whose pictures use the whole range, and its decoder."""
    torch.manual_seed(1)
    model = VAE(SHAPES[request.param], latent_dim=16).train()
    for _ in range(3):  # batch statistics that are not those of a fresh layer
        model.decode_logits(latents(64, 16))
    with torch.no_grad():
        last = model.decoder[-1]
        last.weight.mul_(3 / model.eval().decode_logits(latents(64, 16)).std())
    return model, decoder_to_onnx(model, 16, model.image_shape)


@pytest.mark.parametrize("batch", [1, 5])
def test_pixels_are_those_of_torch_within_one_level(vae, batch):
    model, decoder = vae
    z = latents(batch, 16, seed=batch)
    assert run(decoder, z).std() > 40
    assert levels_apart(decoder, model, z) <= 1


def test_large_weights_are_halves_and_the_file_names_no_folder(vae):
    model, decoder = vae
    weights = sum(value.numel() for value in model.decoder.parameters())
    assert len(decoder) < 2 * weights + 20_000
    graph = onnx.load_from_string(decoder)
    assert [(put.name, put.type.tensor_type.elem_type) for put in graph.graph.input] == [("z", 1)]
    assert str(Path(__file__).parents[2]) not in str(graph)
    assert "torch/nn" not in str(graph)


class Levels(nn.Module):
    """Gives back z as a row of pixels."""

    def decode(self, z):
        return z[:, None, None]


def test_rounding_is_that_of_the_codec_at_every_half_level():
    z = (torch.arange(0, 512) / 510 - 0.001).clamp(-1, 2)[None]
    halves = (torch.arange(256) + 0.5)[None] / 255
    for row in (z, halves, torch.tensor([[-7.0, 7.0, 0.5]])):
        decoder = decoder_to_onnx(Levels(), row.shape[1], (1, 1, row.shape[1]))
        assert np.array_equal(run(decoder, row), codec.to_uint8(row[:, None, None]))


def test_a_frozen_model_stays_as_it_was_and_may_draw_meanwhile():
    model = FrozenModel(VAE(latent_dim=4), CPU)
    z = latents(1, 4)
    before = model.decode(z)
    pointers = [value.data_ptr() for value in model.inner.parameters()]
    made = []
    worker = threading.Thread(target=lambda: made.append(decoder_to_onnx(model, 4, (1, 28, 28))))
    worker.start()
    while worker.is_alive():
        assert torch.equal(model.decode(z), before)
    assert [value.data_ptr() for value in model.inner.parameters()] == pointers
    assert levels_apart(made[0], model.inner, latents(5, 4)) <= 1


def test_weights_in_other_precisions_become_numbers_every_page_can_add():
    model = VAE(latent_dim=4).bfloat16()
    decoder = decoder_to_onnx(model, 4, (1, 28, 28))
    assert model.decoder[0].weight.dtype == torch.bfloat16
    assert levels_apart(decoder, model.float(), latents(2, 4)) <= 1


class Wrapped:
    """No module itself, but it keeps one."""

    def __init__(self):
        self.net = nn.Linear(4, 64)

    def decode(self, z):
        return self.net(z).sigmoid()


def test_a_plain_object_with_modules_inside_and_flat_pictures():
    torch.manual_seed(0)
    model = Wrapped()
    found = run(decoder_to_onnx(FrozenModel(model, CPU), 4, (1, 8, 8)), latents(3, 4))
    wanted = codec.to_uint8(model.decode(latents(3, 4)).reshape(3, 1, 8, 8))
    assert np.abs(found.astype(int) - wanted).max() <= 1


def test_weights_beyond_the_range_of_halves_keep_their_own_numbers():
    model = Wrapped()
    with torch.no_grad():
        model.net.weight.mul_(1e6)
        model.net.bias.fill_(1e-9)
    graph = onnx.load_from_string(decoder_to_onnx(FrozenModel(model, CPU), 4, (1, 8, 8))).graph
    kinds = {weight.data_type for weight in graph.initializer if np.prod(weight.dims) >= 64}
    assert kinds == {onnx.TensorProto.FLOAT}


class Usual(nn.Module):
    """Layers that other people's decoders are made of."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(4, 64),
            nn.LeakyReLU(),
            nn.Unflatten(1, (16, 2, 2)),
            nn.ConvTranspose2d(16, 16, 4, 2, 1),
            nn.GroupNorm(4, 16),
            nn.GELU(),
            nn.Upsample(scale_factor=2, mode="bilinear"),
            nn.Conv2d(16, 12, 3, padding=1),
            nn.PixelShuffle(2),
            nn.InstanceNorm2d(3),
            nn.Tanh(),
        )

    def decode(self, z):
        return {"sample": (self.layers(z) + 1) / 2}


def test_the_usual_layers_are_translated():
    torch.manual_seed(0)
    model = Usual()
    decoder = decoder_to_onnx(model, 4, (3, 16, 16))
    assert levels_apart(decoder, model, latents(1, 4)) <= 1
    assert levels_apart(decoder, model, latents(5, 4)) <= 1


class Odd(nn.Module):
    def __init__(self, decode):
        super().__init__()
        self.decode = decode


@pytest.mark.parametrize(
    ("decode", "reason"),
    [
        (torch.special.bessel_j0, "ONNX has no prims.bessel_j0"),
        (lambda z: z if z.sum() > 0 else -z, "data-dependent"),
        (lambda z: torch.from_numpy(z.numpy()), "numpy"),
        (lambda z: z.reshape(2, 4), "one number of rows only"),
        (lambda z: z[:, :3], "expected pictures of"),
    ],
)
def test_what_cannot_be_translated_is_named_and_nothing_else_is_printed(decode, reason, capfd):
    with pytest.raises(ValueError, match=r"decode cannot be translated.*" + reason):
        decoder_to_onnx(Odd(decode), 4, (1, 2, 2))
    assert capfd.readouterr() == ("", "")


def test_an_export_prints_nothing(capfd):
    decoder_to_onnx(Painter(), 4, (1, 8, 8))
    assert capfd.readouterr() == ("", "")


def test_other_threads_keep_their_output(capfd):
    with export.quiet():
        print("mine")
        other = threading.Thread(target=print, args=("theirs",))
        other.start()
        other.join()
    assert capfd.readouterr().out == "theirs\n"


def test_too_many_weights_are_refused_but_an_encoder_does_not_count(monkeypatch):
    model = VAE(latent_dim=4)
    size = 4 * sum(value.numel() for value in model.decoder.state_dict().values())
    monkeypatch.setattr(export, "MAX_WEIGHTS", size)
    decoder_to_onnx(model, 4, (1, 28, 28))
    monkeypatch.setattr(export, "MAX_WEIGHTS", size // 2)
    with pytest.raises(ValueError, match=r"decode has \d+ MB of weights"):
        decoder_to_onnx(model, 4, (1, 28, 28))


def test_a_model_without_decode_is_refused():
    with pytest.raises(TypeError, match="must have a decode method, got Linear"):
        decoder_to_onnx(nn.Linear(4, 4), 4, (1, 2, 2))


@pytest.mark.parametrize("missing", ["onnx", "onnxscript"])
def test_a_missing_extra_is_named(missing, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == missing:
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"latent-widgets\[export\]"):
        decoder_to_onnx(Painter(), 4, (1, 8, 8))


@pytest.mark.parametrize("name", list_spaces())
def test_shipped_decoders_are_those_of_the_shipped_weights(name):
    decoder = shipped_decoder(name)
    command = f"run: python -m latent_widgets.backends.onnx {name}"
    assert decoder is not None, command
    assert len(decoder) < 2_000_000
    weights = Path(export.__file__).parent.parent / "spaces" / f"{name}.safetensors"
    notes = {note.key: note.value for note in onnx.load_from_string(decoder).metadata_props}
    assert notes[export.SOURCE] == hashlib.sha256(weights.read_bytes()).hexdigest(), command
    space = load_bundled(name)
    z = torch.cat([space.points[:30], latents(20, space.model.latent_dim)])
    assert levels_apart(decoder, space.model, z) <= 1


def test_the_command_writes_what_is_shipped(tmp_path, capsys):
    export.main(["digits", "--out", str(tmp_path)])
    fresh = (tmp_path / "digits.onnx").read_bytes()
    z = latents(3, 16)
    # Another torch may write the same graph in other words.
    assert np.abs(run(fresh, z).astype(int) - run(shipped_decoder("digits"), z)).max() <= 1
    assert "digits.onnx: 0." in capsys.readouterr().out


def test_no_decoder_is_shipped_for_an_unknown_space():
    assert shipped_decoder("no such space") is None


def test_an_export_leaves_the_entry_that_optimisers_of_other_threads_would_miss():
    fx_traceback.current_meta.pop("custom", None)
    decoder_to_onnx(VAE((1, 8, 8), 3, channels=(4, 8), hidden=8), 3, (1, 8, 8))
    assert fx_traceback.current_meta["custom"] == {}
