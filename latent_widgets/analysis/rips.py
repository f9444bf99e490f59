"""The Vietoris-Rips filtration: what Ripser makes of distances, and its graph at a scale."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis import ripser_process
from latent_widgets.progress import Progress

Distances = npt.NDArray[np.float32]

MOST = {0: 5000, 1: 3000, 2: 500}
"""Points beyond which `persistence` refuses, by `max_dim`."""
USUAL = {0: 1000, 1: 500, 2: 250}
"""How many landmarks are taken of more rows, by `max_dim`."""

# Measured on one core of 2026: seconds for so many points, and how they grow.
_SECONDS = {0: (0.2, 1000, 2.0), 1: (0.16, 500, 2.3), 2: (3.4, 300, 3.1)}
# Ripser lets nothing else run meanwhile: no longer than a hand notices.
_ASIDE_FROM = 0.25
_LOOK_EVERY = 0.05


def seconds(count: int, max_dim: int) -> float:
    """Estimate what the homology of so many points costs, in seconds of one core."""
    base, points, power = _SECONDS[max_dim]
    return base * float((count / points) ** power)


def reduce(
    distances: Distances,
    max_dim: int,
    coeff: int,
    threshold: float,
    progress: Progress | None = None,
) -> tuple[dict[int, npt.NDArray[np.float64]], list[npt.NDArray[np.int64]]]:
    """Run Ripser (Bauer 2021): persistent cohomology of the Rips filtration.

    Parameters
    ----------
    distances
        (n, n) float32, symmetric.
    max_dim, coeff, threshold, progress
        As for `persistence`; what `progress` raises ends the run at once.

    Returns
    -------
    diagrams : dict
        Dimension to (m, 2) births and deaths.
    cocycles : list of numpy.ndarray
        One a bar of H1: (k, 3) rows u, v, c with u > v, the value c of the cocycle on the edge.

    Raises
    ------
    ImportError
        Without the extra `topology`.
    RuntimeError
        If Ripser fails.
    """
    if importlib.util.find_spec("ripser") is None:
        raise ImportError("persistence needs ripser: pip install 'latent-widgets[topology]'")
    expected = seconds(len(distances), max_dim)
    if expected < _ASIDE_FROM:
        found = ripser_process.run(distances, max_dim, coeff, threshold)
    else:
        given = ripser_process.pack(
            distances=distances, max_dim=max_dim, coeff=coeff, threshold=threshold
        )
        found = ripser_process.unpack(_aside(given, expected, progress))
    diagrams = {dim: found[f"diagram{dim}"] for dim in range(max_dim + 1)}
    return diagrams, np.split(found["cocycles"], found["ends"][:-1]) if len(found["ends"]) else []


def edges_within(distances: Distances, scale: float) -> npt.NDArray[np.intp]:
    """Find the edges of the Rips graph.

    Parameters
    ----------
    distances
        (n, n).
    scale
        The greatest length.

    Returns
    -------
    numpy.ndarray
        (m, 2) with u < v, the shortest first.
    """
    one, other = np.nonzero(np.triu(distances <= np.float32(scale), 1))
    order = np.argsort(distances[one, other], kind="stable")
    return np.stack([one, other], axis=1)[order]


def _aside(given: bytes, expected: float, progress: Progress | None) -> bytes:
    # -P: beside this script lie modules whose names must not stand in for others'.
    command = [sys.executable, "-P", str(Path(ripser_process.__file__))]
    # Files, not pipes: nobody need be there to empty or to fill them.
    with TemporaryFile() as source, TemporaryFile() as result, TemporaryFile() as errors:
        source.write(given)
        source.seek(0)
        begun = time.monotonic()
        process = subprocess.Popen(command, stdin=source, stdout=result, stderr=errors)  # noqa: S603 - our own script
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_EVERY)
                    break
                if progress is not None:
                    passed = time.monotonic() - begun
                    # Nobody knows how far it is: never quite the end.
                    share = passed / (passed + expected)
                    progress(share, f"homology, {passed:.0f} s of about {expected:.0f} s")
        finally:
            process.kill()
            process.wait()
        for file in (result, errors):
            file.seek(0)
        if process.returncode:
            last = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
            told = f"ended with code {process.returncode}: {last or 'no message'}"
            raise RuntimeError(f"ripser {told}")
        return result.read()
