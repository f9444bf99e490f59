"""What a map will cost is said before it begins, where it is much."""

from __future__ import annotations

import re

import numpy as np
import pytest

from latent_widgets.analysis.costs import cost
from latent_widgets.analysis.projection import METHODS


@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("torchdr", "parametric")])
def test_few_rows_cost_nothing_worth_a_word(method):
    assert cost(np.zeros((1000, 16), np.float32), method) is None


def test_ten_million_rows_say_what_they_cost():
    said = cost((10_000_000, 64), "umap")
    assert said.startswith("umap of 10,000,000 rows takes about ")
    assert re.search(r"\d+ (hours|days) and \d+\.\d GB of memory; pca of them takes", said)
    assert re.search(
        r"about \d+ seconds and \d+\.\d GB of memory\.$", cost((10_000_000, 128), "pca")
    )
    assert " TB of memory; " in cost((10_000_000, 64), "torchdr"), "every distance at once"


@pytest.mark.parametrize("method", ["umap", "tsne", "torchdr"])
def test_more_rows_cost_more(method, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
    before = 0
    for n in (30_000, 90_000, 1_000_000, 10_000_000):
        amount, unit = re.search(r"about (\d+) (\w+)", cost((n, 32), method)).groups()
        assert int(amount) * units[unit] > before
        before = int(amount) * units[unit]


def test_three_dimensions_of_tsne_cost_more_than_two():
    assert cost((9000, 16), "tsne", 3) is not None
    flat, deep = (re.search(r"about (\d+ \w+)", cost((60_000, 16), "tsne", k))[1] for k in (2, 3))
    assert flat.endswith(("minutes", "seconds"))
    assert deep != flat
