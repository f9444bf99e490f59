"""The background of a map: its trait, what the page gets, and who takes whose place."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from toys import Painter
from traitlets import TraitError

from latent_widgets import LatentSpace, ScatterProjection


class Plane(torch.nn.Module):
    latent_dim = 2
    scale = 0.1

    def decode(self, z):
        return (0.5 + self.scale * z).reshape(-1, 1, 1, 2)


POINTS = np.random.default_rng(0).uniform(-1, 1, (50, 2)).astype(np.float32)


@pytest.fixture
def space():
    made = LatentSpace(Plane(), points=POINTS, labels=["a", "b"] * 25, device="cpu")
    yield made
    made.close()


@pytest.fixture
def scatter(space):
    made = ScatterProjection(space, method="axes")
    yield made
    made.close()


def test_there_is_none_until_it_is_wanted(scatter):
    assert scatter.background is None
    assert scatter.magnification_map is None
    assert scatter.levels == {}
    assert scatter.background_work == {}


def test_it_is_measured_and_told_to_the_page(scatter):
    seen = []
    scatter.observe(lambda change: seen.append(change.new.get("shape")), "levels")
    scatter.background = "magnification"
    assert scatter.wait(30)
    assert [max(shape) for shape in seen] == [8, 16, 32]
    np.testing.assert_allclose(scatter.magnification_map.log10, -2, atol=1e-4)
    told = scatter.levels
    assert told["range"] == pytest.approx([-2, -2], abs=1e-4)
    assert len(told["share"]) == len(told["trust"]) == np.prod(told["shape"])
    assert set(told["trust"]) == {255}
    assert scatter.background_work == {}
    scatter.background = None
    assert scatter.levels == {}
    assert scatter.magnification_map is None


def test_it_can_be_asked_for_at_once(space):
    made = ScatterProjection(space, background="magnification")
    assert made.wait(30)
    assert made.levels["shape"]
    made.close()


def test_it_and_the_decoded_classes_take_each_others_place(scatter):
    scatter.background = "magnification"
    scatter.cells = "label"
    assert scatter.background is None
    assert scatter.wait(30)
    assert scatter.levels == {}
    assert scatter.tints
    scatter.background = "magnification"
    assert scatter.cells is None
    assert scatter.wait(30)
    assert scatter.tints == {}
    assert scatter.levels


def test_another_map_and_another_model_are_measured_anew(scatter, space):
    scatter.background = "magnification"
    assert scatter.wait(30)
    before = scatter.levels["showing"]
    scatter.axes = [1, 0]
    assert scatter.wait(30)
    assert scatter.levels["showing"] > before
    larger = Plane()
    larger.scale = 0.2
    space.replace(larger, points=POINTS)
    assert scatter.wait(30)
    np.testing.assert_allclose(scatter.magnification_map.log10, np.log10(0.04), atol=1e-4)


def test_a_column_is_no_reason_to_measure_again(scatter, space):
    scatter.background = "magnification"
    assert scatter.wait(30)
    before = scatter.levels["showing"]
    space.add_column("size", np.arange(50))
    assert scatter.wait(30)
    assert scatter.levels["showing"] == before


def test_the_page_can_stop_it(scatter):
    started = []

    def stop(change):
        if not started:
            started.append(change.new["shape"])
            scatter._handle_custom_msg({"op": "cancel_background"}, [])

    scatter.observe(stop, "levels")
    scatter.background = "magnification"
    assert scatter.wait(30)
    assert scatter.background_work == {"label": "magnification", "cancelled": True}
    assert scatter.levels["shape"] == started[0]


def test_on_a_map_with_depth_it_waits_for_a_flat_one():
    deep = ScatterProjection(
        LatentSpace(Painter(), points=np.eye(4, dtype=np.float32)),
        dim=3,
        background="magnification",
    )
    assert deep.wait(30)
    assert deep.background_work == deep.levels == {}
    deep.dim = 2
    assert deep.wait(30)
    assert deep.levels
    deep.dim = 3
    assert deep.wait(30)
    assert deep.levels == {}
    deep.close()


def test_what_does_not_fit_is_refused_and_nothing_changes():
    class Code(torch.nn.Module):
        def encode(self, x):
            return x.flatten(1)[:, :2]

    images = np.random.default_rng(0).uniform(size=(5, 1, 2, 2)).astype(np.float32)
    blind = ScatterProjection(LatentSpace(Code(), images))
    with pytest.raises((TraitError, ValueError), match="this space has no decode"):
        blind.background = "magnification"
    with pytest.raises((TraitError, ValueError), match="background must be 'magnification'"):
        blind.background = "heat"
    assert blind.background is None
    blind.close()


def test_latents_of_one_dimension_have_no_areas():
    class Line(torch.nn.Module):
        def decode(self, z):
            return torch.sigmoid(z).reshape(-1, 1, 1, 1).expand(-1, 1, 2, 2)

    line = ScatterProjection(LatentSpace(Line(), points=POINTS[:, :1]))
    with pytest.raises((TraitError, ValueError), match="these latents have one dim"):
        line.background = "magnification"
    line.close()
