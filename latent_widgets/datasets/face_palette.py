"""The colours of the cartoon faces, chosen to sit well together."""

from __future__ import annotations

import torch
from torch import Tensor

SKIN = torch.tensor(
    [
        [1.00, 0.87, 0.77],
        [0.97, 0.78, 0.63],
        [0.88, 0.64, 0.47],
        [0.71, 0.47, 0.33],
        [0.54, 0.34, 0.24],
        [0.40, 0.25, 0.19],
    ]
)
BACKGROUND = torch.tensor(
    [
        [0.97, 0.69, 0.62],
        [0.99, 0.85, 0.58],
        [0.64, 0.86, 0.71],
        [0.55, 0.80, 0.92],
        [0.74, 0.70, 0.94],
    ]
)
SHIRT = torch.tensor(
    [
        [0.90, 0.33, 0.34],
        [0.97, 0.66, 0.24],
        [0.27, 0.65, 0.47],
        [0.17, 0.52, 0.73],
        [0.45, 0.33, 0.66],
    ]
)
HAIR = torch.tensor(
    [
        [0.15, 0.13, 0.17],
        [0.43, 0.26, 0.16],
        [0.95, 0.77, 0.39],
        [0.82, 0.37, 0.17],
        [0.76, 0.77, 0.81],
        [0.31, 0.47, 0.90],
    ]
)
WHITE = torch.tensor([1.0, 1.0, 1.0])
CREAM = torch.tensor([1.0, 0.98, 0.95])
INK = torch.tensor([0.17, 0.12, 0.14])
IRIS = torch.tensor([0.36, 0.21, 0.14])
PUPIL = torch.tensor([0.09, 0.06, 0.07])
FRAME = torch.tensor([0.13, 0.14, 0.23])
MOUTH = torch.tensor([0.43, 0.10, 0.14])
TONGUE = torch.tensor([0.93, 0.45, 0.46])
ROSE = torch.tensor([0.82, 0.24, 0.28])
BLUSH = torch.tensor([0.97, 0.40, 0.38])
DUSK = torch.tensor([0.36, 0.13, 0.20])
"""What shadows lean towards: a warm plum keeps them from looking grey."""


def ramp(stops: Tensor, position: Tensor) -> Tensor:
    """Return colours (n, 3) at positions (n,) in [0, 1] along evenly spaced stops (k, 3)."""
    along = position * (len(stops) - 1)
    below = along.floor().clamp(0, len(stops) - 2).long()
    return torch.lerp(stops[below], stops[below + 1], (along - below)[:, None])


def mix(a: Tensor, b: Tensor, share: float) -> Tensor:
    """Return the colour ``share`` of the way from a to b."""
    return torch.lerp(a, b, share)
