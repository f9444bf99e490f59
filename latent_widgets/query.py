"""What a panel looks for among the rows: z, a row, the selection, a latent, a picture, words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from torch import Tensor

from latent_widgets import codec
from latent_widgets.counts import whole
from latent_widgets.indices import Nearest
from latent_widgets.latent import Latent, check_point
from latent_widgets.one_picture import one_picture

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

Query = int | str | Latent | codec.Pictures | None
"""A row id; "selection", or other words; (d,) a latent; (H, W, C) a picture; None for z."""

SELECTION = "selection"
_LARGEST = 2048  # pixels a side of a picture that a page sends


def check_query(space: LatentSpace, query: Any, *, resize: bool = False) -> Query:  # noqa: ANN401
    """Bring what is looked for into one form.

    Parameters
    ----------
    space
        Where it is looked for.
    query
        As `NeighbourPanel.query` says.
    resize
        Whether a picture is made to fit.

    Returns
    -------
    Query
        The same, in one form.

    Raises
    ------
    ValueError, TypeError
        If it cannot be looked for; the sentence says why, and what to do.
    """
    if query is None or (isinstance(query, str) and query == "z"):
        return None
    if isinstance(query, str):
        if query != SELECTION:
            # It says which words there are, and what to call for others.
            space.neighbours(text=query, k=1)
        return query
    if isinstance(query, int | np.integer) and not isinstance(query, bool):
        last = len(space.points) - 1
        if not 0 <= query <= last:
            raise ValueError(f"query must be a row id from 0 to {last}, got {query}")
        return int(query)
    several = isinstance(query, Tensor | np.ndarray) and query.ndim > 1
    if not (several or isinstance(query, Image.Image)):
        latent: Latent = check_point("query", query, space.latent_dim, space.geometry)
        return latent
    if not space.can_encode:
        raise TypeError(
            "this space has no encode, so it cannot find a picture: give a latent or a row"
        )
    picture = one_picture("query", query, space.image_shape, resize=resize)
    space.encode(picture)
    pixels: codec.Pictures = codec.to_uint8(picture)[0]
    return pixels


def find(space: LatentSpace, query: Query, k: int, metric: str) -> Nearest:
    """Find the rows nearest to it.

    Parameters
    ----------
    space
        Where to look.
    query
        As `check_query` gives it.
    k
        How many rows; of a row's neighbours no more than there are other rows.
    metric
        As for `LatentSpace.neighbours`.

    Returns
    -------
    Nearest
        (k,) rows and distances.

    Raises
    ------
    ValueError
        If it is the mean of the selection and nothing is selected, or there are no rows.
    """
    if isinstance(query, int):
        others = max(len(space.points) - 1, 1)
        return space.neighbours(row=query, k=min(k, others), metric=metric)
    if isinstance(query, str) and query == SELECTION:
        if not space.selection:
            raise ValueError(
                "nothing is selected: select rows on a map, or look for something else"
            )
        return space.neighbours(space.data.mean_of(space.selection), k, metric)
    if isinstance(query, str):
        return space.neighbours(text=query, k=k)
    if query is not None and query.ndim > 1:
        return space.neighbours(image=query, k=k, metric=metric)
    return space.neighbours(query, k, metric)


def to_page(query: Query) -> dict[str, Any]:
    """Tell a page what is looked for.

    Parameters
    ----------
    query
        As `check_query` gives it.

    Returns
    -------
    dict
        `kind`, and what belongs to it.
    """
    if query is None:
        return {"kind": "z"}
    if isinstance(query, int):
        return {"kind": "row", "row": query}
    if isinstance(query, str):
        return {"kind": query} if query == SELECTION else {"kind": "text", "text": query}
    if query.ndim == 1:
        return {"kind": "latent", "z": codec.floats_to_bytes(query)}
    return {"kind": "picture", "shape": list(query.shape), "pixels": query.tobytes()}


def from_page(content: dict[str, Any], buffers: list[memoryview]) -> Image.Image:
    """Read a picture that a page sent.

    Parameters
    ----------
    content
        Its `width` and `height`; untrusted.
    buffers
        RGBA, rows first; untrusted.

    Returns
    -------
    PIL.Image.Image
        RGB.

    Raises
    ------
    ValueError
        If it is none, or larger than 2048 pixels a side.
    """
    width, height = (whole(side, content.get(side), 1) for side in ("width", "height"))
    if max(width, height) > _LARGEST or len(buffers) != 1 or len(buffers[0]) != 4 * width * height:
        raise ValueError(
            f"a picture must come as RGBA of at most {_LARGEST} pixels a side, "
            f"got {width} by {height}"
        )
    return Image.frombytes("RGBA", (width, height), bytes(buffers[0])).convert("RGB")
