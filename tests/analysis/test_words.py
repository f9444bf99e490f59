"""Rows found by words: captions made from columns, and encoders of text."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import normalize

from latent_widgets.analysis.captions import captions
from latent_widgets.analysis.words import Captions, Embeddings
from latent_widgets.columns import make_columns
from latent_widgets.datasets.faces import sample_factors as draw_faces
from latent_widgets.datasets.sprites import sample_factors as draw_sprites


def columns(n, **factors):
    labels = factors.pop("label", None)
    return make_columns(n, labels, None, factors)


def found(texts, query):
    """Rows that fit, and rows that do not fit at all."""
    far = Captions(texts).distances(query)
    return np.flatnonzero(far < 1e-9).tolist(), np.flatnonzero(far > 1 - 1e-9).tolist()


def test_classes_are_said_with_what_they_are_of():
    made = columns(
        3,
        label=["cat", "dog", "cat"],
        hair_color=["red", "blond", "red"],
        glasses=["glasses", "none", "none"],
        is_old=[True, False, True],
        split=["training", "held out", "training"],
    )
    assert captions(made, 3) == [
        "cat, red hair, glasses, is old",
        "dog, blond hair",
        "cat, red hair, is old",
    ]


def test_numbers_are_said_at_their_ends():
    said = captions(columns(5, depth=[0.0, 1, 2, 3, 4], flat=[1.5] * 5), 5)
    assert said == ["low depth", "low depth", "", "high depth", "high depth"]
    assert captions([], 2) == ["", ""]


@pytest.mark.parametrize("draw", [draw_faces, draw_sprites])
def test_every_number_of_the_bundled_data_has_plain_words(draw):
    drawn = draw(60, seed=1)
    numbers = {name: value for name, value in drawn.items() if value.dtype.kind == "f"}
    said = " ".join(captions(columns(60, **numbers), 60))
    assert numbers
    assert not re.search(r"\b(low|high) ", said)


def test_colours_are_said_by_where_they_lie():
    drawn = draw_sprites(400, seed=0)
    made = columns(400, **{n: v for n, v in drawn.items() if v.dtype.kind == "f"})
    red = [i for i, text in enumerate(captions(made, 400)) if text.endswith("red")]
    assert max(drawn["color"][red]) < 0.13
    assert min(np.delete(drawn["color"], red)) > 0.12


FACES = [
    "red hair, glasses, smiling",
    "red hair, hat",
    "red shirt, black hair, glasses",
    "blond hair, beard",
]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("red hair", [0, 1]),
        ("Red Hair with GLASSES", [0]),
        ("red hair without glasses", [1]),
        ("glasses, but no red shirt", [0]),
        ("smiles", [0]),
        ("a bearded man", [3]),
        ("no glasses and a hat", [1]),
    ],
)
def test_words_find_the_rows_they_describe(query, rows):
    assert found(FACES, query)[0] == rows


def test_a_pair_of_words_belongs_together():
    far = Captions(FACES).distances("red hair")
    assert far[0] == far[1] == 0
    assert 0 < far[2] < 1
    assert far[3] > far[2]


def test_a_rare_word_weighs_more_than_a_common_one():
    far = Captions(["cat, black", "dog", "dog", "dog, black"]).distances("cat dog")
    assert far[0] < far[1]


def test_numerals_are_found_by_their_names():
    assert found(["7", "1", "7"], "seven") == ([0, 2], [1])


def test_words_that_no_caption_has_are_refused_with_examples():
    with pytest.raises(ValueError, match=r"such as smiling, .* got 'unicorn'.*space\.add_text"):
        Captions(FACES).distances("unicorn")
    with pytest.raises(ValueError, match="got 'with the'"):
        Captions(FACES).distances("with the")
    with pytest.raises(ValueError, match="text needs rows that something is said of"):
        Captions(["", ""]).distances("cat")


def test_phrases_that_tell_rows_apart_come_first():
    texts = ["all, half" if i < 5 else "all" for i in range(10)]
    texts[:2] = ["all, half, fifth"] * 2
    assert Captions(texts).phrases(2) == ["fifth", "half"]


CORPUS = [
    "a small cat sleeps on a sofa",
    "the cat drinks milk on the sofa",
    "a kitten and a cat drink milk",
    "the kitten sleeps",
    "a fast car drives on the road",
    "the truck and the car wait on the road",
    "a truck drives fast",
    "the road is long for a truck",
]


@pytest.fixture(scope="module")
def encoder():
    """Latent semantic analysis (Deerwester et al. 1990), trained on the captions themselves."""
    model = make_pipeline(
        TfidfVectorizer(stop_words="english"), TruncatedSVD(2, random_state=0)
    ).fit(CORPUS)
    return model.transform


def test_an_encoder_finds_rows_that_share_no_word_with_the_text(encoder):
    far = Embeddings(CORPUS, encoder).distances("kitten")
    order = np.argsort(far)
    assert set(order[:4]) == {0, 1, 2, 3}
    assert "kitten" not in CORPUS[0]
    assert far[0] < far[4]


def test_embeddings_are_compared_by_their_cosine(encoder):
    rows = encoder(CORPUS)
    far = Embeddings(rows * 5, lambda texts: torch.from_numpy(encoder(texts))).distances("truck")
    wanted = 1 - normalize(rows) @ normalize(encoder(["truck"]))[0]
    np.testing.assert_allclose(far, wanted, atol=1e-6)


@pytest.mark.parametrize(
    ("rows", "embed", "said"),
    [
        (np.zeros(3), lambda _: None, r"rows must be finite \(n, e\), got shape \(3,\)"),
        ([[1.0, np.nan]], lambda _: None, "with NaN or infinity"),
        ([["a"]], lambda _: None, "rows must be rows of numbers"),
        (["a", "b"], lambda _: np.ones((1, 2)), r"embed\(texts\) must be finite \(2, e\)"),
        (["a"], lambda _: "no", r"embed\(texts\) must be rows of numbers"),
    ],
)
def test_what_is_no_embedding_is_refused(rows, embed, said):
    with pytest.raises(ValueError, match=said):
        Embeddings(rows, embed)


def test_an_encoder_of_another_width_is_refused():
    index = Embeddings(np.ones((2, 3)), lambda texts: np.ones((len(texts), 4)))
    with pytest.raises(ValueError, match="embed must give 3 numbers a text"):
        index.distances("cat")
