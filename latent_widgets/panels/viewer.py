"""The decoded picture of `z`."""

from __future__ import annotations

import traitlets as t

from latent_widgets.panels.panel import Panel


class LatentViewer(Panel, stem="viewer"):
    """Shows the picture of `z`, the prior density of `z` and the time of the last decode."""

    smooth = t.Bool(default_value=False).tag(sync=True)
    """Blend the picture's pixels; crisp squares when False."""
    hud = t.Bool(default_value=False).tag(sync=True)
    """Show what a picture costs: model, encode, wire and paint, pictures a second, dropped."""
