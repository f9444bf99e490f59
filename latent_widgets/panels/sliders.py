"""One slider a dimension, the most informative first."""

from __future__ import annotations

import numpy as np
import traitlets as t

from latent_widgets import codec
from latent_widgets.panels.panel import Panel
from latent_widgets.regions import region_means

_BINS = 32
# A shape of 32 bins looks the same with more rows, and 512 dimensions must open at once.
_MOST_ROWS = 20_000


class LatentSliders(Panel, stem="sliders"):
    """Moves `z` one dimension at a time; behind each slider, where the data lies.

    Where latents are pictures themselves (channels, rows, columns), sliders that shift a whole
    channel or region come first.

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
    """(d + regions, bins) float32 rows of the data along each slider, from low to high."""
    region_ranges = t.Bytes().tag(sync=True)
    """(regions, 2) float32 low and high of the sliders that move channels and regions."""

    @t.default("order")
    def _rank(self) -> list[int]:
        found: list[int] = self.space.data.order()
        return found

    @t.default("histograms")
    def _count(self) -> bytes:
        data = self.space.data
        low, high = data.spread()
        counts = count_rows(data.points, low, high, _BINS)
        means = region_means(data.points, self.space.latent_shape)
        low, high = data.spread(means)
        return codec.floats_to_bytes(np.vstack([counts, count_rows(means, low, high, _BINS)]))

    @t.default("region_ranges")
    def _measure(self) -> bytes:
        means = region_means(self.space.points, self.space.latent_shape)
        return codec.floats_to_bytes(np.stack(self.space.data.spread(means), axis=1))

    def _renew(self, _: object) -> None:
        with self.hold_sync():
            self.order, self.histograms = self.space.data.order(self.order), self._count()
            self.region_ranges = self._measure()

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
