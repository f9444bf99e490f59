"""Latents as the measures take them: float64 rows, checked."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets.models.posteriors import gaussian_kl

Floats = npt.NDArray[np.float64]
Rows = Tensor | npt.ArrayLike
Real = TypeVar("Real", np.float32, np.float64)


def as_rows(name: str, value: Rows, least: int = 1) -> Floats:
    """Bring latents into float64 rows.

    Parameters
    ----------
    name
        The argument they came from, used in error sentences.
    value
        (n, d) numbers: a tensor on any device, an array or nested lists.
    least
        How many rows the measure needs.

    Returns
    -------
    numpy.ndarray
        (n, d) float64.

    Raises
    ------
    ValueError
        If they are no finite (n, d) rows, or too few.
    """
    found = _array(value)
    if found is None or found.ndim != 2 or not found.shape[1]:
        got = "no numbers" if found is None else f"shape {found.shape}"
        raise ValueError(f"{name} must be rows of numbers of shape (n, d), got {got}")
    if not np.isfinite(found).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    if len(found) < least:
        raise ValueError(f"{name} must have at least {least} rows, got {len(found)}")
    return found


def finite_rows(name: str, given: npt.ArrayLike, kind: type[Real]) -> npt.NDArray[Real]:
    """Bring numbers into rows of one floating type, in no wider one on the way.

    Parameters
    ----------
    name
        The argument they came from.
    given
        (n, d) numbers, at least one row.
    kind
        numpy.float32 or numpy.float64.

    Returns
    -------
    numpy.ndarray
        (n, d) of that type; the array itself where it is that already.

    Raises
    ------
    ValueError
        If they are no finite rows.
    """
    rows = np.asarray(given, kind)
    if rows.ndim != 2 or not rows.size or not np.isfinite(rows).all():
        shape = "x".join(map(str, rows.shape))
        raise ValueError(f"{name} must be finite rows, one or more, got an array of {shape}")
    return rows


def alike_rows(**named: Rows) -> list[Floats]:
    """Bring several latents into float64 rows of one dimension, as `as_rows` does each.

    Parameters
    ----------
    named
        (n, d) numbers by the arguments they came from, at least one row each.

    Returns
    -------
    list of numpy.ndarray
        (n, d) float64, in that order.

    Raises
    ------
    ValueError
        If one is no finite (n, d) rows, or they differ in d.
    """
    found = [as_rows(name, value) for name, value in named.items()]
    if len({rows.shape[1] for rows in found}) > 1:
        got = " and ".join(str(rows.shape) for rows in found)
        raise ValueError(f"{' and '.join(named)} must be of one dimension d, got shapes {got}")
    return found


def as_posterior_rows(mean: Rows, logvar: Rows, least: int = 1) -> tuple[Floats, Floats]:
    """Bring the means and log-variances of diagonal Gaussians into float64 rows.

    Parameters
    ----------
    mean, logvar
        (n, d) each.
    least
        How many rows the measure needs.

    Returns
    -------
    mean, logvar : numpy.ndarray
        (n, d) float64 each.

    Raises
    ------
    ValueError
        If one is no finite (n, d) rows, or their shapes differ.
    """
    centre, spread = as_rows("mean", mean, least), as_rows("logvar", logvar, least)
    if centre.shape != spread.shape:
        raise ValueError(f"logvar must have the shape of mean, {centre.shape}, got {spread.shape}")
    return centre, spread


def kl_rows(mean: Floats, logvar: Floats) -> Floats:
    """KL(q(z_j|x) || N(0, 1)) of every row and dimension, in nats.

    Parameters
    ----------
    mean, logvar
        (n, d) float64 each.

    Returns
    -------
    numpy.ndarray
        (n, d), at least 0 (Kingma and Welling, 2013, appendix B).
    """
    kl: Floats = gaussian_kl(torch.from_numpy(mean), torch.from_numpy(logvar)).numpy()
    return kl


def is_flat(space: Any) -> bool:  # noqa: ANN401 - a LatentSpace
    """Whether a space's log-variances are those of Gaussians under N(0, I): not on curved ones."""
    return getattr(getattr(space, "geometry", None), "name", "euclidean") == "euclidean"


def draw_rows(mean: Floats, logvar: Floats | None, generator: np.random.Generator) -> Floats:
    """Draw one latent for every row; without a spread the rows themselves are the draws."""
    if logvar is None:
        return mean
    return mean + np.exp(0.5 * logvar) * generator.standard_normal(mean.shape)


def _array(value: Any) -> Floats | None:  # noqa: ANN401 - anything may be given
    if isinstance(value, Tensor):
        value = value.detach().cpu().double().numpy()
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array.astype(np.float64) if array.dtype.kind in "biuf" else None
