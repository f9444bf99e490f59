"""A density that was painted on a map, and draws from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from latent_widgets.counts import whole

Floats = npt.NDArray[np.float64]

_CELLS = 160
_MOST = 10_000_000


@dataclass(frozen=True)
class BrushDensity:
    """Dabs of a soft brush on a map with two axes, in the order in which they were made.

    Attributes
    ----------
    dabs
        (m, 4): x, y, radius (in units of the map), and how much, -1 to 1; less than 0 takes away.
    """

    dabs: Floats

    def weight(self, xy: npt.ArrayLike) -> Floats:
        """Give the density at (..., 2) places, 0 to 1, not normalised.

        A dab of `a` brings the weight `w` to `w + a k (1 - w)`, or to `w + a k w` when it takes
        away; `k` falls from 1 in its middle to 0 at its radius as `(1 - r^2)^2`.
        """
        places = np.asarray(xy, np.float64)
        found = np.zeros(places.shape[:-1])
        for x, y, radius, much in self.dabs:
            far = ((places[..., 0] - x) ** 2 + (places[..., 1] - y) ** 2) / radius**2
            soft = much * np.square(np.clip(1 - far, 0, None))
            found += soft * ((1 - found) if much > 0 else found)
        return found

    def draw(self, n: int, seed: int = 0) -> Floats:
        """Draw places.

        Parameters
        ----------
        n
            How many.
        seed
            Same seed, same places.

        Returns
        -------
        numpy.ndarray
            (n, 2), evenly within cells of a grid of 160 by 160 around the dabs.

        Raises
        ------
        ValueError
            If nothing is painted.
        """
        if not len(self.dabs) or not (self.dabs[:, 3] > 0).any():
            raise ValueError("nothing is painted on the map yet: there is nothing to draw from")
        low = (self.dabs[:, :2] - self.dabs[:, 2:3]).min(axis=0)
        side = ((self.dabs[:, :2] + self.dabs[:, 2:3]).max(axis=0) - low) / _CELLS
        cells = np.indices((_CELLS, _CELLS)).reshape(2, -1).T
        weight = self.weight(low + (cells + 0.5) * side)
        total = float(weight.sum())
        if total <= 0:
            raise ValueError("all paint on the map was taken away: there is nothing to draw from")
        n, random = whole("n", n, 0, _MOST), np.random.default_rng(seed)
        chosen = cells[random.choice(len(cells), n, p=weight / total)]
        found: Floats = low + (chosen + random.random((n, 2))) * side
        return found


def smooth_line(places: npt.ArrayLike, n: int) -> Floats:
    """Even out a line drawn by hand.

    Parameters
    ----------
    places
        (m, 2), at least two that differ.
    n
        How many places to give, 2 or more.

    Returns
    -------
    numpy.ndarray
        (n, 2) evenly along the line, which is smoothed by a Gaussian of a fortieth of its length;
        its ends stay.

    Raises
    ------
    ValueError
        If all places are the same.
    """
    n, line = whole("n", n, 2, _MOST), np.asarray(places, np.float64)
    fine = _even(line, 241)
    reach = np.arange(-18, 19)
    kernel = np.exp(-0.5 * np.square(reach / 6.0))
    kernel /= kernel.sum()
    # Turned about its ends, so that they stay where the hand began and ended.
    before, after = 2 * fine[0] - fine[18:0:-1], 2 * fine[-1] - fine[-2:-20:-1]
    longer = np.concatenate([before, fine, after])
    smooth = np.stack([np.convolve(axis, kernel, "valid") for axis in longer.T], axis=1)
    return _even(smooth, n)


def _even(line: Floats, n: int) -> Floats:
    steps = np.hypot(*np.diff(line, axis=0).T)
    kept = np.concatenate([[True], steps > 0])
    line, after = line[kept], np.concatenate([[0.0], np.cumsum(steps[steps > 0])])
    if len(line) < 2:
        raise ValueError("a line must go somewhere, got places that are all the same")
    wanted = np.linspace(0, after[-1], n)
    found: Floats = np.stack([np.interp(wanted, after, axis) for axis in line.T], axis=1)
    return found
