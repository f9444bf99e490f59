"""Sprites: every factor is to be seen, and every combination is there once."""

import random

import numpy as np
import pytest
import torch

from latent_widgets.datasets.sprites import (
    COLORS,
    FACTORS,
    LEVELS,
    render_sprites,
    sample_factors,
    sprite_grid,
    sprites,
)

PLAIN = {"shape": 1, "scale": 1.0, "rotation": 0.0, "x": 0.0, "y": 0.0, "color": 0.0}


def plain(n=1, size=32, **changed):
    columns = {name: np.full(n, value) for name, value in PLAIN.items()}
    return render_sprites(columns | {k: np.asarray(v) for k, v in changed.items()}, size)


def middle(images):
    """Centre of mass of every picture, (n, 2) in units where the picture spans -1 to 1."""
    mass = images.sum(1)
    axis = (torch.arange(mass.shape[-1]) + 0.5) * 2 / mass.shape[-1] - 1
    total = mass.sum((1, 2))
    return torch.stack([(mass.sum(1) @ axis) / total, (mass.sum(2) @ axis) / total], 1)


def test_pictures_and_factors_are_as_promised():
    images, factors = sprites(200, seed=1)
    assert images.shape == (200, 3, 32, 32)
    assert images.dtype == torch.float32
    assert images.min() == 0
    assert 0.9 < images.max() <= 1
    assert not images.is_inference()
    assert list(factors) == list(FACTORS)
    for name, factor in FACTORS.items():
        assert factors[name].dtype == (np.float32 if factor.kind == "number" else np.int64)
        assert factor.low <= factors[name].min() < factors[name].max() <= factor.high


def test_the_seed_is_all_that_is_random():
    before = torch.get_rng_state(), random.getstate()
    first, second = sprites(20, seed=3), sprites(20, seed=3)
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == random.getstate()
    assert torch.equal(first[0], second[0])
    assert not torch.equal(first[0], sprites(20, seed=4)[0])


def test_a_sprite_does_not_depend_on_the_batch_it_is_drawn_in():
    factors = sample_factors(150, seed=4)
    alone = render_sprites({name: values[130:131] for name, values in factors.items()})
    torch.testing.assert_close(render_sprites(factors)[130:131], alone, atol=1e-6, rtol=0)


def test_nothing_is_ever_cut_off_by_the_frame():
    ends = {"scale": [1.0], "rotation": 13, "x": [-1.0, 1.0], "y": [-1.0, 1.0], "color": 1}
    images = sprite_grid(ends, size=64).images
    edge = torch.cat([images[..., 0], images[..., -1], images[..., 0, :], images[..., -1, :]])
    assert edge.max() == 0


def test_position_moves_the_sprite_and_nothing_else():
    here, there = plain(2, size=64, x=[-1, 1])
    torch.testing.assert_close(middle(here[None])[0, 1], middle(there[None])[0, 1])
    moved = (middle(there[None]) - middle(here[None]))[0, 0]
    assert moved == pytest.approx(0.66, abs=1e-3)
    down = plain(2, size=64, y=[-1, 1])
    assert (middle(down)[1] - middle(down)[0])[1] == pytest.approx(0.66, abs=1e-3)


@pytest.mark.parametrize("shape", range(3))
def test_scale_is_a_share_of_the_length_and_rotation_keeps_the_area(shape):
    areas = plain(2, size=128, shape=[shape] * 2, scale=[0.5, 1.0]).sum((1, 2, 3))
    assert areas[1] / areas[0] == pytest.approx(4, rel=0.01)
    turned = plain(5, size=128, shape=[shape] * 5, rotation=[-60, -30, 0, 30, 60]).sum((1, 2, 3))
    torch.testing.assert_close(turned, turned[2].expand(5), rtol=0.005, atol=0)


def test_rotation_is_clockwise_in_degrees():
    size = 128
    up, right = plain(2, size=size, rotation=[0, 60])

    def tip(picture):
        rows, columns = (picture[0] > 0.5).nonzero().T.float() * 2 / size - 1
        far = (rows.square() + columns.square()).argmax()
        return torch.rad2deg(torch.atan2(columns[far], -rows[far]))

    assert tip(up) == pytest.approx(0, abs=2)
    assert tip(right) == pytest.approx(60, abs=2)


def test_colour_runs_from_red_to_blue_through_the_ramp():
    images = plain(5, color=np.linspace(0, 1, 5))
    torch.testing.assert_close(images.amax((2, 3)), COLORS)


@pytest.mark.parametrize("name", FACTORS)
def test_every_factor_changes_the_picture_by_enough_to_be_learned(name):
    low, high = plain(2, **{name: [FACTORS[name].low, FACTORS[name].high]})
    assert ((high - low).abs().sum(0) > 0.15).sum() >= 30


@pytest.mark.parametrize("name", [n for n, f in FACTORS.items() if f.kind == "number"])
def test_a_number_moves_the_picture_smoothly(name):
    images = plain(61, **{name: np.linspace(FACTORS[name].low, FACTORS[name].high, 61)})
    moves = images.diff(dim=0).square().sum((1, 2, 3)).sqrt()
    assert moves.min() > 0
    assert moves.max() < 0.2 * (images - images[:1]).square().sum((1, 2, 3)).sqrt().max()


def test_no_picture_of_the_grid_comes_twice():
    images, codes, _ = sprite_grid({"x": 3, "y": 3}, size=16)
    assert len(images) == 3 * 4 * 5 * 3 * 3 * 4
    assert len(np.unique(codes, axis=0)) == len(images)
    assert len(torch.unique((images.flatten(1) * 255).round(), dim=0)) == len(images)


def test_the_grid_has_every_combination_once_with_its_values():
    images, codes, factors = sprite_grid({"color": [0.0, 1.0], "x": 3, "y": 1, "scale": 2}, 16)
    counts = [3, 2, 5, 3, 1, 2]
    assert codes.shape == (np.prod(counts), 6)
    assert codes.dtype == np.int64
    for column, count in zip(codes.T, counts, strict=True):
        assert np.array_equal(np.bincount(column), [len(codes) // count] * count)
    assert codes[1].tolist() == [0, 0, 0, 0, 0, 1]
    assert np.array_equal(factors["x"], np.array([-1, 0, 1], np.float32)[codes[:, 3]])
    assert np.array_equal(factors["color"], codes[:, 5].astype(np.float32))
    assert set(factors["y"]) == {0}
    assert torch.equal(images, render_sprites(factors, 16))


def test_the_usual_grid_is_the_size_it_says():
    assert np.prod(list(LEVELS.values())) == 8640


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        ({"hue": 3}, r"levels has unknown names hue; expected shape, "),
        ({"x": 0}, r"levels\['x'\] is 0; expected a whole number, 1 or more\."),
        ({"x": 2.5}, r"levels\['x'\] is 2\.5; expected a whole number"),
        ({"shape": 4}, r"levels\['shape'\] is 4; expected at most 3, one for each class \(heart"),
        ({"x": [0.5, 0.5]}, r"levels\['x'\] is \[0\.5, 0\.5\]; expected different values"),
        ({"x": []}, r"levels\['x'\] is \[\]; expected different values"),
        ({"x": [0.5, 2.0]}, r"factors\['x'\]\[.*\] is 2\.0; expected a number from -1 to 1\."),
        ({"x": 200, "y": 200}, r"levels make 9600000 combinations; expected at most 174762\."),
    ],
)
def test_bad_levels_are_refused_in_one_sentence(levels, sentence):
    with pytest.raises(ValueError, match=sentence):
        sprite_grid(levels)


def test_bad_factors_are_refused_in_one_sentence():
    with pytest.raises(ValueError, match=r"factors\['x'\]\[0\] is nan; expected a number from -1"):
        plain(x=[np.nan])
    with pytest.raises(ValueError, match=r"factors\['shape'\]\[0\] is 3; expected a class code"):
        plain(shape=[3])
    with pytest.raises(ValueError, match=r"size is 8; expected a whole number, 16 or more\."):
        sprites(1, size=8)
