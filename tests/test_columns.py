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
    ],
)
def test_a_column_that_does_not_fit_is_named(labels, names, said):
    with pytest.raises(ValueError, match=said):
        make_columns(2, labels, names, None)
