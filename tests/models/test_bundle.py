import json

import numpy as np
import pytest

from latent_widgets.models import bundle
from latent_widgets.models.bundle import RECIPES, main
from latent_widgets.models.checkpoint import load_checkpoint
from latent_widgets.models.recipes.training import Job


def test_one_command_makes_a_space_and_prints_its_card(tmp_path, capsys):
    rng = np.random.default_rng(0)
    data, out = tmp_path / "digits.npz", tmp_path / "new" / "digits.safetensors"
    images = rng.integers(0, 256, (1040, 28, 28), dtype=np.uint8)
    np.savez(data, images=images, labels=rng.integers(0, 10, 1040))
    main(["digits", "--data", str(data), "--out", str(out), "--epochs", "1"])
    card = json.loads(capsys.readouterr().out)
    space = load_checkpoint(out)
    assert space.card == card
    assert card["training"]["epochs"] == 1
    assert len(space.points) == 1040
    assert (space.factors["split"] == "held out").sum() == 1000


def test_one_command_makes_all_spaces(tmp_path, capsys, monkeypatch):
    jobs = {}

    def made(name):
        def make(job):
            jobs[name] = job
            return {"name": name}

        return make

    recipes = {name: recipe._replace(make=made(name)) for name, recipe in RECIPES.items()}
    monkeypatch.setattr(bundle, "RECIPES", recipes)
    folder, states = tmp_path / "made", tmp_path / "states"
    main(["all", "--data-dir", str(tmp_path), "--out", str(folder), "--state", str(states)])
    assert list(jobs) == list(RECIPES)
    assert jobs["fashion"] == Job(
        folder / "fashion.safetensors",
        tmp_path / "fashion800.npz",
        state=states / "fashion.state",
    )
    assert jobs["faces"].data is None
    assert capsys.readouterr().out.count('"name"') == len(RECIPES)
    assert folder.is_dir()
    assert states.is_dir()


@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.data])
def test_what_is_not_drawn_needs_data(name, capsys, tmp_path):
    with pytest.raises(SystemExit):
        main([name])
    assert f"{name} needs --data" in capsys.readouterr().err
    with pytest.raises(ValueError, match=r"needs? data"):
        RECIPES[name].make(Job(tmp_path / "a.safetensors"))
