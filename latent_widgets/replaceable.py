"""A space whose model may be another one tomorrow: while it trains, say."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets import codec, state
from latent_widgets.backends.browser import BrowserParts
from latent_widgets.encoded import Encoded
from latent_widgets.encoding import find_data
from latent_widgets.feed import Feed
from latent_widgets.geometry import Geometry
from latent_widgets.latent import Latent, check_point
from latent_widgets.models.adopt import adopt
from latent_widgets.models.frozen import FrozenModel

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

# One for all spaces: what is replaced is replaced in a moment, and encoding is done before.
turn = threading.Lock()


class Replaceable:
    """Lets a space show another model of the same shape; every panel follows."""

    replaced = 0
    """How many times the model was replaced."""

    # What a LatentSpace has, and `replace` changes.
    name: str | None
    latent_dim: int
    points: codec.Floats
    home: Latent
    geometry: Geometry
    facts: Any
    _model: FrozenModel
    _data: Encoded
    _parts: BrowserParts | None
    _feed: Feed
    _turn: threading.Lock

    def replace(
        self,
        model: object,
        *,
        points: npt.ArrayLike | Tensor | None = None,
        logvar: npt.ArrayLike | Tensor | None = None,
    ) -> None:
        """Show another model, or the same one after it has learned more.

        The rows are encoded anew; `z`, the selection and what is known of the rows stay, and
        the picture, the map and everything else that was made from the model follow.

        Parameters
        ----------
        model
            As for a new space; it is copied and frozen. Of the same latent dimension and image
            shape as the one before.
        points
            (n, d) latents of the same rows, when they are known already; needed where the
            space was made from points and not from pictures.
        logvar
            (n, d) log variances that go with `points`.

        Raises
        ------
        ValueError, TypeError
            If it does not fit; the space stays as it was then.
        """
        space: Any = self
        fresh = model if isinstance(model, FrozenModel) else FrozenModel(adopt(model), space.device)
        _check(space, fresh)
        data = _encode(space, fresh, points, logvar)
        home = check_point("home", data.middle(), self.latent_dim, self.geometry)
        with turn:
            self._model, self._data, self._parts = fresh, data, None
            self.replaced += 1
            # A bundled space's own decoder lies ready under its name, and is of another model now.
            self.name, self.points, self.home = None, data.points, home
        self.facts = state.facts(space, data)
        with self._turn:
            self._feed.want(space.z)


def _encode(space: LatentSpace, fresh: FrozenModel, points: Any, logvar: Any) -> Encoded:  # noqa: ANN401
    before = space.data
    if points is None and before.images is None and len(before):
        raise ValueError("points must be given: the space has rows, and no pictures to encode")
    dim = None if len(before) else space.latent_dim
    data = find_data(fresh, before.images, points, logvar, dim)
    if data.mean.shape[1] != space.latent_dim or len(data) != len(before):
        raise ValueError(
            f"model must give {len(before)} rows of {space.latent_dim} numbers, "
            f"got {tuple(data.mean.shape)}"
        )
    data.columns, data.geometry = before.columns, before.geometry
    space.geometry.check("points", data.mean)
    return data


def _check(space: LatentSpace, fresh: FrozenModel) -> None:
    if fresh.latent_dim not in (None, space.latent_dim):
        raise ValueError(
            f"model must have {space.latent_dim} latent dimensions, got {fresh.latent_dim}"
        )
    theirs = getattr(fresh.inner, "geometry", space.geometry)
    if theirs.spec() != space.geometry.spec():
        raise ValueError(f"model must have geometry {space.geometry.spec()}, got {theirs.spec()}")
    for half, had in (("encode", space.can_encode), ("decode", space.can_decode)):
        if had != getattr(fresh, f"has_{half}"):
            raise ValueError(f"model must {'' if had else 'not '}have {half}, as the one before")
    if fresh.has_decode:
        fresh.decode(torch.from_numpy(space.z.copy())[None], space.image_shape)
