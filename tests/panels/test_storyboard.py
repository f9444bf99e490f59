"""Storyboards in Python: key frames, the path in time, and its films read back."""

from __future__ import annotations

import numpy as np
import pytest
import traitlets
from PIL import Image
from toys import Painter, pictures

import latent_widgets as lw
from latent_widgets.geometry import Hypersphere

KEYS = [{"z": [0.0, i, -i, 1.0], "name": f"k{i}", "seconds": 0.5} for i in range(3)]


@pytest.fixture
def space():
    made = lw.LatentSpace(Painter(), pictures(), labels=["a", "b"] * 6)
    yield made
    made.close()


@pytest.fixture
def board(space):
    made = lw.Storyboard(space, key_frames=KEYS)
    yield made
    made.close()


def test_it_opens_on_a_path_between_two_rows(space):
    board = lw.Storyboard(space)
    assert len(board.key_frames) == 2
    assert board.key_frames[0]["name"] == "row 0"
    assert board.latents(10).shape == (11, 4)


def test_it_opens_on_a_space_of_one_row():
    space = lw.LatentSpace(Painter(), points=np.ones((1, 4)))
    assert {"row 0", "random"} >= {one["name"] for one in lw.Storyboard(space).key_frames}
    with pytest.raises(ValueError, match="'graph' follows the data, and this space has only one"):
        space.path(np.zeros(4), np.ones(4), "graph", 3)
    space.close()


def test_latents_pass_through_every_key_in_its_time(board):
    found = board.latents(fps=10)
    assert (found.shape, found.dtype) == ((11, 4), np.float32)
    np.testing.assert_allclose(found[::5], [one["z"] for one in KEYS], atol=1e-6)
    board.speed = 0.5
    assert len(board.latents(10)) == 21


def test_a_loop_ends_before_it_begins_again(board):
    board.loop = True
    found = board.latents(10)
    assert len(found) == 15
    np.testing.assert_allclose(found[[0, 5, 10]], [one["z"] for one in KEYS], atol=1e-6)


def test_an_even_pace_gives_time_by_the_root_of_the_length(board):
    board.key_frames = [{"z": [x, 0, 0, 0], "seconds": 2} for x in (0, 9, 10)]
    assert [one["seconds"] for one in board.even().key_frames] == [3, 1, 2]
    board.key_frames = [{"z": [0] * 4}] * 2
    assert board.even().key_frames[0]["seconds"] == 1


def test_frames_are_a_fresh_decode(board, space):
    fresh = (space.decode(board.latents(4)) * 255).round().byte().permute(0, 2, 3, 1).numpy()
    np.testing.assert_array_equal(board.frames(4), fresh)


def test_a_film_is_what_the_path_decodes_to(board, tmp_path):
    file = board.save(tmp_path / "film.gif", fps=10, size=16)
    with Image.open(file) as film:
        assert (film.n_frames, film.size) == (11, (16, 16))
        first = np.asarray(film.convert("L"))
    np.testing.assert_array_equal(first[::2, ::2], board.frames(10)[0, :, :, 0])
    np.testing.assert_array_equal(np.load(board.save(tmp_path / "z.npy")), board.latents())
    assert board.work == {}


def test_a_video_is_read_back(board, tmp_path):
    av = pytest.importorskip("av", reason="needs the extra `video`")
    with av.open(str(board.save(tmp_path / "film.mp4", fps=10, size=64))) as film:
        shown = [one.to_ndarray(format="rgb24") for one in film.decode(film.streams.video[0])]
    assert len(shown) == 11
    whole = board.frames(10)[0, :, :, 0].repeat(8, 0).repeat(8, 1)
    assert np.abs(shown[0].mean(axis=2) - whole).mean() < 4


def test_key_frames_are_added_from_anywhere(board, space):
    space.z = [1, 2, 3, 4]
    space.selection = [2, 5]
    board.key_frames = []
    board.add().add(3, seconds=2).add("selection", at=0).add([0, 0, 0, 1], name="mine")
    names = [one["name"] for one in board.key_frames]
    assert names == ["mean of 2 selected", "z", "row 3", "mine"]
    np.testing.assert_allclose(board.key_frames[0]["z"], space.points[[2, 5]].mean(0), rtol=1e-6)
    np.testing.assert_array_equal(np.float32(board.key_frames[2]["z"]), space.points[3])


def test_maps_show_the_key_frames_as_long_as_there_is_a_board(board, space):
    (drawing,) = space.overlays.values()
    assert drawing["labels"] == ["1", "2", "3"]
    board.key_frames = KEYS[:1]
    assert next(iter(space.overlays.values()))["labels"] == ["1"]
    board.close()
    assert space.overlays == {}


def test_changes_are_undone_and_said_in_python(board, space):
    board.key_frames = KEYS[:2]
    board.loop = True
    assert space.tape.lines()[-1] == "storyboard.loop = True"
    assert space.undo()
    assert space.undo()
    assert (board.loop, len(board.key_frames)) == (False, 3)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("key_frames", [{"z": [1, 2]}], r"key_frames\[0\]\.z must be 4 finite numbers"),
        ("key_frames", [{"name": "x"}], r"key_frames\[0\] must be a dict with z"),
        ("key_frames", [{"z": [0] * 4, "seconds": 0}], "seconds from 0.1 to 60, got 0"),
        ("key_frames", [{"z": [0] * 4, "sconds": 1}], r"only z, name and seconds, got \['sconds'"),
        ("key_frames", [{"z": [0] * 4}] * 65, "at most 64, got 65"),
        ("key_frames", "row 3", "must be a list of dicts, got str"),
        ("easing", "bounce", "easing"),
        ("speed", 0, "speed must be from 0.1 to 10, got 0"),
        ("time", float("nan"), "time must be from 0 to"),
    ],
)
def test_bad_values_are_refused_and_nothing_changes(board, name, value, sentence):
    before = getattr(board, name)
    with pytest.raises((ValueError, traitlets.TraitError), match=sentence):
        setattr(board, name, value)
    assert getattr(board, name) == before


@pytest.mark.parametrize(
    ("name", "options", "refusal"),
    [
        ("film.avi", {}, (ValueError, "path must end in one of")),
        ("there.gif", {}, (FileExistsError, "overwrite=True")),
        ("no/film.gif", {}, (FileNotFoundError, "a folder that exists")),
        ("film.gif", {"fps": 0}, (ValueError, "fps must be above 0 and up to 120, got 0")),
        ("film.gif", {"size": 4}, (ValueError, "size must be None or from 8 to 4096")),
        ("film.gif", {"fps": 0.001}, (ValueError, "GIF stands for at most 655 seconds")),
    ],
)
def test_what_cannot_be_filmed_is_refused(board, tmp_path, name, options, refusal):
    (tmp_path / "there.gif").write_bytes(b"mine")
    error, sentence = refusal
    with pytest.raises(error, match=sentence):
        board.save(tmp_path / name, **options)
    assert [file.name for file in tmp_path.iterdir()] == ["there.gif"]
    assert (tmp_path / "there.gif").read_bytes() == b"mine"


def test_too_few_and_opposite_key_frames_have_no_path(board):
    board.key_frames = KEYS[:1]
    with pytest.raises(ValueError, match="a path needs two key frames or more, got 1"):
        board.latents()
    with pytest.raises(ValueError, match="at must be from 0 to 1"):
        board.add(at=5)
    with pytest.raises(ValueError, match="at must be a whole number of at least 0, got 'end'"):
        board.add(at="end")
    with pytest.raises(TypeError, match="path must name a file, got NoneType"):
        board.save(None)
    with pytest.raises(ValueError, match="no row is selected"):
        board.add("selection")
    round_ = lw.LatentSpace(None, points=np.eye(3), geometry=Hypersphere())
    opposite = lw.Storyboard(round_, key_frames=[{"z": [1, 0, 0]}, {"z": [-1, 0, 0]}])
    with pytest.raises(ValueError, match=r"antipodal|opposite"):
        opposite.latents()
    assert opposite.formats == [".npy"]
    round_.close()


def test_a_stopped_export_leaves_no_file(board, tmp_path, monkeypatch):
    decode = board._decode

    def stop(latents):
        board.cancel()
        return decode(latents)

    monkeypatch.setattr(board, "_decode", stop)
    with pytest.raises(InterruptedError, match="was stopped"):
        board.save(tmp_path / "film.gif", fps=60)
    assert list(tmp_path.iterdir()) == []


def test_a_page_fetches_a_film_in_parts(board, monkeypatch):
    monkeypatch.setattr("latent_widgets.filming._PART_BYTES", 1000)
    answer, _ = board._ask_film({"suffix": ".gif", "fps": 30, "size": None}, [])
    assert board.wait()
    film = board.film
    assert (film["ticket"], film["name"]) == (answer["ticket"], "latents-storyboard.gif")
    ask = [{"ticket": film["ticket"], "part": i} for i in range(film["parts"])]
    whole = b"".join(board._give_part(one, [])[1][0] for one in ask)
    assert (len(whole), whole[:3]) == (film["bytes"], b"GIF")
    assert film["parts"] > 1
    with pytest.raises(ValueError, match="export it again"):
        board._give_part({"ticket": 99, "part": 0}, [])
    with pytest.raises(ValueError, match="suffix must be one of"):
        board._ask_film({"suffix": ".exe", "fps": 30}, [])


def test_a_saved_notebook_shows_the_strip(board):
    assert "12 pictures along a path" in board.still().alt
