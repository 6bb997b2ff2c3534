"""Scenes at the water: scented bowls and canals."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, party, places, tableware
from app.demo.drawing.canvas import (
    WIDTH,
    Canvas,
    Colour,
    Point,
    curve,
    darker,
    hanging,
    lighter,
    oval,
    petal,
)
from app.demo.drawing.palettes import Palette


def water_bowl(c: Canvas, p: Palette) -> None:
    """Look down on a silver bowl of scented water with floating flowers and splashes."""
    c.backdrop(*p.sky)
    for k in range(7):
        c.ring(800, 533, 330 + k * 90, (255, 255, 255), 5, 0.4 - k * 0.045)
    for _ in range(130):
        angle, at = c.random.uniform(0, math.tau), c.random.uniform(430, 900)
        x, y, size = 800 + at * math.cos(angle), 533 + at * math.sin(angle) * 0.8, c.random.uniform(4, 17)
        c.shaded(
            petal(x, y, size * 2.6, size * 1.3, angle, 1.6),
            ((255, 255, 255), lighter(p.accents[0], 0.3)),
            0.8,
        )
    tableware.plate(c, 800, 533, 400, (206, 212, 224), (236, 240, 248))
    for k in range(40):
        angle = math.tau * k / 40
        c.shape(
            petal(800 + 338 * math.cos(angle), 533 + 338 * math.sin(angle), 50, 44, angle, 1.3),
            (186, 194, 212),
        )
        c.shape(
            petal(800 + 342 * math.cos(angle), 533 + 342 * math.sin(angle), 34, 24, angle, 1.3),
            (242, 246, 252),
        )
    c.shaded(
        oval(800, 533, 326, 326, steps=90),
        (lighter(p.accents[0], 0.35), p.accents[0], p.accents[0], darker(p.accents[0], 0.18)),
    )
    for k in range(5):
        c.ring(800, 533, 60 + k * 62, (255, 255, 255), 2.4, 0.35)
    for k in range(15):
        at, angle = 270 * math.sqrt((k + 0.5) / 15), k * 2.399
        x, y = 800 + at * math.cos(angle), 533 + at * math.sin(angle)
        frangipani(c, x, y, 58, (255, 252, 240) if k % 3 else p.accents[1])
    for x, y in ((170, 190), (1430, 180), (180, 900), (1430, 890)):
        flora.cluster(c, x, y, 100, [(255, 252, 240), p.accents[1], p.accents[2]], p.leaf, frangipani, 11)


def frangipani(c: Canvas, x: float, y: float, radius: float, base: Colour) -> None:
    """Draw a frangipani blossom with its yellow heart."""
    turn = c.random.uniform(0, math.tau)
    for k in range(5):
        angle = turn + math.tau * k / 5
        c.shape(petal(x, y, radius, radius * 0.74, angle, 0.75), darker(base, 0.13))
        c.shape(petal(x, y, radius * 0.96, radius * 0.64, angle - 0.06, 0.75), base)
        c.shape(petal(x, y, radius * 0.56, radius * 0.34, angle - 0.04, 0.75), (255, 206, 84), 0.8)


def canal(c: Canvas, p: Palette) -> None:
    """Line a canal with gabled houses, orange bunting, a boat and tulips."""
    c.backdrop(*p.sky, bottom=720)
    places.clouds(c, 5, 80, 260)
    x, k = -10.0, 0
    bricks = [(156, 74, 58), (196, 120, 84), (104, 84, 92), (214, 168, 128), (126, 60, 60), (76, 92, 116)]
    while x < WIDTH:
        wide = c.random.uniform(130, 178)
        _gabled_house(c, x, 720, wide, c.random.uniform(350, 470), bricks[k % 6], k % 3)
        x, k = x + wide + 3, k + 1
    for start, end in (((-30, 250), (560, 330)), ((560, 330), (1100, 290)), ((1100, 290), (WIDTH + 30, 240))):
        party.bunting(c, hanging(start, end, 90), [p.accents[0], p.accents[1], (255, 255, 255)], 46)
    c.block(-5, 712, WIDTH + 10, 24, (120, 104, 96))
    c.reflect(736, 0.55, (70, 110, 140))
    places.ripples(c, 742, (255, 255, 255), 110, 0.3)
    hull = curve([(480, 800), (560, 900), (1040, 900), (1140, 790)], 24)
    c.shaded(hull, (p.accents[4], darker(p.accents[4], 0.4)))
    c.block(474, 786, 672, 18, p.light, 8)
    for n in range(9):
        party.balloon(
            c,
            560 + n * 62,
            650 + 40 * math.sin(n * 1.7),
            40,
            (p.accents[0], p.accents[1], (255, 255, 255))[n % 3],
            (800, 790),
        )
    for n in range(46):
        px, y = WIDTH * (n + 0.5) / 46, 985 + c.random.uniform(-24, 30)
        c.stroke([(px, 1080), (px, y)], p.leaf, 8)
        flora.leaf(c, px, 1080, 110, -1.9 + 0.7 * (n % 2), p.leaf, 0.26)
        flora.tulip(c, px, y - 30, 38, (p.accents[0], p.accents[1], p.accents[2])[n % 3])


def _gabled_house(
    c: Canvas, x: float, foot: float, wide: float, tall: float, brick: Colour, gable: int
) -> None:
    top = foot - tall
    c.shaded(
        [(x, top), (x + wide, top), (x + wide, foot), (x, foot)], (lighter(brick, 0.08), darker(brick, 0.12))
    )
    peak: list[Point]
    if gable == 0:
        peak = [
            (x + wide * f, top - wide * h)
            for f, h in (
                (0, 0),
                (0, 0.12),
                (0.18, 0.12),
                (0.18, 0.28),
                (0.34, 0.28),
                (0.34, 0.46),
                (0.66, 0.46),
                (0.66, 0.28),
                (0.82, 0.28),
                (0.82, 0.12),
                (1, 0.12),
                (1, 0),
            )
        ]
    elif gable == 1:
        peak = [
            (x, top),
            *curve(
                [
                    (x, top - 8),
                    (x + wide * 0.36, top),
                    (x + wide * 0.2, top - wide * 0.6),
                    (x + wide * 0.5, top - wide * 0.6),
                ],
                14,
            ),
        ]
        peak += [(2 * x + wide - px, py) for px, py in reversed(peak)]
    else:
        peak = [(x, top), (x + wide / 2, top - wide * 0.6), (x + wide, top)]
    c.shape(peak, brick)
    c.stroke(peak, (250, 244, 232), 6)
    _sash_windows(c, x, top, wide, tall)


def _sash_windows(c: Canvas, x: float, top: float, wide: float, tall: float) -> None:
    for row in range(4):
        for k in range(3):
            wx, wy = x + wide * (0.1 + k * 0.29), top + 26 + row * (tall - 60) / 4
            c.block(wx - 4, wy - 4, wide * 0.22 + 8, tall * 0.15 + 8, (250, 246, 238))
            c.block(wx, wy, wide * 0.22, tall * 0.15, (88, 116, 142))
            c.shape([(wx, wy), (wx + wide * 0.22, wy), (wx, wy + tall * 0.15)], (255, 255, 255), 0.2)
            c.stroke([(wx + wide * 0.11, wy), (wx + wide * 0.11, wy + tall * 0.15)], (250, 246, 238), 3)


SCENES: dict[str, Any] = {
    "water_bowl": water_bowl,
    "canal": canal,
}
