"""What all panels share."""

from __future__ import annotations

import base64
import gc
import weakref

import pytest
from ipywidgets.widgets.widget import _instances
from toys import Painter, pictures

from latent_widgets.panels.directions import DirectionPanel
from latent_widgets.panels.painter import PaintPanel
from latent_widgets.panels.samples import SampleSheet
from latent_widgets.panels.scatter import ScatterProjection
from latent_widgets.panels.viewer import LatentViewer
from latent_widgets.space import LatentSpace

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def space():
    made = LatentSpace(Painter(), pictures())
    yield made
    made.close()


def test_a_saved_notebook_gets_the_widget_a_picture_and_the_line_that_made_it(space):
    data, metadata = LatentViewer(space)._repr_mimebundle_()
    assert set(data) == {VIEW, "image/png", "text/plain"}
    assert data["text/plain"] == "lw.LatentViewer(space)"
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"].startswith("Still of lw.LatentViewer(space)")


def test_the_line_of_a_bundled_space_is_complete():
    viewer = LatentViewer("faces")
    assert viewer._repr_mimebundle_()[0]["text/plain"] == "lw.LatentViewer('faces')"
    viewer.close()


class Broken:
    """Fails on its second call: the first tells the shape of a picture."""

    latent_dim = 4
    calls = 0

    def decode(self, z):
        self.calls += 1
        if self.calls > 1:
            raise RuntimeError("no more")
        return Painter().decode(z)


def test_a_model_that_raises_is_displayed_without_a_picture():
    viewer = LatentViewer(LatentSpace(Broken()))
    data, metadata = viewer._repr_mimebundle_()
    assert set(data) == {VIEW, "text/plain"}
    assert metadata == {}


def test_a_closed_panel_is_forgotten_and_its_space_lives_on(space):
    gc.collect()
    before = set(_instances)
    viewer = LatentViewer(space)
    gone = weakref.ref(viewer)
    viewer.close()
    assert set(_instances) == before
    del viewer
    gc.collect()
    assert gone() is None
    assert space.comm is not None


def test_a_space_that_a_panel_made_closes_with_it():
    before = set(_instances)
    viewer = LatentViewer("faces")
    viewer.close()
    viewer.close()
    assert set(_instances) == before


def test_neither_a_space_nor_a_name_is_refused():
    with pytest.raises(TypeError, match="space must be a LatentSpace or the name of a bundled one"):
        LatentViewer(3)
    with pytest.raises(ValueError, match="face"):
        LatentViewer("face")


def test_a_closed_space_gets_no_panel():
    space = LatentSpace(Painter(), pictures())
    space.close()
    before = set(_instances)
    with pytest.raises(ValueError, match="space must be an open one"):
        LatentViewer(space)
    assert set(_instances) == before


@pytest.mark.parametrize("kind", [PaintPanel, SampleSheet, DirectionPanel, ScatterProjection])
def test_a_panel_that_is_closed_leaves_its_space_alone(space, kind, monkeypatch):
    panel = kind(space)
    panel.close()
    # The interpreter closes it again as it goes, when nothing can be asked any more.
    monkeypatch.setattr(type(space), "unobserve", None)
    panel.close()
