"""What the page and people are told of regions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from latent_widgets.analysis.naming import describe
from latent_widgets.analysis.outline import Region
from latent_widgets.columns import Column


def wire(region: Region) -> dict[str, Any]:
    """Describe a region to the page.

    Parameters
    ----------
    region
        The region.

    Returns
    -------
    dict
        Plain values, and the corners of all its lines, one after the other, as float32 bytes.
    """
    rings = [ring for contour in region.outlines for ring in contour.rings]
    corners = np.concatenate(rings) if rings else np.zeros((0, 2), np.float32)
    return {
        "key": region.key,
        "name": region.name,
        "parent": region.parent,
        "level": region.level,
        "share": region.share,
        "code": region.code,
        "anchor": list(region.anchor),
        "contours": [
            {"level": c.level, "sizes": [len(ring) for ring in c.rings]} for c in region.outlines
        ],
        "corners": corners.astype("<f4").tobytes(),
    }


def remark(found: list[Region], column: Column) -> str:
    """Say which classes have no ground of their own on a map.

    Parameters
    ----------
    found
        Regions of classes.
    column
        The classes.

    Returns
    -------
    str
        One sentence; empty where every class has its ground.
    """
    total = {region.code for region in found}
    missing = len(total - {region.code for region in found if region.outlines})
    if not missing:
        return ""
    if missing == len(total):
        words = "no class is in the majority anywhere"
    else:
        verb = "is" if missing == 1 else "are"
        words = f"{missing} of {len(total)} classes {verb} nowhere in the majority"
    return f"{column.name.replace('_', ' ')}: {words} on this map"


def describe_clusters(found: list[Region], columns: list[Column]) -> list[Region]:
    """Name clusters by what sets them apart: a part first by what does so within its whole.

    Parameters
    ----------
    found
        The clusters.
    columns
        What is known of every row.

    Returns
    -------
    list of Region
        The same; those that nothing sets apart keep their names.
    """
    rows = {region.key: region.rows for region in found}
    named = []
    for region in found:
        whole = None if region.parent is None else rows[region.parent]
        within = None if whole is None else describe(region.rows, columns, whole)
        named.append(called(region, within or describe(region.rows, columns)))
    return named


def called(region: Region, name: str | None) -> Region:
    """Give a region a name; with None it keeps its own."""
    return region if name is None else replace(region, name=name)
