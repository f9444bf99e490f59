"""The maps of points that a notebook has today, and ours; all draw the same points."""

from __future__ import annotations

from dataclasses import dataclass

PREPARE = """
import numpy as np, pandas as pd, torch
import bqplot, jscatter
import latent_widgets as lw
from ipywidgets import Layout
rng = np.random.default_rng(0)
labels = rng.integers(0, 10, {n})
points = 4 * rng.normal(size=(10, 2))[labels] + rng.normal(size=({n}, 2))
points = points.astype(np.float32)
wide = np.concatenate([points, rng.normal(size=({n}, 62), scale=0.5).astype(np.float32)], 1) \
    if {wide} else None
frame = pd.DataFrame({"x": points[:, 0], "y": points[:, 1], "label": pd.Categorical(labels)})
"""
OURS = """
lw.ScatterProjection(lw.LatentSpace(None, points=points, labels=labels))
"""
WIDE = """
lw.ScatterProjection(lw.LatentSpace(None, points=wide, labels=labels))
"""
JSCATTER = """
jscatter.Scatter(data=frame, x="x", y="y", color_by="label", height=520).show()
"""
BQPLOT = """
x, y, color = bqplot.LinearScale(), bqplot.LinearScale(), bqplot.OrdinalColorScale()
marks = bqplot.Scatter(
    x=points[:, 0], y=points[:, 1], color=labels, default_size=4, stroke_width=0,
    scales={"x": x, "y": y, "color": color},
)
bqplot.Figure(
    marks=[marks], axes=[bqplot.Axis(scale=x), bqplot.Axis(scale=y, orientation="vertical")],
    interaction=bqplot.PanZoom(scales={"x": [x], "y": [y]}),
    layout=Layout(width="100%", height="560px"),
)
"""


@dataclass(frozen=True)
class Map:
    """One way to show a million points."""

    name: str
    cell: str
    picture: str
    """Selector of its canvas, or of the element whose children are its marks."""
    most: int = 10_000_000
    """More points than this it does not survive; known from earlier runs."""


OUR_CANVAS = ".lw-scatter canvas.lw-points"
MAPS = [
    Map("latent_widgets", OURS, OUR_CANVAS),
    Map("latent_widgets, 64-D by PCA", WIDE, OUR_CANVAS),
    Map("jupyter-scatter", JSCATTER, ".jp-OutputArea-output canvas"),
    Map("bqplot", BQPLOT, ".bqplot g:has(> .object_grp)", 100_000),
]
