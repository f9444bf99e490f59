"""Maps that form step by step: shipped, kept on disk, or laid out now."""

from __future__ import annotations

from typing import NamedTuple

from latent_widgets.analysis.base import Array
from latent_widgets.analysis.bundled_maps import bundled_map
from latent_widgets.analysis.layouts.options import LAYOUTS, Layout, Options, read_options
from latent_widgets.analysis.layouts.report import Reporter
from latent_widgets.analysis.linear import linear_projection
from latent_widgets.analysis.map_cache import fingerprint, key_of, read_map, write_map
from latent_widgets.analysis.stored_map import StoredProjection
from latent_widgets.geometry import Geometry


class Wish(NamedTuple):
    """Which map is wanted; see `project`."""

    method: str
    dim: int
    seed: int
    geometry: Geometry | None

    @property
    def curved(self) -> Geometry | None:
        """The geometry whose distance ranks rows otherwise than the straight one does."""
        # Along a sphere and through it, rows are ranked alike.
        same = self.geometry is None or self.geometry.name != "poincare"
        return None if same else self.geometry


def laid_out(
    rows: Array, wish: Wish, given: Options, report: Reporter, *, stored: bool
) -> StoredProjection:
    """Find or make a map.

    Parameters
    ----------
    rows
        (n, d) finite float32.
    wish
        Which map; `method` is one of `LAYOUTS`.
    given
        Options of the method, and `backward`.
    report
        Told and shown how the map forms.
    stored
        Whether it may be one that was made before.

    Raises
    ------
    ValueError, TypeError, ImportError
        As `project`.
    """
    given = dict(given)
    backward = given.pop("backward", "nearest")
    if backward not in StoredProjection.BACKWARD:
        known = " or ".join(map(repr, StoredProjection.BACKWARD))
        raise ValueError(f"backward must be {known}, got {backward!r}")
    layout = LAYOUTS[wish.method]
    options = read_options(wish.method, rows, given)
    plain = options == read_options(wish.method, rows, {})
    mark = fingerprint(rows) if stored else ""
    xy = None
    if stored and plain and wish.seed == 0 and wish.curved is None:
        xy = bundled_map(mark, wish.method, wish.dim)
    if xy is None:
        xy = _kept_or_made(rows, wish, options, report, mark)
    about = layout.about.format(**options)
    return StoredProjection(rows, xy, wish.method, about, geometry=wish.geometry, backward=backward)


def _kept_or_made(rows: Array, wish: Wish, options: Options, report: Reporter, mark: str) -> Array:
    layout: Layout = LAYOUTS[wish.method]
    if not layout.installed:
        raise ImportError(
            f"method {wish.method!r} needs {layout.library}: "
            f'pip install "latent-widgets[{layout.extra}]"'
        )
    key = key_of(
        mark,
        method=wish.method,
        dim=wish.dim,
        seed=wish.seed,
        options=options,
        geometry=None if wish.curved is None else wish.curved.spec(),
        version=layout.version,
    )
    xy = read_map(key, len(rows), wish.dim) if mark else None
    if xy is None:
        report.say(0.0, "principal axes")
        start = linear_projection(rows, "pca", wish.dim).xy
        xy = layout.lay_out(rows, start, wish.seed, report, geometry=wish.curved, **options)
        if mark:
            write_map(key, xy)
    return xy
