"""Every method of `project`: there, back, the same seed, and what does not fit."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from latent_widgets.analysis.layouts import nearest
from latent_widgets.analysis.layouts.nearest import nearest_rows
from latent_widgets.analysis.layouts.report import Reporter
from latent_widgets.analysis.layouts.umap import warm_up
from latent_widgets.analysis.projection import LINEAR, METHODS, project
from latent_widgets.geometry import Hypersphere, PoincareBall
from latent_widgets.working import Cancelled


def blobs(n=90, d=6, groups=3, seed=0):
    """Groups far apart: what any layout must keep together."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % groups
    centres = 8 * np.eye(groups, d)
    return (centres[labels] + rng.normal(size=(n, d))).astype(np.float32), labels


def ball(n=60, d=4, seed=0):
    """Points of a Poincare ball, some far out."""
    generator = torch.Generator().manual_seed(seed)
    return PoincareBall().random(n, d, generator).numpy().astype(np.float32)


@pytest.mark.parametrize("geometry", [None, PoincareBall()])
def test_the_nearest_rows_are_those_of_scikit_learn_or_of_the_geometry(geometry):
    points = ball()
    indices, distances = nearest_rows(points, 7, Reporter(), share=1, geometry=geometry)
    if geometry is None:
        reference = NearestNeighbors(n_neighbors=8).fit(points.astype(np.float64))
        far, near = reference.kneighbors()[0][:, :7], reference.kneighbors()[1][:, :7]
    else:
        wide = points.astype(np.float64)
        every = np.array(geometry.distance(wide[:, None], wide[None]))
        np.fill_diagonal(every, np.inf)
        near = every.argsort(axis=1)[:, :7]
        far = np.take_along_axis(every, near, 1)
    np.testing.assert_array_equal(indices, near)
    np.testing.assert_allclose(distances, far, rtol=1e-4)


# In the place of PyNNDescent, which compiles for half a minute: every pair.
PAIRS = """
import io, sys
import numpy as np
given = np.load(sys.stdin.buffer)
far = np.linalg.norm(given["points"][:, None] - given["points"][None], axis=2)
found = far.argsort(axis=1)[:, : int(given["k"])]
output = io.BytesIO()
np.savez(output, found=found, far=np.take_along_axis(far, found, 1))
sys.stdout.buffer.write(output.getvalue())
"""


def test_among_very_many_rows_another_process_searches_and_no_hand_waits(monkeypatch, tmp_path):
    monkeypatch.setattr(nearest, "MOST_EXACT", 100)
    points = np.random.default_rng(0).normal(size=(150, 4)).astype(np.float32)
    told = []

    def stop(*word):
        told.append(word)
        raise Cancelled

    with pytest.raises(Cancelled):
        nearest_rows(points, 7, Reporter(stop), share=0.5)
    ((share, words),) = told
    assert share < 0.5
    assert words.startswith("nearest rows, ")
    assert words.endswith("of about 10 s")
    script = tmp_path / "pairs.py"
    script.write_text(PAIRS)
    monkeypatch.setattr(nearest.descent_process, "__file__", str(script))
    indices, distances = nearest_rows(points, 7, Reporter(), share=0.5)
    far, near = NearestNeighbors(n_neighbors=7).fit(points).kneighbors()
    np.testing.assert_array_equal(indices, near)
    np.testing.assert_allclose(distances, far, rtol=1e-4)
    script.write_text("raise SystemExit('no memory is left')")
    with pytest.raises(RuntimeError, match="nearest rows ended with code 1: no memory is left"):
        nearest_rows(points, 7, Reporter(), share=0.5)


def test_no_row_is_its_own_neighbour_even_among_equal_rows():
    points = np.repeat(np.eye(3, dtype=np.float32), 5, axis=0)
    indices, distances = nearest_rows(points, 4, Reporter(), share=1)
    assert (indices != np.arange(15)[:, None]).all()
    np.testing.assert_allclose(distances, 0, atol=1e-3)


@pytest.mark.parametrize(
    ("method", "dim", "options"),
    [
        ("tsne", 2, {"iterations": 60}),
        ("tsne", 3, {"iterations": 20}),
        # Compiles for some seconds: the one map of UMAP among the tests.
        ("umap", 2, {"epochs": 60, "neighbours": 10}),
        ("torchdr", 2, {"iterations": 60, "device": "cpu"}),
    ],
)
def test_a_layout_keeps_groups_together_tells_and_shows_itself(method, dim, options):
    points, labels = blobs()
    told, shown = [], []

    def progress(share, words):
        told.append((share, words))

    before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002
    threads = torch.get_num_threads()
    found = project(
        points, method, dim, progress=progress, snapshot=shown.append, stored=False, **options
    )
    np.testing.assert_array_equal(np.random.get_state()[1], before[0])  # noqa: NPY002
    assert torch.equal(torch.get_rng_state(), before[1])
    assert torch.get_num_threads() == threads
    assert found.method == method
    assert found.xy.shape == (90, dim)
    assert found.xy.dtype == np.float32
    nearest = found.quality(labels, k=5)
    assert nearest.neighbourhood_hit > 0.97
    np.testing.assert_array_equal(found.transform(points[:9]), found.xy[:9])
    np.testing.assert_allclose(found.inverse(found.xy[:9]), points[:9], atol=1e-5)
    assert len(told) > 10
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.1
    assert 0.9 < shares[-1] <= 1
    assert {words for _, words in told} >= {"nearest rows", "layout"}
    assert shown[0].shape == (90, dim)
    again = project(points, method, dim, stored=False, **options)
    np.testing.assert_array_equal(again.xy, found.xy)


def test_umap_is_compiled_once_beside_everything_else(monkeypatch):
    thread = warm_up()
    assert thread.daemon
    assert warm_up() is thread
    thread.join(120)
    assert not thread.is_alive()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert warm_up() is None


@pytest.mark.parametrize("method", ["tsne", "umap", "torchdr", "parametric", "pca"])
def test_what_progress_raises_stops_the_work_at_once(method, monkeypatch, tmp_path):
    monkeypatch.setenv("LATENT_WIDGETS_CACHE", str(tmp_path))
    calls = []

    def progress(_share, words):
        calls.append(words)
        if words in ("layout", "places"):
            raise KeyboardInterrupt

    options = {"of": "tsne"} if method == "parametric" else {}
    with pytest.raises(KeyboardInterrupt):
        project(blobs()[0], method, progress=progress, **options)
    assert calls[-1] in ("layout", "places")
    assert list(tmp_path.iterdir()) == []


def test_a_network_learns_a_map_and_new_rows_land_by_it(monkeypatch):
    monkeypatch.setattr("latent_widgets.analysis.parametric.STEPS", 150)
    points, labels = blobs(n=150)
    shares = []
    found = project(
        points,
        "parametric",
        of="tsne",
        iterations=100,
        progress=lambda share, _: shares.append(share),
    )
    assert found.method == "parametric"
    assert "tsne" in found.about
    np.testing.assert_array_equal(found.transform(points), found.xy)
    new, classes = blobs(n=60, seed=9)
    nearest = found.nearest(found.transform(new))[1]
    assert (labels[nearest] == classes).mean() > 0.95
    assert found.inverse(found.xy).shape == points.shape
    assert shares == sorted(shares)
    assert max(shares) > 0.9
    kept = project(points, "parametric", of="tsne", iterations=100)
    np.testing.assert_array_equal(kept.xy, found.xy)


def test_the_way_back_may_go_over_a_radial_basis():
    points, _ = blobs()
    options = {"iterations": 50, "stored": False}
    plain = project(points, "tsne", **options)
    smooth = project(points, "tsne", backward="radial", **options)
    middle = plain.xy[:6].mean(axis=0)
    assert np.abs(plain.inverse(middle) - smooth.inverse(middle)).max() > 1e-3
    np.testing.assert_allclose(smooth.inverse(smooth.xy[:4]), points[:4], atol=1e-3)
    assert smooth.spread([middle]).shape == (1,)
    with pytest.raises(ValueError, match="backward must be 'nearest' or 'radial', got 'umap'"):
        project(points, "tsne", backward="umap")


@pytest.mark.parametrize(
    "method", [m for m in METHODS if m not in ("umap", "torchdr", "parametric")]
)
def test_every_map_names_its_nearest_row_and_the_spread_there(method):
    points = ball() if method == "disc" else blobs(60, 4, 2)[0]
    options = {"directions": np.eye(2, 4)} if method == "directions" else {}
    dim = 3 if method == "sphere" else 2
    found = project(points, method, dim, **options)
    distances, rows = found.nearest(found.xy)
    np.testing.assert_array_equal(rows, np.arange(60))
    np.testing.assert_allclose(distances, 0, atol=1e-6)
    assert found.spread(found.xy[0] * 0.5 + found.xy[1] * 0.5) > 0
    assert found.quality().trustworthiness > 0.5
    assert found.about
    assert found.dim == dim


def test_a_map_without_rows_has_no_nearest_one():
    found = project(np.eye(3), "axes")
    found.points = None
    distances, rows = found.nearest(np.zeros((5, 2)))
    assert np.isinf(distances).all()
    assert (rows == -1).all()
    assert np.isnan(found.spread(np.zeros((5, 2)))).all()
    with pytest.raises(ValueError, match="no rows"):
        found.quality()


@pytest.mark.parametrize("method", ["tsne", "umap", "torchdr"])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_too_few_rows_for_a_layout_are_refused_and_pca_shows_them(method, n):
    points = np.random.default_rng(0).normal(size=(n, 5))
    with pytest.raises(ValueError, match=f"needs 4 or more rows, got {n}; 'pca' shows fewer"):
        project(points, method)
    assert project(points).xy.shape == (n, 2)


@pytest.mark.parametrize("method", ["tsne", "torchdr"])
def test_constant_dimensions_and_rows_that_repeat_make_a_finite_map(method):
    points = np.zeros((40, 3), np.float32)
    points[:, 1] = np.arange(40) // 10
    found = project(points, method, iterations=20, stored=False)
    assert np.isfinite(found.xy).all()


@pytest.mark.parametrize(
    ("method", "options", "error", "words"),
    [
        ("tsne", {"perplexity": 30}, ValueError, "perplexity must be from 1 to 29.6 for 90 rows"),
        ("tsne", {"perplexity": "many"}, TypeError, "perplexity must be a number, got 'many'"),
        ("tsne", {"perplexty": 3}, TypeError, "no option 'perplexty'; did you mean 'perplexity'"),
        ("tsne", {"iterations": 0}, ValueError, "iterations of 'tsne' must be a whole number"),
        ("umap", {"neighbours": 90}, ValueError, "neighbours must be from 2 to 89 for 90 rows"),
        ("umap", {"min_dist": -1}, ValueError, "min_dist of 'umap' must be a number from 0"),
        ("torchdr", {"model": "cat"}, ValueError, "model must be one of"),
        ("torchdr", {"device": "tpu"}, ValueError, "device must be 'auto', 'cpu' or 'cuda'"),
        ("parametric", {"of": "pca"}, ValueError, "of must be one of tsne, umap, torchdr"),
        ("pca", {"perplexity": 3}, TypeError, r"method 'pca' has no option 'perplexity' \(it has"),
        ("sphere", {}, ValueError, "method 'sphere' needs dim=3, got dim=2"),
        ("disc", {"geometry": Hypersphere()}, ValueError, "and the space is hypersphere"),
    ],
)
def test_what_a_method_cannot_do_is_said_in_one_sentence(method, options, error, words):
    with pytest.raises(error, match=words):
        project(blobs()[0], method, **options)


def test_rows_all_alike_cannot_be_laid_out():
    with pytest.raises(ValueError, match="needs rows that differ, and all 9 are the same"):
        project(np.ones((9, 3)), "umap")


def test_broken_rows_are_named():
    points, _ = blobs()
    points[[3, 8, 20, 50], 1] = np.nan
    with pytest.raises(ValueError, match=r"4 of 90 hold NaN or infinity: 3, 8, 20, \.\.\."):
        project(points, "tsne")
    with pytest.raises(ValueError, match="points must be finite rows"):
        project(np.array([["a", "b"]]))


@pytest.mark.parametrize(("method", "module"), [("tsne", "openTSNE"), ("torchdr", "torchdr")])
def test_a_missing_extra_is_named(method, module, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else name)
    extra = "maps" if method == "tsne" else method
    with pytest.raises(ImportError, match=rf'pip install "latent-widgets\[{extra}\]"'):
        project(blobs()[0], method)
    assert set(LINEAR) < set(METHODS)
