"""Run notebooks and save them with static pictures, as `make stills` does.

A live widget cannot be saved: without its kernel a page would say that the model is missing. What
stays is the picture and the line of Python beside it, which every site can show.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

MARK = "lw-saved"


def keep(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return the pictures alone: a widget stands before each, and a mark or a page after it."""
    marks = [
        i for i, each in enumerate(outputs) if MARK in each.get("data", {}).get("text/html", "")
    ]
    dropped = {place for mark in marks for place in (mark - 2, mark)}
    return [each for i, each in enumerate(outputs) if i not in dropped]


def save(path: Path) -> None:
    """Run one notebook in its own folder and write it back."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if "outputs" in cell:
            cell.outputs = keep(cell.outputs)
    nbformat.write(notebook, path)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


for name in sys.argv[1:]:
    save(Path(name))
