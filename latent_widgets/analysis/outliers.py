"""Which rows are odd, by several scores, since any one can be fooled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.anomaly import auroc
from latent_widgets.analysis.score_kinds import score_names
from latent_widgets.analysis.scoring import measure_outliers
from latent_widgets.progress import Progress

if TYPE_CHECKING:
    from pandas import DataFrame


def outlier_scores(
    space: Any,  # noqa: ANN401 - a LatentSpace, which this file may not import
    images: Any = None,  # noqa: ANN401 - whatever `Images` reads
    *,
    normal: Any = None,  # noqa: ANN401 - see normal_rows
    column: str | None = None,
    k: int = 10,
    n_samples: int = 1,
    seed: int = 0,
    progress: Progress | None = None,
) -> DataFrame:
    """Score how odd every row of a space is, or every picture brought to it.

    Look at two scores at least: each can be fooled (see `SCORES`). To a model of digits an
    all-black picture is likelier than most digits, yet it lies far from all of them.

    Parameters
    ----------
    space
        A LatentSpace.
    images
        Held-out pictures, which are compared with the rows of the space; None scores the rows
        themselves.
    normal
        What is as it should be: one class or several, the name of a column of booleans, or a
        boolean for each row of the space. Only such rows are compared with. With `images`,
        classes are looked up among the rows of the space and among the labels of the pictures.
    column
        The column that `normal` is a class of: "label" by default, else the first of words.
    k
        Nearest rows that `knn` is the mean of.
    n_samples
        Draws of z per picture in the reconstruction error.
    seed
        Of all draws.
    progress
        Called with the share done and words; what it raises passes through.

    Returns
    -------
    pandas.DataFrame
        One row a picture or row, in their order. Columns, as far as model and data offer them,
        higher being odder:

        - `reconstruction`, `kl` and `neg_elbo` in nats, see `elbo`; a `kl` alone where the
          space came without pictures;
        - `mahalanobis`, squared, see `mahalanobis`: chi-squared with d degrees of freedom where
          the rows are Gaussian; of tangent vectors at the mean in curved spaces;
        - `class_mahalanobis`, the same from the nearest class of the column "label", by the
          spread within classes, where it holds two or more;
        - `knn`, the mean distance to the k nearest rows, by the space's own geometry;
        - `typicality` of `neg_elbo`, of `mahalanobis` where there is none, in robust standard
          deviations, see `typicality`;

        then `rank_...` for each, 1 for the oddest, and `normal` where that was given.
        ``.attrs["notes"]`` and ``.attrs["left_out"]`` say what one should know.

    Raises
    ------
    ValueError, TypeError
        If an argument does not fit, or there is nothing to compare with.
    """
    found = measure_outliers(
        space,
        images,
        normal=normal,
        column=column,
        k=k,
        n_samples=n_samples,
        seed=seed,
        progress=progress,
    )
    found.table.attrs = {"notes": found.notes, "left_out": found.left_out}
    return found.table


def auroc_table(table: DataFrame, normal: npt.ArrayLike | None = None) -> DataFrame:
    """Say how well each score tells odd rows from normal ones.

    Parameters
    ----------
    table
        Of `outlier_scores`.
    normal
        (n,) booleans; the column `normal` by default.

    Returns
    -------
    pandas.DataFrame
        Indexed by score: `auroc`, see `auroc`, ties a half; `normal` and `odd`, how many.

    Raises
    ------
    ValueError
        If nothing says what is normal, or not both kinds are there.
    """
    from pandas import DataFrame, Index  # noqa: PLC0415 - slow to load

    if normal is None and "normal" not in table:
        raise ValueError("normal must be given: nothing in the table says which rows are normal")
    told = np.asarray(table["normal"] if normal is None else normal)
    if told.shape != (len(table),) or told.dtype != bool:
        raise ValueError(
            f"normal must hold one boolean for each of {len(table)} rows, got shape {told.shape}"
        )
    if told.all() or not told.any():
        raise ValueError(f"normal must leave rows of both kinds, got {told.sum()} of {len(told)}")
    names = score_names(table)
    areas = [auroc(table[name][told], table[name][~told]) for name in names]
    counts = {"normal": int(told.sum()), "odd": int((~told).sum())}
    return DataFrame({"auroc": areas, **counts}, index=Index(names, name="score"))
