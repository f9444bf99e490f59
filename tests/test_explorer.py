"""LatentExplorer without a page."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from ipywidgets.widgets.widget import _instances
from toys import Painter, pictures

from latent_widgets.explorer import LatentExplorer
from latent_widgets.space import LatentSpace

PANELS = {
    "scatter": "ScatterProjection",
    "viewer": "LatentViewer",
    "sliders": "LatentSliders",
    "arithmetic": "ArithmeticPanel",
    "strip": "InterpolationStrip",
}


def test_every_panel_looks_at_the_one_space():
    explorer = LatentExplorer(Painter(), pictures(), labels=list("aabbccaabbcc"), seed=3)
    assert {name: type(getattr(explorer, name)).__name__ for name in PANELS} == PANELS
    assert all(getattr(explorer, name).space is explorer.space for name in PANELS)
    assert explorer.space.labels.tolist() == list("aabbccaabbcc")
    assert (explorer.space.sample(1) == LatentSpace(Painter(), seed=3).sample(1)).all()
    explorer.close()


def test_children_travel_as_references():
    explorer = LatentExplorer(Painter(), pictures())
    state = explorer.get_state(["space", *PANELS])
    for name in ("space", *PANELS):
        assert state[name] == f"anywidget:{getattr(explorer, name).model_id}"
    explorer.close()


def test_a_given_space_is_used_and_outlives_the_explorer():
    space = LatentSpace(Painter(), pictures())
    explorer = LatentExplorer(space)
    assert explorer.space is space
    explorer.close()
    space.z = [1, 2, 3, 4]
    assert space.image.shape == (8, 8, 1)
    assert space.comm is not None
    space.close()


def test_an_unknown_option_is_refused_by_name():
    with pytest.raises(
        TypeError, match="LatentExplorer has no option 'lables'; did you mean 'labels'"
    ):
        LatentExplorer(Painter(), pictures(), lables=[])


def test_options_of_a_space_are_refused_beside_a_space():
    space = LatentSpace(Painter(), pictures())
    with pytest.raises(TypeError, match="device belongs to a new space"):
        LatentExplorer(space, device="cpu")
    with pytest.raises(TypeError, match="images belongs to a new space"):
        LatentExplorer(space, pictures())
    space.close()


def test_bad_data_leaves_nothing_behind():
    gc.collect()
    before = set(_instances)
    with pytest.raises(ValueError, match="labels must hold one value for each of the 12 rows"):
        LatentExplorer(Painter(), pictures(), labels=[1, 2])
    assert set(_instances) == before


def test_a_saved_notebook_shows_map_and_picture_beside_the_widget():
    explorer = LatentExplorer("faces")
    data, metadata = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == "lw.LatentExplorer('faces')"
    assert len(data["image/png"]) < 80_000  # 60 kB, in base64
    assert "a map of 2,000 encoded rows, coloured by smile" in metadata["image/png"]["alt"]
    explorer.close()


def count_threads():
    for thread in threading.enumerate():
        if thread.name == "latent_widgets-decode":
            thread.join(10)
    return threading.active_count()


def test_opening_and_closing_fifty_explorers_leaves_nothing_behind():
    def visit():
        explorer = LatentExplorer(Painter(), pictures())
        space = explorer.space
        space.z = space.points[7]
        explorer._repr_mimebundle_()
        assert space.wait()
        explorer.close()
        made = [explorer, space, space.data.mean, space._model]
        return [weakref.ref(each) for each in made]

    visit()
    gc.collect()
    widgets, threads = set(_instances), count_threads()
    made = [ref for _ in range(50) for ref in visit()]
    gc.collect()
    assert set(_instances) == widgets
    assert [ref for ref in made if ref() is not None] == []
    assert count_threads() == threads
