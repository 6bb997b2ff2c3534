"""Scenes of spring: new-year tables, eggs, blossoms, clover."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, lights, party, places
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


def spring_table(c: Canvas, p: Palette) -> None:
    """Lay a spring table: sprouts with a ribbon, hyacinths, painted eggs, goldfish, mirror, candles."""
    x: float
    c.backdrop(*p.sky, bottom=800)
    c.glow(420, 220, 900, (255, 255, 255), 0.6)
    party.arch_panel(c, 800, 830, 400, 640, lighter(p.accents[4], 0.45), p.metal)
    c.shaded(party.arch_outline(800, 826, 330, 580), (lighter(p.accents[4], 0.8), lighter(p.accents[4], 0.5)))
    c.shaded(
        [(-5, 800), (WIDTH + 5, 800), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)],
        (lighter(p.accents[0], 0.55), lighter(p.accents[0], 0.75)),
    )
    for k in range(17):
        c.shape(petal(k * 100, 1000, 60, 44, -math.pi / 2), p.metal, 0.5)
        c.shape(petal(k * 100, 1010, 60, 44, math.pi / 2), p.accents[4], 0.5)
    for x, tone in ((250, p.accents[3]), (350, p.accents[0]), (1290, p.accents[3]), (1390, p.accents[0])):
        _hyacinth(c, x, 900, tone, p)
    for k in range(90):
        x = 690 + 220 * k / 89
        c.stroke(
            curve(
                [(x, 880), (x + (x - 800) * 0.1, 800), (x + (x - 800) * 0.3, 740 + c.random.uniform(0, 40))],
                8,
            ),
            mix(p.leaf, lighter(p.leaf, 0.4), c.random.random()),
            4,
        )
    c.shaded([(680, 868), (920, 868), (890, 950), (710, 950)], (lighter(p.light, 0.2), p.accents[4]))
    c.block(676, 830, 248, 22, p.accents[0], 8)
    for side in (-1, 1):
        c.shaded(
            petal(800, 841, 74, 46, math.pi / 2 - side * 1.15, 1.3),
            (lighter(p.accents[0], 0.1), darker(p.accents[0], 0.15)),
        )
    c.glow(1090, 860, 150, (255, 255, 255), 0.5)
    c.shaded(oval(1090, 870, 110, 94), ((236, 248, 255), (176, 220, 240)), 0.85)
    c.shape(oval(1090, 812, 76, 18), (255, 255, 255), 0.8)
    for x, y, way in ((1062, 880, 0.0), (1122, 902, math.pi)):
        c.shape(petal(x - 20 * math.cos(way), y, 34, 30, way + math.pi, 1.6), (255, 120, 60))
        c.shape(oval(x, y, 26, 13), (255, 140, 60))
    for k, (x, y) in enumerate(((480, 950), (545, 962), (610, 950), (512, 915), (578, 915))):
        egg(c, x, y, 32, p.accents[k % len(p.accents)], p.light)
    for x, high in ((440, 190), (1190, 210)):
        lights.candle(c, x, 870, 34, high, p.light)
    flora.garland(
        c, [(-30, 30), (500, 60), (1100, 40), (WIDTH + 30, 70)], 56, p.accents, p.leaf, flora.blossom
    )


def _hyacinth(c: Canvas, x: float, foot: float, tone: Colour, p: Palette) -> None:
    for k in range(6):
        flora.leaf(c, x, foot, 180, -math.pi / 2 + (k - 2.5) * 0.2, p.leaf, 0.16)
    for row in range(13):
        for k in range(-2, 3):
            flora.blossom(
                c,
                x + k * 15 * (1 - row * 0.045),
                foot - 120 - row * 15 + abs(k) * 4,
                14,
                lighter(tone, c.random.uniform(0, 0.3)),
            )
    c.shaded(
        [(x - 52, foot - 10), (x + 52, foot - 10), (x + 38, foot + 74), (x - 38, foot + 74)],
        (p.metal, darker(p.metal, 0.3)),
    )


def egg(c: Canvas, x: float, y: float, radius: float, fill: Colour, trim: Colour) -> None:
    """Paint an egg with bands and dots."""
    outline = [
        (x + radius * math.cos(a) * (1 - 0.14 * -math.sin(a)), y + radius * 1.3 * math.sin(a))
        for a in (math.tau * k / 48 for k in range(48))
    ]
    c.shadow(oval(x + 4, y + radius * 1.2, radius * 0.8, radius * 0.2), 6, 0.35)
    c.shaded(outline, (lighter(fill, 0.3), fill, fill, darker(fill, 0.2)))
    for at in (-0.42, 0.0, 0.42):
        for k in range(-3, 4):
            half = radius * 0.9 * math.sqrt(max(0, 1 - at * at))
            px, py = x + k / 3.4 * half, y + at * radius * 1.2 + 3 * (1 - (k / 3) ** 2)
            if at:
                c.disc(px, py, radius * 0.08, trim)
            else:
                c.shape(petal(px, py + radius * 0.16, radius * 0.34, radius * 0.2, -math.pi / 2), trim)


def eggs(c: Canvas, p: Palette) -> None:
    """Nest painted eggs in spring grass among tulips and blossom branches."""
    c.backdrop(*p.sky, bottom=820)
    c.glow(400, 180, 800, (255, 255, 255), 0.7)
    places.clouds(c, 5)
    places.hills(c, 800, 170, mix(p.ground, p.sky[-1], 0.4), p.ground)
    for path in (
        curve([(-30, 60), (300, 150), (620, 110)], 30),
        curve([(WIDTH + 30, 40), (1300, 170), (980, 120)], 30),
    ):
        c.stroke(path, (134, 100, 84), 10)
        for x, y in path:
            flora.blossom(
                c,
                x + c.random.uniform(-34, 34),
                y + c.random.uniform(-34, 34),
                c.random.uniform(18, 32),
                p.accents[c.random.randrange(2)],
            )
    for k in range(16):
        x = 60 + k * 100 + c.random.uniform(-20, 20)
        if 470 < x < 1130:
            continue
        y = c.random.uniform(700, 790)
        c.stroke([(x, 1000), (x, y)], p.leaf, 8)
        flora.leaf(c, x, 980, 200, -1.9, p.leaf, 0.22)
        flora.leaf(c, x, 980, 190, -1.25, p.leaf, 0.22)
        flora.tulip(c, x, y - 40, 52, p.accents[k % len(p.accents)])
    for k, (x, y, size) in enumerate(
        ((650, 800, 82), (800, 780, 96), (950, 800, 82), (720, 850, 76), (880, 850, 76))
    ):
        egg(c, x, y, size, p.accents[(k + 1) % len(p.accents)], p.light)
    for k in range(150):
        angle = math.pi * k / 149
        start = (800 - 330 * math.cos(angle), 880 + 80 * math.sin(angle))
        c.stroke(
            [start, (start[0] + c.random.uniform(-150, 150), start[1] + c.random.uniform(-6, 70))],
            mix((176, 132, 88), (220, 184, 134), c.random.random()),
            6,
        )
    for k in range(240):
        x, tall = WIDTH * k / 239, c.random.uniform(60, 130)
        c.shape(
            petal(x, 1085, tall, 16, -math.pi / 2 + c.random.uniform(-0.35, 0.35)),
            mix(p.leaf, lighter(p.leaf, 0.35), c.random.random()),
        )


def blossoms(c: Canvas, p: Palette, carp: bool = False, lanterns: bool = False, heart: str = "pink") -> None:
    """Bend flowering branches into a spring sky, with carp streamers or lanterns."""
    y: float
    x: float
    c.backdrop(*p.sky)
    c.glow(1100, 260, 700, (255, 255, 255), 0.7)
    places.clouds(c, 5, 120, 500)
    for base, high, share in ((960, 200, 0.5), (1040, 150, 0.2)):
        places.hills(c, base, high, mix(p.leaf, p.sky[-1], share), mix(p.leaf, p.sky[-1], share))
    if carp:
        c.block(1086, 80, 16, 1000, (190, 150, 110), 6)
        c.ball(1094, 76, 24, p.metal)
        for k, (y, size) in enumerate(((130, 1.0), (330, 0.86), (510, 0.72), (660, 0.56))):
            _carp(
                c,
                1094,
                y,
                480 * size,
                118 * size,
                (darker(p.accents[3], 0.35), p.accents[2], p.accents[3], p.accents[4])[k],
            )
    if lanterns:
        for x, y, size in ((1060, 360, 92), (1290, 240, 116), (1470, 500, 80), (880, 560, 60)):
            lights.paper_lantern(c, x, y, size, p.accents[2], p.metal, -10)
    tone = p.accents[:2] if heart == "pink" else (p.accents[4], lighter(p.accents[4], 0.4))
    for path, width in (
        (curve([(-40, 420), (260, 300), (560, 210), (820, 60)], 46), 24),
        (curve([(180, 330), (420, 420), (640, 430)], 30), 14),
        (curve([(-40, 820), (160, 700), (420, 690)], 30), 15),
        (curve([(420, 250), (600, 120), (640, 10)], 20), 11),
    ):
        c.stroke(path, (104, 76, 70), width)
        for x, y in path[4:]:
            for _ in range(3):
                px, py = x + c.random.gauss(0, 44), y + c.random.gauss(0, 40)
                flora.blossom(c, px, py, c.random.uniform(16, 34), c.random.choice(tone))
            if c.random.random() < 0.4:
                flora.leaf(c, x, y, 46, c.random.uniform(0, math.tau), lighter(p.leaf, 0.2))
    places.bulbous_petals(c, list(tone), 60, 120, HEIGHT, 13)


def _carp(c: Canvas, x: float, y: float, length: float, height: float, fill: Colour) -> None:
    wave = [height * 0.16 * math.sin(k / 24 * 5) for k in range(25)]
    top = [(x - length * k / 24, y + wave[k] - height * 0.5 * (1 - 0.45 * k / 24)) for k in range(25)]
    low = [(x - length * k / 24, y + wave[k] + height * 0.5 * (1 - 0.45 * k / 24)) for k in range(25)]
    fork = [
        (x - length * 1.16, y + wave[24] - height * 0.46),
        (x - length * 1.06, y + wave[24]),
        (x - length * 1.16, y + wave[24] + height * 0.46),
    ]
    c.shaded([*top, *fork, *low[::-1]], (lighter(fill, 0.2), darker(fill, 0.14)))
    c.shape([*top[:4], *low[:4][::-1]], (255, 255, 255))
    for row in range(7):
        at = 7 + row * 2
        cx, half = x - length * at / 24, height * 0.46 * (1 - 0.45 * at / 24)
        for k in range(-1, 2):
            c.shape(
                petal(cx + 12, y + wave[at] + k * half * 0.62, -height * 0.26, half * 0.56, 0),
                lighter(fill, 0.5 if (row + k) % 2 else 0.75),
                0.8,
            )
    c.disc(x - length * 0.07, y + wave[2] - height * 0.12, height * 0.15, (255, 255, 255))
    c.ring(x - length * 0.07, y + wave[2] - height * 0.12, height * 0.15, fill, 3)
    c.disc(x - length * 0.07, y + wave[2] - height * 0.12, height * 0.08, (30, 24, 40))


def clovers(c: Canvas, p: Palette) -> None:
    """Fill a meadow with clover under a rainbow and bunting."""
    c.backdrop((206, 232, 246), (238, 248, 240), bottom=760)
    c.glow(400, 240, 700, (255, 255, 255), 0.6)
    for k, tone in enumerate(
        ((239, 110, 110), (247, 168, 92), (250, 220, 110), (126, 200, 130), (112, 170, 232), (160, 132, 220))
    ):
        ring = [
            (800 + (690 - k * 30) * math.cos(a), 900 - (690 - k * 30) * math.sin(a))
            for a in (math.pi * s / 60 for s in range(61))
        ]
        c.stroke(ring, mix(tone, (232, 244, 244), 0.45), 32)
    places.clouds(c, 5, 180, 420)
    for base, high, share in ((730, 170, 0.4), (800, 120, 0.15)):
        places.hills(c, base, high, mix(p.leaf, p.sky[-1], share), mix(p.leaf, p.sky[-1], share * 0.5))
    c.backdrop(p.leaf, darker(p.leaf, 0.35), top=800)
    party.bunting(
        c, hanging((-40, 30), (WIDTH + 40, 30), 130), [p.accents[0], (255, 255, 255), (255, 150, 50)], 58
    )
    for k in range(150):
        depth = (k / 150) ** 0.8
        clover(
            c,
            c.random.uniform(-10, WIDTH + 10),
            790 + 290 * depth,
            16 + 46 * depth,
            mix(p.accents[0], p.accents[1], c.random.random()),
        )


def clover(c: Canvas, x: float, y: float, size: float, fill: Colour) -> None:
    """Draw a three-leaved clover."""
    c.stroke(
        curve([(x, y), (x + size * 0.2, y + size * 0.7), (x + size * 0.1, y + size * 1.3)], 8),
        darker(fill, 0.25),
        size * 0.09,
    )
    for k in range(3):
        angle = -math.pi / 2 + k * math.tau / 3
        for side in (-0.34, 0.34):
            c.shape(petal(x, y, size * 0.95, size * 0.7, angle + side, 1.5), darker(fill, 0.16))
            c.shape(petal(x, y, size * 0.88, size * 0.6, angle + side, 1.5), fill)
        c.stroke(
            [(x, y), (x + size * 0.7 * math.cos(angle), y + size * 0.7 * math.sin(angle))],
            lighter(fill, 0.45),
            size * 0.05,
            0.8,
        )


SCENES: dict[str, Any] = {
    "spring_table": spring_table,
    "eggs": eggs,
    "blossoms": blossoms,
    "clovers": clovers,
}
