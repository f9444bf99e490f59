"""Magnification factors of a map, against surfaces whose areas are known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_widgets.analysis.magnification import magnify_cells
from latent_widgets.analysis.projection import project
from latent_widgets.geometry import Pullback


def finest(xy, inverse, decode, **options):
    return list(magnify_cells(xy, inverse, decode, **options))[-1]


def corners(low, high):
    return np.array([low, high], float)


def test_the_torus_is_largest_outside():
    def torus(uv):
        u, v = uv.T.astype(float)
        ring = 2 + np.cos(v)
        return np.stack([ring * np.cos(u), ring * np.sin(u), np.sin(v)], 1)

    half = np.pi / 1.16
    found = finest(corners([-half, -half], [half, half]), lambda xy: xy, torus, sizes=(64,))
    v = found.low[1] + found.step * (np.arange(found.log10.shape[0]) + 0.5)
    is_ = np.broadcast_to(np.log10(2 + np.cos(v))[:, None], found.log10.shape)
    np.testing.assert_allclose(found.log10, is_, atol=2e-3)
    assert found.at([0, 0]) == pytest.approx(np.log10(3), abs=3e-3)
    assert found.at([9, 9]) is None
    assert found.range == pytest.approx((0, np.log10(3)), abs=0.02)


def test_a_linear_decoder_stretches_a_pca_map_alike_everywhere():
    rng = np.random.default_rng(0)
    points, weights = rng.normal(size=(200, 5)) * [3, 2, 1, 1, 1], rng.normal(size=(12, 5))
    found = project(points, "pca")
    maps = list(magnify_cells(found.xy, found.inverse, lambda z: z @ weights.T))
    assert [max(one.log10.shape) for one in maps] == [8, 16, 32]
    shown = weights @ found.components.T.astype(float)
    is_ = 0.5 * np.log10(np.linalg.det(shown.T @ shown))
    for one in maps:
        np.testing.assert_allclose(one.log10, is_, atol=1e-4)
        assert (one.trust == 1).all()


def test_on_the_latents_own_plane_it_is_that_of_the_pull_back_metric():
    torch.manual_seed(0)
    decode = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.Tanh(), torch.nn.Linear(16, 30))
    with torch.no_grad():
        found = finest(corners([-1, -1], [1, 1]), lambda z: z, lambda z: decode(torch.tensor(z)))
        middles = [found.low + found.step * (np.array([i, j]) + 0.5) for i, j in [(3, 8), (20, 30)]]
        true = Pullback(decode).magnification(torch.tensor(np.array(middles)).float())
    for middle, area in zip(middles, true, strict=True):
        assert found.at(middle) == pytest.approx(float(area.log10()), abs=2e-3)


def test_pictures_that_cover_no_area_are_told():
    flat = finest(corners([0, 0], [1, 1]), lambda z: z, lambda z: np.ones((len(z), 3)))
    line = finest(corners([0, 0], [1, 1]), lambda z: z, lambda z: z.sum(1, keepdims=True) * [1, 2])
    assert np.isnan(flat.log10).all()
    assert np.isnan(line.log10).all()
    assert np.isnan(flat.range).all()


def test_far_from_all_rows_nothing_is_trusted():
    rows = np.random.default_rng(0).normal(size=(400, 2)) * 0.1
    rows[0] = 4
    found = finest(rows, lambda z: z, lambda z: z, fade=True)
    at = np.floor((np.array([[0, 0], [2, 2]]) - found.low) / found.step).astype(int)
    near, between = found.trust[at[:, 1], at[:, 0]]
    assert near == 1
    assert between < 0.1


def test_a_map_without_rows_has_the_plane_around_the_origin():
    found = finest(np.zeros((0, 2)), lambda z: z, lambda z: 10 * z, fade=True)
    assert found.at([-2.9, 2.9]) == pytest.approx(2, abs=1e-5)


def test_whoever_stops_it_is_heard_at_the_next_line():
    said = []

    def progress(share, words):
        said.append((share, words))
        if len(said) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        finest(corners([0, 0], [1, 1]), lambda z: z, lambda z: z, progress=progress)
    assert [words for _, words in said] == ["8 x 8 cells"] * 3
