"""The scores of outliers: what each is called, measures, and is fooled by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pandas import DataFrame


class Score(NamedTuple):
    """What a score is: higher is odder.

    Attributes
    ----------
    label : str
        Its name for people.
    unit : str
        What it is counted in.
    about : str
        What it measures.
    fooled : str
        What it can be fooled by.
    """

    label: str
    unit: str
    about: str
    fooled: str


SCORES = {
    "reconstruction": Score(
        "reconstruction error",
        "nats",
        "-E[log p(x|z)] over draws of z: how badly the model draws the picture again",
        "plain pictures, which are easily drawn: an all-black one has almost no error",
    ),
    "neg_elbo": Score(
        "\N{MINUS SIGN}ELBO",
        "nats",
        "reconstruction error + KL, an upper bound of -log p(x)",
        "plain pictures, which are likelier than any the model has learned from",
    ),
    "kl": Score(
        "KL",
        "nats",
        "KL(q(z|x) || p(z)): how much the encoder says about the picture",
        "pictures it does not recognise and says nothing about",
    ),
    "mahalanobis": Score(
        "Mahalanobis distance",
        "squared standard deviations",
        "how far z lies from the middle of the rows, by their own spread",
        "rows in a gap between clusters, and what the encoder maps onto the usual",
    ),
    "class_mahalanobis": Score(
        "Mahalanobis, nearest class",
        "squared standard deviations",
        "how far z lies from the middle of the nearest class, by the spread within classes",
        "what looks like none of a class but lies near its middle, and wrong labels",
    ),
    "knn": Score(
        "distance to neighbours",
        "latent units",
        "mean distance of z to the k nearest rows, itself left out",
        "rows in small groups of their own kind, and clusters that are sparse anyway",
    ),
    "typicality": Score(
        "typicality",
        "robust standard deviations",
        "how far the score is from usual, above or below: too likely is odd as well",
        "odd rows whose score happens to be a usual one",
    ),
}
"""Every score there is, by the name of its column (An and Cho 2015, "Variational autoencoder
based anomaly detection using reconstruction probability"; Lee et al. 2018; Nalisnick et al.
2019)."""


@dataclass
class Outliers:
    """What was measured of rows or pictures.

    Attributes
    ----------
    table : pandas.DataFrame
        As `outlier_scores` returns it.
    notes : list of str
        What one should know of the measuring.
    left_out : dict of str to str
        Why a score is not there, by its name.
    latents : numpy.ndarray, shape (m, d)
        Where the rows or pictures lie, float32.
    """

    table: DataFrame
    notes: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    latents: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))


def score_names(table: DataFrame) -> list[str]:
    """List the scores of a table by the names of their columns."""
    return [name for name in SCORES if name in table.columns]
