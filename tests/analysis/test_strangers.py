"""True neighbours, false ones and lost ones, where one can see which is which."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from latent_widgets.analysis.strangers import StrangerSearch
from latent_widgets.geometry import PoincareBall

# Two pairs far apart in the space; the map swaps their partners.
POINTS = np.array([[0, 0, 0], [1, 0, 0], [9, 9, 9], [9, 9, 10]], float)
XY = np.array([[0, 0], [5, 0], [0.5, 0], [5.5, 0]], float)


def test_a_map_that_swaps_partners_shows_strangers():
    found = StrangerSearch(POINTS, XY).find([0, 3], k=1)
    assert found.true.tolist() == [[1], [2]]
    assert found.shown.tolist() == [[2], [1]]
    assert found.neighbours.tolist() == found.lost.tolist() == [[0, 1], [3, 2]]
    assert found.false.tolist() == [[0, 2], [3, 1]]


def test_a_faithful_map_shows_none():
    found = StrangerSearch(POINTS[:, :2], POINTS[:, :2] * 3).find([0, 1, 2, 3], k=2)
    assert len(found.false) == len(found.lost) == 0
    assert found.neighbours.shape == (8, 2)


def test_neighbours_are_scikit_learns():
    rng = np.random.default_rng(0)
    points, xy = rng.normal(size=(200, 5)).astype(np.float32), rng.normal(size=(200, 2))
    found = StrangerSearch(points, xy).find(np.arange(200), k=7)
    for own, given in ((found.true, points), (found.shown, xy)):
        other = NearestNeighbors(n_neighbors=7).fit(given).kneighbors(return_distance=False)
        np.testing.assert_array_equal(own, other)


def test_a_curved_space_has_its_own_neighbours():
    # Nearer in the page's sense, farther in that of the ball: it lies towards the rim.
    points = np.array([[0.8, 0], [0.93, 0], [0.64, 0]], np.float32)
    search = StrangerSearch(points, points, PoincareBall())
    assert search.find([0], k=1).true.tolist() == [[2]]
    assert search.find([0], k=1).shown.tolist() == [[1]]
    assert search.nearest([0.7, 0.0]) == 2


@pytest.mark.parametrize("n", [1, 2, 30])
def test_identical_and_few_rows_are_never_their_own_neighbours(n):
    found = StrangerSearch(np.ones((n, 3)), np.zeros((n, 2))).find(np.arange(n), k=4)
    assert found.true.shape == found.shown.shape == (n, min(4, n - 1))
    assert not (found.true == np.arange(n)[:, None]).any()
    assert not (found.shown == np.arange(n)[:, None]).any()


def test_as_many_places_as_rows():
    with pytest.raises(ValueError, match="xy must have one place a row of points, 4, got 3"):
        StrangerSearch(POINTS, XY[:3])
