"""Dimensions that belong together, by name: of a factor, of a channel, of a half."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latent_widgets.analysis.mixing import block, factor_dims, half_by

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

_MOST = 24
_SIDES = 3


def dimension_groups(space: LatentSpace) -> dict[str, list[int]]:
    """Find groups of dimensions that have a name.

    Parameters
    ----------
    space
        The space.

    Returns
    -------
    dict
        Name to ids, at most 24: dimensions whose names begin alike ("hair, spiky"); those that
        tell most of a column, where several do; channels and halves of latents that are pictures;
        and the half that says most.
    """
    found: dict[str, list[int]] = {}
    for dim, name in enumerate(space.dimensions):
        if ", " in name:
            found.setdefault(name.partition(", ")[0], []).append(dim)
    shape = space.latent_shape
    if shape is not None and len(shape) == _SIDES:
        channels, height, width = shape
        found["top half"] = block(shape, rows=range(height // 2))
        found["bottom half"] = block(shape, rows=range(height // 2, height))
        found["left half"] = block(shape, columns=range(width // 2))
        found["right half"] = block(shape, columns=range(width // 2, width))
        for channel in range(min(channels, _MOST // 2)):
            found[f"channel {channel}"] = block(shape, channels=[channel])
    for column in space.data.columns if len(space.data) else ():
        dims = factor_dims(space.points, column.values, classes=column.categories is not None)
        # One that has the name already needs no group; all of them are none.
        if 1 < len(dims) < space.latent_dim and dims not in found.values():
            found.setdefault(column.name.replace("_", " "), dims)
    if space.latent_dim > 1:
        found.setdefault("most telling half", half_by(space.data.kl()))
    return {name: dims for name, dims in list(found.items())[:_MOST] if dims}
