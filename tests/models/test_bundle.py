import json

import numpy as np
import pytest

from latent_widgets.models.bundle import main
from latent_widgets.models.checkpoint import load_checkpoint


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


def test_digits_need_data(capsys):
    with pytest.raises(SystemExit):
        main(["digits"])
    assert "digits needs --data" in capsys.readouterr().err
