"""The trait type of several latents: finite float32 rows where the space's geometry puts them."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets as t

from latent_widgets import codec

WIRE_LATENTS: dict[str, Any] = {
    "sync": True,
    "to_json": lambda rows, _: codec.floats_to_bytes(rows),
    "from_json": lambda value, panel: codec.bytes_to_floats(value, panel.space.latent_dim),
}

_MOST = 100_000


class LatentsTrait(t.TraitType[Any, Any]):
    """(m, d) float32 points of the owner's space; (0, d) for none."""

    info_text = "rows of finite numbers"

    def validate(self, obj: Any, value: Any) -> codec.Floats:  # noqa: ANN401 - traitlets' signature
        """Check latents that are about to be set.

        Parameters
        ----------
        obj
            The owner of the trait: a space, or what looks at one.
        value
            (m, d) numbers: lists, an array or a tensor; (d,) for one.

        Returns
        -------
        numpy.ndarray
            (m, d) float32, read-only; where the geometry puts them.

        Raises
        ------
        ValueError
            If they are no finite rows of the space's dimension.
        """
        space = getattr(obj, "space", obj)
        dim = int(space.latent_dim)
        if hasattr(value, "detach"):
            value = value.detach().cpu().numpy()
        wanted = f"{self.name} must be latents (m, {dim}) of finite numbers"
        try:
            rows = np.array(value, np.float32)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"{wanted}, got {type(value).__name__}") from None
        if rows.size == 0:
            rows = np.zeros((0, dim), np.float32)
        rows = rows[None] if rows.ndim == 1 else rows
        if rows.ndim != 2 or rows.shape[1] != dim:
            raise ValueError(f"{wanted}, got shape {rows.shape}")
        if len(rows) > _MOST:
            raise ValueError(f"{wanted}, at most {_MOST:,}, got {len(rows):,}")
        if not np.isfinite(rows).all():
            raise ValueError(f"{wanted}, got NaN or infinity")
        if len(rows):
            rows = np.array(space.geometry.project(rows), np.float32)
        rows.flags.writeable = False
        return rows
