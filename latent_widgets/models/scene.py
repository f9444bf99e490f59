"""Which pictures of a data set a training is watched by."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike
from torch import Tensor

from latent_widgets.models.pictures import compact
from latent_widgets.models.training import split_rows

JUDGED = 500
SHOWN = 10


class Scene(NamedTuple):
    """Pictures (n, C, H, W) that are looked at again and again.

    Attributes
    ----------
    picked : numpy.ndarray
        Row ids of the pictures on the map.
    rows, judged, shown : Tensor
        On the map; to judge by; to reconstruct. The last two are not trained on, where any are
        set aside.
    """

    picked: npt.NDArray[np.intp]
    rows: Tensor
    judged: Tensor
    shown: Tensor


def pick_scene(
    pictures: Tensor,
    most: int,
    validation: float | Tensor | ArrayLike,
    seed: int,
    labels: npt.NDArray[Any] | None = None,
) -> Scene:
    """Pick them.

    Parameters
    ----------
    pictures : Tensor, shape (n, C, H, W)
        All.
    most : int
        How many the map shows at most, evenly picked.
    validation, seed
        As `fit` is given them.
    labels : numpy.ndarray, shape (n,), optional
        Of every class one is reconstructed, as far as they reach.

    Raises
    ------
    ValueError
        If `most` is below 1, or `validation` cannot be used.
    """
    if most < 1:
        raise ValueError(f"rows must be at least 1, got {most}")
    if not isinstance(validation, int | float):
        held_out = compact(validation, "validation")
        first = np.arange(min(SHOWN, len(held_out)))
    elif not 0 <= validation < 1:
        raise ValueError(f"validation must be a share in [0, 1) or pictures, got {validation}.")
    else:
        train, aside = split_rows(len(pictures), validation, seed)
        rows = (aside if len(aside) else train)[:JUDGED]
        held_out = pictures[rows]
        first = np.arange(len(rows))
        if labels is not None:
            _, classes = np.unique(labels[rows.numpy()], return_index=True)
            first = np.concatenate([classes, np.setdiff1d(np.arange(len(rows)), classes)])
    picked = np.linspace(0, len(pictures) - 1, min(most, len(pictures))).round().astype(np.intp)
    return Scene(picked, pictures[picked], held_out[:JUDGED], held_out[first[:SHOWN]])
