"""The path from A to B: a strip of pictures to scrub and to play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from latent_widgets import codec
from latent_widgets.export.still import Still, draw_strip
from latent_widgets.latent import Latent, LatentTrait
from latent_widgets.panels.panel import Panel, within
from latent_widgets.path_choice import usual_ends
from latent_widgets.paths import METRICS
from latent_widgets.searches import SOUGHT
from latent_widgets.seeking import Seeking

if TYPE_CHECKING:
    import numpy.typing as npt


_FEW = 3
_BYTES: dict[str, Any] = {
    "sync": True,
    "to_json": lambda z, _: codec.floats_to_bytes(z),
    "from_json": lambda value, strip: codec.bytes_to_floats(value, strip.latent_dim)[0],
    "echo_update": False,
}


class InterpolationStrip(Seeking, Panel, stem="strip"):
    """Pictures along the path from A to B; scrubbing or playing moves `z` along it.

    Fill A and B from the current z, a row, the mean of the selection or of a class, or at
    random. Drag over the pictures or use the arrow keys (shift: ten times as far).
    """

    _on_tape = ("a", "b", "metric", "n")

    a = LatentTrait().tag(**_BYTES)
    """Where the path starts, (d,) float32."""
    b = LatentTrait().tag(**_BYTES)
    """Where it ends, (d,) float32."""
    n = traitlets.Int(11).tag(sync=True)
    """How many pictures, 2 to 64."""
    metric = traitlets.Unicode().tag(sync=True)
    """"linear", "slerp", "matched", "geodesic", "pullback", "graph" or "density", see
    `LatentSpace.path`; the last three are searched for. The default: geodesic in curved spaces,
    linear in up to three dimensions, else slerp."""
    t = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    """Where the mark stands, 0 at A and 1 at B; setting it from Python leaves `z` alone."""
    loop = traitlets.Bool(default_value=True).tag(sync=True)
    """Whether play goes back and forth until stopped; else it ends at B."""
    speed = traitlets.Float(1.0).tag(sync=True)
    """How fast it plays, 0.1 to 10; at 1 the path takes four seconds."""
    playing = traitlets.Bool(default_value=False).tag(sync=True)
    """Whether the path is playing on a page."""

    @property
    def latents(self) -> codec.Floats:
        """(n, d) float32 latents of the pictures, from A to B.

        Raises
        ------
        ValueError
            If there is no single such path: A and B point in opposite directions.
        """
        return self.at(np.linspace(0, 1, self.n))

    def at(self, times: npt.ArrayLike) -> codec.Floats:
        """Find latents on the path.

        Parameters
        ----------
        times
            (...) numbers from 0 at A to 1 at B.

        Returns
        -------
        numpy.ndarray
            (..., d) float32.

        Raises
        ------
        ValueError, TypeError
            If there is no single such path: A and B point in opposite directions; or as
            `LatentSpace.path` says.
        """
        paths = self.space.paths
        if self.metric in SOUGHT:
            found: codec.Floats = paths.along(self._way(self.metric), times)
        else:
            found = paths.at(self.a, self.b, self.metric, times)
        return found

    def images(self) -> codec.Pictures:
        """Decode the path.

        Returns
        -------
        numpy.ndarray
            (n, H, W, C) uint8 pictures of `latents`.

        Raises
        ------
        ValueError, TypeError
            As `latents`; or if the space does not decode.
        """
        return codec.to_uint8(self.space.decode(self.latents))

    def _wanted(self) -> list[str]:
        return [self.metric]

    def _renew(self, _: object) -> None:
        self._forget()

    @traitlets.observe("metric")
    def _walk_otherwise(self, _: traitlets.Bunch) -> None:
        self._seek_all(None)

    def _still(self) -> Still:
        return draw_strip(self.images(), self._line())

    @traitlets.default("metric")
    def _usual(self) -> str:
        if self.geometry.name != "euclidean":
            return "geodesic"
        # Only in many dimensions do draws from the prior share a distance from the origin.
        return "slerp" if self.latent_dim > _FEW else "linear"

    @traitlets.default("a")
    def _first(self) -> Latent:
        return usual_ends(self.space)[0]

    @traitlets.default("b")
    def _last(self) -> Latent:
        return usual_ends(self.space)[1]

    @traitlets.validate("n")
    def _check_n(self, proposal: traitlets.Bunch) -> int:
        return int(within("n", proposal.value, 2, 64))

    @traitlets.validate("t")
    def _check_t(self, proposal: traitlets.Bunch) -> float:
        return within("t", proposal.value, 0, 1)

    @traitlets.validate("speed")
    def _check_speed(self, proposal: traitlets.Bunch) -> float:
        return within("speed", proposal.value, 0.1, 10)

    @traitlets.validate("metric")
    def _check_metric(self, proposal: traitlets.Bunch) -> str:
        if proposal.value not in METRICS:
            raise traitlets.TraitError(
                f"metric must be one of {list(METRICS)}, got {proposal.value!r}"
            )
        return str(proposal.value)
