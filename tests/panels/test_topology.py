"""The topology panel and its film, on the Python side."""

from __future__ import annotations

import threading
import time
import warnings

import ipywidgets as w
import numpy as np
import pytest
import torch
from ipywidgets.widgets import widget as registry
from toys import Layer

from latent_widgets import FilmStrip, LatentSpace, TopologyPanel, datasets
from latent_widgets.geometry import Hypersphere
from latent_widgets.panels import topology

with warnings.catch_warnings():
    # A part of bqplot declares its dates the way of an older traitlets.
    warnings.simplefilter("ignore", DeprecationWarning)
    import bqplot

ANGLE = np.arange(24) / 24 * 2 * np.pi
RING = np.stack([np.cos(ANGLE), np.sin(ANGLE), 0 * ANGLE], axis=1).astype(np.float32)


@pytest.fixture
def space():
    torch.manual_seed(0)
    # A ring, and a row of points beside it.
    clump = np.array([4, 0, 0]) + 0.02 * np.arange(10)[:, None]
    made = LatentSpace(Layer(), points=np.concatenate([RING, clump]), device="cpu")
    yield made
    made.close()


@pytest.fixture
def panel(space):
    made = TopologyPanel(space)
    assert made.wait(30)
    yield made
    made.close()


def words(panel):
    """All that the panel says."""
    parts = [panel]
    for part in parts:
        parts += getattr(part, "children", ())
    return " ".join(part.value for part in parts if isinstance(part, w.HTML | w.Label))


def drawn(space, name):
    return np.frombuffer(space.overlays[name]["edges"], np.int32).reshape(-1, 2).tolist()


def test_it_computes_by_itself(panel):
    assert list(panel.diagram) == [0, 1]
    np.testing.assert_allclose(panel.diagram[1], [[0.2610524, 1.7320508]], atol=1e-5)
    assert panel.bar is None
    assert "all 34 rows, exact" in words(panel)


def test_a_bar_of_h1_is_a_closed_film_around_its_hole(space, panel):
    panel.select_bar(1, 0)
    assert panel.bar == (1, 0)
    assert sorted(panel.cycle) == list(range(24))
    loop = panel.cycle.tolist()
    assert drawn(space, "cycle") == [list(pair) for pair in zip(loop, [*loop[1:], loop[0]])]  # noqa: B905
    assert panel.film.closed
    np.testing.assert_array_equal(panel.film.latents, space.points[loop])
    film = panel.film.at(np.linspace(0, 1, 9))
    np.testing.assert_array_equal(film[0], film[-1])
    # Around the middle once, and never through it.
    turns = np.unwrap(np.arctan2(film[:, 1], film[:, 0]))
    assert abs(turns[-1] - turns[0]) == pytest.approx(2 * np.pi, abs=1e-5)
    assert np.linalg.norm(film, axis=1).min() > 0.98
    assert "A loop of 24 rows" in words(panel)
    # It is seen, not gone to.
    np.testing.assert_array_equal(space.z, space.home)


def test_a_bar_of_h0_is_the_bridge_between_two_components(space, panel):
    panel.select_bar(0, 1)
    assert sorted(row >= 24 for row in panel.cycle) == [False, True]
    assert drawn(space, "cycle") == [panel.cycle.tolist()]
    assert not panel.film.closed
    assert "joins 10 to 24 landmarks" in words(panel)
    panel.select_bar(0, 0)
    assert len(panel.cycle) == len(panel.film.latents) == 0
    assert "cycle" not in space.overlays
    assert "joins no other" in words(panel)


def test_clicks_in_the_charts_choose(panel):
    charts = panel._charts
    charts._dots[1].selected = [0]
    assert panel.bar == (1, 0)
    assert charts._barcode._bars.selected.tolist() == [charts._barcode._order.index((1, 0))]
    charts._barcode._bars.selected = [1]
    assert panel.bar == (0, 1)
    assert charts._dots[0].selected.tolist() == [1]
    assert charts._dots[1].selected is None


def test_the_scale_counts_and_draws_the_graph(space, panel):
    panel.scale = 0.5
    assert "β₀ = 2 components, β₁ = 1 hole" in words(panel)
    edges = drawn(space, "rips")
    away = np.linalg.norm(np.diff(space.points[edges], axis=1), axis=2)
    # All pairs of the clump, and on the ring the one neighbour on each side.
    assert len(edges) == 24 + 45
    assert away.max() <= 0.5
    panel._controls.graph.value = False
    assert drawn(space, "rips") == []
    panel.scale = 0.0
    assert "β₀ = 34 components, β₁ = 0 holes" in words(panel)


def test_a_cap_on_edges_is_said(space, panel, monkeypatch):
    monkeypatch.setattr(topology, "_MOST_EDGES", 50)
    panel.scale = 0.5
    assert len(drawn(space, "rips")) == 50
    assert "50 shortest of 69 edges" in words(panel)


def test_the_selection_is_looked_at_once_it_rests(space, panel, monkeypatch):
    monkeypatch.setattr(topology, "_REST_SECONDS", 0.05)
    panel.select_bar(1, 0)
    space.selection = [1, 2, 3]
    space.selection = list(range(2, 30))
    end = time.monotonic() + 20
    while (panel.diagram is None or len(panel.diagram.rows) != 28) and time.monotonic() < end:
        time.sleep(0.02)
    assert panel.wait()
    np.testing.assert_array_equal(panel.diagram.rows, np.arange(2, 30))
    assert len(panel.diagram[1]) == 1
    # The old bar is no more.
    assert panel.bar is None
    assert "cycle" not in space.overlays
    panel.select_bar(1, 0)
    assert set(panel.cycle) <= set(range(2, 24))


def test_coefficients_dimension_and_landmarks(space):
    panel = TopologyPanel(space, coeff=3, landmarks=12)
    panel.wait()
    assert panel.diagram.coeff == 3
    assert len(panel.diagram.rows) == 12
    assert panel._charts._band.visible
    assert "covering radius" in words(panel)
    panel.max_dim = 2
    assert panel.wait()
    assert list(panel.diagram) == [0, 1, 2]
    assert panel._controls.max_dim.value == 2
    panel._controls.coeff.value = 2
    assert panel.wait()
    assert panel.diagram.coeff == 2
    panel.close()


def test_the_band_is_twice_the_error(space):
    panel = TopologyPanel(space, landmarks=16)
    panel.wait()
    wide = panel._charts._band.y[1]
    assert wide == pytest.approx(min(4 * panel.diagram.covering_radius, panel._charts.top))
    panel.select_bar(0, 8)
    assert "landmarks alone can make such a bar" in words(panel)
    panel.close()


def test_a_curved_space_is_measured_by_its_own_distance():
    points = Hypersphere().random(30, 3, torch.Generator().manual_seed(0)).numpy()
    space = LatentSpace(None, points=points, geometry=Hypersphere())
    panel = TopologyPanel(space)
    panel.wait()
    assert panel.metric == Hypersphere()
    assert panel.diagram.diameter > 2.5
    panel.select_bar(0, 1)
    np.testing.assert_allclose(np.linalg.norm(panel.film.at([0.2, 0.7]), axis=1), 1, atol=1e-6)
    panel.close()
    space.close()


def test_voids_have_no_film():
    points = np.concatenate([np.eye(3), -np.eye(3)])
    space = LatentSpace(None, points=points)
    panel = TopologyPanel(space, max_dim=2)
    panel.wait()
    panel.select_bar(2, 0)
    assert "a surface closes it in" in words(panel)
    assert len(panel.film.latents) == len(panel.cycle) == 0
    panel.close()
    space.close()


def test_both_circles_of_a_torus_are_found():
    toy = datasets.torus(300, noise=0.02)
    space = LatentSpace(None, points=toy.points, factors=toy.factors)
    panel = TopologyPanel(space)
    panel.wait()
    turns = []
    for bar in (0, 1):
        panel.select_bar(1, bar)
        rows = panel.cycle
        steps = [np.diff(toy.factors[name][[*rows, rows[0]]]) for name in ("u", "v")]
        turns.append([round(np.angle(np.exp(1j * step)).sum() / (2 * np.pi)) for step in steps])
    # Two loops that are not multiples of one another.
    assert abs(np.linalg.det(turns)) > 0.5
    panel.close()
    space.close()


def test_cancel_keeps_what_was_there(panel, monkeypatch):
    at = threading.Event()

    def slow(*_, progress, **__):
        at.set()
        while True:
            progress(0.5, "slowly")
            time.sleep(0.01)

    before = panel.diagram
    monkeypatch.setattr(topology, "persistence", slow)
    panel.compute()
    assert at.wait(20)
    assert panel._controls.stop.layout.display == ""
    panel.cancel()
    assert panel.wait(20)
    assert panel.diagram is before
    assert "cancelled" in words(panel)
    assert panel._controls.stop.layout.display == "none"


def test_bad_input_is_told_on_the_panel_and_refused_in_python(space, panel):
    with pytest.raises(ValueError, match="index must be one of the 1 bars of H1, got 1"):
        panel.select_bar(1, 1)
    with pytest.raises(ValueError, match="index must be one of the 0 bars of H2, got 0"):
        panel.select_bar(2, 0)
    panel.landmarks = 40
    assert panel.wait()
    assert len(panel.diagram.rows) == 34
    panel.metric = "straight"
    assert panel.wait()
    assert "metric must be one of" in words(panel)
    assert len(panel.diagram.rows) == 34
    with pytest.raises(TypeError, match="no option 'landmark'; did you mean 'landmarks'"):
        TopologyPanel(space, landmark=3)
    with pytest.raises(TypeError, match="space must be a LatentSpace"):
        TopologyPanel(3)


def test_the_rows_of_a_bar_become_the_selection_and_its_topology_stays(space, panel, monkeypatch):
    with pytest.raises(RuntimeError, match="no bar with rows is chosen"):
        panel.select()
    assert panel._controls.select.layout.display == "none"
    panel.select_bar(1, 0)
    assert panel._controls.select.layout.display == ""
    monkeypatch.setattr(topology, "_REST_SECONDS", 0.0)
    shown, computed = panel.diagram, threading.Event()
    monkeypatch.setattr(panel, "compute", computed.set)
    panel._controls.select.click()
    assert list(space.selection) == panel.cycle.tolist()
    assert not computed.wait(0.1)
    assert panel.diagram is shown
    # What others select is looked at.
    space.selection = [0, 1, 2]
    assert computed.wait(10)
    computed.clear()
    space.selection = panel.cycle.tolist()
    assert computed.wait(10)


def test_a_closed_space_is_refused():
    other = LatentSpace(None, points=RING)
    other.close()
    with pytest.raises(ValueError, match="space must be an open one"):
        TopologyPanel(other)


def test_a_closed_panel_leaves_a_space_that_was_given_open():
    space = LatentSpace(None, points=RING)
    panel = TopologyPanel(space)
    panel.wait()
    panel.close()
    assert space.comm is not None
    TopologyPanel(space).close()
    space.close()


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("coeff", 5, "coeff must be 2 or 3, got 5"),
        ("max_dim", 7, "max_dim must be 0, 1 or 2, got 7"),
        ("landmarks", 0, "landmarks must be at least 1, got 0"),
        ("seed", -1, "seed must be at least 0, got -1"),
        ("scale", float("nan"), "scale must be a finite length, 0 or more, got nan"),
    ],
)
def test_an_option_that_does_not_fit_is_refused_and_nothing_changes(space, option, value, words):
    panel = TopologyPanel(space)
    assert panel.wait(30)
    before, shown = getattr(panel, option), panel.diagram
    with pytest.raises(ValueError, match=words):
        setattr(panel, option, value)
    assert getattr(panel, option) == before
    assert panel.wait(30)
    assert panel.diagram is shown
    if option != "scale":
        there = set(registry._instances)
        with pytest.raises(ValueError, match=words):
            TopologyPanel(space, **{option: value})
        left = [registry._instances[key] for key in set(registry._instances) - there]
        assert not [one for one in left if isinstance(one, FilmStrip)]
    panel.close()


@pytest.mark.parametrize("points", [np.zeros((1, 2)), np.zeros((2, 2)), np.ones((5, 2))])
def test_hardly_any_points(points):
    space = LatentSpace(None, points=points)
    panel = TopologyPanel(space)
    assert panel.wait()
    assert panel.diagram.betti(1) == (1, 0)
    panel.select_bar(0, 0)
    panel.scale = panel._charts.top
    assert "β₀ = 1 component" in words(panel)
    panel.close()
    space.close()


def test_a_space_without_rows_says_so():
    space = LatentSpace(Layer(), device="cpu")
    panel = TopologyPanel(space)
    assert "no rows" in words(panel)
    with pytest.raises(RuntimeError, match="no bars yet"):
        panel.select_bar(1, 0)
    panel.close()
    space.close()


def test_a_closed_panel_leaves_nothing(space):
    before = set(registry._instances)
    panel = TopologyPanel(space)
    panel.wait()
    panel.select_bar(1, 0)
    panel.scale = 0.5
    # The graph lies beneath the loop.
    assert list(space.overlays) == ["rips", "cycle"]
    assert any(isinstance(each, bqplot.Figure) for each in registry._instances.values())
    panel.close()
    assert set(registry._instances) - before == set()
    assert space.overlays == {}
    space.selection = [1]


def test_a_film_goes_from_latent_to_latent_at_constant_speed(space):
    film = FilmStrip(space, latents=[[0, 0, 0], [1, 0, 0], [1, 3, 0]])
    np.testing.assert_allclose(
        film.at([0, 0.25, 0.5, 1]), [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 3, 0]], atol=1e-6
    )
    film.closed = True
    np.testing.assert_allclose(film.at([1]), [[0, 0, 0]], atol=1e-6)
    assert film.images().shape == (16, 4, 4, 1)
    assert film.get_state(["latents"])["latents"] == film.latents.tobytes()
    film.latents = [[5, 5, 5]]
    np.testing.assert_array_equal(film.at(0.3), [5, 5, 5])
    film.close()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("latents", [[1, 2]], r"latents must be latents \(m, 3\) of finite numbers, got shape"),
        ("latents", [[1, 2, np.nan]], "got NaN or infinity"),
        ("latents", "cat", "got str"),
        ("n", 1, "n must be from 2 to 64, got 1"),
        ("t", 1.5, "t must be from 0 to 1, got 1.5"),
        ("speed", 0, "speed must be from 0.1 to 10, got 0"),
    ],
)
def test_a_film_refuses_bad_values(space, name, value, sentence):
    film = FilmStrip(space)
    with pytest.raises(Exception, match=sentence):
        setattr(film, name, value)
    assert len(film.latents) == 0
    with pytest.raises(ValueError, match="at least one row"):
        film.at(0)
    film.close()
