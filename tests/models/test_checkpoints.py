import numpy as np
import pytest
import torch
from runs import model, pictures

from latent_widgets.models.checkpoints import Checkpoints


def weights(value=1.0, n=100):
    return {"layer": torch.full((n,), value)}


def test_half_precision_pictures_are_the_same_to_a_grey_level():
    exact, kept = model().eval(), Checkpoints()
    kept.add(1, exact.state_dict())
    coarse = model().eval()
    coarse.load_state_dict(kept.nearest(1).weights)
    z = torch.randn(50, 2, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert (exact.decode(z) - coarse.decode(z)).abs().max() < 1 / 255
        assert (exact(pictures() / 255) - coarse(pictures() / 255)).abs().max() < 1 / 255
    floats = [value for value in exact.state_dict().values() if value.is_floating_point()]
    count = sum(value.numel() for value in floats)
    assert 2 * count <= kept.size < 2.1 * count


def test_training_on_does_not_change_what_is_kept():
    kept, live = Checkpoints(), {"whole": torch.tensor([3]), **weights()}
    kept.add(0, live)
    live["layer"].fill_(9)
    live["whole"].fill_(9)
    assert kept.nearest(0).weights["layer"].tolist() == [1] * 100
    assert kept.nearest(0).weights["whole"].tolist() == [3]


def test_what_half_precision_cannot_hold_is_kept_whole():
    kept = Checkpoints()
    kept.add(0, {"variance": torch.tensor([1e6])})
    assert kept.nearest(0).weights["variance"].item() == 1e6


def test_a_full_budget_thins_evenly_and_keeps_both_ends():
    kept = Checkpoints(budget=200 * 12)
    for epoch in range(101):
        kept.add(epoch, weights())
    epochs = np.array(kept.epochs)
    assert len(kept) == 12
    assert kept.size <= 200 * 12
    assert (epochs[0], epochs[-1]) == (0, 100)
    assert np.diff(epochs).max() <= 2 * 100 / 11


def test_two_are_kept_however_large():
    kept = Checkpoints(budget=1)
    for epoch in (0, 1, 2):
        kept.add(epoch, weights(), extra="map", size=10**9)
    assert kept.epochs == [0, 2]


def test_the_nearest_moment_is_found():
    kept = Checkpoints()
    with pytest.raises(LookupError, match="No moment"):
        kept.nearest(1)
    for epoch in (4, 0, 2.5):
        kept.add(epoch, weights(float(epoch)), extra=epoch)
    assert [kept.nearest(at).extra for at in (-1, 1, 1.25, 1.3, 3, 4, 99)] == [
        *(0, 0, 0, 2.5, 2.5, 4, 4)
    ]


def test_an_epoch_is_kept_once():
    kept = Checkpoints()
    kept.add(1, weights(1.0))
    kept.add(1, weights(2.0))
    assert kept.epochs == [1]
    assert kept.nearest(1).weights["layer"][0] == 2
    assert kept.size == 200


def test_no_room_is_refused():
    with pytest.raises(ValueError, match="budget must be at least 1 byte"):
        Checkpoints(0)
    with pytest.raises(ValueError, match="most must be at least 2"):
        Checkpoints(most=1)


def test_there_are_never_more_than_a_slider_can_use():
    kept = Checkpoints(most=5)
    for epoch in range(20):
        kept.add(epoch, weights())
    assert len(kept) == 5
    assert (kept.epochs[0], kept.epochs[-1]) == (0, 19)
