"""Fixtures that open notebooks in a real JupyterLab, in Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from lab import Lab, Notebook
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

CHROMIUM_ARGS = [
    "--no-sandbox",  # Chromium refuses to start as root with it, and containers run as root
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A camera that every machine has.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    # No name but this machine's resolves, so a page that needs the network fails its test.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
]


class OpenNotebook(Protocol):
    """Type of the `notebook` fixture."""

    def __call__(self, cells: list[str], **options: Any) -> Notebook:
        """Open a notebook with these cells and run them; options as in `Notebook.open`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    server = Lab(tmp_path_factory.mktemp("lab"))
    yield server
    server.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[BrowserContext]:
    path = shutil.which("chromium")
    if path is None:
        message = "no chromium on PATH: apt-get install chromium"
        if os.environ.get("CI", "").lower() in {"", "0", "false"}:
            pytest.skip(message)
        pytest.fail(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        # One context for all: JupyterLab's own scripts then come from the cache.
        yield browser.new_context()
        browser.close()


@pytest.fixture
def notebook(lab: Lab, chromium: BrowserContext) -> Iterator[OpenNotebook]:
    opened: list[Notebook] = []

    def open_notebook(cells: list[str], **options: Any) -> Notebook:
        opened.append(Notebook(lab, chromium))
        opened[-1].open(cells, **options)
        return opened[-1]

    yield open_notebook
    for each in opened:
        each.close()
