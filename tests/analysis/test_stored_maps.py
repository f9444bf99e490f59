"""Maps that were made before: those that are shipped, and those kept on disk."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from latent_widgets.analysis import bundled_maps, make_maps, map_cache
from latent_widgets.analysis.layouts.nearest import nearest_rows
from latent_widgets.analysis.layouts.options import LAYOUTS
from latent_widgets.analysis.layouts.report import Reporter
from latent_widgets.analysis.map_cache import cache_folder, clear_maps, fingerprint
from latent_widgets.analysis.projection import project
from latent_widgets.models.zoo import list_spaces, load_bundled

FAST = {"iterations": 5}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LATENT_WIDGETS_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def made(monkeypatch):
    """How often t-SNE was called; it draws the seed, and is quick."""
    calls = []

    def lay_out(points, start, seed, report, **options):
        del report
        calls.append(options)
        return np.full_like(start, seed) + len(points)

    object.__setattr__(LAYOUTS["tsne"], "lay_out", lay_out)
    yield calls
    monkeypatch.undo()


@pytest.fixture(autouse=True)
def _restore():
    before = LAYOUTS["tsne"].lay_out
    yield
    object.__setattr__(LAYOUTS["tsne"], "lay_out", before)


def rows(n=40, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 4)).astype(np.float32)


def test_the_same_wish_is_found_again_and_any_other_is_made_anew(folder, made):
    first = project(rows(), "tsne", **FAST)
    again = project(rows(), "tsne", **FAST)
    np.testing.assert_array_equal(again.xy, first.xy)
    assert len(made) == 1
    assert len(list(folder.iterdir())) == 1
    moved = rows()
    moved[3, 2] = np.nextafter(moved[3, 2], 1)
    project(moved, "tsne", **FAST)
    project(rows(), "tsne", seed=1, **FAST)
    project(rows(), "tsne", 3, **FAST)
    project(rows(), "tsne", perplexity=4, **FAST)
    project(rows().reshape(80, 2), "tsne", **FAST)
    assert len(made) == 6
    project(rows(), "tsne", stored=False, **FAST)
    assert len(made) == 7
    assert len(list(folder.iterdir())) == 6
    assert clear_maps() == 6
    assert list(folder.iterdir()) == []


def test_a_new_version_of_the_library_makes_a_new_map(folder, made, monkeypatch):
    project(rows(), "tsne", **FAST)
    monkeypatch.setattr("importlib.metadata.version", lambda _: "99")
    project(rows(), "tsne", **FAST)
    assert len(made) == 2
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("damage", ["empty", "cut", "words", "other", "folder"])
def test_a_broken_file_is_ignored_and_written_again(folder, made, damage):
    first = project(rows(), "tsne", **FAST)
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    if damage == "folder":
        path.unlink()
        path.mkdir()
    elif damage == "other":
        project(rows(seed=1), "tsne", **FAST)
        (other,) = set(folder.iterdir()) - {path}
        path.write_bytes(other.read_bytes())
        other.unlink()
    else:
        cut = {"empty": b"", "cut": whole[:-5], "words": b"not a map" * 20}
        path.write_bytes(cut[damage])
    before = len(made)
    np.testing.assert_array_equal(project(rows(), "tsne", **FAST).xy, first.xy)
    assert len(made) == before + 1
    if damage != "folder":
        assert path.read_bytes() == whole
    assert [each.name for each in folder.iterdir()] == [path.name]


def test_where_nothing_can_be_written_maps_are_still_made(tmp_path, made, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    monkeypatch.setenv("LATENT_WIDGETS_CACHE", str(blocked / "kept"))
    assert project(rows(), "tsne", **FAST).xy.shape == (40, 2)
    assert project(rows(), "tsne", **FAST).xy.shape == (40, 2)
    assert len(made) == 2


def test_the_maps_looked_at_longest_ago_go_first(folder, made, monkeypatch):
    monkeypatch.setattr(map_cache, "LARGEST", 1500)  # three maps of some 470 bytes
    for seed in range(3):
        project(rows(), "tsne", seed=seed, **FAST)
    for age, path in enumerate(sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime_ns)):
        os.utime(path, (time.time() - 100 + age,) * 2)
    project(rows(), "tsne", seed=0, **FAST)  # looked at: the youngest now
    project(rows(), "tsne", seed=3, **FAST)
    assert len(made) == 4
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 1500
    project(rows(), "tsne", seed=0, **FAST)
    assert len(made) == 4
    project(rows(), "tsne", seed=1, **FAST)
    assert len(made) == 5


def test_maps_are_kept_in_the_users_cache_unless_it_is_moved(monkeypatch):
    monkeypatch.delenv("LATENT_WIDGETS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert "latent_widgets" in cache_folder().parts
    monkeypatch.setenv("LATENT_WIDGETS_CACHE", "/elsewhere")
    assert cache_folder() == Path("/elsewhere")


@pytest.mark.parametrize("name", list_spaces())
def test_every_bundled_space_of_many_dimensions_has_its_maps_and_no_stale_ones(name, monkeypatch):
    points = load_bundled(name).points.numpy()
    found = bundled_maps.bundled_map(fingerprint(points), "umap", 2)
    if points.shape[1] <= 2:
        assert found is None
        return
    assert found is not None, f"run `python -m latent_widgets.analysis.make_maps {name}`"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)  # no extra is installed
    for method in bundled_maps.METHODS:
        for dim in bundled_maps.DIMS:
            flat = project(points, method, dim)
            assert flat.xy.shape == (len(points), dim)
            assert flat.xy.std(axis=0).min() > 0.5
            # Far nearer to the rows that are near in the latent space than to any.
            near, _ = nearest_rows(points, 5, Reporter(), share=1)
            apart = np.linalg.norm(flat.xy[near] - flat.xy[:, None], axis=2)
            assert np.median(apart) < 0.5 * np.linalg.norm(flat.xy.std(axis=0))
    changed = points.copy()
    changed[0, 0] += 0.5
    with pytest.raises(ImportError, match="latent-widgets"):
        project(changed, "umap")
    with pytest.raises(ImportError, match="latent-widgets"):
        project(points, "umap", min_dist=0.3)


def test_a_shipped_map_is_there_at_once():
    points = load_bundled("digits").points.numpy()
    project(points, "umap")
    start = time.perf_counter()
    project(points, "umap", 3)
    assert time.perf_counter() - start < 0.5


def test_one_command_makes_the_maps_of_a_space(tmp_path, made, monkeypatch, capsys):
    monkeypatch.setattr(make_maps, "METHODS", ("tsne",))
    make_maps.main(["fashion", "--out", str(tmp_path)])
    path = tmp_path / "fashion.safetensors"
    assert capsys.readouterr().out.strip() == str(path)
    monkeypatch.setattr(bundled_maps, "MAPS", tmp_path)
    bundled_maps._shipped.cache_clear()
    try:
        points = load_bundled("fashion").points.numpy()
        np.testing.assert_array_equal(project(points, "tsne").xy, np.full((800, 2), 800))
        assert len(made) == 2
    finally:
        monkeypatch.undo()
        bundled_maps._shipped.cache_clear()
