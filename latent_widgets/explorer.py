"""Everything at once: one space and all its panels, laid out, from one line."""

from __future__ import annotations

import inspect
from typing import Any

import anywidget

from latent_widgets.export.still import Still, draw_still
from latent_widgets.panels.arithmetic import ArithmeticPanel
from latent_widgets.panels.panel import Panel, refuse_unknown
from latent_widgets.panels.scatter import ScatterProjection
from latent_widgets.panels.sliders import LatentSliders
from latent_widgets.panels.strip import InterpolationStrip
from latent_widgets.panels.viewer import LatentViewer
from latent_widgets.space import LatentSpace


class LatentExplorer(Panel, stem="explorer"):
    """All panels around one latent space.

    Each is there as an attribute, works alone as well, and follows the others.

    Parameters
    ----------
    model
        A LatentSpace, the name of a bundled one, or a model with `encode` and `decode`.
    images
        The data of a model, as for LatentSpace.
    **options
        What LatentSpace takes: `labels`, `names`, `factors`, `points`, `logvar`, `latent_dim`,
        `image_shape`, `dimensions`, `device`, `seed`, `engine`. None of them when `model` is a
        LatentSpace already.

    Raises
    ------
    TypeError
        If an option is unknown, or belongs to a space that exists already.
    ValueError
        If an argument does not fit; the sentence names it.

    Examples
    --------
    >>> LatentExplorer("faces")
    >>> LatentExplorer(model, images, labels=labels)
    """

    scatter = anywidget.WidgetTrait().tag(sync=True)
    """The map: a ScatterProjection."""
    viewer = anywidget.WidgetTrait().tag(sync=True)
    """The picture: a LatentViewer."""
    sliders = anywidget.WidgetTrait().tag(sync=True)
    """One slider a dimension: a LatentSliders."""
    arithmetic = anywidget.WidgetTrait().tag(sync=True)
    """Sums of latents: an ArithmeticPanel."""
    strip = anywidget.WidgetTrait().tag(sync=True)
    """The path from A to B: an InterpolationStrip."""

    def __init__(self, model: object, images: object = None, **options: Any) -> None:  # noqa: ANN401 - LatentSpace's
        known = list(inspect.signature(LatentSpace).parameters)[2:]
        refuse_unknown(type(self).__name__, options, known)
        given = isinstance(model, LatentSpace)
        if given and (images is not None or options):
            name = "images" if images is not None else next(iter(options))
            raise TypeError(f"{name} belongs to a new space, but a LatentSpace was given already")
        space = model if isinstance(model, LatentSpace) else LatentSpace(model, images, **options)
        panels: dict[str, Panel] = {}
        try:
            for name, kind in _PANELS.items():
                panels[name] = kind(space)
            super().__init__(space, **panels)
        except BaseException:
            for panel in panels.values():
                panel.close()
            if not given:
                space.close()
            raise
        # As many as fill the room beside the arithmetic.
        self.sliders.shown = 16
        self._made = not given

    def close(self) -> None:
        """Leave the page, with all panels; a space made for this explorer is closed too."""
        for name in _PANELS:
            panel = getattr(self, name)
            if panel is not None:
                panel.close()
        super().close()

    def _line(self) -> str:
        name = self.space.name
        return f"lw.LatentExplorer({'model, images' if name is None else repr(name)})"

    def _still(self) -> Still | None:
        scatter = self.scatter
        return draw_still(
            self.space, self._line(), projection=scatter.projection, color=scatter.color
        )


_PANELS = {
    "scatter": ScatterProjection,
    "viewer": LatentViewer,
    "sliders": LatentSliders,
    "arithmetic": ArithmeticPanel,
    "strip": InterpolationStrip,
}
