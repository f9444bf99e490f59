"""Two sides of the rows of a space: from which a direction leads, and to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.factors import as_factor
from latent_widgets.analysis.rows import Floats

Pair = tuple[Sequence[int] | npt.NDArray[np.intp], Sequence[int] | npt.NDArray[np.intp]]
_FEWEST = 2
_QUARTERS = 4


@dataclass(frozen=True, eq=False)
class Contrast:
    """Which rows count, on which side they are, and how much each weighs.

    Attributes
    ----------
    rows : numpy.ndarray, shape (m,)
        Row ids.
    sides : numpy.ndarray, shape (m,)
        0 where the direction leads from, 1 where it leads to.
    strata : numpy.ndarray, shape (m,)
        Codes of what is held constant; all 0 when nothing is.
    words : tuple of str
        What the two sides are called.
    chosen : bool
        Whether the sides are lists of rows, and not told by labels.
    """

    rows: npt.NDArray[np.intp]
    sides: npt.NDArray[np.intp]
    strata: npt.NDArray[np.intp]
    words: tuple[str, str]
    chosen: bool = False

    @property
    def counts(self) -> tuple[int, int]:
        """How many rows each side has."""
        return int((self.sides == 0).sum()), int((self.sides == 1).sum())

    def weights(self, sides: npt.NDArray[np.intp] | None = None) -> Floats:
        """Weigh the rows so that both sides count alike, within every stratum.

        Parameters
        ----------
        sides
            (m,) other sides for the same rows; their own when None.

        Returns
        -------
        numpy.ndarray
            (m,), of sum 1 a side. A stratum counts by its rows; one with rows of one side only
            counts for nothing.

        Raises
        ------
        ValueError
            If no stratum has rows of both sides.

        Notes
        -----
        White, "Sampling generative networks", 2016: balanced attribute vectors.
        """
        found = self.sides if sides is None else sides
        cells = np.zeros((2, int(self.strata.max()) + 1))
        np.add.at(cells, (found, self.strata), 1)
        share = np.where((cells > 0).all(axis=0), cells.sum(axis=0), 0)
        if not share.sum():
            raise ValueError(
                "balance leaves no rows to compare: nowhere do both sides have the same values"
            )
        each: Floats = (share / share.sum() / np.maximum(cells, 1))[found, self.strata]
        return each

    def part(self, which: npt.NDArray[np.intp]) -> Contrast:
        """Keep some of the rows, by their places."""
        rows, sides, strata = (each[which] for each in (self.rows, self.sides, self.strata))
        return replace(self, rows=rows, sides=sides, strata=strata)

    def shuffled(self, generator: np.random.Generator) -> Contrast:
        """Give the rows each other's sides, within each stratum."""
        sides = self.sides.copy()
        for stratum in np.unique(self.strata):
            here = np.flatnonzero(self.strata == stratum)
            sides[here] = generator.permutation(sides[here])
        return replace(self, sides=sides)


def contrast(
    n: int,
    labels: Any = None,  # noqa: ANN401 - anything may be given
    rows: Pair | None = None,
    *,
    to: object = None,
    origin: object = None,
    balance: Mapping[str, Any] | None = None,
) -> Contrast:
    """Split rows into two sides.

    Parameters
    ----------
    n
        How many rows there are.
    labels
        n classes, or n numbers: then the lowest quarter against the highest.
    rows
        In place of labels: two lists of row ids.
    to, origin
        Of classes: to which and from which the direction leads. Of two classes the first and
        the second by default; of more, from all others to `to`.
    balance
        Names to n values each that both sides should share: classes, or numbers, in quarters.

    Returns
    -------
    Contrast
        At least two rows on each side.

    Raises
    ------
    ValueError
        If something does not fit; the sentence names it.
    """
    if (labels is None) == (rows is None):
        raise ValueError("give either labels, one a row, or rows, two lists of row ids")
    low, high, words = _of_lists(n, rows) if rows is not None else _of_labels(n, labels, to, origin)
    for side, word in zip((low, high), words, strict=True):
        if len(side) < _FEWEST:
            raise ValueError(
                f"a direction needs at least {_FEWEST} rows on each side, got {len(side)} of "
                f"{word!r:.60}"
            )
    ids = np.concatenate([low, high]).astype(np.intp)
    sides = np.repeat(np.array([0, 1], np.intp), [len(low), len(high)])
    found = Contrast(ids, sides, _strata(n, balance or {})[ids], words, rows is not None)
    found.weights()
    return found


Split = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], tuple[str, str]]


def _of_lists(n: int, rows: Pair) -> Split:
    if len(rows) != 2:
        raise ValueError(f"rows must be two lists of row ids, got {len(rows)}")
    lists = []
    for name, given in zip("AB", rows, strict=True):
        ids = np.asarray(given)
        if ids.size == 0:
            raise ValueError(f"rows must be two lists of row ids, got an empty one for {name}")
        if ids.ndim != 1 or ids.dtype.kind not in "iu" or ids.min() < 0 or ids.max() >= n:
            raise ValueError(f"rows must be ids from 0 to {n - 1}, got {given!r:.60}")
        lists.append(np.unique(ids).astype(np.intp))
    both = np.intersect1d(lists[0], lists[1])
    if len(both):
        raise ValueError(f"rows must be on one side only, got row {both[0]} in both lists")
    return lists[0], lists[1], ("A", "B")


def _of_labels(n: int, labels: Any, to: object, origin: object) -> Split:  # noqa: ANN401
    array = np.asarray(labels.detach().cpu() if hasattr(labels, "detach") else labels)
    if array.dtype.kind == "O" and any(value is None or value != value for value in array.flat):  # noqa: PLR0124
        raise ValueError("labels must hold a value in every row, got a missing one")
    factor = as_factor("labels", array, n)
    if not factor.classes:
        order = np.argsort(factor.values, kind="stable")
        quarter = -(-n // _QUARTERS)
        if factor.values[order[quarter - 1]] == factor.values[order[-quarter]]:
            raise ValueError("labels must differ between the lowest and the highest quarter")
        return order[:quarter], order[-quarter:], ("low", "high")
    classes = [str(value) for value in np.unique(array)]
    if to is None and len(classes) > 2:
        raise ValueError(
            f"labels have {len(classes)} classes: say which to go to with `to`, one of "
            f"{classes!r:.120}"
        )
    if to is None and origin is not None:
        to = next((one for one in classes if one != str(origin)), None)
    end = _code(classes, "to", classes[1] if to is None else to)
    start = None if origin is None else _code(classes, "origin", origin)
    if start == end:
        raise ValueError(f"origin and to must be two classes, got {classes[end]!r} twice")
    others = factor.values != end if start is None else factor.values == start
    if start is None and len(classes) == 2:
        start = 1 - end
    word = f"not {classes[end]}" if start is None else classes[start]
    return np.flatnonzero(others), np.flatnonzero(factor.values == end), (word, classes[end])


def _code(classes: list[str], argument: str, value: object) -> int:
    if str(value) not in classes:
        raise ValueError(f"{argument} must be one of {classes!r:.120}, got {value!r:.60}")
    return classes.index(str(value))


def _strata(n: int, balance: Mapping[str, Any]) -> npt.NDArray[np.intp]:
    codes = np.zeros(n, np.intp)
    for name, values in balance.items():
        factor = as_factor(str(name), values, n)
        if factor.classes:
            own = factor.values.astype(np.intp)
        else:
            edges = np.quantile(factor.values, np.arange(1, _QUARTERS) / _QUARTERS)
            own = np.searchsorted(edges, factor.values, side="right")
        codes = np.unique(codes * (int(own.max()) + 1) + own, return_inverse=True)[1]
    return codes.astype(np.intp)
