"""What a model makes of every place on a map: the picture of each cell, classified."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets.analysis.cell_grid import Trust, cell_at, cut_cells
from latent_widgets.analysis.contours import check_places
from latent_widgets.progress import Progress

Inverse = Callable[[npt.NDArray[np.float32]], npt.NDArray[Any]]
Classify = Callable[[npt.NDArray[Any]], Any]

SIZES = (8, 16, 32, 48)
"""Cells along the longer side of the map, coarse first."""
# Twice as quick as 256 on a processor: what a batch makes stays near it.
_BATCH = 64


@dataclass(frozen=True)
class CellMap:
    """A map cut into cells, each with the class that its middle decodes to.

    Parameters
    ----------
    low
        (2,) the corner of smallest x and y.
    step
        Side of a cell, in units of the map.
    codes
        (rows, columns) the class of each cell; rows go up the map.
    confidence
        (rows, columns) how sure that is, in [0, 1].
    rows
        (rows, columns) how many rows of the data lie in each cell.
    agreeing
        (rows, columns) how many of them are of the cell's class.
    categories
        Class names by code.
    """

    low: npt.NDArray[np.float64]
    step: float
    codes: npt.NDArray[np.int32]
    confidence: npt.NDArray[np.float32]
    rows: npt.NDArray[np.int32]
    agreeing: npt.NDArray[np.int32]
    categories: tuple[str, ...]

    @property
    def agreement(self) -> float:
        """Share of the rows whose class is that of their cell; NaN without rows."""
        total = int(self.rows.sum())
        return float(self.agreeing.sum()) / total if total else float("nan")

    def at(self, xy: npt.ArrayLike) -> tuple[str, float] | None:
        """Look up a place.

        Parameters
        ----------
        xy
            (2,) a place on the map.

        Returns
        -------
        tuple or None
            The class and the confidence of its cell; None beyond the cells.
        """
        cell = cell_at(xy, self.low, self.step, self.codes.shape)
        return cell and (self.categories[self.codes[cell]], float(self.confidence[cell]))


def classify_cells(
    xy: npt.ArrayLike,
    codes: npt.NDArray[np.integer],
    categories: Sequence[str],
    inverse: Inverse,
    classify: Classify,
    *,
    sizes: Sequence[int] = SIZES,
    fade: bool = False,
    progress: Progress | None = None,
) -> Iterator[CellMap]:
    """Classify what each cell of a map decodes to.

    Parameters
    ----------
    xy
        (n, 2) where the rows lie.
    codes
        (n,) their classes.
    categories
        Class names by code.
    inverse
        From (m, 2) places to (m, d) latents.
    classify
        From (m, d) latents to (m, classes) probabilities: decodes, and looks at the pictures.
    sizes
        Cells along the longer side, one map each.
    fade
        Whether to trust cells less the farther they are from all rows: for a map that was laid
        out, whose inverse only knows what lies around the rows.
    progress
        Told how far it is, share and words.

    Yields
    ------
    CellMap
        Coarse first.

    Raises
    ------
    ValueError
        If there are no rows, or `classify` does not return one finite probability a class.
    """
    places = check_places(xy)
    if not len(places):
        raise ValueError("cells need rows on the map, got none")
    trust = Trust(places) if fade else None
    done, work = 0, sum(size * size for size in sizes)
    for size in sizes:
        grid = cut_cells(places, size)
        corner, step, rows, columns = grid
        middles = grid.middles
        parts = []
        for start in range(0, len(middles), _BATCH):
            if progress:
                progress(min(done / work, 1.0), f"{rows} x {columns} cells")
            some = middles[start : start + _BATCH]
            parts.append(check_probabilities(classify(inverse(some)), len(some), len(categories)))
            done += len(some)
        chances = np.concatenate(parts)
        if trust is not None:
            chances *= trust(middles, step)[:, None]
        best = chances.argmax(axis=1)
        at = np.floor((places - corner) / step).astype(int)
        at = np.clip(at, 0, np.array([columns, rows]) - 1)
        cell = at[:, 1] * columns + at[:, 0]
        own = np.bincount(cell, minlength=len(best))
        agreeing = np.bincount(cell, best[cell] == codes, minlength=len(best))
        shape = rows, columns
        yield CellMap(
            low=corner,
            step=step,
            codes=best.astype(np.int32).reshape(shape),
            confidence=chances.max(axis=1).astype(np.float32).reshape(shape),
            rows=own.astype(np.int32).reshape(shape),
            agreeing=agreeing.astype(np.int32).reshape(shape),
            categories=tuple(categories),
        )


def check_probabilities(given: Any, m: int, classes: int) -> npt.NDArray[np.float64]:  # noqa: ANN401
    """Check what a classifier returned.

    Parameters
    ----------
    given
        A tensor or an array.
    m
        How many pictures it was given.
    classes
        How many classes there are.

    Returns
    -------
    numpy.ndarray
        (m, classes) float64.

    Raises
    ------
    ValueError
        If it is not one probability a picture and class.
    """
    array = given.detach().cpu().numpy() if isinstance(given, torch.Tensor) else np.asarray(given)
    if array.shape != (m, classes) or array.dtype.kind not in "iuf":
        raise ValueError(
            f"classifier must return probabilities of shape ({m}, {classes}), one a picture and "
            f"class, got shape {array.shape}"
        )
    chances = array.astype(np.float64)
    if not np.isfinite(chances).all() or chances.min() < -1e-6 or chances.max() > 1 + 1e-6:
        raise ValueError("classifier must return probabilities from 0 to 1, got others")
    return chances
