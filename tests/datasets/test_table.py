"""Rows with named columns, as Hugging Face has them: a small likeness, and the library itself."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from latent_widgets.datasets.images import Images

LEVELS = np.random.default_rng(0).integers(0, 256, (4, 8, 10, 3), dtype=np.uint8)
UNIT = torch.from_numpy(LEVELS).permute(0, 3, 1, 2) / 255
PHOTOS = [Image.fromarray(picture) for picture in LEVELS]
ANIMAL = SimpleNamespace(names=["cat", "dog"])


class Table:
    """Rows by number and columns by name; counts how often a picture was opened."""

    def __init__(self, features, **columns):
        self.features = features
        self.columns = columns
        self.opened = 0

    def __len__(self):
        return len(next(iter(self.columns.values())))

    def __getitem__(self, key):
        if isinstance(key, str):
            return self.columns[key]
        self.opened += 1
        return {name: values[key] for name, values in self.columns.items()}


def table(pictures=PHOTOS, animal=(0, 1, 1, 0), feature=ANIMAL):
    features = {"id": SimpleNamespace(), "photo": SimpleNamespace(), "animal": feature}
    return Table(features, id=[5, 6, 7, 8], photo=pictures, animal=animal)


@pytest.mark.parametrize(
    "pictures",
    [
        PHOTOS,
        list(LEVELS),
        list(UNIT),
        (LEVELS / 255).tolist(),
    ],
)
def test_any_kind_of_picture_is_found_in_its_column(pictures):
    images = Images(table(pictures))
    assert images.shape == (3, 8, 10)
    torch.testing.assert_close(images.take([3, 1]), UNIT[[3, 1]])


def test_class_names_come_with_the_column_without_opening_all_pictures():
    rows = table()
    assert Images(rows).labels == ["cat", "dog", "dog", "cat"]
    assert rows.opened <= 4
    assert Images(table(animal=torch.tensor([0, 1, 1, 0]))).labels[1] == "dog"


def test_hidden_labels_stay_numbers():
    assert Images(table(animal=(-1, -1, -1, -1))).labels == [-1] * 4


def test_a_column_called_label_will_do_without_names():
    rows = [{"label": row * 2, "image": photo} for row, photo in enumerate(PHOTOS)]
    images = Images(rows)
    assert images.labels == [0, 2, 4, 6]
    torch.testing.assert_close(images.take([2]), UNIT[[2]])
    assert Images([{"image": photo} for photo in PHOTOS]).labels is None


def test_bytes_in_lists_are_bytes_when_the_feature_says_so():
    rows = table(LEVELS.tolist())
    rows.features["photo"].dtype = "uint8"
    torch.testing.assert_close(Images(rows).take([1]), UNIT[[1]])
    with pytest.raises(ValueError, match=r"images must be uint8 or lie in \[0, 1\]"):
        Images(table(LEVELS.tolist()))


@pytest.mark.parametrize(
    "pictures", [["a"] * 4, [None] * 4, [[1, 2]] * 4, [[[1], [2, 3]]] * 4, [np.zeros(3)] * 4]
)
def test_rows_without_a_picture_are_refused_by_their_columns(pictures):
    with pytest.raises(ValueError, match=r"a column of pictures, got the columns id, photo, anim"):
        Images(table(pictures))


@pytest.fixture(scope="module")
def library():
    return pytest.importorskip("datasets", reason="Hugging Face's datasets is not installed")


def real(library):
    features = library.Features(
        {"photo": library.Image(), "animal": library.ClassLabel(names=["cat", "dog"])}
    )
    return library.Dataset.from_dict({"photo": PHOTOS, "animal": [0, 1, 1, 0]}, features=features)


@pytest.mark.parametrize("kind", [None, "numpy", "torch"])
def test_the_library_s_datasets_are_read_in_any_format(library, kind):
    images = Images(real(library).with_format(kind))
    assert images.labels == ["cat", "dog", "dog", "cat"]
    torch.testing.assert_close(images.take([3, 1]), UNIT[[3, 1]])


def test_the_library_s_arrays_and_parts_of_datasets_are_read(library):
    features = library.Features({"grey": library.Array2D((8, 10), "uint8")})
    grey = library.Dataset.from_dict({"grey": LEVELS[..., 0].tolist()}, features=features)
    torch.testing.assert_close(Images(grey).take([2]), UNIT[[2], :1])
    assert Images(real(library).select([2, 3])).labels == ["dog", "cat"]


def test_what_the_library_has_that_cannot_be_read_row_by_row_is_refused(library):
    rows = real(library)
    with pytest.raises(TypeError, match=r"one dataset, got DatasetDict of \['train'\]; give one"):
        Images(library.DatasetDict(train=rows))
    with pytest.raises(TypeError, match=r"a dataset or a folder, got IterableDataset"):
        Images(rows.to_iterable_dataset())
