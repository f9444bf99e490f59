"""The spaces that come with the package."""

import difflib
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from latent_widgets.models.checkpoint import Checkpoint, load_checkpoint
from latent_widgets.models.header import expect, read_document

SUFFIX = ".safetensors"


def list_spaces() -> list[str]:
    """Names of the bundled spaces, in alphabetical order."""
    return sorted(
        item.name.removesuffix(SUFFIX) for item in _folder().iterdir() if item.name.endswith(SUFFIX)
    )


def load_bundled(name: str) -> Checkpoint:
    """Read a bundled space; no network is touched.

    Raises
    ------
    ValueError
        When there is no space of that name.
    """
    with as_file(_find(name)) as path:
        return load_checkpoint(path)


def card(name: str) -> dict[str, Any]:
    """Model card of a bundled space: what was trained on what, and how well it does.

    Raises
    ------
    ValueError
        When there is no space of that name.
    """
    with as_file(_find(name)) as path:
        _, document = read_document(Path(path))
        found: dict[str, Any] = expect(document, "card", dict, str(path))
        return found


def _folder() -> Traversable:
    return files("latent_widgets") / "spaces"


def _find(name: str) -> Traversable:
    names = list_spaces()
    if name not in names:
        close = difflib.get_close_matches(str(name), names, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise ValueError(
            f"There is no bundled space {name!r}; there are: {', '.join(names)}.{hint}"
        )
    return _folder() / f"{name}{SUFFIX}"
