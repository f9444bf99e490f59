"""How a density of the rows holds a latent near them."""

from __future__ import annotations

import numpy as np

from latent_widgets.analysis.likeness import Likeness
from latent_widgets.analysis.mixture import Floats

_STEP = 1e-4


class Pull:
    """The density term of a search for a latent.

    Parameters
    ----------
    likeness
        A density of the rows; None for none.
    weight
        How many nats a nat of it counts.
    """

    def __init__(self, likeness: Likeness | None, weight: float) -> None:
        self._likeness = likeness if weight > 0 else None
        self._weight = weight

    def cost(self, z: Floats) -> Floats:
        """Give what (m, d) latents cost, (m,) nats: less where there are more rows."""
        if self._likeness is None:
            return np.zeros(len(z))
        found: Floats = -self._weight * self._likeness.log_density(z)
        return found

    def quadratic(self, z: Floats) -> tuple[Floats, Floats]:
        """Bound the cost near a (d,) latent: its gradient (d,) and a bend (d, d) of that bound.

        The bend is the mean precision of the components, each weighted by its share at `z`
        (Dempster, Laird and Rubin, 1977): the parabola touches the cost at `z` and lies above it
        elsewhere. In the Poincare ball, whose density bends with the ball, the gradient is by
        central differences and the bend that of the chart's own scale at `z`.
        """
        d = len(z)
        likeness = self._likeness
        if likeness is None:
            return np.zeros(d), np.zeros((d, d))
        mixture, active = likeness.mixture, likeness.active
        curved = likeness.geometry.name == "poincare"
        size = float(np.linalg.norm(z))
        # In the chart a latent is as far from the origin as it is in the ball.
        grown = 1.0
        if curved and size > 0:
            grown = float(likeness.geometry.distance(z, np.zeros_like(z))) / size
        x = (grown * z)[None, active]
        parts = mixture.parts(x)[0]
        shares = np.exp(parts - parts.max())
        shares /= shares.sum()
        factors = mixture.factors
        if factors.ndim == 2:
            factors = factors[:, :, None] * np.eye(len(active))
        precisions = factors.transpose(0, 2, 1) @ factors
        bend = np.zeros((d, d))
        inner = np.einsum("k,kij->ij", shares, precisions)
        bend[np.ix_(active, active)] = grown**2 * inner
        if curved:
            sides = z + _STEP * np.concatenate([np.eye(d), -np.eye(d)])
            values = likeness.log_density(np.asarray(likeness.geometry.project(sides)))
            slope = -(values[:d] - values[d:]) / (2 * _STEP)
        else:
            slope = np.zeros(d)
            away = x[0] - mixture.means
            slope[active] = np.einsum("k,kij,kj->i", shares, precisions, away)
        return self._weight * slope, self._weight * bend
