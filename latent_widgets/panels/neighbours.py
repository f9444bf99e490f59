"""The rows nearest to z, to a row, to a picture or to words, as pictures to compare and to take."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.answering import Answer, Answering, Content
from latent_widgets.counts import whole
from latent_widgets.inbox import rows_answer
from latent_widgets.indices import METRICS, Nearest
from latent_widgets.panels.panel import Panel
from latent_widgets.query import Query, check_query, find, from_page, to_page
from latent_widgets.working import Working

_MOST = 200  # pictures that a page shows at once
_MOST_WORDS = 1000  # characters of a text
_AT_ONCE = 3_000  # rows that are joined into a graph in a moment
_PHRASES = 16


class NeighbourPanel(Working, Answering, Panel, stem="neighbours"):
    """Shows the k nearest rows, and how far they are.

    It follows `z` live, or stays with a row, the mean of the selection, a picture or words.

    Examples
    --------
    >>> panel = NeighbourPanel(space)
    >>> panel.query = "red hair with glasses"
    >>> panel.rows, panel.distances
    """

    query = t.Any(None, allow_none=True).tag(
        sync=True,
        to_json=lambda query, _: to_page(query),
        # A page asks for another one with a question, and may be told why not.
        from_json=lambda _, panel: panel.query,
    )
    """What is looked for: None or "z" for the current z; a row id; "selection" for the mean of the
    selected rows; d numbers; a picture as `LatentSpace.neighbours` takes it; any other words."""
    metric = t.Unicode().tag(sync=True)
    """"euclidean", "cosine" or "geodesic", see `LatentSpace.neighbours`; in curved spaces
    "geodesic" at first. Words are compared as `LatentSpace.add_text` says."""
    k = t.Any().tag(sync=True)
    """How many rows, 1 to 200 and no more than there are; 10 at first."""

    _questions: ClassVar[dict[str, str]] = {
        "look": "_look",
        "nearest": "_nearest",
        "ring": "_ring",
        "phrases": "_phrases",
    }

    @property
    def nearest(self) -> Nearest:
        """The nearest rows and their distances, of the `query` as it is now.

        Raises
        ------
        ValueError
            If nothing is selected and the query is the selection, or there are no rows.
        """
        return find(self.space, self.query, self.k, self.metric)

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """(k,) ids of the nearest rows, the nearest first."""
        return self.nearest.rows

    @property
    def distances(self) -> npt.NDArray[np.float64]:
        """(k,) how far they are, ascending."""
        return self.nearest.distances

    def find(self, query: object = None, *, resize: bool = False) -> NeighbourPanel:
        """Set `query`; unlike setting it, pictures of another size can be made to fit.

        Parameters
        ----------
        query
            As for `query`.
        resize
            Whether a picture is cut and scaled to the size of the space's pictures.

        Returns
        -------
        NeighbourPanel
            Itself.

        Raises
        ------
        ValueError, TypeError
            If it does not fit; the query stays as it was.
        """
        self.query = check_query(self.space, query, resize=resize)
        return self

    def close(self) -> None:
        """Leave the page, and take the ring off the maps."""
        if self.space is not None:
            self.space.erase(self._ring_name)
        super().close()

    @property
    def _ring_name(self) -> str:
        return f"neighbours-{id(self)}"

    def _look(self, content: Content, buffers: list[memoryview]) -> Answer:
        kind = content.get("kind")
        if kind == "picture":
            self.find(from_page(content, buffers), resize=content.get("resize") is True)
        elif kind == "row":
            self.query = whole("row", content.get("row"), 0)
        elif kind == "text":
            self.query = str(content.get("text"))[:_MOST_WORDS]
        else:
            self.query = "selection" if kind == "selection" else None
        return {}, []

    def _nearest(self, content: Content, buffers: list[memoryview]) -> Answer:
        space, metric = self.space, str(content.get("metric"))
        k = min(whole("k", content.get("k"), 1), _MOST, max(len(space.points), 1))
        query = self.query
        if query is None and buffers:
            query = codec.bytes_to_floats(buffers[0], space.latent_dim)[0]
        words = isinstance(query, str) and query != "selection"
        if not words and len(space.points) > _AT_ONCE and not space.indices.ready(metric):
            self._join()
            return {"pending": True}, []
        found = find(space, query, k, metric)
        reply, blobs = rows_answer(space, rows := found.rows.tolist())
        distances = [far if np.isfinite(far) else None for far in found.distances.tolist()]
        return {**reply, "rows": rows, "distances": distances}, blobs

    def _join(self) -> None:
        if self.work.get("share") is None:
            job = self.space.indices.graph
            self._work.start("measuring along the data", job, lambda _: None)

    def _ring(self, content: Content, _: list[memoryview]) -> Answer:
        row = content.get("row")
        if row is None:
            self.space.erase(self._ring_name)
        else:
            (row,) = self.space.data.check_rows([row])
            self.space.draw(self._ring_name, points=self.space.points[[row]])
        return {}, []

    def _phrases(self, _: Content, __: list[memoryview]) -> Answer:
        return {"phrases": self.space.phrases(_PHRASES)}, []

    @t.default("metric")
    def _first_metric(self) -> str:
        return "euclidean" if self.space.geometry.name == "euclidean" else "geodesic"

    @t.default("k")
    def _first_k(self) -> int:
        return min(10, max(len(self.space.points), 1))

    @t.validate("metric")
    def _check_metric(self, proposal: t.Bunch) -> str:
        if proposal.value not in METRICS:
            raise ValueError(f"metric must be one of {list(METRICS)}, got {proposal.value!r:.60}")
        name: str = proposal.value
        return name

    @t.validate("k")
    def _check_k(self, proposal: t.Bunch) -> int:
        most = min(_MOST, max(len(self.space.points), 1))
        k = whole("k", proposal.value, 1)
        if k > most:
            raise ValueError(f"k must be a whole number from 1 to {most}, got {k}")
        return k

    @t.validate("query")
    def _check_query(self, proposal: t.Bunch) -> Query:
        return check_query(self.space, proposal.value)
