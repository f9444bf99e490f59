"""What a notebook keeps of a live widget: its last picture and, where asked for, a live page."""

from __future__ import annotations

import base64
import html
import threading
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import IPython

from latent_widgets.export.document import collect
from latent_widgets.export.html import Page, make_page

if TYPE_CHECKING:
    from latent_widgets.export.still import Still
    from latent_widgets.panels.panel import Panel

Bundle = Mapping[str, Any]

_REST = 2.0
"""Seconds without a change before the picture is taken again."""
_PAUSE = 10.0
"""Seconds between two pictures, at least: each makes the notebook a changed document."""
# Three outputs follow one another: the widget, its picture, and a mark that carries these rules.
# Their boxes have other names in JupyterLab and nbconvert, nbconvert's older templates, Quarto
# and VS Code. Where a host drops the rules the picture stays, which is the most it can show.
_RULES = """
{box}:has(.lw) + {box}:has(+ {box} .lw-saved),
{box}:has(.lw) + {box} + {box} iframe.lw-saved,
{box}:not(:has(.lw)):has(+ {box} + {box} .lw-saved),
{box}:not(:has(.lw)) + {box} + {box} .lw-saved-note,
{box}:has(+ {box} iframe.lw-saved),
{box}:has(span.lw-saved) {{ display: none !important; }}
iframe.lw-saved {{ width: 100%; height: min(960px, 92vh); border: 1px solid #8884; }}
.lw-saved-note {{ opacity: 0.65; font-size: 12px; }}
""".format(box=":is(.jp-OutputArea-child, .output_area, .cell-output, .output_container)")
# Lets the page be as high as it wants and look like its host; without it the page scrolls inside.
_HOST = """addEventListener("message", ({ data, source }) => {
  for (const frame of document.querySelectorAll("iframe.lw-saved")) {
    if (frame.contentWindow !== source || !Array.isArray(data?.lw_names)) continue;
    frame.style.height = data.lw_height > 0 ? `${data.lw_height + 2}px` : "";
    const style = getComputedStyle(document.body);
    const lw_colours = data.lw_names.map((name) => style.getPropertyValue(name));
    source.postMessage({ lw_colours }, "*");
  }
});"""
_NOTE = (
    "Saved with this output: a page that stays live without Python. A trusted notebook shows it."
)


class SavedOutput:
    """The outputs of a panel wherever it is displayed, their picture kept as it was last.

    The picture is taken anew when the widget has come to rest, once any page has moved it: a
    notebook that is run from end to end without a reader keeps those of its own lines.

    Parameters
    ----------
    panel
        What is displayed.
    """

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._shell = IPython.get_ipython()
        self._name = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._changed = self._taken = 0.0
        self._read = self._closed = False
        self._png = b""
        self._widgets = [widget for _, widget in collect(panel).values()]
        panel.space.on_msg(self._hear)
        for widget in self._widgets:
            widget.observe(self._note)

    def show(self, live: Bundle, metadata: Bundle, page: Page | None = None) -> None:
        """Publish the widget, its picture, and what lets one of them be seen at a time.

        Parameters
        ----------
        live, metadata
            The widget's own bundle.
        page
            What stands where no kernel runs, instead of the picture.
        """
        self._publish(live, metadata)
        still = self._panel.still()
        if still is None and page is None:
            return
        # The rules count three outputs: with a page and no picture, its place is kept.
        self._publish(*_picture(still), name=self._name)
        self._png = still.png if still else b""
        self._publish({"text/html": f"<style>{_RULES}</style>{_mark(page)}"}, {})

    def close(self) -> None:
        """Leave the picture as it is."""
        self._panel.space.on_msg(self._hear, remove=True)
        for widget in self._widgets:
            widget.unobserve(self._note)
        with self._lock:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()

    def _hear(self, *_: object) -> None:
        self._read = True

    def _note(self, _: object) -> None:
        self._changed = time.monotonic()
        if not self._read:
            return
        with self._lock:
            if self._timer is None:
                self._wait(_REST)

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        now = time.monotonic()
        left = max(self._changed + _REST, self._taken + _PAUSE) - now
        with self._lock:
            if self._closed:
                return
            if left > 0:
                self._wait(left)
                return
            self._timer = None
        self._taken = now
        still = self._panel.still()
        if still is not None and still.png != self._png:
            self._png = still.png
            self._publish(*_picture(still), name=self._name, update=True)

    def _publish(
        self, data: Bundle, metadata: Bundle, *, name: str | None = None, update: bool = False
    ) -> None:
        transient = {} if name is None else {"display_id": name}
        self._shell.display_pub.publish(
            data=dict(data), metadata=dict(metadata), transient=transient, update=update
        )


def keeps_outputs() -> bool:
    """Whether a notebook of Jupyter's kind keeps what is displayed.

    Returns
    -------
    bool
        False in a terminal, in marimo, and in Colab, which puts outputs into pages of their own.
    """
    shell = IPython.get_ipython()
    return hasattr(shell, "kernel") and "google.colab" not in type(shell).__module__


def make_embedded(panel: Panel, decoder: str) -> Page:
    """Make the page that `embed` puts into a notebook; `Savable.embed` documents it.

    Parameters
    ----------
    panel
        What it shows.
    decoder
        As for `save_html`.

    Returns
    -------
    Page
        For `SavedOutput.show`.
    """
    if not keeps_outputs():
        raise RuntimeError("embed needs a Jupyter notebook; save_html writes a file instead")
    page = make_page(panel, decoder, embedded=True)
    page.warn_if_large("this output")
    return page


def _picture(still: Still | None) -> tuple[Bundle, Bundle]:
    if still is None:
        return {"text/plain": ""}, {}
    png = base64.b64encode(still.png).decode("ascii")
    return {"image/png": png, "text/plain": still.alt}, {"image/png": {"alt": still.alt}}


def _mark(page: Page | None) -> str:
    if page is None:
        return '<span class="lw-saved"></span>'
    # Sandboxed: the page runs its own script, and reaches neither the notebook nor its server.
    return (
        '<iframe class="lw-saved" title="The same, live without Python" sandbox="allow-scripts" '
        f'srcdoc="{html.escape(page.text)}"></iframe>'
        f'<p class="lw-saved-note">{_NOTE} It has {page.weight}</p><script>{_HOST}</script>'
    )
