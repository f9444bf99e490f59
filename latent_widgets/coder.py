"""A model and the rows it encoded: everything a space knows that never changes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets import codec
from latent_widgets.brought import Brought, Values
from latent_widgets.columns import as_values, make_columns
from latent_widgets.counts import whole
from latent_widgets.datasets.images import Images, as_pictures
from latent_widgets.encoded import Encoded
from latent_widgets.encoding import find_data
from latent_widgets.failure import out_of_memory
from latent_widgets.geometry import Euclidean, Geometry
from latent_widgets.given import check_image_shape, latent_rows
from latent_widgets.latent import Latent, check_point
from latent_widgets.models.device import pick_device
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.posteriors import Posterior


class Coder:
    """Encodes and decodes; `LatentSpace` adds the current latent and the page.

    Attributes
    ----------
    name : str or None
        The name of a bundled space.
    latent_dim : int
        d.
    points : numpy.ndarray
        (n, d) float32 posterior means of the data; (0, d) without data.
    labels : numpy.ndarray or None
        (n,) as they were given.
    names : list of str or None
        Class names of whole-number labels.
    dimensions : list of str
        What the first dimensions mean, where that is known; empty otherwise.
    home : Latent
        (d,) where a bundled space says; else the row nearest the mean of the points, which
        itself often decodes to a blur. The geometry's origin without data.
    image_shape : tuple of int or None
        (C, H, W) of every picture; None when nothing tells it.
    geometry : Geometry
        What kind of space the latents live in.
    device : torch.device
        Where the model and the points live.
    """

    name: str | None
    latent_dim: int
    points: codec.Floats
    labels: npt.NDArray[Any] | None
    names: list[str] | None
    dimensions: list[str]
    home: Latent
    image_shape: tuple[int, int, int] | None
    geometry: Geometry
    device: torch.device

    def _load(  # the arguments of LatentSpace, which documents them
        self,
        model: object,
        images: object,
        *,
        labels: Values | None,
        names: Sequence[str] | None,
        factors: Mapping[str, Values] | None,
        points: npt.ArrayLike | Tensor | None,
        logvar: npt.ArrayLike | Tensor | None,
        latent_dim: int | None,
        dimensions: Sequence[str],
        image_shape: Sequence[int] | None,
        geometry: Geometry | None,
        device: str | torch.device,
        seed: int,
    ) -> None:
        given = Brought(
            model, points, logvar, labels, names, factors, tuple(dimensions), None, geometry
        )
        self.name = given.name
        beside = {"images": images, "latent_dim": latent_dim, "image_shape": image_shape}
        brought = given.unpack(beside)
        self._generator = torch.Generator().manual_seed(whole("seed", seed))
        self.device = pick_device(device)
        self._model = FrozenModel(brought.model, self.device)
        source = None if images is None else Images(images)
        self.image_shape = source.shape if source else None
        if image_shape is not None:
            self.image_shape = check_image_shape(image_shape, source)
        self._data = find_data(self._model, source, brought.points, brought.logvar, latent_dim)
        self.latent_dim = self._data.mean.shape[1]
        self.geometry = self._data.geometry = brought.geometry or Euclidean()
        self.geometry.check("points", self._data.mean)
        self.dimensions = [str(name) for name in brought.dimensions]
        if len(self.dimensions) > self.latent_dim:
            raise ValueError(
                f"dimensions must name at most {self.latent_dim} dimensions, "
                f"got {len(self.dimensions)} names"
            )
        given_along = None if source is None else source.labels
        labels = given_along if brought.labels is None else brought.labels
        self.labels = None if labels is None else as_values("labels", labels)
        self.names = None if brought.names is None else list(brought.names)
        self._data.columns = make_columns(len(self._data), self.labels, self.names, brought.factors)
        self.points = self._data.points
        home = self._data.middle() if brought.home is None else brought.home
        self.home = check_point("home", home, self.latent_dim, self.geometry)
        if source is None and self._model.has_decode:
            _, channels, height, width = self.decode(self.home).shape
            self.image_shape = (channels, height, width)

    @property
    def logvar(self) -> codec.Floats | None:
        """(n, d) log variances of the data, or None when the model gives none."""
        logvar = self._data.logvar
        return None if logvar is None else logvar.cpu().numpy().copy()

    @property
    def factors(self) -> dict[str, npt.NDArray[Any]]:
        """(n,) values by column name, labels included: numbers, or class names as strings."""
        return {
            column.name: column.values.copy()
            if column.categories is None
            else np.asarray(column.categories)[column.values.astype(int)]
            for column in self._data.columns
        }

    @property
    def data(self) -> Encoded:
        """The encoded rows: columns, KL, ranges, pictures."""
        return self._data

    @property
    def model(self) -> object:
        """The frozen copy that encodes and decodes; None without a model."""
        return self._model.inner

    @property
    def latent_shape(self) -> tuple[int, ...] | None:
        """(c, h, w) where latents are pictures themselves; None where they are flat rows."""
        shape = self._model.latent_shape
        return shape if shape is not None and math.prod(shape) == self.latent_dim else None

    @property
    def can_encode(self) -> bool:
        """Whether the model has an encoder."""
        return self._model.has_encode

    @property
    def can_decode(self) -> bool:
        """Whether the model has a decoder."""
        return self._model.has_decode

    def encode(self, x: Tensor | npt.NDArray[Any]) -> Posterior:
        """Encode pictures.

        Parameters
        ----------
        x
            (n, C, H, W), (n, H, W, C) or (n, H, W), uint8 or floats in [0, 1], any device.

        Returns
        -------
        Posterior
            `mean` and `logvar`, (n, d) tensors on `device`; `logvar` None without one.

        Raises
        ------
        ValueError, TypeError
            If the pictures do not fit or the space does not encode.
        """
        pictures = as_pictures(x, "x")
        shape = tuple(pictures.shape[1:])
        # An encoder may take any size, or another than is decoded: only a failure is blamed on it.
        fits = self.image_shape in (None, shape)
        try:
            found = self._model.encode(pictures)
        except Exception as error:  # whatever a model raises
            if fits or not self.can_encode or out_of_memory(error):
                raise
            raise ValueError(f"x must be pictures of {self.image_shape}, got {shape}") from error
        if found.mean.shape[1] != self.latent_dim:
            raise ValueError(
                f"x must be pictures that encode to {self.latent_dim} numbers, "
                f"got {found.mean.shape[1]} from pictures of {shape}"
            )
        return found

    def decode(self, z: npt.ArrayLike | Tensor) -> Tensor:
        """Decode latents.

        Parameters
        ----------
        z
            (n, d) or (d,) finite numbers, any device.

        Returns
        -------
        torch.Tensor
            (n, C, H, W) float32 in [0, 1] on `device`.

        Raises
        ------
        ValueError, TypeError
            If the latents do not fit or the space does not decode.
        """
        return self._model.decode(latent_rows(z, self.latent_dim, self.device), self.image_shape)

    def pictures(self, rows: Sequence[int]) -> codec.Pictures:
        """Show rows of the data.

        Parameters
        ----------
        rows
            Row ids.

        Returns
        -------
        numpy.ndarray
            (len(rows), H, W, C) uint8: the pictures the space was made from, or the model's
            reconstructions where the data did not come along.

        Raises
        ------
        ValueError
            If an id is no row.
        """
        return self._data.pictures(self._data.check_rows(rows), self._model)
