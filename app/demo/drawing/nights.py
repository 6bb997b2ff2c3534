"""Scenes after dark: lanterns, tents and planets."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, lights, places
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


def lanterns(c: Canvas, p: Palette, bridge: bool = False) -> None:
    """Hang round paper lanterns at many depths over a lit street or a bridge."""
    x: float
    c.backdrop(*p.sky)
    lights.stars(c, 90, 500, p.light)
    lights.moon(c, 1240, 210, 96, p.light, p.sky[0])
    lights.bokeh(c, p.accents, 36, 420, 980, 46)
    places.hills(c, 900, 230, mix(p.sky[1], p.sky[-1], 0.4), mix(p.sky[0], p.sky[-1], 0.3))
    for x, wide, floors in ((150, 340, 3), (1440, 380, 4), (760, 260, 2)):
        pagoda(c, x, 985, wide, floors, darker(p.ground, 0.1), p.accents[0], lights.WARM)
    c.backdrop(darker(p.ground, 0.1), p.ground, top=975)
    rows = ((0.42, 12, 40.0, 330.0), (0.68, 8, 62.0, 270.0), (1.0, 6, 96.0, 230.0))
    for depth, (share, count, radius, low) in enumerate(rows):
        cord = hanging((-60, -40 + depth * 10), (WIDTH + 60, -60 + depth * 24), low)
        c.stroke(cord, darker(p.ground, 0.3), 1.5 + depth)
        for k in range(count):
            x, y = cord[round((k + 0.5) / count * 60)]
            drop = c.random.uniform(20, 60) * share + radius * 0.9
            lights.paper_lantern(c, x, y + drop, radius, p.accents[(k + depth) % 4], p.metal, y)
    if bridge:
        blossoms = curve([(-20, 260), (220, 300), (420, 470)], 30)
        c.stroke(blossoms, darker(p.ground, 0.2), 9)
        for x, y in blossoms[::2]:
            flora.blossom(
                c,
                x + c.random.uniform(-36, 36),
                y + c.random.uniform(-36, 36),
                24,
                lighter(p.accents[0], 0.7),
            )


def pagoda(
    c: Canvas,
    x: float,
    foot: float,
    width: float,
    floors: int,
    wood: Colour,
    roof: Colour,
    window: Colour,
) -> None:
    """Raise a pagoda with lit windows and bent eaves."""
    for floor in range(floors):
        span, high = width * (1 - floor * 0.17), width * 0.26
        c.block(x - span * 0.36, foot - high, span * 0.72, high, wood)
        for k in range(-2, 3):
            c.block(
                x + k * span * 0.13 - span * 0.04, foot - high * 0.74, span * 0.08, high * 0.44, window, 3
            )
            c.glow(x + k * span * 0.13, foot - high * 0.5, span * 0.1, window, 0.4)
        top = foot - high - width * 0.13
        eave = curve(
            [
                (x - span * 0.56, foot - high - width * 0.03),
                (x - span * 0.4, foot - high + 4),
                (x - span * 0.26, top + 4),
                (x - span * 0.22, top),
            ],
            14,
        )
        eave += [(2 * x - px, py) for px, py in reversed(eave)]
        c.shaded(eave, (mix(roof, wood, 0.3), mix(roof, wood, 0.7)))
        foot = top + 4
    c.stroke([(x, foot), (x, foot - width * 0.2)], roof, 4)


def sky_lanterns(c: Canvas, p: Palette, water: bool = True) -> None:
    """Let lanterns rise over hills and a lake."""
    c.backdrop(*p.sky, bottom=800)
    lights.stars(c, 170, 620, p.light)
    c.glow(800, 800, 700, p.accents[-1], 0.4)
    places.hills(c, 800, 190, mix(p.sky[-1], p.sky[0], 0.45), p.sky[0], 1.3)
    places.hills(c, 810, 110, mix(p.sky[-1], p.sky[0], 0.75), darker(p.sky[0], 0.3), 2.3)
    for k in range(54):
        share = k / 54
        x, y = c.random.uniform(20, WIDTH - 20), 720 - 640 * c.random.random() ** 0.8 * (0.3 + 0.7 * share)
        lights.sky_lantern(c, x, y, 11 + 50 * share**2, 0.6 + 0.4 * share)
    if water:
        c.reflect(796, 0.55, darker(p.sky[0], 0.2))
        places.ripples(c, 800, lights.WARM, 90, 0.2)
    for x, y, size in ((250, 380, 92), (1330, 300, 112), (860, 560, 66)):
        lights.sky_lantern(c, x, y, size)


def pavilion(c: Canvas, p: Palette) -> None:
    """Pitch an open tent hung with bulbs among dark trees."""
    x: float
    c.backdrop(*p.sky, bottom=880)
    lights.stars(c, 200, 620, p.light)
    lights.moon(c, 1330, 170, 66, p.light, p.sky[0])
    c.backdrop(mix(p.sky[-1], p.ground, 0.6), darker(p.ground, 0.3), top=840)
    for x, size in ((60, 520), (250, 380), (1400, 400), (1560, 560)):
        places.tree(
            c, x, 890, size, [mix(p.leaf, p.sky[0], 0.45), mix(p.leaf, p.sky[0], 0.6)], darker(p.ground, 0.2)
        )
    c.glow(800, 680, 560, lights.WARM, 0.55)
    _tent_roof(c, p)
    for x in (350, 580, 1020, 1250):
        c.block(x - 5, 518, 10, 370, p.metal, 4)
        lights.fairy(c, [(x, 530), (x, 880)], 22, [lights.WARM])
    for k in range(5):
        lights.bulbs(c, hanging((352, 540), (1248, 540), 40 + k * 26), 52 - k * 3)
    for start, end in (
        ((330, 520), (-40, 300)),
        ((1270, 520), (1640, 300)),
        ((800, 190), (-40, 120)),
        ((800, 190), (1640, 120)),
    ):
        lights.bulbs(c, hanging(start, end, 60), 48)
    for x, wide in ((560, 170), (800, 190), (1040, 170)):
        c.shadow(oval(x, 930, wide * 0.6, 24), 10, 0.4)
        c.shaded(
            [(x - wide / 2, 810), (x + wide / 2, 810), (x + wide * 0.6, 930), (x - wide * 0.6, 930)],
            (p.light, mix(p.light, p.ground, 0.35)),
        )
        c.shape(oval(x, 810, wide / 2, 20), lighter(p.light, 0.5))
        flora.cluster(c, x, 780, 40, p.accents, p.leaf, flora.rose, 9)
        for dx in (-50, 50):
            lights.candle(c, x + dx, 812, 12, 44, p.light)
    places.bulbous_petals(c, [p.accents[0], p.accents[-1]], 26, 930, 1060, 9)


def _tent_roof(c: Canvas, p: Palette) -> None:
    roof = curve([(330, 520), (620, 440), (770, 250), (800, 190)], 20)
    roof += [(1600 - x, y) for x, y in reversed(roof)]
    c.shaded(roof, (lighter(p.light, 0.3), mix(p.light, lights.WARM, 0.5)))
    for k in range(1, 8):
        x = 330 + k * 117.5
        c.stroke(curve([(x, 520), ((x + 800) / 2, 430), (800, 190)], 16), darker(p.light, 0.25), 1.6, 0.5)
    for k in range(8):
        x = 330 + k * 117.5
        c.shaded(
            [
                (x, 518),
                (x + 117.5, 518),
                *[
                    (x + 117.5 - 117.5 * t, 518 + 44 * math.sin(math.pi * t))
                    for t in (s / 12 for s in range(13))
                ],
            ],
            (p.metal if k % 2 else p.light, darker(p.metal if k % 2 else p.light, 0.12)),
        )


def planets(c: Canvas, p: Palette, rocket: bool = True) -> None:
    """Fill space with planets, a ringed one among them, and a rocket."""
    c.backdrop(*p.sky)
    for x, y, radius, tone in (
        (300, 300, 620, p.accents[3]),
        (1300, 800, 700, p.accents[2]),
        (900, 100, 500, p.sky[-1]),
    ):
        c.glow(x, y, radius, tone, 0.3)
    lights.stars(c, 300, HEIGHT, p.light)
    for x, y, radius, tone in (
        (1210, 340, 190, p.accents[0]),
        (300, 760, 140, p.accents[2]),
        (1440, 860, 88, p.accents[3]),
        (620, 190, 64, p.accents[1]),
        (150, 180, 46, p.accents[3]),
    ):
        c.glow(x, y, radius * 1.7, tone, 0.32)
        c.ball(x, y, radius, tone)
        for k in range(4):
            at = (k - 1.5) * radius * 0.38
            half = math.sqrt(radius**2 - at**2) * 0.96
            c.stroke(
                curve([(x - half, y + at), (x, y + at + radius * 0.16), (x + half, y + at)], 20),
                lighter(tone, 0.28),
                radius * 0.07,
                0.4,
            )
    for width, ink in ((20, p.accents[1]), (6, lighter(p.accents[1], 0.5))):
        ring = [
            (1210 + 320 * math.cos(a) + 60 * math.sin(a), 340 + 84 * math.sin(a) - 70 * math.cos(a))
            for a in (-0.35 + k * 3.85 / 60 for k in range(61))
        ]
        c.stroke(ring, ink, width, 0.9)
    if rocket:
        _rocket(c, 800, 560, p)
    for k, (x, y) in enumerate(((470, 420), (1010, 700), (1080, 150), (520, 930), (1500, 560))):
        lights.star(c, x, y, 30 + 6 * (k % 3), p.accents[1], -1.3 + k * 0.3)


def _rocket(c: Canvas, x: float, y: float, p: Palette) -> None:
    for k in range(7):
        c.glow(x - 30 * k * 0.4, y + 250 + k * 34, 90 - k * 6, (255, 176, 80), 0.4)
    for share, tone in ((1.0, (255, 122, 60)), (0.7, (255, 196, 80)), (0.4, (255, 246, 210))):
        c.shape(petal(x, y + 178, 200 * share, 96 * share, math.pi / 2, 0.7), tone)
    for side in (-1, 1):
        fin = curve(
            [
                (x + side * 62, y + 40),
                (x + side * 150, y + 90),
                (x + side * 138, y + 214),
                (x + side * 52, y + 166),
            ],
            16,
        )
        c.shaded(fin, (p.accents[0], darker(p.accents[0], 0.25)))
    hull = curve([(x, y - 250), (x - 130, y - 120), (x - 96, y + 120), (x - 58, y + 182)], 24)
    hull += [(2 * x - px, py) for px, py in reversed(hull)]
    c.shaded(hull, ((255, 255, 255), (226, 226, 244), (240, 240, 250), (186, 184, 220)))
    nose = [point for point in hull if point[1] < y - 118]
    c.shaded(nose, (lighter(p.accents[0], 0.2), p.accents[0]))
    c.disc(x, y - 30, 50, p.accents[1])
    c.disc(x, y - 30, 38, darker(p.accents[2], 0.35))
    c.shaded(oval(x, y - 30, 36, 36), (p.accents[2], darker(p.accents[2], 0.4)))
    c.shape(oval(x - 12, y - 44, 12, 7, -0.6), (255, 255, 255), 0.8)
    c.block(x - 58, y + 140, 116, 18, p.accents[2], 6)


SCENES: dict[str, Any] = {
    "lanterns": lanterns,
    "sky_lanterns": sky_lanterns,
    "pavilion": pavilion,
    "planets": planets,
}
