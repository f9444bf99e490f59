"""Directions in a latent space: found, moved along, and kept apart from each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.contrast import Contrast
from latent_widgets.analysis.rows import Floats, Rows, as_rows
from latent_widgets.geometry import Euclidean, Geometry

if TYPE_CHECKING:
    from latent_widgets.analysis.report_card import ReportCard

_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Evidence:
    """The rows a direction was made of, so that it can be judged.

    Attributes
    ----------
    rows : numpy.ndarray, shape (n, d)
        All rows, as tangent vectors at the direction's base.
    contrast : Contrast or None
        The two sides; None for a direction that was found without labels.
    removed : numpy.ndarray, shape (k, d)
        Orthonormal directions that were taken out of it.
    column : str
        The column that told the sides; empty where none did.
    """

    rows: Floats
    contrast: Contrast | None = None
    removed: Floats | None = None
    column: str = ""


@dataclass(frozen=True, eq=False)
class Direction:
    """One way to go in a latent space, from any point of it.

    Attributes
    ----------
    vector : numpy.ndarray, shape (d,)
        float64 of length 1; on curved spaces a tangent vector at `base`.
    scale : float
        How far one step goes: the standard deviation of the rows along it.
    base : numpy.ndarray, shape (d,)
        Where the amount is 0: the mean of the rows.
    name : str
        What it is called; may be empty.
    method : str
        How it was found.
    about : str
        One line on that for people.
    geometry : Geometry
        The kind of space it belongs to.
    """

    vector: Floats
    scale: float
    base: Floats
    name: str = ""
    method: str = "given"
    about: str = ""
    geometry: Geometry = field(default_factory=Euclidean)
    evidence: Evidence | None = None

    def amount(self, z: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Measure how far latents are along this direction.

        Parameters
        ----------
        z
            (..., d) points.

        Returns
        -------
        numpy.ndarray
            (...) float64 steps of `scale` from `base`.
        """
        there = self.geometry.log(self.base, np.asarray(z, np.float64))
        return np.asarray(there @ self.vector / self.scale)

    def move(self, z: npt.ArrayLike, steps: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Go along this direction.

        Parameters
        ----------
        z
            (..., d) points to go from.
        steps
            (...) how many steps, of any sign.

        Returns
        -------
        numpy.ndarray
            (..., d) float64. On curved spaces along the geodesic that begins with the vector,
            carried from `base` to z by parallel transport.

        Raises
        ------
        ValueError
            If the steps are not finite, or, on a sphere, z lies opposite of `base`.
        """
        start = np.asarray(z, np.float64)
        far = np.asarray(steps, np.float64)[..., None] * self.scale
        if not np.isfinite(far).all():
            raise ValueError("steps must be finite numbers, got NaN or infinity")
        here = self.geometry.transport(self.base, start, self.vector)
        return np.asarray(self.geometry.exp(start, far * here))

    def without(self, others: Sequence[Direction]) -> Direction:
        """Take other directions out of this one, so that it no longer goes along them.

        Parameters
        ----------
        others
            Directions of the same space.

        Returns
        -------
        Direction
            Orthogonal to all of them: n1 - (n1 . n2) n2 for one of unit length.

        Raises
        ------
        ValueError
            If there are none, one is of another dimension, or nothing is left.

        Notes
        -----
        The conditional edit of Shen et al., "InterFaceGAN", 2020; for several others by the
        QR decomposition (Gram-Schmidt).
        """
        if not others:
            raise ValueError("others must be at least one direction, got none")
        rows = [self._here(other) for other in others]
        basis = orthonormal(np.stack(rows))
        vector = take_out(self.vector, basis)
        if np.linalg.norm(vector) < 1e-6:
            names = ", ".join(repr(other.name) for other in others)
            raise ValueError(f"nothing is left of {self.name!r} without {names}")
        evidence = self.evidence
        if evidence is not None:
            before = evidence.removed
            whole = basis if before is None else orthonormal(np.concatenate([before, basis]))
            evidence = replace(evidence, removed=whole)
        names = ", ".join(other.name or "another" for other in others)
        about = f"{self.about or self.method}, without {names}"
        unit = _unit(vector)
        scale = self.scale if evidence is None else _scale(evidence.rows, unit)
        return replace(self, vector=unit, scale=scale, about=about, evidence=evidence)

    def report(
        self,
        factors: Mapping[str, Any] | None = None,
        **options: Any,  # noqa: ANN401 - those of `report_card`
    ) -> ReportCard:
        """Judge this direction; see `latent_widgets.analysis.report_card.report_card`."""
        from latent_widgets.analysis.report_card import report_card  # noqa: PLC0415 - uses this

        return report_card(self, factors, **options)

    def _here(self, other: Direction) -> Floats:
        if other.vector.shape != self.vector.shape:
            raise ValueError(
                f"others must be directions of {len(self.vector)} dimensions, "
                f"got {other.name!r} of {len(other.vector)}"
            )
        return np.asarray(self.geometry.transport(other.base, self.base, other.vector))


def tangents_of(points: Rows, geometry: Geometry | None) -> tuple[Floats, Floats]:
    """Give the mean (d,) of points, and the points (n, d) as tangent vectors there."""
    space, rows = geometry or Euclidean(), as_rows("points", points)
    base = np.asarray(space.mean(rows))
    return base, np.asarray(space.log(base, rows))


def orthonormal(vectors: Floats) -> Floats:
    """Span of vectors (k, d) as orthonormal rows; what depends on the others is left out."""
    q, r = np.linalg.qr(vectors.T)
    kept = np.abs(np.diag(r)) > 1e-9 * max(float(np.abs(r).max()), 1e-300)
    if kept.all():
        return np.asarray(q.T)
    left, size, _ = np.linalg.svd(vectors.T, full_matrices=False)
    return np.asarray(left.T[size > 1e-9 * size.max()])


def take_out(vector: Floats, basis: Floats) -> Floats:
    """Keep what a vector (d,) has beside orthonormal rows (k, d)."""
    return np.asarray(vector - basis.T @ (basis @ vector))


def along(
    vector: Floats,
    evidence: Evidence,
    base: Floats,
    **words: Any,  # noqa: ANN401 - fields
) -> Direction:
    """Make a direction of a vector of any length, with a step as long as the rows are spread."""
    unit = _unit(vector)
    return Direction(unit, _scale(evidence.rows, unit), base, evidence=evidence, **words)


def _unit(vector: Floats) -> Floats:
    return np.asarray(vector / np.linalg.norm(vector))


def _scale(tangents: Floats, unit: Floats) -> float:
    scale = float((tangents @ unit).std())
    # Rows without any spread along it tell no step.
    return scale if scale > _NOTHING * np.abs(tangents).max(initial=0.0) else 1.0
