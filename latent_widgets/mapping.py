"""The map of a panel: which one is wanted, and how it is made."""

from __future__ import annotations

import time
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.base import Array, Projection
from latent_widgets.analysis.costs import cost
from latent_widgets.analysis.layouts.umap import warm_up
from latent_widgets.analysis.linear import LinearProjection
from latent_widgets.analysis.projection import project
from latent_widgets.analysis.stored_map import StoredProjection
from latent_widgets.answering import Answer, Content
from latent_widgets.directions import vectors_of
from latent_widgets.failure import explain
from latent_widgets.map_choice import CHOICES, LONG, Asked, MapChoice, relevant
from latent_widgets.page_map import LABELS, PageMap
from latent_widgets.progress import Progress
from latent_widgets.working import Working

_FORMER = "Rows where they lay before the model changed."
# Bytes a second of points that move while a layout forms.
_FLOW = 4e6


class _Begun(Exception):  # noqa: N818 - no error: the map takes time
    """Raised at the first word of a map that was not made before."""


class Mapped(MapChoice, PageMap, Working):
    """Gives a panel a map of the rows, made anew when another is wanted.

    Quick maps are there at once. Long ones are laid out in the background: until then, and where
    they are cancelled or fail, the former one stays, and so do the traits that asked for it.
    """

    _questions: ClassVar = {
        name: f"_answer_{name}" for name in ("latents", "lattice", "places", "map", "warm")
    }

    _map: Projection | None = None
    _drawn: Asked | None = None
    """The choices that asked for the map that is shown."""
    _wanted: Asked | None = None
    """Those that ask for the one being made, else for the one that is shown."""
    _restoring = False

    @property
    def projection(self) -> Projection:
        """The map that is shown, from latents to places and back; see `wait`.

        While a first layout forms, PCA; without data, the first dimensions.
        """
        if self._map is None:
            asked = self._choices()
            if asked["method"] in LONG:
                asked = {**asked, "method": "pca"}
            self._map = self._quick(asked)
            self._drawn = asked
            self._wanted = self._wanted or asked
        return self._map

    def inverse(self, xy: npt.ArrayLike, near: npt.ArrayLike | None = None) -> Array:
        """Find the latents of places on the map.

        Parameters
        ----------
        xy
            (..., dim) places.
        near
            (..., d) latents: of the many that a linear map shows at a place, the nearest to
            these; those nearest to the rows' mean when None.

        Returns
        -------
        numpy.ndarray
            (..., d) float32.
        """
        return self.projection.inverse(xy, near)

    def transform(self, z: npt.ArrayLike) -> Array:
        """Find the places of latents (..., d) on the map: (..., dim) float32."""
        return self.projection.transform(z)

    def cancel(self) -> None:
        """Stop laying out; the former map stays, and so do the traits that asked for it."""
        super().cancel()
        # The work itself may be deaf for a while.
        if "cancelled" in self.work:
            self._restore()

    @t.observe(*CHOICES)
    def _choose(self, _: object) -> None:
        if self._restoring:
            return
        asked = self._choices()
        if self._wanted is not None and relevant(asked) == relevant(self._wanted):
            if self._drawn is self._wanted:
                self._drawn = asked
            self._wanted = asked
            return
        try:
            self._make(asked)
        except Exception:
            self._restore()
            raise

    def _make(self, asked: Asked) -> None:
        """Show the map that was asked for: now, or when it is laid out."""
        found = self._known(asked) if asked["method"] in LONG else self._quick(asked)
        if found is None:
            self._begin(asked)
            return
        self._wanted = asked
        if "share" in self.work:
            self._work.cancel()
        self._take(found, asked)

    def _quick(self, asked: Asked) -> Projection:
        d, dim, method = self.space.latent_dim, asked["dim"], asked["method"]
        if len(self.space.points) or method not in ("pca", "axes"):
            return self._project(asked)
        return LinearProjection(
            xy=np.zeros((0, dim), np.float32),
            center=np.zeros(d, np.float32),
            components=np.eye(dim, d, dtype=np.float32),
            explained=np.zeros(dim, np.float32),
        )

    def _known(self, asked: Asked) -> Projection | None:
        """Give a map that was made before; raise at once what can be known at once."""

        def stop(*_: object) -> None:
            raise _Begun

        try:
            return self._project(asked, progress=stop)
        except _Begun:
            return None

    def _begin(self, asked: Asked) -> None:
        # What is shown meanwhile, and what stays when it comes to nothing.
        _ = self.projection
        price = cost(self.space.points.shape, asked["method"], asked["dim"]) or ""

        def job(progress: Progress) -> Projection:
            last: tuple[float, str] = (0.0, "")
            shown = float("-inf")

            def told(share: float, words: str) -> None:
                nonlocal last
                last = share, f"{words}. {price}" if price else words
                progress(*last)

            def look(xy: Array) -> None:
                nonlocal shown
                if time.monotonic() - shown < xy.nbytes / _FLOW:
                    return
                # Once nobody waits for the map any more, its points must not move either.
                progress(*last)
                shown = time.monotonic()
                self.send({"kind": "places"}, [codec.floats_to_bytes(xy)])  # type: ignore[attr-defined]

            try:
                return self._project(asked, progress=told, snapshot=look)
            except BaseException:
                if self._wanted is asked:
                    self._restore()
                raise

        def done(found: Projection) -> None:
            # What the map takes with it when it comes belongs to the wish for it.
            with self.space.tape.gesture(gesture):
                self._take(found, asked)

        self._wanted = asked
        with self.space.tape.gesture() as gesture:
            self._work.start(LABELS[asked["method"]], job, done, price)

    def _project(self, asked: Asked, **told: Any) -> Projection:  # noqa: ANN401 - callbacks
        method, dim, points = asked["method"], asked["dim"], self.space.points
        if not len(points):
            raise ValueError(f"method {method!r} needs encoded rows, and this space has none")
        given = relevant(asked)
        if method == "directions":
            given["directions"] = vectors_of(self.space, asked["directions"], dim)
        given = {**given.pop("settings", {}), **given}
        return project(points, **given, geometry=self.space.geometry, **told)

    def _take(self, found: Projection, asked: Asked) -> None:
        self._map, self._drawn = found, asked
        self._publish()

    def _restore(self) -> None:
        """Take back what was asked for: the former map stays, under its own name."""
        self._wanted = self._drawn
        self._restoring = True
        try:
            for name, value in (self._drawn or {}).items():
                setattr(self, name, value)
        finally:
            self._restoring = False

    def _renew(self, _: object) -> None:
        """Draw the map of another model: the same rows, elsewhere."""
        before, asked = self.projection, self._choices()
        try:
            if asked["method"] in LONG:
                self._keep_places(before, asked)
                self._make(asked)
            else:
                found = self._quick(asked)
                if isinstance(found, LinearProjection) and asked["method"] == "pca":
                    # Of all the ways to hang the same map, the one that looks most like the last.
                    found = found.facing(before)
                self._take(found, asked)
        except Exception as error:  # noqa: BLE001 - shown in the widget instead
            self._restore()
            self._show_work({"label": LABELS[asked["method"]], **explain(error)})

    def _keep_places(self, before: Projection, asked: Asked) -> None:
        """Until rows are laid out anew they stay where they were, with the latents of now."""
        points, pca = self.space.points, {**asked, "method": "pca"}
        if len(points) == len(before.xy):
            former = StoredProjection(
                points, before.xy, before.method, _FORMER, geometry=self.space.geometry
            )
            self._take(former, asked)
        else:
            self._take(self._quick(pca), pca)

    def _answer_map(self, content: Content, _: list[memoryview]) -> Answer:
        given = {name: content[name] for name in CHOICES if name in content}
        asked = {**self._choices(), **given}
        if content.get("sure") is not True and asked["method"] in LONG:
            words = cost(self.space.points.shape, asked["method"], asked["dim"])
            if words is not None and self._known(asked) is None:
                return {"confirm": words}, []
        with self.hold_trait_notifications():
            for name, value in given.items():
                setattr(self, name, value)
        return {}, []

    def _answer_warm(self, _: Content, __: list[memoryview]) -> Answer:
        # Somebody looks at the menu: UMAP then need not wait for a compiler.
        warm_up()
        return {}, []
