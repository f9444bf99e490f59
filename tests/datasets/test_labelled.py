"""Digits that are on every machine, and files of pictures with labels."""

import io
import os
import zipfile

import numpy as np
import pytest
import torch

from latent_widgets.datasets.images import Images
from latent_widgets.datasets.labelled import digits, read_npz

PIXELS = np.random.default_rng(0).integers(0, 256, (4, 6, 5), dtype=np.uint8)
LABELS = np.array([1, 0, 2, 1], np.uint8)


@pytest.fixture
def write(tmp_path):
    def write(**arrays):
        np.savez(tmp_path / "some.npz", **arrays)
        return tmp_path / "some.npz"

    return write


def test_the_digits_of_scikit_learn():
    images, labels, names = digits()
    assert images.shape == (1797, 1, 8, 8)
    assert images.dtype == torch.float32
    assert (images.min(), images.max()) == (0, 1)
    assert np.array_equal(np.bincount(labels), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    # A nought is dark in the middle and a one is bright there.
    middle = images[:, 0, 3:5, 3:5].mean((1, 2)).numpy()
    assert middle[labels == 0].mean() < 0.2
    assert middle[labels == 1].mean() > 0.6
    held = Images(digits())
    assert held.labels[:3] == [names[label] for label in labels[:3]]


def test_a_file_is_read_as_it_is(write):
    images, labels, names = read_npz(write(images=PIXELS, labels=LABELS))
    assert images.dtype == torch.uint8
    assert np.array_equal(images, PIXELS[:, None])
    assert np.array_equal(labels, LABELS)
    assert names is None
    assert Images(read_npz(write(images=PIXELS, labels=LABELS))).labels == [1, 0, 2, 1]
    colour = np.stack([PIXELS] * 3, -1) / 255
    assert read_npz(str(write(images=colour, labels=LABELS))).images.shape == (4, 3, 6, 5)


def test_one_picture_is_enough(write):
    assert len(Images(read_npz(write(images=PIXELS[:1], labels=LABELS[:1])))) == 1


@pytest.mark.parametrize(
    ("arrays", "error", "sentence"),
    [
        ({"x": PIXELS}, ValueError, r"holds x; expected the arrays images and labels\."),
        (
            {"images": PIXELS, "labels": LABELS[:3]},
            ValueError,
            r"labels in '.*' are uint8 of shape \(3,\); expected a whole number for each of the 4",
        ),
        ({"images": PIXELS, "labels": LABELS / 2}, ValueError, "are float64 of shape"),
        ({"images": PIXELS[0, 0], "labels": LABELS}, ValueError, "expected a whole number for"),
        ({"images": PIXELS[:0], "labels": LABELS[:0]}, ValueError, "which holds no pictures"),
        (
            {"images": np.where(PIXELS > 128, np.nan, 0.5), "labels": LABELS},
            ValueError,
            r"images must be uint8 or lie in \[0, 1\]",
        ),
        ({"images": PIXELS.astype(np.int64), "labels": LABELS}, ValueError, "images must be uint8"),
        ({"images": PIXELS.astype(complex), "labels": LABELS}, TypeError, "got complex128"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_one_sentence(write, arrays, error, sentence):
    with pytest.raises(error, match=sentence):
        read_npz(write(**arrays))


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"path is '.*absent\.npz'; expected an \.npz file"):
        read_npz(tmp_path / "absent.npz")
    for content in (b"no zip at all", b"PK\x03\x04 half a zip", b""):
        (tmp_path / "bad.npz").write_bytes(content)
        with pytest.raises(ValueError, match=r"which is no \.npz of numbers"):
            read_npz(tmp_path / "bad.npz")
    array = io.BytesIO()
    np.save(array, PIXELS)
    (tmp_path / "bad.npz").write_bytes(array.getvalue())
    with pytest.raises(ValueError, match=r"which is no \.npz of numbers"):
        read_npz(tmp_path / "bad.npz")


def test_pickled_code_in_a_file_is_never_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "sprung"),)

    trap = io.BytesIO()
    np.save(trap, np.array([Trap()], object), allow_pickle=True)
    with zipfile.ZipFile(tmp_path / "trap.npz", "w") as file:
        file.writestr("images.npy", trap.getvalue())
        file.writestr("labels.npy", trap.getvalue())
    with pytest.raises(ValueError, match=r"which is no \.npz of numbers"):
        read_npz(tmp_path / "trap.npz")
    assert not (tmp_path / "sprung").exists()
