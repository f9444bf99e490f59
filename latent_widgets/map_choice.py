"""Which map is wanted: the method, and what it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets as t

from latent_widgets.analysis.layouts.options import LAYOUTS
from latent_widgets.analysis.projection import METHODS

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

Asked = dict[str, Any]

CHOICES = ("method", "dim", "axes", "directions", "seed", "settings")
LONG = ("parametric", *LAYOUTS)
"""Methods that take their time."""
_WHOLE = {("hypersphere", 3): "sphere", ("poincare", 2): "disc"}


class MapChoice(t.HasTraits):
    """Gives a panel the traits that say which map it shows."""

    space: LatentSpace

    method = t.Unicode().tag(sync=True)
    """How latents are projected, as in `analysis.project`: "pca", "axes", "random", "directions",
    "tsne", "umap", "parametric", "torchdr", "sphere" or "disc". At first the globe or the disc
    that a curved space of few dimensions is, "axes" where the latent has two dimensions only, or
    the space knows what its dimensions mean, else "pca"."""
    dim = t.Any(2).tag(sync=True)
    """Dimensions of the map: 2, or 3 for one that can be turned; a "sphere" always has 3."""
    axes = t.List(t.Any()).tag(sync=True)
    """With "axes", which dimensions go across and up, by number or by name; at first the first
    one with a name and the first that is named as a column of two classes."""
    directions = t.List(t.Any()).tag(sync=True)
    """With "directions", one for each axis: a vector (d,), or the name of a column of two classes
    (from one to the other) or of numbers (from the lowest quarter to the highest)."""
    seed = t.Int(0).tag(sync=True)
    """Of methods that draw random numbers."""
    settings = t.Dict().tag(sync=True)
    """Options of a layout, such as {"perplexity": 50}; see `analysis.project`."""

    def _choices(self) -> Asked:
        # As many axes as the map has dimensions, while only one of both was set.
        return {**{name: getattr(self, name) for name in CHOICES}, "axes": self._fitting_axes()}

    def _fitting_axes(self) -> list[Any]:
        axes = list(self.axes)
        free = [axis for axis in range(self.space.latent_dim) if axis not in axes]
        return (axes + free)[: self.dim] if self.dim != len(axes) else axes

    @t.observe("dim")
    def _fit_axes(self, _: object) -> None:
        fitting = self._fitting_axes()
        if fitting != self.axes:
            self.axes = fitting

    @t.default("method")
    def _first_method(self) -> str:
        curve, d = self.space.geometry.name, self.space.latent_dim
        if len(self.space.points) and (curve, d) in _WHOLE:
            return _WHOLE[curve, d]
        plain = self.space.latent_dim == 2 or len(self.space.dimensions) > 1
        return "axes" if plain else "pca"

    @t.default("axes")
    def _first_axes(self) -> list[int]:
        return self._usual_axes()[: self.dim]

    def _usual_axes(self) -> list[int]:
        pairs = {c.name for c in self.space.data.columns if c.categories and len(c.categories) == 2}
        named = self.space.dimensions
        up = next((i for i, name in enumerate(named) if i and name in pairs), 1)
        return [0, up, *(i for i in range(1, self.space.latent_dim) if i != up)]

    @t.validate("method")
    def _check_method(self, proposal: t.Bunch) -> str:
        if proposal.value not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, got {proposal.value!r}")
        name: str = proposal.value
        return name

    @t.validate("axes")
    def _check_axes(self, proposal: t.Bunch) -> list[int]:
        named, d = self.space.dimensions, self.space.latent_dim
        found = [named.index(axis) if axis in named else axis for axis in proposal.value]
        whole = all(isinstance(axis, int) and 0 <= axis < d for axis in found)
        if not whole or len(set(found)) != self.dim or len(found) != self.dim:
            many = "two" if self.dim == 2 else "three"
            raise ValueError(
                f"axes must be {many} different dimensions, by name or from 0 to {d - 1}, "
                f"got {proposal.value!r}"
            )
        return list(found)

    @t.validate("directions")
    def _plain_directions(self, proposal: t.Bunch) -> list[Any]:
        # What a page is told must be plain; whether it fits is known when the map is made.
        return [one if isinstance(one, str) else np.asarray(one).tolist() for one in proposal.value]

    @t.validate("dim")
    def _check_dim(self, proposal: t.Bunch) -> int:
        if isinstance(proposal.value, bool) or proposal.value not in (2, 3):
            raise ValueError(f"dim must be 2 or 3, got {proposal.value!r}")
        if proposal.value > max(self.space.latent_dim, 2):
            d = self.space.latent_dim
            raise ValueError(f"dim must be 2 for latents of {d} dimensions, got 3")
        return int(proposal.value)


def relevant(asked: Asked) -> Asked:
    """Of the choices those that make a difference for the method."""
    method = asked["method"]
    names = ["method", "dim"]
    names += [method] if method in ("axes", "directions") else []
    names += ["seed"] if method == "random" or method in LONG else []
    names += ["settings"] if method in LONG else []
    found = {name: asked[name] for name in names}
    return {**found, "dim": 3} if method == "sphere" else found
