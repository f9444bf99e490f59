"""Directions that are learned from labels: from the rows of one side to those of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.contrast import Contrast, Pair, contrast
from latent_widgets.analysis.direction import Direction, Evidence, along, take_out, tangents_of
from latent_widgets.analysis.normals import METHODS
from latent_widgets.analysis.rows import Floats, Rows, as_rows
from latent_widgets.geometry import Euclidean, Geometry

_NOTHING = 1e-9


def direction(
    points: Rows,
    labels: Any = None,  # noqa: ANN401 - anything may be given
    method: str = "mean",
    balance: Mapping[str, Any] | None = None,
    geometry: Geometry | None = None,
    *,
    rows: Pair | None = None,
    to: object = None,
    origin: object = None,
    name: str = "",
) -> Direction:
    """Find the direction in which latents of one side become those of the other.

    Parameters
    ----------
    points
        (n, d) latents.
    labels
        n classes or numbers; of numbers from the lowest quarter to the highest.
    method
        "mean", the difference of the means (White 2016); "logistic" or "svm", the normal of a
        linear probe (InterFaceGAN, Shen et al. 2020); "lda", Fisher's discriminant.
    balance
        Names to n values each: attributes that go along with the labels in the data, and which
        both sides should share.
    geometry
        What kind of space the points live in; flat when None.
    rows
        In place of labels two lists of row ids, from and to.
    to, origin
        To which class it leads, and from which; from all others when only `to` is given.
    name
        What it is called; from the classes when empty.

    Returns
    -------
    Direction
        Of unit length, with what is needed for its `report`.

    Raises
    ------
    ValueError
        If something does not fit, one side has fewer than two rows, or both are the same.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {list(METHODS)}, got {method!r:.60}")
    sides = contrast(
        len(as_rows("points", points)), labels, rows, to=to, origin=origin, balance=balance
    )
    base, tangents = tangents_of(points, geometry)
    evidence = Evidence(tangents, sides)
    # Of the size of 1, so that nothing means the same for every method.
    alike = Evidence(tangents / (np.abs(tangents).max() or 1.0))
    vector = fitted(method, alike, sides, sides.weights(), slice(None))
    if np.linalg.norm(vector) <= _NOTHING:
        raise ValueError(f"{sides.words[0]!r} and {sides.words[1]!r} have the same mean")
    n, m = sides.counts
    what = METHODS[method][1]
    about = f"{what}, {n:,} rows of {sides.words[0]} to {m:,} of {sides.words[1]}"
    about += f", balanced for {', '.join(map(str, balance))}" if balance else ""
    return along(
        vector,
        evidence,
        base,
        name=name or sides.words[1],
        method=method,
        about=about,
        geometry=geometry or Euclidean(),
    )


def fitted(
    method: str,
    evidence: Evidence,
    sides: Contrast,
    weights: Floats,
    which: slice | npt.NDArray[np.intp],
) -> Floats:
    """Fit a direction to some of the rows of a contrast.

    Parameters
    ----------
    method
        One of `METHODS`.
    evidence
        The rows, and what is to be taken out.
    sides
        The contrast of them, or a shuffled one.
    weights
        (m,) one for each of its rows.
    which
        Which of its rows to fit to.

    Returns
    -------
    numpy.ndarray
        (d,), of any length.
    """
    rows = evidence.rows[sides.rows[which]]
    vector = METHODS[method][0](rows, sides.sides[which], weights[which])
    return vector if evidence.removed is None else take_out(vector, evidence.removed)
