"""One file that stays alive without Python: panels, data and decoder, opened from the disk."""

from __future__ import annotations

import contextlib
import functools
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from latent_widgets.export.document import (
    bytes_block,
    collect,
    data_block,
    fill_page,
    keep_rows,
)
from latent_widgets.export.grid import choose_latents, make_grid
from latent_widgets.export.written import check_new, whole_file

if TYPE_CHECKING:
    from latent_widgets.panels.panel import Panel

_LARGE = 20e6
_TOO_LARGE = 50e6
_WAYS = ("auto", "live", "grid")
_INSTEAD = "decoder='grid' saves pictures decoded beforehand instead"


def save_html(
    panel: Panel,
    path: str | os.PathLike[str],
    *,
    decoder: str = "auto",
    title: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a panel, and all it shows, to one file; `Panel.save_html` documents it.

    Parameters
    ----------
    panel
        The panel.
    path
        Where to, ending in .html.
    decoder
        "auto", "live" or "grid".
    title
        The page's title; by default the name of the space.
    overwrite
        Whether a file that is there already is replaced.

    Returns
    -------
    pathlib.Path
        The file.
    """
    file = check_new(path, (".html", ".htm"), overwrite=overwrite)
    with whole_file(file) as partial, partial.open("wb") as stream:
        page = make_page(panel, decoder, title=title)
        print(f"{file.name} will be {page.weight}")  # noqa: T201 - before it is written
        page.warn_if_large(file.name)
        stream.write(page.text.encode())
    return file


@dataclass(frozen=True)
class Page:
    """A page that is ready.

    Attributes
    ----------
    text : str
        HTML.
    runtime, decoder : int
        How many bytes of it these take.
    note : str
        What it had to leave out; mostly empty.
    """

    text: str
    runtime: int
    decoder: int
    note: str

    @property
    def weight(self) -> str:
        """How large it is, what takes it, and what was left out."""
        parts = [("runtime", self.runtime), ("decoder", self.decoder)] if self.decoder else []
        parts.append(("data", self._size - self.runtime - self.decoder))
        told = ", ".join(f"{part} {count / 1e6:.1f}" for part, count in parts)
        return f"{self._size / 1e6:.1f} MB: {told}. {self.note}".rstrip()

    def warn_if_large(self, name: str) -> None:
        """Warn of what is too large for a phone.

        Parameters
        ----------
        name
            What holds it.
        """
        if self._size > _LARGE:
            warnings.warn(
                f"{name} has {self._size / 1e6:.0f} MB, which is slow to open on a phone and "
                f"more than most mail takes; {_INSTEAD}",
                stacklevel=4,
            )

    @functools.cached_property
    def _size(self) -> int:
        return len(self.text.encode())


def make_page(
    panel: Panel, decoder: str, *, title: str | None = None, embedded: bool = False
) -> Page:
    """Put all that a panel shows into one page.

    Parameters
    ----------
    panel
        The panel.
    decoder
        "auto", "live" or "grid".
    title
        As for `save_html`.
    embedded
        Whether it stands inside another page, which has a title already.

    Returns
    -------
    Page
        It asks for nothing from outside.
    """
    if decoder not in _WAYS:
        raise ValueError(f"decoder must be one of {list(_WAYS)}, got {decoder!r}")
    space = panel.space
    if not space.can_decode:
        raise TypeError("a page needs a decoder, and this space has no decode")
    blocks = [] if decoder == "grid" else _live(panel, insist=decoder == "live")
    rows = keep_rows(space)
    # A notebook would keep the bar of an output that it keeps.
    grid = make_grid(space, _beforehand(panel), quiet=embedded)
    saved = data_block(panel, rows, grid)
    fewer = len(rows) < len(space.points)
    note = f"It holds {len(rows):,} of {len(space.points):,} rows." if fewer else ""
    notes = [note] if fewer else []
    if space.data.images is not None:
        notes.append("Pictures of rows are the model's reconstructions.")
    text = fill_page(title or space.name or "Latent space", notes, saved, blocks, embedded=embedded)
    sizes = [len(block) for block in blocks]
    return Page(text, sum(sizes[:-1]), sum(sizes[-1:]), note)


def _live(panel: Panel, *, insist: bool) -> list[str]:
    """Write the decoder and its runtime; nothing where only pictures can be saved."""
    parts = panel.space.browser_parts()
    try:
        model = parts.decoder()
    except ImportError as error:
        raise ImportError(f"{error}; {_INSTEAD}") from error
    except ValueError as error:
        if insist:
            raise ValueError(f"{error}; {_INSTEAD}") from error
        _fall_back(str(error))
        return []
    code, wasm = parts.runtime()
    pieces = {"script": code, "runtime": wasm, "decoder": model}
    blocks = [bytes_block(name, content) for name, content in pieces.items()]
    size = sum(map(len, blocks))
    if size > _TOO_LARGE and not insist:
        _fall_back(f"a page with this decoder would have {size / 1e6:.0f} MB")
        return []
    return blocks


def _fall_back(reason: str) -> None:
    warnings.warn(
        f"{reason}; the page shows pictures decoded beforehand instead, as with decoder='grid' "
        "(decoder='live' insists)",
        stacklevel=6,
    )


def _beforehand(panel: Panel) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Choose what is decoded beforehand: where a hand goes, and the paths of strips."""
    widgets = list(collect(panel).values())
    maps = [widget.projection for stem, widget in widgets if stem == "scatter"]
    latents = [choose_latents(panel.space, *maps[:1])]
    for stem, widget in widgets:
        if stem == "strip":
            # A path between opposite ends has no latents, and says so on the page too.
            with contextlib.suppress(ValueError):
                latents.append(widget.latents)
    return np.concatenate(latents)
