"""Runs Ripser, here or as the whole of another process, which can be stopped.

Ripser holds Python's lock from beginning to end, so that a long run in the own process would
stop everything else there. As a script this file imports nothing of the package: it is to start
quickly.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[Any]]


def run(distances: npt.NDArray[np.float32], max_dim: int, coeff: int, threshold: float) -> Arrays:
    """Compute diagrams and the cocycles of H1.

    Parameters
    ----------
    distances
        (n, n) float32.
    max_dim, coeff, threshold
        As for `persistence`.

    Returns
    -------
    dict
        `diagram0`, ... (m, 2) float64; `cocycles`: (k, 3) int64 vertices and coefficients of all
        H1 bars, one after the other, and `ends`: (m,) where each ends.
    """
    from ripser import ripser  # noqa: PLC0415 - an extra, and slow to load

    found = ripser(
        distances,
        distance_matrix=True,
        maxdim=max_dim,
        coeff=coeff,
        thresh=threshold,
        do_cocycles=max_dim > 0,
    )
    result: Arrays = {f"diagram{dim}": bars for dim, bars in enumerate(found["dgms"])}
    cocycles = found["cocycles"][1] if max_dim > 0 else []
    result["cocycles"] = np.concatenate([np.zeros((0, 3), np.int64), *cocycles])
    result["ends"] = np.cumsum([len(each) for each in cocycles], dtype=np.int64)
    return result


if __name__ == "__main__":
    with np.load(sys.stdin.buffer, allow_pickle=False) as _given:
        _found = run(
            _given["distances"],
            int(_given["max_dim"]),
            int(_given["coeff"]),
            float(_given["threshold"]),
        )
    _output = io.BytesIO()
    np.savez(_output, **_found)  # type: ignore[arg-type]
    sys.stdout.buffer.write(_output.getvalue())
