"""Pictures that a panel keeps, to go back to."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets as t

from latent_widgets import codec
from latent_widgets.answering import Answer, Content
from latent_widgets.brought_picture import Look

_MOST = 24
_LONGEST_NAME = 60


class Tray(t.HasTraits):
    """Lets a panel keep its picture, and drop it again; the page goes back to one by itself."""

    tray: t.List[dict[str, Any]] = t.List(read_only=True).tag(sync=True)
    """What the page shows of kept pictures, see `keep`."""

    # What a panel has.
    _look: Look | None

    @property
    def kept(self) -> list[codec.Pictures]:
        """(H, W, C) uint8 each, the pictures that were kept."""
        return [
            np.frombuffer(one["pixels"], np.uint8).reshape(one["shape"]).copy() for one in self.tray
        ]

    def keep(self, name: str = "") -> None:
        """Put the picture into the tray of the page, and into `kept`.

        Parameters
        ----------
        name
            What it is called there; its number when empty.

        Raises
        ------
        ValueError
            If there is no picture, or there are 24 already.
        """
        if self._look is None:
            raise ValueError("there is no picture to keep: set picture, or draw one on the page")
        if len(self.tray) >= _MOST:
            raise ValueError(f"at most {_MOST} pictures can be kept: drop one first")
        pixels = self._look.pixels
        number = 1 + max((one["number"] for one in self.tray), default=0)
        title = str(name)[:_LONGEST_NAME] or f"picture {number}"
        one = {"number": number, "name": title, "shape": list(pixels.shape)}
        self.set_trait("tray", [*self.tray, {**one, "pixels": pixels.tobytes()}])

    def drop(self, number: int) -> None:
        """Take a picture out of the tray.

        Parameters
        ----------
        number
            Its number, as the page shows it: the first that was kept has 1.

        Raises
        ------
        ValueError
            If there is none of that number.
        """
        left = [one for one in self.tray if one["number"] != number]
        if len(left) == len(self.tray):
            known = [one["number"] for one in self.tray]
            raise ValueError(f"number must be one of {known}, got {number!r:.60}")
        self.set_trait("tray", left)

    def _keep(self, content: Content, _: list[memoryview]) -> Answer:
        self.keep(str(content.get("name") or ""))
        return {}, []

    def _drop(self, content: Content, _: list[memoryview]) -> Answer:
        self.drop(content.get("number"))  # type: ignore[arg-type]
        return {}, []
