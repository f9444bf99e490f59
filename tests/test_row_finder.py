"""Which row lies exactly at a place."""

import numpy as np

from latent_widgets.row_finder import RowFinder


def test_the_first_equal_row_is_found_among_many_that_begin_alike():
    rng = np.random.default_rng(0)
    points = rng.integers(0, 3, (500, 4)).astype(np.float32)
    finder = RowFinder()
    for row in range(0, 500, 7):
        every = np.flatnonzero((points == points[row]).all(axis=1))
        assert finder.find(points, points[row]) == every[0]
    assert finder.find(points, np.float32([0, 1, 2, 9])) is None
    assert finder.find(points, np.float32([-1, 0, 0, 0])) is None


def test_other_rows_are_looked_at_anew():
    finder = RowFinder()
    one, other = np.float32([[1, 2], [3, 4]]), np.float32([[3, 4], [1, 2]])
    assert finder.find(one, one[1]) == 1
    assert finder.find(other, one[1]) == 0
