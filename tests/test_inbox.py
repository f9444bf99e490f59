"""What a page may send, and what comes back."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import Painter, pictures

from latent_widgets.space import LatentSpace


class Wire:
    """A space whose messages are kept instead of sent."""

    def __init__(self):
        self.space = LatentSpace(Painter(), pictures(), labels=list("aabbccaabbcc"))
        self.sent = []
        self.seq = 0
        assert self.space.wait()  # its first picture
        self.space.send = lambda content, buffers=None: self.sent.append((content, buffers or []))

    def say(self, content, *latents):
        self.sent.clear()
        self.seq += 1
        content.setdefault("seq", self.seq)
        buffers = [memoryview(np.float32(z).tobytes()) for z in latents]
        self.space._receive(None, {"client": "me", "channel": "c", **content}, buffers)
        assert self.space.wait()
        return self.sent[-1] if self.sent else None


@pytest.fixture
def wire():
    made = Wire()
    yield made
    made.space.close()


def test_a_written_z_comes_back_as_a_frame(wire):
    content, (z, pixels) = wire.say({"op": "z", "seq": 7}, [1, 2, 3, 4])
    assert content["kind"] == "frame"
    assert (content["client"], content["seq"], content["shape"]) == ("me", 7, [8, 8, 1])
    assert np.frombuffer(z, np.float32).tolist() == [1, 2, 3, 4]
    np.testing.assert_array_equal(np.frombuffer(pixels, np.uint8), wire.space.image.ravel())
    np.testing.assert_array_equal(wire.space.z, [1, 2, 3, 4])


def test_what_the_page_measured_can_be_read(wire):
    assert wire.space.stats() == {}
    stats = {"engine": "browser", "model_ms": 2.5, "dropped": 3, "wire_ms": None, "evil": "x"}
    wire.say({"op": "z", "stats": {**stats, "paint_ms": "soon"}}, [1, 2, 3, 4])
    read = wire.space.stats()
    assert read["engine"] == "browser"
    assert (read["model_ms"], read["dropped"], read["wire_ms"]) == (2.5, 3, None)
    assert "evil" not in read
    assert "paint_ms" not in read
    wire.say({"op": "z", "stats": "none"}, [1, 2, 3, 5])
    assert wire.space.stats() == read


def test_an_equal_z_is_answered_too(wire):
    wire.say({"op": "z", "seq": 1}, [1, 2, 3, 4])
    content, _ = wire.say({"op": "z", "seq": 2}, [1, 2, 3, 4])
    assert content["seq"] == 2


def test_an_observer_that_moves_z_wins_in_one_more_frame(wire):
    wire.space.observe(lambda change: setattr(wire.space, "z", np.round(change.new)), "z")
    content, (z, _) = wire.say({"op": "z", "seq": 3}, [0.6, 0.4, 1.2, -0.7])
    assert content["seq"] == 3
    assert np.frombuffer(z, np.float32).tolist() == [1, 0, 1, -1]


def test_versions_only_grow(wire):
    wire.sent.clear()
    for value in range(50):
        wire.space._receive(
            None,
            {"op": "z", "client": "me", "seq": value, "channel": "z"},
            [memoryview(np.full(4, value, np.float32).tobytes())],
        )
    assert wire.space.wait()
    frames = [content for content, _ in wire.sent if content["kind"] == "frame"]
    versions = [content["version"] for content in frames]
    assert versions == sorted(set(versions))
    assert frames[-1]["seq"] == 49


def test_every_page_learns_that_its_request_was_overtaken(wire):
    latents = [("a", 1, 1.0), ("a", 2, 2.0), ("b", 1, 3.0)]
    with wire.space._feed._lock:  # so that the private thread sees only the last
        for client, seq, value in latents:
            wire.space._receive(
                None,
                {"op": "z", "client": client, "seq": seq, "channel": "z"},
                [memoryview(np.full(4, value, np.float32).tobytes())],
            )
    assert wire.space.wait()
    frames = [content for content, _ in wire.sent if content["kind"] == "frame"]
    assert frames[-1]["answered"] == {"a": 2, "b": 1}
    wire.space.z = [9, 9, 9, 9]
    assert wire.space.wait()
    assert wire.sent[-1][0]["client"] is None
    assert wire.sent[-1][0]["answered"] == {"a": 2, "b": 1}


def test_a_request_that_comes_after_a_newer_one_is_too_late(wire):
    wire.say({"op": "z", "seq": 12}, [2, 2, 2, 2])
    wire.say({"op": "z", "seq": 11}, [1, 1, 1, 1])
    np.testing.assert_array_equal(wire.space.z, [2, 2, 2, 2])


def test_a_hand_that_only_comes_to_rest_takes_back_nothing_that_came_after_its_moves(wire):
    moving = {"op": "z", "gesture": "g", "moving": True}
    wire.say(dict(moving), [2, 2, 2, 2])
    wire.space.z = [5, 5, 5, 5]
    content, (z, _) = wire.say({"op": "z", "gesture": "g"}, [2, 2, 2, 2])
    assert content["answered"] == {"me": 2}
    assert np.frombuffer(z, np.float32).tolist() == [5, 5, 5, 5]
    np.testing.assert_array_equal(wire.space.z, [5, 5, 5, 5])
    assert wire.space.undo()
    np.testing.assert_array_equal(wire.space.z, [2, 2, 2, 2])


def test_a_hand_that_comes_to_rest_elsewhere_or_moves_again_wins(wire):
    wire.say({"op": "z", "gesture": "g", "moving": True}, [2, 2, 2, 2])
    wire.space.z = [5, 5, 5, 5]
    wire.say({"op": "z", "gesture": "g"}, [3, 3, 3, 3])
    np.testing.assert_array_equal(wire.space.z, [3, 3, 3, 3])
    for gesture in ("h", None):
        wire.space.z = [5, 5, 5, 5]
        wire.say({"op": "z", "gesture": gesture}, [3, 3, 3, 3])
        np.testing.assert_array_equal(wire.space.z, [3, 3, 3, 3])


def test_two_threads_that_write_at_once_settle(wire):
    space, changes = wire.space, []
    space.observe(lambda change: changes.append(change.new), "z")

    def write(value):
        for step in range(200):
            space.z = np.full(4, value + step / 1000, np.float32)

    threads = [threading.Thread(target=write, args=(value,)) for value in (1.0, 2.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(changes) <= 400
    assert space.wait()
    assert bool(space.value == space.z)
    assert np.frombuffer(wire.sent[-1][1][0], np.float32).tolist() == space.z.tolist()


def test_questions_are_answered(wire):
    space = wire.space
    content, (pixels,) = wire.say({"op": "decode"}, [[0, 0, 0, 0], [9, 9, 9, 9]])
    assert content["shape"] == [2, 8, 8, 1]
    assert set(pixels) == {128, 255}
    content, (pixels, z) = wire.say({"op": "rows", "rows": [2, 5]})
    np.testing.assert_array_equal(np.frombuffer(z, np.float32), space.points[[2, 5]].ravel())
    np.testing.assert_array_equal(np.frombuffer(pixels, np.uint8), space.pictures([2, 5]).ravel())
    content, (z,) = wire.say({"op": "mean", "column": "label", "category": "b"})
    assert content["count"] == 4
    np.testing.assert_allclose(
        np.frombuffer(z, np.float32), space.points[[2, 3, 8, 9]].mean(0), rtol=1e-6
    )
    content, _ = wire.say({"op": "nearest", "k": 3}, space.points[4])
    assert content["rows"][0] == 4
    assert content["distances"][0] == 0
    _, (z,) = wire.say({"op": "sample"})
    assert len(z) == 16
    wire.say({"op": "z"}, [1, 1, 1, 1])
    wire.say({"op": "undo"})
    assert bool(space.z == space.home)
    wire.say({"op": "redo"})
    np.testing.assert_array_equal(space.z, [1, 1, 1, 1])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"op": "__init__"}, "op must be one of"),
        ({"op": "rows", "rows": [99]}, "ids from 0 to 11, got 99"),
        ({"op": "rows", "rows": []}, "at least one row"),
        ({"op": "rows", "rows": {"a": 1}}, "rows must be"),
        ({"op": "mean", "rows": []}, "at least one row"),
        ({"op": "mean", "column": "hue", "category": "a"}, "column must be one of"),
        ({"op": "mean", "column": "label", "category": "z"}, "category must be one of"),
        ({"op": "nearest"}, "one latent buffer"),
    ],
)
def test_a_bad_question_gets_one_sentence(wire, content, said):
    before = wire.space.z
    answer, _ = wire.say(content)
    assert answer["kind"] == "reply"
    assert said in answer["error"]
    assert wire.space.z is before


def test_a_bad_latent_changes_nothing(wire):
    before = wire.space.z
    for latent in ([1, 2, 3], [np.nan] * 4):
        answer, _ = wire.say({"op": "z"}, latent)
        assert answer["kind"] == "notice"
        assert "latent buffer must hold" in answer["error"]
        assert wire.space.z is before


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_OPS = st.sampled_from(["z", "decode", "rows", "mean", "nearest", "sample", "undo", "redo"])


def test_no_message_can_break_a_space():
    wire = Wire()

    @settings(max_examples=150, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(["rows", "column", "category", "k", "seq", "gesture"]), _JSON
        ),
        _OPS | st.text(max_size=6),
        st.lists(st.binary(max_size=40), max_size=2),
    )
    def throw(content, op, buffers):
        message = {"client": "me", "channel": "c", **content, "op": op}
        wire.space._receive(None, message, [memoryview(raw) for raw in buffers])

    throw()
    for odd in (None, 7, [], "z"):
        wire.space._receive(None, odd, [])
    assert wire.space.wait()
    assert wire.space.z.shape == (4,)
    assert np.isfinite(wire.space.z).all()
    wire.say({"op": "z", "client": "another"}, [1, 2, 3, 4])
    np.testing.assert_array_equal(wire.space.z, [1, 2, 3, 4])
    wire.space.close()
