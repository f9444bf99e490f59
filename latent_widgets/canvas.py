"""What is being painted: strokes on one picture, and the latent that follows them."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from latent_widgets.analysis.nudge import Nudge, Nudger
from latent_widgets.analysis.slopes import Decode
from latent_widgets.analysis.wish import Wish
from latent_widgets.geometry.forward import jvp
from latent_widgets.painting import Cover, Stroke, add_stroke

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

# With more dimensions central differences would not keep up with a hand.
MOST_DIFFERENCES = 64
_KNOWN = 2000
# Each has a picture with it.
_MOST_BYTES = 128 * 2**20
# Undo knows where a stroke ended; a page that lags begins the next one some steps before.
_LAG = 32
# A page rounds latents where they lie on a sphere or in a ball.
_SAME = 1e-5

NO_DECODE = "this space has no decode, so there is no picture to paint on"
NO_ROWS = "There are too few rows to hold z near: only the paint moves it."
BY_DIFFERENCES = (
    "torch cannot differentiate this decode: the way is found by trying small steps of each "
    "dimension."
)


class Layers(NamedTuple):
    """Paint on a picture.

    Attributes
    ----------
    wish
        What was painted.
    strokes
        How many strokes.
    """

    wish: Wish
    strokes: int


class Canvas:
    """The picture of one latent, painted on.

    Parameters
    ----------
    space
        Whose decoder and rows.
    z
        (d,) the latent before all painting.

    Raises
    ------
    TypeError
        If the space has no decode.
    ValueError
        If torch cannot differentiate it, and there are more than 64 dimensions.
    """

    def __init__(self, space: LatentSpace, z: npt.NDArray[np.floating]) -> None:
        if not space.can_decode or space.image_shape is None:
            raise TypeError(NO_DECODE)
        self._space, self._model = space, space._model  # noqa: SLF001 - this very one
        self._shape = space.image_shape
        self.forward = self._differentiable(z)
        if not self.forward and len(z) > MOST_DIFFERENCES:
            raise ValueError(
                "painting needs a decode that torch can differentiate, or at most "
                f"{MOST_DIFFERENCES} dimensions, got one of {len(z)} that it cannot"
            )
        self.start = np.array(z, np.float32)
        self.z = self.start
        self.origin = self.picture_of(z)
        height, width = self.origin.shape[1:]
        blank = Wish(self.origin, np.zeros((height, width), np.float32))
        self.layers = Layers(blank, 0)
        self._before = self.layers
        self._known: list[tuple[npt.NDArray[np.float32], Layers]] = []
        self._known.append((self.start, self.layers))
        self._kept = 1
        size = blank.target.nbytes + blank.mask.nbytes
        self._most = max(2 * _LAG, min(_KNOWN, _MOST_BYTES // size))
        self.likeness = space.judge().likeness
        points = space.points
        self.usual = points.std(axis=0) if len(points) > 1 else np.ones(len(z))
        """By how much each dimension varies among the rows."""

    def picture_of(self, z: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Decode a (d,) latent: (C, H, W) in [0, 1]."""
        found = self._model.decode(torch.from_numpy(np.array(z, np.float32))[None], self._shape)
        picture: npt.NDArray[np.float32] = found[0].cpu().numpy()
        return picture

    @property
    def note(self) -> str:
        """What there is to know of how z is moved."""
        said = [] if self.likeness is not None else [NO_ROWS]
        return " ".join(said if self.forward else [*said, BY_DIFFERENCES])

    def begin(self, *, weight: float, locked: list[int]) -> None:
        """Begin a stroke.

        Parameters
        ----------
        weight
            How strongly the density of the rows holds `z`.
        locked
            Dimensions that stay.

        Raises
        ------
        ValueError
            If dimensions of a curved space are locked.
        """
        fixed = np.isin(np.arange(len(self.start)), locked)
        self._nudger = Nudger(
            self._decoder(),
            self.z,
            likeness=self.likeness,
            weight=weight,
            locked=fixed,
            geometry=self._space.geometry,
            forward=self.forward,
        )
        del self._known[self._kept : -_LAG]
        self._remember()
        self._kept = len(self._known)
        self._before, self._began = self.layers, self.z
        self._cover = Cover(*self.layers.wish.mask.shape)

    def draw(self, stroke: Stroke) -> None:
        """Lay the stroke that was begun over the others; again, when it has grown."""
        covered = self._cover.grow(stroke)
        wish = add_stroke(self._before.wish, stroke, self.origin, covered)
        self.layers = Layers(wish, self._before.strokes + 1)
        self._nudger.aim(wish)

    def follow(self, *, steps: int, seconds: float = float("inf"), rough: bool = False) -> Nudge:
        """Let the latent follow the paint.

        Parameters
        ----------
        steps
            How many steps at most.
        seconds
            After how long no further one is begun.
        rough
            As for `Nudger.step`.

        Returns
        -------
        Nudge
            Where it stands.
        """
        end = time.monotonic() + seconds
        found = self._nudger.now()
        for _ in range(steps):
            found = self._nudger.step(rough=rough)
            if found.settled or time.monotonic() >= end:
                break
        self.z = found.z.astype(np.float32)
        self._remember()
        return found

    def knows(self, z: npt.NDArray[np.floating]) -> Layers | None:
        """Give the paint with which the latent stood there; None where it never did."""
        scale = _SAME * max(1.0, float(np.abs(z).max()))
        # The nearest, and of equals the oldest: a stroke's first step may hardly leave its start.
        away = [float(np.abs(place - z).max()) for place, _ in self._known]
        nearest = int(np.argmin(away)) if away else 0
        return self._known[nearest][1] if away and away[nearest] <= scale else None

    def stands(self, z: npt.NDArray[np.floating]) -> bool:
        """Whether the latent stands there now."""
        scale = _SAME * max(1.0, float(np.abs(z).max()))
        return float(np.abs(self.z - z).max()) <= scale

    def leave(self) -> None:
        """Take the stroke that was begun back: its paint, and where the latent went for it."""
        self.z, self.layers = self._began, self._before

    def recall(self, z: npt.NDArray[np.floating], layers: Layers) -> None:
        """Go back to where the latent stood, with the paint of then."""
        self.z, self.layers = np.array(z, np.float32), layers

    def _remember(self) -> None:
        known = self._known
        known.append((self.z, self.layers))
        while len(known) > self._most:
            # First what lies in the midst of this stroke, then what is oldest.
            within = len(known) - self._kept > _LAG
            del known[self._kept if within else 0]
            self._kept -= 0 if within or not self._kept else 1

    def _decoder(self) -> Decode:
        model, shape = self._model, self._shape
        if self.forward:
            return lambda z: model.differentiable(z, shape)
        return lambda z: model.decode(z, shape)

    def _differentiable(self, z: npt.NDArray[np.floating]) -> bool:
        model, shape = self._model, self._shape
        at = torch.from_numpy(np.array(z, np.float32))[None]
        try:
            # What leaves torch on its way would silently have no slopes.
            model.differentiable(at.clone().requires_grad_(), shape)
            jvp(lambda rows: model.differentiable(rows, shape), at, torch.ones_like(at))
        except (TypeError, RuntimeError, NotImplementedError):
            return False
        return True


def warm_up(space: LatentSpace) -> None:
    """Do once what the first stroke would have to wait for.

    Parameters
    ----------
    space
        The space that will be painted on; nothing of it is changed.
    """
    # What does not fit is said at the first stroke.
    with contextlib.suppress(Exception):
        canvas = Canvas(space, space.z)
        canvas.begin(weight=1.0, locked=[])
        canvas.draw(Stroke(np.full((1, 2), 0.5, np.float32)))
        canvas.follow(steps=1)
