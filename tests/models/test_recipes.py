"""What recipes split, vary and measure, without training anything."""

import gzip
import struct

import numpy as np
import pytest
import torch

from latent_widgets.datasets.tree import tree
from latent_widgets.models.checkpoint import load_checkpoint, save_checkpoint
from latent_widgets.models.posteriors import Posterior
from latent_widgets.models.recipes.fashion import split_fashion, vary, walk_shoes
from latent_widgets.models.recipes.tree import judge_tree
from latent_widgets.models.spherical import SphericalVAE
from latent_widgets.models.vae import VAE


def clothes(n=300):
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(10), n // 10).astype(np.uint8)
    images = rng.integers(0, 30, (n, 28, 28), dtype=np.uint8)
    # Every kind of clothes is a bright bar of its own.
    images[np.arange(n), 2 * labels + 2] = 255
    return images, labels


def test_ten_clothes_of_each_kind_are_held_out(tmp_path):
    images, labels = clothes()
    np.savez(tmp_path / "a.npz", images=images, labels=labels)
    rows = split_fashion(tmp_path / "a.npz")
    assert rows["held_out_labels"].bincount().tolist() == [10] * 10
    assert rows["train_labels"].bincount().tolist() == [20] * 10
    assert rows["train"].shape == (200, 1, 28, 28)
    bar = rows["train"][:, 0, :, 0].argmax(dim=1)
    assert torch.equal(bar, 2 * rows["train_labels"] + 2)
    together = torch.cat([rows["train"], rows["held_out"]]).flatten(1)
    assert len(together.unique(dim=0)) == 300
    # Not in the order of the file, which is by kind.
    assert len(rows["train_labels"][:20].unique()) > 5


def test_the_full_set_is_read_from_the_folder_of_torchvision(tmp_path):
    images, labels = clothes(30)
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for part, n in (("train", 20), ("t10k", 10)):
        head = struct.pack(">4i", 0x803, n, 28, 28)
        (raw / f"{part}-images-idx3-ubyte").write_bytes(head + images[:n].tobytes())
        head = struct.pack(">2i", 0x801, n)
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(head + labels[:n].tobytes())
        for name in ("images-idx3", "labels-idx1"):
            data = (raw / f"{part}-{name}-ubyte").read_bytes()
            (raw / f"{part}-{name}-ubyte.gz").write_bytes(gzip.compress(data))
    rows = split_fashion(tmp_path)
    assert rows["train"].shape == (20, 1, 28, 28)
    assert rows["held_out"].shape == (10, 1, 28, 28)
    assert torch.equal(rows["train"][:, 0], torch.from_numpy(images[:20]))
    assert rows["held_out_labels"].tolist() == labels[:10].tolist()


def test_clothes_are_moved_and_made_lighter_or_darker():
    x = torch.full((200, 1, 28, 28), 0.5)
    y = vary(x, torch.Generator().manual_seed(0))
    middle = y[:, 0, 14, 14]
    assert y.min() >= 0
    assert y.max() <= 1
    assert 0.36 < middle.min() < 0.40
    assert 0.60 < middle.max() < 0.64
    assert torch.equal(vary(x, torch.Generator().manual_seed(0)), y)


class Bars(VAE):
    """Latents say which row is bright: walks pass the bars between."""

    def encode(self, x):
        return Posterior((x[:, 0, :, 0].argmax(dim=1, keepdim=True).float() - 2) / 2)

    def decode(self, z):
        place = (2 * z.round() + 2).long().clamp(0, 27)
        x = torch.full((len(z), 1, 28, 28), 0.05)
        x[torch.arange(len(z)), 0, place[:, 0]] = 1
        return x


def test_a_walk_counts_the_footwear_that_it_passes(tmp_path):
    images, labels = clothes()
    np.savez(tmp_path / "a.npz", images=images, labels=labels)
    found = walk_shoes(Bars(latent_dim=1).eval(), split_fashion(tmp_path / "a.npz"))
    # From 5 to 9 in nine steps: 5 5.5 6 6.5 7 7.5 8 8.5 9, of which 6 and 8 are no shoes.
    assert found["ends"] == 1
    assert found["held_out"] == 1
    assert found["footwear"] == pytest.approx(3 / 9)


class Deep(VAE):
    """Nodes lie in the plane as far out as they are deep, turned by their way."""

    def encode(self, _):
        return Posterior(self.codes)


def test_a_tree_that_lies_as_it_is_scores_one():
    known = tree(63, 0, 5)
    node = np.asarray(known.factors["node"])
    depth = np.floor(np.log2(node))
    model = Deep((1, 28, 28), 2).eval()
    angle = 2 * np.pi * (node / 2**depth - 1)
    model.codes = torch.tensor(np.stack([depth * np.cos(angle), depth * np.sin(angle)], 1)).float()
    found = judge_tree(model, known.images, node)
    # Not quite: nodes of one depth are ties, and their distances differ by rounding.
    assert found["depth"] == pytest.approx(1, abs=0.01)
    assert 0.4 < found["steps"] < 1
    model.codes = torch.randn(63, 2, generator=torch.Generator().manual_seed(0))
    found = judge_tree(model, known.images, node)
    assert abs(found["steps"]) < 0.15
    assert abs(found["depth"]) < 0.3


def test_points_of_a_curved_space_are_not_rounded_to_half(tmp_path):
    model = SphericalVAE((1, 8, 8), 3, channels=(4, 6), hidden=8).eval()
    points = model.prior(50, torch.Generator().manual_seed(0)).detach()
    save_checkpoint(tmp_path / "a.safetensors", model, points)
    again = load_checkpoint(tmp_path / "a.safetensors")
    assert torch.equal(again.points, points)
    weight = again.model.encoder[0].weight
    assert torch.equal(weight, weight.half().float())
    flat = VAE((1, 8, 8), 3, channels=(4, 6), hidden=8).eval()
    save_checkpoint(tmp_path / "b.safetensors", flat, points)
    assert torch.equal(load_checkpoint(tmp_path / "b.safetensors").points, points.half().float())
