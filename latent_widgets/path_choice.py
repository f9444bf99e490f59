"""What is shown of paths before anybody has chosen: which, between which ends, in which colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from latent_widgets.latent import Latent, check_point
from latent_widgets.paths import METRICS

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

COLOURS = {
    "linear": "#0072b2",
    "slerp": "#d55e00",
    "matched": "#009e73",
    "geodesic": "#cc79a7",
    "pullback": "#e69f00",
    "graph": "#56b4e9",
    "density": "#9467bd",
}
"""Of each path, wherever it is drawn."""


def usual_metrics(space: LatentSpace) -> list[str]:
    """Name the paths that suit a space."""
    curved = space.geometry.name != "euclidean"
    metrics = ["linear", "geodesic"] if curved else ["linear", "slerp"]
    metrics += ["pullback"] if space.can_decode else []
    return metrics + (["graph", "density"] if len(space.points) > 1 else [])


def check_metrics(metrics: Sequence[str]) -> list[str]:
    """Refuse what names no paths.

    Parameters
    ----------
    metrics
        Names, or one.

    Raises
    ------
    ValueError
        If one is unknown or there twice, or there is none.
    """
    if not isinstance(metrics, Iterable):
        raise ValueError(f"metrics must be some of {list(METRICS)}, each once, got {metrics!r:.40}")  # noqa: TRY004 - a value
    given = [metrics] if isinstance(metrics, str) else list(metrics)
    unknown = [one for one in given if one not in METRICS]
    if unknown or not given or len(set(given)) < len(given):
        wanted = f"metrics must be some of {list(METRICS)}, each once"
        raise ValueError(f"{wanted}, got {given!r:.80}")
    return given


def light_up(maps: Iterable[Any], space: LatentSpace) -> None:
    """Show on maps how much the pictures change around every place; see `magnified`.

    Raises
    ------
    TypeError
        If one is no map.
    ValueError
        If one is of another space, or the space has no decoder.
    """
    given = list(maps)
    for one in given:
        if not hasattr(one, "background"):
            raise TypeError(f"maps must be ScatterProjections, got {type(one).__name__}")
        if one.space is not space:
            raise ValueError("maps must be of the space that is compared, got one of another")
    for one in given:
        one.background = "magnification"


def usual_ends(space: LatentSpace) -> tuple[Latent, Latent]:
    """Choose a path worth looking at, the same one every time.

    From row 0 to the row farthest from it, of another class where there are classes, among a
    few spread over the data; between two draws from the prior without data.
    """
    if len(space.points) < 2:
        a, b = space.sample(2, seed=0)
    else:
        rows = np.unique(np.linspace(0, len(space.points) - 1, 64).astype(int))[1:]
        classes = next((each.values for each in space.data.columns if each.categories), None)
        if classes is not None and (classes[rows] != classes[0]).any():
            rows = rows[classes[rows] != classes[0]]
        a = space.points[0]
        b = space.points[rows[np.linalg.norm(space.points[rows] - a, axis=1).argmax()]]
    first, last = (check_point("a", each, space.latent_dim, space.geometry) for each in (a, b))
    return first, last
