"""The built front end: one JavaScript module and one style sheet a widget."""

from __future__ import annotations

from pathlib import Path

_STATIC = Path(__file__).parent / "static"


def script(stem: str) -> str:
    """Read a built JavaScript module.

    Parameters
    ----------
    stem
        The name it shares with its Python file.

    Returns
    -------
    str
        The module's text. Text and not a path: anywidget keeps every widget made from a path.

    Raises
    ------
    FileNotFoundError
        If the front end was not built.
    """
    return _read(f"{stem}.js")


def style(stem: str) -> str:
    """Read a built style sheet.

    Parameters
    ----------
    stem
        The name it shares with its Python file.

    Returns
    -------
    str
        The style sheet's text.

    Raises
    ------
    FileNotFoundError
        If the front end was not built.
    """
    return _read(f"{stem}.css")


def runtime() -> bytes:
    """Read the runtime that `script("decoder")` runs in a page.

    Returns
    -------
    bytes
        WebAssembly, packed with gzip.

    Raises
    ------
    FileNotFoundError
        If the front end was not built.
    """
    return _find("ort.wasm.gz").read_bytes()


def _read(name: str) -> str:
    return _find(name).read_text(encoding="utf-8")


def _find(name: str) -> Path:
    path = _STATIC / name
    if not path.is_file():
        raise FileNotFoundError(
            f"the front end is not built: {name} is missing; run `make build` in the checkout"
        )
    return path
