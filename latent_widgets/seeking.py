"""Paths that a page cannot compute: found beside all else, and roughly while a hand moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets as t

from latent_widgets import codec
from latent_widgets.failure import explain
from latent_widgets.geometry import Geometry
from latent_widgets.latent import check_point
from latent_widgets.paths import Way
from latent_widgets.progress import Progress
from latent_widgets.searches import SOUGHT
from latent_widgets.working import Cancelled, Working

Rough = dict[str, Way]
"""What was found while a hand moves, by metric."""


class Seeking(Working):
    """Gives a panel with ends `a` and `b` the paths between them that need a search."""

    ways = t.Dict(read_only=True).tag(sync=True)
    """Paths that were found, by metric: `latents` (65, d) float32 bytes, `label`, `seconds` and
    the `ends` they belong to; or `error` and `detail` with `ends`."""

    # What a panel has.
    space: Any
    a: Any
    b: Any
    ensemble: object = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        super().__init__(*args, **kwargs)
        self.on_msg(self._hear_hand)  # type: ignore[attr-defined]
        self.observe(self._seek_all, ["a", "b"])
        self._seek_all(None)

    @property
    def latent_dim(self) -> int:
        """The dimension of the space."""
        return int(self.space.latent_dim)

    @property
    def geometry(self) -> Geometry:
        """The geometry of the space."""
        geometry: Geometry = self.space.geometry
        return geometry

    def _wanted(self) -> Sequence[str]:
        """Name the metrics whose paths are shown."""
        return ()

    def _seek_all(self, _: object) -> None:
        """Find what is not known yet between the ends as they are now."""
        a, b = self.a, self.b
        missing = [one for one in self._wanted() if one in SOUGHT and not self._known(one)]

        def job(progress: Progress) -> None:
            try:
                for metric in missing:
                    found = self._find(metric, a, b, progress)
                    progress(1.0, "")
                    self.set_trait("ways", {**self.ways, metric: found})
            except Cancelled:
                # Stopped, and not overtaken: what was measured is of other ends.
                if _ends(a, b) == _ends(self.a, self.b):
                    self._found(None)
                raise

        if missing:
            self._work.start("finding the path", job, self._found)

    def _found(self, _: None) -> None:
        """All that was missing is there, or will not be looked for."""

    def _known(self, metric: str) -> bool:
        return bool(self.ways.get(metric, {}).get("ends") == _ends(self.a, self.b))

    def known_way(self, metric: str, a: Any, b: Any) -> Way | None:  # noqa: ANN401
        """Give the path between two ends as the page has it; None when it has none."""
        found = self.ways.get(metric, {})
        if found.get("ends") != _ends(a, b) or "latents" not in found:
            return None
        latents = codec.bytes_to_floats(memoryview(found["latents"]), self.space.latent_dim)
        return Way(latents, found["label"], found["seconds"])

    def _way(self, metric: str) -> Way:
        """Give the path as the page has it; one that it has not is searched for now."""
        known = self.known_way(metric, self.a, self.b)
        if known is not None:
            return known
        way: Way = self.space.paths.find(self.a, self.b, metric, ensemble=self.ensemble)
        return way

    def _forget(self) -> None:
        """Begin anew: the space has another model."""
        self.set_trait("ways", {})
        self._seek_all(None)

    def _find(
        self,
        metric: str,
        a: Any,  # noqa: ANN401 - a latent
        b: Any,  # noqa: ANN401
        progress: Progress,
        *,
        coarse: bool = False,
    ) -> dict[str, Any]:
        try:
            way = self.space.paths.find(
                a, b, metric, coarse=coarse, ensemble=self.ensemble, progress=progress
            )
        except Cancelled:
            raise
        except Exception as error:  # noqa: BLE001 - shown on the page instead
            return {**explain(error), "ends": _ends(a, b)}
        return {
            "latents": codec.floats_to_bytes(way.latents),
            "label": way.label,
            "seconds": way.seconds,
            "ends": _ends(a, b),
        }

    def _hear_hand(self, _: object, content: object, buffers: list[memoryview]) -> None:
        """Answer a hand that drags an end: roughly, and only the newest."""
        if not isinstance(content, dict) or content.get("op") != "seek" or len(buffers) != 2:
            return
        space, client = self.space, str(content.get("client"))[:64]
        try:
            a, b = (
                check_point(name, np.frombuffer(one, "<f4"), space.latent_dim, space.geometry)
                for name, one in zip("ab", buffers, strict=True)
            )
        except ValueError:
            # No page of ours sends such ends.
            return
        seq = content.get("seq")

        def job(progress: Progress) -> None:
            head = {"client": client, "seq": seq, "dim": space.latent_dim}
            rough: Rough = {}
            for metric in self._wanted():
                if metric in SOUGHT:
                    found = self._find(metric, a, b, progress, coarse=True)
                    if "latents" in found:
                        zs = codec.bytes_to_floats(memoryview(found["latents"]), space.latent_dim)
                        rough[metric] = Way(zs, found["label"], found["seconds"])
                    progress(1.0, "")
                    latents = found.pop("latents", b"")
                    del found["ends"]
                    told = {**head, "kind": "way", "metric": metric, **found}
                    self.send(told, [latents])  # type: ignore[attr-defined]
            self._dragged(a, b, rough)
            self.send({**head, "kind": "sought"})  # type: ignore[attr-defined]

        self._work.start("finding the path", job, lambda _: None)

    def _dragged(self, a: Any, b: Any, rough: Rough) -> None:  # noqa: ANN401
        """Follow an end that is being dragged."""


def _ends(a: Any, b: Any) -> bytes:  # noqa: ANN401
    return codec.floats_to_bytes(np.stack([np.asarray(a), np.asarray(b)]))
