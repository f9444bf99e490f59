"""Everything that can be said of a space in figures, measured once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from latent_widgets.analysis.probes import Probe
from latent_widgets.analysis.rows import Floats
from latent_widgets.progress import Progress

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Figure:
    """One number.

    Attributes
    ----------
    group : str
        What it is about: "bound", "latent", "prior" or "factors".
    measure : str
        Its name in the field.
    value : float
        The number.
    unit : str
        "nats", "dimensions", "share" or "".
    meaning : str
        One plain sentence.
    """

    group: str
    measure: str
    value: float
    unit: str
    meaning: str


@dataclass
class Report:
    """What was measured of a space; `report` fills it.

    Attributes
    ----------
    about : str
        Which rows were measured, in words.
    rows : int
        How many.
    dimensions : list of str
        A name for each dimension.
    figures : list of Figure
        The numbers.
    variance : numpy.ndarray, shape (d,)
        Of the posterior means.
    kl : numpy.ndarray, shape (d,), or None
        Mean KL to N(0, 1) in nats; None without log-variances.
    probes : dict of str to Probe
        What a linear model reads of each known factor.
    importance : dict of str to numpy.ndarray, each of shape (d,)
        How much boosted trees rely on each dimension for a factor.
    hints : list of str
        What deserves attention, in plain sentences.
    """

    about: str = ""
    rows: int = 0
    dimensions: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    variance: Floats = field(default_factory=lambda: np.zeros(0))
    kl: Floats | None = None
    probes: dict[str, Probe] = field(default_factory=dict)
    importance: dict[str, Floats] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)

    def add(self, group: str, measure: str, value: float, unit: str, meaning: str) -> None:
        """Add one number."""
        self.figures.append(Figure(group, measure, float(value), unit, meaning))

    @property
    def table(self) -> DataFrame:
        """All numbers: columns group, measure, value, unit and meaning."""
        from pandas import DataFrame  # noqa: PLC0415 - slow to load

        names = ["group", "measure", "value", "unit", "meaning"]
        return DataFrame(
            [[getattr(figure, name) for name in names] for figure in self.figures], columns=names
        )

    @property
    def dimension_table(self) -> DataFrame:
        """By dimension: variance, kl, and how much each known factor relies on it."""
        from pandas import DataFrame, Index  # noqa: PLC0415

        columns: dict[str, Floats] = {"variance": self.variance}
        if self.kl is not None:
            columns["kl"] = self.kl
        return DataFrame(columns | self.importance, index=Index(self.dimensions, name="dimension"))

    @property
    def factor_table(self) -> DataFrame:
        """By known factor: the linear probe's score, its measure and chance."""
        from pandas import DataFrame, Index  # noqa: PLC0415

        rows = [list(probe) for probe in self.probes.values()]
        names = Index(list(self.probes), name="factor")
        return DataFrame(rows, columns=list(Probe._fields), index=names)


def report(
    space: Any,  # noqa: ANN401 - a LatentSpace, which this file may not import
    images: Any = None,  # noqa: ANN401 - whatever `Images` reads
    factors: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Report:
    """Measure a space.

    Active units, KL and mutual information flatter a model on the pictures it was trained on:
    give held-out `images`. Without, the space's own rows are taken; where they have a column
    "split", only those that it calls held out; and the report says which.

    Parameters
    ----------
    space
        A LatentSpace.
    images
        Held-out pictures: tensor, array, dataset or folder.
    factors
        What is known of `images`: names to one value a picture. By default the labels of the
        dataset or folder; without `images`, the labels and factors of the space.
    seed
        Of all draws and splits.
    progress
        Called before every stage with the share that is done, in [0, 1], and what comes next.
        What it raises ends the measuring.

    Returns
    -------
    Report
        With `.table`, `.dimension_table` and `.factor_table` as pandas DataFrames.

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit, or there is nothing to measure.
    """
    # The stages know reports; a report knows only that there are stages.
    from latent_widgets.analysis.stages import plan  # noqa: PLC0415

    found, stages = plan(space, images, factors, seed)
    for done, (label, stage) in enumerate(stages):
        if progress is not None:
            progress(done / len(stages), label)
        stage()
    return found
