"""Labels and factors become columns."""

import numpy as np
import pytest
import torch

from latent_widgets.columns import make_columns


def test_kinds_are_told_from_the_values():
    columns = make_columns(
        3,
        torch.tensor([2, 0, 1]),
        ["zero", "one", "two"],
        {
            "size": [0.5, 1.5, 2.5],
            "shape": ["round", "square", "round"],
            "hat": np.array([True, False, True]),
        },
    )
    assert [column.name for column in columns] == ["label", "size", "shape", "hat"]
    assert [column.categories for column in columns] == [
        ("zero", "one", "two"),
        None,
        ("round", "square"),
        ("False", "True"),
    ]
    assert columns[0].values.tolist() == [2, 0, 1]
    assert columns[2].values.tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    "values",
    [
        np.array([7, -3, 7, 0]),
        np.array([127, -128, 5, -128], np.int8),
        np.array([2**63 - 1, 2**63 - 3, 2**63 - 1]),
        np.array([-(2**63), -(2**63) + 100]),
        np.array([-(2**63), 2**63 - 1]),
        np.array([2**64 - 1, 0], np.uint64),
        np.array([4]),
    ],
)
def test_whole_numbers_are_classes_in_their_order(values):
    (column,) = make_columns(len(values), values, None, None)
    classes, codes = np.unique(values, return_inverse=True)
    assert column.categories == tuple(map(str, classes))
    np.testing.assert_array_equal(column.values, codes)


def test_many_whole_numbers_are_numbers_and_many_words_are_refused():
    (column,) = make_columns(300, range(300), None, None)
    assert column.categories is None
    with pytest.raises(ValueError, match="at most 100 classes, got 300"):
        make_columns(300, [str(row) for row in range(300)], None, None)


@pytest.mark.parametrize(
    ("labels", "names", "said"),
    [
        ([0, 1, 2], None, "labels must hold one value for each of the 2 rows"),
        ([[0], [1]], None, "labels must hold one value for each of the 2 rows"),
        ([0.0, np.nan], None, "labels must hold finite values"),
        ([0, 3], ["a", "b"], "names must name every labels code from 0 to 3, got 2 names"),
        ([-1, 0], ["a", "b"], "names must name every labels code from -1 to 0"),
        ([0.9, 1.0], ["a", "b"], "labels must hold whole numbers to go with names, got 0.9"),
        (["a", None], None, "labels must hold a value in every row, got None in row 1"),
        (np.array(["a", np.nan], object), None, "labels must hold a value in every row, got nan"),
        ([{"x": 1}, {"y": 2}], None, "labels must hold numbers or words, got dict"),
        ([[0], [1, 2]], None, "labels must hold one value a row"),
    ],
)
def test_a_column_that_does_not_fit_is_named(labels, names, said):
    with pytest.raises(ValueError, match=said):
        make_columns(2, labels, names, None)


@pytest.mark.parametrize(
    "values",
    [
        torch.tensor([1, 0, 1]),
        torch.tensor([1, 0, 1], dtype=torch.uint8),
        [torch.tensor(1), torch.tensor(0), torch.tensor(1)],
        np.array([1, 0, 1], object),
        (1.0, 0.0, 1.0),
    ],
    ids=["tensor", "bytes", "list of tensors", "objects", "whole floats"],
)
def test_codes_are_read_whatever_holds_them(values):
    (column,) = make_columns(3, values, ["no", "yes"], None)
    assert column.categories == ("no", "yes")
    assert column.values.tolist() == [1, 0, 1]


class OnAnotherDevice:
    """A tensor on a GPU, as far as NumPy can tell."""

    def __init__(self, values):
        self.values = values

    def __array__(self, *_, **__):
        raise TypeError("can't convert cuda:0 device type tensor to numpy")

    def detach(self):
        return self

    def cpu(self):
        return torch.tensor(self.values)


def test_labels_on_another_device_are_fetched():
    (column,) = make_columns(2, OnAnotherDevice([0, 1]), None, None)
    assert column.values.tolist() == [0, 1]


def test_numbers_and_words_together_are_words():
    (column,) = make_columns(3, np.array(["a", 1, "b"], object), None, None)
    assert column.categories == ("1", "a", "b")
