"""What shines: bulbs, candles, diyas, lanterns, stars, moon and fireworks."""

from __future__ import annotations

import itertools
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

WARM: Colour = (255, 205, 120)
FLAME: Colour = (255, 176, 46)


def bokeh(
    c: Canvas,
    colours: Sequence[Colour],
    count: int = 40,
    top: float = 0,
    bottom: float = HEIGHT,
    size: float = 46,
) -> None:
    """Scatter soft discs of light, as a lens draws lamps out of focus."""
    for _ in range(count):
        x, y = c.random.uniform(-40, WIDTH + 40), c.random.uniform(top, bottom)
        radius, light = size * c.random.uniform(0.3, 1.1), c.random.choice(colours)
        c.disc(x, y, radius, light, c.random.uniform(0.05, 0.16))
        c.ring(x, y, radius, lighter(light, 0.3), 1.4, 0.12)


def stars(c: Canvas, count: int = 150, bottom: float = HEIGHT, light: Colour = (255, 255, 255)) -> None:
    """Sprinkle a night sky; some stars sparkle."""
    for index in range(count):
        x, y = c.random.uniform(0, WIDTH), bottom * c.random.random() ** 1.3
        size = c.random.uniform(0.7, 2.1)
        c.disc(x, y, size, light, c.random.uniform(0.35, 0.95))
        if index % 9 == 0:
            sparkle(c, x, y, size * 7, light, 0.8)


def sparkle(c: Canvas, x: float, y: float, size: float, light: Colour, opacity: float = 1) -> None:
    """Draw a four-pointed star."""
    points = []
    for k in range(8):
        reach = size if k % 2 == 0 else size * 0.13
        points.append((x + reach * math.cos(math.pi * k / 4), y + reach * math.sin(math.pi * k / 4)))
    c.glow(x, y, size * 1.4, light, 0.35 * opacity)
    c.shape(points, light, opacity)


def star(c: Canvas, x: float, y: float, size: float, fill: Colour, turn: float = -math.pi / 2) -> None:
    """Draw a five-pointed star in two tones."""
    tips = [
        (
            x + (size if k % 2 == 0 else size * 0.42) * math.cos(turn + math.pi * k / 5),
            y + (size if k % 2 == 0 else size * 0.42) * math.sin(turn + math.pi * k / 5),
        )
        for k in range(10)
    ]
    c.shape(tips, fill)
    for k in range(0, 10, 2):
        c.shape([(x, y), tips[k], tips[(k + 1) % 10]], darker(fill, 0.14))


def moon(
    c: Canvas, x: float, y: float, radius: float, light: Colour, sky: Colour, crescent: bool = False
) -> None:
    """Hang a full or crescent moon."""
    c.glow(x, y, radius * 3.4, light, 0.4)
    if not crescent:
        c.shaded(oval(x, y, radius, radius, steps=72), (light, mix(light, sky, 0.12)))
        for dx, dy, size in ((-0.3, -0.2, 0.22), (0.25, 0.3, 0.16), (0.35, -0.35, 0.1), (-0.15, 0.42, 0.12)):
            c.disc(x + dx * radius, y + dy * radius, size * radius, mix(light, sky, 0.22), 0.5)
        return
    outer = [
        (x + radius * math.cos(a), y + radius * math.sin(a)) for a in (0.9 + k * 4.48 / 60 for k in range(61))
    ]
    cx, cy, reach = x + radius * 0.44, y - radius * 0.02, 0.0
    start, end = outer[-1], outer[0]
    reach = math.dist((cx, cy), end)
    first = math.atan2(start[1] - cy, start[0] - cx)
    last = math.atan2(end[1] - cy, end[0] - cx)
    inner = [(cx + reach * math.cos(a), cy + reach * math.sin(a)) for a in _backwards(first, last)]
    c.shaded(outer + inner, (lighter(light, 0.3), light))


def _backwards(first: float, last: float) -> list[float]:
    while last > first:
        last -= math.tau
    return [first + (last - first) * k / 60 for k in range(61)]


def bulbs(
    c: Canvas,
    path: Sequence[Point],
    gap: float = 46,
    light: Colour = WARM,
    cord: Colour = (60, 48, 60),
    size: float = 7,
) -> None:
    """Hang warm bulbs from a cord."""
    c.stroke(path, cord, 2.2, 0.85)
    for x, y, _way in spaced(path, gap):
        c.glow(x, y + size * 1.4, size * 6, light, 0.5)
        c.block(x - size * 0.3, y, size * 0.6, size * 0.8, darker(cord, 0.2))
        c.disc(x, y + size * 1.6, size, lighter(light, 0.35))
        c.disc(x, y + size * 1.6, size * 0.55, (255, 252, 240))


def fairy(c: Canvas, path: Sequence[Point], gap: float, colours: Sequence[Colour], size: float = 4.5) -> None:
    """String small coloured lights."""
    c.stroke(path, (70, 60, 80), 1.5, 0.6)
    for index, (x, y, _way) in enumerate(spaced(path, gap)):
        light = colours[index % len(colours)]
        c.glow(x, y, size * 5.5, light, 0.55)
        c.disc(x, y, size, lighter(light, 0.35))


def curtain(
    c: Canvas, left: float, right: float, top: float, bottom: float, light: Colour = WARM, count: int = 22
) -> None:
    """Let fine light chains fall, longer at the sides."""
    for k in range(count):
        x = left + (right - left) * k / (count - 1)
        length = (bottom - top) * (0.72 + 0.28 * abs(2 * k / (count - 1) - 1)) * c.random.uniform(0.85, 1)
        c.stroke([(x, top), (x, top + length)], light, 1, 0.25)
        y = top + c.random.uniform(0, 18)
        while y < top + length:
            c.glow(x, y, 13, light, 0.5)
            c.disc(x, y, 2.6, (255, 248, 225))
            y += c.random.uniform(20, 30)


def flame(c: Canvas, x: float, y: float, height: float, halo: float = 1) -> None:
    """Light a flame whose foot is at (x, y)."""
    c.glow(x, y - height * 0.5, height * 5 * halo, FLAME, 0.34)
    c.glow(x, y - height * 0.5, height * 1.9, (255, 220, 150), 0.6)
    for share, fill in ((1.0, (255, 145, 40)), (0.76, (255, 196, 70)), (0.48, (255, 243, 200))):
        outline = petal(x, y, height * share, height * 0.52 * share, -math.pi / 2, 0.62)
        c.shape(outline, fill)


def candle(c: Canvas, x: float, foot: float, width: float, height: float, wax: Colour) -> None:
    """Stand a lit candle on (x, foot)."""
    top = foot - height
    body = [(x - width / 2, top), (x + width / 2, top), (x + width / 2, foot), (x - width / 2, foot)]
    c.shaded(body, (lighter(wax, 0.35), wax, wax, darker(wax, 0.2)))
    c.shape(oval(x, foot, width / 2, width * 0.14), darker(wax, 0.16))
    c.shape(oval(x, top, width / 2, width * 0.14), lighter(wax, 0.5))
    c.stroke([(x, top), (x, top - width * 0.2 - 3)], (70, 50, 40), 1.6)
    flame(c, x, top - 4, max(20, width * 0.85))


def diya(c: Canvas, x: float, y: float, width: float, clay: Colour, trim: Colour) -> None:
    """Place a clay oil lamp; (x, y) is the middle of its rim."""
    h = width * 0.36
    c.glow(x, y + h, width * 0.9, FLAME, 0.3)
    c.shape(oval(x, y + h * 1.06, width * 0.42, h * 0.2), (10, 5, 15), 0.3)
    bowl = [
        (x - width / 2, y),
        *curve(
            [
                (x - width / 2, y),
                (x - width * 0.4, y + h * 1.35),
                (x + width * 0.4, y + h * 1.35),
                (x + width / 2, y),
            ],
            24,
        ),
    ]
    c.shaded(bowl, (lighter(clay, 0.12), clay, darker(clay, 0.35), darker(clay, 0.45)))
    c.shape(oval(x, y, width / 2, width * 0.115), lighter(clay, 0.25))
    c.shape(oval(x, y + 1, width * 0.44, width * 0.085), (92, 44, 16))
    c.shape(oval(x, y + 2, width * 0.4, width * 0.066), (240, 168, 52))
    for k in range(7):
        place = (k - 3) / 3.6
        drop = h * 0.62 * (1 - place * place) + h * 0.1
        c.disc(x + place * width * 0.42, y + drop, width * 0.022, trim)
    flame(c, x, y + 2, width * 0.44)


def paper_lantern(
    c: Canvas, x: float, y: float, radius: float, paper: Colour, trim: Colour, cord_from: float | None = None
) -> None:
    """Hang a ribbed round lantern with a tassel; (x, y) is its middle."""
    squash = 0.84
    if cord_from is not None:
        c.stroke([(x, cord_from), (x, y - radius * squash)], trim, 1.6, 0.7)
    c.glow(x, y, radius * 2.5, lighter(paper, 0.25), 0.42)
    c.shaded(
        oval(x, y, radius, radius * squash, steps=64),
        (lighter(paper, 0.1), paper, darker(paper, 0.1), darker(paper, 0.28)),
    )
    c.glow(x, y + radius * 0.1, radius * 0.95, (255, 226, 150), 0.75, 1.6)
    for k in (-0.78, -0.5, -0.18, 0.18, 0.5, 0.78):
        c.stroke(
            [
                (x + k * radius * math.sin(a), y - radius * squash * math.cos(a))
                for a in (math.pi * s / 24 for s in range(25))
            ],
            darker(paper, 0.3),
            1.5,
            0.5,
        )
    for top in (y - radius * squash - 3, y + radius * squash - 5):
        c.block(x - radius * 0.3, top, radius * 0.6, 9, trim, 2)
    foot = y + radius * squash + 4
    c.stroke([(x, foot), (x, foot + radius * 0.35)], trim, 2)
    for k in range(-3, 4):
        c.stroke(
            [(x, foot + radius * 0.32), (x + k * 2.1, foot + radius * 0.82)], paper if k % 2 else trim, 2
        )


def sky_lantern(c: Canvas, x: float, y: float, size: float, opacity: float = 1) -> None:
    """Let a paper lantern rise into the night."""
    c.glow(x, y + size * 0.2, size * 2.3, (255, 150, 60), 0.36 * opacity)
    shape = curve(
        [
            (x - size * 0.34, y + size * 0.62),
            (x - size * 0.62, y - size * 0.5),
            (x - size * 0.4, y - size * 0.8),
            (x, y - size * 0.78),
        ],
        14,
    )
    shape += [(2 * x - px, py) for px, py in reversed(shape)]
    c.shaded(shape, ((214, 84, 34), (255, 206, 110)), opacity)
    c.glow(x, y + size * 0.42, size * 0.62, (255, 244, 190), 0.85 * opacity)
    c.shape(oval(x, y + size * 0.62, size * 0.34, size * 0.08), (150, 62, 22), opacity)


def brass_lantern(
    c: Canvas, x: float, y: float, size: float, metal: Colour, glass: Colour, cord_from: float | None = None
) -> None:
    """Hang a faceted lantern with coloured glass; (x, y) is its middle."""
    if cord_from is not None:
        c.stroke([(x, cord_from), (x, y - size)], darker(metal, 0.2), 2, 0.9)
    w = size * 0.46
    c.glow(x, y, size * 2.1, lighter(glass, 0.3), 0.45)
    body = [
        (x - w * 0.6, y - size * 0.42),
        (x + w * 0.6, y - size * 0.42),
        (x + w, y),
        (x + w * 0.6, y + size * 0.5),
        (x - w * 0.6, y + size * 0.5),
        (x - w, y),
    ]
    c.shaded(body, (lighter(glass, 0.25), glass, glass, darker(glass, 0.25)))
    c.glow(x, y + size * 0.05, size * 0.6, (255, 236, 180), 0.9, 1.5)
    for px in (-0.6, -0.2, 0.2, 0.6):
        c.stroke(
            [(x + px * w, y - size * 0.42), (x + px * w * 1.66, y), (x + px * w, y + size * 0.5)], metal, 2.4
        )
    c.stroke([(x - w, y), (x + w, y)], metal, 2.4)
    c.stroke([*body, body[0]], metal, 3.4)
    roof = curve(
        [(x - w * 0.74, y - size * 0.4), (x - w * 0.5, y - size * 0.72), (x, y - size * 0.66), (x, y - size)],
        14,
    )
    roof += [(2 * x - px, py) for px, py in reversed(roof)]
    c.shaded(roof, (lighter(metal, 0.3), darker(metal, 0.25)))
    c.shaded(
        [
            (x - w * 0.6, y + size * 0.5),
            (x + w * 0.6, y + size * 0.5),
            (x + w * 0.2, y + size * 0.66),
            (x - w * 0.2, y + size * 0.66),
        ],
        (metal, darker(metal, 0.3)),
    )
    c.disc(x, y + size * 0.7, size * 0.05, metal)


def firework(c: Canvas, x: float, y: float, radius: float, light: Colour, second: Colour) -> None:
    """Open a firework whose sparks fall a little."""
    c.glow(x, y, radius * 1.5, light, 0.34)
    rays = 34
    for k in range(rays):
        angle = math.tau * k / rays + c.random.uniform(-0.05, 0.05)
        reach = radius * c.random.uniform(0.82, 1.04)
        ink = light if k % 2 else second
        path = [
            (x + reach * t * math.cos(angle), y + reach * t * math.sin(angle) + radius * 0.16 * t * t)
            for t in (0.22 + 0.78 * s / 14 for s in range(15))
        ]
        for index, (first, after) in enumerate(itertools.pairwise(path)):
            c.stroke(
                [first, after],
                mix(ink, (255, 255, 255), 0.5 - index / 30),
                1.2 + index * 0.13,
                0.25 + index * 0.05,
            )
        c.glow(*path[-1], 9, ink, 0.8)
        c.disc(*path[-1], 2.6, lighter(ink, 0.6))
        if k % 2:
            c.disc(*path[9], 1.9, lighter(second, 0.5), 0.9)
    c.glow(x, y, radius * 0.22, (255, 255, 255), 0.8)
