"""The panel of pictures from outside: what it takes, what it says of it, and what it refuses."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
import traitlets
from PIL import Image
from toys import Painter, pictures

from latent_widgets import LatentSpace
from latent_widgets.geometry import Hypersphere
from latent_widgets.models.autoencoder import AutoEncoder
from latent_widgets.panels.picture import PictureInput


@pytest.fixture
def space():
    made = LatentSpace(Painter(), pictures(), device="cpu")
    yield made
    made.close()


@pytest.fixture
def panel(space):
    made = PictureInput(space)
    yield made
    made.close()


class Page:
    """Asks a panel as its page does, and hears the answers."""

    def __init__(self, panel):
        self.panel, self.sent, self.seq = panel, [], 0

    def ask(self, op, *buffers, **params):
        self.seq += 1
        content = {**params, "op": op, "seq": self.seq, "client": "me"}
        send, self.panel.send = self.panel.send, lambda content, _=None: self.sent.append(content)
        self.panel._hear(None, content, [memoryview(each) for each in buffers])
        assert self.panel.space.wait()
        self.panel.send = send
        assert self.sent[-1]["op"] == op
        return self.sent[-1]


def grey(n):
    return np.uint8(pictures()[n][0] * 255)


def test_an_array_is_encoded_and_lands_on_every_map(panel, space):
    panel.picture = pictures()[3]
    posterior = space.encode(pictures()[3][None])
    np.testing.assert_allclose(panel.mean, posterior.mean[0], atol=1e-6)
    np.testing.assert_allclose(panel.logvar, posterior.logvar[0])
    ((_, drawn),) = space.overlays.items()
    assert drawn["points"] == panel.mean.tobytes()
    np.testing.assert_allclose(np.frombuffer(drawn["spread"], "<f4"), np.exp(-1.0), rtol=1e-6)
    assert drawn["labels"] == ["your picture"]
    assert panel.picture.shape == (8, 8, 1)
    panel.close()
    assert space.overlays == {}


def test_the_reconstruction_is_the_mean_decoded_and_its_error_is_that_of_the_floats(panel, space):
    panel.picture = pictures()[3]
    decoded = space.decode(panel.mean)
    np.testing.assert_array_equal(panel.reconstruction[..., 0], np.uint8(decoded[0, 0] * 255 + 0.5))
    assert panel.error == pytest.approx(float((decoded[0] - pictures()[3]).square().mean()))


def test_a_picture_is_compared_with_the_data(panel, space):
    panel.picture = np.indices((8, 8)).sum(0) % 2.0
    assert panel.wait(10)
    assert panel.percentiles[0] == 100
    errors = [
        float((space.decode(space.points[i])[0] - pictures()[i]).square().mean()) for i in range(12)
    ]
    panel.picture = pictures()[int(np.argsort(errors)[6])]
    assert panel.percentiles[0] == pytest.approx(50)
    assert panel.brought["percentiles"] == list(panel.percentiles)


def test_draws_are_seeded_and_spread_as_the_posterior_says(panel):
    panel.picture = pictures()[3]
    first = panel.resample(seed=1, n=64)
    np.testing.assert_array_equal(first, panel.resample(seed=1, n=64))
    assert (first != panel.resample(seed=2, n=64)).any()
    assert first.mean(0) == pytest.approx(panel.mean, abs=0.2)
    assert first.std() == pytest.approx(np.exp(-1), rel=0.15)
    assert panel.draws["shape"] == [64, 8, 8, 1]
    panel.picture = pictures()[4]
    assert panel.draws == {}


def test_it_becomes_z_when_asked_and_all_the_time_when_live(panel, space):
    panel.picture = pictures()[3]
    assert (space.z != panel.mean).any()
    panel.send()
    np.testing.assert_array_equal(space.z, panel.mean)
    panel.live = True
    panel.picture = pictures()[5]
    np.testing.assert_array_equal(space.z, panel.mean)


def test_kept_pictures_come_back(panel):
    for n in (3, 5):
        panel.picture = grey(n)
        panel.keep()
    panel.drop(1)
    assert [one["name"] for one in panel.tray] == ["picture 2"]
    np.testing.assert_array_equal(panel.kept[0][..., 0], grey(5))
    with pytest.raises(ValueError, match=r"number must be one of \[2\], got 1"):
        panel.drop(1)


def test_files_and_photographs_are_cut_about_their_middle(panel, tmp_path):
    wide = np.zeros((16, 48), np.uint8)
    wide[:, 16:32] = 200
    file = tmp_path / "wide.png"
    Image.fromarray(wide).save(file)
    panel.picture = file
    # Of the black sides nothing is taken, but where the filter looks beyond its box.
    np.testing.assert_allclose(panel.picture.astype(int), 200, atol=15)
    before = panel.mean
    panel.picture = None
    assert panel.mean is None
    panel.picture = file.read_bytes()
    np.testing.assert_array_equal(panel.mean, before)
    np.testing.assert_array_equal(panel.bring(wide).mean, before)


def png(size=(8, 8)):
    file = io.BytesIO()
    Image.new("L", size).save(file, "png")
    return file.getvalue()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "picture must be a picture, and these bytes is an empty file"),
        (b"hello", "and these bytes cannot be read as one"),
        (png()[:45], "cannot be read as one"),
        ("nowhere.png", "there is none at nowhere.png"),
        (np.zeros((9, 8)), "8 wide and 8 high, got a grey picture 8 wide and 9 high"),
        (np.zeros((8, 8, 2)), "picture must have shape"),
        (np.full((8, 8), np.nan), "must be uint8 or lie in \\[0, 1\\], got values from nan"),
        (np.full((8, 8), "x"), "picture must hold numbers"),
        (7, "picture must be an array .* or a PIL image, got int"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence_and_nothing_changes(panel, given, said):
    panel.picture = pictures()[3]
    assert panel.wait(10)
    before = panel.brought
    with pytest.raises((ValueError, TypeError, traitlets.TraitError), match=said):
        panel.picture = given
    assert panel.brought == before


def test_without_a_picture_there_is_nothing_to_do(panel):
    for method in (panel.resample, panel.send, panel.keep):
        with pytest.raises(ValueError, match="there is no picture"):
            method()
    assert (panel.mean, panel.logvar, panel.reconstruction, panel.error) == (None,) * 4


def test_the_page_brings_pixels_and_moves_z_itself(panel, space):
    panel.live = True
    before = space.z.copy()
    assert "error" not in Page(panel).ask("bring", grey(3).tobytes(), page="me")
    assert panel.brought["page"] == "me"
    np.testing.assert_array_equal(panel.picture[..., 0], grey(3))
    np.testing.assert_array_equal(space.z, before)
    panel.picture = grey(3)
    assert panel.brought["page"] is None


def test_the_page_draws_keeps_drops_and_clears(panel):
    page = Page(panel)
    page.ask("bring", grey(3).tobytes())
    page.ask("resample", seed=4)
    assert panel.draws["seed"] == 4
    page.ask("keep")
    assert len(panel.kept) == 1
    page.ask("drop", number=1)
    assert panel.kept == []
    page.ask("clear")
    assert panel.picture is None
    assert panel.brought == {}


@pytest.mark.parametrize(
    ("op", "params", "buffers", "said"),
    [
        ("bring", {}, [b"abc"], "a page must send one picture of shape (1, 8, 8), got 3 bytes"),
        ("bring", {}, [], "got 0 bytes"),
        ("resample", {"seed": "x"}, [], "seed must be a whole number"),
        ("resample", {"seed": 1}, [], "there is no picture yet"),
        ("drop", {"number": {}}, [], "number must be one of []"),
    ],
)
def test_what_a_page_forges_becomes_a_sentence(panel, op, params, buffers, said):
    assert said in Page(panel).ask(op, *buffers, **params)["error"]


def test_a_space_that_does_not_encode_says_so():
    space = LatentSpace("digits_gan", device="cpu")
    panel = PictureInput(space)
    with pytest.raises((TypeError, traitlets.TraitError), match="has no encode"):
        panel.picture = np.zeros((28, 28))
    panel.close()
    space.close()


def test_a_point_is_told_from_a_posterior():
    torch.manual_seed(0)
    model = AutoEncoder(image_shape=(1, 16, 16), latent_dim=3)
    space = LatentSpace(model, pictures(6).repeat(1, 1, 2, 2), device="cpu")
    panel = PictureInput(space, picture=np.zeros((16, 16)))
    assert panel.logvar is None
    assert not panel.brought["wide"]
    np.testing.assert_allclose(panel.resample(n=3), [panel.mean] * 3, atol=1e-5)
    panel.close()
    space.close()


def test_on_a_sphere_draws_stay_on_it_and_no_ellipse_is_claimed():
    space = LatentSpace("digits_sphere", device="cpu")
    panel = PictureInput(space, picture=space.pictures([5])[0])
    drawn = panel.resample(n=5)
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-5)
    assert (drawn != panel.mean).any()
    ((_, shown),) = space.overlays.items()
    assert shown["spread"] is None
    assert isinstance(space.geometry, Hypersphere)
    assert panel.brought["distance"] is None
    panel.close()
    space.close()


def test_another_model_is_asked_anew(panel, space):
    panel.picture = pictures()[3]

    class Other(Painter):
        def encode(self, x):
            mean, logvar = super().encode(x)
            return mean + 1, logvar

    before = panel.mean
    space.replace(Other())
    np.testing.assert_allclose(panel.mean, before + 1, atol=1e-6)
