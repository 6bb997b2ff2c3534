"""What stands on a table: cakes, plates, cutlery, glasses."""

from __future__ import annotations

import math

from app.demo.drawing.canvas import (
    Canvas,
    Colour,
    Point,
    curve,
    darker,
    lighter,
    oval,
    petal,
)


def cake(
    c: Canvas,
    x: float,
    foot: float,
    width: float,
    tiers: int,
    icing: Colour,
    trim: Colour,
    drip: Colour | None = None,
) -> float:
    """Stand a tiered cake on (x, foot); returns where its top is."""
    for tier in range(tiers):
        span = width * (1 - 0.24 * tier)
        high, half, flat = width * 0.36, span / 2, span * 0.09
        top = foot - high
        rim = [
            (x + half * math.cos(a), foot + flat * math.sin(a)) for a in (math.pi * k / 24 for k in range(25))
        ]
        c.shaded(
            [(x - half, top), (x + half, top), *rim],
            (lighter(icing, 0.3), darker(icing, 0.03), icing, darker(icing, 0.16)),
        )
        c.shape(oval(x, top, half, flat), lighter(icing, 0.5))
        for k in range(25):
            a = math.pi * k / 24
            c.disc(x + half * math.cos(a), foot + flat * math.sin(a) - 3, span * 0.018, trim)
        if drip:
            _icing_drips(c, x, top, half, flat, drip)
        foot = top
    return foot


def _icing_drips(c: Canvas, x: float, top: float, half: float, flat: float, fill: Colour) -> None:
    edge: list[Point] = []
    for k in range(61):
        a = math.pi * k / 60
        drop = half * 0.1 + half * 0.13 * (1 + math.sin(a * 22)) * (0.6 + 0.4 * math.sin(a * 7.3))
        edge.append((x + half * math.cos(a), top + flat * math.sin(a) + drop))
    c.shape([(x - half, top), (x + half, top), *edge], fill)
    c.shape(oval(x, top, half, flat), lighter(fill, 0.18))


def cake_stand(c: Canvas, x: float, foot: float, width: float, fill: Colour) -> float:
    """Stand a footed plate on (x, foot); returns the height of the plate."""
    top = foot - width * 0.3
    c.shadow(oval(x + 8, foot, width * 0.3, width * 0.06), 9, 0.35)
    stem = curve(
        [(x - width * 0.2, foot), (x - width * 0.03, foot - width * 0.04), (x - width * 0.05, top)], 12
    )
    stem += [(2 * x - px, py) for px, py in reversed(stem)]
    c.shaded(stem, (lighter(fill, 0.2), darker(fill, 0.25)))
    c.shape(oval(x, top + 5, width / 2, width * 0.075), darker(fill, 0.25))
    c.shaded(oval(x, top, width / 2, width * 0.07), (lighter(fill, 0.45), lighter(fill, 0.1)))
    return top


def plate(c: Canvas, x: float, y: float, radius: float, rim: Colour, face: Colour) -> None:
    """Set a plate, seen from above, on a charger."""
    c.shadow(oval(x + 7, y + 10, radius, radius), 9, 0.28)
    c.shaded(oval(x, y, radius, radius, steps=80), (lighter(rim, 0.25), darker(rim, 0.12)))
    c.shaded(oval(x, y, radius * 0.86, radius * 0.86, steps=80), (lighter(face, 0.2), darker(face, 0.05)))
    c.ring(x, y, radius * 0.8, rim, 2, 0.8)
    c.shaded(oval(x, y, radius * 0.6, radius * 0.6, steps=80), (darker(face, 0.07), lighter(face, 0.3)))


def cutlery(c: Canvas, x: float, y: float, reach: float, metal: Colour) -> None:
    """Lay fork and knife beside a plate whose middle is (x, y)."""
    for side in (-1, 1):
        px = x + side * reach * 1.22
        c.block(px - 4, y - reach * 0.2, 8, reach * 1.0, metal, 4)
        if side < 0:
            c.block(px - 13, y - reach * 0.42, 26, reach * 0.3, metal, 11)
            for k in range(-1, 2):
                c.block(px + k * 10 - 3, y - reach * 0.8, 6, reach * 0.5, metal, 3)
        else:
            c.shape(petal(px - 3, y - reach * 0.1, reach * 0.75, 30, -math.pi / 2, 1.5), metal)


def goblet(c: Canvas, x: float, y: float, radius: float, drink: Colour) -> None:
    """Set a glass, seen from above."""
    c.shadow(oval(x + 6, y + 8, radius, radius), 7, 0.22)
    c.disc(x, y, radius, (255, 255, 255), 0.35)
    c.disc(x, y, radius * 0.8, drink, 0.75)
    c.ring(x, y, radius, (255, 255, 255), 2.4, 0.9)
    c.shape(
        oval(x - radius * 0.3, y - radius * 0.35, radius * 0.26, radius * 0.12, -0.7), (255, 255, 255), 0.7
    )


def glass(c: Canvas, x: float, foot: float, height: float, drink: Colour) -> None:
    """Stand a glass with a drink in it on (x, foot)."""
    c.shape(oval(x, foot, height * 0.26, height * 0.06), (255, 255, 255), 0.5)
    c.block(x - 2, foot - height * 0.45, 4, height * 0.45, (245, 245, 250))
    cup = curve(
        [
            (x - height * 0.25, foot - height),
            (x - height * 0.3, foot - height * 0.4),
            (x, foot - height * 0.4),
        ],
        12,
    )
    cup += [(2 * x - px, py) for px, py in reversed(cup)]
    c.shape(cup, (255, 255, 255), 0.42)
    c.shape([(px, max(py, foot - height * 0.78)) for px, py in cup], drink, 0.62)
    c.shape(oval(x, foot - height, height * 0.25, height * 0.045), (255, 255, 255), 0.55)
