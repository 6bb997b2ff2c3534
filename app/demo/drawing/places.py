"""Where it happens: hills, trees, water, towns, domes, snow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, Colour, Point, darker, lighter, mix, oval, petal


def hills(
    c: Canvas, base: float, height: float, fill: Colour, foot: Colour | None = None, waves: float = 1.6
) -> list[Point]:
    """Lay a ridge of hills across the picture; returns its line."""
    shift = c.random.uniform(0, math.tau)
    line: list[Point] = [
        (
            x,
            base
            - height
            * (
                0.5
                + 0.32 * math.sin(x / WIDTH * math.tau * waves + shift)
                + 0.18 * math.sin(x / WIDTH * math.tau * waves * 2.3 + shift * 2)
            ),
        )
        for x in range(-20, WIDTH + 41, 20)
    ]
    c.shaded([*line, (WIDTH + 20, HEIGHT + 4), (-20, HEIGHT + 4)], (fill, foot or darker(fill, 0.12)))
    return line


def fir(c: Canvas, x: float, foot: float, height: float, fill: Colour, snow: Colour | None = None) -> None:
    """Plant a fir, with snow on its boughs if given."""
    c.block(x - height * 0.03, foot - height * 0.1, height * 0.06, height * 0.12, (92, 66, 54))
    for tier in range(5):
        share = tier / 5
        top = foot - height * (0.36 + 0.64 * share) - height * 0.02
        low = foot - height * (0.08 + 0.62 * share)
        half = height * 0.27 * (1 - share * 0.78)
        edge: list[Point] = [(x, top - height * 0.06)]
        edge += [(x + half * (1 - 2 * k / 8), low + (height * 0.02 if k % 2 else 0)) for k in range(9)]
        c.shaded(edge, (lighter(fill, 0.1), darker(fill, 0.05), fill, darker(fill, 0.25)))
        if snow:
            cap = height * 0.07
            c.shape(
                [
                    (x, top - height * 0.06),
                    (x + half * 0.4, top + cap),
                    (x + half * 0.14, top + cap * 0.8),
                    (x, top + cap * 1.3),
                    (x - half * 0.2, top + cap * 0.8),
                    (x - half * 0.42, top + cap * 1.05),
                ],
                snow,
                0.95,
            )


def palm(c: Canvas, x: float, foot: float, height: float, fill: Colour, trunk: Colour) -> None:
    """Plant a palm."""
    lean = height * 0.08 * (1 if c.random.random() > 0.5 else -1)
    side = [(x + lean * (k / 12) ** 2, foot - height * k / 12) for k in range(13)]
    for width, ink in ((height * 0.045, trunk), (height * 0.015, lighter(trunk, 0.2))):
        c.stroke(side, ink, width)
    tx, ty = side[-1]
    for k in range(11):
        angle = -math.pi / 2 + (k - 5) * 0.42
        reach = height * 0.36
        spine = [
            (tx + reach * t * math.cos(angle), ty + reach * t * math.sin(angle) + reach * 0.75 * t * t)
            for t in (s / 10 for s in range(11))
        ]
        for s, (px, py) in enumerate(spine[1:], 1):
            for turn in (-0.9, 0.9):
                way = angle + turn + 0.9 * s / 10
                c.shape(
                    petal(px, py, reach * 0.26 * (1.15 - s / 12), reach * 0.05, way),
                    mix(fill, darker(fill, 0.3), k % 2 * 0.7),
                )
        c.stroke(spine, darker(fill, 0.2), 2)


def tree(c: Canvas, x: float, foot: float, height: float, crown: Sequence[Colour], trunk: Colour) -> None:
    """Plant a broad tree whose crown is made of round tufts."""
    for side in (-1, 1):
        c.stroke(
            [
                (x, foot),
                (x + side * 4, foot - height * 0.4),
                (x + side * height * 0.18, foot - height * 0.62),
            ],
            trunk,
            height * 0.04,
        )
    c.stroke([(x, foot), (x, foot - height * 0.6)], trunk, height * 0.06)
    for k in range(46):
        angle, at = k * 2.399, math.sqrt(k / 46)
        px, py = (
            x + height * 0.36 * at * math.cos(angle),
            foot - height * 0.68 + height * 0.27 * at * math.sin(angle),
        )
        shade = mix(
            crown[k % len(crown)],
            darker(crown[k % len(crown)], 0.3),
            max(0.0, (py - foot + height * 0.7) / height * 1.6),
        )
        c.disc(px, py, height * 0.09 * c.random.uniform(0.8, 1.25), shade, 0.94)


def skyline(c: Canvas, foot: float, fill: Colour, window: Colour | None, height: float = 220) -> None:
    """Stand a row of town houses and towers, some windows lit."""
    x = -20.0
    while x < WIDTH + 20:
        wide = c.random.uniform(46, 110)
        tall = height * c.random.uniform(0.35, 1) * (1.25 if abs(x - WIDTH * 0.62) < 160 else 0.8)
        shade = mix(fill, lighter(fill, 0.12), c.random.random())
        c.block(x, foot - tall, wide, tall + 4, shade)
        if c.random.random() < 0.45:
            c.shape(
                [(x - 4, foot - tall), (x + wide / 2, foot - tall - wide * 0.5), (x + wide + 4, foot - tall)],
                darker(shade, 0.15),
            )
        if window:
            for wy in range(round(foot - tall + 16), round(foot - 16), 26):
                for wx in range(round(x + 10), round(x + wide - 12), 19):
                    if c.random.random() < 0.42:
                        c.block(wx, wy, 8, 12, window)
        x += wide + c.random.choice((0, 0, 6))


def dome(c: Canvas, x: float, foot: float, width: float, fill: Colour, finial: Colour) -> None:
    """Raise an onion dome on a drum; foot is where the drum stands."""
    half, drum = width / 2, width * 0.28
    c.block(x - half * 0.92, foot - drum, width * 0.92, drum + 2, darker(fill, 0.1))
    rise = width * 0.92
    side = [
        (
            x - half * (1 + 0.1 * math.sin(math.pi * t * 1.2)) * (1 - t) ** 0.5 * (1 if t < 0.86 else 0.92),
            foot - drum - rise * t,
        )
        for t in (k / 24 for k in range(25))
    ]
    outline = side + [(2 * x - px, py) for px, py in reversed(side)]
    c.shaded(outline, (lighter(fill, 0.16), fill, fill, darker(fill, 0.18)))
    top = foot - drum - rise
    c.stroke([(x, top + 4), (x, top - width * 0.2)], finial, max(2, width * 0.025))
    c.disc(x, top - width * 0.06, width * 0.035, finial)
    c.disc(x, top - width * 0.2, width * 0.022, finial)


def minaret(c: Canvas, x: float, foot: float, height: float, fill: Colour, finial: Colour) -> None:
    """Raise a slender tower with two balconies."""
    width = height * 0.085
    c.shaded(
        [
            (x - width / 2, foot - height * 0.8),
            (x + width / 2, foot - height * 0.8),
            (x + width * 0.6, foot),
            (x - width * 0.6, foot),
        ],
        (lighter(fill, 0.1), darker(fill, 0.14)),
    )
    for share in (0.5, 0.79):
        c.block(x - width * 0.85, foot - height * share, width * 1.7, height * 0.022, darker(fill, 0.15), 2)
    dome(c, x, foot - height * 0.8, width * 1.05, fill, finial)


def snow(c: Canvas, count: int = 220, opacity: float = 0.9) -> None:
    """Let snow fall."""
    for _ in range(count):
        c.disc(
            c.random.uniform(0, WIDTH),
            c.random.uniform(0, HEIGHT),
            c.random.choice((1.5, 2, 2.6, 3.6, 5)),
            (255, 255, 255),
            opacity * c.random.uniform(0.4, 1),
        )


def clouds(
    c: Canvas,
    count: int = 4,
    top: float = 90,
    bottom: float = 330,
    fill: Colour = (255, 255, 255),
    opacity: float = 0.5,
) -> None:
    """Drift flat, soft clouds."""
    for k in range(count):
        x = WIDTH * (k + c.random.uniform(0.15, 0.85)) / count
        y, size = c.random.uniform(top, bottom), c.random.uniform(40, 74)
        for dx, r in ((-1.5, 0.5), (-0.75, 0.8), (0.1, 1), (0.95, 0.72), (1.6, 0.45)):
            c.glow(x + dx * size, y - r * size * 0.25, size * r * 1.5, fill, opacity, 0.8)


def ripples(c: Canvas, top: float, light: Colour, count: int = 60, opacity: float = 0.22) -> None:
    """Draw light lying in streaks on water."""
    for _ in range(count):
        depth = c.random.random() ** 0.8
        y, x = top + 6 + (HEIGHT - top - 12) * depth, c.random.uniform(-60, WIDTH)
        c.shape(
            oval(x, y, c.random.uniform(20, 60) * (0.5 + depth), 1 + 2.4 * depth, steps=20),
            light,
            opacity * c.random.uniform(0.3, 1),
        )


def bulbous_petals(
    c: Canvas,
    colours: Sequence[Colour],
    count: int = 40,
    top: float = 0,
    bottom: float = HEIGHT,
    size: float = 15,
) -> None:
    """Let loose petals drift down."""
    for _ in range(count):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(top, bottom)
        reach = size * c.random.uniform(0.6, 1.3)
        c.shape(
            petal(x, y, reach * 1.5, reach, c.random.uniform(0, math.tau), 0.8), c.random.choice(colours), 0.9
        )
