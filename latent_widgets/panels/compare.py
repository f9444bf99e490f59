"""Several paths between the same ends: as strips, as charts, as numbers and on every map."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as w
import numpy as np
import traitlets

from latent_widgets import codec
from latent_widgets.analysis.path_figures import PathFigures, measure_path
from latent_widgets.cards import close_inside
from latent_widgets.export.still import Still, draw_still, draw_strip
from latent_widgets.latent import LatentTrait
from latent_widgets.panels.panel import Panel, refuse_unknown
from latent_widgets.path_choice import COLOURS, check_metrics, light_up, usual_ends, usual_metrics
from latent_widgets.searches import SOUGHT, decoders
from latent_widgets.seeking import Rough, Seeking
from latent_widgets.space import LatentSpace

if TYPE_CHECKING:
    import numpy.typing as npt

_STEPS, _COARSE_STEPS = 32, 10
_OPTIONS = ("a", "b", "ensemble", "maps", "n")
_BYTES: dict[str, Any] = {
    "sync": True,
    "to_json": lambda z, _: codec.floats_to_bytes(z),
    "from_json": lambda value, strips: codec.bytes_to_floats(value, strips.space.latent_dim)[0],
    "echo_update": False,
}


class PathStrips(Seeking, Panel, stem="compare"):
    """Strips of pictures along several paths between the same ends; scrubbing one moves `z`."""

    _on_tape = ("a", "b", "n")
    _tape_class = "PathComparison.strips"

    a = LatentTrait().tag(**_BYTES)
    """Where the paths start, (d,) float32."""
    b = LatentTrait().tag(**_BYTES)
    """Where they end, (d,) float32."""
    n = traitlets.Int(11).tag(sync=True)
    """How many pictures each strip has, 2 to 32."""
    metrics = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """The paths, from top to bottom, named as in `LatentSpace.path`."""
    colours = traitlets.Dict(COLOURS, read_only=True).tag(sync=True)
    """Of each path."""
    t = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    """Where the mark stands, 0 at A and 1 at B; setting it from Python leaves `z` alone."""

    followed: Callable[[Any, Any, Rough | None], None] | None = None
    """Called beside everything else with the ends once the paths between them are known, and
    with what was searched for where that is rough."""

    def at(self, metric: str, times: npt.ArrayLike) -> codec.Floats:
        """Find latents (..., d) on one of the paths, at times (...) from 0 to 1."""
        paths = self.space.paths
        if metric in SOUGHT:
            found: codec.Floats = paths.along(self._way(metric), times)
        else:
            found = paths.at(self.a, self.b, metric, times)
        return found

    def _wanted(self) -> list[str]:
        return list(self.metrics)

    def _seek_all(self, change: object) -> None:
        super()._seek_all(change)
        if not any(one in SOUGHT and not self._known(one) for one in self.metrics):
            self._work.start("comparing", lambda _: None, self._found)

    def _found(self, _: None) -> None:
        if self.followed is not None:
            self.followed(self.a, self.b, None)

    def _dragged(self, a: Any, b: Any, rough: Rough) -> None:  # noqa: ANN401
        if self.followed is not None:
            self.followed(a, b, rough)

    def _renew(self, _: object) -> None:
        self._forget()

    def _still(self) -> Still | None:
        if not self.space.can_decode:
            return draw_still(self.space, self._line())
        latents = self.at(self.metrics[0], np.linspace(0, 1, self.n))
        return draw_strip(codec.to_uint8(self.space.decode(latents)), self._line())

    @traitlets.default("a")
    def _first(self) -> Any:  # noqa: ANN401
        return usual_ends(self.space)[0]

    @traitlets.default("b")
    def _last(self) -> Any:  # noqa: ANN401
        return usual_ends(self.space)[1]

    @traitlets.validate("n")
    def _check_n(self, proposal: traitlets.Bunch) -> int:
        if not 2 <= proposal.value <= 32:
            raise traitlets.TraitError(f"n must be from 2 to 32, got {proposal.value}")
        return int(proposal.value)


class PathComparison(w.VBox):  # type: ignore[misc]
    """Compares paths between the same ends.

    Strips of pictures; charts, drawn with bqplot, of picture change, length, speed and density
    along each; a table; and the paths in their colours on every map. Change an end in its slot,
    from Python, or by dragging A or B on a map: everything follows, roughly while the hand moves.

    Parameters
    ----------
    space
        A LatentSpace, or the name of a bundled one.
    a, b
        (d,) ends; by default two rows far apart.
    metrics
        Which paths, named as in `LatentSpace.path`; by default all that suit the space.
    **options
        `n`, how many pictures each strip has; `ensemble`, decoders for "pullback"; `maps`,
        ScatterProjections of the space whose background shall be the magnification factor.

    Attributes
    ----------
    space : LatentSpace
        Where the paths lie.
    strips : PathStrips
        The strips; their `a` and `b` are the ends.
    figures : dict of analysis.path_figures.PathFigures
        What was measured, by metric.

    Raises
    ------
    TypeError, ValueError
        If something does not fit; the sentence names it.

    Examples
    --------
    >>> comparison = PathComparison("digits_2d", metrics=["linear", "pullback", "density"])
    >>> comparison.wait(), comparison.figures["density"].emptiest
    """

    def __init__(
        self,
        space: LatentSpace | str,
        a: object = None,
        b: object = None,
        metrics: Sequence[str] | None = None,
        **options: Any,  # noqa: ANN401 - of the strips
    ) -> None:
        # bqplot is slow to load, and only needed here.
        from latent_widgets.path_charts import PathCharts  # noqa: PLC0415

        refuse_unknown("PathComparison", options, _OPTIONS)
        chosen = None if metrics is None else check_metrics(metrics)
        self._made = isinstance(space, str)
        if isinstance(space, str):
            space = LatentSpace(space)
        if not isinstance(space, LatentSpace):
            raise TypeError(
                "space must be a LatentSpace or the name of a bundled one, "
                f"got {type(space).__name__}"
            )
        self.space = space
        self.figures: dict[str, PathFigures] = {}
        ensemble, maps = options.pop("ensemble", None), options.pop("maps", ())
        ends = {name: end for name, end in (("a", a), ("b", b)) if end is not None}
        try:
            decoders(ensemble)
            light_up(maps, space)
            self.strips = PathStrips(
                space, metrics=chosen or usual_metrics(space), **ends, **options
            )
        except BaseException:
            if self._made:
                space.close()
            raise
        self.strips.ensemble = ensemble
        self._shown = {metric: COLOURS[metric] for metric in self.strips.metrics}
        self._charts = PathCharts(self._shown)
        self._table = w.HTML()
        wide = {"flex": "1 1 400px", "min_width": "0"}
        charts = [w.Box([each], layout=wide) for each in self._charts.figures.values()]
        # Two by two where there is room.
        row = {"flex_flow": "row wrap", "grid_gap": "0 16px", "max_width": "1080px"}
        super().__init__([self.strips, w.Box(charts, layout=row), self._table])
        self.add_class("lw-paths")
        self.strips.followed = self._measure
        self.strips._seek_all(None)  # noqa: SLF001 - now somebody listens

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until everything shown belongs to the ends as they are: whether it was in time."""
        return self.strips.wait(timeout)

    def cancel(self) -> None:
        """Stop searching; what is shown stays."""
        self.strips.cancel()

    def close(self) -> None:
        """Take the drawings off the maps, and leave the page; a space of its own is closed too."""
        if self.comm is None:
            return
        self.strips.followed = None
        self.strips.cancel()
        for metric in self._shown:
            self.space.erase(f"{metric} path")
        self._charts.close()
        self.strips.close()
        # The strips hold the space, which stays.
        self.children = tuple(self.children)[1:]  # type: ignore[has-type]
        close_inside(self)
        super().close()
        if self._made:
            self.space.close()

    def _measure(self, a: Any, b: Any, rough: Rough | None) -> None:  # noqa: ANN401
        """Draw the paths on every map; at rest measure them too."""
        strips, paths = self.strips, self.space.paths
        found: dict[str, PathFigures] = {}
        labels: dict[str, str] = {}
        times = np.linspace(0, 1, (_STEPS if rough is None else _COARSE_STEPS) + 1)
        for metric, colour in self._shown.items():
            way = strips.known_way(metric, a, b) if rough is None else rough.get(metric)
            path = None if way is None else paths.along(way, times)
            if metric not in SOUGHT:
                # The strip says why there is none.
                with contextlib.suppress(ValueError):
                    path = paths.at(a, b, metric, times)
            if path is None:
                self.space.erase(f"{metric} path")
                continue
            name = metric.replace("pullback", "pull-back")
            self.space.draw(f"{metric} path", paths=[path], labels=[name], color=colour)
            if rough is None:
                found[metric] = self._look(path)
                labels[metric] = way.label if way else metric
        if rough is None and self.comm is not None:
            self.figures = found
            self._charts.draw(found)
            self._table.value = _table(found, labels, self._shown)

    def _look(self, path: codec.Floats) -> PathFigures:
        space = self.space
        seen = space.decode(path).cpu().numpy() if space.can_decode else None
        dense = usual = None
        if len(space.points) > 1:
            density = space.paths.searches.density().density
            dense, usual = density.log(path), space.paths.searches.usual()
        return measure_path(path, seen, dense, usual, space.geometry)


def _table(figures: dict[str, PathFigures], labels: dict[str, str], colours: Any) -> str:  # noqa: ANN401
    from latent_widgets.path_words import table  # noqa: PLC0415 - as the charts

    return table(figures, labels, colours)
