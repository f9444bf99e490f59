"""Runs a script of the package as another process, which can be stopped at any moment."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.progress import Progress

Arrays = dict[str, npt.NDArray[Any]]

_LOOK_EVERY = 0.05


def run_aside(
    script: str, what: str, expected: float, progress: Progress | None, given: dict[str, Any]
) -> Arrays:
    """Run a script that reads arrays from its input and writes arrays to its output.

    What runs compiled hears of nothing before it is done, and holds up all else where it also
    keeps Python's lock; a process is simply ended.

    Parameters
    ----------
    script
        The file; it reads and writes ``.npz``.
    what
        What it does, in the words that `progress` is told and in the error.
    expected
        Seconds it may take.
    progress
        Called with the share that has passed, and words; what it raises ends the process.
    given
        Arrays and numbers by name.

    Returns
    -------
    dict
        What the script wrote.

    Raises
    ------
    RuntimeError
        If the script fails.
    """
    # -P: beside such scripts lie modules whose names must not stand in for others'.
    command = [sys.executable, "-P", str(Path(script))]
    # Files, not pipes: nobody need be there to empty or to fill them.
    with TemporaryFile() as source, TemporaryFile() as result, TemporaryFile() as errors:
        np.savez(source, **given)
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
                    progress(share, f"{what}, {passed:.0f} s of about {expected:.0f} s")
        finally:
            process.kill()
            process.wait()
        for file in (result, errors):
            file.seek(0)
        if process.returncode:
            last = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
            told = f"ended with code {process.returncode}: {last or 'no message'}"
            raise RuntimeError(f"{what} {told}")
        with np.load(result, allow_pickle=False) as found:
            return dict(found)
