"""Toys whose geometry is known: a swiss roll and a torus, flat inside, with exact distances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from latent_widgets.datasets.factors import check_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

TURNS = (1.5 * np.pi, 4.5 * np.pi)
"""Angles between which the swiss roll winds, in radians."""


@dataclass(frozen=True)
class Toy:
    """Points on a known shape.

    Attributes
    ----------
    points : numpy.ndarray
        (n, D) float64: where the points lie in the space that the shape is bent into.
    factors : dict of str to numpy.ndarray
        (n,) each: where they lie on the shape itself.
    between : callable
        ``between(a, b)`` are the true distances along the shape between rows a and rows b,
        arrays of one shape or such as numpy broadcasts.
    images : torch.Tensor or None
        (n, C, H, W) float32 in [0, 1]: pictures of them, where there are any.
    """

    points: NDArray[np.float64]
    factors: Mapping[str, NDArray[Any]]
    between: Callable[[NDArray[np.intp], NDArray[np.intp]], NDArray[np.float64]] = field(repr=False)
    images: Tensor | None = None

    def __len__(self) -> int:
        """Count the points."""
        return len(self.points)

    def distances(
        self, rows: Sequence[int] | NDArray[np.intp] | None = None
    ) -> NDArray[np.float64]:
        """Measure the true distances along the shape.

        Parameters
        ----------
        rows : sequence of int, optional
            Between which points; by default all.

        Returns
        -------
        numpy.ndarray
            (m, m) float64, exact: no graph and no approximation.

        Raises
        ------
        ValueError
            If one is no row of the toy.
        """
        some = np.arange(len(self)) if rows is None else np.asarray(rows)
        whole = some.ndim == 1 and (some.dtype.kind in "iu" or not some.size)
        if not whole or (some.size and not 0 <= some.min() <= some.max() < len(self)):
            raise ValueError(f"rows is {rows!r:.60}; expected row ids from 0 to {len(self) - 1}.")
        some = some.astype(np.intp)
        return self.between(some[:, None], some[None, :])


def swiss_roll(n: int, seed: int = 0, noise: float = 0.0) -> Toy:
    """Draw points evenly from a sheet that is rolled up in three dimensions.

    Parameters
    ----------
    n : int
        Number of points, 0 or more.
    seed : int
        Seed of a private generator.
    noise : float
        Standard deviation of what is added to every coordinate; the distances are those of the
        points without it.

    Returns
    -------
    Toy
        Points (n, 3) and the factors "angle" in radians, "arc" and "height". A sheet is rolled
        without stretching, so the distance along it is that of the flat sheet, sqrt(arc^2 +
        height^2), with arc = (t sqrt(1 + t^2) + asinh t) / 2 along the spiral of radius t.

    Notes
    -----
    Tenenbaum, de Silva and Langford, 2000; they draw the angle evenly, here the arc is, so that
    the sheet is covered evenly.
    """
    rng = _generator(n, seed, noise)
    first, last = _arc(np.array(TURNS))
    arc = first + (last - first) * rng.uniform(size=n)
    height = rng.uniform(0.0, 21.0, n)
    table = np.linspace(*TURNS, 20_001)
    angle = np.interp(arc, _arc(table), table)
    # One Newton step takes the table's error of 1e-7 to that of a double.
    angle = angle - (_arc(angle) - arc) / np.sqrt(1 + angle**2)
    points = np.stack([angle * np.cos(angle), height, angle * np.sin(angle)], axis=1)
    factors = {"angle": angle, "arc": arc - first, "height": height}
    return Toy(_noisy(points, rng, noise), factors, between=_flat([factors["arc"], height]))


def torus(
    n: int, seed: int = 0, radii: tuple[float, float] = (1.0, 1.0), noise: float = 0.0
) -> Toy:
    """Draw points evenly from the flat torus, the product of two circles, in four dimensions.

    Parameters
    ----------
    n : int
        Number of points, 0 or more.
    seed : int
        Seed of a private generator.
    radii : tuple of float
        Radii of the two circles, above 0.
    noise : float
        Standard deviation of what is added to every coordinate; the distances are those of the
        points without it.

    Returns
    -------
    Toy
        Points (n, 4) and the factors "u" and "v", angles in [0, 2 pi). Unlike a ring in three
        dimensions this torus has no curvature, and the distance is that of a rectangle whose
        opposite sides are one: sqrt(radii[0]^2 du^2 + radii[1]^2 dv^2), angles the short way.
    """
    rng = _generator(n, seed, noise)
    if len(radii) != 2 or not all(0 < radius < np.inf for radius in radii):
        raise ValueError(f"radii is {radii!r}; expected two numbers above 0.")
    u, v = rng.uniform(0.0, 2 * np.pi, (2, n))
    (big, small) = radii
    points = np.stack(
        [big * np.cos(u), big * np.sin(u), small * np.cos(v), small * np.sin(v)], axis=1
    )
    around = [(u * big, 2 * np.pi * big), (v * small, 2 * np.pi * small)]
    between = _flat([place for place, _ in around], [length for _, length in around])
    return Toy(_noisy(points, rng, noise), {"u": u, "v": v}, between=between)


def _generator(n: int, seed: int, noise: float) -> np.random.Generator:
    check_whole("n", n, 0)
    check_whole("seed", seed, 0)
    if not 0 <= noise < np.inf:
        raise ValueError(f"noise is {noise!r}; expected a finite number, 0 or more.")
    return np.random.default_rng(seed)


def _noisy(
    points: NDArray[np.float64], rng: np.random.Generator, noise: float
) -> NDArray[np.float64]:
    return points + noise * rng.standard_normal(points.shape)


def _arc(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the length of the spiral of radius t = angle, from its middle."""
    length: NDArray[np.float64] = (angle * np.sqrt(1 + angle**2) + np.arcsinh(angle)) / 2
    return length


def _flat(
    places: Sequence[NDArray[np.float64]], periods: Sequence[float] = ()
) -> Callable[..., NDArray[np.float64]]:
    def between(a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.float64]:
        apart = [np.abs(place[a] - place[b]) for place in places]
        for axis, period in enumerate(periods):
            apart[axis] = np.minimum(apart[axis], period - apart[axis])
        return np.asarray(np.sqrt(sum(side**2 for side in apart)))

    return between
