"""The bars of a filtration, and what each of them is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis import cycles, rips
from latent_widgets.analysis.landmarks import Landmarks
from latent_widgets.progress import Progress

Diagram = npt.NDArray[np.float64]
Ids = npt.NDArray[np.intp]


class Persistence(Mapping[int, Diagram]):
    """The diagrams of a Vietoris-Rips filtration: dimension to (m, 2) births and deaths.

    The bars of each dimension go from the longest to the shortest, infinite ones first. A scale
    is the length of an edge: twice the radius of balls around the points.

    Parameters
    ----------
    distances
        (k, k) float32 distances between the landmarks.
    landmarks
        Which rows of how many they are.
    count
        How many rows there are.
    max_dim, coeff, threshold, progress
        As for `persistence`.

    Attributes
    ----------
    rows : numpy.ndarray
        (k,) ids of the rows that stand for all.
    covering_radius : float
        The greatest distance of any row to the nearest of them; 0 when all were taken.
    coeff : int
        The prime of the coefficients.
    threshold : float
        Bars that live at this scale are infinite.
    """

    def __init__(
        self,
        distances: rips.Distances,
        landmarks: Landmarks,
        count: int,
        *,
        max_dim: int,
        coeff: int,
        threshold: float = np.inf,
        progress: Progress | None = None,
    ) -> None:
        self.rows, self.covering_radius = landmarks.rows, landmarks.radius
        self.coeff, self.threshold = coeff, threshold
        self._distances, self._count, self._candidates = distances, count, landmarks.candidates
        found, cocycles = rips.reduce(distances, max_dim, coeff, threshold, progress)
        order = {dim: np.argsort(-_lengths(bars), kind="stable") for dim, bars in found.items()}
        self._diagrams = {dim: bars[order[dim]] for dim, bars in found.items()}
        self._cocycles = [cocycles[bar] for bar in order.get(1, ())]

    def __getitem__(self, dim: int) -> Diagram:
        """Births and deaths (m, 2) of the bars of one dimension."""
        return self._diagrams[dim]

    def __iter__(self) -> Iterator[int]:
        """Go through the dimensions, 0 first."""
        return iter(self._diagrams)

    def __len__(self) -> int:
        """Count the dimensions."""
        return len(self._diagrams)

    def __repr__(self) -> str:
        """Say what was found, of how many rows, and how wrong it may be."""
        bars = ", ".join(f"H{dim}: {len(bars)}" for dim, bars in self.items())
        return f"Persistence({bars}; Z{self.coeff}; {self.about})"

    @property
    def about(self) -> str:
        """One line for people: of which rows, and how wrong the diagrams may be."""
        if len(self.rows) == self._count:
            return f"all {self._count:,} rows, exact"
        drawn = (
            f", chosen among {self._candidates:,} of them" if self._candidates < self._count else ""
        )
        return (
            f"{len(self.rows):,} landmarks of {self._count:,} rows{drawn}; covering radius "
            f"{self.covering_radius:.3g}: births and deaths may be off by {self.error:.3g}"
        )

    @property
    def error(self) -> float:
        """Bottleneck distance, at most, to the diagrams of all rows: twice the covering radius.

        Chazal, de Silva and Oudot, "Persistence stability for geometric complexes", 2014. A bar
        longer than twice this is there with all rows too.
        """
        return 2 * self.covering_radius

    @property
    def diameter(self) -> float:
        """Greatest distance between two of the rows."""
        return float(self._distances.max())

    def betti(self, scale: float) -> tuple[int, ...]:
        """Count what is there at a scale: components, holes and, where asked for, voids.

        Parameters
        ----------
        scale
            Length of an edge, 0 or more.

        Returns
        -------
        tuple of int
            Bars that are born at `scale` or before and die after it, by dimension. Rows on top
            of one another count as one.
        """
        return tuple(
            int(((bars[:, 0] <= scale) & (scale < bars[:, 1])).sum()) for bars in self.values()
        )

    def edges(self, scale: float) -> Ids:
        """Find the edges of the Rips graph at a scale.

        Returns
        -------
        numpy.ndarray
            (m, 2) row ids, the shortest edge first.
        """
        return self.rows[rips.edges_within(self._distances, scale)]

    def cycle(self, bar: int) -> Ids:
        """Find a loop of rows that goes around a hole.

        Parameters
        ----------
        bar
            Which bar of H1, 0 for the longest.

        Returns
        -------
        numpy.ndarray
            (m,) row ids; the last is joined to the first. It bounds nothing as long as the bar
            lives, and none of its edges is longer than the scale of the birth: see
            `cycles.find_loop`.

        Raises
        ------
        ValueError
            If there is no such bar.
        """
        self._check(1, bar)
        birth = float(self[1][bar, 0])
        return self.rows[cycles.find_loop(self._distances, birth, self._cocycles[bar], self.coeff)]

    def bridge(self, bar: int) -> cycles.Bridge | None:
        """Find the edge that ends a component by joining it to another.

        Parameters
        ----------
        bar
            Which bar of H0, 0 for the longest.

        Returns
        -------
        Bridge or None
            With row ids as ends; None for a component that never ends.

        Raises
        ------
        ValueError
            If there is no such bar.
        """
        self._check(0, bar)
        if np.isinf(self[0][bar, 1]):
            return None
        found = self._bridges[bar - int(np.isinf(self[0][:, 1]).sum())]
        start, end = self.rows[list(found.ends)].tolist()
        return found._replace(ends=(start, end))

    @cached_property
    def _bridges(self) -> list[cycles.Bridge]:
        found = cycles.find_bridges(self._distances)
        return [each for each in found if each.length <= np.float32(self.threshold)]

    def _check(self, dim: int, bar: int) -> None:
        count = len(self._diagrams.get(dim, ()))
        if not 0 <= bar < count:
            raise ValueError(f"bar must be one of the {count} of H{dim}, from 0, got {bar}")


def _lengths(bars: Diagram) -> Diagram:
    return np.asarray(bars[:, 1] - bars[:, 0])
