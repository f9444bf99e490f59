"""The data as the model sees it: posteriors, columns, and a picture for every row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets import codec
from latent_widgets.columns import Column, as_values
from latent_widgets.datasets.images import Images
from latent_widgets.geometry import Euclidean, Geometry
from latent_widgets.given import describe_rows
from latent_widgets.models.frozen import FrozenModel
from latent_widgets.models.posteriors import Posterior, gaussian_kl

_NEARLY = 0.8  # as informative: such dimensions do not change places


class Encoded:
    """Encoded rows; empty when the space has no data.

    Parameters
    ----------
    posterior
        (n, d) mean and log variance (or None) on the space's device.
    images
        The pictures they came from, or None.

    Raises
    ------
    ValueError
        If the latents are not finite (n, d) rows, or there is not one for each picture.
    """

    columns: Sequence[Column] = ()
    geometry: Geometry = Euclidean()

    def __init__(self, posterior: Posterior, images: Images | None = None) -> None:
        mean, logvar = posterior
        if mean.ndim != 2 or not _finite(mean):
            raise ValueError(f"points must be finite rows (n, d), got {describe_rows(mean)}")
        if logvar is not None and (logvar.shape != mean.shape or not _finite(logvar)):
            raise ValueError(
                f"logvar must be finite with shape {tuple(mean.shape)}, got {tuple(logvar.shape)}"
            )
        if images is not None and len(images) != len(mean):
            raise ValueError(
                f"points must have one row for each of the {len(images)} images, got {len(mean)}"
            )
        self.mean, self.logvar, self.images = mean, logvar, images
        self.points: codec.Floats = mean.cpu().numpy()
        self.points.flags.writeable = False

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.mean)

    def kl(self) -> codec.Floats:
        """Measure how much each dimension says about the data.

        Returns
        -------
        numpy.ndarray
            (d,) mean KL to N(0, I) in nats (Kingma & Welling 2013); zeros when the model has
            no log variance, and on curved spaces, whose KL has no parts that add up.
        """
        flat = self.geometry.name == "euclidean"
        if self.logvar is None or not len(self) or not flat:
            return np.zeros(self.mean.shape[1], np.float32)
        kl: codec.Floats = gaussian_kl(self.mean, self.logvar).mean(0).float().cpu().numpy()
        return kl

    def order(self, before: Sequence[int] | None = None) -> list[int]:
        """Rank the dimensions, the most informative first.

        Parameters
        ----------
        before
            An earlier ranking, which is kept while all of it is still nearly right.

        Returns
        -------
        list of int
            All d of them, by KL, or by the points' variance without one.
        """
        weight = self.kl()
        if not weight.any() and len(self):
            weight = self.points.var(axis=0)
        if before is not None:
            ranked = weight[list(before)]
            best_from_here = np.maximum.accumulate(ranked[::-1])[::-1]
            if (ranked >= _NEARLY * best_from_here).all():
                return list(before)
        return [int(dim) for dim in np.argsort(-weight, kind="stable")]

    def spread(self, values: codec.Floats | None = None) -> tuple[codec.Floats, codec.Floats]:
        """Find a slider range for each dimension.

        Parameters
        ----------
        values
            (n, k) what else is measured of each row; the points themselves when None.

        Returns
        -------
        low, high : numpy.ndarray
            (d,) or (k,) each: the data's range without its outermost 0.1 %, a tenth wider on each
            side and at least one wide, but no wider than the geometry; -3 to 3 without data.
            At most 200,000 rows, evenly picked, tell it.
        """
        end = np.float32(self.geometry.reach)
        rows = self.points if values is None else values
        if not rows.size:
            width = np.full(rows.shape[1], min(3, end), np.float32)
            return -width, width
        low, high = np.quantile(_few(rows), [0.001, 0.999], axis=0).astype(np.float32)
        margin = np.maximum((high - low) / 10, (1 - (high - low)) / 2)
        return np.maximum(low - margin, -end), np.minimum(high + margin, end)

    def density(self) -> codec.Floats:
        """Describe how dense the prior is where the data lies.

        Returns
        -------
        numpy.ndarray
            (101,) percentiles 0 to 100 of log N(z; 0, I) in nats over the rows, as in `spread`;
            empty without data, and in curved spaces, whose priors are others.
        """
        if not len(self) or self.geometry.name != "euclidean":
            return np.zeros(0, np.float32)
        log_prior = -0.5 * (_few(self.points) ** 2 + np.log(2 * np.pi)).sum(1, dtype=np.float64)
        return np.asarray(np.percentile(log_prior, np.arange(101)), np.float32)

    def middle(self) -> codec.Floats:
        """Find the most central row.

        Returns
        -------
        numpy.ndarray
            (d,) the row nearest the mean of the points; without data the geometry's origin.
        """
        if not len(self):
            return self.geometry.origin(self.mean.shape[1]).numpy().astype(np.float32)
        middle = self.mean.mean(0, keepdim=True)
        far = torch.cdist(middle, self.mean, compute_mode="donot_use_mm_for_euclid_dist")
        return np.asarray(self.points[int(far.argmin())], np.float32)

    def mean_of(self, rows: Sequence[int]) -> npt.NDArray[np.float64]:
        """Average rows, as the geometry means it.

        Parameters
        ----------
        rows
            At least one row id.

        Returns
        -------
        numpy.ndarray
            (d,) float64 Frechet mean.

        Raises
        ------
        ValueError
            If the rows have no single mean, as points all around a sphere.
        """
        found: npt.NDArray[np.float64] = self.geometry.mean(self.points[rows].astype(np.float64))
        return found

    def check_rows(self, rows: npt.ArrayLike) -> list[int]:
        """Check row ids.

        Parameters
        ----------
        rows
            Whole numbers: a list, an array or a tensor.

        Returns
        -------
        list of int
            The same ids.

        Raises
        ------
        ValueError
            If one is no row of the data.
        """
        ids = as_values("rows", rows)
        if ids.size == 0:
            return []
        if ids.ndim != 1 or ids.dtype.kind not in "iu":
            raise ValueError(f"rows must be a flat list of row ids, got {rows!r:.60}")
        if ids.min() < 0 or ids.max() >= len(self):
            wrong = ids[(ids < 0) | (ids >= len(self))][0]
            there = f"ids from 0 to {len(self) - 1}" if len(self) else "ids; there are no rows"
            raise ValueError(f"rows must be {there}, got {wrong}")
        return list(ids.tolist())

    def rows_where(self, column: str, category: str) -> npt.NDArray[np.intp]:
        """Find the rows of one class, or the extreme rows of a column of numbers.

        Parameters
        ----------
        column
            The name of a column.
        category
            One of its class names; "low" or "high" for the quarter of the rows with the
            lowest or highest numbers.

        Returns
        -------
        numpy.ndarray
            Row ids.

        Raises
        ------
        ValueError
            If there is no such column or class.
        """
        found = next((item for item in self.columns if item.name == column), None)
        if found is None:
            have = [item.name for item in self.columns]
            raise ValueError(f"column must be one of {have}, got {column!r}")
        classes = found.categories or ("low", "high")
        if category not in classes:
            raise ValueError(f"category must be one of {list(classes)}, got {category!r}")
        if found.categories:
            return np.flatnonzero(found.values == found.categories.index(category))
        order = np.argsort(found.values, kind="stable")
        quarter = -(-len(order) // 4)
        return order[-quarter:] if category == "high" else order[:quarter]

    def pictures(self, rows: Sequence[int], model: FrozenModel) -> codec.Pictures:
        """Show rows: their own pictures, or what the model makes of them when there are none.

        Parameters
        ----------
        rows
            Row ids.
        model
            Decodes rows that came without pictures.

        Returns
        -------
        numpy.ndarray
            (len(rows), H, W, C) uint8.
        """
        if self.images is not None:
            return codec.to_uint8(self.images.take(rows))
        return codec.to_uint8(model.decode(self.mean[list(rows)]))


def _few(rows: codec.Floats) -> codec.Floats:
    return rows[:: max(len(rows) // 100_000, 1)]


def _finite(values: torch.Tensor) -> bool:
    return bool(torch.isfinite(values.sum()) or torch.isfinite(values).all())
