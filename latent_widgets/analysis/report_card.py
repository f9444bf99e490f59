"""Whether a direction is more than chance, and what it moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.attribute import fitted
from latent_widgets.analysis.contrast import Contrast
from latent_widgets.analysis.direction import Direction, Evidence
from latent_widgets.analysis.leak import Leak, Recode, leak_matrix
from latent_widgets.analysis.probes import split_rows
from latent_widgets.analysis.rows import Floats, Rows
from latent_widgets.analysis.verdict import FEWEST, verdict
from latent_widgets.counts import whole
from latent_widgets.progress import Progress

_HELD_OUT = 0.3
_PAIRS = 2000
_MOST_ROWS = 4000
_MOST_SHUFFLES = 100_000


@dataclass(frozen=True, eq=False)
class ReportCard:
    """How well a direction is founded; what could not be measured is None.

    Attributes
    ----------
    name, about : str
        The direction's own.
    auc : float or None
        Area under the ROC curve on held-out rows, of a direction fitted to the others: 0.5 is
        chance.
    shuffled : tuple of float or None
        The mean of the same with shuffled labels, and what 95 of 100 of them stay below.
    p_value : float or None
        Share of shuffles that do at least as well, the true labels counted among them.
    alignment, random_alignment : float or None
        Mean cosine between the direction and the way from a held-out row of the one side to one
        of the other, and between any two.
    cohens_d : float or None
        How far apart these are, in standard deviations (Cohen 1988).
    leaks : list of Leak
        What one step moves, the most moved first.
    leak_about : str
        How that was measured.
    verdict : str
        One line in plain words.
    evident : bool or None
        Whether labels were shown to be more than chance; None where that cannot be told.
    """

    name: str
    about: str
    auc: float | None = None
    shuffled: tuple[float, float] | None = None
    p_value: float | None = None
    alignment: float | None = None
    random_alignment: float | None = None
    cohens_d: float | None = None
    leaks: list[Leak] = field(default_factory=list)
    leak_about: str = ""
    verdict: str = ""
    evident: bool | None = None

    def __str__(self) -> str:
        """Give the card as text."""
        lines = [f"{self.name}: {self.verdict}", f"  {self.about}"]
        if self.auc is not None and self.shuffled is not None:
            lines.append(
                f"  AUC {self.auc:.3f} on held-out rows; shuffled {self.shuffled[0]:.3f}, "
                f"95 % below {self.shuffled[1]:.3f}; p = {self.p_value:.3f}"
            )
        if self.cohens_d is not None:
            lines.append(
                f"  pairs {self.alignment:.2f} against random pairs {self.random_alignment:.2f}, "
                f"Cohen's d {self.cohens_d:.2f}"
            )
        for leak in self.leaks:
            named = f"{leak.factor}: {leak.word}" if leak.word else leak.factor
            lines.append(f"  {leak.change:+.2f}  {named}")
        return "\n".join(lines)


def report_card(
    direction: Direction,
    factors: Mapping[str, Any] | None = None,
    *,
    points: Rows | None = None,
    target: str = "",
    recode: Recode | None = None,
    permutations: int = 199,
    seed: int = 0,
    progress: Progress | None = None,
) -> ReportCard:
    """Judge a direction.

    Parameters
    ----------
    direction
        From `analysis.direction`, or any other; without labels there is only the leak.
    factors
        Names to n values each: what may move along with it.
    points
        (n, d) rows to measure the leak from; those it was made of when None.
    target
        The factor that it is meant to move; the column that it was learned from when empty.
    recode
        As for `leak_matrix`.
    permutations
        How many times the labels are shuffled, 19 to 100,000. Attributes it is balanced for stay
        in their places.
    seed
        Of the split, the pairs and the shuffles.
    progress
        Called with the share done and words; what it raises passes through.

    Returns
    -------
    ReportCard
        The same for the same seed.

    Raises
    ------
    ValueError
        If an argument does not fit.

    Notes
    -----
    Permutation test: Ojala and Garriga, "Permutation tests for studying classifier performance",
    2010. Pairs against random pairs: Liu et al., "Latent space cartography", 2019.
    """
    permutations = whole("permutations", permutations, 19, _MOST_SHUFFLES)
    tell = progress or (lambda *_: None)
    found: dict[str, Any] = {}
    evidence = direction.evidence
    sides = None if evidence is None else evidence.contrast
    if evidence is not None and sides is not None and min(sides.counts) >= FEWEST:
        few = _few(sides, seed)
        found = _judge(direction, few, permutations, seed, tell)
    tell(0.9, "what else moves")
    leaks: list[Leak] = []
    about = ""
    if points is None and evidence is not None:
        points = np.asarray(direction.geometry.exp(direction.base, evidence.rows))
    if factors and points is not None:
        matrix = leak_matrix([direction], points, factors, recode, seed)
        leaks = sorted(matrix.rows[0], key=lambda leak: -abs(leak.change))
        about = matrix.about
    own = target or (evidence.column if evidence is not None else "")
    words, evident = verdict(sides, found, leaks, own)
    return ReportCard(
        name=direction.name,
        about=direction.about,
        leaks=leaks,
        leak_about=about,
        verdict=words,
        evident=evident,
        **found,
    )


def _judge(
    direction: Direction, sides: Contrast, permutations: int, seed: int, tell: Progress
) -> dict[str, Any]:
    method, evidence = direction.method, direction.evidence
    assert evidence is not None  # noqa: S101 - the caller has looked
    generator = np.random.default_rng(seed)
    auc, vector, held_out = _score(method, evidence, sides, seed)
    chance = []
    for i in range(permutations):
        tell(0.9 * i / permutations, "with shuffled labels")
        chance.append(_score(method, evidence, sides.shuffled(generator), seed)[0])
    rows = evidence.rows[sides.rows[held_out]]
    pairs, random = _cosines(rows, sides.sides[held_out], vector, generator)
    spread = np.sqrt((pairs.var() + random.var()) / 2)
    return {
        "auc": auc,
        "shuffled": (float(np.mean(chance)), float(np.quantile(chance, 0.95))),
        "p_value": (1 + int(np.sum(np.asarray(chance) >= auc))) / (1 + permutations),
        "alignment": float(pairs.mean()),
        "random_alignment": float(random.mean()),
        "cohens_d": float((pairs.mean() - random.mean()) / spread) if spread > 0 else None,
    }


def _score(
    method: str, evidence: Evidence, sides: Contrast, seed: int
) -> tuple[float, Floats, npt.NDArray[np.intp]]:
    """Fit to some of the rows, and tell the sides of the others."""
    train, held_out = split_rows(sides.sides, _HELD_OUT, seed, classes=True)
    vector = fitted(method, evidence, sides, sides.weights(), train)
    scores = evidence.rows[sides.rows[held_out]] @ vector
    truth = sides.sides[held_out]
    return area(scores, truth), vector, held_out


def area(scores: Floats, truth: npt.NDArray[np.intp]) -> float:
    """As `auroc`, for hundreds of shuffles: the mean rank of side 1 (Mann and Whitney 1947)."""
    _, place, ties = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]
    ones = int(truth.sum())
    above = ranks[truth == 1].sum() - ones * (ones + 1) / 2
    return float(above / (ones * (len(truth) - ones)))


def _cosines(
    rows: Floats, sides: npt.NDArray[np.intp], vector: Floats, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Cosines of a vector with the ways across the sides, and with those between any rows."""
    low, high = np.flatnonzero(sides == 0), np.flatnonzero(sides == 1)
    count = min(_PAIRS, 4 * len(rows))
    across = rows[generator.choice(high, count)] - rows[generator.choice(low, count)]
    some = generator.integers(0, len(rows), (2, count))
    some = some[:, some[0] != some[1]]
    return _cosine(across, vector), _cosine(rows[some[1]] - rows[some[0]], vector)


def _cosine(ways: Floats, vector: Floats) -> Floats:
    sizes = np.linalg.norm(ways, axis=1) * np.linalg.norm(vector)
    return np.asarray((ways @ vector) / np.where(sizes > 0, sizes, 1.0))


def _few(sides: Contrast, seed: int) -> Contrast:
    """Keep as many rows of each side as can be fitted hundreds of times."""
    generator = np.random.default_rng(seed)
    kept = [
        np.sort(generator.permutation(np.flatnonzero(sides.sides == side))[:_MOST_ROWS])
        for side in (0, 1)
    ]
    return sides.part(np.concatenate(kept))
