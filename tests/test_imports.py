"""`import latent_widgets` is quick: what takes long to import waits until it is used."""

from __future__ import annotations

import subprocess
import sys

SLOW = ("torchvision", "sklearn", "scipy.special", "pandas", "matplotlib", "bqplot", "onnx")


def test_importing_the_package_imports_nothing_slow():
    code = f"import sys, latent_widgets; print([name for name in {SLOW!r} if name in sys.modules])"
    done = subprocess.run(  # noqa: S603 - fixed words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
