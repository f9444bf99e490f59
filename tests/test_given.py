"""What users hand to a space: taken as it is meant, or refused by name."""

from __future__ import annotations

import gc

import numpy as np
import pytest
import torch
import traitlets
from ipywidgets.widgets.widget import _instances
from toys import Painter, pictures

import latent_widgets as lw
from latent_widgets.counts import whole
from latent_widgets.given import numbers
from latent_widgets.space import LatentSpace

CPU = torch.device("cpu")
POINTS = np.random.default_rng(0).normal(size=(12, 4)).astype(np.float32)


class Flat(Painter):
    """Decodes to rows of pixels."""

    def decode(self, z):
        return super().decode(z).flatten(1)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("images", pictures()),
        ("labels", ["mine"] * 12),
        ("names", ["a"]),
        ("factors", {"size": [1.0]}),
        ("points", POINTS),
        ("logvar", POINTS),
        ("latent_dim", 4),
        ("dimensions", ["a"]),
        ("image_shape", (1, 28, 28)),
    ],
)
def test_nothing_can_be_given_with_a_bundled_space(argument, value):
    with pytest.raises(ValueError, match=f"{argument} cannot be given with the bundled space 'dig"):
        LatentSpace("digits", **{argument: value})


def test_points_alone_are_a_map_without_pictures():
    space = LatentSpace(None, points=POINTS, labels=list("abcabcabcabc"))
    assert not space.can_encode
    assert not space.can_decode
    assert space.image_shape is None
    np.testing.assert_array_equal(space.points, POINTS)
    space.z = [1, 2, 3, 4]
    assert space.wait()
    for ask in (lambda: space.image, lambda: space.decode(POINTS), lambda: space.pictures([0])):
        with pytest.raises(TypeError, match="no decode, so it has no pictures"):
            ask()
    with pytest.raises(TypeError, match="no encode, so it takes no pictures"):
        space.encode(pictures())
    explorer = lw.LatentExplorer(space)
    assert "text/plain" in explorer._repr_mimebundle_()[0]
    explorer.close()
    space.close()


def test_no_model_and_no_points_is_nothing():
    with pytest.raises(ValueError, match="model must have encode or decode, or be None with point"):
        LatentSpace(None)
    with pytest.raises(ValueError, match="model must have encode or decode, or be None with point"):
        LatentSpace(None, pictures())


def test_a_flat_decoder_needs_to_be_told_the_shape_and_nothing_else():
    space = LatentSpace(Flat(), image_shape=(1, 8, 8))
    assert space.image.shape == (8, 8, 1)
    torch.testing.assert_close(space.decode(POINTS), Painter().decode(torch.from_numpy(POINTS)))
    space.close()
    with pytest.raises(ValueError, match="or say image_shape"):
        LatentSpace(Flat())
    with pytest.raises(ValueError, match=r"expected pictures of \(1, 9, 9\)"):
        LatentSpace(Flat(), image_shape=(1, 9, 9))


@pytest.mark.parametrize(
    "shape", [(8, 8), (1, 8, 0), (2, 8, 8), (8, 8, 1), (1.0, 8, 8), 8, "abc"], ids=repr
)
def test_an_image_shape_that_is_none_is_refused(shape):
    with pytest.raises(ValueError, match=r"image_shape must be \(C, H, W\) with C of 1, 3 or 4"):
        LatentSpace(Flat(), image_shape=shape)


def test_an_image_shape_must_be_that_of_the_images():
    with pytest.raises(ValueError, match=r"must be \(1, 8, 8\) as in the images, got \(1, 4, 16\)"):
        LatentSpace(Flat(), pictures(), image_shape=(1, 4, 16))


@pytest.mark.parametrize(
    ("shape", "said"),
    [((28, 28, 3), "put the channels first with permute"), ((5, 8, 8), "with C of 1, 3 or 4")],
)
def test_what_is_no_picture_is_not_shown_as_one(shape, said):
    class Decoder:
        latent_dim = 2

        def decode(self, z):
            return torch.rand(len(z), *shape)

    with pytest.raises(ValueError, match=said):
        LatentSpace(Decoder())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"points": POINTS[:, :3]}, "points must have 4 columns, as model.latent_dim says, got 3"),
        ({"points": [["a"]]}, "points must be rows of real numbers"),
        ({"points": [["1", "2", "3", "4"]]}, "points must be rows of real numbers"),
        ({"points": [[1, 2], [3]]}, "points must be rows of real numbers"),
        ({"points": torch.zeros(3, 4, dtype=torch.complex64)}, "points must be rows of real"),
        ({"points": POINTS, "logvar": "none"}, "logvar must be rows of real numbers"),
        ({"logvar": POINTS}, "logvar goes with points"),
        ({"seed": "a"}, "seed must be a whole number, got 'a'"),
        ({"seed": 1.5}, "seed must be a whole number, got 1.5"),
        ({"seed": 2**70}, "seed must be a whole number"),
        ({"latent_dim": 0}, "latent_dim must be a whole number of at least 1, got 0"),
        ({"latent_dim": 2.5}, "latent_dim must be a whole number of at least 1, got 2.5"),
    ],
)
def test_bad_arguments_are_refused_by_name(arguments, said):
    with pytest.raises(ValueError, match=said):
        LatentSpace(Painter(), **arguments)


def test_points_are_copied_whatever_holds_them():
    for given in (POINTS.copy(), torch.tensor(POINTS), torch.tensor(POINTS, requires_grad=True)):
        space = LatentSpace(Painter(), points=given)
        with torch.no_grad():
            given[0] = 99
        np.testing.assert_array_equal(space.points, POINTS)
        np.testing.assert_array_equal(space.data.mean.cpu(), POINTS)
        space.close()
    odd = POINTS[::-1].astype(">f8")
    np.testing.assert_array_equal(numbers("points", odd, CPU), POINTS[::-1])


def test_labels_are_copied():
    labels = np.array([0, 1, 0, 1] * 3)
    space = LatentSpace(Painter(), pictures(), labels=labels)
    labels[:] = 7
    space.logvar[:] = 7
    space.factors["label"][:] = "x"
    assert space.labels.tolist() == [0, 1, 0, 1] * 3
    assert space.factors["label"].tolist() == ["0", "1", "0", "1"] * 3
    assert (space.logvar == -2).all()
    space.close()


def test_the_image_is_the_caller_s_own():
    space = LatentSpace(Painter(), pictures())
    wanted = space.image.copy()
    space.image[:] = 7
    np.testing.assert_array_equal(space.image, wanted)
    space.close()


def test_a_selection_may_be_an_array():
    space = LatentSpace(Painter(), pictures())
    for rows in (np.array([1, 2]), torch.tensor([1, 2]), (1, 2), np.array([1, 2], np.uint8)):
        space.selection = []
        space.selection = rows
        assert space.selection == [1, 2]
        assert {type(row) for row in space.selection} == {int}
    space.selection = np.zeros(0)
    assert space.selection == []
    for bad in (np.array([1.5]), np.array([[1]]), np.array([True]), None, 3):
        with pytest.raises(ValueError, match="rows must be"):
            space.selection = bad
    space.close()


def test_a_count_and_a_seed_are_whole_numbers():
    space = LatentSpace(Painter(), pictures(), seed=np.int64(3))
    assert space.sample(np.int32(2)).shape == (2, 4)
    for n in (1.5, "2", None):
        with pytest.raises(ValueError, match="n must be a whole number from 1 to"):
            space.sample(n)
    with pytest.raises(ValueError, match="seed must be a whole number"):
        space.sample(1, seed="a")
    assert whole("n", -(2**63)) == -(2**63)
    space.close()


def test_pictures_of_another_size_are_named():
    class Picky(Painter):
        def encode(self, x):
            return super().encode(x.reshape(-1, 1, 8, 8))

    space = LatentSpace(Picky(), pictures())
    with pytest.raises(ValueError, match=r"x must be pictures of \(1, 8, 8\), got \(1, 9, 9\)"):
        space.encode(np.zeros((2, 9, 9)))
    with pytest.raises(ValueError, match="x must be uint8 or lie in"):
        space.encode(np.full((2, 8, 8), 3.0))
    with pytest.raises(ValueError, match="x must have shape"):
        space.encode(np.zeros(8))
    space.close()
    # Painter itself takes any size.
    painter = LatentSpace(Painter(), pictures())
    assert painter.encode(np.zeros((2, 16, 16))).mean.shape == (2, 4)
    painter.close()


def test_pictures_that_encode_to_another_width_are_named():
    class Pixels:
        def encode(self, x):
            return x.flatten(1)

    space = LatentSpace(Pixels(), pictures())
    with pytest.raises(ValueError, match="x must be pictures that encode to 64 numbers, got 81"):
        space.encode(np.zeros((2, 9, 9)))
    space.close()


def test_an_encode_that_returns_nan_is_named():
    class Broken(Painter):
        def encode(self, x):
            return super().encode(x)[0] * torch.nan

    with pytest.raises(ValueError, match="encode must return finite numbers"):
        LatentSpace(Broken(), pictures())


def test_a_whole_data_set_is_encoded_in_parts_when_it_does_not_fit():
    class Small(Painter):
        def encode(self, x):
            if len(x) > 8:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().encode(x)

    space = LatentSpace(Small(), pictures(20))
    torch.testing.assert_close(space.data.mean.cpu(), Painter().encode(pictures(20))[0])
    space.close()


def test_dimensions_are_ranked_by_kl_or_else_by_variance():
    spread = np.float32([1, 3, 0.5, 2])
    space = LatentSpace(None, points=POINTS / POINTS.std(axis=0) * spread)
    assert space.data.order() == [1, 3, 0, 2]
    assert lw.LatentSliders(space).order == [1, 3, 0, 2]
    logvar = np.tile(np.float32([-1, 0, -9, -2]), (12, 1))
    told = LatentSpace(None, points=np.zeros((12, 4)), logvar=logvar)
    assert told.data.order() == [2, 3, 0, 1]
    assert LatentSpace(Painter()).data.order() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (LatentSpace, {"engine": "x"}),
        (LatentSpace, {"labels": [1]}),
        (lw.LatentViewer, {"bogus": 1}),
        (lw.LatentViewer, {"smooth": "maybe"}),
        (lw.ScatterProjection, {"method": "isomap"}),
        (lw.LatentSliders, {"shown": 0}),
        (lw.InterpolationStrip, {"metric": "cubic"}),
        (lw.ArithmeticPanel, {"terms": [{"weight": 9}]}),
        (lw.LatentExplorer, {"engine": "x"}),
    ],
)
def test_what_is_refused_leaves_no_widget_behind(make, options):
    gc.collect()
    before = set(_instances)
    with pytest.raises((ValueError, TypeError, traitlets.TraitError)):
        make("digits", **options)
    gc.collect()
    assert set(_instances) - before == set()
