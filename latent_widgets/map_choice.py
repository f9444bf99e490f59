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


class MapChoice(t.HasTraits):
    """Gives a panel the traits that say which map it shows."""

    space: LatentSpace

    method = t.Unicode().tag(sync=True)
    """How latents are projected, as in `analysis.project`: "pca", "axes", "random", "directions",
    "tsne", "umap", "parametric", "torchdr", "sphere" or "disc". At first "axes" where the latent
    has two dimensions only, or the space knows what its dimensions mean, else "pca"."""
    dim = t.Any(2).tag(sync=True)
    """Dimensions of the map: 2."""
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
        return {name: getattr(self, name) for name in CHOICES}

    @t.default("method")
    def _first_method(self) -> str:
        plain = self.space.latent_dim == 2 or len(self.space.dimensions) > 1
        return "axes" if plain else "pca"

    @t.default("axes")
    def _first_axes(self) -> list[int]:
        pairs = {c.name for c in self.space.data.columns if c.categories and len(c.categories) == 2}
        named = self.space.dimensions
        up = next((i for i, name in enumerate(named) if i and name in pairs), 1)
        return [0, up]

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
        if not whole or len(set(found)) != 2 or len(found) != 2:
            raise ValueError(
                f"axes must be two different dimensions, by name or from 0 to {d - 1}, "
                f"got {proposal.value!r}"
            )
        return list(found)

    @t.validate("directions")
    def _plain_directions(self, proposal: t.Bunch) -> list[Any]:
        # What a page is told must be plain; whether it fits is known when the map is made.
        return [one if isinstance(one, str) else np.asarray(one).tolist() for one in proposal.value]

    @t.validate("dim")
    def _check_dim(self, proposal: t.Bunch) -> int:
        if isinstance(proposal.value, bool) or proposal.value != 2:
            raise ValueError(f"dim must be 2, got {proposal.value!r}")
        return 2


def relevant(asked: Asked) -> Asked:
    """Of the choices those that make a difference for the method."""
    method = asked["method"]
    names = ["method", "dim"]
    names += [method] if method in ("axes", "directions") else []
    names += ["seed"] if method == "random" or method in LONG else []
    names += ["settings"] if method in LONG else []
    return {name: asked[name] for name in names}
