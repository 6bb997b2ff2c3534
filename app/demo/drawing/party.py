"""What a celebration is furnished with: balloons, flags, cakes, arches, tables, rangoli."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
    spaced,
)


def balloon(
    c: Canvas, x: float, y: float, radius: float, base: Colour, string_to: Point | None = None
) -> None:
    """Float a balloon; the string ends where told."""
    foot = y + radius * 1.2
    if string_to:
        bend = c.random.uniform(-30, 30)
        c.stroke(
            curve([(x, foot), (x + bend, (foot + string_to[1]) / 2), string_to], 24),
            darker(base, 0.15),
            1.5,
            0.5,
        )
    outline = [
        (
            x + radius * math.cos(a) * (1 - 0.1 * max(0.0, math.sin(a)) ** 2),
            y + radius * math.sin(a) * (1.18 if math.sin(a) > 0 else 1.06),
        )
        for a in (math.tau * k / 60 for k in range(60))
    ]
    c.shape(
        [
            (x - radius * 0.1, foot + radius * 0.07),
            (x, foot - radius * 0.08),
            (x + radius * 0.1, foot + radius * 0.07),
        ],
        darker(base, 0.22),
    )
    c.shaded(outline, (lighter(base, 0.3), base, mix(base, darker(base, 0.25), 0.45), darker(base, 0.26)))
    c.shape(
        oval(x - radius * 0.36, y - radius * 0.44, radius * 0.2, radius * 0.34, 0.55), (255, 255, 255), 0.34
    )
    c.shape(
        oval(x - radius * 0.42, y - radius * 0.5, radius * 0.08, radius * 0.16, 0.55), (255, 255, 255), 0.55
    )


def balloon_garland(c: Canvas, path: Sequence[Point], size: float, colours: Sequence[Colour]) -> None:
    """Pack balloons of many sizes along a path."""
    steps = spaced(path, size * 0.46)
    c.random.shuffle(steps)
    for big in (True, False):
        for index, (x, y, way) in enumerate(steps if big else steps[::2]):
            off = c.random.uniform(-0.75, 0.75) * size * (1 if big else 1.3)
            radius = size * (c.random.uniform(0.5, 0.86) if big else c.random.uniform(0.22, 0.38))
            px, py = x - off * math.sin(way), y + off * math.cos(way)
            balloon(c, px, py, radius, colours[index % len(colours)])


def bunting(c: Canvas, path: Sequence[Point], colours: Sequence[Colour], size: float = 46) -> None:
    """Hang pennants from a cord."""
    for index, (x, y, way) in enumerate(spaced(path, size * 1.16)):
        fill, half = colours[index % len(colours)], size * 0.5
        cosine, sine = math.cos(way), math.sin(way)
        tip = (x - size * 1.25 * sine, y + size * 1.25 * cosine)
        left, right = (x - half * cosine, y - half * sine), (x + half * cosine, y + half * sine)
        c.shaded([left, right, tip], (lighter(fill, 0.12), darker(fill, 0.08)))
        c.shape([(x, y), right, tip], darker(fill, 0.3), 0.12)
    c.stroke(path, (120, 100, 110), 2.6)


def cut_paper(
    c: Canvas,
    path: Sequence[Point],
    colours: Sequence[Colour],
    size: float = 120,
    hole: Colour = (255, 244, 224),
) -> None:
    """Hang papel picado: sheets of tissue paper with a cut pattern and a scalloped hem."""
    for index, (x, y, way) in enumerate(spaced(path, size * 1.12)):
        fill = colours[index % len(colours)]
        left, drop = x - size / 2, size * 0.78
        hem: list[Point] = []
        for k in range(5, -1, -1):
            hem += [
                (left + size * (k + 0.5 - 0.5 * math.cos(a)) / 6, y + drop + size * 0.07 * math.sin(a))
                for a in (math.pi * (4 - s) / 4 for s in range(5))
            ]
        outline = [
            (left, y - size * 0.5 * math.sin(way)),
            (left + size, y + size * 0.5 * math.sin(way)),
            *hem,
        ]
        c.shaded(outline, (lighter(fill, 0.1), darker(fill, 0.06)), 0.95)
        mid = y + drop * 0.5
        for k in range(8):
            c.shape(petal(x, mid, size * 0.24, size * 0.11, math.tau * k / 8), hole, 0.92)
        c.disc(x, mid, size * 0.05, fill)
        for dx in (-0.36, 0.36):
            for dy in (-0.24, 0.0, 0.24):
                px, py, r = x + dx * size, mid + dy * size, size * 0.055
                c.shape([(px, py - r), (px + r, py), (px, py + r), (px - r, py)], hole, 0.92)
        for k in range(6):
            c.disc(left + size * (k + 0.5) / 6, y + drop - size * 0.02, size * 0.03, hole, 0.92)
    c.stroke(path, (140, 110, 90), 2.4)


def confetti(
    c: Canvas,
    colours: Sequence[Colour],
    count: int = 120,
    top: float = 0,
    bottom: float = HEIGHT,
    size: float = 9,
) -> None:
    """Throw paper: squares, strips and dots."""
    for k in range(count):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(top, bottom)
        turn, fill, reach = (
            c.random.uniform(0, math.pi),
            c.random.choice(colours),
            size * c.random.uniform(0.5, 1.2),
        )
        if k % 3 == 0:
            c.disc(x, y, reach * 0.45, fill)
            continue
        wide, high = (reach, reach * 0.6) if k % 3 == 1 else (reach * 1.5, reach * 0.28)
        ends = [(-wide, -high), (wide, -high * 0.6), (wide, high), (-wide, high * 0.6)]
        c.shape(
            [
                (x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn))
                for a, b in ends
            ],
            fill,
        )


def arch_outline(x: float, foot: float, width: float, height: float) -> list[Point]:
    """Give a panel with a round top standing on (x, foot)."""
    half = width / 2
    top = foot - height + half
    crown = [
        (x + half * math.cos(a), top - half * math.sin(a)) for a in (math.pi * k / 48 for k in range(49))
    ]
    return [(x + half, foot), *crown, (x - half, foot)]


def arch_panel(
    c: Canvas, x: float, foot: float, width: float, height: float, fill: Colour, trim: Colour | None = None
) -> None:
    """Stand an arched panel with a soft shadow."""
    outline = arch_outline(x, foot, width, height)
    c.shadow([(px + 14, py + 8) for px, py in outline], 16, 0.22)
    c.shaded(outline, (lighter(fill, 0.16), lighter(fill, 0.05), darker(fill, 0.02), darker(fill, 0.1)))
    if trim:
        c.stroke(outline, trim, 5)


def plinth(c: Canvas, x: float, foot: float, width: float, height: float, fill: Colour) -> None:
    """Stand a round pedestal."""
    top, half, flat = foot - height, width / 2, width * 0.11
    c.shadow(oval(x + 10, foot, half * 1.15, flat * 1.3), 10, 0.35)
    rim = [(x + half * math.cos(a), foot + flat * math.sin(a)) for a in (math.pi * k / 24 for k in range(25))]
    c.shaded(
        [(x - half, top), (x + half, top), *rim],
        (lighter(fill, 0.15), darker(fill, 0.08), lighter(fill, 0.04), darker(fill, 0.2)),
    )
    c.shape(oval(x, top, half, flat), lighter(fill, 0.4))


def gift(
    c: Canvas, x: float, foot: float, width: float, height: float, paper: Colour, ribbon: Colour
) -> None:
    """Wrap a box with ribbon and bow."""
    left, top = x - width / 2, foot - height
    c.shadow(
        [(left, foot - 8), (left + width + 14, foot - 8), (left + width + 14, foot + 6), (left, foot + 6)],
        8,
        0.35,
    )
    box = [(left, top), (left + width, top), (left + width, foot), (left, foot)]
    c.shaded(box, (lighter(paper, 0.15), paper, paper, darker(paper, 0.2)))
    c.block(left - 5, top, width + 10, height * 0.2, darker(paper, 0.08), 3)
    c.block(x - width * 0.07, top, width * 0.14, height, ribbon)
    for side in (-1, 1):
        c.shaded(
            petal(x, top, width * 0.4, width * 0.26, -math.pi / 2 + side * 0.95, 1.3),
            (lighter(ribbon, 0.2), darker(ribbon, 0.12)),
        )
    c.disc(x, top - 3, width * 0.07, darker(ribbon, 0.15))


def mandala(
    c: Canvas,
    x: float,
    y: float,
    radius: float,
    colours: Sequence[Colour],
    rings: int = 7,
    petals: int = 16,
    squash: float = 1,
) -> None:
    """Lay a rangoli of petals, dots and scallops; squash < 1 lays it on the floor."""

    def lay(points: Sequence[Point]) -> list[Point]:
        return [(px, y + (py - y) * squash) for px, py in points]

    for ring in range(rings):
        reach = radius * (1 - ring / rings * 0.92)
        fill, inner = colours[ring % len(colours)], colours[(ring + 2) % len(colours)]
        count = petals if ring < rings - 2 else petals // 2
        length = radius * 0.92 / rings * 2.1
        c.shape(lay(oval(x, y, reach - length * 0.42, reach - length * 0.42, steps=72)), darker(fill, 0.24))
        for k in range(count):
            angle = math.tau * (k + ring % 2 * 0.5) / count
            px, py = x + (reach - length) * math.cos(angle), y + (reach - length) * math.sin(angle)
            wide = math.tau * reach / count * 0.98
            c.shape(lay(petal(px, py, length, wide, angle, 1.25)), fill)
            c.shape(lay(petal(px, py, length * 0.74, wide * 0.58, angle, 1.25)), inner)
            c.shape(lay(petal(px, py, length * 0.5, wide * 0.26, angle, 1.25)), lighter(fill, 0.5))
            half = angle + math.pi / count
            dot = (x + reach * 0.985 * math.cos(half), y + reach * 0.985 * math.sin(half))
            c.shape(lay(oval(*dot, radius * 0.014, radius * 0.014, steps=16)), lighter(inner, 0.4))
    c.shape(lay(oval(x, y, radius * 0.09, radius * 0.09)), lighter(colours[0], 0.4))
