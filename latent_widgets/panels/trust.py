"""How far a map can be trusted: its figures, its distances, and who is a neighbour only there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import traitlets as t

from latent_widgets.analysis.projection import Projection, project
from latent_widgets.analysis.quality import Quality, measure_quality
from latent_widgets.analysis.strangers import Strangers
from latent_widgets.answering import Answering
from latent_widgets.page_map import LABELS
from latent_widgets.panels.panel import Panel
from latent_widgets.probing import Prober
from latent_widgets.space import LatentSpace
from latent_widgets.working import Working

COLUMNS = {"distortion": "distortion", "lost": "lost neighbours"}
"""What can be looked at in colour, and what the column is called."""


class TrustPanel(Answering, Working, Panel, stem="trust"):
    """Says how far to trust a map, and shows on every map which neighbours are real.

    Parameters
    ----------
    space
        The space to look at, or the name of a bundled one.
    of
        The map to judge: a ScatterProjection or anything else with a `projection`, which is
        judged anew when it changes; or what `analysis.project` returns. The two directions of
        largest variance when None.
    **options
        The panel's own traits.

    Raises
    ------
    TypeError
        If `of` is no map, or an option is unknown.
    ValueError
        If `of` is a map of another space.

    Examples
    --------
    >>> scatter = lw.ScatterProjection(space, method="tsne")
    >>> trust = lw.TrustPanel(space, scatter)
    >>> trust.quality.trustworthiness
    >>> trust.probe(17).false
    """

    _questions: ClassVar[dict[str, str]] = {"color": "_answer_color"}

    k = t.Int(12).tag(sync=True)
    """How many neighbours are looked at, 1 to 100."""
    probing = t.Bool(default_value=True).tag(sync=True)
    """Whether the true neighbours of the selected rows, of the row nearest to z when there are
    none, are joined to them by lines on every map, and the false ones in another colour."""
    figures = t.Dict(read_only=True).tag(sync=True)
    """What was measured: `about`, one line, and `items`, each with `name`, `value` and `meaning`;
    empty until it was."""
    diagram = t.Dict(read_only=True).tag(sync=True)
    """Pairs of rows by their distances, see `analysis.shepard.Diagram`: `bins`, `counts` (uint32,
    rows by the distance between latents), `latent` and `xy`."""
    probed = t.Dict(read_only=True).tag(sync=True)
    """What the lines show: `rows`, and `says`, a sentence."""

    def __init__(self, space: LatentSpace | str, of: Any = None, **options: Any) -> None:  # noqa: ANN401 - any map
        _check_map(space, of)
        self._of = of
        self._quality: Quality | None = None
        self._probe: Prober | None = None
        super().__init__(space, **options)
        self._probe = Prober(self.space, lambda: self.projection, self._tell)
        self.space.observe(self._look, ["z", "selection"])
        if isinstance(of, t.HasTraits) and of.has_trait("xy"):
            of.observe(self._map_changed, "xy")
        self._measure()

    @property
    def quality(self) -> Quality | None:
        """All that was measured of the map; None until it was (see `wait`)."""
        return self._quality

    @property
    def projection(self) -> Projection:
        """The map that is judged."""
        of = self._of
        if of is None:
            of = self._of = project(self.space.points, geometry=self.space.geometry)
        found: Projection = of if isinstance(of, Projection) else of.projection
        return found

    def probe(self, rows: int | Sequence[int]) -> Strangers:
        """Join rows to their true and false neighbours on every map, until something is selected.

        Parameters
        ----------
        rows
            One row id or several.

        Returns
        -------
        Strangers
            Their neighbours in the space and on the map; `.false` and `.lost` are the edges
            where both differ.

        Raises
        ------
        ValueError
            If one is no row of the data.
        """
        given = [rows] if isinstance(rows, int | np.integer) else rows
        ids = self.space.data.check_rows(given)
        name = f"Row {ids[0]}" if len(ids) == 1 else f"{len(ids)} rows"
        return self._prober.join(ids, self.k, name)

    def color_map(self, which: str = "distortion") -> None:
        """Give every map a column to colour by, and take it on the map that is judged.

        Parameters
        ----------
        which
            "distortion": what each row takes from the trustworthiness; "lost": from the
            continuity.

        Raises
        ------
        ValueError
            If there is no such column.
        RuntimeError
            If nothing was measured yet.
        """
        if which not in COLUMNS:
            raise ValueError(f"which must be one of {list(COLUMNS)}, got {which!r}")
        if self._quality is None:
            raise RuntimeError("the map is still being measured; see wait()")
        self.space.add_column(COLUMNS[which], getattr(self._quality, which))
        if isinstance(self._of, t.HasTraits) and self._of.has_trait("color"):
            self._of.set_trait("color", COLUMNS[which])

    def close(self) -> None:
        """Take the lines off the maps and leave the page."""
        if "_work" not in vars(self):
            # ipywidgets closes what was never finished, too.
            return
        if self.comm is not None:
            self.space.unobserve(self._look, ["z", "selection"])
            if isinstance(self._of, t.HasTraits) and self._of.has_trait("xy"):
                self._of.unobserve(self._map_changed, "xy")
            self._prober.stop()
        super().close()

    def _renew(self, change: object) -> None:
        if not isinstance(self._of, t.HasTraits):
            # A map that was handed over belongs to the rows of the old model.
            self._of = None
        self._map_changed(change)

    def _map_changed(self, _: object) -> None:
        self._prober.renew()
        self._measure()

    @property
    def _prober(self) -> Prober:
        assert self._probe is not None  # noqa: S101 - made with the panel
        return self._probe

    def _measure(self) -> None:
        if not len(self.space.points):
            self.set_trait("figures", {"about": "This space has no rows to judge.", "items": []})
            return
        columns = self.space.data.columns
        labels = next((column.values for column in columns if column.categories), None)

        def job(progress: Any) -> tuple[Projection, Quality]:  # noqa: ANN401
            found = self.projection
            quality = measure_quality(
                self.space.points,
                found.xy,
                labels,
                self.k,
                geometry=self.space.geometry,
                progress=progress,
            )
            return found, quality

        self._work.start("measuring the map", job, self._report)
        self._look(None)

    def _report(self, measured: tuple[Projection, Quality]) -> None:
        projection, quality = measured
        self._quality, n = quality, len(self.space.points)
        rows = f"{n:,} rows"
        if quality.sampled is not None:
            rows = f"{len(quality.sampled):,} of {n:,} rows, drawn at random"
        method = LABELS.get(projection.method, projection.method)
        about = f"{method}: {quality.k} neighbours of each of {rows}"
        counts = quality.diagram.counts
        items = [
            {"name": name, "value": value if math.isfinite(value) else None, "meaning": meaning}
            for name, value, meaning in quality.figures()
        ]
        with self.hold_sync():
            self.set_trait("figures", {"about": about, "items": items})
            self.set_trait(
                "diagram",
                {
                    "bins": len(counts),
                    "counts": counts.astype("<u4").tobytes(),
                    "latent": quality.diagram.latent,
                    "xy": quality.diagram.xy,
                },
            )

    def _look(self, _: object) -> None:
        if self.probing:
            self._prober.follow(self.k)
        else:
            self._prober.stop()

    def _tell(self, words: dict[str, Any]) -> None:
        self.set_trait("probed", words)

    def _answer_color(self, asked: dict[str, Any], _: object) -> tuple[dict[str, Any], list[bytes]]:
        self.color_map(str(asked.get("which")))
        return {}, []

    @t.observe("k")
    def _k_changed(self, _: t.Bunch) -> None:
        if self._probe is not None:
            self._measure()

    @t.observe("probing")
    def _probing_changed(self, _: t.Bunch) -> None:
        if self._probe is not None:
            self._look(None)

    @t.validate("k")
    def _check_k(self, proposal: t.Bunch) -> int:
        if not 1 <= proposal.value <= 100:
            raise ValueError(f"k must be from 1 to 100, got {proposal.value}")
        k: int = proposal.value
        return k


def _check_map(space: object, of: object) -> None:
    if of is None or isinstance(of, Projection):
        return
    if not hasattr(of, "projection"):
        raise TypeError(f"of must be a map such as a ScatterProjection, got {type(of).__name__}")
    if getattr(of, "space", space) is not space:
        raise ValueError("of must be a map of the same space, got one of another")
