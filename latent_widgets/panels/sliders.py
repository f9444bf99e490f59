"""One slider a dimension, the most informative first."""

from __future__ import annotations

import numpy as np
import traitlets as t

from latent_widgets import codec
from latent_widgets.panels.panel import Panel

_BINS = 32
# A shape of 32 bins looks the same with more rows, and 512 dimensions must open at once.
_MOST_ROWS = 20_000


class LatentSliders(Panel, stem="sliders"):
    """Moves `z` one dimension at a time; behind each slider, where the data lies.

    Drag or use the arrow keys (shift: ten times as far); Home or a double click takes one
    dimension back to where it started.
    """

    shown = t.Int(8).tag(sync=True)
    """How many sliders to show, at least 1; the most informative come first."""
    active_only = t.Bool(default_value=False).tag(sync=True)
    """Show only dimensions with a KL of at least 0.05 nats."""
    locked = t.List(t.Int()).tag(sync=True)
    """Dimensions that the sliders, reset and random leave alone."""
    order = t.List(t.Int()).tag(sync=True)
    """All dimensions as they are listed: by KL, or by the points' variance without one."""
    histograms = t.Bytes().tag(sync=True)
    """(d, bins) float32 rows of the data along each dimension, from `low` to `high`."""

    @t.default("order")
    def _rank(self) -> list[int]:
        found: list[int] = self.space.data.order()
        return found

    @t.default("histograms")
    def _count(self) -> bytes:
        data = self.space.data
        low, high = data.spread()
        return codec.floats_to_bytes(count_rows(data.points, low, high, _BINS))

    def _renew(self, _: object) -> None:
        with self.hold_sync():
            self.order, self.histograms = self._rank(), self._count()

    @t.validate("shown")
    def _check_shown(self, proposal: t.Bunch) -> int:
        if proposal.value < 1:
            raise t.TraitError(f"shown must be at least 1, got {proposal.value}")
        return int(proposal.value)

    @t.validate("locked")
    def _check_locked(self, proposal: t.Bunch) -> list[int]:
        d = self.space.latent_dim
        for dim in proposal.value:
            if not 0 <= dim < d:
                raise t.TraitError(f"locked must hold dimensions from 0 to {d - 1}, got {dim}")
        return sorted(set(proposal.value))

    @t.validate("order")
    def _check_order(self, proposal: t.Bunch) -> list[int]:
        d = self.space.latent_dim
        if sorted(proposal.value) != list(range(d)):
            raise t.TraitError(
                f"order must name each dimension from 0 to {d - 1} once, "
                f"got {len(proposal.value)} entries"
            )
        return list(proposal.value)


def count_rows(
    points: codec.Floats, low: codec.Floats, high: codec.Floats, bins: int
) -> codec.Floats:
    """Count rows along each dimension.

    Parameters
    ----------
    points
        (n, d) rows; with very many, evenly spaced ones are counted.
    low, high
        (d,) range of each dimension; rows outside are left out.
    bins
        How many equal bins a range is cut into.

    Returns
    -------
    numpy.ndarray
        (d, bins) float32 counts.
    """
    n, d = points.shape
    rows = points[:: -(-n // _MOST_ROWS)] if n else points
    scaled = (rows - low) / (high - low) * bins
    inside = (scaled >= 0) & (scaled < bins)
    cells = scaled.astype(np.int64) + np.arange(d) * bins
    counts = np.bincount(cells[inside], minlength=d * bins)
    return counts.reshape(d, bins).astype(np.float32)
