"""Mixtures: some dimensions of one latent, the rest of another, in a grid."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import torch
import traitlets as t
from torch import Tensor

from latent_widgets import codec
from latent_widgets.analysis.mixing import check_dims, mix
from latent_widgets.answering import Answer, Answering, Content
from latent_widgets.counts import whole
from latent_widgets.dimension_groups import dimension_groups
from latent_widgets.export.still import Still, draw_still, draw_strip
from latent_widgets.inbox import pack_pictures
from latent_widgets.latents import WIRE_LATENTS, LatentsTrait
from latent_widgets.layers import check_layer, count_layers, mix_layers
from latent_widgets.panels.panel import Panel

_MOST = 12
_SOURCES = ("random rows", "selection", "samples", "favourites")
_NONE = np.zeros((0, 0), np.float32)


class MixingPanel(Answering, Panel, stem="mixing"):
    """A grid of mixtures: each takes `dims` from its column, and the rest from its row.

    A click on a mixture moves `z` there. With a decoder that exposes its layers, as `layers`
    says, a mixture can take the first layers from its row and the others from its column.

    Examples
    --------
    >>> panel = MixingPanel(space, dims=[0, 1, 2])
    >>> panel.take("columns", "samples", 6, seed=3)
    >>> panel.grid.shape
    (4, 6, 19)
    """

    rows = LatentsTrait(_NONE).tag(**WIRE_LATENTS)
    """(r, d) float32, 1 to 12 latents that give the rest."""
    columns = LatentsTrait(_NONE).tag(**WIRE_LATENTS)
    """(c, d) float32, 1 to 12 latents that give `dims`."""
    dims = t.List(t.Int()).tag(sync=True)
    """Ids of the dimensions that a mixture takes from its column."""
    layer = t.Int(None, allow_none=True).tag(sync=True)
    """The first layer that takes the column's latent, from 1; None to mix dimensions instead."""
    groups = t.Dict(read_only=True).tag(sync=True)
    """Dimensions that belong together, by name."""
    layers = t.Int(0, read_only=True).tag(sync=True)
    """How many layers the decoder exposes; 0 for none. See `latent_widgets.layers`."""

    _questions: ClassVar[dict[str, str]] = {"take": "_take", "mixtures": "_mixtures"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        super().__init__(*args, **kwargs)
        self._look()
        if "dims" not in kwargs and self.groups:
            self.dims = next(iter(self.groups.values()))
        for i, side in enumerate(("rows", "columns")):
            if side not in kwargs:
                source = "random rows" if len(self.space.points) else "samples"
                self.take(side, source, (4, 6)[i], seed=i)
        self._to_tape(("rows", "columns", "dims", "layer"), kwargs)

    @property
    def grid(self) -> npt.NDArray[np.float32]:
        """(r, c, d) float32 latents of the mixtures, where the geometry puts them.

        With `layer` they are what the encoder makes of the pictures.

        Raises
        ------
        TypeError
            With `layer`, if the space does not encode: no latent gives these pictures.
        """
        shape = len(self.rows), len(self.columns), self.space.latent_dim
        if self.layer is None:
            mixed = mix(self.rows[:, None], self.columns[None], self.dims, self.space.geometry)
            return np.asarray(mixed, np.float32)
        if not self.space.can_encode:
            raise TypeError("mixtures of layers have no latent without an encoder: use images()")
        found = self.space.encode(self._decode()).mean
        return np.asarray(self.space.geometry.project(found.cpu().numpy())).reshape(shape)

    def images(self) -> codec.Pictures:
        """Decode the mixtures.

        Returns
        -------
        numpy.ndarray
            (r, c, H, W, C) uint8.

        Raises
        ------
        TypeError
            If the space does not decode.
        """
        pictures = codec.to_uint8(self._decode())
        return pictures.reshape(len(self.rows), len(self.columns), *pictures.shape[1:])

    def take(self, side: str, source: str, n: int | None = None, *, seed: int = 0) -> MixingPanel:
        """Fill a side of the grid.

        Parameters
        ----------
        side
            "rows" or "columns".
        source
            "random rows" of the data, the "selection" (its first rows), "samples" of the prior,
            or the "favourites" of the space (the last kept).
        n
            How many, 1 to 12; as many as there are now when None.
        seed
            Of the random rows and samples.

        Returns
        -------
        MixingPanel
            Itself.

        Raises
        ------
        ValueError
            If something does not fit, or the source is empty; the grid stays as it was.
        """
        if side not in ("rows", "columns"):
            raise ValueError(f"side must be 'rows' or 'columns', got {side!r:.60}")
        count = whole("n", max(len(getattr(self, side)), 1) if n is None else n, 1)
        if count > _MOST:
            raise ValueError(f"n must be a whole number from 1 to {_MOST}, got {count}")
        setattr(self, side, self._from(source, count, whole("seed", seed, 0)))
        return self

    def _from(self, source: str, n: int, seed: int) -> npt.NDArray[np.float32]:
        space = self.space
        if source not in _SOURCES:
            raise ValueError(f"source must be one of {list(_SOURCES)}, got {source!r:.60}")
        if source == "samples":
            drawn: npt.NDArray[np.float32] = space.sample(n, seed)
            return drawn
        if source == "favourites":
            if not len(space.favourites):
                raise ValueError("Nothing is kept: star some pictures on a sheet of samples first.")
            return np.asarray(space.favourites[-n:])
        rows = list(space.selection)
        if source == "random rows":
            rows = np.random.default_rng(seed).permutation(len(space.points)).tolist()
        if not rows:
            chosen = source == "selection"
            raise ValueError(
                "Nothing is selected: select some rows on a map first."
                if chosen
                else "This space has no rows: take samples instead."
            )
        return np.asarray(space.points[rows[:n]])

    def _decode(self) -> Tensor:
        space, r, c = self.space, len(self.rows), len(self.columns)
        if self.layer is None:
            return torch.as_tensor(space.decode(self.grid.reshape(r * c, -1)))
        first = torch.from_numpy(np.repeat(self.rows, c, axis=0))
        second = torch.from_numpy(np.tile(self.columns, (r, 1)))
        return mix_layers(space, first, second, self.layer)

    def _take(self, content: Content, _: list[memoryview]) -> Answer:
        n = content.get("n")
        self.take(
            str(content.get("side")), str(content.get("source")), n, seed=content.get("seed") or 0
        )
        return {}, []

    def _mixtures(self, _: Content, __: list[memoryview]) -> Answer:
        pictures = self.images()
        reply, blobs = pack_pictures(pictures.reshape(-1, *pictures.shape[2:]))
        latents = codec.floats_to_bytes(self.grid) if self.space.can_encode else b""
        return reply, [*blobs, latents]

    def _look(self) -> None:
        self.set_trait("groups", dimension_groups(self.space))
        self.set_trait("layers", count_layers(self.space) if self.space.can_decode else 0)

    def _renew(self, _: object) -> None:
        self._look()
        self.send_state(["rows", "columns"])

    def _still(self) -> Still | None:
        if not self.space.can_decode:
            return draw_still(self.space, self._line())
        return draw_strip(self.images()[0], self._line())

    @t.validate("rows", "columns")
    def _check_side(self, proposal: t.Bunch) -> npt.NDArray[np.float32]:
        if not 1 <= len(proposal.value) <= _MOST:
            name = proposal.trait.name
            raise ValueError(f"{name} must be 1 to {_MOST} latents, got {len(proposal.value)}")
        found: npt.NDArray[np.float32] = proposal.value
        return found

    @t.validate("dims")
    def _check_dims(self, proposal: t.Bunch) -> list[int]:
        return check_dims(proposal.value, self.space.latent_dim)

    @t.validate("layer")
    def _check_layer(self, proposal: t.Bunch) -> int | None:
        return None if proposal.value is None else check_layer(self.space, proposal.value)
