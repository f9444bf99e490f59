"""Hair, hats and beards of the cartoon faces."""

from __future__ import annotations

import torch
from torch import Tensor

from latent_widgets.datasets import face_palette as palette
from latent_widgets.datasets.face_canvas import Canvas, box, circle, common, ellipse, union
from latent_widgets.datasets.face_parts import Face, mouth_distances

STYLES = ("bald", "short", "long", "curly", "bun", "spiky")
HAT_Y = -0.26


def _clear_of_hat(face: Face, y: Tensor) -> Tensor:
    """Return a distance that hides hair above the brim of a hat."""
    hatted = (face.factors["hat"] == 1)[:, None, None]
    return torch.where(hatted, HAT_Y - y, -9.0)


def _curls(x: Tensor, y: Tensor, radius: Tensor | float, count: int, depth: float) -> Tensor:
    angle = torch.atan2(y, x)
    return circle(x, y, radius) - depth * (angle * count).cos().abs()


def _skull(canvas: Canvas, face: Face, extra: float) -> Tensor:
    x, y = canvas.x - face.head_x, canvas.y + 0.02
    return ellipse(x, y, face.width + extra, face.height - 0.06 + extra)


def back_hair(canvas: Canvas, face: Face) -> None:
    """Paint what hangs or puffs out behind the head."""
    for style in ("long", "curly", "bun"):
        rows = face.rows("hair_style", STYLES.index(style))
        if not len(rows):
            continue
        some = face.only(rows)
        x, y = canvas.x - some.head_x, canvas.y
        if style == "long":
            crown = ellipse(x, y + 0.04, some.width + 0.13, some.height + 0.08)
            shape = union(crown, box(x, y - 0.40, (some.width + 0.14, 0.46), 0.22), 0.1)
        elif style == "curly":
            shape = _curls(x, y + 0.06, some.width + 0.18, 8, 0.055)
        else:
            knot = circle(x + 0.4 * some.look_x, y + 0.62, 0.20)
            shape = knot
        shape = common(shape, _clear_of_hat(some, y), 0.12)
        color = palette.mix(some.hair, palette.DUSK, 0.0 if style == "curly" else 0.2)
        canvas.paint(canvas.cover(shape), color, only=rows)


def front_hair(canvas: Canvas, face: Face) -> None:
    """Paint the hair that frames the forehead, with a soft shadow below and a sheen above."""
    part = canvas.window(-0.85, -1.0, 0.85, 0.55)
    for code, style in enumerate(STYLES):
        rows = face.rows("hair_style", code)
        if style == "bald" or not len(rows):
            continue
        some = face.only(rows)
        shape = common(_FRONTS[style](part, some), _clear_of_hat(some, part.y))
        on_head = part.cover(some.head(part))
        part.paint(0.20 * on_head * part.cover(shape - 0.02, blur=0.07), palette.DUSK, only=rows)
        part.paint(part.cover(shape), some.hair, only=rows)
        x, y = part.x - some.head_x + 0.14, part.y + 0.42
        sheen = part.cover(ellipse(x, y, 0.20, 0.07), blur=0.12) * part.cover(shape)
        part.paint(0.16 * sheen, palette.WHITE, only=rows)


def _fringe(canvas: Canvas, face: Face, aside: float, wide: float) -> Tensor:
    """Return the distance to everything but an oval opening for the face."""
    x = canvas.x - 0.55 * face.look_x - aside
    return -ellipse(x, canvas.y - 0.28, face.width * wide, 0.57)


def _short(canvas: Canvas, face: Face) -> Tensor:
    crown = union(
        _skull(canvas, face, 0.05),
        ellipse(canvas.x - face.head_x + 0.08, canvas.y + 0.47, 0.38, 0.20),
        0.15,
    )
    x = canvas.x - 0.55 * face.look_x
    parting = -ellipse(x - 0.02, canvas.y - 0.21 + 0.15 * x, face.width * 0.95, 0.545)
    return common(common(crown, parting, 0.04), canvas.y - 0.06, 0.06)


def _long(canvas: Canvas, face: Face) -> Tensor:
    x, y = canvas.x - 0.55 * face.look_x, canvas.y
    curtain = common(
        ellipse(x + 0.26, y - 0.34, face.width * 1.34, 0.80),
        ellipse(x - 0.26, y - 0.34, face.width * 1.34, 0.80),
        0.06,
    )
    shape = common(_skull(canvas, face, 0.10), -curtain, 0.03)
    return common(shape, y - 0.45, 0.1)


def _curly(canvas: Canvas, face: Face) -> Tensor:
    x, y = canvas.x - 0.55 * face.look_x, canvas.y - 0.32
    opening = _curls(x, y * 0.92, face.width * 0.99, 8, -0.045)
    return common(common(_skull(canvas, face, 0.09), -opening, 0.02), canvas.y - 0.06, 0.06)


def _bun(canvas: Canvas, face: Face) -> Tensor:
    shape = common(_skull(canvas, face, 0.045), _fringe(canvas, face, 0.0, 0.93), 0.04)
    return common(shape, canvas.y - 0.02, 0.06)


def _spiky(canvas: Canvas, face: Face) -> Tensor:
    x, y = canvas.x - face.head_x, canvas.y - 0.05
    around = torch.atan2(x, -y)
    wave = 1.0 - (around * 5.5 - torch.round(around * 5.5 / torch.pi) * torch.pi).abs() * 0.637
    spikes = _skull(canvas, face, 0.03) - 0.17 * wave * (around.cos() + 0.15).clamp(0.0, 1.0)
    fx = canvas.x - 0.55 * face.look_x
    zigzag = 0.10 * ((fx * 5.0 - torch.round(fx * 5.0)).abs() * 2.0)
    fringe = -ellipse(fx, canvas.y - 0.30 + zigzag, face.width * 0.94, 0.52)
    return common(common(spikes, fringe, 0.02) * 0.8, canvas.y - 0.06, 0.06)


_FRONTS = {"short": _short, "long": _long, "curly": _curly, "bun": _bun, "spiky": _spiky}


def beard(canvas: Canvas, face: Face) -> None:
    """Paint a moustache, or a full beard that leaves the lips free."""
    part = canvas.window(-0.75, 0.0, 0.75, 0.95)
    for code in (1, 2):
        rows = face.rows("beard", code)
        if not len(rows):
            continue
        some = face.only(rows)
        x, y = part.x - some.look_x, part.y
        u = ((x.abs() - 0.10) / 0.14).clamp(-1.0, 1.0)
        spine = 0.338 + 0.03 * u.square() * (u > 0)
        lip_hair = ellipse(x.abs() - 0.09, y - spine, 0.135, 0.052)
        shape = lip_hair
        if code == 2:
            jaw = common(
                some.head(part) - 0.045,
                -ellipse(x + 0.35 * some.look_x, y - 0.08, some.width * 0.88, 0.36),
                0.05,
            )
            jaw = common(jaw, 0.17 - y, 0.08)
            shape = common(union(jaw, lip_hair, 0.04), 0.06 - mouth_distances(part, some)[0], 0.02)
        part.paint(part.cover(shape), palette.mix(some.hair, palette.INK, 0.14), only=rows)


def hat(canvas: Canvas, face: Face) -> None:
    """Paint a knitted hat with a bobble, in the colour of the shirt."""
    rows = face.rows("hat", 1)
    if not len(rows):
        return
    face = face.only(rows)
    part = canvas.window(-0.85, -1.0, 0.85, 0.0)
    x, y = part.x - face.head_x, part.y
    light, dark = (
        palette.mix(face.shirt, palette.WHITE, 0.30),
        palette.mix(face.shirt, palette.DUSK, 0.18),
    )
    dome = common(ellipse(x, y + 0.26, face.width + 0.055, 0.42), y + 0.24)
    part.paint(part.cover(circle(x, y + 0.70, 0.125)), light, only=rows)
    part.paint(part.cover(dome), face.shirt, only=rows)
    shine = ellipse(x + 0.17, y + 0.50, 0.14, 0.08)
    part.paint(0.2 * part.cover(shine, blur=0.12) * part.cover(dome), palette.WHITE, only=rows)
    brim = box(x, y + 0.27 - 0.10 * x.square(), (face.width + 0.085, 0.095), 0.08)
    shadow = part.cover(brim - 0.03, blur=0.08) * part.cover(face.head(part))
    part.paint(0.25 * shadow, palette.DUSK, only=rows)
    part.paint(part.cover(brim), dark, only=rows)
