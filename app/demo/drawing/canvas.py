"""A supersampled canvas: flat and gradient shapes, glows and soft shadows, in final pixels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE = 1600, 1067, 2

Colour = tuple[int, int, int]
Point = tuple[float, float]


@lru_cache(maxsize=512)
def colour(name: str) -> Colour:
    """Read "#rrggbb"."""
    return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Blend two colours; share 0 gives the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def lighter(base: Colour, share: float) -> Colour:
    """Blend towards white."""
    return mix(base, (255, 255, 255), share)


def darker(base: Colour, share: float) -> Colour:
    """Blend towards a deep, slightly blue black, which looks less dirty than black."""
    return mix(base, (20, 12, 32), share)


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0, steps: int = 40) -> list[Point]:
    """Give the outline of an ellipse turned by `turn` radians."""
    cosine, sine = math.cos(turn), math.sin(turn)
    points = []
    for step in range(steps):
        angle = math.tau * step / steps
        px, py = rx * math.cos(angle), ry * math.sin(angle)
        points.append((x + px * cosine - py * sine, y + px * sine + py * cosine))
    return points


def petal(x: float, y: float, length: float, width: float, angle: float, point: float = 1.0) -> list[Point]:
    """Give a petal that starts at (x, y) and reaches out at `angle`; `point` > 1 makes the tip sharper."""
    cosine, sine = math.cos(angle), math.sin(angle)
    sides: list[list[Point]] = [[], []]
    for step in range(13):
        share = step / 12
        half = width / 2 * math.sin(math.pi * share**point) ** 0.8
        for side, sign in zip(sides, (1, -1), strict=True):
            along, across = length * share, half * sign
            side.append((x + along * cosine - across * sine, y + along * sine + across * cosine))
    return sides[0] + sides[1][::-1]


def curve(points: Sequence[Point], steps: int = 48) -> list[Point]:
    """Give a Bezier curve over any number of control points."""
    order = len(points) - 1
    weights = [math.comb(order, k) for k in range(order + 1)]
    result = []
    for step in range(steps + 1):
        t = step / steps
        parts = [w * (1 - t) ** (order - k) * t**k for k, w in enumerate(weights)]
        result.append(
            (
                sum(part * p[0] for part, p in zip(parts, points, strict=True)),
                sum(part * p[1] for part, p in zip(parts, points, strict=True)),
            )
        )
    return result


def hanging(start: Point, end: Point, sag: float, steps: int = 60) -> list[Point]:
    """Give a cord that hangs from start to end."""
    (x1, y1), (x2, y2) = start, end
    return [
        (x1 + (x2 - x1) * t, y1 + (y2 - y1) * t + sag * 4 * t * (1 - t))
        for t in (step / steps for step in range(steps + 1))
    ]


def spaced(path: Sequence[Point], gap: float) -> list[tuple[float, float, float]]:
    """Walk a path in steps of `gap`; each step is x, y and the direction there."""
    result = []
    wait = gap / 2
    for (x1, y1), (x2, y2) in itertools.pairwise(path):
        length = math.hypot(x2 - x1, y2 - y1)
        angle = math.atan2(y2 - y1, x2 - x1)
        while length and wait <= length:
            share = wait / length
            result.append((x1 + (x2 - x1) * share, y1 + (y2 - y1) * share, angle))
            wait += gap
        wait -= length
    return result


@lru_cache(maxsize=8)
def _halo(power: float) -> Image.Image:
    size = 128
    centre = (size - 1) / 2
    values = bytes(
        round(255 * max(0.0, 1 - math.hypot(x - centre, y - centre) / centre) ** power)
        for y in range(size)
        for x in range(size)
    )
    return Image.frombytes("L", (size, size), values)


class Canvas:
    """What scenes draw on; every length is in pixels of the finished picture."""

    def __init__(self, seed: int | str) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.random = Random(f"festoon {seed}")

    def backdrop(self, *stops: Colour, top: float = 0, bottom: float = HEIGHT) -> None:
        """Fill a band from top to bottom with a smooth run of colours."""
        height = max(1, round((bottom - top) * SCALE))
        last = len(stops) - 1
        column = Image.new("RGB", (1, 256))
        for y in range(256):
            place = y / 255 * last
            index = min(int(place), last - 1) if last else 0
            share = place - index
            eased = share * share * (3 - 2 * share) * 0.5 + share * 0.5
            column.putpixel((0, y), mix(stops[index], stops[min(index + 1, last)], eased))
        band = column.resize((1, height), Image.Resampling.BICUBIC).resize((WIDTH * SCALE, height))
        self.image.paste(band, (0, round(top * SCALE)))

    def shape(self, points: Iterable[Point], fill: Colour, opacity: float = 1) -> None:
        """Fill an outline with one colour."""
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=(*fill, round(255 * opacity)))

    def disc(self, x: float, y: float, radius: float, fill: Colour, opacity: float = 1) -> None:
        """Fill a circle."""
        x, y, radius = x * SCALE, y * SCALE, radius * SCALE
        self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(*fill, round(255 * opacity)))

    def ring(self, x: float, y: float, radius: float, ink: Colour, width: float, opacity: float = 1) -> None:
        """Draw a circle's outline, inside its radius."""
        x, y, radius = x * SCALE, y * SCALE, radius * SCALE
        box = (x - radius, y - radius, x + radius, y + radius)
        self.pen.ellipse(box, outline=(*ink, round(255 * opacity)), width=max(1, round(width * SCALE)))

    def stroke(self, points: Sequence[Point], ink: Colour, width: float, opacity: float = 1) -> None:
        """Draw a line with rounded bends."""
        line = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(
            line, fill=(*ink, round(255 * opacity)), width=max(1, round(width * SCALE)), joint="curve"
        )

    def block(
        self, x: float, y: float, width: float, height: float, fill: Colour, round_by: float = 0
    ) -> None:
        """Fill a rectangle."""
        box = (x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE)
        self.pen.rounded_rectangle(box, radius=round_by * SCALE, fill=(*fill, 255))

    def shaded(self, points: Sequence[Point], corners: Sequence[Colour], opacity: float = 1) -> None:
        """Fill an outline with a gradient between two (top, bottom) or four corner colours."""
        left, top, right, bottom = self._bounds(points)
        size = (right - left, bottom - top)
        if min(size) < 1:
            return
        if len(corners) == 2:
            corners = (corners[0], corners[0], corners[1], corners[1])
        seedling = Image.new("RGB", (2, 2))
        seedling.putdata(list(corners))
        grown = seedling.resize((16, 16), Image.Resampling.BICUBIC).resize(size, Image.Resampling.BILINEAR)
        mask = Image.new("L", size, 0)
        moved = [(x * SCALE - left, y * SCALE - top) for x, y in points]
        ImageDraw.Draw(mask).polygon(moved, fill=round(255 * opacity))
        self.image.paste(grown, (left, top), mask)

    def ball(self, x: float, y: float, radius: float, base: Colour, squash: float = 1) -> None:
        """Draw a ball lit from the upper left."""
        light, dark = lighter(base, 0.32), darker(base, 0.22)
        self.shaded(oval(x, y, radius, radius * squash, steps=56), (light, base, base, dark))

    def glow(
        self, x: float, y: float, radius: float, light: Colour, strength: float = 0.6, power: float = 2
    ) -> None:
        """Add a soft round light."""
        size = max(2, round(radius * 2 * SCALE))
        mask = _halo(power).resize((size, size), Image.Resampling.BILINEAR)
        mask = mask.point([round(v * strength) for v in range(256)])
        left, top = round((x - radius) * SCALE), round((y - radius) * SCALE)
        self.image.paste(light, (left, top, left + size, top + size), mask)

    def shadow(
        self, points: Sequence[Point], blur: float, opacity: float = 0.3, ink: Colour = (20, 12, 32)
    ) -> None:
        """Cast a soft shadow of an outline; it is blurred at an eighth of the size, which nobody sees."""
        part = 8
        spread = [(min(x for x, _ in points) - 3 * blur, min(y for _, y in points) - 3 * blur)]
        spread.append((max(x for x, _ in points) + 3 * blur, max(y for _, y in points) + 3 * blur))
        left, top, right, bottom = self._bounds(spread)
        small = (max(1, (right - left) // part), max(1, (bottom - top) // part))
        mask = Image.new("L", small, 0)
        moved = [((x * SCALE - left) / part, (y * SCALE - top) / part) for x, y in points]
        ImageDraw.Draw(mask).polygon(moved, fill=round(255 * opacity))
        mask = mask.filter(ImageFilter.GaussianBlur(blur * SCALE / part))
        mask = mask.resize((right - left, bottom - top), Image.Resampling.BICUBIC)
        self.image.paste(ink, (left, top, right, bottom), mask)

    def reflect(self, line: float, share: float = 0.45, tint: Colour = (10, 16, 40)) -> None:
        """Mirror what lies above `line` into the water below it, squeezed and dimmed."""
        height = round((HEIGHT - line) * SCALE)
        taken = min(round(line * SCALE), round(height * 1.8))
        above = self.image.crop((0, round(line * SCALE) - taken, WIDTH * SCALE, round(line * SCALE)))
        soft = above.resize((WIDTH // 4, HEIGHT // 4)).filter(ImageFilter.GaussianBlur(2))
        water = soft.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((WIDTH * SCALE, height))
        self.image.paste(
            Image.blend(Image.new("RGB", water.size, tint), water, share), (0, round(line * SCALE))
        )

    def finish(self) -> Image.Image:
        """Give the picture at its final size."""
        return self.image.reduce(SCALE)

    @staticmethod
    def _bounds(points: Iterable[Point]) -> tuple[int, int, int, int]:
        xs, ys = zip(*points, strict=True)
        return (
            math.floor(min(xs) * SCALE),
            math.floor(min(ys) * SCALE),
            math.ceil(max(xs) * SCALE) + 1,
            math.ceil(max(ys) * SCALE) + 1,
        )
