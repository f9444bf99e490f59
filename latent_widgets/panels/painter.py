"""A brush on the decoded picture: the latent follows what is painted."""

from __future__ import annotations

import contextlib
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.answering import Answer, Content
from latent_widgets.canvas import NO_DECODE, Canvas, warm_up
from latent_widgets.chased import Chased
from latent_widgets.counts import whole
from latent_widgets.painted import say
from latent_widgets.painting import overlay, read_stroke
from latent_widgets.panels.panel import Panel, within
from latent_widgets.space import LatentSpace


class PaintPanel(Chased, Panel, stem="painter"):
    """A picture to paint on: `z` goes where the decoder gives what is painted.

    Steps of `analysis.nudge.Nudger` make small the squared difference where there is paint, a
    fifth of that elsewhere, and minus `hold` times the log density of the rows (the one of the
    honesty badge). Paint that is not met yet shows through; a stroke undoes as one step.

    Examples
    --------
    >>> panel = PaintPanel("digits")
    >>> panel.paint([(0.5, 0.3), (0.5, 0.7)], tool="lighter", size=0.1)
    >>> panel.mismatch, panel.moved
    >>> panel.clear()
    """

    tool = t.Enum(["lighter", "darker", "colour", "erase"], "lighter").tag(sync=True)
    """What the brush of the page does; "erase" goes back to what it was before all painting."""
    size = t.Float(0.12).tag(sync=True)
    """Diameter of the page's brush as a share of the shorter side, 0.01 to 1."""
    strength = t.Float(1.0).tag(sync=True)
    """How much of the way a stroke of the page goes, 0.01 to 1."""
    hold = t.Float(0.3).tag(sync=True)
    """How strongly `z` is held near the data, 0 to 10: how many nats of paint one of density is;
    a painted area that is wrong by one costs 50."""
    locked = t.List(t.Int()).tag(sync=True)
    """Dimensions that painting leaves alone; none in curved spaces."""
    painted = t.Dict(read_only=True).tag(sync=True)
    """What the page shows: `strokes`, `mismatch`, `moved`, `away`, `note`, and the paint that is
    not met, `overlay` of `shape`; of a page's stroke its name, the `step`, how many `places` it
    had and whether it is `over`; `error` and `detail` of one that failed. Empty without paint."""

    _questions: ClassVar = {name: f"_{name}" for name in ("clear", "warm")}

    def __init__(self, space: LatentSpace | str, **options: Any) -> None:  # noqa: ANN401 - any trait
        super().__init__(space, **options)
        self.space.observe(self._look, "z")

    def paint(
        self,
        places: npt.ArrayLike,
        *,
        tool: str = "lighter",
        size: float = 0.12,
        strength: float = 1.0,
        color: Any = None,  # noqa: ANN401 - checked
        steps: int = 30,
    ) -> codec.Floats:
        """Paint one stroke, and let `z` follow.

        Parameters
        ----------
        places
            (m, 2) the way of the brush, in shares of width and height from the upper left corner.
        tool
            "lighter", "darker", "colour" or "erase".
        size
            Diameter of the brush as a share of the shorter side, 0.01 to 1.
        strength
            How much of the way to the colour it goes, 0.01 to 1.
        color
            Three numbers in [0, 1] for the tool "colour"; white when None.
        steps
            How many steps `z` takes at most.

        Returns
        -------
        numpy.ndarray
            (d,) float32, the new `z`.

        Raises
        ------
        ValueError
            If something does not fit; nothing is painted then.
        TypeError
            If the space has no decode.
        """
        stroke, many = read_stroke(places, tool, size, strength, color), whole("steps", steps, 0)
        with self._turn:
            canvas = self._begin(self.space.z)
            canvas.draw(stroke)
            self._last = canvas.follow(steps=many)
            self._stroking = ""
            z = canvas.z
        self._tell()
        self.space.z = z
        found: codec.Floats = z.copy()
        return found

    def clear(self) -> None:
        """Take all paint away; `z` stays where it is."""
        with self._turn:
            self._canvas, self._stroking, self._last = None, "", None
        self._tell()

    @property
    def mismatch(self) -> float | None:
        """Root mean squared difference of paint and picture, in [0, 1]; None without paint."""
        value = self.painted.get("mismatch")
        return None if value is None else float(value)

    @property
    def moved(self) -> codec.Floats:
        """(d,) float32, by how much painting moved `z`; zeros without paint."""
        with self._turn:
            canvas = self._canvas
            if canvas is None:
                return np.zeros(self.space.latent_dim, np.float32)
            found: codec.Floats = canvas.z - canvas.start
            return found

    def close(self) -> None:
        """Leave the page; a stroke under way stops where it is."""
        self.end_chase()
        if self.space is not None and self.comm is not None:
            # One whose making failed looks at nothing yet.
            with contextlib.suppress(ValueError):
                self.space.unobserve(self._look, "z")
        super().close()

    def _begin(self, z: npt.NDArray[np.floating]) -> Canvas:
        if not self.space.can_decode:
            raise TypeError(NO_DECODE)
        canvas = self._canvas
        layers = None if canvas is None else canvas.knows(z)
        if canvas is None or layers is None:
            canvas = Canvas(self.space, np.asarray(self.space.geometry.project(z)))
        else:
            canvas.recall(z, layers)
        canvas.begin(weight=self.hold, locked=list(self.locked))
        self._canvas = canvas
        return canvas

    def _look(self, _: object) -> None:
        with self._turn:
            canvas = self._canvas
            if canvas is None:
                return
            z = np.asarray(self.space.z)
            # A step of the stroke that is under way.
            if self._stroking and canvas.stands(z):
                return
            layers = canvas.knows(z)
            if layers is None:
                self._canvas = None
            elif layers is canvas.layers and np.array_equal(z, canvas.z):
                return
            else:
                canvas.recall(z, layers)
            self._stroking, self._last = "", None
            self._tell()

    def _renew(self, _: object) -> None:
        self.clear()

    def _tell(self, **stroke: Any) -> None:  # noqa: ANN401 - plain values
        with self._turn:
            canvas, told = self._canvas, dict(stroke)
            if canvas is not None and canvas.layers.strokes:
                known = self._last
                picture = canvas.picture_of(canvas.z) if known is None else known.picture
                told |= say(self.space, canvas, canvas.layers.wish.mismatch(picture))
                told["overlay"] = overlay(canvas.layers.wish, picture).tobytes()
            # In the order of what happened: this is what stays on the page.
            self.set_trait("painted", told)

    def _clear(self, _: Content, __: list[memoryview]) -> Answer:
        self.clear()
        return {}, []

    def _warm(self, _: Content, __: list[memoryview]) -> Answer:
        # The first stroke of all would wait for the density of the rows, and for torch.
        self.space._feed.do_slowly(f"{id(self)}/warm", lambda: warm_up(self.space))  # noqa: SLF001
        return {}, []

    @t.validate("size", "strength")
    def _check_share(self, proposal: t.Bunch) -> float:
        return within(proposal.trait.name, proposal.value, 0.01, 1)

    @t.validate("hold")
    def _check_hold(self, proposal: t.Bunch) -> float:
        return within("hold", proposal.value, 0, 10)

    @t.validate("locked")
    def _check_locked(self, proposal: t.Bunch) -> list[int]:
        d = self.space.latent_dim
        wrong = [dim for dim in proposal.value if not 0 <= dim < d]
        if wrong:
            raise t.TraitError(f"locked must hold dimensions from 0 to {d - 1}, got {wrong[0]}")
        if proposal.value and self.space.geometry.name != "euclidean":
            raise t.TraitError("locked must be empty in a curved space")
        return sorted(set(proposal.value))
