"""A film: pictures along a route through given latents, to scrub and to play."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import traitlets

from latent_widgets import codec
from latent_widgets.export.still import Still, draw_still, draw_strip
from latent_widgets.latents import LatentsTrait
from latent_widgets.panels.panel import Panel, within

if TYPE_CHECKING:
    import numpy.typing as npt


class FilmStrip(Panel, stem="film"):
    """Pictures along shortest paths from latent to latent; scrubbing or playing moves `z`.

    Unlike the path from A to B it has as many stations as it is given, and may be closed: then it
    ends with the picture it begins with.
    """

    latents = LatentsTrait(np.zeros((0, 0), np.float32)).tag(
        sync=True,
        to_json=lambda rows, _: codec.floats_to_bytes(rows),
        from_json=lambda value, film: codec.bytes_to_floats(value, film.space.latent_dim),
    )
    """(m, d) float32 stations of the film; empty for none."""
    closed = traitlets.Bool(default_value=False).tag(sync=True)
    """Whether it goes from the last latent back to the first."""
    n = traitlets.Int(16).tag(sync=True)
    """How many pictures, 2 to 64, evenly along the way."""
    t = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    """Where the mark stands, 0 to 1; setting it from Python leaves `z` alone."""
    speed = traitlets.Float(1.0).tag(sync=True)
    """How fast it plays, 0.1 to 10; at 1 the whole way takes four seconds."""
    playing = traitlets.Bool(default_value=False).tag(sync=True)
    """Whether it is playing on a page: round and round when closed, else there and back."""
    title = traitlets.Unicode().tag(sync=True)
    """What it is a film of."""
    hint = traitlets.Unicode("No film yet: give it latents.").tag(sync=True)
    """What to do while there is none."""

    def at(self, times: npt.ArrayLike) -> codec.Floats:
        """Find latents on the film.

        Parameters
        ----------
        times
            (...) numbers from 0 to 1.

        Returns
        -------
        numpy.ndarray
            (..., d) float32, at constant speed along the shortest paths of the space's geometry.

        Raises
        ------
        ValueError
            Without latents, or if two of them have no single shortest path.
        """
        if not len(self.latents):
            raise ValueError("latents must have at least one row to make a film, got none")
        geometry = self.space.geometry
        keys = self.latents.astype(np.float64)
        stops = np.concatenate([keys, keys[: 1 if self.closed else 0]])
        after = np.concatenate([[0.0], np.cumsum(geometry.distance(stops[:-1], stops[1:]))])
        far = np.clip(np.asarray(times, np.float64), 0, 1) * after[-1]
        leg = np.clip(np.searchsorted(after, far), 1, max(len(stops) - 1, 1)) - 1
        end = np.minimum(leg + 1, len(stops) - 1)
        long = after[end] - after[leg]
        share = np.divide(far - after[leg], long, out=np.zeros_like(far), where=long > 0)
        path = geometry.interpolate(stops[leg], stops[end], share)
        return np.asarray(geometry.project(path.astype(np.float32)), np.float32)

    def images(self) -> codec.Pictures:
        """Decode the film.

        Returns
        -------
        numpy.ndarray
            (n, H, W, C) uint8.

        Raises
        ------
        ValueError, TypeError
            As `at`; or if the space does not decode.
        """
        return codec.to_uint8(self.space.decode(self.at(np.linspace(0, 1, self.n))))

    def _still(self) -> Still | None:
        if not len(self.latents) or not self.space.can_decode:
            return draw_still(self.space, self._line())
        return draw_strip(self.images(), self._line())

    @traitlets.validate("n")
    def _check_n(self, proposal: traitlets.Bunch) -> int:
        return int(within("n", proposal.value, 2, 64))

    @traitlets.validate("t")
    def _check_t(self, proposal: traitlets.Bunch) -> float:
        return within("t", proposal.value, 0, 1)

    @traitlets.validate("speed")
    def _check_speed(self, proposal: traitlets.Bunch) -> float:
        return within("speed", proposal.value, 0.1, 10)
