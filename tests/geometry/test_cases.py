"""The cases that the page's own geometry is held to as well (js/test/geometry.test.js)."""

import json
from pathlib import Path

import numpy as np
import pytest

from latent_widgets import geometry

FILE = Path(__file__).parents[1] / "cases" / "geometry.json"
CASES = json.loads(FILE.read_text())


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: str(case["geometry"]))
def test_python_agrees_with_the_shared_cases(case):
    found = geometry.from_spec(case["geometry"])
    points = np.array(case["points"])
    for each in case["interpolate"]:
        np.testing.assert_allclose(found.interpolate(*points[:2], each["t"]), each["is"], atol=1e-9)
    for each in case["move"]:
        np.testing.assert_allclose(
            found.move(points[0], each["dim"], each["value"]), each["is"], atol=1e-9
        )
    np.testing.assert_allclose(found.combine(points, case["weights"]), case["combine"], atol=1e-9)
    np.testing.assert_allclose(found.mean(points), case["mean"], atol=1e-9)
    given = np.array(case["project"]["z"])
    np.testing.assert_allclose(found.project(given), case["project"]["is"], atol=1e-9)
