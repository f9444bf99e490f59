"""A picture from outside: drawn, chosen, pasted or photographed, and what the model makes of it."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.answering import Answer, Answering, Content
from latent_widgets.appearance import appearance
from latent_widgets.brought_picture import Look, draw, look, read_picture
from latent_widgets.counts import whole
from latent_widgets.datasets.arrays import as_pictures
from latent_widgets.panels.panel import Panel
from latent_widgets.picture_page import draws_to_page, look_to_page, pixels_from_page
from latent_widgets.seen import Seen
from latent_widgets.space import LatentSpace
from latent_widgets.standing import Standing, row_errors
from latent_widgets.tray import Tray
from latent_widgets.working import Working

_DRAWS = 8
_MOST_DRAWS = 64


class PictureInput(Seen, Tray, Working, Answering, Panel, stem="picture"):
    """Takes a picture from outside into the space: it is encoded, and lands on every map.

    On the page it is drawn, chosen, dropped, pasted or taken by a camera, and cut to the size of
    the space's pictures; from Python it is `picture`.

    Examples
    --------
    >>> panel = PictureInput(space)
    >>> panel.picture = "seven.png"
    >>> panel.mean, panel.logvar, panel.reconstruction
    >>> panel.resample(seed=1)
    >>> panel.send()
    """

    picture = t.Any(None, allow_none=True)
    """(H, W, C) uint8, the picture as the encoder takes it; None without one. Set it to a path,
    the bytes of a file or a PIL image, which are cut about their middle and scaled, or to an array
    (H, W), (H, W, C) or (C, H, W) of the right size, uint8 or floats in [0, 1]."""
    live = t.Bool(default_value=False).tag(sync=True)
    """Whether `z` goes where a new picture is encoded."""
    brought = t.Dict(read_only=True).tag(sync=True)
    """What the page shows of the picture; empty without one."""
    draws = t.Dict(read_only=True).tag(sync=True)
    """What the page shows of draws from the posterior, see `resample`."""
    data = t.Dict(read_only=True).tag(sync=True)
    """What the data look like, for the page to make a picture like them."""

    _questions: ClassVar[dict[str, str]] = {
        "bring": "_bring",
        "resample": "_resample",
        "keep": "_keep",
        "drop": "_drop",
        "clear": "_clear",
    }

    def __init__(self, space: LatentSpace | str, **options: Any) -> None:  # noqa: ANN401 - any trait
        self._look: Look | None = None
        self._sent: tuple[codec.Pictures | None, str] = (None, "")
        self._page: str | None = None
        self._standing: Standing | None = None
        self._latents: codec.Floats | None = None
        super().__init__(space, **options)
        self.set_trait("data", appearance(self.space))

    def bring(self, picture: object, *, resize: bool = True) -> PictureInput:
        """Set `picture`; unlike setting it, arrays of another size are made to fit.

        Parameters
        ----------
        picture
            As for `picture`.
        resize
            Whether an array is cut about its middle and scaled.

        Returns
        -------
        PictureInput
            Itself.

        Raises
        ------
        ValueError, TypeError
            If it is no picture; the one before stays.
        """
        given = read_picture(self.space, "picture", picture, resize=resize)
        self.picture = codec.to_uint8(given)[0]
        return self

    def resample(self, seed: int = 0, n: int = _DRAWS) -> codec.Floats:
        """Draw latents from the posterior of the picture, and show what they decode to.

        Parameters
        ----------
        seed
            Same seed, same draws.
        n
            How many, 1 to 64.

        Returns
        -------
        numpy.ndarray
            (n, d) float32; all alike where the posterior is a point.

        Raises
        ------
        ValueError
            If there is no picture, or a number does not fit.
        """
        seed, n = whole("seed", seed, 0), whole("n", n, 1)
        if n > _MOST_DRAWS:
            raise ValueError(f"n must be a whole number from 1 to {_MOST_DRAWS}, got {n}")
        seen = self._brought
        drawn = draw(self.space, seen.picture, n, seed)
        self.set_trait("draws", draws_to_page(self.space, drawn, seed))
        return drawn

    def send(self, *message: Any, **options: Any) -> None:  # noqa: ANN401 - a widget's own signature
        """Make the picture's mean the current `z`; with arguments, send the page a message.

        Raises
        ------
        ValueError
            If there is no picture.
        """
        if message or options:
            super().send(*message, **options)
        else:
            self.space.z = self._brought.mean

    def close(self) -> None:
        """Leave the page, and take the picture off the maps."""
        if self.space is not None:
            self.space.erase(self._ring)
        super().close()

    @property
    def _brought(self) -> Look:
        if self._look is None:
            raise ValueError("there is no picture yet: set picture, or draw one on the page")
        return self._look

    @property
    def _ring(self) -> str:
        return f"picture-{id(self)}"

    def _renew(self, _: object) -> None:
        self._standing = None
        self.set_trait("data", appearance(self.space))
        if self._look is not None:
            self._take(look(self.space, self._look.picture))

    @t.validate("picture")
    def _check_picture(self, proposal: t.Bunch) -> codec.Pictures | None:
        if proposal.value is None:
            return None
        given = read_picture(self.space, "picture", proposal.value)
        # What cannot be encoded must leave everything as it was.
        self._next = look(self.space, given)
        self._next_page = self._sent[1] if proposal.value is self._sent[0] else None
        return self._next.pixels

    @t.observe("picture")
    def _picture_changed(self, change: t.Bunch) -> None:
        if change.new is None:
            self._take(None)
            return
        seen, page = self._next, self._next_page
        if seen.pixels is not change.new:
            # Another thread brought one meanwhile.
            seen, page = look(self.space, as_pictures(change.new[None])), None
        self._take(seen, page)
        # A page that brings one moves z itself, so that a stroke undoes as one step.
        if self.live and page is None:
            self.send()

    def _take(self, seen: Look | None, page: str | None = None) -> None:
        self._look = seen
        if self.draws:
            self.set_trait("draws", {})
        if seen is None:
            self.set_trait("brought", {})
            self.space.erase(self._ring)
            return
        self._compare()
        self._page = page
        self._tell()
        spread = None if seen.logvar is None else np.exp(seen.logvar / 2)[None]
        flat = self.space.geometry.name == "euclidean"
        self.space.draw(
            self._ring,
            points=seen.mean[None],
            spread=spread if flat else None,
            labels=["your picture"],
        )

    def _tell(self) -> None:
        self.set_trait("brought", look_to_page(self._brought, self.percentiles, self._page))

    def _compare(self) -> None:
        if self._standing is not None:
            return
        space = self.space
        standing = self._standing = Standing(space)
        if space.data.images is None or not space.can_decode:
            return

        def done(errors: npt.NDArray[np.float64]) -> None:
            standing.learn(errors)
            if self._look is not None and self._standing is standing:
                self._tell()

        self._work.start(
            "comparing with the data", lambda progress: row_errors(space, progress), done
        )

    def _bring(self, content: Content, buffers: list[memoryview]) -> Answer:
        pixels = pixels_from_page(self.space.image_shape, buffers)
        self._sent = (pixels, str(content.get("page"))[:64])
        self.picture = pixels
        return {}, []

    def _resample(self, content: Content, _: list[memoryview]) -> Answer:
        self.resample(whole("seed", content.get("seed"), 0))
        return {}, []

    def _clear(self, _: Content, __: list[memoryview]) -> Answer:
        self.picture = None
        return {}, []
