"""Moving a latent until its picture is as painted."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_widgets.analysis.likeness import fit_likeness
from latent_widgets.analysis.nudge import Nudger
from latent_widgets.analysis.pull import Pull
from latent_widgets.analysis.slopes import differentiate, glance, squares
from latent_widgets.analysis.wish import Wish
from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall

D, SIDE = 3, 6


def decode(z):
    weights = torch.linspace(-1, 1, D * SIDE * SIDE).reshape(D, SIDE * SIDE).sin() * 2
    return torch.sigmoid(z @ weights).reshape(-1, 1, SIDE, SIDE)


def rows(geometry, n=200):
    z = np.random.default_rng(0).normal(size=(n, D)) * 0.3 + [0.3, 0.2, -0.1]
    return np.asarray(geometry.project(z))


GEOMETRIES = [Euclidean(), Hypersphere(), PoincareBall()]


@pytest.mark.parametrize("geometry", GEOMETRIES, ids=lambda one: one.name)
def test_the_gradient_of_the_density_is_that_of_finite_differences(geometry):
    likeness = fit_likeness(rows(geometry), geometry)
    pull, z, step = Pull(likeness, 0.7), rows(geometry)[7], 1e-4
    slope, bend = pull.quadratic(z)
    sides = z + step * np.concatenate([np.eye(D), -np.eye(D)])
    up = -0.7 * likeness.log_density(sides)
    assert slope == pytest.approx((up[:D] - up[D:]) / (2 * step), rel=1e-3, abs=1e-4)
    assert np.linalg.eigvalsh(bend).min() >= 0


def test_the_bend_bounds_the_density_from_above():
    likeness = fit_likeness(rows(Euclidean()), Euclidean())
    pull, z = Pull(likeness, 1.0), np.array([0.2, 0.1, 0.4])
    slope, bend = pull.quadratic(z)
    for way in np.random.default_rng(1).normal(size=(20, D)):
        above = pull.cost(z[None])[0] + slope @ way + 0.5 * way @ bend @ way
        assert pull.cost((z + way)[None])[0] <= above + 1e-6


def test_slopes_of_both_kinds_agree():
    z, ways = np.array([0.3, -0.2, 0.5]), np.eye(D)
    forward = differentiate(decode, z, ways, forward=True)
    tried = differentiate(decode, z, ways, forward=False)
    assert forward == pytest.approx(tried, abs=2e-3)
    assert np.abs(forward).max() > 0.1


def test_slopes_in_a_hurry_are_about_right():
    z, ways = np.array([0.3, -0.2, 0.5]), np.eye(D)
    exact, found = differentiate(decode, z, ways, forward=True), glance(decode, z, ways)
    assert np.linalg.norm(found - exact) < 0.01 * np.linalg.norm(exact)


def test_products_in_parts_are_those_of_the_whole(monkeypatch):
    random = np.random.default_rng(0)
    slopes, heavy = random.normal(size=(3, 1000)), random.random(1000)
    monkeypatch.setattr("latent_widgets.analysis.slopes._ALONE", 9 * 300)
    assert squares(slopes, heavy) == pytest.approx((slopes * heavy) @ slopes.T)


def run(geometry, z, target, mask, *, hurried=0, **options):
    nudger = Nudger(decode, z, geometry=geometry, **options)
    nudger.aim(Wish(target, mask))
    seen = [nudger.now()]
    while not seen[-1].settled and len(seen) < 60:
        seen.append(nudger.step(rough=len(seen) <= hurried))
    return seen


@pytest.mark.parametrize("geometry", GEOMETRIES, ids=lambda one: one.name)
def test_rough_steps_cost_less_too_and_exact_ones_take_it_from_there(geometry):
    seen = run(geometry, rows(geometry)[3], *a_wish(geometry), hurried=3)
    costs = [one.cost for one in seen]
    assert costs == sorted(costs, reverse=True)
    assert costs[3] < 0.5 * costs[0]
    assert seen[-1].mismatch < 0.01


def a_wish(geometry):
    wanted = rows(geometry)[11]
    target = decode(torch.from_numpy(wanted.astype(np.float32))[None])[0].numpy()
    return target, np.ones((SIDE, SIDE), np.float32)


@pytest.mark.parametrize("forward", [True, False], ids=["forward", "differences"])
@pytest.mark.parametrize("geometry", GEOMETRIES, ids=lambda one: one.name)
def test_what_can_be_had_is_found(geometry, forward):
    seen = run(geometry, rows(geometry)[3], *a_wish(geometry), forward=forward)
    assert seen[-1].mismatch < 0.01 < seen[0].mismatch
    costs = [one.cost for one in seen]
    assert costs == sorted(costs, reverse=True)
    assert geometry.project(seen[-1].z) == pytest.approx(seen[-1].z, abs=1e-6)


def test_the_density_holds():
    likeness = fit_likeness(rows(Euclidean()), Euclidean())
    target = np.ones((1, SIDE, SIDE), np.float32)
    mask = np.zeros((SIDE, SIDE), np.float32)
    mask[0] = 1
    free, held = (
        run(Euclidean(), [0.3, 0.2, -0.1], target, mask, likeness=likeness, weight=weight)[-1]
        for weight in (0.0, 3.0)
    )
    density = likeness.log_density(np.stack([free.z, held.z]))
    assert density[1] > density[0] + 1
    assert free.mismatch < held.mismatch


def test_locked_dimensions_stay():
    last = run(Euclidean(), [0.3, 0.2, -0.1], *a_wish(Euclidean()), locked=[True, False, True])[-1]
    assert last.z[[0, 2]].tolist() == [0.3, -0.1]
    assert last.z[1] != 0.2
    all_locked = run(Euclidean(), [0.3, 0.2, -0.1], *a_wish(Euclidean()), locked=[True] * D)
    assert all_locked[-1].z.tolist() == [0.3, 0.2, -0.1]


@pytest.mark.parametrize(
    ("locked", "geometry"), [([True], Euclidean()), ([True, False, False], Hypersphere())]
)
def test_locks_that_do_not_fit_are_refused(locked, geometry):
    with pytest.raises(ValueError, match="locked must"):
        Nudger(decode, [1.0, 0, 0], locked=locked, geometry=geometry)
