"""Draws from a space: what it has not seen, and the ones that were liked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
import traitlets as t

from latent_widgets import codec
from latent_widgets.analysis.hollow import draw_inside
from latent_widgets.analysis.likeness import active_dimensions
from latent_widgets.analysis.novelty import Novel, draw_between, draw_far
from latent_widgets.analysis.rows import Floats, draw_rows
from latent_widgets.analysis.truncation import check_truncation, draw_truncated
from latent_widgets.counts import MOST_NUMBERS, whole
from latent_widgets.latent import check_point
from latent_widgets.latents import LatentsTrait
from latent_widgets.progress import Progress

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

KINDS = ("far", "between", "hole")
MOST = 1024
"""Latents that are drawn at once where each has to be judged."""
_FAR_DRAWS = 40
_LEAST_DRAWS = 2000
_LANDMARKS = 300

Rows = Sequence[int] | npt.NDArray[np.integer]


class Sampled(t.HasTraits):
    """Lets a space draw latents that no row is like, and keep those that were liked."""

    favourites = LatentsTrait(np.zeros((0, 0), np.float32))
    """(m, d) float32 latents to keep, the first kept first; part of `state`."""

    def sample(
        self,
        n: int,
        seed: int | None = None,
        *,
        truncation: float | None = None,
        method: str = "psi",
        around: str | npt.ArrayLike = "mean",
    ) -> codec.Floats:
        """Draw latents from the prior: N(0, I), or what its geometry has in place of it.

        Parameters
        ----------
        n
            How many, 1 to 2^28 / d: a gigabyte of them.
        seed
            Same seed, same latents; None goes on from the space's own seed.
        truncation
            None for the prior itself; for "psi" the share of the way from the centre that a draw
            keeps, above 0 and at most 1; for "resample" the threshold beyond which is drawn again,
            see `analysis.draw_truncated`.
        method
            "psi" or "resample".
        around
            The centre: "mean" of the rows (`home` where they have no single one), "home",
            "origin" of the prior, or d numbers.

        Returns
        -------
        numpy.ndarray
            (n, d) float32.

        Raises
        ------
        ValueError
            If an argument does not fit.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        most = MOST_NUMBERS // space.latent_dim
        n, share = whole("n", n, 1, most), check_truncation(truncation, method)
        generator = space._generator  # noqa: SLF001 - this very one
        if seed is not None:
            generator = torch.Generator().manual_seed(whole("seed", seed))
        if share is None:
            return space.geometry.random(n, space.latent_dim, generator).numpy()
        draws = draw_truncated(
            n,
            space.latent_dim,
            space.geometry,
            truncation=share,
            method=method,
            centre=self._centre(around),
            generator=generator,
        )
        return np.asarray(space.geometry.project(draws.astype(np.float32)), np.float32)

    def sample_novel(
        self,
        n: int,
        kind: str = "far",
        *,
        seed: int = 0,
        a: Rows | None = None,
        b: Rows | None = None,
        cycle: Rows | None = None,
        noise: float = 0.2,
        progress: Progress | None = None,
    ) -> Novel:
        """Draw latents that are like no row.

        Parameters
        ----------
        n
            How many, 1 to 1,024.
        kind
            "far": draws of the prior farther from the rows than 95 in 100 rows are from each
            other, and still plausible. "between": about midway between the rows `a` and `b`.
            "hole": inside a loop of rows, where no row is.
        seed
            Same seed, same latents.
        a, b
            Row ids, for "between".
        cycle
            Row ids of a loop, as `TopologyPanel.cycle` has them, for "hole"; when None, that of
            the longest hole among 300 landmarks of the rows.
        noise
            Of "between", 0 to below 1, see `analysis.draw_between`.
        progress
            Called with the share done and words; what it raises ends the work.

        Returns
        -------
        analysis.Novel
            `z` (m, d) with m of 0 to n, `tried`, `accepted`, and `about`, which says why there
            are none.

        Raises
        ------
        ValueError
            If an argument does not fit, or there are too few rows.
        ImportError
            For "hole" without `cycle`, and without the extra `topology`.
        """
        space: LatentSpace = self  # type: ignore[assignment]
        n, seed = whole("n", n, 1, MOST), whole("seed", seed, 0)
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {list(KINDS)}, got {kind!r:.60}")
        points = np.asarray(space.points, np.float64)
        if not len(points):
            raise ValueError("this space has no rows: what is new to them cannot be told")
        if kind == "far":
            found = self._far(n, points, seed)
        elif kind == "between":
            first, second = (_chosen(space, name, each) for name, each in (("a", a), ("b", b)))
            found = draw_between(
                n, points[first], points[second], space.geometry, noise=noise, seed=seed
            )
        else:
            loop = self._loop(points, seed, progress) if cycle is None else cycle
            if not len(loop):
                return Novel(
                    np.zeros((0, space.latent_dim), np.float32),
                    0,
                    0,
                    "The rows have no hole: their persistent homology has no loop.",
                )
            rows = space.data.check_rows(loop)
            found = draw_inside(n, points[rows], points, space.geometry, seed=seed)
        if not len(found):
            return found
        z = np.asarray(space.geometry.project(found.z), np.float32)
        return Novel(z, found.tried, found.accepted, found.about)

    def _far(self, n: int, points: Floats, seed: int) -> Novel:
        space: LatentSpace = self  # type: ignore[assignment]
        generator = torch.Generator().manual_seed(seed)
        many = max(_LEAST_DRAWS, _FAR_DRAWS * n)
        draws = space.geometry.random(many, space.latent_dim, generator).double().numpy()
        logvar = space.data.logvar
        if logvar is None or space.geometry.name != "euclidean":
            return draw_far(n, draws, points, space.geometry, seed=seed)
        spread = logvar.cpu().double().numpy()
        rows = draw_rows(points, spread, np.random.default_rng(seed))
        active = active_dimensions(points, spread)
        return draw_far(n, draws, rows, space.geometry, active=active, seed=seed)

    def _loop(self, points: Floats, seed: int, progress: Progress | None) -> npt.NDArray[np.intp]:
        # Ripser takes a while to import, and only holes need it.
        from latent_widgets.analysis.persistence import persistence  # noqa: PLC0415

        space: LatentSpace = self  # type: ignore[assignment]
        found = persistence(
            points,
            metric=space.geometry,
            landmarks=min(len(points), _LANDMARKS),
            seed=seed,
            progress=progress,
        )
        return found.cycle(0) if len(found[1]) else np.zeros(0, np.intp)

    def _centre(self, around: str | npt.ArrayLike) -> Floats:
        space: LatentSpace = self  # type: ignore[assignment]
        if isinstance(around, str):
            if around not in ("mean", "home", "origin"):
                raise ValueError(
                    f"around must be 'mean', 'home', 'origin' or {space.latent_dim} numbers, "
                    f"got {around!r:.60}"
                )
            if around == "home":
                return np.asarray(space.home, np.float64)
            if around == "origin" or not len(space.points):
                return space.geometry.origin(space.latent_dim).double().numpy()
            try:
                return np.asarray(space.geometry.mean(space.points.astype(np.float64)))
            except ValueError:
                # Rows all around a sphere have no middle.
                return np.asarray(space.home, np.float64)
        point = check_point("around", around, space.latent_dim, space.geometry)
        return np.asarray(point, np.float64)


def _chosen(space: LatentSpace, name: str, rows: Rows | None) -> list[int]:
    if rows is None or not len(rows):
        raise ValueError(f"{name} must name at least one row to draw between, got none")
    return space.data.check_rows(rows)
