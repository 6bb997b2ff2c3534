"""Scenes of feasts from India to Nepal: colours, harvest pots, rakhis, kites, lamps."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, lights, party, places, tableware
from app.demo.drawing.canvas import (
    WIDTH,
    Canvas,
    Colour,
    Point,
    curve,
    darker,
    hanging,
    lighter,
    mix,
    oval,
    petal,
)
from app.demo.drawing.palettes import Palette


def powder(c: Canvas, p: Palette) -> None:
    """Throw clouds of coloured powder over brass bowls."""
    c.backdrop((255, 255, 255), (253, 246, 240))
    for _ in range(26):
        x, y, tone = c.random.uniform(0, WIDTH), c.random.uniform(40, 760), c.random.choice(p.accents)
        for _ in range(7):
            c.glow(
                x + c.random.gauss(0, 90),
                y + c.random.gauss(0, 70),
                c.random.uniform(60, 190),
                tone,
                c.random.uniform(0.25, 0.5),
                1.3,
            )
        for _ in range(40):
            c.disc(x + c.random.gauss(0, 170), y + c.random.gauss(0, 150), c.random.uniform(1, 5), tone, 0.75)
    for index, (x, y, size) in enumerate(
        ((260, 860, 230), (620, 910, 270), (1010, 910, 270), (1370, 860, 230))
    ):
        tone = p.accents[index % len(p.accents)]
        c.shadow(oval(x, y + size * 0.5, size * 0.5, 22), 14, 0.35)
        heap = curve(
            [
                (x - size * 0.5, y),
                (x - size * 0.2, y - size * 0.5),
                (x + size * 0.1, y - size * 0.62),
                (x + size * 0.5, y),
            ],
            20,
        )
        c.shaded(heap, (lighter(tone, 0.2), tone, tone, darker(tone, 0.12)))
        bowl = curve(
            [
                (x - size * 0.56, y),
                (x - size * 0.44, y + size * 0.66),
                (x + size * 0.44, y + size * 0.66),
                (x + size * 0.56, y),
            ],
            24,
        )
        c.shaded(bowl, (lighter(p.metal, 0.35), p.metal, darker(p.metal, 0.15), darker(p.metal, 0.4)))
        c.stroke([(x - size * 0.56, y), (x + size * 0.56, y)], lighter(p.metal, 0.5), 9)
        for k in range(9):
            c.disc(
                x + (k - 4) * size * 0.1,
                y + size * 0.16 + size * 0.05 * (1 - ((k - 4) / 4) ** 2),
                size * 0.02,
                lighter(p.metal, 0.6),
            )
    flora.string_of_flowers(c, hanging((-30, 0), (WIDTH + 30, 0), 90), 40, p.accents[:3])


def harvest_pot(c: Canvas, p: Palette) -> None:
    """Boil sweet rice over in a painted pot between sugar canes, on a kolam."""
    c.backdrop(*p.sky, bottom=800)
    c.glow(800, 420, 700, (255, 240, 180), 0.8)
    c.disc(800, 380, 230, (255, 226, 130), 0.85)
    places.hills(c, 820, 150, mix(p.leaf, p.sky[-1], 0.5), mix(p.leaf, p.sky[-1], 0.3))
    c.backdrop(mix(p.ground, p.accents[1], 0.3), darker(p.ground, 0.2), top=800)
    for x, lean in ((250, 60), (330, 30), (410, 90), (1190, -90), (1270, -30), (1350, -60)):
        for k in range(9):
            share, after = k / 9, (k + 0.9) / 9
            c.stroke(
                [(x + lean * share, 980 - 860 * share), (x + lean * after, 980 - 860 * after)],
                mix(p.leaf, p.accents[0], 0.45),
                20,
            )
        for k in range(7):
            flora.leaf(
                c, x + lean, 120, c.random.uniform(190, 290), -math.pi / 2 + (k - 3) * 0.5, p.leaf, 0.13
            )
    party.mandala(c, 800, 960, 620, [p.light, *p.accents[:3]], 6, 18, 0.2)
    _clay_pot(c, 800, 940, 330, p)
    for x in (480, 1120):
        lights.diya(c, x, 960, 120, p.accents[1], p.metal)
    flora.string_of_flowers(c, hanging((-30, -10), (WIDTH + 30, -10), 110), 42, p.accents[:3])


def _clay_pot(c: Canvas, x: float, foot: float, size: float, p: Palette) -> None:
    clay = mix(p.accents[1], (150, 70, 30), 0.5)
    c.shadow(oval(x, foot, size * 0.5, 26), 14, 0.4)
    for dx, r in ((-0.22, 0.17), (0.0, 0.24), (0.22, 0.18), (-0.1, 0.2), (0.12, 0.2)):
        c.ball(x + dx * size, foot - size * 0.86, r * size * 0.8, (255, 250, 236))
    for dx, drop in ((-0.26, 0.24), (0.1, 0.16), (0.25, 0.3)):
        c.shape(
            petal(x + dx * size, foot - size * 0.9, size * drop * 1.6, size * 0.12, math.pi / 2, 0.6),
            (255, 250, 236),
        )
    body = curve(
        [
            (x - size * 0.3, foot - size * 0.78),
            (x - size * 0.86, foot - size * 0.5),
            (x - size * 0.5, foot),
            (x, foot),
        ],
        24,
    )
    body += [(2 * x - px, py) for px, py in reversed(body)]
    c.shaded(body, (lighter(clay, 0.3), clay, darker(clay, 0.1), darker(clay, 0.4)))
    c.block(x - size * 0.36, foot - size * 0.84, size * 0.72, size * 0.1, lighter(clay, 0.15), 12)
    for k in range(11):
        place = (k - 5) / 5.4
        px, py = x + place * size * 0.5, foot - size * 0.42 + size * 0.06 * (1 - place**2)
        c.shape([(px, py - 20), (px + 17, py), (px, py + 20), (px - 17, py)], p.light)
        c.disc(px, py, 6, p.accents[0])
    for k in range(9):
        place = (k - 4) / 4
        flora.marigold(
            c, x + place * size * 0.4, foot - size * 0.72 + size * 0.07 * (1 - place**2), 22, p.accents[k % 2]
        )


def thread(c: Canvas, p: Palette) -> None:
    """Lay a rakhi with its threads on a tray with sweets, rice and a lamp."""
    c.backdrop(*p.sky)
    c.glow(560, 300, 900, (255, 255, 255), 0.4)
    flora.wreath(c, 800, 540, 610, p.accents[:3], p.leaf, flora.marigold, 66)
    tableware.plate(c, 800, 540, 430, p.metal, mix(p.metal, p.light, 0.6))
    for side in (-1, 1):
        for k in range(4):
            line = curve(
                [
                    (800, 520),
                    (800 + side * 190, 470 + k * 12),
                    (800 + side * 300, 600 + k * 20),
                    (800 + side * 560, 500 + k * 22),
                ],
                40,
            )
            c.stroke(line, (p.accents[3], p.metal, p.accents[0], p.accents[3])[k], 6)
        flora.marigold(c, 800 + side * 330, 545, 20, p.accents[0])
        c.ball(800 + side * 250, 530, 16, p.light)
    party.mandala(c, 800, 520, 150, [p.accents[3], p.metal, p.accents[1], p.accents[0]], 5, 14)
    c.ball(800, 520, 26, p.accents[3])
    for k in range(5):
        x, y = 650 + k * 75, 790 + 26 * (1 - ((k - 2) / 2) ** 2)
        c.ball(x, y, 44, mix(p.accents[0], (255, 214, 130), 0.45))
        c.shape(petal(x - 12, y - 14, 26, 11, 0.3), (110, 160, 80))
    lights.diya(c, 800, 270, 130, p.accents[1], p.metal)


def kites(c: Canvas, p: Palette, peaks: bool = True) -> None:
    """Fly paper kites before snow peaks, with marigolds below."""
    x: float
    c.backdrop(*p.sky, bottom=900)
    places.clouds(c, 5, 90, 420)
    if peaks:
        for x, high, wide in ((250, 420, 520), (700, 560, 640), (1180, 470, 560), (1520, 380, 480)):
            rock = mix(p.accents[4 % len(p.accents)], (120, 130, 165), 0.75)
            tip = (x, 860.0 - high)
            c.shaded(
                [tip, (x + wide / 2, 860), (x - wide / 2, 860)], (lighter(rock, 0.3), lighter(rock, 0.5))
            )
            c.shape([tip, (x + wide / 2, 860), (x + wide * 0.08, 860)], darker(rock, 0.1), 0.35)
            cap: list[Point] = [tip]
            cap += [
                (x + wide * (0.17 - 0.34 * k / 8), 860 - high * (0.66 + 0.09 * (k % 2))) for k in range(9)
            ]
            c.shape(cap, (255, 255, 255), 0.95)
    for base, high, share in ((860, 130, 0.4), (930, 110, 0.1)):
        places.hills(c, base, high, mix(p.leaf, p.sky[-1], share), mix(p.leaf, p.sky[-1], share * 0.6))
    for index, (x, y, size) in enumerate(
        (
            (420, 240, 120),
            (820, 170, 92),
            (1180, 300, 130),
            (640, 430, 74),
            (1420, 160, 80),
            (190, 430, 70),
            (980, 470, 60),
        )
    ):
        _kite(
            c,
            x,
            y,
            size,
            p.accents[index % len(p.accents)],
            p.accents[(index + 2) % len(p.accents)],
            (800 + (index - 3) * 60, 1060),
        )
    for k in range(70):
        x = WIDTH * k / 69
        flora.leaf(c, x, 1040, 70, -1.2 - c.random.random(), p.leaf)
        flora.marigold(c, x, 1010 + c.random.uniform(-26, 36), c.random.uniform(20, 38), p.accents[k % 3])


def _kite(c: Canvas, x: float, y: float, size: float, first: Colour, second: Colour, hand: Point) -> None:
    turn = c.random.uniform(-0.35, 0.35)

    def place(dx: float, dy: float) -> Point:
        return x + size * (dx * math.cos(turn) - dy * math.sin(turn)), y + size * (
            dx * math.sin(turn) + dy * math.cos(turn)
        )

    c.stroke(curve([(x, y), ((x + hand[0]) / 2, y + 300), hand], 30), (110, 110, 130), 1.3, 0.55)
    top, right, foot, left, mid = (
        place(0, -1),
        place(0.78, -0.1),
        place(0, 1),
        place(-0.78, -0.1),
        place(0, -0.1),
    )
    for corners, tone in (
        ((top, right, mid), first),
        ((right, foot, mid), second),
        ((foot, left, mid), first),
        ((left, top, mid), second),
    ):
        c.shaded(corners, (lighter(tone, 0.1), darker(tone, 0.06)))
    tail = [place(0.14 * math.sin(t * 1.4), 1 + t * 0.2) for t in range(9)]
    c.stroke(tail, first, 3)
    for k in (3, 5, 7):
        for side in (-0.5, 0.5):
            c.shape(petal(*tail[k], size * 0.22, size * 0.14, math.pi / 2 - side * 2.4), second)


def diyas(c: Canvas, p: Palette, garland: bool = True) -> None:
    """Line up lamps on a ledge before a rangoli and marigold strings."""
    c.backdrop(*p.sky)
    lights.bokeh(c, [*p.accents, lights.WARM], 90, 60, 720, 56)
    if garland:
        for k in range(4):
            flora.string_of_flowers(
                c, hanging((k * 400 - 4, -20), (k * 400 + 404, -20), 150), 42, p.accents[:3]
            )
            x = k * 400.0
            flora.string_of_flowers(c, [(x, -10), (x, 300)], 38, p.accents[:3])
        flora.string_of_flowers(c, [(1600, -10), (1600, 300)], 38, p.accents[:3])
    c.backdrop(darker(p.sky[0], 0.1), mix(p.sky[1], p.sky[0], 0.3), top=700)
    c.glow(800, 760, 760, lights.FLAME, 0.3)
    party.mandala(c, 800, 880, 560, p.accents, 7, 18, 0.26)
    for row, (y, size, count) in enumerate(((690, 96, 9), (1010, 150, 6))):
        for k in range(count):
            x = (k + 0.5) * WIDTH / count
            lift = 14 * math.cos((k - (count - 1) / 2) * 0.5) * (1 if row else -1)
            lights.diya(c, x, y + lift, size, p.accents[(k + row) % 2], p.metal)
    lights.diya(c, 800, 850, 210, p.accents[0], p.metal)


SCENES: dict[str, Any] = {
    "powder": powder,
    "harvest_pot": harvest_pot,
    "thread": thread,
    "kites": kites,
    "diyas": diyas,
}
