"""A batch that was drawn from a painted density: pictures, latents and voted labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from latent_widgets import codec
from latent_widgets.analysis.brush_density import BrushDensity
from latent_widgets.analysis.voting import vote

if TYPE_CHECKING:
    from latent_widgets.analysis.base import Projection
    from latent_widgets.space import LatentSpace

# Of places that lie off the data, so many rounds are drawn anew.
_ROUNDS = 20


@dataclass(frozen=True)
class Batch:
    """n drawn pictures with labels.

    Attributes
    ----------
    images
        (n, C, H, W) float32 in [0, 1]; None where the space has no decode.
    z
        (n, d) float32.
    labels
        (n,) int64, the class that most of the ten nearest rows vote for; None without classes.
    confidence
        (n,) float32, the share of that vote times how near it was, 0 to 1; None without classes.
    names
        What the labels mean.
    places
        (n, 2) float32 on the map.
    """

    images: Tensor | None
    z: Tensor
    labels: Tensor | None
    confidence: Tensor | None
    names: tuple[str, ...]
    places: Tensor

    def __len__(self) -> int:
        """How many there are."""
        return len(self.z)

    def dataset(self) -> torch.utils.data.TensorDataset:
        """Give it as torch's dataset: of pictures (latents without a decoder), and labels."""
        first = self.z if self.images is None else self.images
        return torch.utils.data.TensorDataset(
            *((first,) if self.labels is None else (first, self.labels))
        )

    def tensors(self) -> dict[str, Tensor]:
        """Give its tensors by name, as safetensors takes them."""
        parts = {
            name: getattr(self, name) for name in ("images", "z", "labels", "confidence", "places")
        }
        return {name: part.contiguous() for name, part in parts.items() if part is not None}


def draw_batch(
    space: LatentSpace,
    projection: Projection,
    density: BrushDensity,
    n: int,
    seed: int = 0,
    *,
    column: str | None = None,
    least: float = 0.0,
) -> Batch:
    """Draw a labelled batch from a density on a map.

    Parameters
    ----------
    space
        Whose decoder and rows.
    projection
        The map, which takes places back to latents.
    density
        What was painted on it.
    n
        How many.
    seed
        Same seed, same batch.
    column
        The classes to vote on; the first column of classes when None.
    least
        The percentile of density among the rows, 0 to 100, below which a latent is drawn anew.

    Returns
    -------
    Batch
        On the CPU.

    Raises
    ------
    ValueError
        If nothing is painted, the column has no classes, or too few places have the density.
    """
    classes = [each for each in space.data.columns if each.categories]
    chosen = next((each for each in classes if column in (None, each.name)), None)
    if column is not None and chosen is None:
        raise ValueError(f"column must be one of {[c.name for c in classes]}, got {column!r:.60}")
    places, z = _draw(space, projection, density, n, seed=seed, least=least)
    images = None
    if space.can_decode:
        images = torch.cat([space.decode(z[i : i + 64]).cpu() for i in range(0, n, 64)])
    labels = confidence = None
    if chosen is not None and len(space.points):
        codes, names = chosen.values.astype(np.int64), chosen.categories or ()
        shares = vote(space.points, codes, len(names), z, geometry=space.geometry)
        labels = torch.from_numpy(shares.argmax(axis=1).astype(np.int64))
        confidence = torch.from_numpy(shares.max(axis=1).astype(np.float32))
    return Batch(
        images,
        torch.from_numpy(z),
        labels,
        confidence,
        () if chosen is None else tuple(str(name) for name in chosen.categories or ()),
        torch.from_numpy(places.astype(np.float32)),
    )


def _draw(
    space: LatentSpace,
    projection: Projection,
    density: BrushDensity,
    n: int,
    *,
    seed: int,
    least: float,
) -> tuple[codec.Floats, codec.Floats]:
    likeness = space.judge().likeness if least > 0 else None
    kept: list[codec.Floats] = []
    found: list[codec.Floats] = []
    for turn in range(_ROUNDS if likeness is not None else 1):
        places = density.draw(n, seed + turn).astype(np.float32)
        # What a linear map does not show is that of the row which lies nearest on it.
        rows = projection.nearest(places)[1]
        near = space.points[rows] if len(space.points) else None
        z = np.asarray(space.geometry.project(projection.inverse(places, near)), np.float32)
        good = np.ones(n, bool) if likeness is None else likeness.percentile(z) >= least
        kept.append(places[good])
        found.append(z[good])
        if sum(map(len, kept)) >= n:
            return np.concatenate(kept)[:n], np.concatenate(found)[:n]
    raise ValueError(
        f"of {n * _ROUNDS} places that were drawn, only {sum(map(len, kept))} have a density of at "
        f"least {least:g} percent among the rows: paint elsewhere, or ask for less"
    )
