"""The tint of a map: every place shaded by the class that it decodes to."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import traitlets as t

from latent_widgets.analysis.cells import CellMap, check_probabilities, classify_cells
from latent_widgets.analysis.projection import LinearProjection
from latent_widgets.analysis.voting import vote
from latent_widgets.columns import Column
from latent_widgets.progress import Progress
from latent_widgets.working import Working

# A map that is still forming moves many times a second: what is drawn for it waits for its rest.
REST_SECONDS = 0.25


class Tints(Working):
    """Gives a map cells, each decoded and classified in the background, coarse first."""

    cells = t.Unicode(None, allow_none=True).tag(sync=True)
    """The column of classes by which the map's cells are shaded: the middle of each is decoded
    and the picture classified; the stronger, the surer. None for no shading."""
    classifier = t.Any(None)
    """Classifies decoded pictures: a callable from (m, C, H, W) in [0, 1], a tensor on the
    space's device, to (m, classes) probabilities, classes in the order of the column's. None for
    a vote of the ten nearest rows of each picture encoded again, weighted by distance; of the
    latent itself where the space cannot encode."""
    tints = t.Dict(read_only=True).tag(sync=True)
    """What the page draws of `cell_map`."""
    cell_work = t.Dict(read_only=True).tag(sync=True)
    """Where the classification is: as `work`."""

    _begun = False
    """Whether all options are taken in."""
    # What a panel has.
    space: Any
    projection: Any
    color: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the panel's
        self._cell_map: CellMap | None = None
        self._showings = 0
        self._shading = self._beside("cell_work")
        super().__init__(*args, **kwargs)
        self.on_msg(self._hear_stop)  # type: ignore[attr-defined]

    @property
    def cell_map(self) -> CellMap | None:
        """The finest classification of the map's cells so far; None before the first."""
        return self._cell_map

    def cancel_cells(self) -> None:
        """Stop classifying; the cells that are there stay."""
        self._shading.cancel()

    @t.validate("cells")
    def _check_cells(self, proposal: t.Bunch) -> str | None:
        value: str | None = proposal.value
        if value is None:
            return None
        columns = {column.name: column for column in self.space.data.columns}
        known = [name for name, column in columns.items() if column.categories]
        if value in columns and value not in known:
            raise ValueError(f"cells must be a column of classes, got the numbers of {value!r}")
        if value not in known:
            raise ValueError(f"cells must be None or one of {known}, got {value!r:.60}")
        return value

    @t.validate("classifier")
    def _check_classifier(self, proposal: t.Bunch) -> object:
        if proposal.value is not None and not callable(proposal.value):
            raise ValueError(f"classifier must be callable or None, got {proposal.value!r:.60}")
        if proposal.value is not None and not self.space.can_decode:
            raise ValueError("classifier needs pictures, and this space has no decode")
        return proposal.value

    @t.observe("cells", "classifier")
    def _shade_anew(self, change: t.Bunch) -> None:
        if change.name == "cells" or self.cells is not None:
            self._shade()

    def _shade(self, rest: float = 0.0) -> None:
        if not self._begun:
            return
        column = next((c for c in self.space.data.columns if c.name == self.cells), None)
        # A first map is made by whoever asks first, and that is not for the job to do.
        deep = self.projection.dim != 2
        if column is None or column.categories is None or deep:
            self._shading.cancel()
            self._show_cells(None, None)
            self.set_trait("cell_work", {})
            return
        categories = column.categories

        def job(progress: Progress) -> None:
            pause(rest, progress)
            projection = self.projection
            maps = classify_cells(
                flat(projection.xy, "cells"),
                column.values.astype(np.int64),
                categories,
                projection.inverse,
                classifying(self.space, column, self.classifier),
                # Where no formula leads back, far from all rows nothing is known.
                fade=not isinstance(projection, LinearProjection),
                progress=progress,
            )
            for cells in maps:
                progress(0.0, "")
                self._show_cells(cells, column)

        self._shading.start("decoded classes", job, lambda _: None)

    def _show_cells(self, cells: CellMap | None, column: Column | None) -> None:
        self._cell_map = cells
        if cells is None or column is None:
            self.set_trait("tints", {})
            return
        self._showings += 1
        self.set_trait(
            "tints",
            {
                # The page waits for them after a move, also where they are the same.
                "showing": self._showings,
                "column": column.name,
                "low": cells.low.tolist(),
                "step": cells.step,
                "shape": list(cells.codes.shape),
                "codes": cells.codes.astype(np.uint8).tobytes(),
                "confidence": np.rint(cells.confidence * 255).astype(np.uint8).tobytes(),
                "rows": cells.rows.astype("<i4").tobytes(),
                "agreeing": cells.agreeing.astype("<i4").tobytes(),
            },
        )

    def _hear_stop(self, _: object, content: object, __: object) -> None:
        if isinstance(content, dict) and content.get("op") == "cancel_cells":
            self.cancel_cells()


def pause(seconds: float, progress: Progress) -> None:
    """Wait, and stop waiting when the job is no longer wanted.

    Parameters
    ----------
    seconds
        How long.
    progress
        Raises when nobody waits for the job.
    """
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.05))
        progress(0.0, "")


def flat(xy: npt.NDArray[Any], what: str) -> npt.NDArray[Any]:
    """Refuse a map that is not flat.

    Parameters
    ----------
    xy
        (n, dim) places.
    what
        What is asked for, in the sentence.

    Returns
    -------
    numpy.ndarray
        The same.

    Raises
    ------
    ValueError
        If dim is not 2.
    """
    if xy.shape[1] != 2:
        raise ValueError(f"{what} are drawn on flat maps; this one has {xy.shape[1]} dimensions")
    return xy


def classifying(
    space: Any,  # noqa: ANN401 - a LatentSpace
    column: Column,
    classifier: Callable[[torch.Tensor], Any] | None,
) -> Callable[[npt.NDArray[Any]], npt.NDArray[np.float64]]:
    """Build what classifies latents by the pictures that they decode to.

    Parameters
    ----------
    space
        The space; its model as it is now.
    column
        The classes of its rows.
    classifier
        From pictures to probabilities; a vote of the nearest rows when None.

    Returns
    -------
    callable
        From (m, d) latents to (m, classes) probabilities; zeros where a curved space has no such
        latent.
    """
    classes = len(column.categories or ())
    codes = column.values.astype(np.int64)
    geometry = space.geometry

    def classify(z: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        latents = np.asarray(z, np.float32)
        there = np.ones(len(latents), bool)
        if geometry.name != "euclidean":
            inside = np.asarray(geometry.project(latents), np.float32)
            there = np.abs(inside - latents).max(axis=1) < 1e-3
            latents = inside
        if classifier is not None:
            with torch.inference_mode():
                given = classifier(space.decode(latents))
            chances = check_probabilities(given, len(latents), classes)
        else:
            if space.can_decode and space.can_encode:
                latents = space.encode(space.decode(latents)).mean.cpu().numpy()
            chances = vote(space.points, codes, classes, latents, geometry=geometry)
        chances[~there] = 0
        return chances

    return classify
