"""Globes and discs land where the shared cases say, which the page's twins are held to as well."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from latent_widgets.analysis.projection import project
from latent_widgets.geometry import Hypersphere, PoincareBall

BOOK = json.loads((Path(__file__).parents[1] / "cases" / "curved_maps.json").read_text())


@pytest.mark.parametrize("case", BOOK["cases"])
def test_latents_land_and_places_lead_as_the_cases_say(case):
    sphere = case["method"] == "sphere"
    geometry = Hypersphere(case["radius"]) if sphere else PoincareBall(case["c"])
    points = np.array(case["points"], np.float32)
    flat = project(points, case["method"], case["dim"], geometry=geometry)
    np.testing.assert_allclose(flat.components, case["components"], atol=1e-5)
    np.testing.assert_allclose(flat.transform(np.float32(case["z"])), case["lands"], atol=1e-5)
    for place, leads in zip(case["places"], case["leads"], strict=True):
        found = flat.inverse(place, np.float32(case["near"]))
        np.testing.assert_allclose(found, leads, atol=2e-5)
        np.testing.assert_allclose(geometry.distance(found, np.float32(leads)), 0, atol=1e-3)
