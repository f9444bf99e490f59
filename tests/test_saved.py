"""Spaces and weights in files."""

import json
import pickle

import numpy as np
import pytest
import safetensors
import safetensors.torch
import torch
from torch import nn

import latent_widgets as lw

IMAGES = torch.rand(9, 1, 8, 8, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def space():
    torch.manual_seed(0)
    made = lw.LatentSpace(
        lw.VAE((1, 8, 8), latent_dim=3, channels=(4, 8), hidden=8),
        IMAGES,
        labels=["cat", "dog", "cat"] * 3,
        factors={"size": np.linspace(0, 1, 9), "ears": ["long", "short", "none"] * 3},
        dimensions=["fur"],
        device="cpu",
    )
    yield made
    made.close()


def test_a_saved_space_comes_back(space, tmp_path):
    path = tmp_path / "pets.safetensors"
    named = [{"key": "label=cat", "name": "felines"}]
    named.append({"name": "strays", "level": 0, "count": 2, "rows": [1, 4]})
    space.region_names = named
    lw.save(space, path, half=False)
    again = lw.load(path, device="cpu")
    assert again.region_names == named
    np.testing.assert_array_equal(again.points, space.points)
    np.testing.assert_array_equal(again.logvar, space.logvar)
    np.testing.assert_array_equal(again.home, space.home)
    torch.testing.assert_close(again.decode(space.points), space.decode(space.points))
    assert {name: list(values) for name, values in again.factors.items()} == {
        name: list(values) for name, values in space.factors.items()
    }
    assert again.dimensions == ["fur"]
    assert again.name is None
    assert again.can_encode
    again.close()


def test_half_precision_halves_the_file(space, tmp_path):
    lw.save(space, tmp_path / "half.safetensors")
    lw.save(space, str(tmp_path / "full.safetensors"), half=False)
    half, full = ((tmp_path / f"{n}.safetensors").stat().st_size for n in ("half", "full"))
    assert half < 0.7 * full
    again = lw.load(tmp_path / "half.safetensors", device="cpu")
    np.testing.assert_allclose(again.points, space.points, rtol=1e-3, atol=1e-3)
    again.close()


def test_number_labels_and_points_alone_come_back(tmp_path):
    points = np.random.default_rng(0).normal(size=(6, 2)).astype(np.float32)
    space = lw.LatentSpace(None, points=points, labels=np.linspace(0, 1, 6), device="cpu")
    lw.save(space, tmp_path / "points.safetensors", half=False)
    again = lw.load(tmp_path / "points.safetensors", device="cpu")
    np.testing.assert_array_equal(again.points, points)
    np.testing.assert_allclose(again.factors["label"], np.linspace(0, 1, 6), rtol=1e-6)
    assert not again.can_decode
    for each in (space, again):
        each.close()


class Own(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.out = nn.Linear(2, width)

    def decode(self, z):
        return torch.sigmoid(self.out(z)).reshape(-1, 1, 2, 2)


def test_a_model_of_ones_own_is_not_saved_but_its_weights_load(tmp_path):
    model = Own()
    space = lw.LatentSpace(model, latent_dim=2, device="cpu")
    with pytest.raises(TypeError, match=r"own models, got Own; save its weights with safetensors"):
        lw.save(space, tmp_path / "own.safetensors")
    assert not list(tmp_path.iterdir())
    space.close()
    safetensors.torch.save_file(model.state_dict(), tmp_path / "own.safetensors")
    torch.save(model.state_dict(), tmp_path / "own.pt")
    torch.save({"state_dict": model.state_dict(), "epoch": 3}, tmp_path / "trainer.pt")
    for name in ("own.safetensors", "own.pt", "trainer.pt"):
        again = lw.load(tmp_path / name, Own(), latent_dim=2, device="cpu")
        z = torch.ones(1, 2)
        torch.testing.assert_close(again.decode(z), model.decode(z).detach())
        again.close()


class Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_a_pickle_with_code_is_refused_and_nothing_runs(tmp_path):
    trace = tmp_path / "it_ran"
    torch.save({"out.weight": Evil(trace)}, tmp_path / "evil.pt")
    (tmp_path / "plain.pkl").write_bytes(pickle.dumps(Evil(trace)))
    for name in ("evil.pt", "plain.pkl"):
        with pytest.raises(ValueError, match="nothing in it was executed"):
            lw.load(tmp_path / name, Own())
        with pytest.raises(ValueError, match="holds no saved space"):
            lw.load(tmp_path / name)
    assert not trace.exists()


def test_weights_that_do_not_fit_change_nothing(tmp_path):
    model = Own()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    torch.save(Own(width=8).state_dict(), tmp_path / "wide.pt")
    torch.save({"out.weight": torch.ones(4, 2)}, tmp_path / "less.pt")
    torch.save({**before, "more": torch.ones(1)}, tmp_path / "more.pt")
    torch.save({**before, "out.bias": torch.full((4,), torch.nan)}, tmp_path / "nan.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    for name, sentence in {
        "wide.pt": r"out\.weight must be of shape \(4, 2\), got \(8, 2\)",
        "less.pt": r"it lacks out\.bias",
        "more.pt": "it has to spare more",
        "nan.pt": r"not finite in out\.bias",
        "list.pt": "must hold tensors by name, got list",
    }.items():
        with pytest.raises(ValueError, match=sentence):
            lw.load(tmp_path / name, model)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])


def test_weights_whose_space_fails_are_taken_out_again(tmp_path):
    model, other = Own(), Own()
    before = model.out.weight.detach().clone()
    torch.save(other.state_dict(), tmp_path / "other.pt")
    with pytest.raises(ValueError, match="latent_dim must be"):
        lw.load(tmp_path / "other.pt", model)
    assert torch.equal(model.out.weight, before)


def test_a_file_given_as_a_model_is_pointed_to_load(tmp_path):
    for given in ("mine.safetensors", tmp_path / "mine.pt"):
        with pytest.raises(ValueError, match=r"open it with lw\.load\('.*mine\."):
            lw.LatentSpace(given)


def test_files_that_are_not_what_they_say(space, tmp_path):
    with pytest.raises(ValueError, match=r"path must be a file, got .*none\.safetensors"):
        lw.load(tmp_path / "none.safetensors")
    lw.save(space, tmp_path / "a.safetensors")
    whole = (tmp_path / "a.safetensors").read_bytes()
    (tmp_path / "cut.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="holds no saved space"):
        lw.load(tmp_path / "cut.safetensors")
    with pytest.raises(ValueError, match="labels cannot be given with a saved space"):
        lw.load(tmp_path / "a.safetensors", labels=[1] * 9)


def test_a_space_of_points_keeps_its_geometry(tmp_path):
    ball = lw.geometry.PoincareBall(0.5)
    # Half precision would put the last of them on the boundary.
    points = np.float32([[0.0, 0.1], [0.2, -0.3], [1.41415, 0.0]])
    space = lw.LatentSpace(None, points=points, geometry=ball, device="cpu")
    lw.save(space, tmp_path / "ball.safetensors")
    again = lw.load(tmp_path / "ball.safetensors", device="cpu")
    assert again.geometry == ball
    np.testing.assert_array_equal(again.points, points)
    for each in (space, again):
        each.close()


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("geometry", {"name": "poincare", "c": "wide"}, "malformed 'geometry'"),
        ("geometry", {"name": "torus"}, "malformed 'geometry'"),
        ("geometry", [1], "malformed 'geometry'"),
        ("card", {"dimensions": 3}, "dimensions of a saved space must be names, got 3"),
        ("card", {"region_names": [{"name": "a", "rows": [99]}]}, "region_names must hold a 'key'"),
        ("card", {"dimensions": [["fur"]]}, "dimensions of a saved space must be names"),
    ],
)
def test_a_forged_header_is_refused_in_a_sentence(space, tmp_path, key, value, sentence):
    path = tmp_path / "a.safetensors"
    lw.save(space, path)
    with safetensors.safe_open(path, framework="pt") as file:
        document = json.loads(file.metadata()["latent_widgets"])
    document[key] = value
    tensors = safetensors.torch.load_file(path)
    safetensors.torch.save_file(tensors, path, {"latent_widgets": json.dumps(document)})
    with pytest.raises(ValueError, match=sentence):
        lw.load(path, device="cpu")


@pytest.mark.parametrize("zipped", [True, False])
def test_damaged_weights_are_refused_in_a_sentence(tmp_path, zipped):
    model, path, rng = Own(), tmp_path / "damaged.pt", np.random.default_rng(0)
    torch.save(model.state_dict(), path, _use_new_zipfile_serialization=zipped)
    whole, refused = path.read_bytes(), 0
    for _ in range(60):
        damaged = np.frombuffer(whole, np.uint8).copy()
        damaged[rng.integers(0, min(len(damaged), 800), 5)] = rng.integers(0, 256, 5)
        path.write_bytes(damaged.tobytes())
        try:
            lw.load(path, model, latent_dim=2, device="cpu").close()
        except ValueError:
            refused += 1
    assert refused > 30
