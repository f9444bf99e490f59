"""What a panel leaves in a notebook beside the live widget."""

from __future__ import annotations

import base64
import html
import re
import time
from types import SimpleNamespace

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from toys import Painter, pictures

import latent_widgets as lw
from latent_widgets.backends.browser import BrowserParts
from latent_widgets.export import saved

VIEW = "application/vnd.jupyter.widget-view+json"


class Publisher:
    """Keeps what is published."""

    def __init__(self):
        self.outputs = []

    def publish(self, *, data, metadata, transient, update):
        self.outputs.append(SimpleNamespace(**locals()))


@pytest.fixture
def notebook(monkeypatch):
    """A kernel's shell, in which a picture is taken as soon as nothing moves."""
    publisher = Publisher()
    shell = SimpleNamespace(kernel=None, display_pub=publisher)
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setattr(saved, "_REST", 0.05)
    monkeypatch.setattr(saved, "_PAUSE", 0.1)
    return publisher.outputs


@pytest.fixture
def viewer():
    made = lw.LatentViewer(lw.LatentSpace(Painter(), pictures()))
    yield made
    made.space.close()
    made.close()


def move(space, value, seq):
    """Move z as a page does."""
    z = np.full(4, value, np.float32).tobytes()
    space._handle_custom_msg({"op": "z", "client": "a", "channel": "z", "seq": seq}, [z])


def until(found, seconds=5):
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end
        time.sleep(0.01)


def updates(outputs):
    return [each for each in outputs if each.update]


def test_the_widget_its_picture_and_a_mark_are_displayed_and_nothing_else(notebook, viewer):
    assert DisplayFormatter().format(viewer) == ({}, {})
    live, picture, mark = notebook
    assert set(live.data) == {VIEW, "text/plain"}
    assert set(picture.data) == {"image/png", "text/plain"}
    assert picture.metadata["image/png"]["alt"].startswith("Still of lw.LatentViewer(space)")
    assert list(mark.data) == ["text/html"]
    assert "<script" not in mark.data["text/html"]
    assert "</style><span" in mark.data["text/html"]


def test_it_takes_little_of_the_file(notebook):
    explorer = lw.LatentExplorer("faces")
    explorer._ipython_display_()
    assert sum(len(text) for each in notebook for text in each.data.values()) < 80_000
    explorer.close()


def test_hosts_of_another_kind_get_one_bundle(viewer):
    data, _ = DisplayFormatter().format(viewer)
    assert set(data) == {VIEW, "image/png", "text/plain"}


def test_the_picture_at_rest_is_the_last_one_and_is_sent_once(notebook, viewer, monkeypatch):
    # Longer than a busy machine stands still between two moves.
    monkeypatch.setattr(saved, "_REST", 1.0)
    viewer._ipython_display_()
    for seq, value in enumerate(np.linspace(-1, 3, 20)):
        move(viewer.space, value, seq)
        time.sleep(0.005)
    until(lambda: updates(notebook))
    viewer.space.wait()
    time.sleep(0.3)
    (update,) = updates(notebook)
    assert base64.b64decode(update.data["image/png"]) == viewer.still().png
    assert update.transient == notebook[1].transient


def test_one_picture_stands_wherever_the_panel_was_displayed(notebook, viewer):
    viewer._ipython_display_()
    viewer._ipython_display_()
    assert notebook[1].transient == notebook[4].transient != {}


def test_without_a_reader_the_picture_stays(notebook, viewer):
    viewer._ipython_display_()
    viewer.space.z = [3, 3, 3, 3]
    time.sleep(0.3)
    assert updates(notebook) == []


def test_a_closed_panel_sends_nothing_more(notebook, viewer):
    viewer._ipython_display_()
    move(viewer.space, 2, 0)
    move(viewer.space, 3, 1)
    viewer.close()
    time.sleep(0.3)
    assert updates(notebook) == []


def test_a_model_that_fails_is_displayed_without_a_picture(notebook, viewer, monkeypatch):
    monkeypatch.setattr(type(viewer), "_still", lambda _: 1 / 0)
    viewer._ipython_display_()
    assert [set(each.data) for each in notebook] == [{VIEW, "text/plain"}]


def test_an_embedded_page_is_whole_sandboxed_and_says_its_size(notebook, viewer, capsys):
    viewer.embed(decoder="grid")
    live, picture, mark = notebook
    assert (VIEW in live.data, "image/png" in picture.data) == (True, True)
    text = mark.data["text/html"]
    frame = re.search(r'<iframe [^>]*sandbox="allow-scripts" srcdoc="([^"]*)"', text)
    page = html.unescape(frame[1])
    assert page.startswith('<!doctype html>\n<html lang="en" class="lw-embedded">')
    assert page.endswith("</html>\n")
    # The scripts are counted with the data.
    size = f"{len(page) / 1e6:.1f}"
    assert f"It has {size} MB: data {size}.</p>" in text
    assert capsys.readouterr() == ("", "")


def test_without_a_picture_its_place_is_kept(notebook, viewer, monkeypatch):
    monkeypatch.setattr(type(viewer), "_still", lambda _: 1 / 0)
    viewer.embed(decoder="grid")
    assert [list(each.data) for each in notebook][1:] == [["text/plain"], ["text/html"]]


def test_a_large_page_is_warned_of(notebook, viewer, monkeypatch):
    monkeypatch.setattr(BrowserParts, "decoder", lambda _: bytes(15_000_000))
    with pytest.warns(UserWarning, match="this output has 25 MB.*decoder='grid'") as told:
        viewer.embed()
    assert told[0].filename == __file__
    assert len(notebook) == 3


class Blind:
    """Decodes nothing."""

    def encode(self, x):
        return x.mean((2, 3)).repeat(1, 2)


def test_what_cannot_be_embedded_is_refused_and_nothing_is_displayed(notebook, viewer):
    with pytest.raises(ValueError, match="decoder must be one of"):
        viewer.embed(decoder="fast")
    space = lw.LatentSpace(Blind(), pictures())
    with pytest.raises(TypeError, match="this space has no decode"):
        lw.ScatterProjection(space).embed()
    assert notebook == []
    space.close()


def test_outside_a_notebook_embed_names_another_way(viewer):
    with pytest.raises(RuntimeError, match="embed needs a Jupyter notebook; save_html writes"):
        viewer.embed()
