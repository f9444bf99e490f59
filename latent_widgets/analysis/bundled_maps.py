"""Maps that come with the package: ``python -m latent_widgets.analysis.bundled_maps all``.

A map is found by the content of the rows that it shows, so that one of other rows is never used.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from latent_widgets.analysis.base import Array
from latent_widgets.analysis.map_cache import fingerprint
from latent_widgets.models.zoo import list_spaces, load_bundled

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


def curved_spaces() -> list[str]:
    """Names of the bundled spaces that maps are shipped for: those of 3 and more dimensions."""
    return [name for name in list_spaces() if _rows(name).shape[1] > 2]


def make_maps(name: str, out: Path = MAPS) -> Path:
    """Lay out the rows of a bundled space by every method, and write the maps.

    Parameters
    ----------
    name
        A bundled space.
    out
        The folder to write to.

    Returns
    -------
    pathlib.Path
        The file: a float16 tensor for each method and dimension, and the rows' fingerprint.
    """
    from latent_widgets.analysis.projection import project  # noqa: PLC0415 - it reads maps here

    points = _rows(name)
    tensors = {
        f"{method}.{dim}": project(points, method, dim, stored=False).xy.astype(np.float16)
        for method in METHODS
        for dim in DIMS
    }
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.safetensors"
    save_file(tensors, path, {"points": fingerprint(points)})
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the maps of one bundled space, or of all that have more than two dimensions."""
    parser = argparse.ArgumentParser(description="Lay out the rows of bundled spaces.")
    parser.add_argument("space", choices=(*list_spaces(), "all"))
    parser.add_argument("--out", type=Path, default=MAPS, help="folder; by default in the package")
    given = parser.parse_args(arguments)
    for name in curved_spaces() if given.space == "all" else [given.space]:
        print(make_maps(name, given.out))  # noqa: T201 - the command's answer


def _rows(name: str) -> Array:
    points = load_bundled(name).points
    if points is None:
        raise ValueError(f"the bundled space {name!r} has no rows to lay out")
    return points.numpy().astype(np.float32)


@functools.cache
def _shipped() -> dict[str, Path]:
    found = {}
    for path in sorted(MAPS.glob("*.safetensors")):
        with safe_open(path, "numpy") as file:
            found[file.metadata()["points"]] = path
    return found


if __name__ == "__main__":
    main()
