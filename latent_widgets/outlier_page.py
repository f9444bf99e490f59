"""What the page of the outlier panel asks: rows in their order, with pictures, and all as dots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.anomaly import auroc
from latent_widgets.analysis.score_kinds import Outliers, score_names
from latent_widgets.answering import Answer, Answering, Content
from latent_widgets.counts import whole
from latent_widgets.datasets.images import Images
from latent_widgets.residuals import residuals, small
from latent_widgets.strangest import pick_two, spread_out

_MOST_SHOWN = 100


class OutlierPage(Answering):
    """Answers the page of a panel that has measured outliers."""

    _questions: ClassVar[dict[str, str]] = {
        "strip": "_strip",
        "cloud": "_cloud",
        "place": "_place",
        "ring": "_ring",
        "color": "_color",
        "select": "_select",
        "mark": "_mark",
    }
    _found: Outliers | None = None
    _images: Images | None = None
    # What the panel has.
    score: Any
    beside: Any
    column: Any
    normal: Any
    select: Callable[[int], None]
    color_map: Callable[[str], None]

    @property
    def scores(self) -> Any:  # noqa: ANN401 - pandas is loaded late
        """All scores, a pandas.DataFrame as of `outlier_scores`; None until they are measured."""
        return None if self._found is None else self._found.table

    @property
    def shown(self) -> tuple[str, str]:
        """The score that ranks and the one beside it, of those offered; empty for none."""
        names = [] if self._found is None else score_names(self._found.table)
        return pick_two(names, self.score, self.beside)

    @property
    def order(self) -> npt.NDArray[np.int64]:
        """(n,) row ids, or numbers of the given pictures, the strangest first.

        Raises
        ------
        RuntimeError
            If nothing was measured yet.
        """
        values = self._table[self.shown[0]].to_numpy()
        return np.argsort(-values, kind="stable").astype(np.int64)

    @property
    def aurocs(self) -> dict[str, float]:
        """How well each score tells odd rows from normal ones; empty unless both are there."""
        table = None if self._found is None else self._found.table
        if table is None or "normal" not in table or table["normal"].nunique() == 1:
            return {}
        told = table["normal"].to_numpy()
        return {name: auroc(table[name][told], table[name][~told]) for name in score_names(table)}

    @property
    def _ring_name(self) -> str:
        return f"outliers-{id(self)}"

    @property
    def _table(self) -> Any:  # noqa: ANN401
        if self._found is None:
            raise RuntimeError("the rows are still being scored; see wait()")
        return self._found.table

    def _pictures(self) -> Images | None:
        own: Images | None = self.space.data.images
        return own if self._images is None else self._images

    def _strip(self, content: Content, _: list[memoryview]) -> Answer:
        found, table = self._found, self._table
        start = min(whole("start", content.get("start"), 0), max(len(table) - 1, 0))
        count = min(whole("count", content.get("count"), 1), _MOST_SHOWN)
        rows = self.order[start : start + count].tolist()
        assert found is not None  # noqa: S101 - there is a table
        latents = found.latents[rows]
        shown = [name for name in self.shown if name]
        reply: Content = {
            "rows": rows,
            "start": start,
            "values": [[_plain(one) for one in table[name].iloc[rows]] for name in shown],
            "ranks": [table[f"rank_{name}"].iloc[rows].tolist() for name in shown],
            "normal": table["normal"].iloc[rows].tolist() if "normal" in table else None,
            "shape": None,
        }
        blobs, source = [codec.floats_to_bytes(latents)], self._pictures()
        if self.space.can_decode:
            redrawn = self.space.decode(latents)
            if source is None:
                drawn = codec.to_uint8(small(redrawn))
                return {**reply, "shape": list(drawn.shape)}, [*blobs, drawn.tobytes()]
            three = residuals(source.take(rows), redrawn)
            reply["shape"] = list(three.pictures.shape)
            blobs += [part.tobytes() for part in three]
        elif source is not None:
            drawn = codec.to_uint8(small(source.take(rows)))
            return {**reply, "shape": list(drawn.shape)}, [*blobs, drawn.tobytes()]
        return reply, blobs

    def _cloud(self, _: Content, __: list[memoryview]) -> Answer:
        table = self._table
        scores = [table[name].to_numpy() for name in self.shown if name]
        rows = spread_out(scores)
        normal = np.zeros(0, bool) if "normal" not in table else table["normal"].to_numpy()[rows]
        blobs = [codec.ids_to_bytes(rows.tolist())]
        blobs += [codec.floats_to_bytes(values[rows]) for values in scores]
        return {"of": len(table)}, [*blobs, normal.astype(np.uint8).tobytes()]

    def _place(self, content: Content, _: list[memoryview]) -> Answer:
        return {}, [codec.floats_to_bytes(self._latent(content.get("row")))]

    def _ring(self, content: Content, _: list[memoryview]) -> Answer:
        row = content.get("row")
        if row is None:
            self.space.erase(self._ring_name)
        else:
            self.space.draw(self._ring_name, points=self._latent(row))
        return {}, []

    def _latent(self, given: object) -> codec.Floats:
        latents = np.zeros((0, 0), np.float32) if self._found is None else self._found.latents
        row = whole("row", given, 0)
        if row >= len(latents):
            raise ValueError(f"row must be from 0 to {len(latents) - 1}, got {row}")
        return latents[[row]]

    def _color(self, content: Content, _: list[memoryview]) -> Answer:
        self.color_map(str(content.get("score")))
        return {}, []

    def _select(self, content: Content, _: list[memoryview]) -> Answer:
        self.select(whole("n", content.get("n"), 1))
        return {}, []

    def _mark(self, content: Content, _: list[memoryview]) -> Answer:
        given = content.get("classes")
        classes = [str(one) for one in given] if isinstance(given, list) and given else None
        before = self.column, self.normal
        try:
            self.column = None if content.get("column") is None else str(content["column"])
            self.normal = classes
        except (ValueError, t.TraitError):
            self.column, self.normal = before
            raise
        return {}, []


def to_page(normal: object) -> dict[str, object] | None:
    """Say what is normal as JSON: its `classes`, none of them where rows were named."""
    if normal is None:
        return None
    given = np.atleast_1d(np.asarray(normal))
    # A boolean a row says nothing that a page could show.
    return {"classes": [] if given.dtype == bool else given.astype(str).tolist()}


def _plain(value: float) -> float | None:
    # JSON has no infinity.
    return float(value) if np.isfinite(value) else None
