"""Strips, animations and films are read back: as many pictures, of that size, of those colours."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from PIL import Image

from latent_widgets.export.movie import save_movie
from latent_widgets.working import Cancelled


def _grey(start, end):
    levels = np.arange(start, end, dtype=np.uint8) * 20
    return np.broadcast_to(levels[:, None, None, None], (end - start, 9, 12, 1))


def _red(start, end):
    pictures = np.zeros((end - start, 16, 16, 3), np.uint8)
    pictures[..., 0] = 10 * np.arange(start, end)[:, None, None]
    return pictures


def test_a_strip_has_them_side_by_side(tmp_path):
    file = save_movie(tmp_path / "strip.png", _grey, 5)
    found = np.asarray(Image.open(file))
    assert found.shape == (9, 60)
    assert found[4, ::12].tolist() == [0, 20, 40, 60, 80]


def test_an_animation_has_every_picture_and_its_time(tmp_path):
    file = save_movie(tmp_path / "it.GIF", _grey, 10, fps=25, size=24)
    with Image.open(file) as found:
        assert (found.n_frames, found.size) == (10, (24, 18))
        assert found.info["loop"] == 0
        shown = []
        for i in range(10):
            found.seek(i)
            assert found.info["duration"] == 40
            shown.append(found.convert("L").getpixel((5, 5)))
    assert shown == list(range(0, 200, 20))


@pytest.mark.parametrize("suffix", ["mp4", "webm"])
def test_a_film_has_every_picture(tmp_path, suffix):
    av = pytest.importorskip("av", reason="needs the extra `video`")
    file = save_movie(tmp_path / f"film.{suffix}", _red, 20, fps=12.5, size=64)
    with av.open(str(file)) as film:
        stream = film.streams.video[0]
        assert float(stream.average_rate) == 12.5
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(stream)]
    assert len(frames) == 20
    assert frames[0].shape == (64, 64, 3)
    found = np.stack(frames).mean(axis=(1, 2))
    # Lossy, and colours are stored coarsely.
    np.testing.assert_allclose(found[:, 0], 10 * np.arange(20), atol=6)
    assert found[:, 1:].max() < 12


def test_transparent_pictures_lie_on_white(tmp_path):
    def clear(start, end):
        return np.zeros((end - start, 4, 4, 4), np.uint8)

    found = np.asarray(Image.open(save_movie(tmp_path / "it.png", clear, 2)))
    assert (found == 255).all()


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"path": "film.avi"}, ValueError, "path must end in one of"),
        ({"path": "missing/film.gif"}, FileNotFoundError, "a folder that exists"),
        ({"path": "there.gif"}, FileExistsError, "overwrite=True"),
        ({"count": 0}, ValueError, "count must be from 1"),
        ({"fps": 0}, ValueError, "fps must be above 0"),
        ({"fps": float("nan")}, ValueError, "fps must be above 0"),
        ({"size": 3}, ValueError, "size must be None or from 8"),
        ({"path": "wide.png", "count": 20_000}, ValueError, "would be 240,000 pixels wide"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, arguments, error, sentence):
    (tmp_path / "there.gif").write_bytes(b"mine")
    given = {"path": "new.gif", "count": 3, **arguments}
    path = tmp_path / given.pop("path")
    with pytest.raises(error, match=sentence):
        save_movie(path, lambda a, b: _grey(0, b - a), **given)
    assert (tmp_path / "there.gif").read_bytes() == b"mine"
    assert [file.name for file in tmp_path.iterdir()] == ["there.gif"]


def test_overwriting_is_asked_for(tmp_path):
    file = tmp_path / "there.gif"
    file.write_bytes(b"old")
    save_movie(file, _grey, 2, overwrite=True)
    assert file.read_bytes().startswith(b"GIF")


def test_a_cancelled_export_leaves_no_half_file(tmp_path):
    def stop(share, _):
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        save_movie(tmp_path / "it.gif", lambda a, b: _grey(0, b - a), 100, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "av" else find(name)
    )
    with pytest.raises(ImportError, match=r"latent-widgets\[video\]"):
        save_movie(tmp_path / "it.mp4", _grey, 2)
    assert list(tmp_path.iterdir()) == []
