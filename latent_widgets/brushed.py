"""Brushes on a map: a density to draw batches from, and a line to go along."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.brush_density import BrushDensity, smooth_line
from latent_widgets.answering import Answer, Content
from latent_widgets.batch import Batch, draw_batch
from latent_widgets.counts import whole
from latent_widgets.mapping import Mapped

_MOST_DABS, _MOST_PLACES, _MOST_DRAWN, _SHEET = 5000, 20_000, 100_000, 64
# Its square is still a float64, and itself a float32.
_WIDEST = 1e30
_strokes = itertools.count()
_FLAT = "painting needs a map with two axes: set dim=2, or a method without a globe"


class Table(t.TraitType[Any, Any]):
    """(m, width) finite float32 numbers; none at all for nothing.

    Parameters
    ----------
    width
        Numbers a row.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        super().__init__(np.zeros((0, width), np.float32))

    def validate(self, obj: Any, value: Any) -> codec.Floats:  # noqa: ANN401, ARG002
        """Check rows that are about to be set."""
        rows = _table(str(self.name), self._width, value)
        rows.flags.writeable = False
        return rows


def _table(name: str, width: int, value: Any) -> codec.Floats:  # noqa: ANN401 - anything may be given
    wanted = f"{name} must be rows of {width} finite numbers"
    try:
        with np.errstate(over="ignore"):
            rows = np.array(value, np.float32)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{wanted}, got {type(value).__name__}") from None
    if not rows.size:
        rows = np.zeros((0, width), np.float32)
    if rows.ndim != 2 or rows.shape[1] != width:
        raise ValueError(f"{wanted}, got shape {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError(f"{wanted}, got NaN or infinity")
    if len(rows) > _MOST_PLACES:
        raise ValueError(f"{wanted}, at most {_MOST_PLACES}, got {len(rows)}")
    return rows


def _wire(width: int) -> dict[str, Any]:
    return {
        "sync": True,
        "to_json": lambda rows, _: codec.floats_to_bytes(rows),
        "from_json": lambda value, _: (
            codec.bytes_to_floats(value, width) if len(value) else np.zeros((0, width))
        ),
    }


class Brushed(Mapped):
    """Lets a map be painted on."""

    dabs = Table(4).tag(**_wire(4))
    """(m, 4) float32 of the painted density: x, y, radius, and how much, -1 to 1; see `brush`."""
    line = Table(2).tag(**_wire(2))
    """(m, 2) float32 places of a line that was drawn by hand; see `trace`."""

    _questions = {**Mapped._questions, "batch": "_answer_batch", "trace": "_answer_trace"}  # noqa: RUF012, SLF001

    def brush(
        self, places: npt.ArrayLike, radius: float, much: float = 1.0, *, erase: bool = False
    ) -> None:
        """Paint a density on the map, or take some away.

        Parameters
        ----------
        places
            (m, 2) middles of soft dabs, or one, in units of the map.
        radius
            Of a dab, above 0 and at most 1e30.
        much
            How much a dab adds or takes, above 0 and at most 1.
        erase
            Whether it takes away.

        Raises
        ------
        ValueError
            If something does not fit, or the map has no two axes.
        """
        self._check_flat()
        for name, value, most in (("radius", radius, _WIDEST), ("much", much, 1)):
            if not (isinstance(value, int | float | np.number) and 0 < value <= most):
                wanted = f"above 0 and at most {most:g}"
                raise ValueError(f"{name} must be a number {wanted}, got {value!r:.40}")
        where = _table("places", 2, [places] if np.shape(places) == (2,) else places)
        dabs = np.full((len(where), 4), (0, 0, radius, -much if erase else much), np.float32)
        dabs[:, :2] = where
        self.dabs = np.concatenate([self.dabs, dabs])

    def clear_brush(self) -> None:
        """Take the painted density and the line away."""
        with self.space.tape.gesture():
            self.dabs, self.line = np.zeros((0, 4)), np.zeros((0, 2))

    @property
    def brush_density(self) -> BrushDensity:
        """What was painted, to be asked for its weight anywhere."""
        return BrushDensity(self.dabs.astype(np.float64))

    def sample_batch(
        self, n: int, seed: int = 0, *, column: str | None = None, least: float = 0.0
    ) -> Batch:
        """Draw a labelled batch from the painted density.

        Parameters
        ----------
        n
            How many, 1 to 100,000.
        seed
            Same seed, same batch.
        column
            The classes that the nearest rows vote on; the first column of classes when None.
        least
            The percentile of density among the rows below which a latent is drawn anew.

        Returns
        -------
        Batch
            `images`, `z`, `labels`, `confidence`; `.dataset()` for torch.

        Raises
        ------
        ValueError
            If nothing is painted, something does not fit, or too few places have the density.
        """
        self._check_flat()
        n, seed = whole("n", n, 1, _MOST_DRAWN), whole("seed", seed, 0)
        if not (isinstance(least, int | float | np.number) and 0 <= least < 100):
            raise ValueError(f"least must be a percentile from 0 to below 100, got {least!r:.60}")
        density = self.brush_density
        return draw_batch(self.space, self.projection, density, n, seed, column=column, least=least)

    def trace(
        self, places: npt.ArrayLike | None = None, n: int = 16, near: npt.ArrayLike | None = None
    ) -> codec.Floats:
        """Find the latents along a line on the map, evenly spaced, the hand's tremble smoothed.

        Parameters
        ----------
        places
            (m, 2) places; `line` when None, which they become otherwise.
        n
            How many latents, 2 to 100,000.
        near
            (d,) what a linear map does not show; the rows' mean when None.

        Returns
        -------
        numpy.ndarray
            (n, d) float32, for `FilmStrip(space, latents=...)`.

        Raises
        ------
        ValueError
            If there is no line, it goes nowhere, or the map has no two axes.
        """
        self._check_flat()
        n = whole("n", n, 2, _MOST_DRAWN)
        if places is not None:
            self.line = places
        if len(self.line) < 2:
            raise ValueError("line must have at least two places, got fewer: draw one on the map")
        where = smooth_line(self.line, n).astype(np.float32)
        beside = None if near is None else np.tile(np.asarray(near, np.float32), (n, 1))
        found = self.space.geometry.project(self.projection.inverse(where, beside))
        return np.asarray(found, np.float32)

    def _check_flat(self) -> None:
        if self.projection.dim != 2:
            raise ValueError(_FLAT)

    def _gesture_of(self, sync_data: dict[str, Any]) -> str:
        # A page tells of a stroke once, when it is over; the next one may follow at once.
        stroke = not {"dabs", "line"}.isdisjoint(sync_data)
        return f"stroke {next(_strokes)}" if stroke else ""

    @t.validate("dabs")
    def _check_dabs(self, proposal: t.Bunch) -> codec.Floats:
        dabs: codec.Floats = proposal.value
        if len(dabs) > _MOST_DABS:
            raise t.TraitError(f"dabs must be at most {_MOST_DABS}, got {len(dabs)}")
        if len(dabs) and not ((dabs[:, 2] > 0).all() and (np.abs(dabs[:, 3]) <= 1).all()):
            raise t.TraitError("dabs must have radii above 0 and amounts from -1 to 1")
        return dabs

    @t.observe("chart")
    def _other_map(self, _: object) -> None:
        # Places of one map mean nothing on another.
        if len(self.dabs) or len(self.line):
            self.clear_brush()

    def _answer_batch(self, content: Content, _: list[memoryview]) -> Answer:
        n = min(whole("n", content.get("n"), 1), _SHEET)
        batch = self.sample_batch(n, whole("seed", content.get("seed"), 0))
        labels = [] if batch.labels is None else [batch.names[int(k)] for k in batch.labels]
        sure = [] if batch.confidence is None else batch.confidence.tolist()
        return {"labels": labels, "confidence": sure}, [codec.floats_to_bytes(batch.z.numpy())]

    def _answer_trace(self, content: Content, _: list[memoryview]) -> Answer:
        n = min(whole("n", content.get("n"), 2), _SHEET)
        return {}, [codec.floats_to_bytes(self.trace(n=n, near=self.space.z))]
