"""What a painted picture ought to look like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# What a painted pixel that is wrong by one costs, in nats; the rest of the picture a fifth of it.
_NATS = 100.0
_REST = 0.2


@dataclass(frozen=True)
class Wish:
    """What a picture ought to look like.

    Attributes
    ----------
    target
        (C, H, W) in [0, 1]: as painted where there is paint, elsewhere as it was.
    mask
        (H, W) in [0, 1]: how much paint there is.
    """

    target: npt.NDArray[np.float32]
    mask: npt.NDArray[np.float32]

    def weights(self) -> npt.NDArray[np.float32]:
        """(C, H, W) what the squared error of each pixel costs, in nats; the mean over paint."""
        paint = self.mask / max(float(self.mask.sum()), 1e-9)
        rest = 1 - self.mask
        rest = rest / max(float(rest.sum()), 1e-9)
        one = _NATS * (paint + _REST * rest) / len(self.target)
        return np.broadcast_to(one, self.target.shape).astype(np.float32)

    def mismatch(self, picture: npt.NDArray[np.floating]) -> float:
        """Root mean squared difference of a (C, H, W) picture where there is paint."""
        total = float(self.mask.sum()) * len(self.target)
        if total == 0:
            return 0.0
        return float(np.sqrt((self.mask * np.square(picture - self.target)).sum() / total))
