"""Scenes of a stage: arches, rings and gala walls."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, lights, party, tableware
from app.demo.drawing.canvas import WIDTH, Canvas, curve, darker, hanging, lighter, mix, oval
from app.demo.drawing.palettes import Palette

FLOWERS: dict[str, flora.Flower] = {
    "rose": flora.rose,
    "marigold": flora.marigold,
    "daisy": flora.daisy,
    "blossom": flora.blossom,
    "peony": flora.peony,
    "tulip": flora.tulip,
    "sunflower": flora.sunflower,
}


def room(c: Canvas, p: Palette, floor: float = 868) -> None:
    """Paint a wall with daylight from the left and a floor."""
    c.backdrop(*p.sky, bottom=floor)
    c.glow(WIDTH * 0.24, 140, 1000, lighter(p.sky[0], 0.6), 0.5)
    c.backdrop(darker(p.ground, 0.06), lighter(p.ground, 0.22), top=floor)
    c.shadow([(-60, floor - 4), (WIDTH + 60, floor - 4), (WIDTH + 60, floor + 8), (-60, floor + 8)], 12, 0.22)


def is_dark(p: Palette) -> bool:
    """Tell whether the palette is one for the evening."""
    return sum(p.sky[0]) < 330


def arch(
    c: Canvas, p: Palette, flower: str = "rose", balloons: bool = False, tiers: int = 3, side: int = 1
) -> None:
    """Set nested arched panels, an uneven garland over them, plinths with cake and vase."""
    room(c, p)
    if is_dark(p):
        lights.curtain(c, 60, WIDTH - 60, -10, 560, lights.WARM, 34)
    foot = 896.0
    tones = [mix(p.sky[-1], p.accents[k % len(p.accents)], 0.55) for k in (0, 1, 3)]
    for offset, wide, tall, tone in (
        (-side * 250, 400, 610, tones[1]),
        (side * 260, 360, 520, tones[2]),
        (0, 470, 770, tones[0]),
    ):
        party.arch_panel(c, 800 + offset, foot, wide, tall, tone, p.metal if not offset else None)
    path = curve(
        [
            (800 - side * 470, 880),
            (800 - side * 560, 330),
            (800 - side * 270, 120),
            (800 + side * 40, 80),
            (800 + side * 190, 250),
        ],
        60,
    )
    if balloons:
        party.balloon_garland(c, path, 66, p.accents)
        flora.cluster(c, 800 - side * 420, 800, 84, p.accents, p.leaf, FLOWERS[flower], 9)
    else:
        flora.garland(c, path, 74, p.accents, p.leaf, FLOWERS[flower])
    party.plinth(c, 800 + side * 60, 948, 190, 190, tones[1])
    top = tableware.cake(c, 800 + side * 60, 758, 158, tiers, p.light, p.metal)
    flora.cluster(c, 800 + side * 60, top - 6, 34, p.accents, p.leaf, FLOWERS[flower], 7)
    party.plinth(c, 800 + side * 330, 972, 150, 120, tones[0])
    flora.cluster(c, 800 + side * 330, 800, 82, p.accents, p.leaf, FLOWERS[flower], 12)
    for x, high in ((-210, 92), (-158, 60), (-262, 48)):
        lights.candle(c, 800 + side * x, 972, 30, high, p.light)
    lights.bokeh(c, p.accents, 14, size=30)


def hoop(c: Canvas, p: Palette, flower: str = "peony", plumes: bool = False) -> None:
    """Set a ring dressed with flowers on one side, candles at its foot."""
    x: float
    room(c, p)
    if is_dark(p):
        for k in range(4):
            lights.bulbs(c, hanging((-40, 60 + k * 34), (WIDTH + 40, 30 + k * 44), 110 + k * 40), 70)
    else:
        for x in (330, 560, 1040, 1270):
            party.arch_panel(c, x, 868, 190, 700, lighter(p.sky[-1], 0.25))
    for width, ink in ((15, darker(p.metal, 0.2)), (9, p.metal), (3, lighter(p.metal, 0.5))):
        c.ring(800, 490, 396, ink, width)
    c.shadow(oval(800, 900, 300, 22), 16, 0.3)
    arc = [
        (800 + 390 * math.cos(a), 490 + 390 * math.sin(a)) for a in (1.9 + 2.3 * k / 50 for k in range(51))
    ]
    if plumes:
        for x, y in arc[4::4]:
            away = math.atan2(y - 490, x - 800)
            flora.plume(
                c,
                x,
                y,
                c.random.uniform(190, 270),
                away + c.random.uniform(-0.5, 0.5),
                lighter(p.accents[4 % len(p.accents)], 0.25),
            )
    flora.garland(c, arc, 92, p.accents, p.leaf, FLOWERS[flower])
    arc = [
        (800 + 390 * math.cos(a), 490 + 390 * math.sin(a)) for a in (-0.62 + 0.8 * k / 30 for k in range(31))
    ]
    flora.garland(c, arc, 62, p.accents, p.leaf, FLOWERS[flower])
    for x, high, wide in (
        (420, 90, 34),
        (474, 140, 36),
        (532, 66, 34),
        (1090, 120, 36),
        (1144, 74, 34),
        (1196, 150, 36),
    ):
        lights.candle(c, x, 950 + (x % 3) * 8, wide, high, p.light)


def deco(c: Canvas, p: Palette, clock: bool = False) -> None:
    """Build a gala wall of fans and rays with a tower of glasses."""
    c.backdrop(*p.sky)
    for row in range(7):
        for column in range(-1, 9):
            x, y = column * 200 + (row % 2) * 100, 1067 - row * 150.0
            for k in range(5, 0, -1):
                c.disc(x, y, k * 20, mix(p.sky[-1], p.sky[0], k % 2 * 0.7))
                c.ring(x, y, k * 20, p.metal, 1.6, 0.4)
    c.glow(800, 420, 700, p.metal, 0.34)
    for radius, tone in ((330, p.sky[0]), (318, p.metal), (309, darker(p.sky[0], 0.3))):
        c.disc(800, 420, radius, tone)
    for k in range(48):
        angle = math.tau * k / 48
        inner, outer = (216 if k % 4 else 190), 296
        c.stroke(
            [(800 + r * math.cos(angle), 420 + r * math.sin(angle)) for r in (inner, outer)],
            p.metal,
            5 if k % 4 == 0 else 2,
        )
    if clock:
        for angle, reach, width in ((-math.pi / 2 - 0.12, 170, 9), (-math.pi / 2 - 0.36, 116, 12)):
            c.stroke(
                [(800, 420), (800 + reach * math.cos(angle), 420 + reach * math.sin(angle))],
                p.accents[1],
                width,
            )
        c.disc(800, 420, 16, p.metal)
    else:
        lights.sparkle(c, 800, 420, 150, p.accents[1])
    c.backdrop(darker(p.sky[0], 0.25), darker(p.ground, 0.2), top=880)
    c.block(0, 876, WIDTH, 6, p.metal)
    for row in range(4):
        for k in range(4 - row):
            for side in (300, 1300):
                tableware.glass(c, side + (k - (3 - row) / 2) * 78, 980 - row * 92, 96, p.accents[0])
    flora.cluster(
        c, 800, 930, 120, [p.accents[1], p.accents[4 % len(p.accents)], p.accents[0]], p.leaf, flora.rose, 16
    )
    party.balloon_garland(
        c, curve([(-30, 420), (90, 120), (360, -40)], 30), 58, [p.metal, p.accents[2], p.accents[1]]
    )
    party.balloon_garland(
        c, curve([(WIDTH + 30, 420), (1510, 120), (1240, -40)], 30), 58, [p.metal, p.accents[2], p.accents[1]]
    )
    party.confetti(c, [p.metal, p.accents[1]], 90, 0, 860, 7)


SCENES: dict[str, Any] = {
    "arch": arch,
    "hoop": hoop,
    "deco": deco,
}
