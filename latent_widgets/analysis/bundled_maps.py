"""Maps that come with the package, for the rows of its spaces.

A map is found by the content of the rows that it shows, so that one of other rows is never used;
`latent_widgets.analysis.make_maps` makes them.
"""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
from safetensors import safe_open

from latent_widgets.analysis.base import Array

MAPS = Path(__file__).parent.parent / "maps"
METHODS = ("tsne", "umap")
DIMS = (2, 3)


def bundled_map(points: str, method: str, dim: int) -> Array | None:
    """Read the shipped map of rows, made with seed 0 and the default options.

    Parameters
    ----------
    points
        The rows' fingerprint.
    method
        "tsne" or "umap".
    dim
        2 or 3.

    Returns
    -------
    numpy.ndarray or None
        (n, dim) float32; None where no map of these rows is shipped.
    """
    path = _shipped().get(points)
    if path is None or method not in METHODS or dim not in DIMS:
        return None
    with safe_open(path, "numpy") as file:
        return np.asarray(file.get_tensor(f"{method}.{dim}"), np.float32)


@functools.cache
def _shipped() -> dict[str, Path]:
    found = {}
    for path in sorted(MAPS.glob("*.safetensors")):
        with safe_open(path, "numpy") as file:
            found[file.metadata()["points"]] = path
    return found
