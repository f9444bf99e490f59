"""A saved page as text: the widgets' traits, the scripts, and what surrounds them."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import numpy.typing as npt

from latent_widgets import codec
from latent_widgets.bundle import script, style
from latent_widgets.export.grid import Grid

if TYPE_CHECKING:
    from latent_widgets.panels.panel import Panel
    from latent_widgets.space import LatentSpace

Rows = npt.NDArray[np.intp]

_MOST_ROWS = 5_000
_MOST_NUMBERS = 1_000_000
# What a page without a kernel must do otherwise: decode by itself, draw the map without
# generated code, which its policy forbids, lay out no other, and not play before anybody looks.
_ELSEWHERE: dict[str, dict[str, Any]] = {
    "space": {"engine": "browser"},
    "scatter": {"renderer": "canvas", "methods": [], "work": {}},
    "strip": {"playing": False},
    "storyboard": {"playing": False, "formats": [], "work": {}},
}
_NOT_OURS = ("layout", "tabbable", "tooltip")
_HOW = "Drag the cross on the map, move a slider, or scrub the strip: the picture follows."

_PAGE = """<!doctype html>
<html lang="en"{kind}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div class="lw lw-page">
<header>
<h1>{title}</h1>
<p>{how}</p>
<p role="status"></p>
</header>
<main><noscript><p>This page needs JavaScript, which is switched off here.</p></noscript></main>
<footer>{foot}</footer>
</div>
{saved}
<script>{script}</script>
{blocks}
</body>
</html>
"""


def collect(panel: Panel) -> dict[str, tuple[str, anywidget.AnyWidget]]:
    """Find all widgets that one panel needs.

    Parameters
    ----------
    panel
        The panel.

    Returns
    -------
    dict
        Stem and widget by the reference under which others know it, the panel first.
    """
    found: dict[str, tuple[str, anywidget.AnyWidget]] = {}
    waiting: list[anywidget.AnyWidget] = [panel]
    while waiting:
        widget = waiting.pop(0)
        reference = f"anywidget:{widget.model_id}"
        if reference in found:
            continue
        found[reference] = (getattr(widget, "_stem", "space"), widget)
        for name, trait in widget.traits(sync=True).items():
            if isinstance(trait, anywidget.WidgetTrait) and getattr(widget, name) is not None:
                waiting.append(getattr(widget, name))
    return found


def keep_rows(space: LatentSpace) -> Rows:
    """Choose which rows a page carries.

    Parameters
    ----------
    space
        The space.

    Returns
    -------
    numpy.ndarray
        Row ids: all, or evenly spaced ones, at most 5,000 and a million numbers.
    """
    n, d = space.points.shape
    most = min(n, _MOST_ROWS, max(_MOST_NUMBERS // d, 1))
    return np.unique(np.linspace(0, n - 1, most).astype(np.intp)) if n else np.zeros(0, np.intp)


def data_block(panel: Panel, rows: Rows, grid: Grid) -> str:
    """Write everything but the decoder as one inert block.

    Parameters
    ----------
    panel
        What the page shows.
    rows
        The rows it carries.
    grid
        Pictures for where it cannot decode.

    Returns
    -------
    str
        A script element that no browser runs, and that no label can end.
    """
    widgets = collect(panel)
    space = panel.space
    saved = {
        "root": next(iter(widgets)),
        "space": f"anywidget:{space.model_id}",
        "widgets": {
            reference: {"stem": stem, "traits": _traits(stem, widget, rows, len(space.points))}
            for reference, (stem, widget) in widgets.items()
        },
        "points": codec.floats_to_bytes(space.points[rows]),
        "grid": {
            "latents": codec.floats_to_bytes(grid.latents),
            "atlas": grid.atlas,
            "type": grid.mime,
            "across": grid.across,
            "tile": grid.tile,
            "step": grid.step,
        },
    }
    text = json.dumps(saved, default=_pack, separators=(",", ":"), allow_nan=False)
    return _inert("saved", "application/json", text.replace("<", "\\u003c"))


def bytes_block(name: str, content: bytes) -> str:
    """Write bytes as one inert block.

    Parameters
    ----------
    name
        What the page's script calls it.
    content
        Any bytes.

    Returns
    -------
    str
        A script element that no browser runs.
    """
    text = base64.b64encode(content).decode("ascii")
    return _inert(name, "application/octet-stream;base64", text)


def fill_page(
    title: str, notes: list[str], saved: str, blocks: list[str], *, embedded: bool = False
) -> str:
    """Put a page together.

    Parameters
    ----------
    title
        Any text.
    notes
        Sentences for the foot of the page.
    saved
        What `data_block` wrote.
    blocks
        What `bytes_block` wrote, of the decoder and its runtime; empty without one.
    embedded
        Whether it stands inside another page.

    Returns
    -------
    str
        HTML that asks for nothing from outside; its policy forbids it to.
    """
    code = script("page").replace("</script", "<\\/script").replace("<!--", "<\\!--")
    own = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode("ascii")
    policy = (
        f"default-src 'none'; script-src 'sha256-{own}' 'wasm-unsafe-eval' blob:; "
        "worker-src blob:; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    return _PAGE.format(
        kind=' class="lw-embedded"' if embedded else "",
        policy=policy,
        title=html.escape(title),
        how=html.escape(_HOW),
        foot=html.escape(" ".join([*notes, "Made with latent_widgets."])),
        style=style("page").replace("</", "<\\/"),
        script=code,
        saved=saved,
        blocks="\n".join(blocks),
    )


def _inert(name: str, kind: str, text: str) -> str:
    return f'<script type="{kind}" data-block="{name}">{text}</script>'


def _pack(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return {"base64/bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be written to a page")


def _traits(stem: str, widget: anywidget.AnyWidget, rows: Rows, n: int) -> Mapping[str, object]:
    names = [name for name in widget.keys if not name.startswith("_") and name not in _NOT_OURS]
    traits: dict[str, Any] = {**widget.get_state(names), **_ELSEWHERE.get(stem, {})}
    if stem == "space":
        traits["facts"] = _fewer(traits["facts"], rows)
        places = {int(row): place for place, row in enumerate(rows)}
        kept = [places[row] for row in widget.selection if row in places]
        traits["selection"] = codec.ids_to_bytes(kept)
    if stem == "scatter" and n:
        width = traits["chart"]["dim"]
        traits["xy"] = codec.floats_to_bytes(codec.bytes_to_floats(traits["xy"], width)[rows])
        traits["chart"] = widget.chart_of(rows)
    return traits


def _fewer(facts: Mapping[str, Any], rows: Rows) -> dict[str, Any]:
    columns = [
        {
            **column,
            "values": codec.floats_to_bytes(codec.bytes_to_floats(column["values"], 1)[rows]),
        }
        for column in facts["columns"]
    ]
    return {**facts, "device": "this page", "n_rows": len(rows), "columns": columns}
