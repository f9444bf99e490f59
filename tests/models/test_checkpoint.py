import json
import struct

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from latent_widgets.models import header
from latent_widgets.models.checkpoint import load_checkpoint, save_checkpoint
from latent_widgets.models.vae import VAE


def model(shape=(1, 28, 28)):
    torch.manual_seed(0)
    return VAE(shape, latent_dim=3, hidden=8).eval()


def write(path, **changes):
    contents = {
        "points": torch.linspace(-1, 1, 12).reshape(4, 3),
        "logvar": torch.full((4, 3), -2.0),
        "labels": np.array([0, 1, 1, 0]),
        "names": ["zero", "one"],
        "factors": {"size": np.array([0.5, 1, np.nan, 2]), "hair": ["red", "blue", "red", "red"]},
        "card": {"name": "test", "floor": 46.1},
    }
    save_checkpoint(path, model(), **(contents | changes))
    return path


def rewrite(path, change, tensors=None):
    """Change a file's document as a forger would."""
    data, document = header.read_document(path)
    text = change(document)
    found = safetensors.torch.load(data) if tensors is None else tensors
    text = text if isinstance(text, str) else json.dumps(document)
    path.write_bytes(safetensors.torch.save(found, {header.KEY: text}))


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 64, 64)])
def test_a_model_comes_back_rounded_to_half_precision(tmp_path, shape):
    original, path = model(shape), tmp_path / "a.safetensors"
    save_checkpoint(path, original)
    again = load_checkpoint(path)
    assert not again.model.training
    assert again.image_shape == shape
    assert again.points is None
    for name, value in again.model.state_dict().items():
        expected = original.state_dict()[name]
        if expected.is_floating_point():
            expected = expected.half().float()
        assert value.dtype == expected.dtype
        assert torch.equal(value, expected)
    z = torch.randn(2, 3)
    torch.testing.assert_close(again.model.decode(z), original.decode(z), atol=2e-3, rtol=0)


def test_full_precision_is_exact(tmp_path):
    path = write(tmp_path / "a.safetensors", half=False)
    for name, value in load_checkpoint(path).model.state_dict().items():
        assert torch.equal(value, model().state_dict()[name])


def test_rows_come_back(tmp_path):
    space = load_checkpoint(write(tmp_path / "a.safetensors"))
    assert space.points.dtype == space.logvar.dtype == torch.float32
    torch.testing.assert_close(
        space.points, torch.linspace(-1, 1, 12).reshape(4, 3), atol=5e-4, rtol=0
    )
    assert space.labels.tolist() == [0, 1, 1, 0]
    assert space.names == ["zero", "one"]
    np.testing.assert_array_equal(space.factors["size"], np.float32([0.5, 1, np.nan, 2]))
    assert space.factors["hair"].tolist() == ["red", "blue", "red", "red"]
    assert space.categories == {"hair": ["blue", "red"]}
    assert space.card == {"name": "test", "floor": 46.1}


def test_category_codes_keep_their_order_of_classes(tmp_path):
    path = tmp_path / "a.safetensors"
    save_checkpoint(
        path,
        None,
        np.zeros((3, 2), np.float32),
        factors={"size": np.array([2, 0, 1])},
        categories={"size": ["small", "medium", "large"]},
    )
    space = load_checkpoint(path)
    assert space.model is None
    assert space.factors["size"].tolist() == ["large", "small", "medium"]
    assert space.categories["size"] == ["small", "medium", "large"]


def test_a_failed_save_leaves_the_old_file(tmp_path):
    path = write(tmp_path / "a.safetensors")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="not JSON compliant"):
        write(path, card={"loss": float("nan")})
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["a.safetensors"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"labels": np.array([0, 2, 1, 0])}, "codes from 0 to 2 in labels, and names for 2"),
        ({"labels": np.array([0, 1])}, "columns of different lengths"),
        ({"logvar": torch.zeros(4, 2)}, "logvar that does not match"),
        ({"points": torch.full((4, 3), 1e6)}, "points holds numbers that"),
        ({"factors": {"x": np.zeros((4, 2))}}, "must be one number or class name per row"),
        ({"factors": {"x": ["a"] * 4}, "categories": {"x": ["b"]}}, "'a', which is none of"),
    ],
)
def test_rows_that_do_not_fit_are_not_written(tmp_path, changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        write(tmp_path / "a.safetensors", **changes)
    assert not list(tmp_path.iterdir())


def test_a_foreign_model_is_not_written(tmp_path):
    with pytest.raises(TypeError, match="Linear is not among"):
        save_checkpoint(tmp_path / "a.safetensors", nn.Linear(1, 1))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not a safetensors file"),
        (b"PK\x03\x04 a zip archive of pickles", "not a safetensors file"),
        (struct.pack("<Q", 1 << 40) + b"{}", "at most"),
        (struct.pack("<Q", 500) + b'{"a": 1}', "ends inside its header"),
        (struct.pack("<Q", 4) + b"{,,}", "bad JSON"),
        (struct.pack("<Q", 2) + b"{}", "holds no latent space"),
        (struct.pack("<Q", 7) + b'{"a":\xff}', "bad JSON"),
    ],
)
def test_other_files_are_refused(tmp_path, data, sentence):
    path = tmp_path / "a.safetensors"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=sentence):
        load_checkpoint(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(ValueError, match="is not a file"):
            load_checkpoint(path)


@pytest.mark.parametrize("left", [9, 200, -400, -1])
def test_a_truncated_file_is_refused(tmp_path, left):
    path = write(tmp_path / "a.safetensors")
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(ValueError, match=r"truncated|not a safetensors"):
        load_checkpoint(path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.update(version=2), "format version 2; this one reads 1"),
        (lambda d: d.pop("version"), "missing or malformed 'version'"),
        (
            lambda d: d["model"].update({"class": "os.system"}),
            "model class 'os.system'; known: VAE",
        ),
        (lambda d: d["model"]["config"].update(extra=1), "configuration that builds nothing"),
        (lambda d: d["model"]["config"].update(beta=-1), "beta must be"),
        (lambda d: d["model"]["config"].update(hidden=10**12), "weights|builds nothing|shape"),
        (lambda d: d["model"]["config"].update(latent_dim=5), "asks for"),
        (lambda d: d["model"]["config"].update(norm=False), "to spare"),
        (lambda d: d.update(model=None), "names no model"),
        (lambda d: d.update(names=["zero"]), "names for 1"),
        (lambda d: d.update(names=[1, 2]), "names that are not text"),
        (lambda d: d.update(columns=[]), r"unknown tensors \['factor.hair', 'factor.size'\]"),
        (lambda d: d["columns"].append(d["columns"][0]), "does not match its header"),
        (lambda d: d["columns"].append({"name": "x", "kind": "number"}), r"missing \['factor.x'\]"),
        (lambda d: d["columns"].append("x"), "malformed factor column"),
        (lambda d: d["columns"][1].pop("categories"), "no categories"),
        (lambda d: d["columns"][1].update(categories=["red"]), "names for 1"),
        (lambda d: d.update(image_shape=[1, 28]), "malformed 'image_shape'"),
        (lambda d: d.update(card=3), "malformed 'card'"),
        (lambda d: json.dumps(d).replace("46.1", "NaN"), "NaN is not a number"),
        (lambda d: json.dumps(d).replace("46.1", "1e999"), "1e999 is out of range"),
        (lambda _: "[" * 100_000, "bad JSON"),
        (lambda _: "[]", "not an object"),
    ],
)
def test_a_forged_header_is_refused(tmp_path, change, sentence):
    path = write(tmp_path / "a.safetensors")
    rewrite(path, change)
    with pytest.raises(ValueError, match=sentence):
        load_checkpoint(path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.pop("model.decoder.0.weight"), r"missing \['decoder.0.weight'\]"),
        (lambda t: t.update({"model.more": torch.zeros(1)}), r"to spare \['more'\]"),
        (lambda t: t.update(more=torch.zeros(4)), r"unknown tensors \['more'\]"),
        (lambda t: t["model.decoder.0.bias"].fill_(torch.nan), "not finite in decoder.0.bias"),
        (lambda t: t["model.decoder.0.bias"].fill_(torch.inf), "not finite in decoder.0.bias"),
        (lambda t: t["points"].fill_(torch.nan), "points that are not"),
        (lambda t: t.update(points=torch.zeros(4, dtype=torch.int32)), "points that are not"),
        (lambda t: t["labels"].fill_(-1), "codes from -1"),
        (lambda t: t.update(labels=torch.zeros(4)), "labels that is not one value per row"),
        (lambda t: t["factor.size"].fill_(torch.inf), "factor.size that is not"),
    ],
)
def test_forged_tensors_are_refused(tmp_path, change, sentence):
    path = write(tmp_path / "a.safetensors")
    tensors = safetensors.torch.load(path.read_bytes())
    tensors = {name: t.clone() for name, t in tensors.items()}
    change(tensors)
    rewrite(path, lambda _: None, tensors)
    with pytest.raises(ValueError, match=sentence):
        load_checkpoint(path)
