import json
import struct

import numpy as np
import pytest
import safetensors.torch
import torch

from latent_widgets.models import header
from latent_widgets.models.checkpoint import load_checkpoint, save_checkpoint
from latent_widgets.models.vae import VAE


def write(path):
    torch.manual_seed(0)
    save_checkpoint(
        path,
        VAE((1, 28, 28), latent_dim=3, hidden=8),
        torch.linspace(-1, 1, 12).reshape(4, 3),
        torch.full((4, 3), -2.0),
        labels=np.array([0, 1, 1, 0]),
        names=["zero", "one"],
        factors={"size": np.array([0.5, 1, -3, 2]), "hair": ["red", "blue", "red", "red"]},
        card={"name": "test", "floor": 46.1},
    )
    return path


def rewrite(path, change, tensors=None):
    """Change a file's document as a forger would."""
    data, document = header.read_document(path)
    text = change(document)
    found = safetensors.torch.load(data) if tensors is None else tensors
    text = text if isinstance(text, str) else json.dumps(document)
    path.write_bytes(safetensors.torch.save(found, {header.KEY: text}))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not a safetensors file"),
        (b"PK\x03\x04 a zip archive of pickles", "not a safetensors file"),
        (struct.pack("<Q", 1 << 40) + b"{}", "at most"),
        (struct.pack("<Q", 500) + b'{"a": 1}', "ends inside its header"),
        (struct.pack("<Q", 4) + b"{,,}", "bad JSON"),
        (struct.pack("<Q", 2) + b"{}", "none that latent_widgets wrote"),
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
        (lambda d: d.update(image_shape=[3, 64, 64]), r"its model draws \(1, 28, 28\)"),
        (lambda d: d.update(image_shape=[10**18, 1, 1]), "more than 16777216 values"),
        (lambda d: d.update(version=True), "malformed 'version'"),
        (lambda d: d.update(names=["zero", "o" * 201]), "2 names of up to 201 characters"),
        (lambda d: d["columns"][1].update(categories=["a" * 400_000]), "400000 characters"),
        (lambda d: d["columns"][1].update(categories=["a"] * 1001), "1001 names"),
        (lambda d: json.dumps(d)[:-1] + ', "version": 1}', "'version' is there twice"),
        (lambda d: json.dumps(d).replace("46.1", '1, "floor": 2'), "'floor' is there twice"),
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
        (lambda t: t["points"].fill_(torch.nan), "points with NaN or infinity"),
        (lambda t: t.update(points=torch.zeros(4, dtype=torch.int32)), "points that is not an"),
        (lambda t: t.update(points=torch.zeros(4, 0)), "points that is not an"),
        (
            lambda t: t.update(points=torch.full((4, 3), 1e99, dtype=torch.float64)),
            "points with NaN",
        ),
        (lambda t: t.update(points=torch.zeros(4, 9), logvar=torch.zeros(4, 9)), "9 dimensions"),
        (lambda t: t["labels"].fill_(-1), "codes from -1"),
        (lambda t: t.update(labels=torch.zeros(4)), "labels that is not one value per row"),
        (lambda t: t["factor.size"].fill_(torch.inf), "factor.size with NaN or infinity"),
        (lambda t: t["factor.size"].fill_(torch.nan), "factor.size with NaN or infinity"),
        (lambda t: t.update(labels=t["labels"].to(torch.uint8)), "labels that is not one value"),
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


TYPES = {
    "F8_E4M3": torch.float8_e4m3fn,
    "U16": torch.uint16,
    "U32": torch.uint32,
    "U64": torch.uint64,
    "BOOL": torch.bool,
    "C64": torch.complex64,
}


@pytest.mark.parametrize("name", ["points", "labels", "factor.size", "model.decoder.0.bias"])
@pytest.mark.parametrize("kind", list(TYPES))
def test_rare_types_are_refused_in_one_sentence(tmp_path, name, kind):
    path = write(tmp_path / "a.safetensors")
    tensors = safetensors.torch.load(path.read_bytes())
    tensors[name] = torch.zeros_like(tensors[name]).to(TYPES[kind])
    rewrite(path, lambda _: None, tensors)
    with pytest.raises(ValueError, match=f"has {name} of type '{kind}'"):
        load_checkpoint(path)


def test_numbers_of_every_usual_type_are_read(tmp_path):
    path = write(tmp_path / "a.safetensors")
    tensors = safetensors.torch.load(path.read_bytes())
    for kind in (torch.float16, torch.bfloat16, torch.float64):
        tensors["factor.size"] = tensors["factor.size"].to(kind)
        tensors["labels"] = tensors["labels"].to(torch.int64)
        rewrite(path, lambda _: None, tensors)
        space = load_checkpoint(path)
        assert space.factors["size"].dtype == np.float32
        assert space.factors["size"].tolist() == [0.5, 1, -3, 2]
        assert space.labels.tolist() == [0, 1, 1, 0]


def by_hand(path, entries, data=b""):
    """Write a header that no library writes; `entries` is its text after the metadata."""
    document = {"version": 1, "model": None, "image_shape": None}
    document |= {"names": None, "columns": [], "card": {}}
    metadata = json.dumps({header.KEY: json.dumps(document)})
    text = f'{{"__metadata__": {metadata}, {entries}}}'.encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


POINT = '"points": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}'


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (f"{POINT}, {POINT}", "'points' is there twice"),
        (POINT.replace('"shape"', '"dtype": "F32", "shape"'), "'dtype' is there twice"),
        (POINT.replace("F32", "F4"), "points of type 'F4'"),
        (POINT.replace('"F32"', "[]"), r"points of type \[\]"),
        (POINT.replace("[1, 1]", f"[0, {2**63}]").replace("4]", "0]"), "truncated or damaged"),
        (POINT.replace("[1, 1]", f"[0, {2**62}, 4]").replace("4]}", "0]}"), "truncated or damaged"),
        (POINT.replace("[1, 1]", f"[{2**40}, 0]").replace("4]", "0]"), "points that is not an"),
    ],
)
def test_a_header_that_no_library_writes_is_refused(tmp_path, entries, sentence):
    data = b"" if "0]}" in entries else bytes(4)
    with pytest.raises(ValueError, match=sentence):
        load_checkpoint(by_hand(tmp_path / "a.safetensors", entries, data))
    assert load_checkpoint(by_hand(tmp_path / "b.safetensors", POINT, bytes(4))).points == 0
