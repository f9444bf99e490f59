"""LatentSpace without a page."""

import gc
import threading
import weakref

import ipywidgets
import numpy as np
import pytest
import torch
from ipywidgets.widgets.widget import _instances
from toys import Halves, Painter, pictures

from latent_widgets.space import LatentSpace


@pytest.fixture
def space():
    made = LatentSpace(Painter(), pictures(), labels=list("aabbccaabbcc"))
    yield made
    made.close()


def test_starts_at_the_most_central_row(space):
    assert space.points.shape == (12, 4)
    assert space.logvar.shape == (12, 4)
    away = np.linalg.norm(space.points - space.points.mean(axis=0), axis=1)
    np.testing.assert_array_equal(space.z, space.points[away.argmin()])
    assert space.z.dtype == np.float32


def test_image_is_a_fresh_decode_of_z(space):
    space.z = [1, -1, 0.5, 2]
    fresh = (space.decode(space.z)[0] * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
    np.testing.assert_array_equal(space.image, fresh)
    assert space.image.shape == (8, 8, 1)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (np.ones(3), "z must be 4 finite numbers, got shape (3,)"),
        ([0, 0, 0, np.nan], "z must be 4 finite numbers, got NaN or infinity"),
        ([0, 0, 0, np.inf], "z must be 4 finite numbers, got NaN or infinity"),
        ([0, 0, 0, 1e39], "z must be 4 finite numbers, got NaN or infinity"),
        ("north", "z must be 4 finite numbers, got str"),
        (None, "z must be 4 finite numbers, got shape ()"),
    ],
)
def test_a_bad_z_is_refused_in_one_sentence_and_changes_nothing(space, bad, said):
    before, image = space.z, space.image
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared in full below
        space.z = bad
    assert str(caught.value) == said
    assert bool(space.z == before)
    np.testing.assert_array_equal(space.image, image)


def test_z_cannot_be_edited_behind_the_space_s_back(space):
    given = np.zeros(4, np.float32)
    space.z = given
    given[0] = 9
    assert space.z[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        space.z[0] = 1


def test_an_equal_z_notifies_nobody(space):
    heard = []
    space.observe(heard.append, "z")
    space.z = np.ones(4)
    space.z = torch.ones(4)
    assert len(heard) == 1


def test_two_spaces_can_be_linked_in_a_ring(space):
    other = LatentSpace(Painter(), pictures())
    third = LatentSpace(Painter(), pictures())
    heard = []
    space.observe(heard.append, "z")
    ipywidgets.link((space, "z"), (other, "z"))
    ipywidgets.link((other, "z"), (third, "z"))
    ipywidgets.link((third, "z"), (space, "z"))
    heard.clear()
    space.z = [1, 2, 3, 4]
    third_heard = third.z
    np.testing.assert_array_equal(third_heard, [1, 2, 3, 4])
    third.z = [4, 3, 2, 1]
    np.testing.assert_array_equal(space.z, [4, 3, 2, 1])
    assert len(heard) == 2
    other.close()
    third.close()


def test_interactive_output_follows_z(space):
    seen = []
    ipywidgets.interactive_output(lambda z: seen.append(np.array(z)), {"z": space})
    space.z = [0, 0, 0, 1]
    np.testing.assert_array_equal(seen[-1], [0, 0, 0, 1])


def test_undo_and_redo_walk_the_steps(space):
    space.z = [1, 0, 0, 0]
    space.z = [2, 0, 0, 0]
    assert space.undo()
    assert space.z[0] == 1
    assert space.undo()
    assert bool(space.z == space.home)
    assert not space.undo()
    assert space.redo()
    assert space.redo()
    assert not space.redo()
    assert space.z[0] == 2
    space.reset()
    assert bool(space.z == space.home)


def test_state_round_trips_and_a_bad_one_changes_nothing(space):
    space.z, space.selection = [1, 2, 3, 4], [3, 5]
    saved = space.state()
    space.reset()
    space.selection = []
    space.load_state(saved)
    np.testing.assert_array_equal(space.z, [1, 2, 3, 4])
    assert space.selection == [3, 5]
    for broken in (
        {},
        {**saved, "version": 2},
        {**saved, "latent_dim": 5},
        {**saved, "z": [1, 2, 3]},
        {**saved, "z": [1, 2, 3, float("nan")]},
        {**saved, "selection": [99]},
        {**saved, "selection": "all"},
    ):
        with pytest.raises(ValueError, match=r"must"):
            space.load_state({**broken, "z": broken.get("z", [9, 9, 9, 9])})
        np.testing.assert_array_equal(space.z, [1, 2, 3, 4])


def test_selection_is_checked(space):
    space.selection = [0, 11]
    with pytest.raises(ValueError, match="ids from 0 to 11, got 12"):
        space.selection = [0, 12]
    assert space.selection == [0, 11]


def test_factors_are_readable_and_their_rows_can_be_found():
    size = np.linspace(0, 1, 12)
    made = LatentSpace(Painter(), pictures(), labels=list("aabbccaabbcc"), factors={"size": size})
    assert made.factors["label"].tolist() == list("aabbccaabbcc")
    np.testing.assert_allclose(made.factors["size"], size, rtol=1e-6)
    assert made.data.rows_where("label", "b").tolist() == [2, 3, 8, 9]
    assert made.data.rows_where("size", "low").tolist() == [0, 1, 2]
    assert made.data.rows_where("size", "high").tolist() == [9, 10, 11]
    with pytest.raises(ValueError, match=r"category must be one of \['low', 'high'\]"):
        made.data.rows_where("size", "middling")
    made.close()


def test_samples_are_reproducible_and_leave_the_global_generator_alone(space):
    before = torch.random.get_rng_state()
    np.testing.assert_array_equal(space.sample(3, seed=5), space.sample(3, seed=5))
    assert (space.sample(2) != space.sample(2)).any()
    assert torch.equal(torch.random.get_rng_state(), before)
    with pytest.raises(ValueError, match=r"n must be a whole number from 1 to .*, got 0"):
        space.sample(0)
    with pytest.raises(ValueError, match=r"n must be a whole number from 1 to .*, got 1000000000"):
        space.sample(10**9)


def test_a_later_change_of_the_model_changes_no_picture():
    class Scaled(torch.nn.Module):
        latent_dim = 2

        def __init__(self):
            super().__init__()
            self.scale = torch.nn.Parameter(torch.full((1,), 0.5))
            self.dropout = torch.nn.Dropout(0.9)

        def decode(self, z):
            return self.dropout(self.scale.expand(len(z), 64)).reshape(-1, 1, 8, 8)

    model = Scaled().train()
    space = LatentSpace(model)
    before = space.image
    with torch.no_grad():
        model.scale.zero_()
    space.z = [1, 1]
    np.testing.assert_array_equal(space.image, before)
    assert model.training
    space.close()


def test_memory_is_halved_until_the_batch_fits():
    space = LatentSpace(Halves())
    z = torch.linspace(-1, 1, 44).reshape(11, 4)
    torch.testing.assert_close(space.decode(z), Painter().decode(z))
    space.close()


def test_half_a_model_says_which_half_is_missing():
    class Encoder:
        def encode(self, x):
            return x.flatten(1)[:, :3]

    space = LatentSpace(Encoder(), pictures())
    assert space.latent_dim == 3
    assert space.logvar is None
    with pytest.raises(TypeError, match="no decode"):
        _ = space.image
    space.z = [1, 2, 3]
    assert space.wait()
    decoder = LatentSpace(Halves())
    with pytest.raises(TypeError, match="no encode"):
        decoder.encode(pictures())
    with pytest.raises(TypeError, match="neither"):
        LatentSpace(object())
    space.close()
    decoder.close()


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"images": pictures() * 3}, ValueError, r"images must be uint8 or lie in \[0, 1\]"),
        ({"images": pictures() - 1}, ValueError, r"images must be uint8 or lie in \[0, 1\]"),
        ({"images": pictures() * float("nan")}, ValueError, "images must be uint8 or lie"),
        ({"images": pictures()[:0]}, ValueError, "at least one picture, got none"),
        ({"images": torch.zeros(3, 5, 8, 8)}, ValueError, "images must have shape"),
        ({"images": 7}, TypeError, "images must be a tensor"),
        ({"images": "no/such/folder"}, ValueError, "images must name a folder that exists"),
        ({"images": pictures(), "labels": range(13)}, ValueError, "labels must hold one value"),
        ({"images": pictures(), "labels": range(11)}, ValueError, "labels must hold one value"),
        (
            {"images": pictures(), "factors": {"size": [1.0]}},
            ValueError,
            "size must hold one value",
        ),
        (
            {"images": pictures(), "points": np.zeros((3, 4))},
            ValueError,
            "points must have one row",
        ),
        ({"points": np.full((3, 4), np.nan)}, ValueError, "points must be finite rows"),
        ({"points": np.diag([1, np.nan, 1, 1])}, ValueError, r"infinity in 1 of them: 1$"),
        ({"points": np.zeros((3, 4)), "logvar": np.zeros((2, 4))}, ValueError, "logvar must be"),
        (
            {"images": pictures(), "dimensions": "abcde"},
            ValueError,
            "dimensions must name at most 4",
        ),
        ({"latent_dim": 0}, ValueError, "latent_dim must be"),
        ({"device": "abacus"}, ValueError, "device must be 'auto'"),
        ({"colour": 1}, TypeError, "colour"),
    ],
)
def test_bad_arguments_are_refused_by_name(arguments, error, said):
    class Nameless:
        def encode(self, x):
            return Painter().encode(x)

        def decode(self, z):
            return Painter().decode(z)

    with pytest.raises(error, match=said):
        LatentSpace(Nameless(), **arguments)


def test_an_encode_that_returns_something_unknown_is_named():
    class Odd(Painter):
        def encode(self, _):
            return "three"

    with pytest.raises(TypeError, match="str"):
        LatentSpace(Odd(), pictures())


def test_an_unknown_space_is_answered_with_those_that_exist():
    with pytest.raises(ValueError, match="face"):
        LatentSpace("facse")


def test_a_closed_space_leaves_nothing_behind():
    gc.collect()
    widgets = len(_instances)
    ghosts = []
    for _ in range(20):
        space = LatentSpace(Painter(), pictures())
        space.z = [1, 1, 1, 1]
        ghosts.append(weakref.ref(space))
        space.close()
        del space
    for thread in threading.enumerate():
        if thread.name == "latent_widgets-decode":
            thread.join(5)
    assert "latent_widgets-decode" not in [thread.name for thread in threading.enumerate()]
    gc.collect()
    assert [ghost() for ghost in ghosts] == [None] * 20
    assert len(_instances) == widgets


def test_decoding_keeps_no_graph(space):
    torch.set_grad_enabled(True)
    assert not space.decode(torch.ones(1, 4, requires_grad=True)).requires_grad
