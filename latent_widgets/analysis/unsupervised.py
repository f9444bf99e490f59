"""Directions found without labels: in the rows, in a decoder's first layer, in its metric."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from latent_widgets.analysis.direction import Direction, Evidence, along, tangents_of
from latent_widgets.analysis.layer import first_layer
from latent_widgets.analysis.rows import Floats, Rows
from latent_widgets.geometry import Euclidean, Geometry, Pullback

_AT = 16  # rows at which the metric is averaged
_TOGETHER = 4
_MOST_ROWS = 20_000
_NOTHING = 1e-12


def principal_directions(
    points: Rows, n: int = 3, geometry: Geometry | None = None
) -> list[Direction]:
    """Find the directions along which the rows are spread the most.

    Parameters
    ----------
    points
        (m, d) latents, at least 2.
    n
        How many, 1 to d.
    geometry
        What kind of space they live in; flat when None.

    Returns
    -------
    list of Direction
        The widest first: principal components (Hotelling 1933; GANSpace, Harkonen et al. 2020).

    Raises
    ------
    ValueError
        If an argument does not fit.
    """
    base, rows = _brought(points, n, geometry)
    covariance = rows.T @ rows / len(rows)
    values, vectors = _largest(covariance, n)
    total = max(float(np.trace(covariance)), _NOTHING)
    abouts = [f"principal direction, {value / total:.0%} of the spread" for value in values]
    return _named("principal", vectors, abouts, (base, rows), geometry)


def independent_directions(
    points: Rows, n: int = 3, geometry: Geometry | None = None, seed: int = 0
) -> list[Direction]:
    """Find the directions along which the rows vary independently of each other.

    Parameters
    ----------
    points
        (m, d) latents, at least 2.
    n
        How many, 1 to d.
    geometry
        What kind of space they live in; flat when None.
    seed
        Where the search begins.

    Returns
    -------
    list of Direction
        Columns of the mixing matrix of FastICA (Hyvarinen 1999), the longest first.

    Raises
    ------
    ValueError
        If an argument does not fit.
    """
    from sklearn.decomposition import FastICA  # noqa: PLC0415 - slow to load
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415

    base, rows = _brought(points, n, geometry)
    few = rows[np.random.default_rng(seed).permutation(len(rows))[:_MOST_ROWS]]
    rank = int(np.linalg.matrix_rank(few - few.mean(axis=0)))
    if n > rank:
        raise ValueError(f"n must be at most {rank}, the rows vary in no more ways, got {n}")
    model = FastICA(n, whiten="unit-variance", max_iter=1000, tol=1e-3, random_state=seed)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ConvergenceWarning)
        mixing = np.asarray(model.fit(few).mixing_, np.float64).T
    order = np.argsort(-np.linalg.norm(mixing, axis=1), kind="stable")
    rest = ", search not finished" if any(w.category is ConvergenceWarning for w in told) else ""
    abouts = [f"independent component by FastICA{rest}"] * n
    return _named("independent", mixing[order], abouts, (base, rows), geometry)


def layer_directions(
    model: Any,  # noqa: ANN401 - anything with decode
    points: Rows,
    n: int = 3,
    geometry: Geometry | None = None,
) -> list[Direction]:
    """Find the directions that the decoder's first layer stretches the most.

    Parameters
    ----------
    model
        A torch module with `decode`, whose first layer takes the d numbers of a latent.
    points
        (m, d) latents, which tell how long a step is.
    n
        How many, 1 to d.
    geometry
        What kind of space they live in; flat when None.

    Returns
    -------
    list of Direction
        Eigenvectors of A^T A, the most stretched first (SeFa, Shen and Zhou 2021).

    Raises
    ------
    ValueError
        If an argument does not fit.
    TypeError
        If the model has no such layer.
    """
    base, rows = _brought(points, n, geometry)
    name, weight = first_layer(model, base)
    values, vectors = _largest(_along(weight.T @ weight, base, geometry), n)
    size = f"{weight.shape[0]} x {weight.shape[1]}"
    abouts = [f"stretched {np.sqrt(value):.2g} times by {name} ({size})" for value in values]
    return _named("layer", vectors, abouts, (base, rows), geometry)


def metric_directions(
    decode: Callable[[Tensor], Tensor],
    points: Rows,
    n: int = 3,
    geometry: Geometry | None = None,
    *,
    seed: int = 0,
    progress: Callable[[float, str], None] | None = None,
) -> list[Direction]:
    """Find the directions along which the pictures change the most, on average over the rows.

    Parameters
    ----------
    decode
        Pictures (k, ...) of latents (k, d), differentiable by torch.
    points
        (m, d) latents; at up to 16 of them the metric is averaged.
    n
        How many, 1 to d.
    geometry
        What kind of space they live in; flat when None.
    seed
        Which rows.
    progress
        Called with the share done and words; what it raises passes through.

    Returns
    -------
    list of Direction
        Eigenvectors of the mean pull-back metric E[J^T J] (Arvanitidis et al. 2018), the one
        that changes the pictures most first.

    Raises
    ------
    ValueError
        If an argument does not fit.
    TypeError
        If torch cannot differentiate the decoder.
    """
    base, rows = _brought(points, n, geometry)
    some = np.random.default_rng(seed).permutation(len(rows))[:_AT]
    at = np.asarray((geometry or Euclidean()).exp(base, rows[some]), np.float32)
    metric = np.zeros((at.shape[1], at.shape[1]))
    for first in range(0, len(at), _TOGETHER):
        if progress is not None:
            progress(first / len(at), "how the pictures change")
        found = Pullback(decode).metric(torch.from_numpy(at[first : first + _TOGETHER]))
        metric += np.asarray(found.detach().cpu(), np.float64).sum(axis=0) / len(at)
    values, vectors = _largest(_along(metric, base, geometry), n)
    abouts = [
        f"pictures change by {np.sqrt(max(value, 0)):.2g} a unit, on average over {len(at)} rows"
        for value in values
    ]
    return _named("metric", vectors, abouts, (base, rows), geometry)


def _brought(points: Rows, n: int, geometry: Geometry | None) -> tuple[Floats, Floats]:
    base, rows = tangents_of(points, geometry)
    most = rows.shape[1] - (geometry is not None and geometry.name == "hypersphere")
    if not isinstance(n, int) or not 1 <= n <= most:
        raise ValueError(f"n must be a whole number from 1 to {most}, got {n!r:.60}")
    if len(rows) < 2 or not rows.any():
        raise ValueError("points must be at least 2 different rows")
    return base, rows


def _along(matrix: Floats, base: Floats, geometry: Geometry | None) -> Floats:
    """Keep the part of a quadratic form that goes along the space."""
    if geometry is None or geometry.name != "hypersphere":
        return matrix
    upright = base / np.linalg.norm(base)
    flat = np.eye(len(base)) - np.outer(upright, upright)
    return np.asarray(flat @ matrix @ flat)


def _largest(matrix: Floats, n: int) -> tuple[Floats, Floats]:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return values[::-1][:n], vectors.T[::-1][:n]


def _named(
    kind: str,
    vectors: Floats,
    abouts: list[str],
    found: tuple[Floats, Floats],
    geometry: Geometry | None,
) -> list[Direction]:
    base, rows = found
    space = geometry or Euclidean()
    # The sign is nobody's choice: the largest coordinate is positive.
    signs = [np.sign(vector[np.argmax(np.abs(vector))]) for vector in vectors]
    return [
        along(
            sign * vector,
            Evidence(rows),
            base,
            name=f"{kind} {i + 1}",
            method=kind,
            about=about,
            geometry=space,
        )
        for i, (sign, vector, about) in enumerate(zip(signs, vectors, abouts, strict=True))
    ]
