"""A space in plain words: the facts a page needs, and where we are as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from latent_widgets import codec
from latent_widgets.encoded import Encoded
from latent_widgets.latent import Latent, check_point
from latent_widgets.stored_directions import plain_directions, read_directions

if TYPE_CHECKING:
    from latent_widgets.analysis.direction import Direction
    from latent_widgets.space import LatentSpace

_VERSION = 1


def facts(space: LatentSpace, data: Encoded) -> dict[str, Any]:
    """Gather what never changes.

    Parameters
    ----------
    space
        The space, fully built but for its traits.
    data
        Its encoded rows.

    Returns
    -------
    dict
        Sizes as numbers, vectors as float32 bytes, columns as dicts.
    """
    low, high = data.spread()
    shape = space.image_shape
    return {
        "name": space.name,
        "model": space.replaced,
        "device": str(space.device),
        "latent_dim": space.latent_dim,
        "latent_shape": None if space.latent_shape is None else list(space.latent_shape),
        "geometry": space.geometry.spec(),
        "dimensions": space.dimensions,
        "n_rows": len(data),
        "image_shape": None if shape is None else [shape[1], shape[2], shape[0]],
        "can_encode": space.can_encode,
        "can_decode": space.can_decode,
        "kl": codec.floats_to_bytes(data.kl()),
        "low": codec.floats_to_bytes(low),
        "high": codec.floats_to_bytes(high),
        "home": codec.floats_to_bytes(space.home),
        "density": codec.floats_to_bytes(data.density()),
        "columns": [
            {
                "name": column.name,
                "categories": None if column.categories is None else list(column.categories),
                "values": codec.floats_to_bytes(column.values),
            }
            for column in data.columns
        ],
    }


def save(space: LatentSpace) -> dict[str, Any]:
    """Describe where a space is.

    Parameters
    ----------
    space
        The space.

    Returns
    -------
    dict
        Plain JSON.
    """
    return {
        "version": _VERSION,
        "name": space.name,
        "latent_dim": space.latent_dim,
        "z": [float(value) for value in space.z],
        "selection": list(space.selection),
        "directions": plain_directions(space),
        "favourites": space.favourites.tolist(),
        "region_names": space.region_names,
    }


def check(
    space: LatentSpace, saved: Mapping[str, Any]
) -> tuple[Latent, list[int], dict[str, Direction] | None]:
    """Check a description before anything of it is used.

    Parameters
    ----------
    space
        The space it should fit.
    saved
        What `save` returned; untrusted.

    Returns
    -------
    z : Latent
        (d,) the latent.
    selection : list of int
        Row ids.
    directions : dict or None
        Named directions; None where the description is older than they are.

    Raises
    ------
    ValueError
        If it does not fit; the sentence names the key.
    """
    if not isinstance(saved, Mapping) or saved.get("version") != _VERSION:
        version = saved.get("version") if isinstance(saved, Mapping) else type(saved).__name__
        raise ValueError(f"state must be of version {_VERSION}, got {version!r}")
    if saved.get("name") != space.name or saved.get("latent_dim") != space.latent_dim:
        raise ValueError(
            f"state must belong to space {space.name!r} with {space.latent_dim} dimensions, "
            f"got {saved.get('name')!r} with {saved.get('latent_dim')!r}"
        )
    z = check_point("state['z']", saved.get("z"), space.latent_dim, space.geometry)
    selection = saved.get("selection", [])
    if not isinstance(selection, list):
        raise ValueError(  # noqa: TRY004 - one kind of error for one untrusted document
            f"state['selection'] must be a list of row ids, got {type(selection).__name__}"
        )
    rows = space.data.check_rows(np.asarray(selection)) if selection else []
    named = saved.get("directions")
    return z, rows, None if named is None else read_directions(space, named)


def check_favourites(space: LatentSpace, saved: Mapping[str, Any]) -> codec.Floats | None:
    """Check the favourites of a description that `check` has passed.

    Parameters
    ----------
    space
        The space they should fit.
    saved
        What `save` returned; untrusted.

    Returns
    -------
    numpy.ndarray or None
        (m, d) float32; None where the description is older than they are.

    Raises
    ------
    ValueError
        If they are no latents of the space.
    """
    kept = saved.get("favourites")
    if kept is None:
        return None
    found: codec.Floats = type(space).favourites.validate(space, kept)
    return found
