"""Directions of a space, made from its own columns, rows and model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets.analysis.attribute import direction
from latent_widgets.analysis.contrast import Pair
from latent_widgets.analysis.direction import Direction
from latent_widgets.analysis.normals import METHODS
from latent_widgets.analysis.report_card import ReportCard, report_card
from latent_widgets.analysis.unsupervised import (
    independent_directions,
    layer_directions,
    metric_directions,
    principal_directions,
)
from latent_widgets.counts import whole
from latent_widgets.progress import Progress
from latent_widgets.stored_directions import means_something

if TYPE_CHECKING:
    from latent_widgets.columns import Column
    from latent_widgets.space import LatentSpace

_LONGEST = 50
_REACH = 3  # steps that an arrow on a map is long
_NODES = 13
_TOGETHER = 32  # pictures between two looks at whether to go on
_DRAWS = 256  # stand for the rows of a space that has none
UNLABELLED = ("principal", "layer", "metric", "independent")
"""Methods that need neither a column nor rows."""


def make_direction(
    space: LatentSpace,
    *,
    column: str | None = None,
    to: str | None = None,
    origin: str | None = None,
    rows: Pair | None = None,
    method: str = "mean",
    balance: Sequence[str] = (),
    nth: int = 1,
    seed: int = 0,
    progress: Progress | None = None,
) -> Direction:
    """Make a direction of what a space knows; the arguments are those of `DirectionPanel.add`."""
    if method in UNLABELLED:
        if column is not None or rows is not None:
            raise ValueError(f"method {method!r} takes neither a column nor rows")
        return _unlabelled(space, method, whole("nth", nth, 1), seed, progress)
    if method not in METHODS:
        raise ValueError(f"method must be one of {[*METHODS, *UNLABELLED]}, got {method!r:.60}")
    _need_rows(space, method)
    labels = None if column is None else _values(_column(space, "column", column))
    held = {name: _values(_column(space, "balance", name)) for name in balance}
    found = direction(
        space.points,
        labels,
        method,
        held,
        space.geometry,
        rows=rows,
        to=to,
        origin=origin,
        name=_call(space, column, to),
    )
    if found.evidence is None or column is None:
        return found
    return replace(found, evidence=replace(found.evidence, column=column))


def judge(space: LatentSpace, one: Direction, progress: Progress | None = None) -> ReportCard:
    """Give the report card of a direction, with every column of the space as a factor.

    What leaks is measured in pictures, encoded again, where the space has both halves.
    """
    factors = {
        column.name: _values(column) for column in space.data.columns if np.ptp(column.values) > 0
    }
    both = space.can_decode and space.can_encode

    def recode(z: npt.NDArray[np.float64]) -> npt.ArrayLike:
        found = []
        for i in range(0, len(z), _TOGETHER):
            if progress is not None:
                progress(0.95, "what else moves, in pictures")
            pictures = space.decode(z[i : i + _TOGETHER].astype(np.float32))
            found.append(space.encode(pictures).mean.cpu().numpy())
        back = np.concatenate(found).astype(np.float64)
        return np.asarray(space.geometry.project(back))

    return report_card(
        one,
        factors,
        points=space.points if len(space.points) > 1 else None,
        recode=recode if both else None,
        progress=progress,
    )


def free_name(space: LatentSpace, wanted: str) -> str:
    """Give a name that no direction has yet: as wanted, as far as it is one, or with a number."""
    plain = re.sub(r"[^\w .,:/&'+#-]+", " ", wanted)[:_LONGEST].strip(" .,:/&'+#-_")
    plain = plain or "direction"
    name, number = plain, 2
    while name in space.directions or means_something(name):
        name, number = f"{plain} {number}", number + 1
    return name


def arrow_of(one: Direction) -> npt.NDArray[np.float64]:
    """Give latents (13, d) along a direction, three steps from its base."""
    return one.move(np.tile(one.base, (_NODES, 1)), np.linspace(0, _REACH, _NODES))


def _unlabelled(
    space: LatentSpace, method: str, nth: int, seed: int, progress: Progress | None
) -> Direction:
    points, geometry = space.points, space.geometry
    if method in ("principal", "independent"):
        _need_rows(space, method)
    if method == "principal":
        return principal_directions(points, nth, geometry)[-1]
    if method == "independent":
        # Which components there are depends on how many are looked for.
        most = min(max(nth, 8), space.latent_dim - (geometry.name == "hypersphere"))
        return independent_directions(points, max(nth, most), geometry, seed)[nth - 1]
    if not space.can_decode:
        raise TypeError(f"method {method!r} needs a decoder, which this space does not have")
    told = ""
    if len(points) < 2:
        # A generator has directions without any data: only the length of a step needs some.
        generator = torch.Generator().manual_seed(seed)
        points = geometry.random(_DRAWS, space.latent_dim, generator).numpy()
        told = f"; for rows, {_DRAWS} draws of the prior"
    if method == "layer":
        found = layer_directions(space.model, points, nth, geometry)[-1]
    else:
        model, shape = space._model, space.image_shape  # noqa: SLF001 - to differentiate it
        found = metric_directions(
            lambda z: model.differentiable(z, shape), points, nth, geometry, progress=progress
        )[-1]
    return replace(found, about=found.about + told)


def _need_rows(space: LatentSpace, method: str) -> None:
    if not len(space.points):
        raise ValueError(f"method {method!r} needs rows, and this space has none")


def _column(space: LatentSpace, argument: str, name: str) -> Column:
    columns = {column.name: column for column in space.data.columns}
    if name not in columns:
        raise ValueError(f"{argument} must be one of {list(columns)!r:.200}, got {name!r:.60}")
    return columns[name]


def _values(column: Column) -> npt.NDArray[Any]:
    if column.categories is None:
        return column.values.astype(np.float64)
    names: npt.NDArray[Any] = np.asarray(column.categories)
    found: npt.NDArray[Any] = names[column.values.astype(int)]
    return found


def _call(space: LatentSpace, column: str | None, to: str | None) -> str:
    """Call a direction as its column is called, until somebody names it."""
    if column is None:
        return "A to B"
    if to is None or to == column:
        return column
    known = _column(space, "column", column).categories
    return (
        to
        if known is not None and len(known) == 2 and to.isalpha()
        else f"{column} {to}".replace("_", " ")
    )
