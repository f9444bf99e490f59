"""Counts without sense or end are refused by whoever takes one."""

from __future__ import annotations

import numpy as np
import pytest

from latent_widgets import analysis
from latent_widgets.analysis.brush_density import BrushDensity, smooth_line
from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall, Pullback

ROWS = np.random.default_rng(0).standard_normal((60, 3))
ONE_WAY = analysis.direction(ROWS, ROWS[:, 0] > 0)

TAKE = {
    "n": [
        *(lambda n, space=space: space.random(n, 3) for space in (Euclidean(), Hypersphere())),
        lambda n: PoincareBall().random(n, 3),
        lambda n: analysis.draw_truncated(n, 3),
        lambda n: analysis.draw_truncated(n, 3, truncation=0.5, method="resample"),
        lambda n: analysis.draw_between(n, ROWS[:30], ROWS[30:]),
        lambda n: analysis.draw_inside(n, ROWS[:8], ROWS),
        lambda n: smooth_line([[0, 0], [1, 1]], n),
        lambda n: BrushDensity(np.array([[0, 0, 1, 1.0]])).draw(n),
        lambda n: Pullback(lambda z: z).geodesic(ROWS[0], ROWS[1], n),
        lambda n: analysis.principal_directions(ROWS, n),
    ],
    "k": [lambda k: analysis.draw_far(3, ROWS, ROWS, k=k)],
    "dim": [
        lambda dim: Euclidean().random(3, dim),
        lambda dim: Hypersphere().random(3, dim),
        lambda dim: PoincareBall().random(3, dim),
        lambda dim: Euclidean().move(ROWS[0], dim, 0.0),
    ],
    "tries": [lambda tries: analysis.draw_inside(3, ROWS[:8], ROWS, tries=tries)],
    "permutations": [lambda n: analysis.report_card(ONE_WAY, permutations=n)],
}


@pytest.mark.parametrize("given", [-7, 2.5, "5", 10**20])
@pytest.mark.parametrize(
    ("name", "take"), [(name, take) for name, takes in TAKE.items() for take in takes]
)
def test_one_sentence_names_it(name, take, given):
    with pytest.raises(ValueError, match=rf"^{name} must be a whole number .*got {given!r}$"):
        take(given)
