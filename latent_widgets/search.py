"""Rows of a space found by what they are near to: a latent, a row, a picture, words."""

from __future__ import annotations

import operator
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from latent_widgets.analysis.captions import captions
from latent_widgets.analysis.words import Captions, Embed, Embeddings
from latent_widgets.counts import whole
from latent_widgets.encoded import Encoded
from latent_widgets.geometry import Geometry
from latent_widgets.given import latent_rows
from latent_widgets.indices import METRICS, Indices, Nearest
from latent_widgets.latent import check_point
from latent_widgets.one_picture import one_picture

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

_SAME = 1e-9
# Two threads at once would make the same index twice.
_turn = threading.RLock()


class Searchable:
    """Lets a space be searched; what a search can use again is kept."""

    # What a LatentSpace has.
    geometry: Geometry
    latent_dim: int
    _data: Encoded
    _indices: Indices | None = None
    _words: tuple[list[Any], Captions] | None = None
    _text: Embeddings | Captions | None = None

    def neighbours(
        self,
        query: object = None,
        k: int = 10,
        metric: str = "euclidean",
        *,
        row: int | None = None,
        image: object = None,
        text: str | None = None,
        resize: bool = False,
        progress: Callable[[float, str], None] | None = None,
    ) -> Nearest:
        """Find the rows nearest to a latent, a row, a picture or words, exactly.

        Parameters
        ----------
        query
            (d,) or (m, d) latents; what is no latent may be given here too: a str for `text`, a
            PIL image or an array with three axes for `image`. The current `z` without any.
        k
            How many rows.
        metric
            "euclidean"; "cosine", one minus the cosine of the angle; "geodesic": in curved spaces
            the geometry's own distance, in flat ones the length of the shortest path from row to
            row, each joined to its 10 nearest (infinite where there is no path). Texts are
            compared as `add_text` says.
        row
            A row id; the row itself is not among its neighbours.
        image
            One picture, (H, W), (H, W, C) or (C, H, W), uint8 or floats in [0, 1], or a PIL image;
            it is encoded first.
        text
            Words, such as "red hair with glasses"; "without" and "no" exclude.
        resize
            Whether a picture of another size or kind is made to fit.
        progress
            Called with the share done and words while the graph of a "geodesic" is built, once;
            what it raises passes through.

        Returns
        -------
        Nearest
            `rows` and `distances`, (k,) each, or (m, k) for m latents.

        Raises
        ------
        ValueError, TypeError
            If something does not fit; the sentence names the argument.
        """
        given = {"query": query, "row": row, "image": image, "text": text}
        named = [name for name, value in given.items() if value is not None]
        if len(named) > 1:
            raise ValueError(f"give one of query, row, image and text, got {' and '.join(named)}")
        if metric not in METRICS:
            raise ValueError(f"metric must be one of {list(METRICS)}, got {metric!r:.60}")
        k = self._check_k(k, len(self._data) - (row is not None))
        if isinstance(query, str):
            query, text = None, query
        if _pictured(query):
            query, image = None, query
        if text is not None:
            return self._by_text(text, k)
        if row is not None:
            row = self._check_row(row)
            found = self.indices.search(self._data.points[[row]], k + 1, metric, progress)
            return _without(found, row)
        asked = self._asked(query, image, resize=resize)
        found = self.indices.search(np.atleast_2d(asked), k, metric, progress)
        return Nearest(*(part[0] for part in found)) if asked.ndim == 1 else found

    def add_text(self, rows: object, embed: Embed | None = None) -> None:
        """Let rows be found by words that an encoder of text understands.

        Without this, `text` is compared with `captions`: the class names of the columns.

        Parameters
        ----------
        rows
            (n, e) embeddings of the rows, of pictures for example, with an encoder of texts that
            goes with them as in CLIP; or n captions.
        embed
            Takes a list of m texts and gives (m, e) vectors, an array or a tensor; they are
            compared by their cosine. None compares the words of the captions themselves.

        Raises
        ------
        ValueError, TypeError
            If something does not fit; what was there before stays.
        """
        n = len(self._data)
        if embed is not None and not callable(embed):
            raise TypeError(f"embed must be callable with texts, got {type(embed).__name__}")
        if embed is None:
            said = list(rows) if isinstance(rows, list | tuple | np.ndarray) else []
            if not said or not all(isinstance(one, str) for one in said):
                raise ValueError("rows must be captions, one text a row, when there is no embed")
            made: Embeddings | Captions = Captions(said)
        else:
            made = Embeddings(rows, embed)
        if len(made) != n:
            raise ValueError(
                f"rows must hold one text or embedding for each of {n} rows, got {len(made)}"
            )
        self._text = made

    @property
    def indices(self) -> Indices:
        """What searches the latents of the rows."""
        with _turn:
            if self._indices is None or self._indices.data is not self._data:
                self._indices = Indices(self._data, self.geometry)
            return self._indices

    @property
    def captions(self) -> list[str]:
        """What is known of each row in words; as given to `add_text`, else from the columns."""
        return list(self._said().captions)

    def phrases(self, most: int = 12) -> list[str]:
        """Give words to look for, first those that tell the rows apart best.

        Parameters
        ----------
        most
            How many at most.

        Returns
        -------
        list of str
            Parts of `captions`, such as "red hair".
        """
        return self._said().phrases(whole("most", most, 1))

    def _check_k(self, k: int, most: int) -> int:
        if most < 1:
            raise ValueError("this space has no rows to search: it needs images or points")
        k = whole("k", k, 1)
        if k > most:
            raise ValueError(f"k must be a whole number from 1 to {most}, got {k}")
        return k

    def _check_row(self, row: int) -> int:
        last = len(self._data) - 1
        row = whole("row", row)
        if not 0 <= row <= last:
            raise ValueError(f"row must be a row id from 0 to {last}, got {row}")
        return row

    def _asked(self, query: Any, image: object, *, resize: bool) -> npt.NDArray[np.float32]:  # noqa: ANN401
        space: LatentSpace = self  # type: ignore[assignment]
        if image is not None:
            if not space.can_encode:
                raise TypeError(
                    "this space has no encode, so it cannot find a picture: give a latent or a row"
                )
            query = space.encode(one_picture("image", image, space.image_shape, resize=resize))
            query = query.mean[0]
        if query is None:
            return np.asarray(space.z)
        if np.ndim(query) < 2:
            return np.asarray(check_point("query", query, self.latent_dim, self.geometry))
        rows = latent_rows(query, self.latent_dim, torch.device("cpu"), "query")
        return np.asarray(self.geometry.project(rows.double()).float().numpy())

    def _said(self) -> Captions:
        if isinstance(self._text, Captions):
            return self._text
        columns = list(self._data.columns)
        with _turn:
            known = [] if self._words is None else self._words[0]
            same = len(known) == len(columns) and all(map(operator.is_, known, columns))
            if self._words is None or not same:
                self._words = (columns, Captions(captions(columns, len(self._data))))
            return self._words[1]

    def _by_text(self, text: str, k: int) -> Nearest:
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"text must be some words, got {text!r:.60}")
        far = (self._text or self._said()).distances(text)
        kth = np.partition(far, k - 1)[k - 1]
        close = np.flatnonzero(far <= kth + _SAME)
        # Of rows that fit equally well the most typical come first.
        points = self._data.points[close].astype(np.float64)
        typical = np.linalg.norm(points - points.mean(0), axis=1)
        order = np.lexsort((close, typical, np.round(far[close], 9)))[:k]
        return Nearest(close[order].astype(np.int64), far[close[order]])


def _pictured(query: object) -> bool:
    if isinstance(query, Image.Image):
        return True
    return isinstance(query, Tensor | np.ndarray) and query.ndim > 2


def _without(found: Nearest, row: int) -> Nearest:
    rows, distances = found.rows[0], found.distances[0]
    others = rows != row
    if others.all():
        others[-1] = False
    return Nearest(rows[others], distances[others])
