"""Pure tensor maths on latents: the spaces they live in, and paths between them."""

from typing import Any

from latent_widgets.geometry.base import Geometry
from latent_widgets.geometry.euclidean import Euclidean
from latent_widgets.geometry.hypersphere import Hypersphere
from latent_widgets.geometry.interpolation import lerp, matched_lerp, slerp
from latent_widgets.geometry.poincare import PoincareBall
from latent_widgets.geometry.pullback import Pullback

__all__ = [
    "Euclidean",
    "Geometry",
    "Hypersphere",
    "PoincareBall",
    "Pullback",
    "from_spec",
    "lerp",
    "matched_lerp",
    "slerp",
]

_KINDS: dict[str, type[Geometry]] = {
    kind.name: kind for kind in (Euclidean, Hypersphere, PoincareBall)
}


def from_spec(spec: dict[str, Any]) -> Geometry:
    """Build the geometry that a `spec()` describes.

    Raises
    ------
    ValueError
        When the name or a parameter is unknown, or a parameter is out of its range.
    """
    given = dict(spec)
    name = given.pop("name", None)
    if name not in _KINDS:
        raise ValueError(f"name of a geometry must be one of {', '.join(_KINDS)}, got {name!r}")
    kind = _KINDS[name]
    unknown = set(given) - set(kind().spec())
    if unknown:
        raise ValueError(f"{name} has no parameter {', '.join(sorted(unknown))}")
    return kind(**given)
