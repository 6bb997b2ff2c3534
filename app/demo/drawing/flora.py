"""Flowers, leaves and garlands."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from app.demo.drawing.canvas import Canvas, Colour, Point, curve, darker, lighter, mix, oval, petal, spaced

Flower = Callable[[Canvas, float, float, float, Colour], None]


def _round_petals(
    c: Canvas, x: float, y: float, at: float, size: float, count: int, fill: Colour, turn: float
) -> None:
    for k in range(count):
        angle = turn + math.tau * k / count
        px, py = x + at * math.cos(angle), y + at * math.sin(angle)
        c.disc(px, py, size, darker(fill, 0.16))
        c.disc(px + size * 0.05 * math.cos(angle) - size * 0.05, py - size * 0.09, size * 0.94, fill)


def rose(c: Canvas, x: float, y: float, radius: float, base: Colour) -> None:
    """Draw a rose seen from above."""
    turn = c.random.uniform(0, math.tau)
    _round_petals(c, x, y, radius * 0.52, radius * 0.5, 6, mix(base, darker(base, 0.3), 0.25), turn)
    _round_petals(c, x, y, radius * 0.36, radius * 0.42, 5, base, turn + 0.5)
    _round_petals(c, x, y, radius * 0.2, radius * 0.34, 4, lighter(base, 0.16), turn + 0.2)
    _round_petals(c, x, y, radius * 0.09, radius * 0.22, 3, lighter(base, 0.3), turn + 0.9)
    swirl = [
        (x + radius * 0.028 * t * math.cos(turn + t), y + radius * 0.028 * t * math.sin(turn + t))
        for t in (k * 0.4 for k in range(20))
    ]
    c.stroke(swirl, darker(base, 0.3), max(1, radius * 0.045), 0.7)


def marigold(c: Canvas, x: float, y: float, radius: float, base: Colour) -> None:
    """Draw a full, ruffled marigold."""
    turn = c.random.uniform(0, math.tau)
    for ring, (at, size, count) in enumerate(
        ((0.74, 0.25, 15), (0.54, 0.24, 12), (0.33, 0.22, 9), (0.13, 0.2, 5))
    ):
        fill = mix(darker(base, 0.14), lighter(base, 0.34), ring / 3)
        if not ring:
            c.disc(x, y, radius * 0.8, darker(base, 0.2))
        _round_petals(c, x, y, radius * at, radius * size, count, fill, turn + ring * 0.4)


def daisy(c: Canvas, x: float, y: float, radius: float, base: Colour, heart: Colour = (247, 190, 60)) -> None:
    """Draw a daisy with a domed heart."""
    turn = c.random.uniform(0, math.tau)
    for row, (length, fill) in enumerate(((1.0, darker(base, 0.12)), (0.94, base))):
        for k in range(13):
            angle = turn + row * 0.24 + math.tau * k / 13
            c.shape(petal(x, y, radius * length, radius * 0.36, angle, 0.8), fill)
    c.disc(x, y + radius * 0.03, radius * 0.3, darker(heart, 0.3))
    c.ball(x, y, radius * 0.28, heart)


def blossom(c: Canvas, x: float, y: float, radius: float, base: Colour) -> None:
    """Draw a five-petalled blossom such as cherry or wild rose."""
    turn = c.random.uniform(0, math.tau)
    for k in range(5):
        angle = turn + math.tau * k / 5
        px, py = x + radius * 0.5 * math.cos(angle), y + radius * 0.5 * math.sin(angle)
        c.shape(oval(px, py, radius * 0.5, radius * 0.42, angle, 24), darker(base, 0.1))
        c.shape(oval(px - radius * 0.02, py - radius * 0.03, radius * 0.47, radius * 0.39, angle, 24), base)
    heart = mix(base, (214, 51, 108), 0.5)
    c.disc(x, y, radius * 0.16, heart)
    for k in range(7):
        angle = turn + math.tau * k / 7
        px, py = x + radius * 0.32 * math.cos(angle), y + radius * 0.32 * math.sin(angle)
        c.stroke([(x, y), (px, py)], heart, max(0.6, radius * 0.03), 0.8)
        c.disc(px, py, radius * 0.05, (250, 214, 110))


def peony(c: Canvas, x: float, y: float, radius: float, base: Colour) -> None:
    """Draw a loose, many-petalled flower."""
    turn = c.random.uniform(0, math.tau)
    for ring in range(5):
        reach = radius * (1 - ring * 0.19)
        fill = mix(darker(base, 0.12), lighter(base, 0.38), ring / 4)
        for k in range(9 - ring):
            angle = turn + ring * 0.5 + math.tau * k / (9 - ring)
            c.shape(petal(x, y, reach, reach * 0.86, angle, 1.35), darker(fill, 0.1))
            c.shape(petal(x, y, reach * 0.95, reach * 0.76, angle, 1.35), fill)


def tulip(c: Canvas, x: float, y: float, radius: float, base: Colour) -> None:
    """Draw a tulip's cup standing upright."""
    for angle, fill in ((-0.34, darker(base, 0.16)), (0.34, darker(base, 0.1)), (0.0, base)):
        foot = (x, y + radius)
        outline = petal(*foot, radius * 2, radius * 1.15, -math.pi / 2 + angle, 0.85)
        c.shaded(outline, (lighter(fill, 0.22), fill))


def sunflower(c: Canvas, x: float, y: float, radius: float, base: Colour) -> None:
    """Draw a sunflower."""
    for row in range(2):
        for k in range(18):
            angle = math.tau * (k + row * 0.5) / 18
            c.shape(
                petal(x, y, radius * (1 - row * 0.1), radius * 0.3, angle), mix(darker(base, 0.16), base, row)
            )
    c.ball(x, y, radius * 0.46, (94, 56, 28))
    for k in range(60):
        angle, at = k * 2.399, radius * 0.055 * math.sqrt(k)
        c.disc(x + at * math.cos(angle), y + at * math.sin(angle), radius * 0.022, (160, 104, 46), 0.9)


def leaf(
    c: Canvas, x: float, y: float, length: float, angle: float, fill: Colour, width: float = 0.42
) -> None:
    """Draw a leaf in two tones."""
    outline = petal(x, y, length, length * width, angle, 0.85)
    c.shape(outline, fill)
    c.shape([*outline[:13], (x, y)], darker(fill, 0.16))
    tip = (x + length * 0.92 * math.cos(angle), y + length * 0.92 * math.sin(angle))
    c.stroke([(x, y), tip], lighter(fill, 0.25), max(0.7, length * 0.02), 0.6)


def sprig(c: Canvas, x: float, y: float, length: float, angle: float, fill: Colour, leaves: int = 7) -> None:
    """Draw a bent twig with paired leaves, like olive or eucalyptus."""
    bend = c.random.uniform(-0.35, 0.35)
    ends = [
        (x, y),
        (x + length * 0.5 * math.cos(angle), y + length * 0.5 * math.sin(angle)),
        (x + length * math.cos(angle + bend), y + length * math.sin(angle + bend)),
    ]
    stem = curve(ends, 20)
    c.stroke(stem, darker(fill, 0.2), max(1, length * 0.016))
    steps = spaced(stem, length / (leaves + 1))
    for index, (px, py, way) in enumerate(steps):
        size = length * 0.3 * (1 - 0.5 * index / max(1, len(steps)))
        for side in (-1, 1):
            shade = lighter(fill, c.random.uniform(0, 0.2))
            leaf(c, px, py, size, way + side * c.random.uniform(0.6, 0.95), shade)
    leaf(c, *stem[-1], length * 0.2, angle + bend, lighter(fill, 0.15))


def plume(c: Canvas, x: float, y: float, length: float, angle: float, fill: Colour) -> None:
    """Draw a plume of pampas grass."""
    bend = c.random.uniform(-0.4, 0.4)
    stem = curve(
        [
            (x, y),
            (x + length * 0.6 * math.cos(angle), y + length * 0.6 * math.sin(angle)),
            (x + length * math.cos(angle + bend), y + length * math.sin(angle + bend)),
        ],
        40,
    )
    c.stroke(stem, darker(fill, 0.2), 2.4)
    for index, (px, py) in enumerate(stem[14:]):
        share = index / 26
        size = length * 0.24 * math.sin(math.pi * min(1, 0.18 + share * 0.82)) + 6
        for side in (-1, 1):
            for _ in range(3):
                way = angle + bend * share + side * c.random.uniform(0.15, 0.62)
                tip = (px + size * math.cos(way), py + size * math.sin(way))
                c.shape(
                    petal(px, py, math.dist((px, py), tip), size * 0.16, way),
                    lighter(fill, c.random.random() * 0.4),
                    0.5,
                )


def garland(
    c: Canvas,
    path: Sequence[Point],
    size: float,
    colours: Sequence[Colour],
    leaves: Colour,
    flower: Flower = rose,
) -> None:
    """Lay flowers and leaves densely along a path."""
    steps = spaced(path, size * 0.5)
    for x, y, way in steps:
        for _ in range(2):
            turn = way + c.random.choice((-1, 1)) * c.random.uniform(0.7, 2.2)
            shade = lighter(leaves, c.random.uniform(0, 0.3))
            leaf(c, x, y, size * c.random.uniform(1.1, 1.75), turn, shade)
    c.random.shuffle(steps)
    for index, (x, y, _way) in enumerate(steps):
        spread = size * 0.5
        px, py = x + c.random.uniform(-spread, spread), y + c.random.uniform(-spread, spread)
        flower(c, px, py, size * c.random.uniform(0.42, 0.72), colours[index % len(colours)])


def string_of_flowers(c: Canvas, path: Sequence[Point], size: float, colours: Sequence[Colour]) -> None:
    """Thread marigolds closely, as on a toran; the colour changes in runs."""
    for index, (x, y, _way) in enumerate(spaced(path, size * 1.12)):
        marigold(c, x, y, size * 0.64, colours[index // 3 % len(colours)])


def cluster(
    c: Canvas,
    x: float,
    y: float,
    spread: float,
    colours: Sequence[Colour],
    leaves: Colour,
    flower: Flower = rose,
    count: int = 12,
) -> None:
    """Arrange a dome of flowers with leaves around it."""
    for k in range(count + 4):
        angle = math.tau * k / (count + 4) + c.random.uniform(-0.2, 0.2)
        sprig(
            c, x, y, spread * c.random.uniform(1.0, 1.5), angle, lighter(leaves, c.random.uniform(0, 0.3)), 5
        )
    for k in range(count):
        at, angle = spread * math.sqrt((count - k) / count) * 0.86, k * 2.399
        size = spread * (0.34 if k < count * 0.6 else 0.44)
        flower(c, x + at * math.cos(angle), y + at * math.sin(angle), size, colours[k % len(colours)])


def wreath(
    c: Canvas,
    x: float,
    y: float,
    radius: float,
    colours: Sequence[Colour],
    leaves: Colour,
    flower: Flower = rose,
    size: float = 60,
) -> None:
    """Close a garland to a ring, fuller at two opposite places."""
    for k in range(44):
        angle = math.tau * k / 44
        px, py = x + radius * math.cos(angle), y + radius * math.sin(angle)
        shade = lighter(leaves, c.random.uniform(0, 0.35))
        sprig(c, px, py, size * c.random.uniform(1.1, 1.7), angle + c.random.uniform(0.9, 1.7), shade, 5)
    for centre, count in ((2.4, 11), (5.4, 8)):
        for k in range(count):
            angle = centre + (k - count / 2) * 0.15
            at = radius + c.random.uniform(-0.3, 0.3) * size
            big = size * (1 - abs(k - count / 2) / count) * c.random.uniform(0.55, 0.85) + size * 0.12
            flower(c, x + at * math.cos(angle), y + at * math.sin(angle), big, colours[k % len(colours)])
