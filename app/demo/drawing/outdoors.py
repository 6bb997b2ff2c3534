"""Scenes in the open: meadows, winter villages, seas, orchards, autumn tables."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, lights, party, places
from app.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, curve, darker, hanging, lighter, mix, oval, petal
from app.demo.drawing.indoors import FLOWERS
from app.demo.drawing.palettes import Palette


def _daylight(c: Canvas, p: Palette, sun: tuple[float, float] = (1220, 190), foot: float = 760) -> None:
    c.backdrop(*p.sky, bottom=foot + 40)
    c.glow(*sun, 620, (255, 236, 180), 0.6)
    c.disc(*sun, 84, (255, 244, 206), 0.95)
    places.clouds(c, 5)


def _flower_field(c: Canvas, p: Palette, top: float, count: int, kind: str) -> None:
    for k in range(count):
        depth = (k / count) ** 0.8
        x, y = c.random.uniform(-20, WIDTH + 20), top + (HEIGHT + 30 - top) * depth
        size, tall = 7 + 26 * depth, 30 + 80 * depth
        lean = c.random.uniform(-0.2, 0.2) * tall
        c.stroke(curve([(x, y + tall * 0.5), (x, y), (x + lean, y - tall * 0.5)], 8), darker(p.leaf, 0.1), 1 + 2 * depth)
        flora.leaf(c, x, y + tall * 0.2, tall * 0.4, -0.6 - c.random.random() * 2, p.leaf, 0.26)
        FLOWERS[kind](c, x + lean, y - tall * 0.5, size, p.accents[k % len(p.accents)])


def meadow(c: Canvas, p: Palette, kind: str = "daisy", strung: bool = True, arch: bool = False, pole: bool = False) -> None:
    """Spread a meadow in bloom before hills, with bunting, an arch or a maypole."""
    _daylight(c, p)
    for base, high, share in ((660, 190, 0.55), (730, 150, 0.32), (800, 110, 0.1)):
        places.hills(c, base, high, mix(mix(p.ground, p.leaf, 0.3), p.sky[-1], share), mix(p.ground, p.sky[-1], share * 0.7))
    for x, size in ((120, 330), (290, 240), (1470, 360)):
        places.tree(c, x, 770, size, [p.leaf, lighter(p.leaf, 0.18)], (120, 92, 70))
    c.shaded([(-5, 800), (WIDTH + 5, 780), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)], (mix(p.ground, p.leaf, 0.2), mix(p.ground, p.leaf, 0.6)))
    if pole:
        _maypole(c, p)
    if arch:
        for x in (560, 1040):
            c.block(x - 9, 300, 18, 640, mix(p.metal, (120, 90, 60), 0.4), 6)
        c.block(540, 292, 520, 18, mix(p.metal, (120, 90, 60), 0.4), 6)
        flora.garland(c, curve([(552, 760), (520, 300), (700, 270), (1050, 300)], 40), 72, p.accents, p.leaf, FLOWERS[kind])
        for k in range(-2, 3):
            drape = curve([(800 + k * 10, 300), (560 + k * 8, 520), (590 + k * 16, 930)], 20)
            c.stroke(drape, p.light, 22, 0.5)
    if strung:
        party.bunting(c, hanging((-40, 60), (820, 90), 110), p.accents, 50)
        party.bunting(c, hanging((780, 90), (WIDTH + 40, 40), 120), p.accents[::-1], 50)
    _flower_field(c, p, 800, 120, kind)


def _maypole(c: Canvas, p: Palette) -> None:
    flora.garland(c, [(800, 940), (800, 170)], 34, [p.accents[3], p.accents[0], p.accents[1]], p.leaf, flora.daisy)
    flora.garland(c, [(560, 330), (800, 260), (1040, 330)], 34, [p.accents[3], p.accents[1]], p.leaf, flora.daisy)
    for x in (580, 1020):
        ring = [(x + 78 * math.cos(a), 420 + 78 * math.sin(a)) for a in (math.tau * k / 40 for k in range(41))]
        flora.garland(c, ring, 30, [p.accents[3], p.accents[0], p.accents[2]], p.leaf, flora.daisy)
    for k, side in enumerate((-1, 1, -1, 1, -1, 1)):
        ribbon = curve([(800, 180), (800 + side * (160 + k * 60), 420), (800 + side * (210 + k * 62), 900)], 30)
        c.stroke(ribbon, p.accents[k % len(p.accents)], 6, 0.9)


def picnic(c: Canvas, p: Palette, kind: str = "daisy") -> None:
    """Lay a cloth under a tree with a basket, cake and lemonade, lamps in the branches."""
    _daylight(c, p, (330, 170))
    for base, high, share in ((650, 170, 0.5), (740, 120, 0.25)):
        places.hills(c, base, high, mix(mix(p.ground, p.leaf, 0.3), p.sky[-1], share))
    c.shaded([(-5, 760), (WIDTH + 5, 740), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)], (mix(p.ground, p.leaf, 0.15), mix(p.ground, p.leaf, 0.5)))
    places.tree(c, 1240, 850, 860, [p.leaf, lighter(p.leaf, 0.15), mix(p.leaf, p.accents[1], 0.2)], (120, 92, 70))
    for start, end, sag in (((-40, 120), (1000, 260), 120), ((-40, 240), (1080, 380), 130)):
        lights.bulbs(c, hanging(start, end, sag), 60)
    cloth = [(330, 850), (1150, 830), (1330, 1020), (210, 1040)]
    c.shadow(cloth, 14, 0.3)
    c.shaded(cloth, (lighter(p.accents[0], 0.7), lighter(p.accents[0], 0.5)))
    for k in range(1, 9):
        share = k / 9
        top, low = (330 + 820 * share, 850 - 20 * share), (210 + 1120 * share, 1040 - 20 * share)
        c.stroke([top, low], p.accents[0], 15, 0.3)
        if k < 5:
            side = k / 5
            c.stroke([(330 - 120 * side, 850 + 190 * side), (1150 + 180 * side, 830 + 190 * side)], p.accents[0], 12, 0.3)
    _basket(c, 480, 930, 220, p, kind)
    plate = party.cake_stand(c, 780, 985, 250, p.metal)
    top = party.cake(c, 780, plate + 4, 180, 2, p.light, p.metal, p.accents[0])
    flora.cluster(c, 780, top - 8, 34, p.accents, p.leaf, FLOWERS[kind], 8)
    for x in (980, 1060):
        c.shape([(x - 26, 880), (x + 26, 880), (x + 20, 975), (x - 20, 975)], (255, 255, 255), 0.5)
        c.shape([(x - 24, 902), (x + 24, 902), (x + 20, 972), (x - 20, 972)], p.accents[1], 0.8)
        c.stroke([(x + 2, 965), (x + 16, 840)], p.accents[0], 5)
    _flower_field(c, p, 1010, 40, kind)


def _basket(c: Canvas, x: float, foot: float, width: float, p: Palette, kind: str) -> None:
    high, half = width * 0.5, width / 2
    c.shadow(oval(x + 8, foot, half, 18), 9, 0.4)
    handle = [(x + half * 0.86 * math.cos(a), foot - high - width * 0.46 * math.sin(a)) for a in (math.pi * k / 30 for k in range(31))]
    c.stroke(handle, darker(p.metal, 0.15), 13)
    flora.cluster(c, x, foot - high - 10, width * 0.34, p.accents, p.leaf, FLOWERS[kind], 12)
    c.shaded([(x - half, foot - high), (x + half, foot - high), (x + half * 0.82, foot), (x - half * 0.82, foot)], (p.metal, darker(p.metal, 0.25)))
    for row in range(5):
        for k in range(9):
            px = x - half * 0.92 + k * half * 0.22 + (row % 2) * half * 0.1
            c.shape(oval(px, foot - high * (0.12 + row * 0.2), half * 0.1, high * 0.07), lighter(p.metal, 0.25), 0.8)
    c.block(x - half * 1.04, foot - high - 7, width * 1.04, 15, darker(p.metal, 0.1), 7)


def orchard(c: Canvas, p: Palette, table: bool = True) -> None:
    """Frame a view of the sea with lemon branches above painted tiles."""
    c.backdrop(*p.sky, bottom=640)
    places.clouds(c, 4, 160, 360)
    c.backdrop(lighter(p.accents[4], 0.25), p.accents[2], top=560)
    places.ripples(c, 570, (255, 255, 255), 90, 0.35)
    for x, size in ((1120, 1.0), (620, 0.6)):
        sail = [(x, 400 * 1.0 + 160 - 190 * size), (x, 590 - 26 * size), (x + 100 * size, 590 - 26 * size)]
        c.shape(sail, (255, 255, 255))
        c.shape([(x - 8, sail[0][1] + 30 * size), (x - 8, sail[1][1]), (x - 62 * size, sail[1][1])], (240, 246, 252))
        c.shape([(x - 70 * size, 572), (x + 106 * size, 572), (x + 76 * size, 596), (x - 46 * size, 596)], p.dark)
    _tiles(c, p, 800)
    for path in (curve([(-60, 90), (420, 30), (760, 200)], 40), curve([(WIDTH + 60, 60), (1240, 20), (900, 170)], 40), curve([(-60, 420), (150, 330), (330, 420)], 30), curve([(WIDTH + 60, 430), (1480, 330), (1300, 430)], 30)):
        c.stroke(path, (124, 96, 66), 9)
        for x, y in path[::2]:
            for _ in range(4):
                shade = mix(p.leaf, lighter(p.leaf, 0.3), c.random.random())
                flora.leaf(c, x, y, c.random.uniform(76, 124), c.random.uniform(0, math.tau), shade, 0.4)
        for x, y in path[2::6]:
            lemon(c, x + c.random.uniform(-22, 22), y + c.random.uniform(34, 70), 44, p.accents[0])
        for x, y in path[4::7]:
            flora.blossom(c, x + 16, y - 10, 26, (255, 255, 255))
    if table:
        for x, r in ((560, 60), (650, 66), (745, 60), (610, 58), (700, 58), (655, 56)):
            lift = 0 if r in (60, 66) else (78 if r == 58 else 150)
            lemon(c, x, 880 - lift, r, p.accents[0])
        bowl = curve([(480, 880), (520, 1010), (780, 1010), (830, 880)], 24)
        c.shadow(oval(655, 985, 130, 16), 10, 0.4)
        c.shaded(bowl, ((255, 255, 255), p.accents[4]))
        for k in range(7):
            flora.blossom(c, 530 + k * 42, 916, 15, p.accents[2])
        for x, high in ((1010, 120), (1080, 170), (1150, 100)):
            lights.candle(c, x, 985, 40, high, p.light)


def lemon(c: Canvas, x: float, y: float, radius: float, fill: tuple[int, int, int]) -> None:
    """Draw a lemon hanging tip down."""
    outline = [
        (x + radius * 0.82 * math.cos(a), y + radius * math.sin(a) * (1.0 + 0.26 * abs(math.sin(a)) ** 9))
        for a in (math.tau * k / 60 for k in range(60))
    ]
    c.shaded(outline, (lighter(fill, 0.3), fill, mix(fill, (226, 140, 20), 0.2), mix(fill, (214, 120, 20), 0.55)))
    c.shape(oval(x - radius * 0.28, y - radius * 0.34, radius * 0.13, radius * 0.26, 0.5), (255, 255, 255), 0.45)


def _tiles(c: Canvas, p: Palette, top: float) -> None:
    c.backdrop(lighter(p.light, 0.2), p.light, top=top)
    c.block(0, top - 14, WIDTH, 20, lighter(p.ground, 0.3))
    for row in range(3):
        for k in range(17):
            x, y = k * 100.0, top + 56 + row * 100
            for turn in range(4):
                c.shape(petal(x, y, 44, 26, turn * math.pi / 2 + math.pi / 4), p.accents[2], 0.85)
                c.shape(petal(x, y, 30, 14, turn * math.pi / 2), p.accents[4])
            c.disc(x, y, 9, p.accents[0])
            c.stroke([(x - 50, y - 50), (x + 50, y - 50), (x + 50, y + 50)], p.accents[4], 1.4, 0.5)


def winter(c: Canvas, p: Palette, village: bool = True, tree: bool = False, night: bool = True) -> None:
    """Show snowy hills with firs, lit cottages and perhaps one great lit tree."""
    sky = ((16, 30, 66), (46, 74, 122), (150, 160, 190)) if night else p.sky
    c.backdrop(*sky, bottom=800)
    if night:
        lights.stars(c, 190, 560)
        lights.moon(c, 1270, 180, 70, (255, 248, 224), sky[0])
    pale = (226, 236, 246) if night else (255, 255, 255)
    for base, high, share in ((720, 250, 0.6), (800, 190, 0.35), (880, 130, 0.1)):
        places.hills(c, base, high, mix(pale, sky[1], share), mix(pale, sky[-1], share * 0.6), 1.4)
        for _ in range(16):
            x = c.random.uniform(0, WIDTH)
            size = (130 - share * 110) * c.random.uniform(0.8, 1.4)
            places.fir(c, x, base - high * 0.3 + c.random.uniform(0, 50), size, mix(p.leaf, sky[1], share + 0.15), pale)
    if village:
        for x, foot, size in ((240, 860, 170), (470, 890, 140), (1130, 880, 180), (1390, 850, 150), (950, 850, 110)):
            _cottage(c, x, foot, size, p)
    c.shaded([(-5, 930), *[(x, 925 + 26 * math.sin(x / 240)) for x in range(0, WIDTH + 1, 40)], (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)], (pale, mix(pale, sky[-1], 0.3)))
    if tree:
        _christmas_tree(c, p)
    for x, size in ((60, 420), (1540, 460)):
        places.fir(c, x, 1050, size, p.leaf, pale)
    places.snow(c, 240)


def _cottage(c: Canvas, x: float, foot: float, size: float, p: Palette) -> None:
    c.glow(x, foot - size * 0.3, size * 1.4, lights.WARM, 0.35)
    wall, roof = mix(p.accents[0], (110, 50, 40), 0.45), (250, 252, 255)
    c.block(x - size * 0.42, foot - size * 0.55, size * 0.84, size * 0.56, wall)
    c.block(x + size * 0.2, foot - size * 1.05, size * 0.12, size * 0.3, darker(wall, 0.3))
    c.shape([(x - size * 0.55, foot - size * 0.5), (x, foot - size * 1.02), (x + size * 0.55, foot - size * 0.5)], darker(roof, 0.1))
    c.shape([(x - size * 0.55, foot - size * 0.55), (x, foot - size * 1.06), (x + size * 0.55, foot - size * 0.55)], roof)
    for dx in (-0.24, 0.24):
        c.block(x + size * dx - size * 0.1, foot - size * 0.42, size * 0.2, size * 0.2, (255, 214, 120), 3)
        c.stroke([(x + size * dx, foot - size * 0.42), (x + size * dx, foot - size * 0.22)], wall, 2)
    c.shape(party.arch_outline(x, foot, size * 0.18, size * 0.3), darker(wall, 0.4))


def _christmas_tree(c: Canvas, p: Palette) -> None:
    c.glow(800, 560, 620, lights.WARM, 0.4)
    places.fir(c, 800, 1010, 860, p.leaf)
    for tier in range(5):
        low, half = 1010 - 860 * (0.1 + 0.15 * tier), 860 * 0.25 * (1 - tier / 5 * 0.8)
        path = hanging((800 - half, low - 30), (800 + half * 0.9, low - 74), 54)
        lights.fairy(c, path, 30, [(255, 224, 150), p.accents[0], p.accents[3], (255, 255, 255)], 6)
        for k, (x, y) in enumerate(path[6::11]):
            c.ball(x, y + 26, 17, p.accents[(k + tier) % 2 * 3])
    c.glow(800, 150, 130, (255, 230, 150), 0.8)
    lights.star(c, 800, 150, 58, (255, 208, 90))
    for x, wide, tall, k in ((610, 150, 110, 0), (980, 170, 130, 3), (720, 110, 90, 4), (880, 110, 80, 0)):
        party.gift(c, x, 1030, wide, tall, p.accents[k], p.light if k != 2 else p.metal)


def seaside(c: Canvas, p: Palette, arch: bool = True, umbrellas: bool = False) -> None:
    """Put an arch with drapes, or umbrellas, on a beach at low sun."""
    c.backdrop(*p.sky, bottom=620)
    c.glow(800, 560, 620, (255, 214, 160), 0.65)
    c.disc(800, 540, 84, (255, 240, 206))
    places.clouds(c, 5, 120, 330)
    c.backdrop(mix(p.accents[1], (255, 255, 255), 0.3), p.accents[0], top=560, bottom=790)
    places.ripples(c, 562, (255, 255, 255), 120, 0.4)
    shore = [(x, 760 + 22 * math.sin(x / 170) + 10 * math.sin(x / 61)) for x in range(-20, WIDTH + 41, 20)]
    c.shape([*[(x, y - 16) for x, y in shore], (WIDTH + 40, HEIGHT), (-20, HEIGHT)], (255, 255, 255), 0.75)
    c.shaded([*shore, (WIDTH + 40, HEIGHT + 4), (-20, HEIGHT + 4)], (darker(p.ground, 0.05), lighter(p.ground, 0.2)))
    for x, size in ((130, 660), (1510, 600)):
        places.palm(c, x, 960, size, p.leaf, (140, 104, 74))
    if arch:
        for x in (580, 1020):
            c.block(x - 9, 300, 18, 640, mix(p.metal, (130, 96, 66), 0.4), 8)
        c.block(556, 292, 488, 18, mix(p.metal, (130, 96, 66), 0.4), 8)
        for side in (-1, 1):
            for k in range(6):
                c.stroke(curve([(800 + side * 20, 304), (800 + side * (170 + k * 6), 420), (800 + side * (196 + k * 7), 930)], 24), (255, 255, 255), 16, 0.45)
        flora.garland(c, curve([(565, 560), (560, 270), (720, 290), (930, 300)], 40), 70, p.accents, p.leaf, flora.peony)
        flora.cluster(c, 1016, 900, 80, p.accents, p.leaf, flora.peony, 12)
        for k in range(5):
            for side in (-1, 1):
                x, y = 800 + side * (100 + k * 56), 920 + k * 34
                lights.candle(c, x, y, 26 + k * 4, 46 + k * 6, p.light)
    if umbrellas:
        for x, foot, size, k in ((430, 960, 330, 2), (820, 930, 260, 0), (1180, 980, 360, 4)):
            _umbrella(c, x, foot, size, p.accents[k % len(p.accents)], p)


def _umbrella(c: Canvas, x: float, foot: float, size: float, fill: tuple[int, int, int], p: Palette) -> None:
    c.shadow(oval(x + 60, foot + 10, size * 0.5, 20), 12, 0.3)
    c.stroke([(x + size * 0.12, foot), (x, foot - size)], (240, 240, 240), 9)
    half, top = size * 0.62, foot - size
    for k in range(6):
        left, right = -1 + k / 3, -1 + (k + 1) / 3
        rim = [(x + half * (left + (right - left) * t), top + half * 0.5 + 14 * math.sin(math.pi * t)) for t in (s / 8 for s in range(9))]
        crown = curve([(x + half * right, top + half * 0.5), (x + half * right * 0.8, top), (x, top - half * 0.1)], 10)
        back = curve([(x, top - half * 0.1), (x + half * left * 0.8, top), (x + half * left, top + half * 0.5)], 10)
        tone = fill if k % 2 else (255, 255, 255)
        c.shaded(rim + crown + back, (lighter(tone, 0.1), darker(tone, 0.08)))
    towel = [(x + size * 0.4, foot - 20), (x + size * 0.95, foot - 30), (x + size * 1.1, foot + 34), (x + size * 0.5, foot + 44)]
    c.shaded(towel, (p.accents[1], lighter(p.accents[1], 0.4)))


def autumn(c: Canvas, p: Palette, spooky: bool = False) -> None:
    """Heap pumpkins under turning trees, carved and moonlit if spooky."""
    c.backdrop(*p.sky, bottom=820)
    if spooky:
        lights.stars(c, 120, 500, p.light)
        lights.moon(c, 1120, 250, 140, (255, 232, 176), p.sky[0])
        for k in range(8):
            _bat(c, c.random.uniform(200, 1450), c.random.uniform(90, 480), c.random.uniform(26, 54), p.dark)
    else:
        c.glow(1180, 240, 660, (255, 240, 200), 0.7)
    for base, high, share in ((720, 210, 0.5), (800, 140, 0.25)):
        places.hills(c, base, high, mix(p.ground, p.sky[-1], share))
    crown = [p.accents[0], p.accents[1], p.accents[3]] if not spooky else [mix(p.sky[0], p.sky[1], 0.3), mix(p.sky[0], p.sky[1], 0.5)]
    for x, size in ((90, 760), (1500, 820), (360, 420), (1250, 400)):
        places.tree(c, x, 870, size, crown, (84, 56, 44))
    c.shaded([(-5, 830), (WIDTH + 5, 820), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)], (p.ground, darker(p.ground, 0.25)))
    for _ in range(120):
        x, y = c.random.uniform(0, WIDTH), c.random.uniform(840 if spooky else 120, HEIGHT)
        flora.leaf(c, x, y, c.random.uniform(18, 34), c.random.uniform(0, math.tau), c.random.choice(p.accents[:4] if not spooky else crown), 0.55)
    for x, y, size in ((560, 870, 100), (1050, 880, 110), (800, 900, 150), (420, 960, 120), (1210, 965, 130), (640, 985, 90), (960, 990, 84)):
        pumpkin(c, x, y, size, mix(p.accents[0], (222, 92, 28), c.random.random() * 0.6), p.leaf, spooky)
    if not spooky:
        flora.cluster(c, 250, 1000, 100, p.accents, p.leaf, flora.sunflower, 8)
        flora.cluster(c, 1400, 1000, 100, p.accents, p.leaf, flora.sunflower, 8)
    else:
        for x, high in ((270, 130), (330, 90), (1350, 120), (1410, 80)):
            lights.candle(c, x, 1020, 34, high, p.light)


def pumpkin(c: Canvas, x: float, y: float, radius: float, fill: tuple[int, int, int], stem: tuple[int, int, int], carved: bool = False) -> None:
    """Draw a ribbed pumpkin; a carved one glows."""
    c.shadow(oval(x + 8, y + radius * 0.74, radius * 1.1, radius * 0.16), 9, 0.4)
    c.shaded(petal(x, y - radius * 0.6, radius * 0.5, radius * 0.26, -1.3, 0.6), (lighter(stem, 0.1), darker(stem, 0.2)))
    for at, wide in ((-0.66, 0.42), (0.66, 0.42), (-0.36, 0.44), (0.36, 0.44), (0.0, 0.42)):
        tone = mix(fill, darker(fill, 0.3), abs(at))
        c.shaded(oval(x + at * radius, y, radius * wide, radius * (0.78 - abs(at) * 0.12)), (lighter(tone, 0.22), tone, tone, darker(tone, 0.2)))
    if carved:
        light = (255, 224, 130)
        c.glow(x, y, radius * 1.5, light, 0.4)
        for side in (-1, 1):
            c.shape([(x + side * radius * 0.4, y - radius * 0.3), (x + side * radius * 0.2, y - radius * 0.02), (x + side * radius * 0.56, y - radius * 0.02)], light)
        smile = [(x + radius * 0.56 * math.cos(a), y + radius * 0.1 + radius * 0.4 * math.sin(a)) for a in (math.pi * k / 16 for k in range(17))]
        inner = [(x + radius * 0.5 * math.cos(a), y + radius * 0.1 + radius * (0.16 + 0.07 * (k % 2)) * math.sin(a)) for k, a in enumerate(math.pi * k / 16 for k in range(17))]
        c.shape(smile + inner[::-1], light)


def _bat(c: Canvas, x: float, y: float, size: float, ink: tuple[int, int, int]) -> None:
    c.shape(oval(x, y, size * 0.16, size * 0.28), ink)
    for side in (-1, 1):
        wing = curve([(x, y - size * 0.1), (x + side * size * 0.5, y - size * 0.7), (x + side * size, y - size * 0.2)], 10)
        for k in range(3):
            start, end = x + side * size * (1 - k / 3), x + side * size * (1 - (k + 1) / 3)
            wing += curve([(start, y - size * 0.2 + k * size * 0.12), ((start + end) / 2, y - size * 0.2), (end, y - size * 0.08 + k * size * 0.1)], 6)
        c.shape(wing, ink)


SCENES: dict[str, Any] = {
    "meadow": meadow,
    "picnic": picnic,
    "orchard": orchard,
    "winter": winter,
    "seaside": seaside,
    "autumn": autumn,
}
