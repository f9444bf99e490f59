"""Latents evenly along a path that is known at some nodes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def resample(
    nodes: npt.ArrayLike, times: npt.ArrayLike, n: int, *, straight: bool = False
) -> npt.NDArray[np.float64]:
    """Give n latents evenly in time on a path through nodes.

    Parameters
    ----------
    nodes
        (m, d), at least one.
    times
        (m,) when the path is at each, from 0 to 1 and never falling.
    n
        How many latents, at least 2.
    straight
        Whether straight lines join the nodes; else a cubic spline does, where there are three.

    Returns
    -------
    numpy.ndarray
        (n, d) float64.
    """
    from scipy.interpolate import CubicSpline  # noqa: PLC0415 - slow to import

    points, at = np.asarray(nodes, np.float64), np.asarray(times, np.float64)
    wanted = np.linspace(0, 1, n)
    if straight or len(points) < 3:
        columns = [np.interp(wanted, at, column) for column in points.T]
        return np.stack(columns, axis=1)
    return np.asarray(CubicSpline(at, points)(wanted), np.float64)
