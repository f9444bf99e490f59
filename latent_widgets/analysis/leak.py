"""What else moves when one goes along a direction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.direction import Direction
from latent_widgets.analysis.factors import KnownFactor, as_factor
from latent_widgets.analysis.probes import split_rows
from latent_widgets.analysis.rows import Floats, Rows, as_rows

Recode = Callable[[Floats], npt.ArrayLike]
_STARTS = 128
_MOST_ROWS = 20_000
_RIDGE = 1e-4
_HELD_OUT = 0.3


@dataclass(frozen=True)
class Leak:
    """How far one step moves one factor.

    Attributes
    ----------
    factor : str
        What it is called.
    word : str
        Of classes the one that is gained or lost the most; empty for numbers.
    change : float
        In standard deviations of the factor (of belonging to the class) a step.
    readable : float
        Share of the factor's variance that a linear probe finds on held-out rows; where it is
        near 0, the change says nothing.
    """

    factor: str
    word: str
    change: float
    readable: float


@dataclass(frozen=True)
class LeakMatrix:
    """What each of several directions moves.

    Attributes
    ----------
    directions, factors : list of str
        Names of the rows and of the columns.
    rows : list of list of Leak
        One list a direction, in the order of `factors`.
    about : str
        How it was measured.
    """

    directions: list[str]
    factors: list[str]
    rows: list[list[Leak]]
    about: str

    @property
    def change(self) -> Floats:
        """(directions, factors) changes in standard deviations a step."""
        return np.array([[leak.change for leak in row] for row in self.rows])


def leak_matrix(
    directions: Sequence[Direction],
    points: Rows,
    factors: Mapping[str, Any],
    recode: Recode | None = None,
    seed: int = 0,
) -> LeakMatrix:
    """Measure what moves when one steps along directions.

    Parameters
    ----------
    directions
        At least one.
    points
        (n, d) latents to step from.
    factors
        Names to n values each, classes or numbers.
    recode
        Takes latents (m, d) to what the encoder makes of their pictures, (m, d): then what the
        pictures show is measured, and without it what the latents say.
    seed
        Of the rows that are stepped from, and of those that the probes are judged on.

    Returns
    -------
    LeakMatrix
        From a step back to a step forward, halved, averaged over up to 128 rows.

    Raises
    ------
    ValueError
        If an argument does not fit.

    Notes
    -----
    Each factor is read by ridge regression, classes one against the rest, as in the re-scoring
    analysis of Shen et al., "InterFaceGAN", 2020.
    """
    if not directions:
        raise ValueError("directions must be at least one, got none")
    rows = as_rows("points", points, 2)
    known = {str(name): as_factor(str(name), each, len(rows)) for name, each in factors.items()}
    geometry, base = directions[0].geometry, directions[0].base
    generator = np.random.default_rng(seed)
    few = generator.permutation(len(rows))[:_MOST_ROWS]
    tangents = np.asarray(geometry.log(base, rows[few]))
    probes = [
        _Probe(tangents, known[str(name)], _classes(each), few, seed)
        for name, each in factors.items()
    ]
    starts = rows[few[:_STARTS]]
    found = []
    for one in directions:
        ends = [one.move(starts, far) for far in (-1.0, 1.0)]
        if recode is not None:
            ends = [np.asarray(recode(end), np.float64) for end in ends]
        back, on = (np.asarray(geometry.log(base, end)).mean(axis=0) for end in ends)
        found.append([probe.leak((on - back) / 2) for probe in probes])
    how = "pictures, encoded again" if recode is not None else "latents"
    about = f"by linear probes of the {how}, from {len(starts)} rows, a step back to a step on"
    return LeakMatrix([one.name for one in directions], list(known), found, about)


def _classes(values: Any) -> list[str]:  # noqa: ANN401 - a column
    array = np.asarray(values.detach().cpu() if hasattr(values, "detach") else values)
    return [] if array.dtype.kind == "f" else [str(value) for value in np.unique(array)]


class _Probe:
    """A ridge regression from tangent vectors to one factor, in its standard deviations."""

    def __init__(
        self,
        tangents: Floats,
        factor: KnownFactor,
        classes: list[str],
        few: npt.NDArray[np.intp],
        seed: int,
    ) -> None:
        self.name = factor.name
        values = factor.values[few]
        self._words = classes if factor.classes else []
        codes = range(factor.classes)
        wanted = np.stack([values == code for code in codes], 1) if factor.classes else values
        scores = np.asarray(wanted, np.float64).reshape(len(values), -1)
        spread = scores.std(axis=0)
        scores = (scores - scores.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        train, held_out = split_rows(values, _HELD_OUT, seed, classes=factor.classes > 0)
        part, middle = _ridge(tangents[train], scores[train])
        error = (tangents[held_out] @ part + middle - scores[held_out]) ** 2
        apart = (scores[held_out] - scores[held_out].mean(axis=0)) ** 2
        total = apart.sum(axis=0)
        self._readable = 1 - error.sum(axis=0) / np.where(total > 0, total, 1.0)
        self._slopes = _ridge(tangents, scores)[0]

    def leak(self, step: Floats) -> Leak:
        change = step @ self._slopes
        # Of two classes one is gained as the other is lost: the gain is named.
        most = int(np.argmax(np.abs(change) + 1e-9 * np.sign(change)))
        word = self._words[most] if self._words else ""
        readable = float(np.clip(self._readable[most], 0, 1))
        return Leak(self.name, word, float(change[most]), readable)


def _ridge(rows: Floats, scores: Floats) -> tuple[Floats, Floats]:
    middle, height = rows.mean(axis=0), scores.mean(axis=0)
    centred = rows - middle
    gram = centred.T @ centred
    gram += (_RIDGE * np.trace(gram) / len(gram) + 1e-12) * np.eye(len(gram))
    slopes = np.linalg.solve(gram, centred.T @ (scores - height))
    return slopes, height - middle @ slopes
