"""A storyboard: key frames on a timeline, one smooth path through them, played and filmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from latent_widgets import codec
from latent_widgets.counts import whole
from latent_widgets.export.still import Still, draw_still, draw_strip
from latent_widgets.filming import Filming
from latent_widgets.geometry.spline import EASINGS, KeyPath
from latent_widgets.key_frames import LEAST_SECONDS, MOST_KEYS, MOST_SECONDS, KeyFrames
from latent_widgets.panels.panel import Panel, within
from latent_widgets.path_choice import usual_ends
from latent_widgets.tape_text import exact

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

_STILLS = 12


class Storyboard(Filming, Panel, stem="storyboard"):
    """Key frames on a timeline and a path through all of them: to scrub, to play, to film.

    Fill key frames from the current z, a row, a mean or at random; drag them into another order,
    and the gaps between them to other durations. The space's own geometry joins them.

    Examples
    --------
    >>> board = Storyboard("faces")
    >>> board.add(12).add("selection", seconds=2)
    >>> board.save("film.mp4", fps=30, size=256)
    """

    _on_tape = ("key_frames", "easing", "loop")

    key_frames = KeyFrames().tag(sync=True, echo_update=False)
    """Up to 64 dicts: `z` of d numbers, `name`, and `seconds` until the next one, 0.1 to 60; those
    of the last count with `loop` only."""
    easing = traitlets.Enum(EASINGS, "spline").tag(sync=True)
    """"spline": one curve without a corner; "linear": shortest paths at constant speed; "ease":
    shortest paths that start and end at rest."""
    loop = traitlets.Bool(default_value=False).tag(sync=True)
    """Whether the path leads from the last key frame back to the first."""
    speed = traitlets.Float(1.0).tag(sync=True)
    """How fast it plays and is filmed, 0.1 to 10."""
    time = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    """Where the mark stands, in seconds at speed 1; setting it from Python leaves `z` alone."""
    playing = traitlets.Bool(default_value=False).tag(sync=True)
    """Whether it is playing on a page."""

    def __init__(self, space: LatentSpace | str, **options: Any) -> None:  # noqa: ANN401 - its traits
        super().__init__(space, **options)
        self._offer_formats()
        self._draw()

    @property
    def path(self) -> KeyPath:
        """The path through all key frames, by seconds at speed 1.

        Raises
        ------
        ValueError
            With fewer than two key frames, or where two that follow one another have no single
            shortest path between them.
        """
        frames = self.key_frames
        if len(frames) < 2:
            raise ValueError(
                f"a path needs two key frames or more, got {len(frames)}: add(...) some"
            )
        seconds = [one["seconds"] for one in frames][: len(frames) if self.loop else -1]
        latents = np.array([one["z"] for one in frames], np.float64)
        return KeyPath(latents, seconds, self.space.geometry, self.easing, loop=self.loop)

    def add(
        self,
        what: object = None,
        *,
        name: str | None = None,
        seconds: float = 1.0,
        at: int | None = None,
    ) -> Storyboard:
        """Add a key frame.

        Parameters
        ----------
        what
            None or "z" for the current latent; a row id; "selection" for the mean of the selected
            rows; "random"; or d numbers.
        name
            What stands under its picture; found from `what` when None.
        seconds
            How long it takes to the next one, 0.1 to 60.
        at
            The place it takes, counted from 0; the end when None.

        Returns
        -------
        Storyboard
            Itself, so that calls can be chained.

        Raises
        ------
        ValueError
            If something does not fit; the sentence names it.
        """
        found, z = self._find(what)
        frames = list(self.key_frames)
        if len(frames) >= MOST_KEYS:
            raise ValueError(f"key_frames must be at most {MOST_KEYS}, and all are there")
        place = len(frames) if at is None else whole("at", at, 0)
        if place > len(frames):
            raise ValueError(f"at must be from 0 to {len(frames)}, got {at!r:.40}")
        frames.insert(place, {"z": z, "name": found if name is None else name, "seconds": seconds})
        self.key_frames = frames
        return self

    def even(self) -> Storyboard:
        """Give each way time by the square root of its length; the whole takes as long as before.

        This makes the spline the centripetal one of Yuksel, Schaefer and Keyser, "Parameterization
        and applications of Catmull-Rom curves" (2011), which in flat space makes no loops between
        its keys.

        Returns
        -------
        Storyboard
            Itself, so that calls can be chained.

        Raises
        ------
        ValueError
            As `path`.
        """
        path = self.path
        ends = path.controls[:, 0], path.controls[:, 3]
        roots = np.sqrt(self.space.geometry.distance(*ends))
        if roots.sum() > 0:
            even = (roots / roots.sum() * path.seconds).round(1).clip(LEAST_SECONDS, MOST_SECONDS)
            frames = [dict(one) for one in self.key_frames]
            for one, seconds in zip(frames, even, strict=False):
                one["seconds"] = float(seconds)
            self.key_frames = frames
        return self

    def close(self) -> None:
        """Take the key frames off the maps, and leave the page."""
        if self.space is not None and self.comm is not None:
            self.space.erase(self._drawing)
        super().close()

    @property
    def _drawing(self) -> str:
        return f"storyboard {self.model_id}"

    def _find(self, what: object) -> tuple[str, Any]:
        """Name and latent of what `add` was given."""
        space = self.space
        if what is None or (isinstance(what, str) and what == "z"):
            return "z", space.z
        if isinstance(what, str) and what == "random":
            return "random", space.sample(1)[0]
        if isinstance(what, str) and what == "selection":
            rows = space.selection
            if not len(rows):
                raise ValueError("what is the selection, and no row is selected")
            return f"mean of {len(rows)} selected", space.data.mean_of(rows)
        if isinstance(what, str):
            wanted = "z, selection, random, a row id or numbers"
            raise ValueError(f"what must be {wanted}, got {what!r:.40}")  # noqa: TRY004 - a value
        if isinstance(what, int | np.integer) and not isinstance(what, bool):
            row = space.data.check_rows([int(what)])[0]
            return f"row {row}", space.points[row]
        return "", what

    @traitlets.observe("key_frames")
    def _draw(self, _: object = None) -> None:
        """Mark the key frames on every map."""
        frames = self.key_frames
        if self.comm is None:
            return
        if not frames:
            self.space.erase(self._drawing)
            return
        numbers = [str(i + 1) for i in range(len(frames))]
        self.space.draw(self._drawing, points=[one["z"] for one in frames], labels=numbers)

    def _still(self) -> Still | None:
        frames = self.key_frames
        if not frames or not self.space.can_decode:
            return draw_still(self.space, self._line())
        if len(frames) < 2:
            return draw_strip(self._decode([frames[0]["z"]]), self._line())
        path = self.path
        latents = path.at(np.linspace(0, path.seconds, _STILLS)).astype(np.float32)
        return draw_strip(self._decode(latents), self._line())

    @traitlets.default("key_frames")
    def _usual(self) -> list[dict[str, Any]]:
        ends = usual_ends(self.space)
        return [{"z": exact(z), "name": self._row_of(z), "seconds": 1.0} for z in ends]

    def _row_of(self, z: codec.Floats) -> str:
        rows = np.flatnonzero((self.space.points == z).all(axis=1))
        return f"row {rows[0]}" if len(rows) else "random"

    @traitlets.validate("speed")
    def _check_speed(self, proposal: traitlets.Bunch) -> float:
        return within("speed", proposal.value, 0.1, 10)

    @traitlets.validate("time")
    def _check_time(self, proposal: traitlets.Bunch) -> float:
        return within("time", proposal.value, 0, MOST_KEYS * MOST_SECONDS)
