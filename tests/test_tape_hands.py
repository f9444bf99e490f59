"""What hands do in every panel is undone, done again and replayed: each gesture is one entry."""

import json
import threading

import numpy as np
import pytest
import traitlets as t
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from toys import Painter

import latent_widgets as lw
from latent_widgets.frame import Asker
from latent_widgets.panels.compare import PathStrips
from latent_widgets.space import LatentSpace
from latent_widgets.tape import Tape
from latent_widgets.tape_text import plain

POINTS = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
PANELS = {
    "arithmetic": lw.ArithmeticPanel,
    "mixing": lw.MixingPanel,
    "samples": lw.SampleSheet,
    "scatter": lw.ScatterProjection,
    "strip": lw.InterpolationStrip,
    "compare": PathStrips,
}
# What a hand sets, and what comes of it.
SEEN = {
    "arithmetic": ("expression", "terms", "typed", "kept", "analogy"),
    "mixing": ("rows", "columns", "dims", "layer", "grid"),
    "samples": ("n", "seed", "kind", "truncation", "method", "latents", "favourites"),
    "scatter": ("method", "dim", "axes", "color", "areas", "area_names", "dabs", "line", "xy"),
    "strip": ("a", "b", "n", "metric"),
    "compare": ("a", "b", "n"),
}
# Nobody sees on which side of zero a number is.
NUMBERS = st.floats(-2, 2, width=32).map(lambda number: number + 0.0)
LATENTS = st.lists(NUMBERS, min_size=4, max_size=4)
ROWS = st.integers(0, 29)


class House:
    """A space with one panel of each kind."""

    def __init__(self):
        labels = [f"kind {i % 3}" for i in range(30)]
        self.space = LatentSpace(Painter(), points=POINTS, labels=labels)
        for name, kind in PANELS.items():
            options = {"metrics": ["linear"]} if kind is PathStrips else {}
            setattr(self, name, kind(self.space, **options))

    def stand(self):
        space = self.space
        found = {"z": space.z.tobytes(), "selection": tuple(space.selection)}
        found["names"] = repr(space.region_names)
        found["favourites"] = np.asarray(space.favourites, np.float32).tobytes()
        found["directions"] = [
            (name, one.vector.tobytes(), one.base.tobytes(), one.scale, one.method, one.about)
            for name, one in space.directions.items()
        ]
        found["image"] = space.image.tobytes()
        for panel, traits in SEEN.items():
            for trait in traits:
                value = getattr(getattr(self, panel), trait)
                if isinstance(value, np.ndarray):
                    value = np.ascontiguousarray(value).tobytes()
                found[f"{panel}.{trait}"] = repr(value)
        return found

    def close(self):
        for name in PANELS:
            getattr(self, name).close()
        self.space.close()


def differing(one, other):
    return {key: (one[key], other[key]) for key in one if one[key] != other[key]}


@pytest.fixture
def house():
    made = House()
    yield made
    made.close()


class Hands(RuleBasedStateMachine):
    """Two hundred gestures; then all of them back, forward, and again elsewhere."""

    def __init__(self):
        super().__init__()
        self.house = House()
        self.first = self.house.stand()
        self.drags = 0

    def drag(self):
        self.drags += 1
        return f"page-{self.drags}"

    @rule(path=st.lists(LATENTS, min_size=1, max_size=3))
    def move(self, path):
        drag = self.drag()
        for z in path:
            with self.house.space._feed.asked_by(Asker("page", 0, drag)):
                self.house.space.z = z

    @rule(rows=st.lists(ROWS, unique=True, max_size=4))
    def select(self, rows):
        self.house.space.selection = rows

    @rule(z=LATENTS, path=st.lists(NUMBERS, min_size=1, max_size=3))
    def weigh(self, z, path):
        """A slider of the sum is dragged, and z follows."""
        house, drag = self.house, self.drag()
        count = len(house.space.tape)
        for weight in path:
            chips = [*house.arithmetic.terms[:2], {"weight": weight, "name": "it", "z": z}]
            house.arithmetic.set_state({"gesture": drag, "terms": chips})
            with house.space._feed.asked_by(Asker("page", 0, drag)):
                house.arithmetic.send()
        assert len(house.space.tape) <= count + 1

    @rule(text=st.sampled_from(["z + 0.5*row(3)", "2*(row(1) - home)", "5*row(1)", "", "-row(2)"]))
    def say(self, text):
        self.house.arithmetic.expression = text

    @rule()
    def keep(self):
        panel = self.house.arithmetic
        if panel.expression:
            panel.keep()

    @rule()
    def forget(self):
        panel = self.house.arithmetic
        if panel.kept:
            panel.forget(next(iter(panel.kept)))

    @rule()
    def undo_sum(self):
        self.house.arithmetic.undo()

    @rule(z=LATENTS, i=st.integers(0, 2))
    def liken(self, z, i):
        slots = [dict(slot) for slot in self.house.arithmetic.analogy]
        slots[i] = {"name": "row 7", "z": z}
        self.house.arithmetic.set_state({"analogy": slots})

    @rule(side=st.sampled_from(["rows", "columns"]), n=st.integers(1, 3), seed=st.integers(0, 3))
    def mix(self, side, n, seed):
        self.house.mixing.take(side, "samples", n, seed=seed)

    @rule(dims=st.lists(st.integers(0, 3), unique=True))
    def take_dims(self, dims):
        self.house.mixing.set_state({"dims": sorted(dims)})

    @rule(seed=st.integers(0, 9), n=st.integers(1, 3))
    def draw(self, seed, n):
        self.house.samples.seed = seed
        self.house.samples.set_state({"n": n})

    @rule(how=st.sampled_from([("psi", 0.5), ("resample", 2.0), ("psi", None)]))
    def truncate(self, how):
        self.house.samples.set_state({"truncation": how[1], "method": how[0]})

    @rule()
    def star(self):
        self.house.samples.keep(0)

    @rule()
    def unstar(self):
        self.house.space.favourites = self.house.space.favourites[1:]

    @rule(name=st.sampled_from("abc"), vector=LATENTS.filter(any))
    def add(self, name, vector):
        if name not in self.house.space.directions:
            self.house.space.add_direction(name, vector)

    @rule(new=st.sampled_from("abc"))
    def rename(self, new):
        known = self.house.space.directions
        if known and new not in known:
            self.house.space.rename_direction(next(iter(known)), new)

    @rule()
    def remove(self):
        known = self.house.space.directions
        if known:
            self.house.space.remove_direction(next(iter(known)))

    @rule(dim=st.sampled_from([2, 3]), method=st.sampled_from(["pca", "axes", "random"]))
    def chart(self, dim, method):
        self.house.scatter.dim = dim
        self.house.scatter.method = method

    @rule(axes=st.lists(st.integers(0, 3), min_size=2, max_size=2, unique=True))
    def turn(self, axes):
        self.house.scatter.set_state({"dim": 2, "method": "axes", "axes": axes})

    @rule(color=st.sampled_from([None, "label"]), name=st.sampled_from(["", "threes"]))
    def paint_and_name(self, color, name):
        self.house.scatter.color = color
        self.house.scatter.area_names["label=kind 0"] = name

    @rule(places=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=3))
    def brush(self, places):
        if self.house.scatter.projection.dim == 2:
            self.house.scatter.brush(places, 0.5)
            self.house.scatter.line = places

    @rule(row=ROWS)
    def swap(self, row):
        for panel in (self.house.strip, self.house.compare):
            ends = {"a": panel.b.tobytes(), "b": POINTS[row].tobytes()}
            panel.set_state(ends)

    @rule(steps=st.integers(1, 4))
    def undo(self, steps):
        for _ in range(steps):
            self.house.space.undo()

    @rule()
    def redo(self):
        self.house.space.redo()

    def teardown(self):
        house, tape = self.house, self.house.space.tape
        last, count = house.stand(), tape.at
        stands = []
        while house.space.undo():
            stands.append(house.stand())
        assert len(stands) == count
        assert differing(house.stand(), self.first) == {}
        for before in reversed([last, *stands[:-1]][:count]):
            assert house.space.redo()
            assert differing(house.stand(), before) == {}
        fresh = House()
        Tape.from_share(tape.share()).replay(fresh.space)
        assert differing(fresh.stand(), last) == {}
        assert fresh.space.tape.to_json() == tape.to_json()
        fresh.close()
        pasted = House()
        names = {name: getattr(pasted, name) for name in PANELS}
        made = tuple(f"{name} = lw." for name in PANELS)
        lines = tape.code().split("\n")
        code = "\n".join(line for line in lines if not line.startswith(made))
        exec(code, {"space": pasted.space, "lw": lw, **names})  # noqa: S102 - our own words
        assert differing(pasted.stand(), last) == {}
        pasted.close()
        house.close()


Hands.TestCase.settings = settings(
    max_examples=6, stateful_step_count=200, deadline=None, derandomize=True, database=None
)
test_gestures_in_panels_are_undone_redone_and_replayed = Hands.TestCase


def test_a_drag_of_the_sum_is_one_line_and_z_goes_with_it(house):
    panel, space = house.arithmetic, house.space
    for weight in (0.1, 0.2, 0.5):
        chips = [{"weight": weight, "name": "row 3", "z": POINTS[3].tolist()}]
        panel.set_state({"gesture": "page-1", "terms": chips})
        with space._feed.asked_by(Asker("page", 0, "page-1")):
            panel.send()
    assert len(space.tape) == 1
    line = space.tape.lines(short=True)[0]
    assert line.startswith("space.z = [")
    assert line.endswith("]; arithmetic.sum = {'expression': '0.5*z(\"row 3\")', …}")
    space.undo()
    assert (panel.expression, space.z.tolist()) == ("", space.home.tolist())


def test_the_two_ways_back_of_a_sum_do_not_fight(house):
    panel, space = house.arithmetic, house.space
    for text in ("row(1)", "row(1) + row(2)"):
        panel.expression = text
    space.z = [1, 1, 1, 1]
    assert panel.undo()
    # It took the sum back, not z, and is a gesture like any other.
    assert (panel.expression, space.z.tolist(), len(space.tape)) == ("row(1)", [1] * 4, 4)
    space.undo()
    assert (panel.expression, panel.steps) == ("row(1) + row(2)", 2)
    space.undo()
    space.undo()
    assert (panel.expression, panel.steps) == ("row(1)", 1)
    # What the tape took back is not there to be taken back once more.
    assert panel.undo()
    assert (panel.expression, panel.steps) == ("", 0)


def test_a_sum_means_what_it_meant_when_it_was_typed(house):
    panel, space = house.arithmetic, house.space
    space.z = POINTS[5]
    panel.expression = "z - row(2)"
    meant = panel.result
    space.z = POINTS[9]
    panel.expression = "row(1)"
    space.undo()
    assert panel.expression == "z - row(2)"
    np.testing.assert_array_equal(panel.result, meant)


def test_directions_are_lines_with_their_vectors(house):
    space = house.space
    found = lw.analysis.direction(POINTS, np.arange(30) % 2, method="mean")
    kept = space.add_direction("smile", found)
    space.rename_direction("smile", "grin")
    space.remove_direction("grin")
    added, renamed, removed = space.tape.lines()
    assert added.startswith(f"space.add_direction('smile', lw.analysis.Direction([{kept.vector[0]}")
    assert renamed == "space.rename_direction('smile', 'grin')"
    assert removed == "space.remove_direction('grin')"
    space.undo()
    # It is the very one, with the rows that it can be judged by.
    assert space.directions["grin"].evidence is kept.evidence
    other = LatentSpace(Painter(), points=POINTS)
    exec(f"{added}\n{renamed}", {"space": other, "lw": lw})  # noqa: S102 - our own words
    assert other._told_directions() == space._told_directions()
    other.close()


def test_favourites_are_lines_of_what_changed(house):
    space = house.space
    space.favourites = [[0.1, 0, 0, 0]]
    space.favourites = [*space.favourites, [0, 1, 0, 0], [0, 0, 1, 0]]
    space.favourites = space.favourites[[0, 2]]
    space.favourites = []
    assert space.tape.lines() == [
        "space.favourites = [[0.1, 0.0, 0.0, 0.0]]",
        "space.favourites = [*space.favourites, [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]",
        "space.favourites = [*space.favourites[:1], *space.favourites[2:]]",
        "space.favourites = []",
    ]


def test_undone_favourites_are_replayed_and_undone_there(house):
    space = house.space
    for count in (1, 2, 3):
        space.favourites = POINTS[:count]
    space.undo()
    other = LatentSpace(Painter(), points=POINTS)
    Tape.from_json(space.tape.to_json()).replay(other)
    assert (len(other.favourites), other.tape.at, len(other.tape)) == (2, 2, 3)
    other.redo()
    assert len(other.favourites) == 3
    other.close()


def test_what_must_change_together_is_one_line(house):
    house.samples.set_state({"truncation": 2.0, "method": "resample"})
    house.scatter.dim = 3
    line = "samples.truncation = 2.0; samples.method = 'resample'"
    assert house.space.tape.lines() == [
        f"with samples.hold_trait_notifications(): {line}",
        "with scatter.hold_trait_notifications(): scatter.dim = 3; scatter.axes = [0, 1, 2]",
    ]
    house.space.go(0)
    assert (house.samples.method, house.samples.truncation) == ("psi", None)
    assert (house.scatter.dim, house.scatter.axes) == (2, [0, 1])


def test_hands_that_rest_between_are_two_gestures(house, monkeypatch):
    panel = house.samples
    now = [100.0]
    monkeypatch.setattr("latent_widgets.panels.panel.time.monotonic", lambda: now[0])
    for seconds, seed in ((0.1, 1), (0.3, 2), (0.5, 3), (0.1, 4)):
        now[0] += seconds
        panel.set_state({"seed": seed})
    panel.set_state({"n": 2})
    panel.seed = 5
    panel.seed = 6
    assert house.space.tape.lines() == [
        *("samples.seed = 2", "samples.seed = 4", "samples.n = 2"),
        *("samples.seed = 5", "samples.seed = 6"),
    ]


def test_paint_goes_with_its_map_and_comes_back_with_it(house):
    panel = house.scatter
    panel.brush([[0, 0], [1, 1]], 0.5)
    painted = panel.dabs
    panel.method = "axes"
    assert (len(panel.dabs), len(house.space.tape)) == (0, 2)
    house.space.undo()
    assert panel.method == "pca"
    np.testing.assert_array_equal(panel.dabs, painted)


def test_only_what_was_touched_must_be_there(house):
    house.space.z = POINTS[4]
    house.mixing.dims = [1]
    code = house.space.tape.code()
    assert "mixing = lw.MixingPanel(space)" in code
    assert "samples" not in code
    other = LatentSpace(Painter(), points=POINTS)
    mixing = lw.MixingPanel(other)
    Tape.from_share(house.space.tape.share()).replay(other)
    assert (other.z.tolist(), mixing.dims) == (POINTS[4].tolist(), [1])
    mixing.close()
    other.close()


def test_a_closed_panel_has_nothing_to_undo(house):
    sheet = lw.SampleSheet(house.space, n=2)
    sheet.seed = 7
    sheet.close()
    assert house.space.undo()
    assert sheet.seed == 7


@pytest.mark.parametrize(
    ("panel", "trait", "value"),
    [
        ("arithmetic", "sum", {"expression": "__import__('os')", "terms": [], "bound": {}}),
        ("arithmetic", "sum", {"expression": "", "terms": [{"z": [1, 2]}], "bound": {}}),
        ("arithmetic", "sum", {"expression": "", "terms": [{}] * 13, "bound": {}}),
        ("arithmetic", "sum", {"expression": "", "terms": [], "bound": {"z": {"z": ["x"] * 4}}}),
        ("arithmetic", "sum", {"other": 1}),
        ("arithmetic", "kept", {"<b>": [0, 0, 0, 0]}),
        ("arithmetic", "analogy", [{"z": [0, 0, 0, 0]}]),
        ("mixing", "rows", [[1, 2]]),
        ("mixing", "dims", [9]),
        ("samples", "n", 10_000),
        ("samples", "method", "eval"),
        ("scatter", "dabs", [[0, 0, -1, 1]]),
        ("scatter", "color", "nothing"),
        ("compare", "a", [1, 2]),
    ],
)
def test_what_does_not_fit_changes_nothing(house, panel, trait, value):
    house.space.z = POINTS[3]
    house.space.undo()
    before, tape = house.stand(), house.space.tape.to_json()
    key = f"{panel}.{trait}"
    document = {
        "format": "latent_widgets tape",
        "version": 1,
        "name": None,
        "latent_dim": 4,
        "panels": {panel: "Panel"},
        "start": {"z": [0] * 4, "selection": [], key: plain(house.space.tape.start[key])},
        "entries": [["z", [1.0] * 4, "selection", [1]], [key, value]],
        "at": 2,
    }
    with pytest.raises((ValueError, TypeError, t.TraitError)):
        Tape.from_json(json.dumps(document)).replay(house.space)
    assert differing(house.stand(), before) == {}
    assert house.space.tape.to_json() == tape


@pytest.mark.parametrize(
    ("key", "value", "word"),
    [
        ("directions", {"a": {"vector": [1, 0]}}, "must have vector, base"),
        ("directions", [1], "dict by name"),
        ("favourites", [[1, 2]], "4 finite numbers"),
        ("favourites", "x", "list of latents"),
        ("region_names", [{"name": 3}], "region_names must hold"),
        ("region_names", {}, "list of dicts"),
    ],
)
def test_what_no_space_can_have_is_refused(house, key, value, word):
    document = json.loads(house.space.tape.to_json())
    document["start"][key] = value
    before = house.stand()
    with pytest.raises(ValueError, match=word):
        Tape.from_json(json.dumps(document)).replay(house.space)
    assert differing(house.stand(), before) == {}


def test_an_entry_of_other_than_pairs_is_refused(house):
    document = json.loads(house.space.tape.to_json())
    for entry in (["z"], ["z", [0] * 4, "z", [1] * 4], [["z"], 1], []):
        with pytest.raises(ValueError, match="a key and a value, or several such"):
            Tape.from_json(json.dumps({**document, "entries": [entry]}))


def test_a_tape_too_long_to_share_says_so(house, monkeypatch):
    monkeypatch.setattr("latent_widgets.tape_text._MOST_PACKED", 50)
    with pytest.raises(ValueError, match="save its to_json"):
        house.space.tape.share()


def test_what_came_with_a_file_is_no_gesture(tmp_path):
    model = lw.VAE((1, 8, 8), latent_dim=3, channels=(4, 8), hidden=8)
    space = LatentSpace(model)
    space.add_direction("smile", [1, 0, 0])
    lw.save(space, tmp_path / "space.safetensors")
    again = lw.load(tmp_path / "space.safetensors")
    assert (list(again.directions), len(again.tape)) == (["smile"], 0)
    again.remove_direction("smile")
    again.undo()
    assert list(again.directions) == ["smile"]
    again.close()
    space.close()


def test_what_a_page_should_not_have_said_is_taken_back(house):
    with pytest.raises(ValueError, match="n must be"):
        house.samples.set_state({"n": 10_000, "seed": 3})
    assert (house.samples.n, house.samples.seed, len(house.space.tape)) == (24, 0, 0)


def test_paint_is_wiped_at_once(house):
    house.scatter.brush([[0, 0], [1, 1]], 0.5)
    house.scatter.line = [[0, 0], [1, 1]]
    house.scatter.clear_brush()
    assert len(house.space.tape) == 3
    house.space.undo()
    assert (len(house.scatter.dabs), len(house.scatter.line)) == (2, 2)


def test_paint_that_a_map_takes_with_it_when_it_comes_is_back_with_the_map_before(house):
    panel, space = house.scatter, house.space
    panel.brush([[0, 0], [1, 1]], 0.5)
    panel.settings = {"perplexity": 5, "iterations": 20}
    panel.method = "tsne"
    assert panel.wait()
    assert (panel.projection.method, len(panel.dabs)) == ("tsne", 0)
    assert list(space.tape.entries[-1].values) == ["scatter.method", "scatter.dabs"]
    space.undo()
    assert (panel.projection.method, len(panel.dabs)) == ("pca", 2)
    space.redo()
    assert panel.wait()
    assert (panel.projection.method, len(panel.dabs)) == ("tsne", 0)


def test_it_is_back_too_where_z_moved_before_the_map_came(house, monkeypatch):
    panel, space = house.scatter, house.space
    panel.brush([[0, 0], [1, 1]], 0.5)
    moved, project = threading.Event(), panel._project

    def late(asked, **told):
        # Whether it is known already is asked first.
        if "snapshot" in told:
            assert moved.wait(20)
        return project(asked, **told)

    monkeypatch.setattr(panel, "_project", late)
    panel.method = "tsne"
    space.z = POINTS[3]
    moved.set()
    assert panel.wait()
    assert (panel.projection.method, len(panel.dabs)) == ("tsne", 0)
    for _ in range(3):
        space.undo()
    assert (panel.projection.method, len(panel.dabs)) == ("pca", 2)
