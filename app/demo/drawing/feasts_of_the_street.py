"""Scenes of feasts kept in the street: altars, masks, canals, painted walls, water."""

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
    oval,
    petal,
)
from app.demo.drawing.palettes import Palette


def altar(c: Canvas, p: Palette) -> None:
    """Build steps of marigolds and candles with a painted sugar skull, under cut paper."""
    c.backdrop(*p.sky)
    c.glow(800, 560, 800, lights.WARM, 0.5)
    for row, (y, size) in enumerate(((24, 190), (150, 150))):
        party.cut_paper(
            c,
            hanging((-60, y), (WIDTH + 60, y), 60 + row * 30),
            p.accents[row:] + p.accents[:row],
            size,
            lighter(p.sky[0], 0.4),
        )
    for step, (half, top) in enumerate(((360, 560), (560, 720), (760, 880))):
        c.shaded(
            [(800 - half, top), (800 + half, top), (800 + half, HEIGHT + 5), (800 - half, HEIGHT + 5)],
            (p.accents[step], darker(p.accents[step], 0.2)),
        )
        for k in range(round(half / 26)):
            x = 800 - half + 26 + k * (2 * half - 52) / (round(half / 26) - 1)
            flora.marigold(c, x, top + 10, 34, (245, 158, 11) if k % 2 else (249, 115, 22))
        for k in range(4 + step):
            x = 800 - half * 0.84 + k * half * 1.68 / (3 + step)
            if abs(x - 800) > 170 or step:
                lights.candle(c, x, top - 10, 26, c.random.uniform(60, 120), p.light)
    _sugar_skull(c, 800, 430, 150, p)
    for x in (350, 1250):
        flora.cluster(
            c, x, 680, 76, [(245, 158, 11), (249, 115, 22), p.accents[0]], p.leaf, flora.marigold, 12
        )
    places.bulbous_petals(c, [(245, 158, 11), (249, 115, 22), (251, 191, 36)], 60, 900, HEIGHT, 14)


def _sugar_skull(c: Canvas, x: float, y: float, size: float, p: Palette) -> None:
    bone, ink = (255, 253, 247), darker(p.dark, 0.3)
    c.glow(x, y, size * 1.9, (255, 255, 255), 0.5)
    c.shaded(
        [
            (x - size * 0.52, y + size * 0.4),
            (x + size * 0.52, y + size * 0.4),
            (x + size * 0.42, y + size * 1.02),
            (x - size * 0.42, y + size * 1.02),
        ],
        (bone, darker(bone, 0.08)),
    )
    c.shaded(oval(x, y, size, size * 0.88, steps=64), (bone, bone, bone, darker(bone, 0.1)))
    for side in (-1, 1):
        _flower_eye(c, x + side * size * 0.4, y + size * 0.08, size, p)
        for k in range(3):
            c.stroke(
                curve(
                    [
                        (x + side * size * (0.72 + k * 0.06), y + size * (0.36 - k * 0.1)),
                        (x + side * size * (0.86 + k * 0.03), y + size * (0.3 - k * 0.12)),
                    ],
                    6,
                ),
                p.accents[3],
                4,
            )
    c.shape(
        [
            (x, y + size * 0.3),
            (x + size * 0.12, y + size * 0.54),
            (x, y + size * 0.48),
            (x - size * 0.12, y + size * 0.54),
        ],
        ink,
    )
    c.stroke([(x - size * 0.36, y + size * 0.76), (x + size * 0.36, y + size * 0.76)], ink, 5)
    for k in range(-3, 4):
        c.stroke([(x + k * size * 0.1, y + size * 0.67), (x + k * size * 0.1, y + size * 0.85)], ink, 4)
    flora.peony(c, x, y - size * 0.48, size * 0.24, p.accents[0])
    for k, dx in enumerate((-0.5, 0.5, -0.3, 0.3)):
        flora.leaf(
            c, x + dx * size * 0.6, y - size * 0.5, size * 0.26, math.pi if dx < 0 else 0, p.accents[2]
        )
        c.disc(x + dx * size, y - size * (0.62 if k > 1 else 0.4), size * 0.05, p.accents[3])


def _flower_eye(c: Canvas, x: float, y: float, size: float, p: Palette) -> None:
    for k in range(12):
        angle = math.tau * k / 12
        c.disc(
            x + size * 0.27 * math.cos(angle),
            y + size * 0.27 * math.sin(angle),
            size * 0.085,
            p.accents[(0, 2)[k % 2]],
        )
    c.disc(x, y, size * 0.25, darker(p.dark, 0.3))
    flora.daisy(c, x, y, size * 0.15, p.accents[1])


def masks(c: Canvas, p: Palette) -> None:
    """Show a feathered carnival mask among ribbons, feathers and confetti."""
    c.backdrop(*p.sky)
    c.glow(800, 520, 820, p.accents[0], 0.35)
    lights.bokeh(c, p.accents, 60, size=52)
    for k in range(12):
        x = c.random.uniform(-40, WIDTH)
        c.stroke(
            [(x + 40 * math.sin(t / 3 + k), -20 + t * 18) for t in range(c.random.randrange(14, 34))],
            p.accents[k % len(p.accents)],
            7,
            0.9,
        )
    _feathers(c, p)
    side = curve([(800, 500), (640, 400), (380, 420), (300, 520), (380, 760), (620, 800), (800, 640)], 40)
    face = side + [(1600 - x, y) for x, y in reversed(side)]
    c.shadow([(x + 8, y + 14) for x, y in face], 16, 0.4)
    c.shaded(face, (lighter(p.accents[3], 0.2), p.accents[3], p.accents[0], darker(p.accents[0], 0.2)))
    c.stroke([*face, face[0]], p.metal, 9)
    for sign in (-1, 1):
        eye = oval(800 + sign * 190, 580, 104, 48, sign * -0.16)
        c.shape(eye, darker(p.sky[0], 0.5))
        c.stroke([*eye, eye[0]], p.metal, 7)
        for k in range(9):
            angle = math.pi + math.pi * k / 8
            c.ball(800 + sign * 190 + 146 * math.cos(angle), 572 + 88 * math.sin(angle), 9, p.light)
        for k in range(4):
            c.stroke(
                [
                    (800 + sign * (290 - k * 40 + 22 * math.cos(t / 3)), 690 - k * 6 + 22 * math.sin(t / 3))
                    for t in range(16)
                ],
                p.metal,
                3.4,
            )
    c.ball(800, 470, 40, p.accents[2])
    c.ring(800, 470, 46, p.metal, 8)
    party.confetti(c, p.accents, 240, 0, HEIGHT, 11)


def _feathers(c: Canvas, p: Palette) -> None:
    for layer in range(3):
        for k in range(15):
            angle = -math.pi / 2 + (k - 7) * 0.19
            reach = (470 - layer * 90) * (1 - 0.018 * abs(k - 7))
            tone = p.accents[(k + layer) % len(p.accents)]
            x, y = 800 + (k - 7) * 36, 500.0
            c.shape(petal(x, y, reach, 70 - layer * 8, angle, 1.3), darker(tone, 0.12))
            c.shape(petal(x, y, reach * 0.95, 46 - layer * 6, angle, 1.3), lighter(tone, 0.12))
            c.stroke(
                [(x, y), (x + reach * 0.9 * math.cos(angle), y + reach * 0.9 * math.sin(angle))],
                lighter(tone, 0.55),
                2,
                0.8,
            )
            tip = (x + reach * 0.8 * math.cos(angle), y + reach * 0.8 * math.sin(angle))
            if layer == 0:
                c.disc(*tip, 19, p.metal)
                c.disc(*tip, 11, p.accents[(k + 2) % len(p.accents)])


def painted_wall(c: Canvas, p: Palette) -> None:
    """Paint a house wall with bold stepped shapes, bunting and drums before it."""
    c.backdrop(*p.sky, bottom=240)
    c.glow(1200, 120, 500, (255, 244, 200), 0.7)
    c.backdrop((255, 252, 244), (247, 238, 222), top=190, bottom=880)
    ink = (34, 26, 40)
    for k in range(8):
        x = k * 200.0
        tones = [p.accents[(k + n) % len(p.accents)] for n in range(3)]
        for n, half in enumerate((96, 72, 48, 24)):
            outline = [
                (x + 100, 470 - half * 2.2),
                (x + 100 + half, 470),
                (x + 100, 470 + half * 2.2),
                (x + 100 - half, 470),
            ]
            c.shape(outline, (ink, tones[0], (255, 255, 255), tones[1])[n])
        for n, half in enumerate((100, 78, 52, 26)):
            c.shape(
                [(x + 100 - half, 850), (x + 100, 850 - half * 1.3), (x + 100 + half, 850)],
                (ink, tones[1], (255, 255, 255), tones[2])[n],
            )
        for n in range(4):
            c.block(x + n * 50, 200 + (n % 2) * 18, 50, 26, tones[n % 3])
    for y in (190, 246, 700, 850):
        c.block(-5, y, WIDTH + 10, 12, ink)
    c.backdrop(p.ground, darker(p.ground, 0.2), top=862)
    for x, wide, high, k in (
        (330, 230, 250, 0),
        (620, 180, 190, 2),
        (1010, 200, 210, 3),
        (1290, 240, 260, 1),
    ):
        _drum(c, x, 1010, wide, high, p.accents[k], p.light)
    party.bunting(c, hanging((-40, 20), (WIDTH + 40, 20), 110), p.accents, 54)
    party.confetti(c, p.accents, 70, 60, 860, 8)


def _drum(c: Canvas, x: float, foot: float, wide: float, high: float, fill: Colour, skin: Colour) -> None:
    half, top = wide / 2, foot - high
    c.shadow(oval(x, foot + 4, half, 26), 12, 0.45)
    side = curve([(x - half, top), (x - half * 0.78, foot - high * 0.4), (x - half * 0.6, foot)], 16)
    c.shaded(
        side + [(2 * x - px, py) for px, py in reversed(side)],
        (lighter(fill, 0.2), fill, fill, darker(fill, 0.35)),
    )
    for k in range(9):
        place = -1 + k / 4
        c.stroke(
            [
                (x + half * place, top + 8),
                (x + half * 0.75 * (place + 0.12), foot - high * 0.45),
                (x + half * place, top + 8),
            ],
            skin,
            3,
            0.9,
        )
        c.shape(
            [
                (x + half * 0.66 * place, foot - 10),
                (x + half * 0.66 * place + 10, foot - 44),
                (x + half * 0.66 * place + 20, foot - 10),
            ],
            skin,
            0.8,
        )
    c.shape(oval(x, top, half, half * 0.24), darker(skin, 0.25))
    c.shaded(oval(x, top - 4, half * 0.94, half * 0.21), (lighter(skin, 0.3), darker(skin, 0.06)))


SCENES: dict[str, Any] = {
    "altar": altar,
    "masks": masks,
    "painted_wall": painted_wall,
}
