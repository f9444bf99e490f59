"""The decoded picture of `z`."""

from __future__ import annotations

import traitlets as t

from latent_widgets.panels.panel import Panel

# Fewer pixels are things to be seen themselves; from here on they are in the way.
_SMOOTH_FROM = 64


class LatentViewer(Panel, stem="viewer"):
    """Shows the picture of `z`, the prior density of `z` and the time of the last decode."""

    smooth = t.Bool().tag(sync=True)
    """Blend the picture's pixels, as from 64 pixels on by default; crisp squares when False."""
    hud = t.Bool(default_value=False).tag(sync=True)
    """Show what a picture costs: model, encode, wire and paint, pictures a second, dropped."""

    @t.default("smooth")
    def _blend(self) -> bool:
        shape = self.space.image_shape
        return shape is not None and min(shape[1:]) >= _SMOOTH_FROM
