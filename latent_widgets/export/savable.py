"""What every panel can leave behind: a file, a page in the notebook, a picture."""

from __future__ import annotations

import base64
import logging
import os
from pathlib import Path
from typing import Any

import anywidget

from latent_widgets.export.html import Page, save_html
from latent_widgets.export.saved import SavedOutput, keeps_outputs, make_embedded
from latent_widgets.export.still import Still, draw_still

_log = logging.getLogger(__name__)


class Savable(anywidget.AnyWidget):
    """A widget that can be saved, in one file or with its notebook.

    A panel is one, and says how it is drawn without a browser.
    """

    _output: SavedOutput | None = None
    """What a notebook keeps of it, once it was displayed."""

    def save_html(
        self,
        path: str | os.PathLike[str],
        *,
        decoder: str = "auto",
        title: str | None = None,
        overwrite: bool = False,
    ) -> Path:
        """Save a page that stays alive without Python: one file, no network, opened from the disk.

        It prints how large the file will be before it writes it. Rows come along as latents, at
        most 5,000 of them; their pictures are the model's own.

        Parameters
        ----------
        path
            Where to, ending in .html, in a folder that exists.
        decoder
            "live" puts the decoder into the page; "grid" puts in pictures decoded beforehand, of
            which the nearest one is shown; "auto" takes the decoder, and the pictures, with a
            warning, where it cannot be translated or the page would exceed 50 MB.
        title
            The page's title; by default the name of the space.
        overwrite
            Whether a file that is there already is replaced.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        TypeError
            If the space does not decode.
        ValueError, OSError
            If `path` cannot be written; or if the decoder, with "live", cannot be translated.
        ImportError
            If translating the decoder needs packages that are not installed.

        Warns
        -----
        UserWarning
            If the file has more than 20 MB, or "auto" falls back to pictures.
        """
        return save_html(self, path, decoder=decoder, title=title, overwrite=overwrite)

    def embed(self, *, decoder: str = "auto") -> None:
        """Display this panel, and put a page into the notebook that stays alive without Python.

        While its kernel runs you see the widget. Opened without one, the saved notebook shows the
        page, and so does what nbconvert and Quarto make of it: the decoder runs in the browser, and
        the panel stands where it stood when `embed` was called. A line under the widget says how
        much larger the notebook is for it; 6 to 8 MB with a bundled space. A notebook that is not
        trusted shows the last picture.

        Parameters
        ----------
        decoder
            As for `save_html`: "live", "grid", which is smaller, or "auto".

        Raises
        ------
        RuntimeError
            Outside a Jupyter notebook.
        TypeError, ValueError, ImportError
            As `save_html`.

        Warns
        -----
        UserWarning
            If the page has more than 20 MB, or "auto" falls back to pictures.
        """
        self._show(make_embedded(self, decoder))

    def still(self) -> Still | None:
        """Draw what a saved notebook shows where no kernel runs.

        Returns
        -------
        Still or None
            None when there is nothing to draw, or the model fails.
        """
        try:
            return self._still()
        except Exception:  # noqa: BLE001 - the widget itself says what is wrong with the model
            _log.debug("no still picture", exc_info=True)
            return None

    def _line(self) -> str:
        """Give the one line of Python that shows this again."""
        name = self.space.name
        return f"lw.{type(self).__name__}({'space' if name is None else repr(name)})"

    def _still(self) -> Still | None:
        return draw_still(self.space, self._line(), chart=False)

    def _show(self, page: Page | None = None) -> None:
        live = super()._repr_mimebundle_()
        if live is None:
            return
        data, metadata = live
        if self._output is None:
            self._output = SavedOutput(self)
        self._output.show({**data, "text/plain": self._line()}, metadata, page)

    def _leave(self) -> None:
        if self._output is not None:
            self._output.close()
            self._output = None

    def _ipython_display_(self) -> None:
        if not keeps_outputs():
            # IPython then goes on to the bundle.
            raise NotImplementedError
        self._show()

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:  # noqa: ANN401 - IPython's
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        data = {**data, "text/plain": self._line()}
        still = self.still()
        if still is None:
            return data, metadata
        png = base64.b64encode(still.png).decode("ascii")
        return {**data, "image/png": png}, {**metadata, "image/png": {"alt": still.alt}}
