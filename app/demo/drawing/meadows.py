"""Scenes in green: meadows, picnics, orchards."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, lights, party, places, tableware
from app.demo.drawing.canvas import (
    HEIGHT,
    WIDTH,
    Canvas,
    Colour,
    curve,
    darker,
    hanging,
    lighter,
    mix,
    oval,
    petal,
)
from app.demo.drawing.palettes import Palette
from app.demo.drawing.stages import FLOWERS


def _daylight(c: Canvas, p: Palette, sun: tuple[float, float] = (1220, 190), foot: float = 760) -> None:
    c.backdrop(*p.sky, bottom=foot + 40)
    c.glow(*sun, 620, (255, 236, 180), 0.6)
    c.disc(*sun, 84, (255, 244, 206), 0.95)
    places.clouds(c, 5)


def _flower_field(c: Canvas, p: Palette, top: float, count: int, kind: str) -> None:
    for k in range(count):
        depth = (k / count) ** 0.8
        x, y = c.random.uniform(-20, WIDTH + 20), top + (HEIGHT + 30 - top) * depth
        size, tall = 7 + 26 * depth, 30 + 80 * depth
        lean = c.random.uniform(-0.2, 0.2) * tall
        c.stroke(
            curve([(x, y + tall * 0.5), (x, y), (x + lean, y - tall * 0.5)], 8),
            darker(p.leaf, 0.1),
            1 + 2 * depth,
        )
        flora.leaf(c, x, y + tall * 0.2, tall * 0.4, -0.6 - c.random.random() * 2, p.leaf, 0.26)
        FLOWERS[kind](c, x + lean, y - tall * 0.5, size, p.accents[k % len(p.accents)])


def meadow(
    c: Canvas, p: Palette, kind: str = "daisy", strung: bool = True, arch: bool = False, pole: bool = False
) -> None:
    """Spread a meadow in bloom before hills, with bunting, an arch or a maypole."""
    _daylight(c, p)
    for base, high, share in ((660, 190, 0.55), (730, 150, 0.32), (800, 110, 0.1)):
        places.hills(
            c,
            base,
            high,
            mix(mix(p.ground, p.leaf, 0.3), p.sky[-1], share),
            mix(p.ground, p.sky[-1], share * 0.7),
        )
    for x, size in ((120, 330), (290, 240), (1470, 360)):
        places.tree(c, x, 770, size, [p.leaf, lighter(p.leaf, 0.18)], (120, 92, 70))
    c.shaded(
        [(-5, 800), (WIDTH + 5, 780), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)],
        (mix(p.ground, p.leaf, 0.2), mix(p.ground, p.leaf, 0.6)),
    )
    if pole:
        _maypole(c, p)
    if arch:
        for x in (560, 1040):
            c.block(x - 9, 300, 18, 640, mix(p.metal, (120, 90, 60), 0.4), 6)
        c.block(540, 292, 520, 18, mix(p.metal, (120, 90, 60), 0.4), 6)
        flora.garland(
            c,
            curve([(552, 760), (520, 300), (700, 270), (1050, 300)], 40),
            72,
            p.accents,
            p.leaf,
            FLOWERS[kind],
        )
        for k in range(-2, 3):
            drape = curve([(800 + k * 10, 300), (560 + k * 8, 520), (590 + k * 16, 930)], 20)
            c.stroke(drape, p.light, 22, 0.5)
    if strung:
        party.bunting(c, hanging((-40, 60), (820, 90), 110), p.accents, 50)
        party.bunting(c, hanging((780, 90), (WIDTH + 40, 40), 120), p.accents[::-1], 50)
    _flower_field(c, p, 800, 120, kind)


def _maypole(c: Canvas, p: Palette) -> None:
    flora.garland(
        c, [(800, 940), (800, 170)], 34, [p.accents[3], p.accents[0], p.accents[1]], p.leaf, flora.daisy
    )
    flora.garland(
        c, [(560, 330), (800, 260), (1040, 330)], 34, [p.accents[3], p.accents[1]], p.leaf, flora.daisy
    )
    for x in (580, 1020):
        ring = [
            (x + 78 * math.cos(a), 420 + 78 * math.sin(a)) for a in (math.tau * k / 40 for k in range(41))
        ]
        flora.garland(c, ring, 30, [p.accents[3], p.accents[0], p.accents[2]], p.leaf, flora.daisy)
    for k, side in enumerate((-1, 1, -1, 1, -1, 1)):
        ribbon = curve(
            [(800, 180), (800 + side * (160 + k * 60), 420), (800 + side * (210 + k * 62), 900)], 30
        )
        c.stroke(ribbon, p.accents[k % len(p.accents)], 6, 0.9)


def picnic(c: Canvas, p: Palette, kind: str = "daisy") -> None:
    """Lay a cloth under a tree with a basket, cake and lemonade, lamps in the branches."""
    _daylight(c, p, (330, 170))
    for base, high, share in ((650, 170, 0.5), (740, 120, 0.25)):
        places.hills(c, base, high, mix(mix(p.ground, p.leaf, 0.3), p.sky[-1], share))
    c.shaded(
        [(-5, 760), (WIDTH + 5, 740), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)],
        (mix(p.ground, p.leaf, 0.15), mix(p.ground, p.leaf, 0.5)),
    )
    places.tree(
        c, 1240, 850, 860, [p.leaf, lighter(p.leaf, 0.15), mix(p.leaf, p.accents[1], 0.2)], (120, 92, 70)
    )
    for start, end, sag in (((-40, 120), (1000, 260), 120), ((-40, 240), (1080, 380), 130)):
        lights.bulbs(c, hanging(start, end, sag), 60)
    cloth = [(330, 850), (1150, 830), (1330, 1020), (210, 1040)]
    c.shadow(cloth, 14, 0.3)
    c.shaded(cloth, (lighter(p.accents[0], 0.7), lighter(p.accents[0], 0.5)))
    for k in range(1, 9):
        share = k / 9
        top, low = (330 + 820 * share, 850 - 20 * share), (210 + 1120 * share, 1040 - 20 * share)
        c.stroke([top, low], p.accents[0], 15, 0.3)
        if k < 5:
            side = k / 5
            c.stroke(
                [(330 - 120 * side, 850 + 190 * side), (1150 + 180 * side, 830 + 190 * side)],
                p.accents[0],
                12,
                0.3,
            )
    _basket(c, 480, 930, 220, p, kind)
    plate = tableware.cake_stand(c, 780, 985, 250, p.metal)
    icing = tableware.cake(c, 780, plate + 4, 180, 2, p.light, p.metal, p.accents[0])
    flora.cluster(c, 780, icing - 8, 34, p.accents, p.leaf, FLOWERS[kind], 8)
    for x in (980, 1060):
        c.shape([(x - 26, 880), (x + 26, 880), (x + 20, 975), (x - 20, 975)], (255, 255, 255), 0.5)
        c.shape([(x - 24, 902), (x + 24, 902), (x + 20, 972), (x - 20, 972)], p.accents[1], 0.8)
        c.stroke([(x + 2, 965), (x + 16, 840)], p.accents[0], 5)
    _flower_field(c, p, 1010, 40, kind)


def _basket(c: Canvas, x: float, foot: float, width: float, p: Palette, kind: str) -> None:
    high, half = width * 0.5, width / 2
    c.shadow(oval(x + 8, foot, half, 18), 9, 0.4)
    handle = [
        (x + half * 0.86 * math.cos(a), foot - high - width * 0.46 * math.sin(a))
        for a in (math.pi * k / 30 for k in range(31))
    ]
    c.stroke(handle, darker(p.metal, 0.15), 13)
    flora.cluster(c, x, foot - high - 10, width * 0.34, p.accents, p.leaf, FLOWERS[kind], 12)
    c.shaded(
        [(x - half, foot - high), (x + half, foot - high), (x + half * 0.82, foot), (x - half * 0.82, foot)],
        (p.metal, darker(p.metal, 0.25)),
    )
    for row in range(5):
        for k in range(9):
            px = x - half * 0.92 + k * half * 0.22 + (row % 2) * half * 0.1
            c.shape(
                oval(px, foot - high * (0.12 + row * 0.2), half * 0.1, high * 0.07),
                lighter(p.metal, 0.25),
                0.8,
            )
    c.block(x - half * 1.04, foot - high - 7, width * 1.04, 15, darker(p.metal, 0.1), 7)


def orchard(c: Canvas, p: Palette, table: bool = True) -> None:
    """Frame a view of the sea with lemon branches above painted tiles."""
    x: float
    c.backdrop(*p.sky, bottom=640)
    places.clouds(c, 4, 160, 360)
    c.backdrop(lighter(p.accents[4], 0.25), p.accents[2], top=560)
    places.ripples(c, 570, (255, 255, 255), 90, 0.35)
    for x, size in ((1120, 1.0), (620, 0.6)):
        sail = [(x, 400 * 1.0 + 160 - 190 * size), (x, 590 - 26 * size), (x + 100 * size, 590 - 26 * size)]
        c.shape(sail, (255, 255, 255))
        c.shape(
            [(x - 8, sail[0][1] + 30 * size), (x - 8, sail[1][1]), (x - 62 * size, sail[1][1])],
            (240, 246, 252),
        )
        c.shape(
            [(x - 70 * size, 572), (x + 106 * size, 572), (x + 76 * size, 596), (x - 46 * size, 596)], p.dark
        )
    _tiles(c, p, 800)
    for path in (
        curve([(-60, 90), (420, 30), (760, 200)], 40),
        curve([(WIDTH + 60, 60), (1240, 20), (900, 170)], 40),
        curve([(-60, 420), (150, 330), (330, 420)], 30),
        curve([(WIDTH + 60, 430), (1480, 330), (1300, 430)], 30),
    ):
        c.stroke(path, (124, 96, 66), 9)
        for x, y in path[::2]:
            for _ in range(4):
                shade = mix(p.leaf, lighter(p.leaf, 0.3), c.random.random())
                flora.leaf(c, x, y, c.random.uniform(76, 124), c.random.uniform(0, math.tau), shade, 0.4)
        for x, y in path[2::6]:
            lemon(c, x + c.random.uniform(-22, 22), y + c.random.uniform(34, 70), 44, p.accents[0])
        for x, y in path[4::7]:
            flora.blossom(c, x + 16, y - 10, 26, (255, 255, 255))
    if table:
        for x, r in ((560, 60), (650, 66), (745, 60), (610, 58), (700, 58), (655, 56)):
            lift = 0 if r in (60, 66) else (78 if r == 58 else 150)
            lemon(c, x, 880 - lift, r, p.accents[0])
        bowl = curve([(480, 880), (520, 1010), (780, 1010), (830, 880)], 24)
        c.shadow(oval(655, 985, 130, 16), 10, 0.4)
        c.shaded(bowl, ((255, 255, 255), p.accents[4]))
        for k in range(7):
            flora.blossom(c, 530 + k * 42, 916, 15, p.accents[2])
        for x, high in ((1010, 120), (1080, 170), (1150, 100)):
            lights.candle(c, x, 985, 40, high, p.light)


def lemon(c: Canvas, x: float, y: float, radius: float, fill: Colour) -> None:
    """Draw a lemon hanging tip down."""
    outline = [
        (x + radius * 0.82 * math.cos(a), y + radius * math.sin(a) * (1.0 + 0.26 * abs(math.sin(a)) ** 9))
        for a in (math.tau * k / 60 for k in range(60))
    ]
    c.shaded(
        outline, (lighter(fill, 0.3), fill, mix(fill, (226, 140, 20), 0.2), mix(fill, (214, 120, 20), 0.55))
    )
    c.shape(
        oval(x - radius * 0.28, y - radius * 0.34, radius * 0.13, radius * 0.26, 0.5), (255, 255, 255), 0.45
    )


def _tiles(c: Canvas, p: Palette, top: float) -> None:
    c.backdrop(lighter(p.light, 0.2), p.light, top=top)
    c.block(0, top - 14, WIDTH, 20, lighter(p.ground, 0.3))
    for row in range(3):
        for k in range(17):
            x, y = k * 100.0, top + 56 + row * 100
            for turn in range(4):
                c.shape(petal(x, y, 44, 26, turn * math.pi / 2 + math.pi / 4), p.accents[2], 0.85)
                c.shape(petal(x, y, 30, 14, turn * math.pi / 2), p.accents[4])
            c.disc(x, y, 9, p.accents[0])
            c.stroke([(x - 50, y - 50), (x + 50, y - 50), (x + 50, y + 50)], p.accents[4], 1.4, 0.5)


SCENES: dict[str, Any] = {
    "meadow": meadow,
    "picnic": picnic,
    "orchard": orchard,
}
