"""The parts of a cartoon face that everybody has, and the glasses in front of them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from latent_widgets.datasets import face_palette as palette
from latent_widgets.datasets.face_canvas import Canvas, box, circle, common, ellipse, union

EYE_Y = 0.10
MOUTH_Y = 0.415
CENTRE_Y = 0.07


@dataclass(frozen=True)
class Face:
    """Proportions and colours of a batch of faces: numbers (n, 1, 1), colours (n, 3)."""

    width: Tensor
    height: Tensor
    head_x: Tensor
    look_x: Tensor  # where the features sit: they travel further than the head when it turns
    skin: Tensor
    hair: Tensor
    shirt: Tensor
    factors: dict[str, Tensor]

    @classmethod
    def of(cls, factors: dict[str, Tensor]) -> Face:
        """Work proportions and colours out of checked factors (n,)."""
        long, turn = _wide(factors["face_shape"]), _wide(factors["turn"])
        return cls(
            width=0.525 - 0.065 * long,
            height=0.575 + 0.055 * long,
            head_x=0.02 * turn,
            look_x=0.125 * turn,
            skin=palette.ramp(palette.SKIN, factors["skin_tone"]),
            hair=palette.HAIR[factors["hair_color"]],
            shirt=palette.ramp(palette.SHIRT, factors["shirt"]),
            factors=factors,
        )

    def number(self, name: str) -> Tensor:
        """Return a number factor as (n, 1, 1)."""
        return _wide(self.factors[name])

    def rows(self, name: str, code: int) -> Tensor:
        """Return which faces of the batch have class ``code`` in a category."""
        return (self.factors[name] == code).nonzero().flatten()

    def only(self, rows: Tensor) -> Face:
        """Return some of the faces."""
        return Face.of({name: values[rows] for name, values in self.factors.items()})

    def head(self, canvas: Canvas) -> Tensor:
        """Return the signed distance to the head, a soft egg with the chin down."""
        v = (canvas.y - CENTRE_Y) / self.height
        x = (canvas.x - self.head_x) * (1.0 + 0.10 * v.clamp(0.0, 1.2).square())
        return ellipse(x, canvas.y - CENTRE_Y, self.width, self.height)


def _wide(values: Tensor) -> Tensor:
    return values[:, None, None]


def backdrop(canvas: Canvas, face: Face) -> None:
    """Paint a plain wall with a lighter disc behind the head."""
    wall = palette.ramp(palette.BACKGROUND, face.factors["background"])
    canvas.pixels.copy_(wall[:, :, None, None].expand_as(canvas.pixels))
    disc = canvas.cover(circle(canvas.x, canvas.y - 0.05, 0.88), blur=0.05)
    canvas.paint(0.38 * disc, palette.WHITE)


def body(canvas: Canvas, face: Face) -> None:
    """Paint neck, shirt and collar."""
    part = canvas.window(-1.0, 0.3, 1.0, 1.0)
    x, y = part.x - face.head_x, part.y
    shade = palette.mix(face.skin, palette.DUSK, 0.26)
    neck = box(x, y - 0.66, (0.19, 0.30), 0.08)
    shoulders = union(
        ellipse(part.x, y - 1.16, 0.86, 0.46), box(x, y - 0.92, (0.32, 0.16), 0.1), 0.2
    )
    part.paint(part.cover(shoulders), face.shirt)
    collar = ellipse(x, y - 0.74, 0.255, 0.115)
    part.paint(
        part.cover(common(collar - 0.05, shoulders)), palette.mix(face.shirt, palette.DUSK, 0.3)
    )
    part.paint(part.cover(common(neck, union(collar, y - 0.74))), face.skin)
    below_chin = common(neck, face.head(Canvas(part.pixels, part.x, part.y - 0.09, part.step)))
    part.paint(part.cover(common(below_chin, union(collar, y - 0.74))), shade)


def head(canvas: Canvas, face: Face) -> None:
    """Paint ears, the head with a little side shadow, and the blush."""
    shade = palette.mix(face.skin, palette.DUSK, 0.20)
    for side in (-1.0, 1.0):
        part = canvas.window(*((-0.8, -0.15, -0.2, 0.45) if side < 0 else (0.2, -0.15, 0.8, 0.45)))
        x = part.x - face.head_x + 0.3 * face.look_x - side * (face.width + 0.005)
        y = part.y - 0.14
        part.paint(part.cover(ellipse(x, y, 0.105, 0.135)), face.skin)
        part.paint(part.cover(ellipse(x - side * 0.015, y, 0.05, 0.075)), shade)
    part = canvas.window(-0.7, -0.65, 0.7, 0.8)
    outline = face.head(part)
    inside = part.cover(outline)
    part.paint(inside, face.skin)
    rosy = palette.mix(face.skin, palette.BLUSH, 0.6)
    lit = ellipse(part.x - face.head_x + 0.09, part.y - CENTRE_Y + 0.07, face.width, face.height)
    part.paint(0.34 * inside * (1.0 - part.cover(lit, blur=0.14)), shade)
    for side in (-1.0, 1.0):
        x = part.x - face.look_x - side * (face.width * 0.60)
        spot = torch.exp(-((x / 0.12).square() + ((part.y - 0.33) / 0.085).square()))
        part.paint(0.62 * spot * inside, rosy)


def nose(canvas: Canvas, face: Face) -> None:
    """Paint a small round nose with a lit bridge."""
    part = canvas.window(-0.35, 0.0, 0.35, 0.45)
    x, y = part.x - 1.25 * face.look_x, part.y - 0.255
    part.paint(part.cover(ellipse(x, y, 0.068, 0.052)), palette.mix(face.skin, palette.DUSK, 0.24))
    light = palette.mix(face.skin, palette.WHITE, 0.22)
    part.paint(part.cover(ellipse(x, y + 0.022, 0.06, 0.048)), palette.mix(face.skin, light, 0.6))


def brows(canvas: Canvas, face: Face) -> None:
    """Paint brows that fall inwards in anger and rise inwards in worry."""
    part = canvas.window(-0.62, -0.36, 0.62, 0.12)
    mood = face.number("brow")
    color = palette.mix(face.hair, palette.INK, 0.32)
    for side in (-1.0, 1.0):
        u = (part.x - face.look_x - side * _eye_x(face)) / 0.145
        inward = (-side * u).clamp(-1.0, 1.0)
        spine = (
            EYE_Y - 0.245 + 0.072 * mood * inward + 0.015 * mood + 0.03 * u.clamp(-1, 1).square()
        )
        dx = (u.abs() - 1.0).clamp_min(0.0) * 0.145
        distance = (dx.square() + ((part.y - spine) * 0.92).square()).sqrt()
        part.paint(part.cover(distance - 0.033 - 0.007 * inward), color)


def _eye_x(face: Face) -> Tensor:
    return 0.225 + 0.12 * (face.width - 0.525)


def eyes(canvas: Canvas, face: Face) -> None:
    """Paint big eyes that close into happy arcs, with a highlight that stays with the iris."""
    opened, gaze = face.number("eye_open"), face.number("gaze_x")
    tall = 0.030 + 0.142 * opened.clamp_min(0.0).pow(0.75)
    for side in (-1.0, 1.0):
        part = canvas.window(
            *((-0.52, -0.14, 0.08, 0.34) if side < 0 else (-0.08, -0.14, 0.52, 0.34))
        )
        x = part.x - face.look_x - side * _eye_x(face)
        y = part.y - EYE_Y - (1.0 - opened) * (0.05 + 0.055 * (x / 0.14).square())
        white = ellipse(x, y, 0.150, tall)
        seen = part.cover(white)
        part.paint(seen, palette.CREAM)
        ix, iy = x - 0.064 * gaze, part.y - EYE_Y - 0.006
        part.paint(seen * part.cover(circle(ix, iy, 0.115)), palette.IRIS)
        part.paint(seen * part.cover(circle(ix, iy, 0.072)), palette.PUPIL)
        part.paint(seen * part.cover(circle(ix + 0.038, iy + 0.045, 0.041)), palette.WHITE)
        part.paint(0.5 * seen * part.cover(circle(ix - 0.04, iy - 0.05, 0.022)), palette.WHITE)
        lash = common(white.abs() - 0.021, y - 0.015 - 0.04 * (1.0 - opened), 0.05)
        part.paint(part.cover(lash), palette.INK)


def mouth_distances(canvas: Canvas, face: Face) -> tuple[Tensor, Tensor, Tensor]:
    """Return the signed distance to the mouth, and to its upper and lower edges (downwards)."""
    smile, opened = face.number("smile"), face.number("mouth_open")
    wide = 0.225 + 0.03 * smile - 0.025 * opened
    x = canvas.x - 1.1 * face.look_x
    u = (x / wide).clamp(-1.0, 1.0)
    line = MOUTH_Y + smile * (0.115 + 0.02 * smile) * (0.48 - u.square())
    bulge = (1.0 - u.square()).sqrt() * opened * (0.85 + 0.15 * smile)
    below_top = canvas.y - (line - 0.06 * bulge)
    above_bottom = (line + 0.14 * bulge) - canvas.y
    across = torch.maximum(-below_top, -above_bottom)
    aside = (x.abs() - wide).clamp_min(0.0)
    outside = (across.clamp_min(0.0).square() + aside.square()).sqrt()
    return outside + across.clamp_max(0.0), below_top, above_bottom


def mouth(canvas: Canvas, face: Face) -> None:
    """Paint lips, and teeth and tongue when the mouth is open."""
    part = canvas.window(-0.5, 0.2, 0.5, 0.75)
    outline, below_top, above_bottom = mouth_distances(part, face)
    lips = palette.mix(palette.mix(face.skin, palette.ROSE, 0.52), palette.DUSK, 0.30)
    part.paint(part.cover(outline - 0.03), lips)
    inside = part.cover(outline)
    part.paint(inside, palette.MOUTH)
    x = part.x - 1.1 * face.look_x
    tongue = ellipse(x, above_bottom, 0.12, 0.07)
    part.paint(inside * part.cover(tongue), palette.TONGUE)
    part.paint(
        inside * part.cover(below_top - 0.017 * (1.0 + face.number("smile")).square()),
        palette.CREAM,
    )


def glasses(canvas: Canvas, face: Face) -> None:
    """Paint bold round frames, a bridge, temples and a glint on each lens."""
    rows = face.rows("glasses", 1)
    if not len(rows):
        return
    face = face.only(rows)
    part = canvas.window(-0.8, -0.20, 0.8, 0.42)
    x, y = part.x - face.look_x, part.y - EYE_Y - 0.015
    spread = _eye_x(face) + 0.012
    lens = box(x.abs() - spread, y, (0.203, 0.205), 0.16)
    shine = part.cover(lens) * 0.08
    part.paint(shine, palette.WHITE, only=rows)
    bridge = box(x, y + 0.05, (0.06, 0.024), 0.02)
    reach = (part.x - face.head_x).abs()
    temples = common(box(x, y + 0.05, (0.9, 0.024), 0.0), common(reach - face.width - 0.02, -lens))
    temples = common(temples, spread - x.abs())
    frame = union(union(lens.abs() - 0.031, bridge), temples)
    part.paint(part.cover(frame), palette.FRAME, only=rows)
