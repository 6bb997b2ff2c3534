"""Scenes of the seasons: winter villages, beaches, autumn heaps."""

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


def winter(c: Canvas, p: Palette, village: bool = True, tree: bool = False, night: bool = True) -> None:
    """Show snowy hills with firs, lit cottages and perhaps one great lit tree."""
    sky = ((16, 30, 66), (46, 74, 122), (150, 160, 190)) if night else p.sky
    c.backdrop(*sky, bottom=800)
    if night:
        lights.stars(c, 190, 560)
        lights.moon(c, 1270, 180, 70, (255, 248, 224), sky[0])
    pale = (226, 236, 246) if night else (255, 255, 255)
    for base, high, share in ((720, 250, 0.6), (800, 190, 0.35), (880, 130, 0.1)):
        places.hills(c, base, high, mix(pale, sky[1], share), mix(pale, sky[-1], share * 0.6), 1.4)
        for _ in range(16):
            x = c.random.uniform(0, WIDTH)
            size = (130 - share * 110) * c.random.uniform(0.8, 1.4)
            places.fir(
                c,
                x,
                base - high * 0.3 + c.random.uniform(0, 50),
                size,
                mix(p.leaf, sky[1], share + 0.15),
                pale,
            )
    if village:
        for x, foot, size in (
            (240, 860, 170),
            (470, 890, 140),
            (1130, 880, 180),
            (1390, 850, 150),
            (950, 850, 110),
        ):
            _cottage(c, x, foot, size, p)
    c.shaded(
        [
            (-5, 930),
            *[(x, 925 + 26 * math.sin(x / 240)) for x in range(0, WIDTH + 1, 40)],
            (WIDTH + 5, HEIGHT + 5),
            (-5, HEIGHT + 5),
        ],
        (pale, mix(pale, sky[-1], 0.3)),
    )
    if tree:
        _christmas_tree(c, p)
    for x, size in ((60, 420), (1540, 460)):
        places.fir(c, x, 1050, size, p.leaf, pale)
    places.snow(c, 240)


def _cottage(c: Canvas, x: float, foot: float, size: float, p: Palette) -> None:
    c.glow(x, foot - size * 0.3, size * 1.4, lights.WARM, 0.35)
    wall, roof = mix(p.accents[0], (110, 50, 40), 0.45), (250, 252, 255)
    c.block(x - size * 0.42, foot - size * 0.55, size * 0.84, size * 0.56, wall)
    c.block(x + size * 0.2, foot - size * 1.05, size * 0.12, size * 0.3, darker(wall, 0.3))
    c.shape(
        [(x - size * 0.55, foot - size * 0.5), (x, foot - size * 1.02), (x + size * 0.55, foot - size * 0.5)],
        darker(roof, 0.1),
    )
    c.shape(
        [
            (x - size * 0.55, foot - size * 0.55),
            (x, foot - size * 1.06),
            (x + size * 0.55, foot - size * 0.55),
        ],
        roof,
    )
    for dx in (-0.24, 0.24):
        c.block(x + size * dx - size * 0.1, foot - size * 0.42, size * 0.2, size * 0.2, (255, 214, 120), 3)
        c.stroke([(x + size * dx, foot - size * 0.42), (x + size * dx, foot - size * 0.22)], wall, 2)
    c.shape(party.arch_outline(x, foot, size * 0.18, size * 0.3), darker(wall, 0.4))


def _christmas_tree(c: Canvas, p: Palette) -> None:
    c.glow(800, 560, 620, lights.WARM, 0.4)
    places.fir(c, 800, 1010, 860, p.leaf)
    for tier in range(5):
        low, half = 1010 - 860 * (0.1 + 0.15 * tier), 860 * 0.25 * (1 - tier / 5 * 0.8)
        path = hanging((800 - half, low - 30), (800 + half * 0.9, low - 74), 54)
        lights.fairy(c, path, 30, [(255, 224, 150), p.accents[0], p.accents[3], (255, 255, 255)], 6)
        for k, (x, y) in enumerate(path[6::11]):
            c.ball(x, y + 26, 17, p.accents[(k + tier) % 2 * 3])
    c.glow(800, 150, 130, (255, 230, 150), 0.8)
    lights.star(c, 800, 150, 58, (255, 208, 90))
    for x, wide, tall, k in ((610, 150, 110, 0), (980, 170, 130, 3), (720, 110, 90, 4), (880, 110, 80, 0)):
        party.gift(c, x, 1030, wide, tall, p.accents[k], p.light if k != 2 else p.metal)


def seaside(c: Canvas, p: Palette, arch: bool = True, umbrellas: bool = False) -> None:
    """Put an arch with drapes, or umbrellas, on a beach at low sun."""
    c.backdrop(*p.sky, bottom=620)
    c.glow(800, 560, 620, (255, 214, 160), 0.65)
    c.disc(800, 540, 84, (255, 240, 206))
    places.clouds(c, 5, 120, 330)
    c.backdrop(mix(p.accents[1], (255, 255, 255), 0.3), p.accents[0], top=560, bottom=790)
    places.ripples(c, 562, (255, 255, 255), 120, 0.4)
    shore = [(x, 760 + 22 * math.sin(x / 170) + 10 * math.sin(x / 61)) for x in range(-20, WIDTH + 41, 20)]
    c.shape([*[(x, y - 16) for x, y in shore], (WIDTH + 40, HEIGHT), (-20, HEIGHT)], (255, 255, 255), 0.75)
    c.shaded(
        [*shore, (WIDTH + 40, HEIGHT + 4), (-20, HEIGHT + 4)],
        (darker(p.ground, 0.05), lighter(p.ground, 0.2)),
    )
    for x, size in ((130, 660), (1510, 600)):
        places.palm(c, x, 960, size, p.leaf, (140, 104, 74))
    if arch:
        for x in (580, 1020):
            c.block(x - 9, 300, 18, 640, mix(p.metal, (130, 96, 66), 0.4), 8)
        c.block(556, 292, 488, 18, mix(p.metal, (130, 96, 66), 0.4), 8)
        for side in (-1, 1):
            for k in range(6):
                c.stroke(
                    curve(
                        [
                            (800 + side * 20, 304),
                            (800 + side * (170 + k * 6), 420),
                            (800 + side * (196 + k * 7), 930),
                        ],
                        24,
                    ),
                    (255, 255, 255),
                    16,
                    0.45,
                )
        flora.garland(
            c, curve([(565, 560), (560, 270), (720, 290), (930, 300)], 40), 70, p.accents, p.leaf, flora.peony
        )
        flora.cluster(c, 1016, 900, 80, p.accents, p.leaf, flora.peony, 12)
        for k in range(5):
            for side in (-1, 1):
                x, y = 800 + side * (100 + k * 56), 920 + k * 34
                lights.candle(c, x, y, 26 + k * 4, 46 + k * 6, p.light)
    if umbrellas:
        for x, foot, size, k in ((430, 960, 330, 2), (820, 930, 260, 0), (1180, 980, 360, 4)):
            _umbrella(c, x, foot, size, p.accents[k % len(p.accents)], p)


def _umbrella(c: Canvas, x: float, foot: float, size: float, fill: Colour, p: Palette) -> None:
    c.shadow(oval(x + 60, foot + 10, size * 0.5, 20), 12, 0.3)
    c.stroke([(x + size * 0.12, foot), (x, foot - size)], (240, 240, 240), 9)
    half, top = size * 0.62, foot - size
    for k in range(6):
        left, right = -1 + k / 3, -1 + (k + 1) / 3
        rim = [
            (x + half * (left + (right - left) * t), top + half * 0.5 + 14 * math.sin(math.pi * t))
            for t in (s / 8 for s in range(9))
        ]
        crown = curve(
            [(x + half * right, top + half * 0.5), (x + half * right * 0.8, top), (x, top - half * 0.1)], 10
        )
        back = curve(
            [(x, top - half * 0.1), (x + half * left * 0.8, top), (x + half * left, top + half * 0.5)], 10
        )
        tone = fill if k % 2 else (255, 255, 255)
        c.shaded(rim + crown + back, (lighter(tone, 0.1), darker(tone, 0.08)))
    towel = [
        (x + size * 0.4, foot - 20),
        (x + size * 0.95, foot - 30),
        (x + size * 1.1, foot + 34),
        (x + size * 0.5, foot + 44),
    ]
    c.shaded(towel, (p.accents[1], lighter(p.accents[1], 0.4)))


def autumn(c: Canvas, p: Palette, spooky: bool = False) -> None:
    """Heap pumpkins under turning trees, carved and moonlit if spooky."""
    x: float
    _autumn_sky(c, p, spooky)
    for base, high, share in ((720, 210, 0.5), (800, 140, 0.25)):
        places.hills(c, base, high, mix(p.ground, p.sky[-1], share))
    crown = (
        [p.accents[0], p.accents[1], p.accents[3]]
        if not spooky
        else [mix(p.sky[0], p.sky[1], 0.3), mix(p.sky[0], p.sky[1], 0.5)]
    )
    for x, size in ((90, 760), (1500, 820), (360, 420), (1250, 400)):
        places.tree(c, x, 870, size, crown, (84, 56, 44))
    c.shaded(
        [(-5, 830), (WIDTH + 5, 820), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)],
        (p.ground, darker(p.ground, 0.25)),
    )
    for _ in range(120):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(840 if spooky else 120, HEIGHT)
        flora.leaf(
            c,
            x,
            y,
            c.random.uniform(18, 34),
            c.random.uniform(0, math.tau),
            c.random.choice(p.accents[:4] if not spooky else crown),
            0.55,
        )
    for x, y, size in (
        (560, 870, 100),
        (1050, 880, 110),
        (800, 900, 150),
        (420, 960, 120),
        (1210, 965, 130),
        (640, 985, 90),
        (960, 990, 84),
    ):
        pumpkin(c, x, y, size, mix(p.accents[0], (222, 92, 28), c.random.random() * 0.6), p.leaf, spooky)
    if not spooky:
        flora.cluster(c, 250, 1000, 100, p.accents, p.leaf, flora.sunflower, 8)
        flora.cluster(c, 1400, 1000, 100, p.accents, p.leaf, flora.sunflower, 8)
    else:
        for x, high in ((270, 130), (330, 90), (1350, 120), (1410, 80)):
            lights.candle(c, x, 1020, 34, high, p.light)


def _autumn_sky(c: Canvas, p: Palette, spooky: bool) -> None:
    c.backdrop(*p.sky, bottom=820)
    if spooky:
        lights.stars(c, 120, 500, p.light)
        lights.moon(c, 1120, 250, 140, (255, 232, 176), p.sky[0])
        for _k in range(8):
            _bat(c, c.random.uniform(200, 1450), c.random.uniform(90, 480), c.random.uniform(26, 54), p.dark)
    else:
        c.glow(1180, 240, 660, (255, 240, 200), 0.7)


def pumpkin(
    c: Canvas, x: float, y: float, radius: float, fill: Colour, stem: Colour, carved: bool = False
) -> None:
    """Draw a ribbed pumpkin; a carved one glows."""
    c.shadow(oval(x + 8, y + radius * 0.74, radius * 1.1, radius * 0.16), 9, 0.4)
    c.shaded(
        petal(x, y - radius * 0.6, radius * 0.5, radius * 0.26, -1.3, 0.6),
        (lighter(stem, 0.1), darker(stem, 0.2)),
    )
    for at, wide in ((-0.66, 0.42), (0.66, 0.42), (-0.36, 0.44), (0.36, 0.44), (0.0, 0.42)):
        tone = mix(fill, darker(fill, 0.3), abs(at))
        c.shaded(
            oval(x + at * radius, y, radius * wide, radius * (0.78 - abs(at) * 0.12)),
            (lighter(tone, 0.22), tone, tone, darker(tone, 0.2)),
        )
    if carved:
        light = (255, 224, 130)
        c.glow(x, y, radius * 1.5, light, 0.4)
        for side in (-1, 1):
            c.shape(
                [
                    (x + side * radius * 0.4, y - radius * 0.3),
                    (x + side * radius * 0.2, y - radius * 0.02),
                    (x + side * radius * 0.56, y - radius * 0.02),
                ],
                light,
            )
        smile = [
            (x + radius * 0.56 * math.cos(a), y + radius * 0.1 + radius * 0.4 * math.sin(a))
            for a in (math.pi * k / 16 for k in range(17))
        ]
        inner = [
            (
                x + radius * 0.5 * math.cos(a),
                y + radius * 0.1 + radius * (0.16 + 0.07 * (k % 2)) * math.sin(a),
            )
            for k, a in enumerate(math.pi * k / 16 for k in range(17))
        ]
        c.shape(smile + inner[::-1], light)


def _bat(c: Canvas, x: float, y: float, size: float, ink: Colour) -> None:
    c.shape(oval(x, y, size * 0.16, size * 0.28), ink)
    for side in (-1, 1):
        wing = curve(
            [(x, y - size * 0.1), (x + side * size * 0.5, y - size * 0.7), (x + side * size, y - size * 0.2)],
            10,
        )
        for k in range(3):
            start, end = x + side * size * (1 - k / 3), x + side * size * (1 - (k + 1) / 3)
            wing += curve(
                [
                    (start, y - size * 0.2 + k * size * 0.12),
                    ((start + end) / 2, y - size * 0.2),
                    (end, y - size * 0.08 + k * size * 0.1),
                ],
                6,
            )
        c.shape(wing, ink)


SCENES: dict[str, Any] = {
    "winter": winter,
    "seaside": seaside,
    "autumn": autumn,
}
