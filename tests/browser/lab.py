"""A real JupyterLab server, and one notebook open in it, for tests to drive.

Nothing of the person who runs the tests is read or changed: configuration, kernels' connection
files and notebooks all live in one temporary folder.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_core.utils import ensure_event_loop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
# JupyterLab gives the output of a widget a panel of its own; other outputs have none.
WIDGET = ".jp-OutputArea-output.lm-Panel > *"

OPEN = """async (theme) => {
  const app = window.jupyterapp;
  await app.restored;
  while (!app.shell.currentWidget?.context) await new Promise((done) => setTimeout(done, 20));
  const notebook = app.shell.currentWidget;
  await notebook.context.ready;
  await notebook.sessionContext.ready;
  if (document.body.dataset.jpThemeName !== theme) {
    await app.commands.execute("apputils:change-theme", { theme });
  }
  return notebook.sessionContext.session.kernel.id;
}"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
# `evaluate` waits for ever; a kernel that hangs must fail one test, not stop the suite.
WITHIN = """([work, argument, seconds]) => Promise.race([
  eval(work)(argument),
  new Promise((_, fail) => setTimeout(
    () => fail(new Error(`nothing after ${seconds} s`)), seconds * 1000)),
])"""
FAILED = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter((cell) => cell.model.type === "code")
  .flatMap((cell) => cell.model.outputs.toJSON())
  .filter((output) => output.output_type === "error")
  .map((output) => output.traceback.join("\\n"))"""


class Lab:
    """One JupyterLab server; stop it with `close`."""

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root
        self.notebooks = root / "notebooks"
        self.notebooks.mkdir(parents=True)
        self._runtime = root / "runtime"
        self._token = secrets.token_hex(16)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://localhost:{port}"
        # Otherwise the first page asks whether to fetch news, and fetches it.
        news = root / "config/lab/user-settings/@jupyterlab/apputils-extension"
        news.mkdir(parents=True)
        (news / "notification.jupyterlab-settings").write_text(
            json.dumps({"fetchNews": "false", "checkForUpdates": False})
        )
        own = {
            "JUPYTER_CONFIG_DIR": str(root / "config"),
            "JUPYTER_DATA_DIR": str(root / "data"),
            "JUPYTER_RUNTIME_DIR": str(self._runtime),
            "IPYTHONDIR": str(root / "ipython"),
        }
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.notebooks}",
            f"--IdentityProvider.token={self._token}",
            "--LabApp.expose_app_in_browser=True",
            *options,
        ]
        with (root / "server.log").open("w") as log:
            self._process = subprocess.Popen(  # noqa: S603 - fixed words
                command, env={**os.environ, **own}, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait()

    @property
    def log(self) -> str:
        """What the server has printed so far."""
        return (self.root / "server.log").read_text()

    def _wait(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._process.poll() is None:
            try:
                self.api("GET", "")
            except URLError:
                time.sleep(0.1)
            else:
                return
        self.close()
        raise RuntimeError(f"JupyterLab did not start:\n{self.log}")

    def api(self, method: str, path: str) -> Any:
        """Call the server's own interface, for example `api("GET", "kernels")`."""
        headers = {"Authorization": f"token {self._token}"}
        request = Request(f"{self.url}/api/{path}".rstrip("/"), method=method, headers=headers)  # noqa: S310 - localhost
        with urlopen(request, timeout=20) as answer:  # noqa: S310 - localhost
            text = answer.read()
        return json.loads(text) if text else None

    def page_url(self, name: str) -> str:
        """Address of one notebook, alone on its page, in a workspace of its own."""
        return f"{self.url}/doc/workspaces/{name}/tree/{name}.ipynb?reset&token={self._token}"

    def connection_file(self, kernel_id: str) -> str:
        """Where the kernel's ports are written."""
        return str(self._runtime / f"kernel-{kernel_id}.json")

    def close(self) -> None:
        """Stop the server and its kernels."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Notebook:
    """One notebook, open in its own page, whose cells have all run; `close` ends its kernel too."""

    def __init__(self, lab: Lab, context: BrowserContext) -> None:
        self.lab = lab
        self.kernel_id = ""
        self.console_errors: list[str] = []
        """Errors written to the browser's console, and exceptions nobody caught."""
        self.requests_outside: list[str] = []
        """Addresses the page asked for that are not on this machine."""
        # A thread of its own: Playwright's loop runs in this one, and would confuse jupyter_client.
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._client: BlockingKernelClient | None = None
        self.page: Page = context.new_page()
        self.page.on("console", lambda line: line.type == "error" and self._error(line.text))
        self.page.on("pageerror", lambda error: self._error(str(error)))
        self.page.on("request", lambda request: self._request(request.url))
        self.page.on("websocket", lambda socket: self._request(socket.url))

    def open(
        self,
        cells: list[str],
        *,
        width: int = 1500,
        height: int = 950,
        theme: str = "light",
        wait_for: str | None = WIDGET,
        timeout: float = 120,
    ) -> None:
        """Write the cells into a notebook, open it, run it, and wait for `wait_for` to be there."""
        name = f"n{secrets.token_hex(4)}"
        (self.lab.notebooks / f"{name}.ipynb").write_text(json.dumps(_document(cells)))
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto(self.lab.page_url(name))
        self.page.wait_for_function("window.jupyterapp !== undefined")
        self.kernel_id = self.page.evaluate(WITHIN, [OPEN, THEMES[theme], 60])
        self.page.wait_for_function(
            "name => document.body.dataset.jpThemeName === name", arg=THEMES[theme]
        )
        self.run_all(timeout)
        if wait_for:
            self.page.wait_for_selector(wait_for)

    def _error(self, text: str) -> None:
        self.console_errors.append(text)

    def _request(self, url: str) -> None:
        local = (self.lab.url, self.lab.url.replace("http", "ws", 1), "blob:", "data:")
        if not url.startswith(local):
            self.requests_outside.append(url)

    def run_all(self, timeout: float = 120) -> None:
        """Run every cell; one that raises, or all that need more seconds, fail the test."""
        self.page.evaluate(WITHIN, [RUN_ALL, None, timeout])
        for traceback in self.page.evaluate(FAILED):
            raise AssertionError(f"a cell failed:\n{_plain(traceback)}")

    def run(self, code: str, timeout: float = 60) -> str:
        """Execute Python in the notebook's kernel, behind the page's back.

        Parameters
        ----------
        code
            As in a cell: `await` and a last expression are fine.
        timeout
            Seconds to wait for the kernel to be idle again.

        Returns
        -------
        str
            What the code printed, then the repr of its last expression.
        """
        return self._worker.submit(self._execute, code, timeout).result(timeout + 30)

    def _execute(self, code: str, timeout: float) -> str:
        if self._client is None:
            file = self.lab.connection_file(self.kernel_id)
            self._client = BlockingKernelClient(connection_file=file)
            self._client.load_connection_file()
            self._client.start_channels(stdin=False, hb=False)
        parts: list[str] = []

        def collect(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                parts.append(content["text"])
            elif message["msg_type"] == "execute_result":
                parts.append(content["data"]["text/plain"])

        reply = self._client.execute_interactive(
            code, store_history=False, allow_stdin=False, timeout=timeout, output_hook=collect
        )
        content = reply["content"]
        if content["status"] != "ok":
            traceback = "\n".join(content.get("traceback", [content["status"]]))
            raise AssertionError(f"the kernel raised:\n{_plain(traceback)}")
        return "".join(parts).strip()

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.stop_channels()
        # jupyter_client made this loop for the worker's thread and would leave it open.
        ensure_event_loop().close()

    def screenshot(self, path: Path | str) -> None:
        """Save what the page shows."""
        self.page.screenshot(path=path)

    def close(self) -> None:
        """Close the page and shut its kernel down."""
        self.page.close()
        self._worker.submit(self._disconnect).result(20)
        self._worker.shutdown()
        for session in self.lab.api("GET", "sessions"):
            if session["kernel"]["id"] == self.kernel_id:
                self.lab.api("DELETE", f"sessions/{session['id']}")


def eventually(found: Callable[[], bool], seconds: float = 10) -> bool:
    """Wait until something holds: what a page wrote last may still be on its way."""
    end = time.monotonic() + seconds
    while not (holds := found()) and time.monotonic() < end:
        time.sleep(0.1)
    return holds


def _plain(traceback: str) -> str:
    """Without the colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", traceback)


def _document(cells: list[str]) -> dict[str, Any]:
    """Return an .ipynb, with the kernel named so that JupyterLab does not ask for one."""
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        "cells": [{**code, "id": f"c{i}", "source": text} for i, text in enumerate(cells)],
    }
