"""Scenes of towns by night: fireworks, crescents over domes, courtyards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.demo.drawing import flora, lights, party, places
from app.demo.drawing.canvas import (
    HEIGHT,
    WIDTH,
    Canvas,
    Colour,
    colour,
    curve,
    darker,
    hanging,
    lighter,
    mix,
)
from app.demo.drawing.palettes import Palette


def fireworks(c: Canvas, p: Palette, town: str = "town", flags: Sequence[str] = ()) -> None:
    """Light a sky over a town and its river."""
    c.backdrop(*p.sky, bottom=770)
    lights.stars(c, 120, 600, p.light)
    bursts = (
        (380, 300, 220),
        (1180, 260, 240),
        (790, 200, 190),
        (1450, 480, 120),
        (130, 520, 110),
        (620, 480, 120),
        (1000, 500, 100),
    )
    for index, (x, y, radius) in enumerate(bursts):
        lights.firework(
            c, x, y, radius, p.accents[index % len(p.accents)], p.accents[(index + 1) % len(p.accents)]
        )
    silhouette = darker(p.sky[0], 0.35)
    if town == "town":
        places.skyline(c, 770, mix(silhouette, p.sky[1], 0.25), lights.WARM, 200)
    elif town == "tower":
        places.skyline(c, 770, mix(silhouette, p.sky[1], 0.25), lights.WARM, 130)
        _iron_tower(c, 800, 772, 520, mix(p.metal, p.sky[0], 0.35))
    elif town == "domes":
        for x, wide in ((800, 250), (560, 140), (1040, 140), (380, 100), (1220, 100)):
            places.dome(c, x, 772, wide, silhouette, p.metal)
        for x in (250, 690, 910, 1350):
            places.minaret(c, x, 772, 360, silhouette, p.metal)
    else:
        places.hills(c, 780, 300, mix(silhouette, p.sky[1], 0.5), silhouette, 2.2)
        places.hills(c, 780, 120, silhouette, silhouette, 3.1)
    c.reflect(770, 0.5, darker(p.sky[0], 0.3))
    places.ripples(c, 774, p.light, 110, 0.2)
    if flags:
        party.bunting(c, hanging((-40, 20), (WIDTH + 40, 20), 120), [colour(name) for name in flags], 54)


def _iron_tower(c: Canvas, x: float, foot: float, height: float, metal: Colour) -> None:
    c.glow(x, foot - height * 0.4, height * 0.5, lights.WARM, 0.35)
    for side in (-1, 1):
        legs = [
            (x + side * height * (0.018 + 0.19 * (1 - t) ** 2.4), foot - height * t)
            for t in (k / 24 for k in range(25))
        ]
        c.stroke(legs, metal, 9)
        c.stroke(
            [(px - side * height * 0.055 * (1 - k / 24) ** 1.4, py) for k, (px, py) in enumerate(legs)],
            metal,
            6,
        )
    for k in range(22):
        low, high = k / 24, (k + 1) / 24
        wide, narrow = (height * (0.018 + 0.19 * (1 - t) ** 2.4) for t in (low, high))
        c.stroke([(x - wide, foot - height * low), (x + narrow, foot - height * high)], metal, 2.2)
        c.stroke([(x + wide, foot - height * low), (x - narrow, foot - height * high)], metal, 2.2)
    for share, half in ((0.24, 0.135), (0.47, 0.075), (0.9, 0.03)):
        c.block(
            x - height * half,
            foot - height * share,
            height * half * 2,
            height * 0.024,
            lighter(metal, 0.2),
            3,
        )
    c.stroke([(x, foot - height), (x, foot - height * 1.1)], metal, 4)
    lights.sparkle(c, x, foot - height * 1.1, 30, lights.WARM)


def crescent(c: Canvas, p: Palette, hanging_lamps: bool = True, window: bool = False) -> None:
    """Show a crescent over domes, lanterns in front, or all of it through a pointed window."""
    c.backdrop(*p.sky)
    lights.stars(c, 170, 640, p.light)
    lights.moon(c, 1030, 300, 150, p.light, p.sky[0], crescent=True)
    far, near = mix(p.sky[-1], p.sky[0], 0.35), mix(p.sky[-1], p.sky[0], 0.72)
    for x, wide in ((300, 190), (520, 130), (1330, 210), (1120, 120)):
        places.dome(c, x, 940, wide, far, p.metal)
    for x in (170, 640, 1470):
        places.minaret(c, x, 960, 470, far, p.metal)
    places.dome(c, 850, 985, 330, near, p.metal)
    places.dome(c, 620, 985, 170, near, p.metal)
    places.dome(c, 1080, 985, 170, near, p.metal)
    for x in (480, 1230):
        places.minaret(c, x, 990, 620, near, p.metal)
    c.block(0, 960, WIDTH, HEIGHT - 960, darker(p.sky[0], 0.25))
    for x in range(40, WIDTH, 76):
        c.shape(party.arch_outline(x, 1050, 40, 70), lights.WARM, 0.75)
        c.glow(x, 1020, 46, lights.WARM, 0.4)
    if hanging_lamps:
        glass = [p.accents[k % len(p.accents)] for k in range(5)]
        for k, (x, y, size) in enumerate(
            ((150, 300, 120), (360, 190, 84), (560, 360, 70), (1270, 470, 70), (1470, 290, 126))
        ):
            lights.brass_lantern(c, x, y, size, p.metal, glass[k], -10)
    if window:
        _lattice_window(c, p)


def _lattice_window(c: Canvas, p: Palette) -> None:
    wall = darker(p.sky[0], 0.25)
    half, top, foot = 480.0, 60.0, HEIGHT + 20.0
    side = curve(
        [(800 - half, foot), (800 - half, 480), (800 - half * 0.94, 210), (800 - 60, 120), (800, top)], 40
    )
    right = [(1600 - x, y) for x, y in side]
    c.shape([(-5, -5), (800, -5), (800, top), *side[::-1], (-5, foot)], wall)
    c.shape([(1605, -5), (800, -5), (800, top), *right[::-1], (1605, foot)], wall)
    for k in range(3):
        c.stroke([(x, y) for x, y in (side + right[::-1])], p.metal, 7 - 2 * k, 0.9 - 0.2 * k)
    for column in (0, 1, 2, 13, 14, 15):
        for row in range(11):
            x, y = 50 + column * 100, 50 + row * 100
            for turn in (0, math.pi / 4):
                points = [
                    (x + 36 * math.cos(turn + k * math.pi / 2), y + 36 * math.sin(turn + k * math.pi / 2))
                    for k in range(5)
                ]
                c.stroke(points, p.metal, 2.2, 0.75)
            c.disc(x, y, 6, p.metal, 0.8)


def courtyard(c: Canvas, p: Palette) -> None:
    """Look into a courtyard of pointed arches with brass lanterns, rugs and candles."""
    c.backdrop(*p.sky)
    c.glow(800, 380, 620, p.light, 0.55)
    wall = mix(p.ground, p.sky[-1], 0.35)
    for depth, (shade, half) in enumerate(
        ((lighter(wall, 0.22), 300), (wall, 480), (darker(wall, 0.18), 690))
    ):
        top = 250 - depth * 130
        side = curve(
            [
                (800 - half, HEIGHT + 9),
                (800 - half, 520 - depth * 50),
                (800 - half * 1.12, 270 - depth * 60),
                (800 - half * 0.4, top + 40),
                (800, top),
            ],
            40,
        )
        right = [(1600 - x, y) for x, y in side]
        c.shadow([(x, y) for x, y in side + right[::-1]], 1, 0.0)
        c.shape([(-5, -5), (800, -5), (800, top), *side[::-1], (-5, HEIGHT + 9)], shade)
        c.shape([(1605, -5), (800, -5), (800, top), *right[::-1], (1605, HEIGHT + 9)], shade)
        c.stroke(side + right[::-1], p.metal, 5 + depth)
        c.stroke(
            [(x + (14 if x < 800 else -14), y + 12) for x, y in side + right[::-1]],
            lighter(p.metal, 0.3),
            1.6,
            0.7,
        )
    floor = [(240, 900), (1360, 900), (1660, HEIGHT + 9), (-60, HEIGHT + 9)]
    c.shaded(floor, (darker(wall, 0.1), darker(wall, 0.32)))
    party.mandala(c, 800, 985, 520, p.accents, 6, 20, 0.17)
    for k, (x, y, size) in enumerate(
        ((430, 330, 110), (1170, 330, 110), (800, 300, 150), (200, 260, 86), (1400, 260, 86))
    ):
        lights.brass_lantern(c, x, y, size, p.metal, p.accents[(k + 1) % len(p.accents)], -10)
    for k, (x, high) in enumerate(((120, 120), (190, 80), (260, 150), (1340, 150), (1410, 80), (1480, 120))):
        lights.candle(c, x, 1010 + 10 * (k % 2), 42, high, p.light)
    for x in (330, 1270):
        flora.cluster(c, x, 985, 74, p.accents, p.leaf, flora.peony, 10)


SCENES: dict[str, Any] = {
    "fireworks": fireworks,
    "crescent": crescent,
    "courtyard": courtyard,
}
