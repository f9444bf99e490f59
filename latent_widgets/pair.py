"""Two maps of one space side by side, with how far each can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import anywidget
import traitlets as t

from latent_widgets.analysis.projection import Projection
from latent_widgets.analysis.quality import Quality, measure_quality
from latent_widgets.export.still import Still, draw_still
from latent_widgets.panels.panel import Panel
from latent_widgets.panels.scatter import ScatterProjection
from latent_widgets.space import LatentSpace
from latent_widgets.working import Working

Method = str | Mapping[str, Any]
SIDES = ("left", "right")


class ProjectionPair(Working, Panel, stem="pair"):
    """Shows the same rows on two maps: what is selected on one is selected on the other.

    Parameters
    ----------
    space
        The space to look at, or the name of a bundled one.
    left, right
        How each map is made: the name of a method, or the options of a ScatterProjection.
    **options
        The panel's own traits.

    Raises
    ------
    TypeError, ValueError
        If an option is unknown or does not fit; the sentence names it.

    Examples
    --------
    >>> pair = lw.ProjectionPair("digits", "pca", "tsne")
    >>> pair.right.method = "umap"
    >>> pair.quality[1].trustworthiness
    """

    left = anywidget.WidgetTrait().tag(sync=True)
    """The first map: a ScatterProjection."""
    right = anywidget.WidgetTrait().tag(sync=True)
    """The second one."""
    k = t.Int(12).tag(sync=True)
    """How many neighbours are looked at to judge the maps, 1 to 100."""
    figures = t.List(t.Unicode(), read_only=True).tag(sync=True)
    """How far each map can be trusted, a line each; empty until it was measured."""

    def __init__(
        self,
        space: LatentSpace | str,
        left: Method = "pca",
        right: Method = "tsne",
        **options: Any,  # noqa: ANN401 - any trait
    ) -> None:
        self._measured: dict[str, tuple[Projection, int, Quality]] = {}
        made = isinstance(space, str)
        if isinstance(space, str):
            space = LatentSpace(space)
        maps: dict[str, ScatterProjection] = {}
        try:
            for side, method in zip(SIDES, (left, right), strict=True):
                given = {"method": method} if isinstance(method, str) else dict(method)
                maps[side] = ScatterProjection(space, **given)
            super().__init__(space, **maps, **options)
        except BaseException:
            for scatter in maps.values():
                scatter.close()
            if made:
                space.close()
            raise
        self._made = made
        for scatter in maps.values():
            scatter.observe(self._judge, "xy")
        self.observe(self._judge, "k")
        self._judge(None)

    @property
    def maps(self) -> tuple[ScatterProjection, ScatterProjection]:
        """Both maps, the left one first."""
        return self.left, self.right

    @property
    def quality(self) -> tuple[Quality | None, Quality | None]:
        """What was measured of each map; None until it was (see `wait`)."""
        found = [self._measured.get(side) for side in SIDES]
        first, second = (None if one is None else one[2] for one in found)
        return first, second

    def close(self) -> None:
        """Leave the page, with both maps; a space made for this pair is closed too."""
        if "_work" not in vars(self):
            # ipywidgets closes what was never finished, too.
            return
        for scatter in self.maps:
            if scatter is not None and scatter.comm is not None:
                scatter.unobserve_all("xy")
                scatter.close()
        super().close()

    def _judge(self, _: object) -> None:
        """Measure what is not measured yet, beside everything else."""
        if not len(self.space.points):
            self.set_trait("figures", [])
            return
        columns = self.space.data.columns
        labels = next((column.values for column in columns if column.categories), None)

        def job(progress: Any) -> list[tuple[Projection, int, Quality]]:  # noqa: ANN401
            found = []
            for i, (side, scatter) in enumerate(zip(SIDES, self.maps, strict=True)):
                projection, known = scatter.projection, self._measured.get(side)
                if known is not None and known[0] is projection and known[1] == self.k:
                    found.append(known)
                    continue

                def told(share: float, words: str, done: int = i) -> None:
                    progress((done + share) / 2, words)

                quality = measure_quality(
                    self.space.points,
                    projection.xy,
                    labels,
                    self.k,
                    geometry=self.space.geometry,
                    progress=told,
                )
                found.append((projection, self.k, quality))
            return found

        self._work.start("judging the maps", job, self._report)

    def _report(self, found: list[tuple[Projection, int, Quality]]) -> None:
        self._measured = dict(zip(SIDES, found, strict=True))
        self.set_trait("figures", [str(quality) for _, _, quality in found])

    def _still(self) -> Still | None:
        left = self.left
        return draw_still(self.space, self._line(), projection=left.projection, color=left.color)

    @t.validate("k")
    def _check_k(self, proposal: t.Bunch) -> int:
        if not 1 <= proposal.value <= 100:
            raise ValueError(f"k must be from 1 to 100, got {proposal.value}")
        k: int = proposal.value
        return k
