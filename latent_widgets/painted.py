"""What painting came to, for a page to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from latent_widgets.canvas import Canvas

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

_NAMED = 4


def say(space: LatentSpace, canvas: Canvas, mismatch: float) -> dict[str, Any]:
    """Tell how far the paint is met, and what moved for it.

    Parameters
    ----------
    space
        Whose rows tell what is far.
    canvas
        What was painted.
    mismatch
        Root mean squared difference where there is paint.

    Returns
    -------
    dict
        Plain values: `strokes`, `mismatch`, `shape`, `note`; `moved`, the dimensions that moved
        most, each with by how many standard deviations of the rows; `away`, the distance.
    """
    delta = (canvas.z - canvas.start).astype(np.float64)
    usual = canvas.usual
    # A dimension that hardly varies among the rows says nothing in units of its own.
    shares = delta / np.maximum(usual, 0.05 * max(float(usual.max()), 1e-6))
    most = np.argsort(-np.abs(shares), kind="stable")[:_NAMED]
    names = [*space.dimensions, *[""] * len(delta)]
    return {
        "strokes": canvas.layers.strokes,
        "mismatch": mismatch,
        "moved": [[names[k] or f"z{k}", float(shares[k])] for k in most if delta[k] != 0],
        "away": float(space.geometry.distance(canvas.start, canvas.z)),
        "note": canvas.note,
        "shape": list(canvas.layers.wish.mask.shape),
    }
