"""The topology of the points: their components, holes and voids, to touch and to walk around."""

from __future__ import annotations

import threading
from typing import Any

import ipywidgets as w
import numpy as np
import traitlets as t

from latent_widgets.analysis import rips
from latent_widgets.analysis.diagrams import Ids, Persistence
from latent_widgets.analysis.persistence import persistence
from latent_widgets.cards import close_inside
from latent_widgets.homology_choice import HomologyChoice
from latent_widgets.homology_controls import Controls
from latent_widgets.homology_words import tell_bar, tell_betti, tell_shown
from latent_widgets.panels.film import FilmStrip
from latent_widgets.panels.panel import open_space, refuse_unknown
from latent_widgets.progress import Progress
from latent_widgets.space import LatentSpace
from latent_widgets.working import Working

_OPTIONS = ("coeff", "landmarks", "max_dim", "metric", "seed")
_REST_SECONDS = 0.8
_MOST_EDGES = 5_000
_PICTURES = (12, 24)


class TopologyPanel(HomologyChoice, Working, w.VBox):  # type: ignore[misc]
    """Persistent homology of the selected rows, or of all when none is selected.

    A persistence diagram and a barcode, drawn with bqplot, which marimo does not show. A click on
    a bar lights up its loop on every map, or the bridge between two components, and decodes it as
    a film. The scale slider counts components and holes and draws the Rips graph on every map.

    Parameters
    ----------
    space
        A LatentSpace, or the name of a bundled one.
    **options
        Traits: `coeff`, `landmarks`, `max_dim`, `metric`, `seed`.

    Attributes
    ----------
    space : LatentSpace
        Whose points are looked at.
    film : FilmStrip
        The film of the chosen bar.
    diagram : analysis.Persistence or None
        What was found, its `rows` those of the space; None before the first is ready.
    bar : tuple of int or None
        Dimension and index of the chosen bar.
    cycle : numpy.ndarray
        Row ids of its loop, or of the two ends of its bridge; empty when there is none.

    Raises
    ------
    TypeError, ValueError
        If `space` is neither, or an option is unknown or does not fit.

    Examples
    --------
    >>> topology = TopologyPanel(space)
    >>> topology.wait(), topology.select_bar(1, 0), topology.cycle
    """

    def __init__(self, space: LatentSpace | str, **options: Any) -> None:  # noqa: ANN401 - traits
        # bqplot is slow to load, and only needed here.
        from latent_widgets.barcode import ROWS  # noqa: PLC0415
        from latent_widgets.homology_charts import HomologyCharts  # noqa: PLC0415

        refuse_unknown("TopologyPanel", options, _OPTIONS)
        self._rows_shown, self._own = ROWS, [-1]
        space, self._made = open_space(space)
        self.space = space
        self.diagram: Persistence | None = None
        self.bar: tuple[int, int] | None = None
        self.cycle: Ids = np.zeros(0, np.intp)
        self._busy = threading.RLock()
        self._timer: threading.Timer | None = None
        self._charts = HomologyCharts(self.select_bar)
        self.film = FilmStrip(space, hint=_HINT)
        self._controls = Controls(space.name or "the points")
        children = self._controls.lay_out(self._charts, self.film)
        try:
            super().__init__(children, **{"metric": space.geometry, **options})
        except BaseException:
            # ipywidgets holds on to every part: nobody else would ever close these.
            self.film.close()
            self._charts.close()
            if self._made:
                space.close()
            raise
        self.add_class("lw-topology")
        # Drawn first, it lies beneath the loop from then on.
        space.draw("rips")
        self._connect()
        self.compute()

    def compute(self) -> None:
        """Begin anew, beside everything else, with the rows that are selected now."""
        chosen = self.space.selection
        rows = np.array(chosen, np.intp) if chosen else np.arange(len(self.space.points))
        if not len(rows):
            self._controls.say("This space has no rows: topology needs some.")
            return
        points = self.space.points[rows]
        options: dict[str, Any] = {
            "max_dim": self.max_dim,
            "coeff": self.coeff,
            "metric": self.metric,
            "seed": self.seed,
            "landmarks": min(len(rows), self.landmarks or rips.USUAL[self.max_dim]),
        }

        def job(progress: Progress) -> Persistence:
            found = persistence(points, progress=progress, **options)
            # From here on they are rows of the space.
            found.rows = rows[found.rows]
            return found

        self._work.start("topology", job, self._show)

    def select_bar(self, dim: int, index: int) -> None:
        """Choose a bar: its loop or its bridge lights up on every map and becomes the film.

        Parameters
        ----------
        dim
            0 for a component, 1 for a hole, 2 for a void.
        index
            Which one, 0 for the longest.

        Raises
        ------
        RuntimeError
            If nothing has been computed yet.
        ValueError
            If there is no such bar.
        """
        with self._busy:
            found = self.diagram
            if found is None:
                raise RuntimeError("there are no bars yet: call compute() and wait()")
            if dim not in found or not 0 <= index < len(found[dim]):
                count = len(found[dim]) if dim in found else 0
                raise ValueError(f"index must be one of the {count} bars of H{dim}, got {index}")
            rows: Ids = np.zeros(0, np.intp)
            if dim == 1:
                rows = found.cycle(index)
            elif dim == 0 and (bridge := found.bridge(index)) is not None:
                rows = np.array(bridge.ends)
            self.bar, self.cycle = (dim, index), rows
            self._charts.choose(dim, index)
            self._controls.tell(tell_bar(found, dim, index, len(rows)))
            self._light(closed=dim == 1)

    def select(self) -> None:
        """Make the rows of the chosen bar the selection, on every map; what was computed stays.

        Raises
        ------
        RuntimeError
            If no bar that has rows is chosen.
        """
        if not len(self.cycle):
            raise RuntimeError("no bar with rows is chosen: see select_bar()")
        self._own = self.cycle.tolist()
        self.space.selection = self._own

    def close(self) -> None:
        """Take the drawings off the maps, and leave the page; a space of its own is closed too."""
        # ipywidgets closes again what is closed, and what was never finished.
        if self.comm is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self.space.unobserve(self._rest, "selection")
        for name in ("cycle", "rips"):
            self.space.erase(name)
        self.film.close()
        self._charts.close()
        close_inside(self)
        super().close()
        if self._made:
            self.space.close()

    def _connect(self) -> None:
        controls = self._controls
        controls.compute.on_click(lambda _: self.compute())
        controls.stop.on_click(lambda _: self.cancel())
        controls.select.on_click(lambda _: self.select())
        self.observe(lambda change: controls.show_work(change.new), "work")
        t.link((self, "coeff"), (controls.coeff, "value"))
        t.link((self, "max_dim"), (controls.max_dim, "value"))
        t.link((self, "scale"), (controls.scale, "value"))
        self.observe(lambda _: self.compute(), ["coeff", "max_dim", "landmarks", "metric", "seed"])
        self.observe(lambda _: self._count(), "scale")
        controls.graph.observe(lambda _: self._count(), "value")
        self.space.observe(self._rest, "selection")

    def _rest(self, _: object) -> None:
        """Compute anew once the selection has rested, unless this panel has just made it."""
        if self._timer is not None:
            self._timer.cancel()
        if list(self.space.selection) != self._own:
            self._own, self._timer = [-1], threading.Timer(_REST_SECONDS, self.compute)
            self._timer.daemon = True
            self._timer.start()

    def _show(self, found: Persistence) -> None:
        with self._busy:
            if self.comm is None:
                return
            self.diagram, self.bar, self.cycle = found, None, np.zeros(0, np.intp)
            self._charts.draw(found)
            top = self._charts.top
            self._controls.show(f"{found.about}. {tell_shown(found, self._rows_shown)}", top)
            self._controls.tell("")
            self._light(closed=False)
            self._count()

    def _light(self, *, closed: bool) -> None:
        rows, space = self.cycle, self.space
        ends = np.roll(rows, -1) if closed else rows[1:]
        if len(rows):
            dim = 1 if closed else 0
            edges = np.stack([rows[: len(ends)], ends], axis=1)
            space.draw("cycle", edges=edges, color=self._charts.colours[dim])
        else:
            space.erase("cycle")
        self._controls.select.layout.display = "" if len(rows) else "none"
        with self.film.hold_sync():
            self.film.playing, self.film.t = False, 0.0
            self.film.closed = closed
            self.film.n = int(np.clip(len(rows) + 1, *_PICTURES))
            self.film.latents = space.points[rows]

    def _count(self) -> None:
        """Count what is there at the scale, and draw its graph."""
        with self._busy:
            if self.diagram is None:
                return
            self._charts.mark(self.scale)
            edges = self.diagram.edges(self.scale)
            words = tell_betti(self.diagram, self.scale)
            if not self._controls.graph.value or not len(edges):
                self.space.draw("rips")
            else:
                drawn = edges[:_MOST_EDGES]
                self.space.draw("rips", edges=drawn, color=_FAINT)
                cap = f"{len(drawn):,} shortest of " if len(drawn) < len(edges) else ""
                words += f"; {cap}{len(edges):,} edges"
            self._controls.betti.value = words


_FAINT = "rgba(128, 128, 128, 0.5)"
_HINT = "Click a bar or a dot: a hole becomes a loop to walk around, a component its bridge."
