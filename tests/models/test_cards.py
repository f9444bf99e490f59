"""Every figure of a model card is measured again, on the same held-out rows."""

from pathlib import Path

import pytest
import torch

from latent_widgets.models.bundle import SPACES
from latent_widgets.models.measure import encode_rows, measure, multiply_adds, pca_mse
from latent_widgets.models.recipes.digits import split_digits
from latent_widgets.models.recipes.faces import held_out_faces, probe_faces
from latent_widgets.models.zoo import list_spaces, load_bundled

DIGITS = Path(__file__).parents[3] / "shared" / "data" / "mnist9k.npz"
MOST_MULTIPLY_ADDS = {"digits": 20e6, "faces": 45e6}


@pytest.mark.parametrize("name", list_spaces())
def test_size_and_cost_are_as_stated_and_small(name):
    space = load_bundled(name)
    stated = space.card["parameters"]
    for part in ("encoder", "decoder"):
        assert stated[part] == sum(p.numel() for p in getattr(space.model, part).parameters())
    assert space.card["decoder_multiply_adds"] == multiply_adds(space.model)
    assert space.card["decoder_multiply_adds"] <= MOST_MULTIPLY_ADDS[name]
    assert space.card["config"] == space.model.config
    assert space.card["name"] == name
    assert (SPACES / f"{name}.safetensors").stat().st_size <= 2_000_000


@pytest.mark.parametrize("name", list_spaces())
def test_a_card_says_what_a_reader_needs(name):
    card = load_bundled(name).card
    for entry in ("data", "split", "augmentation", "likelihood", "limitations", "command", "date"):
        assert isinstance(card[entry], str)
        assert card[entry]
    assert {"epochs", "seed", "lr", "batch_size"} <= card["training"].keys()


@pytest.mark.skipif(not DIGITS.exists(), reason=f"the digits to measure on are not at {DIGITS}")
def test_digits_are_as_good_as_stated_on_held_out_rows():
    space = load_bundled("digits")
    rows = split_digits(DIGITS)
    stated = space.card["held_out"]
    found = measure(space.model, rows["held_out"])
    found["pca_mse"] = pca_mse(rows["train"], rows["held_out"], space.model.latent_dim)
    assert stated == {"rows": len(rows["held_out"])} | {
        name: pytest.approx(value, rel=1e-4) for name, value in found.items()
    }
    assert found["neg_elbo"] <= 106
    assert found["neg_elbo"] > found["floor"]
    assert found["mse"] <= 0.55 * found["pca_mse"]
    # The card warns of it: a likelihood is no test of being a digit.
    blank = measure(space.model, torch.zeros(1, 1, 28, 28))["neg_elbo"]
    each = [measure(space.model, row[None])["neg_elbo"] for row in rows["held_out"][:100]]
    assert sum(value > blank for value in each) >= 90
    # The shipped points are those of these rows, in the order the file says.
    held_out = space.factors["split"] == "held out"
    assert held_out.sum() == len(rows["held_out"])
    codes = encode_rows(space.model, rows["held_out"][:50]).mean.half().float()
    points = space.points[held_out]
    distance = (codes[:, None] - points[None]).norm(dim=-1).min(dim=1).values
    assert distance.max() < 0.01


def test_faces_are_as_good_as_stated_on_held_out_faces():
    space = load_bundled("faces")
    pictures, truth = held_out_faces()
    found = measure(space.model, pictures)
    assert space.card["held_out"] == {"rows": len(pictures)} | {
        name: pytest.approx(value, rel=1e-4) for name, value in found.items()
    }
    scores = probe_faces(space, pictures, truth)
    assert space.card["probes"] == pytest.approx(scores, abs=0.01)
    for name in ("smile", "glasses", "hair_color", "hair_style without hat"):
        assert scores[name] >= 0.95, name
