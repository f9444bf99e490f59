"""A model and the rows it encoded: everything a space knows that never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets import codec
from latent_widgets.columns import make_columns
from latent_widgets.datasets.images import Images, as_pictures
from latent_widgets.encoded import Encoded, encode_images, given_points
from latent_widgets.latent import Latent, check_latent
from latent_widgets.models.frozen import FrozenModel, pick_device
from latent_widgets.models.posteriors import Posterior
from latent_widgets.models.zoo import load_bundled

Column = Sequence[object] | npt.NDArray[Any]


class Coder:
    """Encodes, decodes and samples; `LatentSpace` adds the current latent and the page.

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
        (d,) the row nearest the mean of the points: the mean itself, far from every row, often
        decodes to a blur. Zeros without data.
    image_shape : tuple of int or None
        (C, H, W) of every picture; None when nothing tells it.
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
    device: torch.device

    def _load(  # the arguments of LatentSpace, which documents them
        self,
        model: object,
        images: object,
        *,
        labels: Column | None,
        names: Sequence[str] | None,
        factors: Mapping[str, Column] | None,
        points: npt.ArrayLike | Tensor | None,
        logvar: npt.ArrayLike | Tensor | None,
        latent_dim: int | None,
        dimensions: Sequence[str],
        device: str | torch.device,
        seed: int,
    ) -> None:
        self.name = model if isinstance(model, str) else None
        if isinstance(model, str):
            bundled = load_bundled(model)
            model, points, logvar = bundled.model, bundled.points, bundled.logvar
            labels, names, factors = bundled.labels, bundled.names, bundled.factors
            dimensions = bundled.card.get("dimensions", ())
        self.device = pick_device(device)
        self._model = FrozenModel(model, self.device)
        source = None if images is None else Images(images)
        self._data = self._find_data(source, points, logvar, latent_dim, model)
        self.latent_dim = self._data.mean.shape[1]
        self.dimensions = [str(name) for name in dimensions]
        if len(self.dimensions) > self.latent_dim:
            raise ValueError(
                f"dimensions must name at most {self.latent_dim} dimensions, "
                f"got {len(self.dimensions)} names"
            )
        if labels is None and source is not None:
            labels = source.labels
        self._data.columns = make_columns(len(self._data), labels, names, factors)
        self.labels = None if labels is None else np.asarray(labels)
        self.names = None if names is None else list(names)
        self.points = self._data.points
        self.home = check_latent("home", self._data.middle(), self.latent_dim)
        self._generator = torch.Generator().manual_seed(seed)
        self.image_shape = source.shape if source else None
        if self.image_shape is None and self._model.has_decode:
            _, channels, height, width = self.decode(self.home).shape
            self.image_shape = (channels, height, width)

    def _find_data(
        self,
        images: Images | None,
        points: npt.ArrayLike | Tensor | None,
        logvar: npt.ArrayLike | Tensor | None,
        latent_dim: int | None,
        model: object,
    ) -> Encoded:
        if points is not None:
            data = Encoded(given_points(points, logvar, self.device), images)
        elif images is not None:
            data = Encoded(encode_images(self._model, images), images)
        else:
            dim = latent_dim or getattr(model, "latent_dim", None)
            if not isinstance(dim, int) or dim < 1:
                raise ValueError(
                    "latent_dim must be a whole number of at least 1 when there are neither "
                    f"images nor points, got {dim!r}"
                )
            data = Encoded(Posterior(torch.zeros(0, dim, device=self.device), None))
        if latent_dim is not None and latent_dim != data.mean.shape[1]:
            raise ValueError(
                f"latent_dim must be {data.mean.shape[1]} as in the data, got {latent_dim}"
            )
        return data

    @property
    def logvar(self) -> codec.Floats | None:
        """(n, d) log variances of the data, or None when the model gives none."""
        logvar = self._data.logvar
        return None if logvar is None else logvar.cpu().numpy()

    @property
    def factors(self) -> dict[str, npt.NDArray[Any]]:
        """(n,) values by column name, labels included: numbers, or class names as strings."""
        return {
            column.name: column.values
            if column.categories is None
            else np.asarray(column.categories)[column.values.astype(int)]
            for column in self._data.columns
        }

    @property
    def data(self) -> Encoded:
        """The encoded rows: columns, KL, ranges, pictures."""
        return self._data

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
        return self._model.encode(as_pictures(x))

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
        rows = z.float() if isinstance(z, Tensor) else torch.from_numpy(np.array(z, np.float32))
        rows = rows[None] if rows.ndim == 1 else rows
        if rows.ndim != 2 or rows.shape[1] != self.latent_dim or not torch.isfinite(rows).all():
            flaw = "" if torch.isfinite(rows).all() else " with NaN or infinity"
            raise ValueError(
                f"z must be finite rows of {self.latent_dim} numbers, "
                f"got shape {tuple(rows.shape)}{flaw}"
            )
        return self._model.decode(rows, self.image_shape)

    def sample(self, n: int, seed: int | None = None) -> codec.Floats:
        """Draw latents from the prior N(0, I).

        Parameters
        ----------
        n
            How many, at least 1.
        seed
            Same seed, same latents; None goes on from the space's own seed.

        Returns
        -------
        numpy.ndarray
            (n, d) float32.

        Raises
        ------
        ValueError
            If n is below 1.
        """
        if n < 1:
            raise ValueError(f"n must be at least 1, got {n}")
        generator = self._generator if seed is None else torch.Generator().manual_seed(seed)
        return torch.randn(n, self.latent_dim, generator=generator).numpy()

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
