"""What a page may say and ask, and the answers: one small function per question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from latent_widgets import codec
from latent_widgets.failure import explain
from latent_widgets.feed import Feed
from latent_widgets.frame import Asker
from latent_widgets.latent import check_point

if TYPE_CHECKING:
    from latent_widgets.space import LatentSpace

Content = dict[str, Any]
Answer = tuple[Content, list[bytes]]
Buffers = list[memoryview]

# One page must not be able to fill the memory with a single question.
_MOST_PICTURES = 1024
_MEASURED = (
    *("model_ms", "encode_ms", "wire_ms", "paint_ms", "round_trip_ms"),
    *("pictures_per_second", "dropped"),
)


def receive(space: LatentSpace, feed: Feed, content: object, buffers: Buffers) -> None:
    """Take one message of a page; every failure goes back to it as an error card.

    Parameters
    ----------
    space
        The space that was addressed.
    feed
        Where its pictures come from.
    content
        `{"op", "channel", "seq", "client", ...}`; untrusted.
    buffers
        Latents as float32 bytes, where the message has any; untrusted.
    """
    if not isinstance(content, dict):
        return
    client, gesture = str(content.get("client"))[:64], content.get("gesture")
    asker = Asker(
        client,
        _whole(content.get("seq")),
        None if gesture is None else str(gesture)[:64],
        moving=content.get("moving") is True,
    )
    channel = str(content.get("channel"))[:64]
    op = str(content.get("op"))[:64]

    def reply() -> None:
        head = {"kind": "reply", "client": asker.client, "channel": channel, "seq": asker.seq}
        try:
            if op == "decode":
                body, blobs = feed.drawing.atlas(_latents(space, buffers))
            else:
                body, blobs = _answer(space, op, content, buffers)
        except Exception as error:  # noqa: BLE001 - shown on the page instead
            body, blobs = explain(error), []
        space.send({**head, **body}, blobs)

    if op == "z":
        feed.measured = _numbers(content.get("stats")) or feed.measured
        _write(space, feed, asker, buffers)
    elif op == "seen":
        feed.link.seen(client, content.get("version"), content.get("at"))
    elif op in _AT_ONCE:
        reply()
    elif op in _LONG:
        feed.do_slowly(f"{asker.client}/{op}", reply)
    else:
        feed.do(f"{asker.client}/{channel}", reply)


def _write(space: LatentSpace, feed: Feed, asker: Asker, buffers: Buffers) -> None:
    if not feed.hear(asker):
        return
    try:
        z = check_point("z", _latents(space, buffers)[0], space.latent_dim, space.geometry)
        with feed.asked_by(asker):
            if feed.rests(asker, z) or np.array_equal(z, space.z):
                feed.want(space.z)
            else:
                space.z = z
    except Exception as error:  # noqa: BLE001 - an observer of z raised: shown on the page
        space.send({"kind": "notice", "client": asker.client, "seq": asker.seq, **explain(error)})


def _numbers(stats: object) -> Content:
    """Keep what is a measurement, whatever the page sent."""
    if not isinstance(stats, dict):
        return {}
    found: Content = {
        name: value
        for name in _MEASURED
        if isinstance(value := stats.get(name), int | float) or value is None
    }
    return {"engine": "browser" if stats.get("engine") == "browser" else "kernel", **found}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _answer(space: LatentSpace, op: str, content: Content, buffers: Buffers) -> Answer:
    question = _AT_ONCE.get(op) or _AT_LEISURE.get(op) or _LONG.get(op)
    if question is None:
        known = sorted([*_AT_ONCE, *_AT_LEISURE, *_LONG, "decode", "seen", "z"])
        raise ValueError(f"op must be one of {known}, got {op!r}")
    return question(space, content, buffers)


def _latents(space: LatentSpace, buffers: Buffers) -> codec.Floats:
    if len(buffers) != 1:
        raise ValueError(f"this message needs one latent buffer, got {len(buffers)}")
    z = codec.bytes_to_floats(buffers[0], space.latent_dim)
    if len(z) > _MOST_PICTURES:
        raise ValueError(f"at most {_MOST_PICTURES} latents can be asked at once, got {len(z)}")
    return z


def pack_pictures(pictures: codec.Pictures) -> Answer:
    """Pack (n, H, W, C) uint8 pictures: how they are packed, and the bytes."""
    packed = None
    if codec.is_large(pictures.shape):
        # Several are looked at small, where no eye sees the loss.
        levels = torch.from_numpy(pictures).permute(0, 3, 1, 2)
        packed = codec.to_jpeg(levels, 90) if len(pictures) > 1 else codec.to_webp(pictures)
    packed = packed or codec.Packed("raw", pictures.tobytes())
    return {"shape": list(pictures.shape), "format": packed.format}, [packed.data]


def rows_answer(space: LatentSpace, rows: Sequence[int]) -> Answer:
    """Pack what a page shows of rows.

    Parameters
    ----------
    space
        Whose rows they are.
    rows
        At least one row id.

    Returns
    -------
    dict, list of bytes
        How the pictures are packed (`shape` is None where there are none); the pictures, and the
        (len(rows), d) latents.
    """
    reply: Content = {"shape": None}
    pictures: list[bytes] = [b""]
    if space.can_decode or space.data.images is not None:
        reply, pictures = pack_pictures(space.pictures(rows))
    return reply, [*pictures, codec.floats_to_bytes(space.points[rows])]


def _rows(space: LatentSpace, content: Content, _: Buffers) -> Answer:
    rows = space.data.check_rows(content.get("rows") or [])[:_MOST_PICTURES]
    if not rows:
        raise ValueError("rows must name at least one row, got none")
    return rows_answer(space, rows)


def _mean(space: LatentSpace, content: Content, _: Buffers) -> Answer:
    if "column" in content:
        where = space.data.rows_where(str(content["column"]), str(content.get("category")))
        rows = [int(row) for row in where]
    else:
        rows = space.data.check_rows(content.get("rows") or [])
    if not rows:
        raise ValueError("a mean needs at least one row, got none")
    return {"count": len(rows)}, [codec.floats_to_bytes(space.data.mean_of(rows))]


def _nearest(space: LatentSpace, content: Content, buffers: Buffers) -> Answer:
    k = min(max(_whole(content.get("k")), 1), 50)
    metric = "euclidean" if space.geometry.name == "euclidean" else "geodesic"
    found = space.neighbours(_latents(space, buffers)[0], min(k, len(space.points)), metric)
    reply, pictures = rows_answer(space, rows := found.rows.tolist())
    return {**reply, "rows": rows, "distances": found.distances.tolist()}, pictures


def _sample(space: LatentSpace, _: Content, __: Buffers) -> Answer:
    return {}, [codec.floats_to_bytes(space.sample(1))]


def _runtime(space: LatentSpace, _: Content, __: Buffers) -> Answer:
    return {}, list(space.browser_parts().runtime())


def _decoder(space: LatentSpace, _: Content, __: Buffers) -> Answer:
    return {}, [space.browser_parts().decoder()]


def _likeness(space: LatentSpace, _: Content, __: Buffers) -> Answer:
    space.judge()
    return {}, []


def _believe(space: LatentSpace, _: Content, buffers: Buffers) -> Answer:
    return {}, [codec.floats_to_bytes(space.judge().measure(_latents(space, buffers)))]


def _undo(space: LatentSpace, _: Content, __: Buffers) -> Answer:
    return {"moved": space.undo()}, []


def _redo(space: LatentSpace, _: Content, __: Buffers) -> Answer:
    return {"moved": space.redo()}, []


_Question = Callable[["LatentSpace", Content, Buffers], Answer]
# What sets z runs where Jupyter calls us, so that the user's observers do too.
_AT_ONCE: dict[str, _Question] = {"undo": _undo, "redo": _redo, "sample": _sample}
_AT_LEISURE: dict[str, _Question] = {
    "rows": _rows,
    "mean": _mean,
    "nearest": _nearest,
    "believe": _believe,
}
_LONG: dict[str, _Question] = {
    "runtime": _runtime,
    "decoder": _decoder,
    "likeness": _likeness,
}
