"""A flat view of latents, and the way back: by any of the methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from latent_widgets.analysis.base import Array, Projection, Snapshot
from latent_widgets.analysis.disc import DiscProjection
from latent_widgets.analysis.globe import GlobeProjection
from latent_widgets.analysis.laid_out import Wish, laid_out
from latent_widgets.analysis.layouts.options import LAYOUTS, refuse_unknown
from latent_widgets.analysis.layouts.report import Reporter
from latent_widgets.analysis.learned_map import learned_projection
from latent_widgets.analysis.linear import LinearProjection, linear_projection
from latent_widgets.geometry import Geometry
from latent_widgets.progress import Progress

__all__ = ["METHODS", "LinearProjection", "Projection", "project"]

LINEAR = ("pca", "axes", "random", "directions")
METHODS = (*LINEAR, *LAYOUTS, "parametric", "sphere", "disc")
"""Every method of `project`."""
_NETWORK = 0.5


def project(
    points: npt.NDArray[Any],
    method: str = "pca",
    dim: int = 2,
    seed: int = 0,
    *,
    axes: Sequence[int] | None = None,
    directions: npt.ArrayLike | None = None,
    geometry: Geometry | None = None,
    progress: Progress | None = None,
    snapshot: Snapshot | None = None,
    stored: bool = True,
    **options: Any,  # noqa: ANN401 - the method's own
) -> Projection:
    """Project points to two or three dimensions.

    Parameters
    ----------
    points
        (n, d) latents, n >= 1 and d >= 1.
    method
        - "pca": the directions of largest variance (Pearson 1901; Hotelling 1933);
        - "axes": dimensions of the latent itself;
        - "random": two random orthogonal directions;
        - "directions": chosen ones, orthogonal or not;
        - "tsne", "umap" (need the extra `maps`) and "torchdr" (needs the extra `torchdr`):
          layouts that keep near rows near; see `tsne_layout`, `umap_layout` and
          `torchdr_layout` for their options;
        - "parametric": a network that learned a layout; `of` says which, "umap" at first;
        - "sphere": latents by their direction, on a globe (dim 3);
        - "disc": latents of a Poincare ball.
    dim
        How many dimensions to keep, 2 or 3; missing ones (d < dim) are filled with zeros.
    seed
        For methods that draw random numbers; the same seed gives the same map.
    axes
        With "axes", which dimensions: `dim` different ones; the first `dim` when None.
    directions
        With "directions", (dim, d) vectors, one an axis, independent; their lengths do not count.
    geometry
        What the latents live in; flat when None. Layouts in a Poincare ball begin with its own
        distances, on a sphere with those through it, which rank rows alike.
    progress
        Called with (share, words), share in [0, 1], while a long one works; what it raises
        passes through, and nothing is kept.
    snapshot
        Called a few times a second with (n, dim) float32 places while a layout forms.
    stored
        Whether a layout may be one that was made before: shipped with a bundled space, or kept
        on disk (by the content of the points and all that was asked); a new one is kept then.
    **options
        Of the method; for layouts also `backward`, the way back: "nearest" or "radial".

    Returns
    -------
    Projection
        The projected points and the map itself. Each principal axis points to where its
        largest component is positive, so that the same data always looks the same.

    Raises
    ------
    ValueError
        If the method or dim is unknown, the points are not finite rows, are too few or too much
        alike for the method, or an argument does not fit them.
    TypeError
        If the method has no such option.
    ImportError
        If the method needs an extra that is not installed.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    if isinstance(dim, bool) or dim not in (2, 3):
        raise ValueError(f"dim must be 2 or 3, got {dim!r}")
    rows = _finite(points)
    if method in LINEAR:
        refuse_unknown(method, options, ())
        chosen = {"axes": axes, "directions": directions}
        return linear_projection(rows, method, dim, seed, progress=progress, **chosen)  # type: ignore[arg-type]
    if method == "sphere":
        refuse_unknown(method, options, ())
        if dim != 3:
            raise ValueError(f"method 'sphere' needs dim=3, got dim={dim}")
        return GlobeProjection(rows, geometry)
    if method == "disc":
        refuse_unknown(method, options, ())
        return DiscProjection(rows, dim, geometry)
    wish = Wish(method, dim, seed, geometry)
    if method == "parametric":
        of = options.pop("of", "umap")
        if of not in LAYOUTS:
            raise ValueError(f"of must be one of {', '.join(LAYOUTS)}, got {of!r}")
        report = Reporter(_part(progress, 0.0, _NETWORK), snapshot)
        laid = laid_out(rows, wish._replace(method=of), options, report, stored=stored)
        return learned_projection(laid, seed, _part(progress, _NETWORK, 1.0), stored=stored)
    return laid_out(rows, wish, options, Reporter(progress, snapshot), stored=stored)


def _finite(points: npt.ArrayLike) -> Array:
    rows = np.asarray(points)
    if rows.ndim != 2 or not rows.size or rows.dtype.kind not in "fiub":
        raise ValueError(f"points must be finite rows of shape (n, d), got shape {rows.shape}")
    rows = rows.astype(np.float32, copy=False)
    if not np.isfinite(rows).all():
        broken = np.flatnonzero(~np.isfinite(rows).all(axis=1))
        named = ", ".join(map(str, broken[:3])) + (", ..." if len(broken) > 3 else "")
        raise ValueError(
            f"points must be finite rows of shape (n, d), and {len(broken)} of {len(rows)} hold "
            f"NaN or infinity: {named}"
        )
    return rows


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    if progress is None:
        return None
    return lambda share, words: progress(start + (end - start) * share, words)
