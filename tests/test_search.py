"""Searching a space: by a latent, a row, a picture, words; by each metric; and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.sparse.csgraph import shortest_path
from sklearn.neighbors import kneighbors_graph
from toys import Layer, Painter, pictures

from latent_widgets import LatentSpace
from latent_widgets.geometry import Hypersphere, PoincareBall

GENERATOR = np.random.default_rng(0)
POINTS = GENERATOR.normal(size=(60, 3)).astype(np.float32)


@pytest.fixture
def space():
    torch.manual_seed(0)
    made = LatentSpace(Layer(), points=POINTS, labels=["cat", "dog"] * 30, device="cpu")
    yield made
    made.close()


@pytest.fixture(scope="module")
def painted():
    made = LatentSpace(Painter(), pictures(), device="cpu")
    yield made
    made.close()


def nearest(query, points=POINTS):
    far = np.linalg.norm(points.astype(np.float64) - np.asarray(query, np.float64), axis=1)
    order = np.argsort(far, kind="stable")
    return order, far[order]


def test_without_a_query_it_is_the_current_z(space):
    space.z = [0.1, 0.2, 0.3]
    rows, distances = space.neighbours(k=4)
    order, far = nearest(space.z)
    np.testing.assert_array_equal(rows, order[:4])
    np.testing.assert_allclose(distances, far[:4], rtol=1e-6)


def test_several_latents_give_several_rows_of_rows(space):
    found = space.neighbours(torch.from_numpy(POINTS[:5]), k=2)
    assert found.rows.shape == found.distances.shape == (5, 2)
    np.testing.assert_array_equal(found.rows[:, 0], range(5))


def test_a_row_is_not_its_own_neighbour(space):
    rows, _ = space.neighbours(row=7, k=59)
    assert 7 not in rows
    np.testing.assert_array_equal(rows, nearest(POINTS[7])[0][1:])


def test_a_row_among_equal_ones_is_left_out_too():
    with_twins = LatentSpace(None, points=np.zeros((5, 2)), device="cpu")
    assert with_twins.neighbours(row=4, k=3).rows.tolist() == [0, 1, 2]
    with_twins.close()


def test_cosine_forgets_the_length(space):
    found = space.neighbours(POINTS[3] * 100, k=1, metric="cosine")
    assert found.rows.tolist() == [3]
    assert found.distances[0] < 1e-6


def test_geodesic_in_flat_space_goes_from_row_to_row(space):
    graph = kneighbors_graph(POINTS.astype(np.float64), 10, mode="distance")
    whole = shortest_path(graph.maximum(graph.T))[5]
    whole[5] = np.inf
    rows, distances = space.neighbours(row=5, k=20, metric="geodesic")
    order = np.argsort(whole, kind="stable")[:20]
    np.testing.assert_array_equal(rows, order)
    np.testing.assert_allclose(distances, whole[order], rtol=1e-6)


@pytest.mark.parametrize("geometry", [Hypersphere(), PoincareBall()])
def test_geodesic_in_curved_space_is_its_own_distance(geometry):
    points = geometry.random(50, 3, torch.Generator().manual_seed(0))
    space = LatentSpace(None, points=points, geometry=geometry, device="cpu")
    rows, distances = space.neighbours(points[0], k=6, metric="geodesic")
    wanted = geometry.distance(points[:1].double(), points.double())
    np.testing.assert_array_equal(rows, wanted.argsort()[:6])
    np.testing.assert_allclose(distances, wanted.sort().values[:6], atol=1e-5)
    space.close()


@pytest.mark.parametrize("form", ["array", "tensor", "last", "grey", "pil"])
def test_a_picture_is_encoded_first(painted, form):
    given = pictures()[4]
    image = {
        "array": given.numpy(),
        "tensor": given,
        "last": given.numpy().transpose(1, 2, 0),
        "grey": given[0].numpy(),
        "pil": Image.fromarray((given[0].numpy() * 255).round().astype(np.uint8)),
    }[form]
    rows, distances = painted.neighbours(image=image, k=3)
    assert rows[0] == 4
    assert distances[0] < 0.01


def test_a_picture_may_be_made_to_fit(painted):
    big = Image.fromarray(np.kron(np.uint8(pictures()[4][0] * 255), np.ones((4, 4), np.uint8)))
    assert painted.neighbours(big.convert("RGB"), k=1, resize=True).rows.tolist() == [4]
    colours = np.repeat(pictures()[4].numpy(), 3, axis=0)
    assert painted.neighbours(colours, k=1, resize=True).rows.tolist() == [4]


@pytest.mark.parametrize(
    ("image", "kind", "said"),
    [
        (
            np.zeros((9, 8)),
            ValueError,
            "a grey picture 8 wide and 8 high, got a grey picture 8 wide and 9 high: give it",
        ),
        (np.zeros((8, 8, 3)), ValueError, "a grey picture 8 wide and 8 high, got an RGB picture"),
        (np.zeros((8, 8, 2)), ValueError, "image must have shape"),
        (np.zeros((2, 1, 8, 8)), ValueError, "image must be one picture"),
        (np.full((8, 8), np.nan), ValueError, "image must be uint8 or lie in"),
        (np.full((8, 8), 3.0), ValueError, "image must be uint8 or lie in"),
        (np.full((8, 8), "a"), TypeError, "image must hold numbers"),
        ("file.png", TypeError, "image must be an array .* got str"),
    ],
)
def test_what_is_no_fitting_picture_is_refused(painted, image, kind, said):
    with pytest.raises(kind, match=said):
        painted.neighbours(image=image)


def test_a_space_without_encoder_says_so(space):
    with pytest.raises(TypeError, match="this space has no encode"):
        space.neighbours(image=np.zeros((4, 4)))


def test_class_names_find_their_rows_the_typical_ones_first(space):
    rows, distances = space.neighbours("a dog", k=5)
    dogs = POINTS[1::2].astype(np.float64)
    typical = np.argsort(np.linalg.norm(dogs - dogs.mean(0), axis=1))[:5]
    np.testing.assert_array_equal(rows, 2 * typical + 1)
    assert distances.tolist() == [0] * 5
    assert space.neighbours(text="dog", k=31).distances[-1] == 1


def test_new_columns_bring_new_words(space):
    with pytest.raises(ValueError, match="got 'striped'"):
        space.neighbours(text="striped")
    space.add_column("coat", ["striped"] * 5 + ["plain"] * 55)
    assert set(space.neighbours(text="striped", k=5).rows) == set(range(5))
    assert "striped coat" in space.phrases()
    assert space.captions[0] == "cat, striped coat"


def test_captions_of_ones_own_replace_those_of_the_columns(space):
    space.add_text([f"animal {i}" for i in range(60)])
    assert space.neighbours(text="41", k=1).rows.tolist() == [41]
    assert space.captions[41] == "animal 41"


def test_an_encoder_of_text_goes_with_embeddings_of_the_rows(space):
    angles = np.linspace(0, 2, 60)
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    space.add_text(rows, lambda texts: [[np.cos(len(t)), np.sin(len(t))] for t in texts])
    found = space.neighbours(text="x", k=2)
    np.testing.assert_array_equal(np.sort(found.rows), np.sort(np.argsort(abs(angles - 1))[:2]))
    assert (found.distances < 1e-3).all()


@pytest.mark.parametrize(
    ("arguments", "kind", "said"),
    [
        ((["a"] * 59,), ValueError, "one text or embedding for each of 60 rows, got 59"),
        ((np.ones((59, 2)), np.ones), ValueError, "for each of 60 rows, got 59"),
        ((np.ones((60, 2)),), ValueError, "rows must be captions"),
        ((["a"] * 60, "clip"), TypeError, "embed must be callable with texts, got str"),
    ],
)
def test_texts_that_do_not_fit_change_nothing(space, arguments, kind, said):
    with pytest.raises(kind, match=said):
        space.add_text(*arguments)
    assert space.neighbours(text="dog", k=1).distances.tolist() == [0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"k": 0}, "k must be a whole number of at least 1, got 0"),
        ({"k": 2.5}, "k must be a whole number of at least 1, got 2.5"),
        ({"k": 61}, "k must be a whole number from 1 to 60, got 61"),
        ({"k": 60, "row": 1}, "k must be a whole number from 1 to 59, got 60"),
        ({"metric": "manhattan"}, r"metric must be one of \['euclidean', 'cosine', 'geodesic'\]"),
        ({"query": [1, 2]}, r"query must be 3 finite numbers, got shape \(2,\)"),
        ({"query": [1, 2, np.nan]}, "query must be 3 finite numbers, got NaN or infinity"),
        ({"query": np.ones((2, 4))}, r"query must be finite rows of 3 numbers, got shape \(2, 4\)"),
        ({"row": 60}, "row must be a row id from 0 to 59, got 60"),
        ({"row": 1.5}, "row must be a whole number"),
        ({"row": 1, "text": "cat"}, "give one of query, row, image and text, got row and text"),
        ({"text": " "}, "text must be some words"),
        ({"text": "unicorn"}, "got 'unicorn'; for other words give the space an encoder"),
    ],
)
def test_bad_questions_are_refused(space, given, said):
    with pytest.raises(ValueError, match=said):
        space.neighbours(**given)


def test_a_space_without_rows_has_nothing_to_find():
    empty = LatentSpace(Layer(), device="cpu")
    with pytest.raises(ValueError, match="this space has no rows to search"):
        empty.neighbours()
    empty.close()


def test_another_model_is_searched_anew(space):
    space.neighbours(metric="geodesic", k=1)
    moved = POINTS[::-1].copy()
    space.replace(Layer(), points=moved)
    for metric in ("euclidean", "geodesic"):
        assert space.neighbours(moved[2], k=1, metric=metric).rows.tolist() == [2]


def test_building_the_graph_tells_how_far_it_is(space):
    told = []
    space.neighbours(metric="geodesic", progress=lambda share, _: told.append(share))
    assert told[0] == 0
    told.clear()
    space.neighbours(metric="geodesic", progress=lambda share, _: told.append(share))
    assert told == []


def test_the_bundled_faces_are_found_by_words():
    faces = LatentSpace("faces", device="cpu")
    rows, distances = faces.neighbours(text="red hair with glasses", k=20)
    assert set(faces.factors["hair_color"][rows]) == {"red"}
    assert set(faces.factors["glasses"][rows]) == {"glasses"}
    assert (distances == 0).all()
    faces.close()
