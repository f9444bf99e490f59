"""The same pictures, whatever holds them."""

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.datasets import FakeData, ImageFolder
from torchvision.transforms import ToTensor

from latent_widgets.datasets.images import Images
from latent_widgets.datasets.labelled import Labelled

LEVELS = np.random.default_rng(0).integers(0, 256, (6, 3, 8, 10), dtype=np.uint8)
UNIT = torch.from_numpy(LEVELS).float() / 255


@pytest.mark.parametrize(
    "source",
    [
        LEVELS,
        LEVELS.transpose(0, 2, 3, 1),
        torch.from_numpy(LEVELS),
        UNIT,
        UNIT.double(),
        list(UNIT),
        [(picture, 0) for picture in UNIT],
        [Image.fromarray(picture.transpose(1, 2, 0)) for picture in LEVELS],
        [picture.transpose(1, 2, 0) for picture in LEVELS],
        [picture.permute(1, 2, 0) for picture in UNIT],
        [(picture.permute(1, 2, 0), 0) for picture in UNIT],
        np.ascontiguousarray(LEVELS[:, ::-1])[:, ::-1],
        np.ascontiguousarray(LEVELS[::-1, :, ::-1, ::-1])[::-1, :, ::-1, ::-1],
        UNIT.numpy().astype(">f4"),
        UNIT.clone().requires_grad_(),
    ],
)
def test_every_holder_gives_the_same_pictures(source):
    images = Images(source)
    assert len(images) == 6
    assert images.shape == (3, 8, 10)
    torch.testing.assert_close(images.take([4, 1]), UNIT[[4, 1]], atol=1e-6, rtol=0)
    torch.testing.assert_close(torch.cat(list(images.batches(4))), UNIT, atol=1e-6, rtol=0)


def test_grey_pictures_get_a_channel():
    assert Images(LEVELS[:, 0]).shape == (1, 8, 10)


def test_a_torchvision_dataset_brings_its_labels(tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for row in range(2):
            Image.fromarray(LEVELS[row].transpose(1, 2, 0)).save(tmp_path / name / f"{row}.png")
    dataset = ImageFolder(str(tmp_path), transform=ToTensor())
    images = Images(dataset)
    assert list(images.labels) == [0, 0, 1, 1]
    torch.testing.assert_close(images.take([3]), UNIT[[1]], atol=1e-6, rtol=0)
    folder = Images(tmp_path)
    assert folder.labels == ["cat", "cat", "dog", "dog"]
    torch.testing.assert_close(folder.take(range(4)), images.take(range(4)), atol=1e-6, rtol=0)
    assert len(Images(FakeData(3, (3, 8, 8), transform=ToTensor()))) == 3


def test_a_flat_folder_has_no_labels(tmp_path):
    Image.fromarray(LEVELS[0, 0]).save(tmp_path / "only.png")
    (tmp_path / "notes.txt").write_text("no picture")
    images = Images(str(tmp_path))
    assert len(images) == 1
    assert images.labels is None


class Targeted:
    """A dataset whose items are grey tensors without a channel."""

    def __init__(self, targets):
        self.targets = targets

    def __len__(self):
        return 2

    def __getitem__(self, row):
        return UNIT[row, 0]


@pytest.mark.parametrize(
    ("targets", "labels"),
    [
        (["cat", "dog"], ["cat", "dog"]),
        ((0, 1), [0, 1]),
        (torch.tensor([3, 4]), [3, 4]),
        (np.array(["a", "b"]), ["a", "b"]),
        (None, None),
    ],
)
def test_targets_are_the_labels_whatever_they_are(targets, labels):
    images = Images(Targeted(targets))
    assert images.labels == labels
    assert images.shape == (1, 8, 10)


def test_read_only_pictures_are_taken_without_a_warning(recwarn):
    frozen = LEVELS.copy()
    frozen.flags.writeable = False
    torch.testing.assert_close(Images(frozen).take([2]), UNIT[[2]])
    assert list(recwarn) == []


@pytest.mark.parametrize("bad", [np.array([["a"]]), np.zeros((2, 4, 4), complex)])
def test_arrays_without_numbers_are_refused(bad):
    with pytest.raises(TypeError, match="images must hold numbers, got"):
        Images(bad)


def test_items_of_another_shape_than_pictures_are_refused():
    with pytest.raises(ValueError, match="images must have shape"):
        Images([torch.zeros(5, 8, 8)])


def test_pictures_of_different_sizes_are_refused():
    images = Images([torch.zeros(1, 4, 4), torch.zeros(1, 5, 4)])
    with pytest.raises(ValueError, match=r"shape \(1, 4, 4\), got \(1, 5, 4\) in row 1"):
        images.take([0, 1])


def test_items_that_are_no_pictures_are_refused():
    with pytest.raises(TypeError, match="got str"):
        Images(["a", "b"])


def test_nan_in_a_later_batch_is_refused():
    broken = UNIT.clone()
    broken[5, 0, 0, 0] = float("nan")
    with pytest.raises(ValueError, match=r"lie in \[0, 1\]"):
        list(Images(broken).batches(3))


def test_an_empty_folder_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("no picture")
    with pytest.raises(ValueError, match=r"must name a folder with pictures \(\.bmp, .*\), got '"):
        Images(tmp_path)
    with pytest.raises(ValueError, match=r"must name a folder that exists, got '.*nowhere'"):
        Images(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"no picture", b"", b"\x89PNG\r\n\x1a\n half a picture"])
def test_a_file_that_is_no_picture_is_named(tmp_path, content):
    Image.fromarray(LEVELS[0, 0]).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(content)
    images = Images(tmp_path)
    with pytest.raises(ValueError, match=r"images must be readable, got '.*b\.png' \("):
        images.take([0, 1])


def test_nothing_at_all_is_refused():
    for nothing in ([], LEVELS[:0], torch.zeros(0, 1, 4, 4)):
        with pytest.raises(ValueError, match="images must hold at least one picture, got none"):
            Images(nothing)


def test_one_picture_is_enough():
    assert Images(UNIT[:1]).take([0]).shape == (1, 3, 8, 10)


def test_whole_numbers_that_are_no_bytes_are_refused():
    with pytest.raises(ValueError, match=r"must be uint8 or lie in \[0, 1\], got values from"):
        Images(LEVELS.astype(np.int32))


def test_splits_are_not_taken_for_one_dataset():
    with pytest.raises(TypeError, match=r"one dataset, got dict of \['train', 'test'\]; give one"):
        Images({"train": UNIT, "test": UNIT})


def test_labelled_pictures_bring_the_names_of_their_classes():
    labelled = Labelled(torch.from_numpy(LEVELS), np.array([0, 1, 1, 0, 0, 1]), ["cat", "dog"])
    assert Images(labelled).labels == ["cat", "dog", "dog", "cat", "cat", "dog"]
    assert Images(labelled._replace(names=None)).labels == [0, 1, 1, 0, 0, 1]
    torch.testing.assert_close(Images(labelled).take([4, 1]), UNIT[[4, 1]])
