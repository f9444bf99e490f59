"""The semantic map: which traits a map has for its regions, and who finds them."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

import traitlets as t

from latent_widgets.analysis.areas import regions
from latent_widgets.analysis.clusters import MOST
from latent_widgets.analysis.outline import Region
from latent_widgets.area_names import AreaNames, check_names, note, recall
from latent_widgets.columns import Column
from latent_widgets.outlined import called, describe_clusters, remark, wire
from latent_widgets.progress import Progress
from latent_widgets.tints import REST_SECONDS, Tints, flat, pause

_FOUND_IN = 60.0


class Areas(Tints):
    """Gives a map named regions, and cells shaded by what they decode to."""

    areas = t.Unicode(None, allow_none=True).tag(sync=True)
    """Which regions the map shows: "labels", where each class of a column lies; "clusters", what
    stands together on the map; None for none. With "labels", the column is the one that colours
    the points where it holds classes, else the first that does."""
    area_names = t.Dict().tag(sync=True)
    """Names given by hand, by the key of a region (see `regions`): set or delete them one by one,
    or double click a name on the page. The space keeps them by class or by rows, so that every
    map shows them and `state` and `lw.save` save them; see `LatentSpace.region_names`."""
    outlines = t.Dict(read_only=True).tag(sync=True)
    """What the page draws of `regions`."""
    area_work = t.Dict(read_only=True).tag(sync=True)
    """Where the search for regions is: as `work`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        self._found: list[Region] = []
        self._automatic: dict[str, str] = {}
        self._searches = 0
        self._clusters: list[Region] = []
        self._met: set[str] = set()
        self._recalling = False
        self._searching = self._beside("area_work")
        super().__init__(*args, **kwargs)
        self.space.observe(self._map_changed, "facts")
        self.space.observe(self._recall, "region_names")
        self._recall()
        # Not earlier: the map itself is chosen while the options are taken in.
        self._begun = True
        if self.areas is not None:
            self._search()
        if self.cells is not None:
            self._shade()

    @property
    def regions(self) -> list[Region]:
        """The regions that the map shows, once they are found; empty without `areas`.

        Raises
        ------
        ValueError
            If they could not be found, or the map is not flat; the sentence says why.
        """
        if self.areas is not None:
            flat(self.projection.xy, "regions")
        self._searching.wait(_FOUND_IN)
        if "error" in self.area_work:
            raise ValueError(self.area_work["error"])
        return list(self._found)

    def close(self) -> None:
        """Stop what is being done, and leave the page."""
        if self.space is not None and self.comm is not None:  # type: ignore[attr-defined]
            # A panel whose making failed is unknown to the space.
            with contextlib.suppress(ValueError):
                self.space.unobserve(self._map_changed, "facts")
                self.space.unobserve(self._recall, "region_names")
        super().close()

    @t.validate("areas")
    def _check_areas(self, proposal: t.Bunch) -> str | None:
        value: str | None = proposal.value
        if value not in (None, "labels", "clusters"):
            raise ValueError(f"areas must be 'labels', 'clusters' or None, got {value!r:.60}")
        if value == "labels" and self._class_column() is None:
            raise ValueError("areas 'labels' need a column of classes, and this space has none")
        return value

    @t.validate("area_names")
    def _check_area_names(self, proposal: t.Bunch) -> AreaNames:
        return AreaNames(check_names(proposal.value), self._rename)

    @t.default("area_names")
    def _no_names(self) -> AreaNames:
        return AreaNames({}, self._rename)

    def _rename(self, names: dict[str, str]) -> None:
        self.area_names = names

    @t.observe("area_names")
    def _show_names(self, change: t.Bunch) -> None:
        self._found = [self._named(region) for region in self._found]
        if self._recalling:
            return
        old, new = change.old or {}, change.new
        changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
        self._keep({key: new.get(key) for key in changed})

    def _keep(self, names: dict[str, str | None]) -> None:
        """Let the space know what regions are called; clusters that are not there have no rows."""
        known = {region.key: region for region in (*self._clusters, *self._found)}
        entries = self.space.region_names
        for key, name in names.items():
            if key in known or "=" in key:
                entries = note(entries, known.get(key, key), name)
        self.space.region_names = entries

    def _recall(self, _: object = None) -> None:
        """Take the names that the space knows."""
        waiting = {
            key: name
            for key, name in self.area_names.items()
            if "=" not in key and key not in self._met
        }
        self._recalling = True
        try:
            self.area_names = waiting | recall(self.space.region_names, self._clusters)
        finally:
            self._recalling = False
        self._found = [self._named(region) for region in self._found]

    @t.observe("areas", "color")
    def _look_for_areas(self, change: t.Bunch) -> None:
        if change.name == "areas" or self.areas == "labels":
            self._search()

    @t.observe("xy")
    def _map_changed(self, _: object) -> None:
        if self.areas is not None:
            self._search(REST_SECONDS)
        if self.cells is not None:
            self._shade(REST_SECONDS)

    def _class_column(self) -> Column | None:
        columns: list[Column] = [c for c in self.space.data.columns if c.categories]
        return next((c for c in columns if c.name == self.color), columns[0] if columns else None)

    def _search(self, rest: float = 0.0) -> None:
        if not self._begun:
            return
        areas, column = self.areas, self._class_column()
        # A first map is made by whoever asks first, and that is not for the job to do.
        deep = self.projection.dim != 2
        if areas is None or deep or not len(self.space.points):
            self._searching.cancel()
            self._searching.wait(0.0)
            self._show_regions([], None, "")
            self.set_trait("area_work", {})
            return

        def job(progress: Progress) -> tuple[list[Region], str]:
            pause(rest, progress)
            xy = flat(self.projection.xy, "regions")
            if areas == "labels" and column is not None:
                found = regions(
                    xy, column.values.astype(int), names=column.categories, progress=progress
                )
                return found, remark(found, column)
            found = regions(xy, method="hdbscan", progress=progress)
            if not found:
                return [], "no clusters stand apart on this map"
            words = f"clusters found among {MOST:,} of the {len(xy):,} rows, drawn at random"
            return found, words if len(xy) > MOST else ""

        def done(result: tuple[list[Region], str]) -> None:
            self._show_regions(result[0], column if areas == "labels" else None, result[1])

        self._searching.start("regions", job, done)

    def _show_regions(self, found: list[Region], column: Column | None, words: str) -> None:
        waiting: dict[str, str | None] = {}
        if column is not None:
            found = [replace(region, key=f"{column.name}={region.key}") for region in found]
        elif found:
            keys = {region.key for region in found} - self._met
            waiting = {key: name for key, name in self.area_names.items() if key in keys}
            self._met |= keys
            self._clusters = found
            columns = [one for one in self.space.data.columns if one.name != "split"]
            found = describe_clusters(found, columns)
        self._automatic = {region.key: region.name for region in found}
        self._found = found
        self._keep(waiting)
        self._recall()
        self._searches += 1
        self.set_trait(
            "outlines",
            {
                # The page waits for them after a move, also where they are the same.
                "search": self._searches,
                "column": None if column is None else column.name,
                "note": words,
                "regions": [wire(region) for region in found],
            },
        )

    def _named(self, region: Region) -> Region:
        return called(region, self.area_names.get(region.key, self._automatic[region.key]))
