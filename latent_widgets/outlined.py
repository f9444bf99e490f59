"""What the page and people are told of regions."""

from __future__ import annotations

from collections import Counter
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
        words = "no class has ground of its own"
    else:
        verb = "has" if missing == 1 else "have"
        words = f"{missing} of {len(total)} classes {verb} no ground of their own"
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
    return _told_apart(named, columns)


def _told_apart(named: list[Region], columns: list[Column]) -> list[Region]:
    """Tell parts of one whole that are called alike from each other: by more words, or numbers."""
    names = {region.key: region.name for region in named}
    alike: dict[tuple[str | None, str], list[Region]] = {}
    for region in named:
        # A part that is called like its whole leaves the name to the whole.
        if region.parent is None or names[region.parent] != region.name:
            alike.setdefault((region.parent, region.name), []).append(region)
    for group in alike.values():
        if len(group) > 1:
            names |= _apart(group, columns)
    return [replace(region, name=names[region.key]) for region in named]


def _apart(group: list[Region], columns: list[Column]) -> dict[str, str]:
    among = np.concatenate([region.rows for region in group])
    more = {region.key: describe(region.rows, columns, among, most=1) for region in group}
    names = {
        region.key: f"{region.name}, {more[region.key]}" if more[region.key] else region.name
        for region in group
    }
    counts = Counter(names.values())
    seen: Counter[str] = Counter()
    for key, name in names.items():
        seen[name] += 1
        if counts[name] > 1:
            names[key] = f"{name} ({seen[name]})"
    return names


def called(region: Region, name: str | None) -> Region:
    """Give a region a name; with None it keeps its own."""
    return region if name is None else replace(region, name=name)
