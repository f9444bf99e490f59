"""Rows found by words: those of their captions, or any encoder of text."""

from __future__ import annotations

import collections
import functools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets.analysis.neighbours import Neighbours

Embed = Callable[[list[str]], Any]

_BATCH = 256
_WORD = re.compile(r"[^\W_]+")
_BREAKS = {
    *("a", "an", "and", "are", "at", "has", "have", "having", "in", "is", "of", "on", "or"),
    *("person", "that", "the", "to", "very", "who", "with"),
}
_NOT = frozenset(["no", "not", "without", "never", "lacks", "lacking"])
_NUMERALS = {
    word: str(number)
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}
_ENDINGS = ("ing", "ed", "es", "s", "y", "e")
_SHORTEST = 3
_EXAMPLES = 6
_SHARED = 0.2


class Captions:
    """Finds rows whose captions say what a text says.

    Parameters
    ----------
    captions
        One text a row.

    Notes
    -----
    Words, and pairs of neighbouring words, count by how rare they are (inverse document
    frequency, Sparck Jones 1972). The distance of a row is the share of the text's weight that
    its caption does not fulfil: 0 when it says everything and nothing that the text excludes.
    """

    def __init__(self, captions: Sequence[str]) -> None:
        self.captions = [str(text) for text in captions]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.captions)

    def distances(self, text: str) -> npt.NDArray[np.float64]:
        """Compare a text with every row.

        Parameters
        ----------
        text
            Words; those after "no", "not" or "without", up to the next break, are excluded.

        Returns
        -------
        numpy.ndarray
            (n,) from 0 to 1.

        Raises
        ------
        ValueError
            If no caption has any of the words.
        """
        found, weights, vocabulary = self._table
        wanted = {name: sign for name, sign in _features(text) if name in vocabulary}
        # Without a red shirt there may be red hair: a pair is excluded as a whole.
        for pair in [name for name, sign in wanted.items() if sign < 0 and " " in name]:
            for word in pair.split():
                wanted.pop(word, None)
        if not wanted:
            raise ValueError(
                f"text must hold words that rows are described with, such as "
                f"{', '.join(self.phrases(_EXAMPLES))}, got {text!r:.60}; for other words give "
                "the space an encoder with space.add_text"
            )
        columns = [vocabulary[name] for name in wanted]
        signs = np.array(list(wanted.values()))
        has = found[:, columns].toarray().astype(bool)
        share = weights[columns] / weights[columns].sum()
        missed: npt.NDArray[np.float64] = (has != (signs > 0)) @ share
        return missed

    def phrases(self, most: int) -> list[str]:
        """Give some of what captions say, first what tells the rows apart best.

        Parameters
        ----------
        most
            How many phrases at most.

        Returns
        -------
        list of str
            Parts of captions, as they stand between commas: first those that about a fifth of the
            rows share, then rarer and more frequent ones.
        """
        parts = (part.strip() for caption in self.captions for part in caption.split(","))
        counted = collections.Counter(filter(None, parts))
        usual = _SHARED * len(self.captions)
        return sorted(counted, key=lambda phrase: abs(math.log(counted[phrase] / usual)))[:most]

    @functools.cached_property
    def _table(self) -> tuple[Any, npt.NDArray[np.float64], dict[str, int]]:
        from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415 - takes a second

        counter = CountVectorizer(analyzer=_names, binary=True)
        try:
            found = counter.fit_transform(self.captions).tocsr()
        except ValueError:
            raise ValueError(
                "text needs rows that something is said of: give the space labels or factors, "
                "or an encoder with space.add_text"
            ) from None
        rows_with = np.asarray(found.sum(axis=0)).ravel()
        weights = np.log((1 + found.shape[0]) / (1 + rows_with)) + 1
        return found, weights, counter.vocabulary_


class Embeddings:
    """Finds rows whose embeddings point where an encoder puts a text: a pair as in CLIP.

    Parameters
    ----------
    rows
        (n, e) embeddings of the rows, or n texts that `embed` takes.
    embed
        Takes m texts and gives (m, e) finite numbers.

    Raises
    ------
    ValueError
        If the embeddings do not fit.

    Notes
    -----
    Pictures and texts on one sphere, compared by their cosine: Radford et al. (2021).
    """

    def __init__(self, rows: Any, embed: Embed) -> None:  # noqa: ANN401 - anything may be given
        self._embed = embed
        texts = isinstance(rows, list | tuple) and all(isinstance(one, str) for one in rows)
        if texts:
            parts = [list(rows[i : i + _BATCH]) for i in range(0, len(rows), _BATCH)]
            rows = torch.cat([self._call(part) for part in parts])
        self._index = Neighbours(_rows("rows", rows, None), "cosine")

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._index)

    def distances(self, text: str) -> npt.NDArray[np.float64]:
        """Compare a text with every row.

        Parameters
        ----------
        text
            Any words.

        Returns
        -------
        numpy.ndarray
            (n,) one minus the cosine.

        Raises
        ------
        ValueError
            If the encoder gives no embedding of the width of the rows.
        """
        width = self._index.points.shape[1]
        asked = self._call([text])
        if asked.shape[1] != width:
            raise ValueError(
                f"embed must give {width} numbers a text, as the rows have, got {asked.shape[1]}"
            )
        distances, rows = self._index.search(asked, len(self._index))
        found = np.empty(len(self._index))
        found[rows[0].cpu().numpy()] = distances[0].cpu().numpy()
        return found

    def _call(self, texts: list[str]) -> Tensor:
        return _rows("embed(texts)", self._embed(texts), len(texts))


def _rows(name: str, given: Any, count: int | None) -> Tensor:  # noqa: ANN401
    try:
        found = torch.as_tensor(
            given.detach().cpu() if isinstance(given, Tensor) else np.array(given, np.float32)
        ).float()
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be rows of numbers, got {given!r:.60}") from None
    wanted = "(n, e)" if count is None else f"({count}, e)"
    wrong = found.ndim != 2 or (count is not None and len(found) != count)
    if wrong or not bool(found.isfinite().all()):
        flaw = "" if bool(found.isfinite().all()) else " with NaN or infinity"
        raise ValueError(f"{name} must be finite {wanted}, got shape {tuple(found.shape)}{flaw}")
    return found


def _names(text: str) -> list[str]:
    return [name for name, _ in _features(text)]


def _features(text: str) -> Iterator[tuple[str, int]]:
    """Stems and pairs of neighbouring stems, each with 1, or -1 where it is excluded."""
    for part in re.split(r"[,;.:/]", text.lower()):
        before, sign = "", 1
        for word in _WORD.findall(part):
            if word in _BREAKS or word in _NOT:
                # "no glasses and a hat": a break ends what is excluded, "a" alone does not.
                ends = word not in {"a", "an", "the"}
                before, sign = "", -1 if word in _NOT else 1 if ends else sign
                continue
            stem = _stem(_NUMERALS.get(word, word))
            yield stem, sign
            if before:
                yield f"{before} {stem}", sign
            before = stem


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return _stem(word[: -len(ending)])
    return word
