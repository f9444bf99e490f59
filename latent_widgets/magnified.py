"""The background of a map: how much the pictures change around every place."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets.analysis.linear import LinearProjection
from latent_widgets.analysis.magnification import MagnificationMap, magnify_cells
from latent_widgets.progress import Progress
from latent_widgets.tints import REST_SECONDS, flat, pause
from latent_widgets.working import Working


class Magnified(Working):
    """Gives a map its magnification factors, measured in the background, coarse first."""

    background = t.Unicode(None, allow_none=True).tag(sync=True)
    """What lies below the points: "magnification", log10 of how much larger the decoder makes
    the area of the map around each place (see `analysis.magnification`): the stronger the tint,
    the more the pictures change; or None. Takes the place of `cells`, and the other way round."""
    levels = t.Dict(read_only=True).tag(sync=True)
    """What the page draws of `magnification_map`."""
    background_work = t.Dict(read_only=True).tag(sync=True)
    """Where the measuring is: as `work`."""

    # What a panel has.
    space: Any
    comm: Any
    projection: Any
    cells: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        self._magnification: MagnificationMap | None = None
        self._measurements = 0
        self._taken_in = False
        self._measuring = self._beside("background_work")
        super().__init__(*args, **kwargs)
        self.on_msg(self._hear_enough)  # type: ignore[attr-defined]
        self._taken_in = True
        self._model_seen = self.space.facts["model"]
        self.space.observe(self._model_changed, "facts")
        if self.background is not None:
            self._magnify()

    @property
    def magnification_map(self) -> MagnificationMap | None:
        """The finest measurement of the map's cells so far; None before the first."""
        return self._magnification

    def cancel_background(self) -> None:
        """Stop measuring; what is there stays."""
        self._measuring.cancel()

    def close(self) -> None:
        """Stop what is being done, and leave the page."""
        if self.space is not None and self.comm is not None:
            # A panel whose making failed is unknown to the space.
            with contextlib.suppress(ValueError):
                self.space.unobserve(self._model_changed, "facts")
        super().close()

    @t.validate("background")
    def _check_background(self, proposal: t.Bunch) -> str | None:
        value: str | None = proposal.value
        if value not in (None, "magnification"):
            raise ValueError(f"background must be 'magnification' or None, got {value!r:.60}")
        if value is not None and not self.space.can_decode:
            raise ValueError("background 'magnification' needs pictures: this space has no decode")
        if value is not None and self.space.latent_dim < 2:
            raise ValueError("background 'magnification' is of areas: these latents have one dim")
        return value

    @t.observe("background")
    def _choose_background(self, _: object) -> None:
        if self.background is not None:
            self.cells = None
        self._magnify()

    @t.observe("cells")
    def _make_room(self, _: object) -> None:
        if self.cells is not None:
            self.background = None

    @t.observe("xy")
    def _measure_again(self, _: object) -> None:
        if self.background is not None:
            self._magnify(REST_SECONDS)

    def _model_changed(self, _: object) -> None:
        # Another model shows other pictures, also where the rows lie as they did.
        if self.space.facts["model"] == self._model_seen:
            return
        self._model_seen = self.space.facts["model"]
        if self.background is not None:
            self._magnify(REST_SECONDS)

    def _magnify(self, rest: float = 0.0) -> None:
        if not self._taken_in:
            return
        # A first map is made by whoever asks first, and that is not for the job to do.
        deep = self.projection.dim != 2
        if self.background is None or deep:
            self._measuring.cancel()
            self._show_levels(None)
            self.set_trait("background_work", {})
            return

        def job(progress: Progress) -> None:
            pause(rest, progress)
            projection, space = self.projection, self.space

            def decode(z: npt.NDArray[Any]) -> npt.NDArray[Any]:
                pictures: npt.NDArray[Any] = space.decode(inside(space, z)).cpu().numpy()
                return pictures

            maps = magnify_cells(
                flat(projection.xy, "magnification factors"),
                projection.inverse,
                decode,
                # Where no formula leads back, far from all rows nothing is known.
                fade=not isinstance(projection, LinearProjection),
                progress=progress,
            )
            for found in maps:
                progress(0.0, "")
                self._show_levels(found)

        self._measuring.start("magnification", job, lambda _: None)

    def _show_levels(self, found: MagnificationMap | None) -> None:
        self._magnification = found
        if found is None or np.isnan(found.range[0]):
            self.set_trait("levels", {})
            return
        low, high = found.range
        share = np.clip((found.log10 - low) / max(high - low, 1e-9), 0, 1)
        there = np.isfinite(found.log10)
        self._measurements += 1
        self.set_trait(
            "levels",
            {
                # The page waits for them after a move, also where they are the same.
                "showing": self._measurements,
                "low": found.low.tolist(),
                "step": found.step,
                "shape": list(found.log10.shape),
                "range": [low, high],
                "share": np.rint(np.where(there, share, 0) * 255).astype(np.uint8).tobytes(),
                "trust": np.rint(np.where(there, found.trust, 0) * 255).astype(np.uint8).tobytes(),
            },
        )

    def _hear_enough(self, _: object, content: object, __: object) -> None:
        if isinstance(content, dict) and content.get("op") == "cancel_background":
            self.cancel_background()


def inside(space: Any, z: npt.NDArray[Any]) -> npt.NDArray[np.float32]:  # noqa: ANN401 - a LatentSpace
    """Bring latents (m, d) into the space, as a cursor that is dragged there."""
    return np.asarray(space.geometry.project(np.asarray(z, np.float32)), np.float32)
