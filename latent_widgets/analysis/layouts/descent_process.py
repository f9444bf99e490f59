"""Nearest neighbour descent, as the whole of a process that can be stopped.

PyNNDescent is compiled and tells nothing before it is done, minutes later among many rows. This
file imports nothing of the package: it is to start quickly.
"""

from __future__ import annotations

import io
import sys

import numpy as np

if __name__ == "__main__":
    from pynndescent import NNDescent

    with np.load(sys.stdin.buffer, allow_pickle=False) as _given:
        _index = NNDescent(
            _given["points"], n_neighbors=int(_given["k"]), random_state=int(_given["seed"])
        )
    _found, _far = _index.neighbor_graph
    _output = io.BytesIO()
    np.savez(_output, found=_found, far=_far)
    sys.stdout.buffer.write(_output.getvalue())
