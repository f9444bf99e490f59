import tracemalloc

import numpy as np
import pytest
import torch
from torch import nn

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
        "factors": {"size": np.array([0.5, 1, -3, 2]), "hair": ["red", "blue", "red", "red"]},
        "card": {"name": "test", "floor": 46.1},
    }
    save_checkpoint(path, model(), **(contents | changes))
    return path


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
    np.testing.assert_array_equal(space.factors["size"], np.float32([0.5, 1, -3, 2]))
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
        ({"factors": {"x": [0.0, 1, np.nan, 2]}}, "factor.x with NaN or infinity"),
        ({"factors": {"x": ["a" * 201] * 4}}, "1 names of up to 201 characters; at most 1000"),
        ({"factors": {"x" * 201: np.zeros(4)}}, "1 names of up to 201 characters"),
        ({"names": ["a"] * 1001}, "1001 names of up to 1 characters"),
        ({"points": torch.zeros(4, 9), "logvar": None}, "points of 9 dimensions; its model has 3"),
        ({"image_shape": (3, 64, 64)}, r"\(3, 64, 64\); its model draws \(1, 28, 28\)"),
    ],
)
def test_rows_that_do_not_fit_are_not_written(tmp_path, changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        write(tmp_path / "a.safetensors", **changes)
    assert not list(tmp_path.iterdir())


def test_a_foreign_model_is_not_written(tmp_path):
    with pytest.raises(TypeError, match="Linear is not among"):
        save_checkpoint(tmp_path / "a.safetensors", nn.Linear(1, 1))


def test_long_names_cost_their_length_once(tmp_path):
    path, rows = tmp_path / "a.safetensors", 20_000
    names = [letter * 200 for letter in "ab"]
    save_checkpoint(path, None, factors={"x": np.arange(rows) % 2}, categories={"x": names})
    tracemalloc.start()
    space = load_checkpoint(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert space.factors["x"][:3].tolist() == [names[0], names[1], names[0]]
    # As fixed-width text the rows alone would take 16 MB.
    assert peak < 2_000_000
