"""The report card: measured beside the work, stoppable, and honest when it fails."""

import threading
import time
import warnings

import ipywidgets as w
import numpy as np
import pytest
from ipywidgets.widgets import widget as registry

from latent_widgets import ModelReport
from latent_widgets.analysis import stages
from latent_widgets.space import LatentSpace

with warnings.catch_warnings():
    # A part of bqplot declares its dates the way of an older traitlets.
    warnings.simplefilter("ignore", DeprecationWarning)
    import bqplot

RNG = np.random.default_rng(0)


@pytest.fixture
def space():
    points = RNG.standard_normal((100, 2)) * [0.9, 0.0]
    factors = {"<b>side</b>": np.where(points[:, 0] > 0, "left", "right"), "x": points[:, 0]}
    space = LatentSpace(
        None, points=points, logvar=np.tile(np.log([0.19, 1.0]), (100, 1)), factors=factors
    )
    yield space
    space.close()


def inside(widget):
    """Every widget below one."""
    return [widget, *(each for child in getattr(widget, "children", ()) for each in inside(child))]


def words(report):
    return " ".join(each.value for each in inside(report) if isinstance(each, w.HTML))


def test_everything_is_measured_and_drawn(space):
    report = ModelReport(space)
    assert report.wait()
    assert set(report.table.measure) >= {"KL", "holes", "MIG"}
    assert "1 of 2 dimensions carries" in words(report)
    assert "100 rows of the space" in words(report)
    figures = [each for each in inside(report) if isinstance(each, bqplot.Figure)]
    assert len(figures) == 3
    assert report._bar.layout.display == report._stop.layout.display == "none"
    report.close()


def test_what_users_name_is_no_markup(space):
    space.name = "<i>"
    report = ModelReport(space)
    report.wait()
    report.report.hints = ["<u>"]
    report._draw()
    assert "&lt;u&gt;" in words(report)
    assert not {"<i>", "<u>", "<b>"} & set(words(report).replace(">", "> ").split())
    report.close()


def test_stop_keeps_what_is_measured(space, monkeypatch):
    at, go = threading.Event(), threading.Event()
    gap = stages._gap

    def slow(*arguments):
        at.set()
        go.wait(20)
        gap(*arguments)

    monkeypatch.setattr(stages, "_gap", slow)
    report = ModelReport(space)
    assert at.wait(20)
    assert "measuring: prior" in words(report)
    assert any(isinstance(each, bqplot.Figure) for each in inside(report))
    report._stop.click()
    go.set()
    assert report.wait(20)
    assert "stopped before the end" in words(report)
    assert report.table.measure.iloc[-1] == "holes"
    report.close()


def test_it_can_be_stopped_before_it_has_begun(space):
    report = ModelReport(space)
    report.stop()
    assert report.wait(20)
    assert "stopped" in words(report)
    assert report._bar.layout.display == "none"
    report.close()


def test_making_one_waits_for_nothing(space, monkeypatch):
    go = threading.Event()
    monkeypatch.setattr(stages, "_units", lambda *_: go.wait(20))
    begun = time.monotonic()
    report = ModelReport(space)
    assert time.monotonic() - begun < 5
    assert not report.wait(0.01)
    go.set()
    assert report.wait(30)
    report.close()


def test_a_failure_is_shown_and_what_was_drawn_stays(space, monkeypatch):
    def fail(*_):
        raise RuntimeError("no <luck>")

    monkeypatch.setattr(stages, "_gap", fail)
    report = ModelReport(space)
    assert report.wait(30)
    assert "RuntimeError: no &lt;luck&gt;" in words(report)
    assert "Traceback" in words(report)
    assert any(isinstance(each, bqplot.Figure) for each in inside(report))
    report.close()


def test_too_little_data_is_said_in_the_widget():
    space = LatentSpace(None, points=np.zeros((3, 2)))
    report = ModelReport(space)
    assert report.wait(20)
    assert "a report needs at least 20 rows, got 3" in words(report)
    report.close()
    space.close()


def test_only_a_space_is_taken():
    with pytest.raises(TypeError, match="space must be a LatentSpace or the name"):
        ModelReport(3)
    with pytest.raises(ValueError, match="no bundled space 'facse'"):
        ModelReport("facse")


def test_a_closed_report_leaves_no_widget(space):
    before = set(registry._instances)
    report = ModelReport(space)
    report.wait()
    assert len(set(registry._instances) - before) > 50
    report.close()
    assert set(registry._instances) - before == set()


def test_closing_while_it_measures_leaves_no_widget(space, monkeypatch):
    at, go = threading.Event(), threading.Event()
    monkeypatch.setattr(stages, "_gap", lambda *_: at.set() or go.wait(20))
    before = set(registry._instances)
    report = ModelReport(space)
    assert at.wait(20)
    report.close()
    go.set()
    assert report.wait(20)
    assert set(registry._instances) - before == set()
