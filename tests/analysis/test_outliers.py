"""Scores of odd rows: what they are, what fools them, and what cannot be scored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import spatial, stats
from toys import Painter, pictures

from latent_widgets import LatentSpace
from latent_widgets.analysis import auroc, auroc_table, elbo, outlier_scores, typicality
from latent_widgets.analysis import cloud as cloud_module
from latent_widgets.analysis.anomaly import mahalanobis
from latent_widgets.analysis.cloud import Cloud
from latent_widgets.geometry import Euclidean, Hypersphere, PoincareBall
from latent_widgets.models.recipes.digits import split_digits

DIGITS = Path(__file__).parents[3] / "shared" / "data" / "mnist9k.npz"


@pytest.fixture
def make():
    made = []

    def build(*args, **options):
        made.append(LatentSpace(*args, device="cpu", engine="kernel", **options))
        return made[-1]

    yield build
    for space in made:
        space.close()


def cloud_of(n=40, d=3, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def test_every_score_of_a_model_with_pictures(make):
    space = make(Painter(), pictures(), labels=list("aabbccaabbcc"))
    table = outlier_scores(space, k=3, n_samples=2, seed=4)
    terms = elbo(space, pictures(), n_samples=2, seed=4)
    np.testing.assert_allclose(table["reconstruction"], terms.reconstruction)
    np.testing.assert_allclose(table["kl"], terms.kl)
    np.testing.assert_allclose(table["neg_elbo"], terms.reconstruction + terms.kl)
    np.testing.assert_allclose(table["typicality"], typicality(terms.neg_elbo))
    z = space.points.astype(float)
    far = np.sort(np.linalg.norm(z[:, None] - z[None], axis=2), axis=1)[:, 1:4].mean(axis=1)
    np.testing.assert_allclose(table["knn"], far, rtol=1e-6)
    offset = z - z.mean(0)
    squared = (offset @ np.linalg.inv(np.cov(z.T)) * offset).sum(1)
    np.testing.assert_allclose(table["mahalanobis"], squared, rtol=1e-6)
    assert table["rank_knn"].to_numpy()[np.argmax(far)] == 1
    assert sorted(table["rank_knn"]) == list(range(1, 13))
    assert table.attrs["left_out"] == {}


def test_far_from_every_class_is_odd_though_amid_them_all(make):
    points, labels = cloud_of(60), np.arange(60) % 2
    points[:, 0] += 8 * labels
    points[7] = [4, 0, 0]
    table = outlier_scores(make(None, points=points, labels=labels))
    z = points.astype(float)
    groups = [z[labels == label] for label in (0, 1)]
    within = sum((len(group) - 1) * np.cov(group.T) for group in groups) / (len(z) - 2)
    far = [
        spatial.distance.cdist(z, [group.mean(0)], "mahalanobis", VI=np.linalg.inv(within))[:, 0]
        for group in groups
    ]
    np.testing.assert_allclose(table["class_mahalanobis"], np.min(far, axis=0) ** 2, rtol=1e-5)
    assert table["rank_class_mahalanobis"][7] == 1
    assert table["rank_mahalanobis"][7] > 30
    # Beside one class alone it would be the same as without any.
    alone = outlier_scores(make(None, points=points, labels=labels), normal=0)
    assert "class_mahalanobis" not in alone
    with pytest.raises(ValueError, match="one class for each of 60 rows"):
        mahalanobis(z, classes=labels[1:])


def test_points_alone_are_scored_by_where_they_lie(make):
    points = cloud_of()
    points[7] = 9
    table = outlier_scores(make(None, points=points))
    assert [name for name in table if not name.startswith("rank")] == [
        *("mahalanobis", "knn", "typicality")
    ]
    assert (table.loc[7, ["rank_mahalanobis", "rank_knn", "rank_typicality"]] == 1).all()
    assert table.attrs["left_out"]["neg_elbo"] == "it needs an encoder and a decoder"


def test_a_kl_without_pictures(make):
    points, logvar = cloud_of(), np.full((40, 3), -1.0)
    table = outlier_scores(make(None, points=points, logvar=logvar))
    expected = 0.5 * (points.astype(float) ** 2 + np.exp(-1) - 1 + 1).sum(1)
    np.testing.assert_allclose(table["kl"], expected)


@pytest.mark.parametrize("geometry", [Hypersphere(), PoincareBall()])
def test_curved_spaces_are_measured_by_their_own_distance(make, geometry):
    generator = torch.Generator().manual_seed(0)
    points = geometry.project(0.3 * torch.randn(30, 3, generator=generator) + torch.eye(3)[0] / 2)
    space = make(None, points=points.numpy(), geometry=geometry)
    table = outlier_scores(space, k=2)
    z = torch.from_numpy(space.points.copy()).double()
    far = geometry.distance(z[:, None], z[None]).numpy()
    np.testing.assert_allclose(table["knn"], np.sort(far, 1)[:, 1:3].mean(1), atol=1e-5)
    vectors = geometry.log(geometry.mean(z)[None], z).numpy()
    squared = (vectors @ np.linalg.pinv(np.cov(vectors.T), 1e-10) * vectors).sum(1)
    np.testing.assert_allclose(table["mahalanobis"], squared, rtol=1e-4)
    assert not any("do not vary" in note for note in table.attrs["notes"])


def test_points_all_around_a_sphere_have_no_middle(make):
    corners = np.concatenate([np.eye(3), -np.eye(3)])
    table = outlier_scores(make(None, points=corners, geometry=Hypersphere()), k=2)
    assert list(table) == ["knn", "rank_knn"]
    assert set(table.attrs["left_out"]) >= {"mahalanobis", "typicality"}
    np.testing.assert_allclose(table["knn"], np.pi / 2, rtol=1e-6)


def test_duplicates_are_neighbours_and_a_row_is_none_of_its_own():
    points = torch.tensor([[0.0], [0.0], [0.0], [1.0], [5.0]]).double()
    cloud = Cloud(points, np.arange(5), Euclidean())
    np.testing.assert_array_equal(cloud.nearest(points, np.arange(5), 2), [0, 0, 0, 1, 4.5])
    np.testing.assert_array_equal(cloud.nearest(points, None, 1), np.zeros(5))


def test_many_rows_are_compared_with_some_and_that_is_said(make, monkeypatch):
    monkeypatch.setattr(cloud_module, "MOST_COMPARED", 10)
    space = make(None, points=cloud_of())
    first, again = outlier_scores(space, seed=1), outlier_scores(space, seed=1)
    np.testing.assert_array_equal(first["knn"], again["knn"])
    assert (first["knn"] != outlier_scores(space, seed=2)["knn"]).any()
    assert "neighbours are sought among 10 of 40 rows, drawn at random" in first.attrs["notes"]


def test_directions_that_do_not_vary_count_for_nothing_and_that_is_said(make):
    points = cloud_of()
    flat = np.concatenate([points, np.full((40, 2), 0.3, np.float32)], axis=1)
    found = outlier_scores(make(None, points=flat))
    plain = outlier_scores(make(None, points=points))
    np.testing.assert_allclose(found["mahalanobis"], plain["mahalanobis"])
    assert any("do not vary in 2 of 5 directions" in note for note in found.attrs["notes"])


def test_normal_rows_alone_are_compared_with(make):
    points = np.concatenate([cloud_of(), cloud_of(20, seed=1) + 4])
    labels, flags = ["a"] * 40 + ["b"] * 20, [True] * 40 + [False] * 20
    space = make(None, points=points, labels=labels, factors={"fine": flags})
    table = outlier_scores(space, normal="a")
    np.testing.assert_array_equal(table["normal"], flags)
    assert auroc_table(table).loc["mahalanobis", "auroc"] > 0.99
    everything = outlier_scores(space)
    assert auroc_table(everything, np.array(flags)).loc["mahalanobis", "auroc"] < 0.9
    for same in (["a"], np.array(flags), "fine"):
        np.testing.assert_array_equal(outlier_scores(space, normal=same)["knn"], table["knn"])


def test_given_pictures_are_compared_with_the_rows(make):
    space = make(Painter(), pictures(), labels=list("aabbccaabbcc"))
    odd = torch.cat([pictures(3), torch.ones(1, 1, 8, 8)])
    table = outlier_scores(space, odd, k=1)
    np.testing.assert_allclose(table["knn"][:3], 0, atol=1e-6)
    assert table["rank_knn"][3] == table["rank_mahalanobis"][3] == 1
    usual = elbo(space, pictures()).neg_elbo
    np.testing.assert_allclose(table["typicality"], typicality(table["neg_elbo"], usual))


def test_typicality_is_odd_on_both_sides():
    scores = np.random.default_rng(0).normal(100, 5, 20_000)
    found = typicality([85, 100, 115], scores)
    np.testing.assert_allclose(found, [3, 0, 3], atol=0.06)
    np.testing.assert_array_equal(typicality([1, 2], np.ones(9)), [0, np.inf])
    assert typicality([2, 1, 1, 1, 1, 1])[0] > 0
    with pytest.raises(ValueError, match="scores must be at least one finite number"):
        typicality([1, np.nan])


def test_the_auroc_of_scores_that_tell_nothing_and_of_some_that_do(make):
    generator = np.random.default_rng(0)
    truth = np.arange(40_000) < 20_000
    points = generator.normal(size=(40_000, 2))
    points[~truth] *= 2
    table = outlier_scores(make(None, points=points[::40], labels=truth[::40].astype(int)))
    table["knn"] = 1.0
    areas = auroc_table(table, truth[::40])["auroc"]
    assert areas["knn"] == 0.5
    # Squared lengths are chi-squared with 2 degrees of freedom, 4 times as large where odd.
    assert areas["mahalanobis"] == pytest.approx(0.8, abs=0.03)
    chi, far = (
        stats.chi2.rvs(16, size=20_000, random_state=0),
        stats.ncx2.rvs(16, 16, size=20_000, random_state=1),
    )
    assert auroc(chi, far) == pytest.approx(0.9308542, abs=0.005)


@pytest.mark.parametrize(
    ("normal", "said"),
    [
        ("z", r"normal must be classes of 'label' \(a, b\), got 'z'"),
        (["a", "b"], "got all of 40 rows normal"),
        (np.ones(40, bool), "got all of 40 rows normal"),
        (np.ones(3, bool), "one boolean for each of 40 rows, got 3"),
        ([], "normal must be classes of 'label'"),
    ],
)
def test_what_is_normal_must_be_known(make, normal, said):
    space = make(None, points=cloud_of(), labels=list("ab") * 20)
    with pytest.raises(ValueError, match=said):
        outlier_scores(space, normal=normal)


def test_what_cannot_be_scored_is_refused(make):
    one = make(None, points=[[1.0, 2.0]])
    with pytest.raises(ValueError, match="the space needs 2 rows at least, got 1"):
        outlier_scores(one)
    space = make(None, points=cloud_of())
    with pytest.raises(ValueError, match="need a space with an encoder"):
        outlier_scores(space, pictures())
    with pytest.raises(ValueError, match="normal needs labels"):
        outlier_scores(space, normal="a")
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        outlier_scores(space, k=0)
    painter = make(Painter(), pictures())
    with pytest.raises(ValueError, match=r"images must have shape \(1, 8, 8\), got \(1, 4, 4\)"):
        outlier_scores(painter, torch.zeros(2, 1, 4, 4))
    broken = pictures(3)
    broken[1, 0, 0, 0] = torch.nan
    with pytest.raises(ValueError, match="images"):
        outlier_scores(painter, broken)
    with pytest.raises(ValueError, match="normal must leave rows of both kinds, got 40 of 40"):
        auroc_table(outlier_scores(space), np.ones(40, bool))
    with pytest.raises(ValueError, match="nothing in the table says"):
        auroc_table(outlier_scores(space))


def test_one_picture_is_scored_beside_the_rows(make):
    space = make(Painter(), pictures())
    table = outlier_scores(space, pictures(1))
    assert len(table) == 1
    assert np.isfinite(table.to_numpy()).all()


def test_progress_rises_and_may_end_the_work(make):
    shares = []
    outlier_scores(make(Painter(), pictures()), progress=lambda share, _: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outlier_scores(make(Painter(), pictures()), progress=stop)


@pytest.mark.skipif(not DIGITS.exists(), reason="needs the 9,000 MNIST digits")
def test_an_all_black_picture_fools_the_elbo_and_not_the_others(make):
    shown = split_digits(DIGITS)["held_out"][:300]
    black = torch.zeros(10, 1, 28, 28, dtype=torch.uint8)
    areas = {}
    for name in ("digits", "digits_2d"):
        table = outlier_scores(make(name), torch.cat([shown, black]))
        areas[name] = auroc_table(table, np.arange(310) < 300)["auroc"]
        assert areas[name]["knn"] > 0.9
        assert areas[name]["neg_elbo"] < 0.3
        assert areas[name]["mahalanobis"] > 0.55
        assert areas[name]["class_mahalanobis"] > 0.8
    assert areas["digits"]["neg_elbo"] < 0.1
    assert areas["digits"]["typicality"] > 0.8
    assert areas["digits_2d"]["mahalanobis"] > 0.9
