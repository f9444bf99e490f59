"""What is published: every bundle and every space, none of them stale, and no need for Node."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENTRIES = {"explorer", "space"}
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", "node_modules", "static", "dist", "build", "runs", "__pycache__", ".*_cache")
)


def _expected() -> set[str]:
    """Names, inside the package, of the files that are easily forgotten."""
    js = ROOT / "js" / "src"
    scripts = [*js.glob("panels/*.js"), *(p for p in js.glob("*.js") if p.stem in ENTRIES)]
    sheets = [sheet for script in scripts if (sheet := script.with_suffix(".css")).exists()]
    spaces = [
        path.name
        for path in (ROOT / "latent_widgets" / "spaces").iterdir()
        if path.suffix in {".safetensors", ".onnx"}
    ]
    return {
        "latent_widgets/py.typed",
        *(f"latent_widgets/static/{path.name}" for path in [*scripts, *sheets]),
        *(f"latent_widgets/static/{name}" for name in ("decoder.js", "ort.wasm.gz")),
        *(f"latent_widgets/spaces/{name}" for name in spaces),
    }


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """Path of an sdist built from a copy of this tree, in which an old bundle lies about."""
    tree = tmp_path_factory.mktemp("tree") / "copy"
    shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
    (tree / "js" / "node_modules").symlink_to(ROOT / "js" / "node_modules")
    (tree / "latent_widgets" / "static").mkdir()
    (tree / "latent_widgets" / "static" / "renamed_long_ago.js").write_text("")
    # In the isolated way pip would fetch hatchling; where it is installed that saves seconds.
    here = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    _run(sys.executable, "-m", "build", "--sdist", *here, cwd=tree)
    return next((tree / "dist").glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(sdist, tmp_path_factory):
    """Path of a wheel built from that sdist, on a machine where no program can be found."""
    out = tmp_path_factory.mktemp("wheel")
    here = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    pip = (sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(out))
    _run(*pip, *here, str(sdist), cwd=out, env={**os.environ, "PATH": str(out)})
    return next(out.glob("*.whl"))


def _run(*command, **options):
    done = subprocess.run(  # noqa: S603 - fixed words
        command, capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_sdist_has_the_sources_and_the_bundles_made_from_them(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert _expected() <= names
    assert {"js/build.mjs", "js/package-lock.json", "js/hatch_build.py", "LICENSE"} <= names
    assert not [name for name in names if "node_modules" in name or "long_ago" in name]


def test_the_wheel_has_the_bundles_and_nothing_but_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert _expected() <= names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"latent_widgets"}
    assert not [name for name in names if "long_ago" in name]


def test_the_lock_file_has_hashes_and_no_addresses():
    lock = json.loads((ROOT / "js" / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    # npm refuses a lock file that lacks a platform's optional package, on any platform.
    wanted = {o for entry in packages.values() for o in entry.get("optionalDependencies", {})}
    assert {f"node_modules/{name}" for name in wanted} <= set(packages)


def test_the_front_end_pins_every_package_exactly():
    package = json.loads((ROOT / "js" / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert [name for name, version in versions.items() if not version[0].isdigit()] == []
