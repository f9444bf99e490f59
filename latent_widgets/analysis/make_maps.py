"""Make the maps that come with the package: ``python -m latent_widgets.analysis.make_maps all``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from latent_widgets.analysis.base import Array
from latent_widgets.analysis.bundled_maps import DIMS, MAPS, METHODS
from latent_widgets.analysis.map_cache import fingerprint
from latent_widgets.analysis.projection import project
from latent_widgets.models.zoo import list_spaces, load_bundled


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
    points = _rows(name)
    tensors = {
        f"{method}.{dim}": project(points, method, dim, stored=False).xy.astype(np.float16)
        for method in METHODS
        for dim in DIMS
    }
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.safetensors"
    path.write_bytes(save(tensors, {"points": fingerprint(points)}))
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


if __name__ == "__main__":
    main()
