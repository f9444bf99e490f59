"""What the data of a space look like, so that a picture from outside can be made like them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

_LOOKS = 64


def appearance(space: LatentSpace) -> dict[str, Any]:
    """Tell a page what the data look like.

    Parameters
    ----------
    space
        Whose pictures, or whose reconstructions where they did not come along.

    Returns
    -------
    dict
        `brightness`, the mean over all, and `edge`, the median at the border by colour, both in
        [0, 1]; `extent`, the median share of the longer side that differs from the edge, where
        all pictures have their centre of mass in the middle as MNIST's have, else None;
        `pictures`, whether the data's own are there.
    """
    shape = space.image_shape
    n = len(space.points)
    known = space.can_decode or space.data.images is not None
    if shape is None or not n or not known:
        edge = [0.0] * (shape[0] if shape else 1)
        return {"brightness": None, "edge": edge, "extent": None, "pictures": False}
    rows = np.linspace(0, n - 1, min(_LOOKS, n)).round().astype(int)
    x = space.pictures(rows.tolist()).astype(np.float64) / 255
    border = np.concatenate([x[:, 0], x[:, -1], x[:, :, 0], x[:, :, -1]], axis=1)
    edge = np.median(border.reshape(-1, x.shape[3]), axis=0)
    return {
        "brightness": float(x[..., :3].mean()),
        "edge": edge.tolist(),
        "extent": _extent(np.abs(x - edge).max(axis=3)),
        "pictures": space.data.images is not None,
    }


def _extent(ink: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
    """Longer side of what is drawn, (n, H, W) being how far pixels are from the edge."""
    n, height, width = ink.shape
    mass = ink.sum(axis=(1, 2)) + 1e-9
    down = (ink.sum(axis=2) @ (np.arange(height) + 0.5)) / mass / height
    across = (ink.sum(axis=1) @ (np.arange(width) + 0.5)) / mass / width
    if max(np.abs(down - 0.5).mean(), np.abs(across - 0.5).mean()) > 0.03:
        return None
    drawn = ink > 0.25
    sides = [
        np.max([np.ptp(np.flatnonzero(one.any(axis=a))) + 1 for a in (0, 1)]) / max(height, width)
        for one in drawn
        if one.any()
    ]
    return float(np.median(sides)) if len(sides) > n / 2 else None
