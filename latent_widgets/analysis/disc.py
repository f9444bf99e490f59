"""The Poincare disc: hyperbolic latents seen whole, however far out they lie."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from latent_widgets.analysis.base import Array, Projection
from latent_widgets.geometry import Geometry, PoincareBall


class DiscProjection(Projection):
    """Latents of a Poincare ball on a disc (dim 2) or in a ball (dim 3) of the same curvature.

    Latents of as many dimensions as the map has are shown as they are. Of more, the map shows a
    principal plane: the ball is moved so that the rows' Frechet mean m lies in the middle, the
    rows are taken to the tangent space there, their principal directions V are kept, and what is
    kept is taken back to the disc::

        xy = exp_0(V log_0((-m) (+) z))

    Parameters
    ----------
    points
        (n, d) float32 latents inside the ball.
    dim
        2 or 3.
    geometry
        The ball; of curvature -1 when None.

    Raises
    ------
    ValueError
        If the geometry is another, or a row lies outside the ball.

    Notes
    -----
    Tangent principal component analysis (Fletcher et al. 2004), with the moves of Ungar (2008).
    """

    def __init__(self, points: Array, dim: int = 2, geometry: Geometry | None = None) -> None:
        ball = PoincareBall() if geometry is None else geometry
        if not isinstance(ball, PoincareBall):
            raise ValueError(  # noqa: TRY004 - a kind of space, not of object
                f"method 'disc' shows a Poincare ball, and the space is {ball.name}"
            )
        ball.check("points", points)
        self.points, self.geometry, self.ball, self.method = points, ball, ball, "disc"
        d = points.shape[1]
        self._middle = torch.zeros(d, dtype=torch.float64)
        self.components = np.eye(dim, d)
        self.about = "Poincare disc: distances grow without end towards the rim; exact back."
        if d > dim:
            mean = ball.mean(torch.from_numpy(points.astype(np.float64)))
            self._middle = torch.as_tensor(mean, dtype=torch.float64)
            along = self._tangent(points)
            values, vectors = np.linalg.eigh(along.T @ along)
            kept = vectors.T[::-1][:dim]
            largest = np.abs(kept).argmax(axis=1)
            self.components = kept * np.sign(kept[np.arange(dim), largest])[:, None]
            shown = float(values[-dim:].sum() / max(values.sum(), 1e-30))
            self.about = (
                f"Poincare disc: {dim} of {d} principal directions at the rows' mean, "
                f"{shown:.0%} of the spread; the way back is exact in what is shown."
            )
        self.xy = self.transform(points)

    @property
    def middle(self) -> npt.NDArray[np.float64]:
        """(d,) the latent that lands in the middle."""
        return self._middle.numpy()

    def transform(self, z: npt.ArrayLike) -> Array:
        """Project latents (..., d) inside the ball: (..., dim) float32."""
        flat = torch.from_numpy(self._tangent(z) @ self.components.T)
        return self._out(flat)

    def inverse(self, xy: npt.ArrayLike, near: npt.ArrayLike | None = None) -> Array:
        """Find the latent that lands at a place.

        Parameters
        ----------
        xy
            (..., dim) places; those on or beyond the rim are brought inside.
        near
            (..., d) latents whose part that the map does not show is kept; none by default.

        Returns
        -------
        numpy.ndarray
            (..., d) float32; `transform` leads back to the place.
        """
        place = torch.as_tensor(np.asarray(xy, np.float64))
        inside = self.ball.project(place.float()).double()
        wanted = self._log(inside).numpy()
        start = np.zeros(self.components.shape[1]) if near is None else self._tangent(near)
        moved = start + (wanted - start @ self.components.T) @ self.components
        far = self._exp(torch.from_numpy(moved))
        return self._inside(self.ball.add(self._middle.expand_as(far), far))

    def _tangent(self, z: npt.ArrayLike) -> npt.NDArray[np.float64]:
        given = torch.from_numpy(np.array(z, np.float64))
        return self._log(self.ball.add(-self._middle.expand_as(given), given)).numpy()

    def _log(self, x: Tensor) -> Tensor:
        inside = self.ball.project(x)
        return torch.as_tensor(self.ball.log(torch.zeros_like(inside), inside))

    def _exp(self, v: Tensor) -> Tensor:
        return torch.as_tensor(self.ball.exp(torch.zeros_like(v), v))

    def _out(self, v: Tensor) -> Array:
        return self._inside(self._exp(v))

    def _inside(self, x: Tensor) -> Array:
        # Rounding to float32 must not push a point onto the rim.
        return np.asarray(self.ball.project(x.float()).numpy(), np.float32)
