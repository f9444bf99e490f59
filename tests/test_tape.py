"""The tape: everything a hand did is undone, done again, read, saved, shared and replayed."""

import json
import threading
import time
import zlib
from base64 import urlsafe_b64encode

import numpy as np
import pytest
import traitlets as t
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from toys import Painter

import latent_widgets as lw
from latent_widgets.frame import Asker
from latent_widgets.space import LatentSpace
from latent_widgets.tape import Tape

POINTS = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
# What a hand leaves behind has all its digits.
NUMBERS = st.floats(-4, 4, width=32)


class Panel(t.HasTraits):
    metric = t.Unicode("slerp")
    n = t.Int(11)
    ends = t.List(t.Float())


def make():
    space = LatentSpace(Painter(), points=POINTS)
    panel = Panel()
    space.record("strip", panel, ["metric", "n", "ends"])
    return space, panel


def stand(space, panel):
    return (
        space.z.tobytes(),
        tuple(space.selection),
        (panel.metric, panel.n, tuple(panel.ends)),
        space.image.tobytes(),
    )


@pytest.fixture
def both():
    space, panel = make()
    yield space, panel
    space.close()


class Gestures(RuleBasedStateMachine):
    """Two hundred gestures; then all of them back, forward, and again elsewhere."""

    def __init__(self):
        super().__init__()
        self.space, self.panel = make()
        self.drags = 0

    @initialize(z=st.lists(NUMBERS, min_size=4, max_size=4))
    def begin(self, z):
        self.space.z = z

    @rule(z=st.lists(NUMBERS, min_size=4, max_size=4))
    def move(self, z):
        self.space.z = z

    @rule(path=st.lists(st.lists(NUMBERS, min_size=4, max_size=4), min_size=1, max_size=4))
    def drag(self, path):
        self.drags += 1
        for z in path:
            with self.space._feed.asked_by(Asker("page", 0, f"drag {self.drags}")):
                self.space.z = z

    @rule(row=st.integers(0, 29))
    def click(self, row):
        self.space.z = self.space.points[row]

    @rule(rows=st.lists(st.integers(0, 29), unique=True))
    def select(self, rows):
        self.space.selection = rows

    @rule(metric=st.sampled_from(["linear", "slerp"]), n=st.integers(2, 64))
    def choose(self, metric, n):
        self.panel.metric = metric
        self.panel.n = n

    @rule(ends=st.lists(NUMBERS, max_size=3))
    def pull(self, ends):
        self.panel.ends = ends

    @rule()
    def home(self):
        self.space.reset()

    @rule(steps=st.integers(1, 4))
    def undo(self, steps):
        for _ in range(steps):
            self.space.undo()

    @rule()
    def redo(self):
        self.space.redo()

    def teardown(self):
        space, panel, tape = self.space, self.panel, self.space.tape
        last, count = stand(space, panel), tape.at
        stands = []
        while space.undo():
            stands.append(stand(space, panel))
        assert len(stands) == count
        assert stands[-1:] in ([], [(space.home.tobytes(), (), ("slerp", 11, ()), self.first)])
        for before in reversed([last, *stands[:-1]]):
            if count:
                assert space.redo()
                assert stand(space, panel) == before
        fresh, other = make()
        Tape.from_share(tape.share()).replay(fresh)
        assert stand(fresh, other) == last
        assert fresh.tape.to_json() == tape.to_json()
        fresh.close()
        space.close()

    @property
    def first(self):
        return self.space.image.tobytes()


Gestures.TestCase.settings = settings(
    max_examples=12, stateful_step_count=200, deadline=None, derandomize=True, database=None
)
test_gestures_are_undone_redone_and_replayed = Gestures.TestCase


def test_code_says_it_the_nicest_way_and_does_the_same(both):
    space, panel = both
    third = np.float32(1) / 3
    space.z = [third, 1e-8, -1, 0]
    space.z = space.points[12]
    space.reset()
    space.selection = [3, 1]
    panel.metric = "linear"
    space.z = space.points[4]
    space.undo()
    assert space.tape.lines() == [
        "space.z = [0.33333334, 1e-08, -1.0, 0.0]",
        "space.z = space.points[12]",
        "space.reset()",
        "space.selection = [3, 1]",
        "strip.metric = 'linear'",
        "space.z = space.points[4]",
    ]
    assert "points[4]" not in space.tape.code()
    # As somebody would paste it, with a panel of their own.
    fresh, strip = make()
    code = space.tape.code().split("\n", 3)[3]
    exec(code, {"space": fresh, "strip": strip})  # noqa: S102 - our own words
    assert stand(fresh, strip) == stand(space, panel)
    fresh.close()


def test_code_makes_a_bundled_space_itself():
    tape = Tape("faces", 1, {"z": np.float32([0]), "selection": []})
    tape.record("z", np.float32([2]))
    assert tape.code() == (
        "import latent_widgets as lw\n\nspace = lw.LatentSpace('faces')\n"
        "space.z = [0.0]\nspace.z = [2.0]\n"
    )


def test_long_latents_are_shortened_for_people_only():
    tape = Tape(None, 9, {"z": np.zeros(9, np.float32), "selection": []})
    tape.record("z", np.arange(9, dtype=np.float32))
    assert tape.lines(short=True) == ["space.z = [0, 1, 2, 3, …5 more]"]
    assert tape.lines() == ["space.z = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]"]


def test_any_place_of_the_tape_can_be_reached(both):
    space, panel = both
    space.z = [1, 1, 1, 1]
    space.selection = [5]
    panel.n = 3
    space.go(1)
    assert (space.selection, panel.n, space.tape.at) == ([], 11, 1)
    space.go(3)
    assert (space.selection, panel.n) == ([5], 3)
    with pytest.raises(ValueError, match="at must be from 0 to 3, got 9"):
        space.go(9)


def test_a_second_panel_has_a_name_of_its_own(both):
    space, _ = both
    other = Panel()
    assert space.record("strip", other, ["n"]) == "strip_2"
    other.n = 5
    assert space.tape.lines() == ["strip_2.n = 5"]
    del other
    assert space.undo()


@pytest.mark.parametrize("name", ["space", "Strip", "a b", "import os"])
def test_a_name_that_is_none_is_refused(both, name):
    with pytest.raises(ValueError, match="name must be"):
        both[0].record(name, Panel(), ["n"])


def test_what_is_no_plain_value_is_refused(both):
    class Odd(t.HasTraits):
        thing = t.Any(object())

    with pytest.raises(TypeError, match="plain values"):
        both[0].record("odd", Odd(), ["thing"])
    assert set(both[0].tape.panels) == {"strip"}


def test_a_tape_of_another_space_leaves_this_one_alone(both):
    space, panel = both
    before = stand(space, panel)
    start = {"z": [0.0] * 4, "selection": []}
    fits = {"name": None, "latent_dim": 4, "panels": {}, "start": start, "at": 1}
    for change, word in [
        ({"entries": [["selection", [99]]]}, "ids from 0 to 29"),
        ({"entries": [["selection", [1]]], "name": "faces"}, "belongs to space 'faces'"),
        (
            {
                "entries": [["tray.n", 4]],
                "start": {**start, "tray.n": 3},
                "panels": {"tray": "Tray"},
            },
            r"sets tray\.n, which",
        ),
        (
            {
                "entries": [["z", [1.0] * 4], ["strip.n", "x"]],
                "start": {**start, "strip.n": 3},
                "panels": {"strip": "Panel"},
                "at": 2,
            },
            "expected an int",
        ),
    ]:
        document = {"format": "latent_widgets tape", "version": 1, **fits, **change}
        tape = Tape.from_json(json.dumps(document))
        with pytest.raises((ValueError, t.TraitError), match=word):
            tape.replay(space)
        assert stand(space, panel) == before


GOOD = {
    "format": "latent_widgets tape",
    "version": 1,
    "name": None,
    "latent_dim": 2,
    "panels": {"strip": "Panel"},
    "start": {"z": [0, 0], "selection": [], "strip.n": 3},
    "entries": [["z", [1, 2]]],
    "at": 1,
}


def test_the_good_document_is_read():
    assert Tape.from_json(json.dumps(GOOD)).lines() == ["space.z = [1.0, 2.0]"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"format": "x"}, "other JSON"),
        ({"version": 2}, "version 1"),
        ({"name": 3}, "name"),
        ({"latent_dim": True}, "latent_dim"),
        ({"panels": {"os; x": "Panel"}}, "panels"),
        ({"panels": {"import": "Panel"}}, "panels"),
        ({"panels": {"strip": "eval(1)"}}, "panels"),
        ({"start": {"z": [0, 0]}}, "start"),
        ({"start": {"z": [0], "selection": []}}, "2 finite numbers"),
        ({"start": {"z": [0, 1e39], "selection": []}}, "2 finite numbers"),
        ({"start": {"z": [0, 0], "selection": [-1]}}, "row ids"),
        ({"start": {"z": [0, 0], "selection": [True]}}, "row ids"),
        ({"start": {"z": [0, 0], "selection": [], "strip.__class__": 3}}, "trait of a panel"),
        ({"start": {"z": [0, 0], "selection": [], "other.n": 3}}, "what 'other' is"),
        ({"entries": [["z", [1, 2], 3]]}, "key and a value"),
        ({"entries": [["strip.metric", "x"]]}, "what the start has"),
        ({"entries": {}}, "entries"),
        ({"at": 2}, "from 0 to 1"),
        ({"at": -1}, "at"),
    ],
)
def test_a_document_that_is_no_tape_is_refused(change, word):
    with pytest.raises(ValueError, match=word):
        Tape.from_json(json.dumps({**GOOD, **change}))


def test_text_that_is_no_document_is_refused():
    deep = {**GOOD["start"], "strip.n": json.loads("[" * 12 + "]" * 12)}
    for text in ("{", "[" * 100_000, "NaN", json.dumps({**GOOD, "start": deep}), None):
        with pytest.raises(ValueError, match="tape"):
            Tape.from_json(text)


def test_a_shared_string_is_short_and_is_checked(both, monkeypatch):
    space, panel = both
    for row in range(20):
        space.z = space.points[row]
    panel.ends = [0.5]
    shared = space.tape.share()
    assert len(shared) < len(space.tape.to_json())
    assert Tape.from_share(f" {shared}\n").to_json() == space.tape.to_json()
    middle = len(shared) // 2
    other = "A" if shared[middle] != "A" else "B"
    for damaged in (shared[:-4], shared[:middle] + other + shared[middle + 1 :], "lw1.", "x", 3):
        with pytest.raises(ValueError, match="shared must be a string"):
            Tape.from_share(damaged)
    monkeypatch.setattr("latent_widgets.tape_text.MOST_TEXT", 1000)
    raw = b" " * 100_000
    bomb = zlib.crc32(raw).to_bytes(4, "big") + zlib.compress(raw)
    with pytest.raises(ValueError, match="at most 1,000 characters"):
        Tape.from_share("lw1." + urlsafe_b64encode(bomb).decode().rstrip("="))


def test_a_strip_is_on_the_tape():
    space = LatentSpace(Painter(), points=POINTS)
    strip = lw.InterpolationStrip(space)
    before = strip.a.copy()
    strip.metric = "linear" if strip.metric != "linear" else "slerp"
    strip.a = [1, 2, 3, 4]
    assert space.tape.lines()[1] == "strip.a = [1.0, 2.0, 3.0, 4.0]"
    assert "strip = lw.InterpolationStrip(space)" in space.tape.code()
    space.undo()
    assert (strip.a == before).all()
    strip.close()
    space.close()


def test_what_fits_no_tape_is_said():
    space = LatentSpace(Painter(), points=POINTS)
    strip = lw.InterpolationStrip(space)
    strip.a = [1, 2, 3, 4]
    other = LatentSpace(Painter(), points=POINTS)
    with pytest.raises(ValueError, match=r"make one of lw\.InterpolationStrip first, as 'strip'"):
        space.tape.replay(other)
    for place in ("end", 1.5):
        with pytest.raises(ValueError, match="at must be from 0 to 1, got"):
            space.go(place)
    assert space.tape.at == 1
    other.close()
    space.close()


def test_no_move_waits_while_a_tape_is_written():
    writing, may_end = threading.Event(), threading.Event()

    def place(_):
        writing.set()
        assert may_end.wait(20)

    tape = Tape(None, 2, {"z": np.zeros(2), "selection": []}, place)
    tape.record("z", np.ones(2))
    for write in (tape.lines, tape.code):
        writing.clear()
        may_end.clear()
        writer = threading.Thread(target=write)
        writer.start()
        assert writing.wait(20)
        mover = threading.Thread(target=tape.record, args=("z", np.full(2, len(tape) + 1.0)))
        mover.start()
        mover.join(5)
        moved = not mover.is_alive()
        may_end.set()
        writer.join(20)
        mover.join(20)
        assert moved


def test_a_tape_that_sets_very_much_at_once_is_read_at_once():
    keys = [f"strip.a{i}" for i in range(9000)]
    start = {**GOOD["start"], **dict.fromkeys(keys, 0)}
    entry = [part for key in reversed(keys) for part in (key, 1)]
    begun = time.process_time()
    tape = Tape.from_json(json.dumps({**GOOD, "start": start, "entries": [entry]}))
    # One by one they took half a minute.
    assert time.process_time() - begun < 5
    assert list(tape.entries[0].values) == keys
    more = {f"strip.b{i}": 0 for i in range(2000)}
    with pytest.raises(ValueError, match="at most 10,000 keys"):
        Tape.from_json(json.dumps({**GOOD, "start": {**start, **more}}))


def test_numbers_beyond_all_floats_are_refused_in_a_sentence():
    space = LatentSpace(Painter(), points=POINTS)
    vast, state = 10**400, space.state()
    one = {"vector": [1, 0, 0, 0], "base": [0] * 4, "scale": 1, "method": "", "about": ""}
    for change in (
        {"z": [vast, 0, 0, 0]},
        {"favourites": [[vast, 0, 0, 0]]},
        {"directions": {"a": {**one, "vector": [vast, 0, 0, 0]}}},
        {"directions": {"a": {**one, "scale": vast}}},
    ):
        with pytest.raises((ValueError, t.TraitError), match="must"):
            space.load_state({**state, **change})
        assert space.state() == state
    space.close()
