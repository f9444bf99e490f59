import random

import numpy as np
import pytest
import torch

from latent_widgets.datasets.faces import FACTORS, faces, render_faces, sample_factors

PLAIN = {
    "smile": 0.5,
    "mouth_open": 0.3,
    "eye_open": 0.9,
    "skin_tone": 0.3,
    "hair_style": 1,
    "hair_color": 1,
    "shirt": 0.7,
    "background": 0.5,
}


def plain(n=1, **changed):
    values = dict.fromkeys(FACTORS, 0) | PLAIN
    columns = {name: np.full(n, value) for name, value in values.items()}
    return columns | {name: np.asarray(value) for name, value in changed.items()}


def difference(name, low, high):
    low, high = render_faces(plain(2, **{name: [low, high]}))
    return (high - low).abs().sum(0)


def test_pictures_have_the_shape_and_range_promised():
    images, factors = faces(5, seed=1)
    assert images.shape == (5, 3, 64, 64)
    assert images.dtype == torch.float32
    assert images.min() >= 0
    assert images.max() <= 1
    assert list(factors) == list(FACTORS)
    assert not images.requires_grad
    assert not images.is_inference()


def test_factors_have_the_types_and_ranges_promised():
    factors = sample_factors(500, seed=2)
    for name, factor in FACTORS.items():
        values = factors[name]
        assert values.shape == (500,)
        assert values.dtype == (np.float32 if factor.kind == "number" else np.int64)
        assert values.min() >= factor.low
        assert values.max() <= factor.high
        if factor.kind == "category":
            assert set(values) == set(range(len(factor.classes)))
            assert sum(factor.weights) == pytest.approx(1)


def test_the_same_factors_give_the_same_bytes():
    factors = sample_factors(20, seed=3)
    assert torch.equal(render_faces(factors), render_faces(factors))
    assert torch.equal(faces(20, seed=3)[0], render_faces(factors))


def test_a_face_does_not_depend_on_the_batch_it_is_drawn_in():
    factors = sample_factors(40, seed=4)
    alone = render_faces({name: values[33:34] for name, values in factors.items()})
    torch.testing.assert_close(render_faces(factors)[33:34], alone, atol=1e-4, rtol=0)


def test_the_global_random_state_is_neither_read_nor_changed():
    torch.manual_seed(0)
    before = torch.get_rng_state(), random.getstate()
    first = sample_factors(30, seed=5)
    assert torch.equal(before[0], torch.get_rng_state())
    assert before[1] == random.getstate()
    torch.manual_seed(1)
    second = sample_factors(30, seed=5)
    assert all(np.array_equal(first[name], second[name]) for name in FACTORS)
    assert not np.array_equal(first["smile"], sample_factors(30, seed=6)["smile"])


def test_factors_are_independent_of_one_another():
    factors = sample_factors(4000, seed=7)
    correlation = np.corrcoef(np.stack(list(factors.values())))
    assert np.abs(correlation - np.eye(len(FACTORS))).max() < 0.07


def test_a_sample_is_the_beginning_of_a_larger_number_column():
    assert np.array_equal(sample_factors(10)["turn"], sample_factors(50)["turn"][:10])


@pytest.mark.parametrize("name", FACTORS)
def test_every_factor_changes_the_picture_by_enough_to_be_learned(name):
    factor = FACTORS[name]
    changed = difference(name, factor.low, factor.high)
    assert (changed > 0.15).sum() >= 40


@pytest.mark.parametrize("name", [n for n, f in FACTORS.items() if f.kind == "number"])
def test_a_number_moves_the_picture_smoothly(name):
    factor = FACTORS[name]
    steps = np.linspace(factor.low, factor.high, 41)
    images = render_faces(plain(41, **{name: steps}))
    moves = (images[1:] - images[:-1]).square().sum((1, 2, 3)).sqrt()
    total = (images[-1] - images[0]).square().sum().sqrt()
    assert moves.max() < 0.25 * total


@pytest.mark.parametrize(
    ("name", "low", "high", "rows"),
    [
        ("smile", -1, 1, slice(38, 54)),
        ("mouth_open", 0, 1, slice(38, 54)),
        ("eye_open", 0, 1, slice(24, 42)),
        ("gaze_x", -1, 1, slice(24, 42)),
        ("brow", -1, 1, slice(14, 34)),
        ("glasses", 0, 1, slice(24, 46)),
        ("beard", 0, 2, slice(34, 60)),
        ("hat", 0, 1, slice(0, 32)),
        ("shirt", 0, 1, slice(52, 64)),
    ],
)
def test_a_factor_changes_its_own_part_of_the_face(name, low, high, rows):
    changed = difference(name, low, high)
    assert changed[rows].sum() > 0.9 * changed.sum()


def test_skin_gets_darker_along_its_ramp():
    tones = render_faces(plain(9, skin_tone=np.linspace(0, 1, 9), hair_style=[0] * 9))
    cheek = tones[:, :, 20:24, 30:34].mean((1, 2, 3))
    assert (cheek.diff() < 0).all()


def test_hair_styles_differ_from_one_another():
    n = len(FACTORS["hair_style"].classes)
    images = render_faces(plain(n, hair_style=range(n))).flatten(1)
    apart = torch.cdist(images, images) + 100 * torch.eye(n)
    assert apart.min() > 5


@pytest.mark.parametrize("size", [16, 32, 50, 128])
def test_other_sizes_show_the_same_face(size):
    images = render_faces(sample_factors(3, seed=8), size=size)
    assert images.shape == (3, 3, size, size)
    whole = render_faces(sample_factors(3, seed=8))
    torch.testing.assert_close(images.mean((2, 3)), whole.mean((2, 3)), atol=0.02, rtol=0)


def test_no_faces_are_an_empty_batch():
    images, factors = faces(0)
    assert images.shape == (0, 3, 64, 64)
    assert len(factors["smile"]) == 0


def test_lists_and_tensors_are_accepted_as_columns():
    factors = sample_factors(4, seed=9)
    tensors = {name: torch.from_numpy(values) for name, values in factors.items()}
    lists = {name: values.tolist() for name, values in factors.items()}
    assert torch.equal(render_faces(tensors), render_faces(factors))
    assert torch.equal(render_faces(lists), render_faces(factors))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"smile": [np.nan]}, r"factors\['smile'\]\[0\] is nan; expected a number from -1 to 1\."),
        ({"smile": [1.5]}, r"factors\['smile'\]\[0\] is 1\.5; expected a number from -1 to 1\."),
        (
            {"hat": [2]},
            r"factors\['hat'\]\[0\] is 2; expected a class code, 0 to 1 \(none, hat\)\.",
        ),
        ({"hat": [0.5]}, r"factors\['hat'\]\[0\] is 0\.5; expected a class code"),
        ({"hat": ["hat"]}, r"factors\['hat'\] is <U3 of shape \(1,\); expected a one-dim"),
        ({"turn": 0.0}, r"factors\['turn'\] is float64 of shape \(\); expected a one-dim"),
        ({"turn": [0.0, 0.5]}, r"unequal length \(smile 1, .*turn 2.*\); expected one length\."),
        ({"nose": [0]}, r"factors has unknown names nose; expected smile, "),
    ],
)
def test_bad_factors_are_refused_in_one_sentence(changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        render_faces(plain(**changed))


def test_a_missing_factor_is_named():
    factors = plain()
    del factors["beard"]
    with pytest.raises(ValueError, match=r"factors lacks beard; expected every name in FACTORS\."):
        render_faces(factors)


def test_something_that_is_no_mapping_is_refused():
    with pytest.raises(TypeError, match=r"factors is a list; expected a mapping"):
        render_faces([1, 2])


@pytest.mark.parametrize("n", [-1, 2.5, True, "3"])
def test_a_bad_count_is_refused(n):
    with pytest.raises(ValueError, match=r"n is .*; expected a whole number, 0 or more\."):
        sample_factors(n)


def test_a_size_too_small_to_show_a_face_is_refused():
    with pytest.raises(ValueError, match=r"size is 8; expected a whole number, 16 or more\."):
        render_faces(plain(), size=8)
