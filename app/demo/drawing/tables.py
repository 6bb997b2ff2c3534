"""Scenes of tables: cakes, places laid, banquets, presents, wreaths, rangoli."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, lights, party, tableware
from app.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, darker, hanging, lighter, mix, oval
from app.demo.drawing.palettes import Palette
from app.demo.drawing.stages import FLOWERS, is_dark


def cake(
    c: Canvas, p: Palette, flower: str = "rose", tiers: int = 3, drip: bool = False, candles: int = 0
) -> None:
    """Show a cake on its stand before a soft wall."""
    c.backdrop(*p.sky, bottom=860)
    c.glow(800, 430, 760, lighter(p.sky[-1], 0.5), 0.55)
    lights.bokeh(c, [*p.accents, p.light], 46, 40, 700, 54)
    c.backdrop(darker(p.ground, 0.02), lighter(p.ground, 0.3), top=840)
    swag = hanging((-60, -30), (WIDTH + 60, -30), 190)
    flora.garland(c, swag, 58, p.accents, p.leaf, FLOWERS[flower])
    wide = 400 if tiers > 2 else 470
    plate = tableware.cake_stand(c, 800, 985, wide * 1.32, p.metal)
    dripped = p.accents[0] if drip else None
    top = tableware.cake(c, 800, plate + 4, wide, tiers, p.light, p.metal, dripped)
    span = wide * (1 - 0.24 * (tiers - 1))
    if candles:
        for k in range(candles):
            x = 800 + span * 0.38 * (2 * k / max(1, candles - 1) - 1)
            lights.candle(c, x, top + 4, 13, 74, p.accents[k % len(p.accents)])
    else:
        flora.cluster(c, 800, top - 22, span * 0.36, p.accents, p.leaf, FLOWERS[flower], 11)
    for tier in range(tiers - 1):
        y = plate - wide * 0.36 * (tier + 1) + 4
        at = 800 + (-1) ** tier * wide * 0.36 * (1 - 0.24 * tier)
        flora.cluster(c, at, y, 46, p.accents, p.leaf, FLOWERS[flower], 8)
    flora.cluster(c, 330, 990, 100, p.accents, p.leaf, FLOWERS[flower], 14)
    flora.cluster(c, 1300, 1000, 86, p.accents, p.leaf, FLOWERS[flower], 12)
    lights.candle(c, 520, 1004, 36, 96, p.light)
    lights.candle(c, 1130, 1008, 36, 130, p.light)


def place_setting(c: Canvas, p: Palette, flower: str = "rose", wood: bool = False) -> None:
    """Look down on a laid table: plate, napkin, glasses, flowers along the top."""
    cloth = mix(p.ground, (255, 255, 255), 0.35) if not is_dark(p) else p.sky[-1]
    c.backdrop(lighter(cloth, 0.12), darker(cloth, 0.06))
    if wood:
        for k in range(9):
            c.stroke([(0, 118 * k), (WIDTH, 118 * k + 4)], darker(cloth, 0.22), 2.2, 0.5)
    runner = [(0, 40), (WIDTH, 40), (WIDTH, 262), (0, 262)]
    c.shadow([(x, y + 8) for x, y in runner], 12, 0.2)
    c.shaded(runner, (lighter(p.accents[0], 0.35), mix(p.accents[0], cloth, 0.35)))
    flora.garland(
        c, [(-40, 150), (500, 128), (1100, 172), (WIDTH + 40, 140)], 88, p.accents, p.leaf, FLOWERS[flower]
    )
    for x in (250, 800, 1350):
        c.glow(x, 160, 150, lights.FLAME, 0.4)
        c.disc(x, 160, 40, p.metal)
        c.disc(x, 160, 33, lighter(p.light, 0.2))
        c.disc(x, 160, 24, (255, 214, 140))
        lights.flame(c, x, 172, 26)
    for x in (140, 800, 1460):
        tableware.plate(c, x, 690, 262, p.metal, p.light)
        tableware.cutlery(c, x, 690, 262, p.metal)
        tableware.goblet(c, x + 286, 392, 56, mix(p.accents[1], p.light, 0.35))
    for x in (140, 800, 1460):
        fold = [(x - 66, 520), (x + 66, 520), (x + 66, 872), (x, 912), (x - 66, 872)]
        c.shadow([(a + 6, b + 8) for a, b in fold], 7, 0.22)
        c.shaded(fold, (lighter(p.accents[2 % len(p.accents)], 0.25), p.accents[2 % len(p.accents)]))
        flora.sprig(c, x - 8, 800, 190, -1.35, p.leaf, 6)
        flora.sprig(c, x - 4, 800, 160, -1.9, p.leaf, 5)
        FLOWERS[flower](c, x, 780, 46, p.accents[0])


def banquet(c: Canvas, p: Palette, flower: str = "rose", fruit: str = "") -> None:
    """Show a long table with candles and flowers under strings of bulbs."""
    c.backdrop(*p.sky, bottom=760)
    if is_dark(p):
        lights.stars(c, 120, 420, p.light)
    lights.bokeh(c, [*p.accents, lights.WARM], 60, 60, 720, 52)
    for k in range(5):
        lights.bulbs(
            c,
            hanging((-60, 10 + k * 26), (WIDTH + 60, 40 + k * 20), 120 + k * 52),
            66 - k * 3,
            cord=darker(p.sky[-1], 0.5),
        )
    c.backdrop(darker(p.ground, 0.1), p.ground, top=740)
    cloth = [(40, 800), (WIDTH - 40, 800), (WIDTH + 120, HEIGHT + 10), (-120, HEIGHT + 10)]
    c.shadow(cloth, 20, 0.35)
    c.shaded(cloth, (lighter(p.light, 0.2), mix(p.light, p.ground, 0.35)))
    runner = [(150, 800), (WIDTH - 150, 800), (WIDTH - 90, 882), (90, 882)]
    c.shaded(runner, (mix(p.accents[0], p.light, 0.3), mix(p.accents[0], p.light, 0.12)))
    for k in range(7):
        x = 140 + k * 220
        lights.candle(c, x + 64, 836, 20, 150 + 56 * (k % 3), p.light)
        lights.candle(c, x + 104, 844, 24, 96, p.light)
    for k in range(7):
        flora.cluster(c, 150 + k * 218, 806, 66 + 14 * (k % 2), p.accents, p.leaf, FLOWERS[flower], 11)
    for k in range(5):
        x = 110 + k * 345
        c.shadow(oval(x + 6, 978, 128, 30), 8, 0.25)
        c.shaded(oval(x, 970, 130, 32), (p.metal, darker(p.metal, 0.2)))
        c.shaded(oval(x, 966, 112, 26), (lighter(p.light, 0.4), p.light))
        c.shape(oval(x, 966, 76, 16), darker(p.light, 0.06))
        tableware.glass(c, x + 172, 962, 108, mix(p.accents[1], p.light, 0.2))
    if fruit:
        for k in range(26):
            c.ball(c.random.uniform(120, WIDTH - 120), c.random.uniform(838, 876), 17, p.accents[k % 2])


def balloons(c: Canvas, p: Palette, gifts: bool = True, strung: bool = True) -> None:
    """Gather balloons into a bunch over wrapped presents."""
    c.backdrop(*p.sky)
    c.glow(800, 420, 800, (255, 255, 255), 0.5 if not is_dark(p) else 0.1)
    if is_dark(p):
        lights.stars(c, 140, 1000, p.light)
    c.shape(oval(800, 1090, 900, 170), lighter(p.ground, 0.1))
    if strung:
        party.bunting(c, hanging((-30, 40), (820, 10), 120), p.accents, 52)
        party.bunting(c, hanging((780, 10), (WIDTH + 30, 50), 130), p.accents[::-1], 52)
    party.confetti(c, p.accents, 130, 0, 960)
    places = [
        (
            800 + 330 * math.sqrt(k / 19) * math.cos(k * 2.399),
            420 + 240 * math.sqrt(k / 19) * math.sin(k * 2.399),
        )
        for k in range(20)
    ]
    for index, (x, y) in enumerate(sorted(places, key=lambda place: place[1])):
        party.balloon(c, x, y, c.random.uniform(70, 98), p.accents[index % len(p.accents)], (800, 930))
    if gifts:
        for k, (x, wide, tall) in enumerate(
            ((560, 190, 150), (1040, 170, 190), (800, 230, 170), (690, 120, 90), (930, 130, 104))
        ):
            paper = p.accents[(k * 2 + 1) % len(p.accents)]
            ribbon = p.metal if sum(paper) > 600 else p.light
            party.gift(c, x, 990 + (26 if k > 2 else 0), wide, tall, paper, ribbon)


def wreath(c: Canvas, p: Palette, flower: str = "rose", heart: str = "") -> None:
    """Lay a wreath on paper and leave its middle free, or put a mandala or candle there."""
    c.backdrop(*(lighter(tone, 0.15) if not is_dark(p) else tone for tone in p.sky))
    c.glow(560, 260, 900, (255, 255, 255), 0.4 if not is_dark(p) else 0.08)
    flora.wreath(c, 800, 533, 360, p.accents, p.leaf, FLOWERS[flower], 74)
    for x, y, size in ((90, 120, 120), (1520, 960, 140), (1500, 130, 90), (110, 950, 100)):
        flora.cluster(c, x, y, size, p.accents, p.leaf, FLOWERS[flower], 11)
    if heart == "mandala":
        party.mandala(c, 800, 533, 232, p.accents, 6, 16)
    elif heart == "rings":
        for dx, tone in ((-46, p.metal), (46, lighter(p.metal, 0.25))):
            c.ring(800 + dx + 4, 541, 104, darker(p.sky[0], 0.3), 16, 0.35)
            c.ring(800 + dx, 533, 104, tone, 16)
            c.ring(800 + dx, 533, 100, lighter(tone, 0.6), 3)
        lights.sparkle(c, 846, 424, 34, p.light if is_dark(p) else p.metal)
    elif heart == "candles":
        for dx, high in ((-80, 150), (0, 230), (80, 110)):
            lights.candle(c, 800 + dx, 640, 58, high, p.light)


def rangoli(c: Canvas, p: Palette, petals: int = 16, lamps: bool = True, garlands: bool = True) -> None:
    """Lay a large rangoli, seen from above, ringed by lamps or flowers."""
    c.backdrop(*p.sky)
    c.glow(800, 533, 780, p.accents[1], 0.32)
    lights.bokeh(c, p.accents, 40, size=36)
    for k in range(24):
        angle = math.tau * k / 24
        x, y = 800 + 560 * math.cos(angle), 533 + 478 * math.sin(angle)
        if lamps:
            lights.diya(c, x, y - 12, 74, p.accents[1], p.metal)
        else:
            flora.marigold(c, x, y, 40, p.accents[k % 3])
    party.mandala(c, 800, 533, 420, p.accents, 8, petals)
    if garlands:
        for start, end in (((-30, -20), (560, -30)), ((1040, -30), (1630, -20))):
            flora.string_of_flowers(c, hanging(start, end, 130), 42, p.accents[:3])


SCENES: dict[str, Any] = {
    "cake": cake,
    "place_setting": place_setting,
    "banquet": banquet,
    "balloons": balloons,
    "wreath": wreath,
    "rangoli": rangoli,
}
