"""What a user hands to a space: a model, and what comes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy.typing as npt
from torch import Tensor

from latent_widgets.geometry import Euclidean, Geometry
from latent_widgets.given import refuse_beside
from latent_widgets.models.adopt import adopt
from latent_widgets.models.checkpoint import Checkpoint
from latent_widgets.models.zoo import load_bundled

Values = Sequence[object] | npt.NDArray[Any]


@dataclass
class Brought:
    """A model and what is known of its data, as `LatentSpace` documents them.

    Attributes
    ----------
    model
        Anything; after `unpack` something with `encode`, `decode`, both, or None.
    home
        (d,) where the space begins, or None.
    geometry
        What kind of space the latents live in; None before `unpack`, where the model tells.
    """

    model: object
    points: npt.ArrayLike | Tensor | None = None
    logvar: npt.ArrayLike | Tensor | None = None
    labels: Values | None = None
    names: Sequence[str] | None = None
    factors: Mapping[str, Values] | None = None
    dimensions: Sequence[str] = ()
    home: npt.ArrayLike | None = None
    geometry: Geometry | None = None

    @property
    def name(self) -> str | None:
        """The name of a bundled space."""
        named = isinstance(self.model, str) and not self.model.endswith(".onnx")
        return str(self.model) if named else None

    def unpack(self, beside: Mapping[str, object]) -> Brought:
        """Open a bundled or saved space; adopt any other model.

        Parameters
        ----------
        beside
            What else was given, by argument, that such a space would bring along itself.

        Returns
        -------
        Brought
            With a model that can be asked.

        Raises
        ------
        ValueError
            If something does not fit; the sentence names it.
        """
        model = self.model
        if model is None and self.points is None:
            raise ValueError("model must have encode or decode, or be None with points, got None")
        if isinstance(model, str) and self.name is None:
            model = Path(model)
        if isinstance(model, str | Path) and str(model).endswith((".safetensors", ".pt", ".pth")):
            raise ValueError(f"model is a file: open it with lw.load({str(model)!r})")
        if self.geometry is not None and not isinstance(self.geometry, Geometry):
            raise ValueError(
                "geometry must be Euclidean(), Hypersphere() or PoincareBall() of "
                f"latent_widgets.geometry, got {self.geometry!r:.60}"
            )
        if not isinstance(model, str | Checkpoint):
            rest = {**self._rest(), "geometry": self.geometry or _geometry_of(model)}
            return Brought(adopt(model), **rest)
        refuse_beside(self.name, {**self._rest(), **beside})
        found = load_bundled(model) if isinstance(model, str) else model
        dimensions = found.card.get("dimensions", ())
        if not (
            isinstance(dimensions, list | tuple) and all(isinstance(n, str) for n in dimensions)
        ):
            raise ValueError(f"dimensions of a saved space must be names, got {dimensions!r:.60}")
        return Brought(
            found.model,
            found.points,
            found.logvar,
            found.labels,
            found.names,
            found.factors,
            dimensions,
            found.card.get("home"),
            found.geometry or _geometry_of(found.model),
        )

    def _rest(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)[1:]}


def _geometry_of(model: object) -> Geometry:
    known = getattr(model, "geometry", None)
    return known if isinstance(known, Geometry) else Euclidean()
