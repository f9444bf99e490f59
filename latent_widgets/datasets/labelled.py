"""Pictures with labels that are small enough to be held in memory, and files of them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from latent_widgets.datasets.arrays import channels_first, to_tensor, to_unit

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Labelled(NamedTuple):
    """Pictures, what they are, and what that is called; a `LatentSpace` takes it as ``images``.

    Attributes
    ----------
    images : torch.Tensor
        (n, C, H, W) uint8, or float32 in [0, 1].
    labels : numpy.ndarray
        (n,) int64.
    names : sequence of str or None
        ``names[label]``, where that is known.
    """

    images: Tensor
    labels: NDArray[Any]
    names: Sequence[str] | None = None


def digits() -> Labelled:
    """Read the 1,797 handwritten digits that come with scikit-learn.

    Returns
    -------
    Labelled
        Pictures (1797, 1, 8, 8) float32 in steps of 1/16, white on black; labels 0 to 9.

    Notes
    -----
    The test half of Alpaydin and Kaynak's optical digits, 1998. They are on every machine and
    train in seconds, but say little about MNIST: 8 x 8 pixels have room for no style.
    """
    from sklearn.datasets import load_digits  # noqa: PLC0415 - takes a second to import

    found = load_digits()
    images = torch.from_numpy(found.images / 16).float()[:, None]
    return Labelled(images, found.target.astype(np.int64), [str(digit) for digit in range(10)])


def read_npz(path: str | Path) -> Labelled:
    """Read a numpy file of pictures and labels.

    Parameters
    ----------
    path : path
        An ``.npz`` of "images", (n, H, W) or (n, H, W, C) or (n, C, H, W), uint8 or floats in
        [0, 1], and "labels" (n,), whole numbers.

    Returns
    -------
    Labelled
        Pictures (n, C, H, W) in the file's own type, and labels.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no such file, or what it holds does not fit together. Pickles are never read.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"path is {str(path)!r}; expected an .npz file that exists.")
    try:
        # numpy leaves a file open that it opened itself and cannot read.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            missing = {"images", "labels"} - set(file.files)
            images, labels = (None, None) if missing else (file["images"], file["labels"])
            held = ", ".join(file.files)
    except (ValueError, OSError, EOFError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"path is {str(path)!r}, which is no .npz of numbers ({error}).") from None
    if images is None or labels is None:
        raise ValueError(
            f"path is {str(path)!r}, which holds {held}; expected the arrays images and labels."
        )
    if labels.dtype.kind not in "iu" or labels.shape != images.shape[:1]:
        raise ValueError(
            f"labels in {str(path)!r} are {labels.dtype} of shape {labels.shape}; "
            f"expected a whole number for each of the {len(images)} images."
        )
    pictures = channels_first(to_tensor(images, "images"), "images")
    if len(pictures) == 0:
        raise ValueError(f"path is {str(path)!r}, which holds no pictures; expected at least one.")
    if pictures.dtype != torch.uint8:
        pictures = to_unit(pictures)
    return Labelled(pictures, labels.astype(np.int64))
