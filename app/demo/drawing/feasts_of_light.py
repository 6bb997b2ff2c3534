"""Scenes of feasts kept by night: crowns, moons, candlesticks, stars, lotus lamps."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, lights, party, places
from app.demo.drawing.canvas import (
    HEIGHT,
    WIDTH,
    Canvas,
    Colour,
    Point,
    curve,
    darker,
    lighter,
    mix,
    oval,
    petal,
)
from app.demo.drawing.nights import pagoda
from app.demo.drawing.palettes import Palette


def crowns(c: Canvas, p: Palette) -> None:
    """Set three crowns with gifts under a great star in the desert night."""
    c.backdrop(*p.sky, bottom=900)
    lights.stars(c, 210, 640, p.light)
    c.glow(800, 220, 420, p.light, 0.6)
    for reach, turn in ((250, 0.0), (130, math.pi / 4)):
        for k in range(4):
            c.shape(
                petal(800, 220, reach * (1.5 if k == 1 and not turn else 1), 26, turn + k * math.pi / 2, 0.7),
                p.light,
            )
    c.disc(800, 220, 22, (255, 255, 255))
    for base, high, share in ((760, 150, 0.2), (850, 170, 0.5), (940, 120, 0.8)):
        places.hills(
            c, base, high, mix(p.sky[-1], p.ground, share), mix(p.sky[-1], p.ground, share + 0.2), 1.1
        )
    for x, size in ((90, 420), (1510, 460)):
        places.palm(c, x, 980, size, mix(p.leaf, p.sky[0], 0.4), mix((120, 84, 60), p.sky[0], 0.4))
    for k, x in enumerate((430, 800, 1170)):
        tone = p.accents[(0, 4, 1)[k] % len(p.accents)]
        c.glow(x, 760, 260, p.light, 0.3)
        party.plinth(c, x, 1000, 240, 150 + 40 * (k == 1), mix(p.sky[1], p.accents[2], 0.3))
        top = 1000 - 150 - 40 * (k == 1)
        c.shaded(oval(x, top - 26, 118, 36), (darker(tone, 0.2), darker(tone, 0.45)))
        _crown(c, x, top - 44, 190, p.metal, tone)
    for x, k in ((610, 0), (990, 3)):
        party.gift(c, x, 1030, 120, 96, p.accents[k], p.metal)


def _crown(c: Canvas, x: float, foot: float, width: float, metal: Colour, stone: Colour) -> None:
    half, high = width / 2, width * 0.78
    edge: list[Point] = [(x - half * 0.86, foot)]
    for k in range(5):
        tip = -1.1 + 0.55 * k
        edge.append((x + half * tip, foot - high * (0.86 if k % 2 else 1) * (1 if k != 2 else 1.12)))
        if k < 4:
            edge.append((x + half * (tip + 0.275) * 0.96, foot - high * 0.45))
    edge.append((x + half * 0.86, foot))
    c.shaded(edge, (lighter(metal, 0.45), metal, metal, darker(metal, 0.3)))
    for k in range(5):
        c.ball(edge[1 + 2 * k][0], edge[1 + 2 * k][1], width * 0.05, stone)
    c.block(x - half * 0.88, foot - high * 0.2, width * 0.88, high * 0.22, darker(metal, 0.1), 6)
    for k in range(-2, 3):
        c.ball(x + k * half * 0.36, foot - high * 0.09, width * 0.04, stone if k % 2 else (255, 255, 255))


def moonrise(c: Canvas, p: Palette) -> None:
    """Let a huge moon rise behind tiled roofs, persimmons and silver grass."""
    x: float
    c.backdrop(*p.sky)
    lights.stars(c, 120, 600, p.light)
    lights.moon(c, 860, 430, 300, p.light, p.sky[-1])
    places.clouds(c, 4, 420, 600, p.light, 0.12)
    places.hills(c, 850, 230, mix(p.sky[-1], p.sky[0], 0.3), mix(p.sky[-1], p.sky[0], 0.5))
    for x, wide in ((1180, 420), (560, 300)):
        pagoda(c, x, 940, wide, 1, darker(p.ground, 0.05), mix(p.sky[0], p.sky[1], 0.5), lights.WARM)
    places.hills(c, 1000, 90, darker(p.ground, 0.1), darker(p.ground, 0.4))
    branch = curve([(-30, 190), (260, 170), (520, 330)], 30)
    c.stroke(branch, darker(p.ground, 0.4), 13)
    for k, (x, y) in enumerate(branch[3::4]):
        flora.leaf(
            c, x, y, 84, c.random.uniform(0.4, 2.4), mix(p.accents[0], p.accents[1], c.random.random())
        )
        c.ball(x + c.random.uniform(-16, 16), y + 58 + 14 * (k % 3), 36, (245, 124, 40), 0.92)
    for k in range(60):
        x = c.random.choice((c.random.uniform(0, 480), c.random.uniform(1150, WIDTH)))
        flora.plume(
            c,
            x,
            1075,
            c.random.uniform(180, 340),
            -math.pi / 2 + c.random.uniform(-0.3, 0.3),
            mix(p.light, p.metal, 0.4),
        ) if k % 3 == 0 else c.stroke(
            curve([(x, 1070), (x + 10, 900), (x + c.random.uniform(-60, 90), 820)], 10),
            mix(p.leaf, p.light, 0.3),
            3,
        )


def menorah(c: Canvas, p: Palette) -> None:
    """Light a nine-branched candlestick at a window in the evening."""
    c.backdrop(*p.sky, bottom=860)
    lights.stars(c, 150, 700, p.light)
    lights.bokeh(c, [lights.WARM, *p.accents], 46, 80, 780, 50)
    c.glow(800, 380, 760, lights.WARM, 0.45)
    c.shaded(
        [(-5, 860), (WIDTH + 5, 860), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)],
        (mix(p.sky[1], p.metal, 0.3), darker(p.sky[0], 0.2)),
    )
    for width, ink in ((20, darker(p.metal, 0.3)), (13, p.metal), (4, lighter(p.metal, 0.55))):
        for k in range(1, 5):
            reach = k * 112
            c.stroke(
                [
                    (800 + reach * math.cos(a), 480 + reach * 0.86 * math.sin(a))
                    for a in (math.pi * s / 48 for s in range(49))
                ],
                ink,
                width,
            )
        c.stroke([(800, 430), (800, 940)], ink, width * 1.2)
    foot = curve([(800 - 210, 985), (800 - 60, 975), (800 - 26, 900)], 14)
    c.shadow(oval(800, 985, 230, 22), 14, 0.5)
    c.shaded(foot + [(1600 - x, y) for x, y in reversed(foot)], (lighter(p.metal, 0.3), darker(p.metal, 0.3)))
    for y in (600, 700, 800):
        c.ball(800, y, 22, p.metal)
    for k in range(-4, 5):
        x, top = 800 + k * 112, 480 if k else 428
        c.shaded(
            [(x - 30, top - 14), (x + 30, top - 14), (x + 16, top + 16), (x - 16, top + 16)],
            (lighter(p.metal, 0.35), darker(p.metal, 0.2)),
        )
        lights.candle(c, x, top - 14, 26, 130 if k else 160, p.accents[2] if k else p.light)
    for x, side in ((250, 1), (1330, -1)):
        for n in range(5):
            c.ball(x + side * n * 66 - 60, 990 - 20 * (n % 2), 38, (226, 160, 80), 0.8)
            c.disc(x + side * n * 66 - 60, 972 - 20 * (n % 2), 10, (196, 40, 70))
    for x in (120, 1480):
        lights.sparkle(c, x, 220, 90, p.light)


def star_lake(c: Canvas, p: Palette) -> None:
    """Let a cluster of bright stars stand over a mountain lake before dawn."""
    x: float
    c.backdrop(*p.sky, bottom=760)
    lights.stars(c, 320, 700, p.light)
    for k in range(60):
        t = k / 60
        c.glow(
            WIDTH * (0.1 + 0.8 * t) + c.random.gauss(0, 40),
            560 - 460 * t + c.random.gauss(0, 50),
            c.random.uniform(60, 150),
            p.accents[2],
            0.09,
        )
    for x, y, size in (
        (760, 250, 58),
        (860, 190, 44),
        (900, 300, 50),
        (690, 340, 40),
        (820, 380, 42),
        (980, 220, 34),
        (970, 380, 36),
        (640, 220, 32),
        (740, 160, 30),
    ):
        c.glow(x, y, size * 2.4, p.light, 0.5)
        lights.sparkle(c, x, y, size, (255, 255, 255))
    for base, high, share in ((760, 330, 0.35), (765, 220, 0.65), (768, 110, 0.9)):
        places.hills(c, base, high, mix(p.sky[-1], p.sky[0], share), mix(p.sky[-1], p.sky[0], share), 2.1)
    c.reflect(758, 0.6, p.sky[0])
    places.ripples(c, 764, p.light, 90, 0.16)
    for _ in range(40):
        x = c.random.choice((c.random.uniform(-10, 380), c.random.uniform(1220, WIDTH)))
        for n in range(5):
            flora.leaf(
                c,
                x,
                1090,
                c.random.uniform(160, 330),
                -math.pi / 2 + (n - 2) * 0.3,
                mix(darker(p.sky[0], 0.1), p.leaf, 0.35),
                0.1,
            )


def floating_lights(c: Canvas, p: Palette) -> None:
    """Float candles in lotus blossoms on still water under the moon."""
    c.backdrop(*p.sky, bottom=470)
    lights.stars(c, 120, 400, p.light)
    lights.moon(c, 800, 210, 92, p.light, p.sky[0])
    places.hills(c, 480, 120, mix(p.sky[-1], p.sky[0], 0.6), darker(p.sky[0], 0.2))
    c.reflect(468, 0.6, p.sky[0])
    places.ripples(c, 470, p.light, 120, 0.2)
    for row in range(7):
        depth = row / 6
        for k in range(9 - row):
            x = (k + 0.5 + c.random.uniform(-0.22, 0.22)) * WIDTH / (9 - row)
            lotus_lamp(c, x, 506 + 470 * depth**1.25, 26 + 108 * depth**1.2, p.accents[(k + row) % 3], p.leaf)


def lotus_lamp(c: Canvas, x: float, y: float, size: float, bloom: Colour, leaf: Colour) -> None:
    """Draw a lotus with a flame in it."""
    c.glow(x, y, size * 1.8, lights.FLAME, 0.4)
    c.shape(oval(x, y + size * 0.42, size * 0.95, size * 0.2), darker(leaf, 0.3), 0.9)
    c.shape(oval(x, y + size * 0.38, size * 0.88, size * 0.17), leaf)
    for layer, (count, reach, _lift) in enumerate(((7, 1.0, 0.0), (5, 0.86, 0.14), (3, 0.66, 0.26))):
        fill = lighter(bloom, 0.12 + 0.2 * layer)
        for k in sorted(range(count), key=lambda place: -abs(place - (count - 1) / 2)):
            angle = -math.pi / 2 + (k - (count - 1) / 2) * 2.3 / max(1, count - 1)
            outline = petal(x, y + size * 0.42, size * reach * 0.96, size * 0.36, angle, 0.9)
            c.shaded(outline, (lighter(fill, 0.35), darker(fill, 0.1)))
    lights.flame(c, x, y - size * 0.12, size * 0.4)


SCENES: dict[str, Any] = {
    "crowns": crowns,
    "moonrise": moonrise,
    "menorah": menorah,
    "star_lake": star_lake,
    "floating_lights": floating_lights,
}
