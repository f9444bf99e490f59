"""A space says how far its pictures can be believed."""

import numpy as np
import pytest
import torch
from toys import Painter

from latent_widgets.models.ensemble import DecoderEnsemble
from latent_widgets.models.vae import VAE
from latent_widgets.space import LatentSpace


def points(n=200, seed=0):
    return (0.3 * np.random.default_rng(seed).normal(size=(n, 4))).astype(np.float32)


class Exact(Painter):
    """Encodes the mean of the pixels, which is found again to the bit of the sigmoid."""

    def encode(self, x):
        mean = x.reshape(len(x), 4, 16).mean(2)
        # Rough: what comes back is off by a constant, and by far more where z is large.
        return torch.logit(mean.clamp(0.1, 0.9)) + 0.01


@pytest.fixture
def space():
    space = LatentSpace(Exact(), points=points())
    yield space
    space.close()


def test_rows_are_believed_and_far_points_are_not(space):
    rows = space.honesty(space.points)
    assert 45 < rows.density.mean() < 58
    assert np.median(rows.round_trip) == pytest.approx(1, rel=0.2)
    assert rows.off_data.mean() < 0.05
    far = space.honesty(np.full((3, 4), 5.0))
    assert far.off_data.all()
    assert (far.density == 0).all()
    assert (far.round_trip > 10).all()
    assert np.isnan(far.uncertainty).all()


def test_the_current_latent_is_meant_when_none_is_given(space):
    space.z = [5, 5, 5, 5]
    assert space.honesty().off_data.tolist() == [True]


def test_what_cannot_be_known_is_not_claimed():
    bare = LatentSpace(Painter())
    found = bare.honesty(np.zeros(4))
    assert np.isnan([found.density[0], found.round_trip[0]]).all()
    assert not found.off_data[0]
    assert bare.likeness == {"limit": None, "density": None}
    bare.close()


def test_an_ensemble_says_where_its_decoders_disagree():
    torch.manual_seed(0)
    ensemble = DecoderEnsemble(VAE((1, 8, 8), latent_dim=2), members=2)
    rows = 0.5 * np.random.default_rng(0).normal(size=(60, 2))
    space = LatentSpace(ensemble, points=rows)
    assert np.median(space.honesty(space.points).uncertainty) == pytest.approx(1, rel=1e-3)
    space.close()


def test_another_model_is_judged_anew(space):
    before = space.judge()
    space.add_column("x", np.arange(200))
    assert space.judge() is before
    space.replace(Exact(), points=points(seed=1) + 4)
    assert space.honesty(np.full((1, 4), 4.0)).density > 50
    assert space.judge() is not before


def test_a_latent_that_does_not_fit_is_refused(space):
    with pytest.raises(ValueError, match="4"):
        space.honesty(np.zeros((2, 3)))


def test_pages_are_told_and_may_ask(space, monkeypatch):
    sent = []
    monkeypatch.setattr(space, "send", lambda *message: sent.append(message))
    ask = {"channel": "c", "seq": 1, "client": "a"}
    space._receive(None, {**ask, "op": "likeness"}, [])
    assert space._feed._slow_mailbox.wait()
    assert space.likeness["limit"] > 0
    assert len(space.likeness["density"]["percentiles"]) == 101 * 4
    z = np.zeros((2, 4), np.float32)
    space._receive(None, {**ask, "op": "believe", "seq": 2}, [memoryview(z.tobytes())])
    assert space.wait()
    content, buffers = next(one for one in sent if one[0].get("seq") == 2)
    assert "error" not in content
    found = np.frombuffer(buffers[0], np.float32).reshape(2, 2)
    assert (found[0] == found[0, 0]).all()
    assert np.isnan(found[1]).all()
