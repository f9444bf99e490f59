"""Moving a latent until its picture looks as painted, and stays like the data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets.analysis.likeness import Likeness
from latent_widgets.analysis.pull import Pull
from latent_widgets.analysis.slopes import Decode, differentiate, glance, squares
from latent_widgets.analysis.wish import Wish
from latent_widgets.geometry import Euclidean, Geometry

Floats = npt.NDArray[np.float64]

# Damping of the steps that are tried at once, as multiples of the one that last did best.
_TRIED = (0.1, 2.0, 50.0)
_FIRST, _LEAST, _MOST = 1e-2, 1e-6, 1e6
# A step that gains less than this share is the last.
_SETTLED = 1e-3
# A step that gains less of what its slopes promised shows that they are old.
_KEPT = 0.5


@dataclass(frozen=True)
class Nudge:
    """Where a latent stands on its way.

    Attributes
    ----------
    z
        (d,) float64.
    picture
        (C, H, W) float32 in [0, 1], what it decodes to.
    mismatch
        Root mean squared difference where there is paint.
    cost
        What is made small: nats of paint, of the rest and of density together.
    settled
        Whether another step would gain next to nothing.
    """

    z: Floats
    picture: npt.NDArray[np.float32]
    mismatch: float
    cost: float
    settled: bool


class Nudger:
    """Moves a latent, step by step, until its picture is as wished.

    Levenberg-Marquardt on pixels: the d x d system is solved for three dampings at once, and they
    are decoded as one batch. The density enters by the quadratic bound of expectation and
    maximisation, which never overestimates it. In flat spaces the slopes of the picture are
    corrected by what each step shows, and found anew only when they promise too much. On the
    sphere steps are tangent to it.

    Parameters
    ----------
    decode
        Takes (m, d) float32 latents, gives (m, C, H, W) pictures.
    z
        (d,) where to begin.
    likeness
        A density of the rows, see `fit_likeness`; None for no hold.
    weight
        How strongly the density holds, 0 or more; at 1 a nat of it is a nat of paint.
    locked
        (d,) bool, the dimensions that stay; none when None. Only flat spaces have any.
    geometry
        Where latents live: every step ends there. Flat when None.
    forward
        Whether torch differentiates `decode`; else central differences of 2 d pictures do.

    Raises
    ------
    ValueError
        If locks do not fit, or dimensions of a curved space are locked.

    Notes
    -----
    Marquardt, "An algorithm for least-squares estimation of nonlinear parameters", 1963. Slopes
    from steps: Broyden, "A class of methods for solving nonlinear simultaneous equations", 1965.
    Painting by moving a latent: Zhu et al., "Generative visual manipulation on the natural image
    manifold", 2016.
    """

    def __init__(
        self,
        decode: Decode,
        z: npt.ArrayLike,
        *,
        likeness: Likeness | None = None,
        weight: float = 1.0,
        locked: npt.ArrayLike | None = None,
        geometry: Geometry | None = None,
        forward: bool = True,
    ) -> None:
        self._geometry = geometry or Euclidean()
        self._decode, self._forward = decode, forward
        self._pull = Pull(likeness, weight)
        self.z = np.asarray(self._geometry.project(np.asarray(z, np.float64)), np.float64)
        self._free = np.flatnonzero(~_locks(locked, len(self.z), self._geometry))
        self._damping = _FIRST
        self._slopes: Floats | None = None
        self._fresh = self._rough = False
        self._pictures(self.z[None])

    def _pictures(self, zs: Floats) -> Tensor:
        with torch.inference_mode():
            found = self._decode(torch.from_numpy(zs.astype(np.float32))).cpu()
        if not hasattr(self, "_picture"):
            self._picture = found[0]
        return found

    def aim(self, wish: Wish) -> None:
        """Wish for another picture."""
        self._wish = wish
        self._target = torch.from_numpy(wish.target)
        self._weights = torch.from_numpy(wish.weights())
        self._settled = not len(self._free)
        self._cost = float(self._costs(self.z[None], self._picture[None])[0])
        self._damping = min(self._damping, 1.0)

    def now(self) -> Nudge:
        """Tell where the latent stands."""
        shown = self._picture.clamp(0, 1).numpy()
        return Nudge(self.z, shown, self._wish.mismatch(shown), self._cost, self._settled)

    def step(self, *, rough: bool = False) -> Nudge:
        """Take a step that costs less, or none.

        Parameters
        ----------
        rough
            Whether slopes need only be about right: those of d pictures beside this one, which
            take a third of the time.

        Returns
        -------
        Nudge
            Where the latent stands then.
        """
        if self._settled:
            return self.now()
        ways = _tangent(self.z, self._geometry)[:, self._free]
        if self._slopes is None or (self._rough and not rough):
            self._slopes = (
                glance(self._decode, self.z, ways)
                if rough
                else differentiate(self._decode, self.z, ways, forward=self._forward)
            )
            self._fresh, self._rough = True, rough
        heavy = self._weights.double().numpy().ravel()
        error = (self._picture - self._target).double().numpy().ravel()
        down, bend = self._pull.quadratic(self.z)
        slopes = self._slopes
        gradient = slopes @ (heavy * error) + ways.T @ down
        normal = squares(slopes, heavy) + ways.T @ bend @ ways
        scale = np.diag(normal) + 1e-9 * max(float(np.trace(normal)), 1e-12)
        tried = self._damping * np.array(_TRIED)
        steps = np.stack(
            [-np.linalg.lstsq(normal + np.diag(k * scale), gradient, rcond=None)[0] for k in tried]
        )
        places = np.asarray(self._geometry.project(self.z + steps @ ways.T), np.float64)
        pictures = self._pictures(places)
        costs = self._costs(places, pictures)
        best = int(costs.argmin())
        gained, step, fresh = self._cost - float(costs[best]), steps[best], self._fresh
        little = gained < _SETTLED * (abs(self._cost) + 1)
        promised = -float(gradient @ step + 0.5 * step @ normal @ step)
        if gained > 0:
            moved = (pictures[best] - self._picture).double().numpy().ravel()
            self._learn(step, moved, good=gained > _KEPT * promised)
            self.z, self._picture, self._cost = places[best], pictures[best], float(costs[best])
            self._damping = float(np.clip(tried[best], _LEAST, _MOST))
            self._settled = little and fresh
            self._slopes = None if little else self._slopes
        elif fresh:
            self._damping *= 1000
            self._settled = self._damping > _MOST
        else:
            # It was the old slopes that led nowhere.
            self._slopes = None
        return self.now()

    def _learn(self, step: Floats, moved: Floats, *, good: bool) -> None:
        """Correct the slopes by what a step showed; on curved spaces the ways are others now."""
        if self._slopes is None or not good or self._geometry.name != "euclidean":
            self._slopes = None
            return
        surprise = moved - step @ self._slopes
        self._slopes = self._slopes + np.outer(step, surprise) / max(float(step @ step), 1e-30)
        self._fresh = False

    def _costs(self, zs: Floats, pictures: Tensor) -> Floats:
        paint = 0.5 * (self._weights * (pictures - self._target).square()).sum(dim=(1, 2, 3))
        total: Floats = paint.double().numpy() + self._pull.cost(zs)
        finite: Floats = np.where(np.isfinite(total), total, np.inf)
        return finite


def _locks(locked: npt.ArrayLike | None, dim: int, geometry: Geometry) -> npt.NDArray[np.bool_]:
    fixed = np.zeros(dim, bool) if locked is None else np.asarray(locked, bool)
    if fixed.shape != (dim,):
        raise ValueError(f"locked must have shape ({dim},), got {fixed.shape}")
    if fixed.any() and geometry.name != "euclidean":
        raise ValueError("locked must be empty in a curved space: its dimensions move together")
    return fixed


def _tangent(z: Floats, geometry: Geometry) -> Floats:
    """Directions to go in, (d, d): those across a sphere lead nowhere else."""
    d = len(z)
    if geometry.name != "hypersphere":
        return np.eye(d)
    unit = z / np.linalg.norm(z)
    across: Floats = np.eye(d) - np.outer(unit, unit)
    return across
