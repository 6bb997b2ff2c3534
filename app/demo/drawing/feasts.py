"""Scenes that belong to one kind of feast."""

from __future__ import annotations

import math
from typing import Any

from app.demo.drawing import flora, lights, party, places
from app.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, Colour, Point, curve, darker, hanging, lighter, mix, oval, petal
from app.demo.drawing.nights import pagoda
from app.demo.drawing.palettes import Palette


def powder(c: Canvas, p: Palette) -> None:
    """Throw clouds of coloured powder over brass bowls."""
    c.backdrop((255, 255, 255), (253, 246, 240))
    for _ in range(26):
        x, y, tone = c.random.uniform(0, WIDTH), c.random.uniform(40, 760), c.random.choice(p.accents)
        for _ in range(7):
            c.glow(x + c.random.gauss(0, 90), y + c.random.gauss(0, 70), c.random.uniform(60, 190), tone, c.random.uniform(0.25, 0.5), 1.3)
        for _ in range(40):
            c.disc(x + c.random.gauss(0, 170), y + c.random.gauss(0, 150), c.random.uniform(1, 5), tone, 0.75)
    for index, (x, y, size) in enumerate(((260, 860, 230), (620, 910, 270), (1010, 910, 270), (1370, 860, 230))):
        tone = p.accents[index % len(p.accents)]
        c.shadow(oval(x, y + size * 0.5, size * 0.5, 22), 14, 0.35)
        heap = curve([(x - size * 0.5, y), (x - size * 0.2, y - size * 0.5), (x + size * 0.1, y - size * 0.62), (x + size * 0.5, y)], 20)
        c.shaded(heap, (lighter(tone, 0.2), tone, tone, darker(tone, 0.12)))
        bowl = curve([(x - size * 0.56, y), (x - size * 0.44, y + size * 0.66), (x + size * 0.44, y + size * 0.66), (x + size * 0.56, y)], 24)
        c.shaded(bowl, (lighter(p.metal, 0.35), p.metal, darker(p.metal, 0.15), darker(p.metal, 0.4)))
        c.stroke([(x - size * 0.56, y), (x + size * 0.56, y)], lighter(p.metal, 0.5), 9)
        for k in range(9):
            c.disc(x + (k - 4) * size * 0.1, y + size * 0.16 + size * 0.05 * (1 - ((k - 4) / 4) ** 2), size * 0.02, lighter(p.metal, 0.6))
    flora.string_of_flowers(c, hanging((-30, 0), (WIDTH + 30, 0), 90), 40, p.accents[:3])


def harvest_pot(c: Canvas, p: Palette) -> None:
    """Boil sweet rice over in a painted pot between sugar canes, on a kolam."""
    c.backdrop(*p.sky, bottom=800)
    c.glow(800, 420, 700, (255, 240, 180), 0.8)
    c.disc(800, 380, 230, (255, 226, 130), 0.85)
    places.hills(c, 820, 150, mix(p.leaf, p.sky[-1], 0.5), mix(p.leaf, p.sky[-1], 0.3))
    c.backdrop(mix(p.ground, p.accents[1], 0.3), darker(p.ground, 0.2), top=800)
    for x, lean in ((250, 60), (330, 30), (410, 90), (1190, -90), (1270, -30), (1350, -60)):
        for k in range(9):
            share, after = k / 9, (k + 0.9) / 9
            c.stroke([(x + lean * share, 980 - 860 * share), (x + lean * after, 980 - 860 * after)], mix(p.leaf, p.accents[0], 0.45), 20)
        for k in range(7):
            flora.leaf(c, x + lean, 120, c.random.uniform(190, 290), -math.pi / 2 + (k - 3) * 0.5, p.leaf, 0.13)
    party.mandala(c, 800, 960, 620, [p.light, *p.accents[:3]], 6, 18, 0.2)
    _clay_pot(c, 800, 940, 330, p)
    for x in (480, 1120):
        lights.diya(c, x, 960, 120, p.accents[1], p.metal)
    flora.string_of_flowers(c, hanging((-30, -10), (WIDTH + 30, -10), 110), 42, p.accents[:3])


def _clay_pot(c: Canvas, x: float, foot: float, size: float, p: Palette) -> None:
    clay = mix(p.accents[1], (150, 70, 30), 0.5)
    c.shadow(oval(x, foot, size * 0.5, 26), 14, 0.4)
    for dx, r in ((-0.22, 0.17), (0.0, 0.24), (0.22, 0.18), (-0.1, 0.2), (0.12, 0.2)):
        c.ball(x + dx * size, foot - size * 0.86, r * size * 0.8, (255, 250, 236))
    for dx, drop in ((-0.26, 0.24), (0.1, 0.16), (0.25, 0.3)):
        c.shape(petal(x + dx * size, foot - size * 0.9, size * drop * 1.6, size * 0.12, math.pi / 2, 0.6), (255, 250, 236))
    body = curve([(x - size * 0.3, foot - size * 0.78), (x - size * 0.86, foot - size * 0.5), (x - size * 0.5, foot), (x, foot)], 24)
    body += [(2 * x - px, py) for px, py in reversed(body)]
    c.shaded(body, (lighter(clay, 0.3), clay, darker(clay, 0.1), darker(clay, 0.4)))
    c.block(x - size * 0.36, foot - size * 0.84, size * 0.72, size * 0.1, lighter(clay, 0.15), 12)
    for k in range(11):
        place = (k - 5) / 5.4
        px, py = x + place * size * 0.5, foot - size * 0.42 + size * 0.06 * (1 - place**2)
        c.shape([(px, py - 20), (px + 17, py), (px, py + 20), (px - 17, py)], p.light)
        c.disc(px, py, 6, p.accents[0])
    for k in range(9):
        place = (k - 4) / 4
        flora.marigold(c, x + place * size * 0.4, foot - size * 0.72 + size * 0.07 * (1 - place**2), 22, p.accents[k % 2])


def thread(c: Canvas, p: Palette) -> None:
    """Lay a rakhi with its threads on a tray with sweets, rice and a lamp."""
    c.backdrop(*p.sky)
    c.glow(560, 300, 900, (255, 255, 255), 0.4)
    flora.wreath(c, 800, 540, 610, p.accents[:3], p.leaf, flora.marigold, 66)
    party.plate(c, 800, 540, 430, p.metal, mix(p.metal, p.light, 0.6))
    for side in (-1, 1):
        for k in range(4):
            line = curve([(800, 520), (800 + side * 190, 470 + k * 12), (800 + side * 300, 600 + k * 20), (800 + side * 560, 500 + k * 22)], 40)
            c.stroke(line, (p.accents[3], p.metal, p.accents[0], p.accents[3])[k], 6)
        flora.marigold(c, 800 + side * 330, 545, 20, p.accents[0])
        c.ball(800 + side * 250, 530, 16, p.light)
    party.mandala(c, 800, 520, 150, [p.accents[3], p.metal, p.accents[1], p.accents[0]], 5, 14)
    c.ball(800, 520, 26, p.accents[3])
    for k in range(5):
        x, y = 650 + k * 75, 790 + 26 * (1 - ((k - 2) / 2) ** 2)
        c.ball(x, y, 44, mix(p.accents[0], (255, 214, 130), 0.45))
        c.shape(petal(x - 12, y - 14, 26, 11, 0.3), (110, 160, 80))
    lights.diya(c, 800, 270, 130, p.accents[1], p.metal)


def kites(c: Canvas, p: Palette, peaks: bool = True) -> None:
    """Fly paper kites before snow peaks, with marigolds below."""
    c.backdrop(*p.sky, bottom=900)
    places.clouds(c, 5, 90, 420)
    if peaks:
        for x, high, wide in ((250, 420, 520), (700, 560, 640), (1180, 470, 560), (1520, 380, 480)):
            rock = mix(p.accents[4 % len(p.accents)], (120, 130, 165), 0.75)
            tip = (x, 860.0 - high)
            c.shaded([tip, (x + wide / 2, 860), (x - wide / 2, 860)], (lighter(rock, 0.3), lighter(rock, 0.5)))
            c.shape([tip, (x + wide / 2, 860), (x + wide * 0.08, 860)], darker(rock, 0.1), 0.35)
            cap: list[Point] = [tip]
            cap += [(x + wide * (0.17 - 0.34 * k / 8), 860 - high * (0.66 + 0.09 * (k % 2))) for k in range(9)]
            c.shape(cap, (255, 255, 255), 0.95)
    for base, high, share in ((860, 130, 0.4), (930, 110, 0.1)):
        places.hills(c, base, high, mix(p.leaf, p.sky[-1], share), mix(p.leaf, p.sky[-1], share * 0.6))
    for index, (x, y, size) in enumerate(((420, 240, 120), (820, 170, 92), (1180, 300, 130), (640, 430, 74), (1420, 160, 80), (190, 430, 70), (980, 470, 60))):
        _kite(c, x, y, size, p.accents[index % len(p.accents)], p.accents[(index + 2) % len(p.accents)], (800 + (index - 3) * 60, 1060))
    for k in range(70):
        x = WIDTH * k / 69
        flora.leaf(c, x, 1040, 70, -1.2 - c.random.random(), p.leaf)
        flora.marigold(c, x, 1010 + c.random.uniform(-26, 36), c.random.uniform(20, 38), p.accents[k % 3])


def _kite(c: Canvas, x: float, y: float, size: float, first: Colour, second: Colour, hand: Point) -> None:
    turn = c.random.uniform(-0.35, 0.35)

    def place(dx: float, dy: float) -> Point:
        return x + size * (dx * math.cos(turn) - dy * math.sin(turn)), y + size * (dx * math.sin(turn) + dy * math.cos(turn))

    c.stroke(curve([(x, y), ((x + hand[0]) / 2, y + 300), hand], 30), (110, 110, 130), 1.3, 0.55)
    top, right, foot, left, mid = place(0, -1), place(0.78, -0.1), place(0, 1), place(-0.78, -0.1), place(0, -0.1)
    for corners, tone in (((top, right, mid), first), ((right, foot, mid), second), ((foot, left, mid), first), ((left, top, mid), second)):
        c.shaded(corners, (lighter(tone, 0.1), darker(tone, 0.06)))
    tail = [place(0.14 * math.sin(t * 1.4), 1 + t * 0.2) for t in range(9)]
    c.stroke(tail, first, 3)
    for k in (3, 5, 7):
        for side in (-0.5, 0.5):
            c.shape(petal(*tail[k], size * 0.22, size * 0.14, math.pi / 2 - side * 2.4), second)


def spring_table(c: Canvas, p: Palette) -> None:
    """Lay a spring table: sprouts with a ribbon, hyacinths, painted eggs, goldfish, mirror, candles."""
    c.backdrop(*p.sky, bottom=800)
    c.glow(420, 220, 900, (255, 255, 255), 0.6)
    party.arch_panel(c, 800, 830, 400, 640, lighter(p.accents[4], 0.45), p.metal)
    c.shaded(party.arch_outline(800, 826, 330, 580), (lighter(p.accents[4], 0.8), lighter(p.accents[4], 0.5)))
    c.shaded([(-5, 800), (WIDTH + 5, 800), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)], (lighter(p.accents[0], 0.55), lighter(p.accents[0], 0.75)))
    for k in range(17):
        c.shape(petal(k * 100, 1000, 60, 44, -math.pi / 2), p.metal, 0.5)
        c.shape(petal(k * 100, 1010, 60, 44, math.pi / 2), p.accents[4], 0.5)
    for x, tone in ((250, p.accents[3]), (350, p.accents[0]), (1290, p.accents[3]), (1390, p.accents[0])):
        _hyacinth(c, x, 900, tone, p)
    for k in range(90):
        x = 690 + 220 * k / 89
        c.stroke(curve([(x, 880), (x + (x - 800) * 0.1, 800), (x + (x - 800) * 0.3, 740 + c.random.uniform(0, 40))], 8), mix(p.leaf, lighter(p.leaf, 0.4), c.random.random()), 4)
    c.shaded([(680, 868), (920, 868), (890, 950), (710, 950)], (lighter(p.light, 0.2), p.accents[4]))
    c.block(676, 830, 248, 22, p.accents[0], 8)
    for side in (-1, 1):
        c.shaded(petal(800, 841, 74, 46, math.pi / 2 - side * 1.15, 1.3), (lighter(p.accents[0], 0.1), darker(p.accents[0], 0.15)))
    c.glow(1090, 860, 150, (255, 255, 255), 0.5)
    c.shaded(oval(1090, 870, 110, 94), ((236, 248, 255), (176, 220, 240)), 0.85)
    c.shape(oval(1090, 812, 76, 18), (255, 255, 255), 0.8)
    for x, y, way in ((1062, 880, 0.0), (1122, 902, math.pi)):
        c.shape(petal(x - 20 * math.cos(way), y, 34, 30, way + math.pi, 1.6), (255, 120, 60))
        c.shape(oval(x, y, 26, 13), (255, 140, 60))
    for k, (x, y) in enumerate(((480, 950), (545, 962), (610, 950), (512, 915), (578, 915))):
        egg(c, x, y, 32, p.accents[k % len(p.accents)], p.light)
    for x, high in ((440, 190), (1190, 210)):
        lights.candle(c, x, 870, 34, high, p.light)
    flora.garland(c, [(-30, 30), (500, 60), (1100, 40), (WIDTH + 30, 70)], 56, p.accents, p.leaf, flora.blossom)


def _hyacinth(c: Canvas, x: float, foot: float, tone: Colour, p: Palette) -> None:
    for k in range(6):
        flora.leaf(c, x, foot, 180, -math.pi / 2 + (k - 2.5) * 0.2, p.leaf, 0.16)
    for row in range(13):
        for k in range(-2, 3):
            flora.blossom(c, x + k * 15 * (1 - row * 0.045), foot - 120 - row * 15 + abs(k) * 4, 14, lighter(tone, c.random.uniform(0, 0.3)))
    c.shaded([(x - 52, foot - 10), (x + 52, foot - 10), (x + 38, foot + 74), (x - 38, foot + 74)], (p.metal, darker(p.metal, 0.3)))


def egg(c: Canvas, x: float, y: float, radius: float, fill: Colour, trim: Colour) -> None:
    """Paint an egg with bands and dots."""
    outline = [(x + radius * math.cos(a) * (1 - 0.14 * -math.sin(a)), y + radius * 1.3 * math.sin(a)) for a in (math.tau * k / 48 for k in range(48))]
    c.shadow(oval(x + 4, y + radius * 1.2, radius * 0.8, radius * 0.2), 6, 0.35)
    c.shaded(outline, (lighter(fill, 0.3), fill, fill, darker(fill, 0.2)))
    for at in (-0.42, 0.0, 0.42):
        for k in range(-3, 4):
            half = radius * 0.9 * math.sqrt(max(0, 1 - at * at))
            px, py = x + k / 3.4 * half, y + at * radius * 1.2 + 3 * (1 - (k / 3) ** 2)
            if at:
                c.disc(px, py, radius * 0.08, trim)
            else:
                c.shape(petal(px, py + radius * 0.16, radius * 0.34, radius * 0.2, -math.pi / 2), trim)


def eggs(c: Canvas, p: Palette) -> None:
    """Nest painted eggs in spring grass among tulips and blossom branches."""
    c.backdrop(*p.sky, bottom=820)
    c.glow(400, 180, 800, (255, 255, 255), 0.7)
    places.clouds(c, 5)
    places.hills(c, 800, 170, mix(p.ground, p.sky[-1], 0.4), p.ground)
    for path in (curve([(-30, 60), (300, 150), (620, 110)], 30), curve([(WIDTH + 30, 40), (1300, 170), (980, 120)], 30)):
        c.stroke(path, (134, 100, 84), 10)
        for x, y in path:
            flora.blossom(c, x + c.random.uniform(-34, 34), y + c.random.uniform(-34, 34), c.random.uniform(18, 32), p.accents[c.random.randrange(2)])
    for k in range(16):
        x = 60 + k * 100 + c.random.uniform(-20, 20)
        if 470 < x < 1130:
            continue
        y = c.random.uniform(700, 790)
        c.stroke([(x, 1000), (x, y)], p.leaf, 8)
        flora.leaf(c, x, 980, 200, -1.9, p.leaf, 0.22)
        flora.leaf(c, x, 980, 190, -1.25, p.leaf, 0.22)
        flora.tulip(c, x, y - 40, 52, p.accents[k % len(p.accents)])
    for k, (x, y, size) in enumerate(((650, 800, 82), (800, 780, 96), (950, 800, 82), (720, 850, 76), (880, 850, 76))):
        egg(c, x, y, size, p.accents[(k + 1) % len(p.accents)], p.light)
    for k in range(150):
        angle = math.pi * k / 149
        start = (800 - 330 * math.cos(angle), 880 + 80 * math.sin(angle))
        c.stroke([start, (start[0] + c.random.uniform(-150, 150), start[1] + c.random.uniform(-6, 70))], mix((176, 132, 88), (220, 184, 134), c.random.random()), 6)
    for k in range(240):
        x, tall = WIDTH * k / 239, c.random.uniform(60, 130)
        c.shape(petal(x, 1085, tall, 16, -math.pi / 2 + c.random.uniform(-0.35, 0.35)), mix(p.leaf, lighter(p.leaf, 0.35), c.random.random()))


def crowns(c: Canvas, p: Palette) -> None:
    """Set three crowns with gifts under a great star in the desert night."""
    c.backdrop(*p.sky, bottom=900)
    lights.stars(c, 210, 640, p.light)
    c.glow(800, 220, 420, p.light, 0.6)
    for reach, turn in ((250, 0.0), (130, math.pi / 4)):
        for k in range(4):
            c.shape(petal(800, 220, reach * (1.5 if k == 1 and not turn else 1), 26, turn + k * math.pi / 2, 0.7), p.light)
    c.disc(800, 220, 22, (255, 255, 255))
    for base, high, share in ((760, 150, 0.2), (850, 170, 0.5), (940, 120, 0.8)):
        places.hills(c, base, high, mix(p.sky[-1], p.ground, share), mix(p.sky[-1], p.ground, share + 0.2), 1.1)
    for x, size in ((90, 420), (1510, 460)):
        places.palm(c, x, 980, size, mix(p.leaf, p.sky[0], 0.4), mix((120, 84, 60), p.sky[0], 0.4))
    for k, x in enumerate((430, 800, 1170)):
        tone = p.accents[(0, 4, 1)[k] % len(p.accents)]
        c.glow(x, 760, 260, p.light, 0.3)
        party.plinth(c, x, 1000, 240, 150 + 40 * (k == 1), mix(p.sky[1], p.accents[2], 0.3))
        top = 1000 - 150 - 40 * (k == 1)
        c.shaded(oval(x, top - 26, 118, 36), (darker(tone, 0.2), darker(tone, 0.45)))
        _crown(c, x, top - 44, 190, p.metal, tone)
    for x, k in ((610, 0), (990, 3)):
        party.gift(c, x, 1030, 120, 96, p.accents[k], p.metal)


def _crown(c: Canvas, x: float, foot: float, width: float, metal: Colour, stone: Colour) -> None:
    half, high = width / 2, width * 0.78
    edge: list[Point] = [(x - half * 0.86, foot)]
    for k in range(5):
        tip = -1.1 + 0.55 * k
        edge.append((x + half * tip, foot - high * (0.86 if k % 2 else 1) * (1 if k != 2 else 1.12)))
        if k < 4:
            edge.append((x + half * (tip + 0.275) * 0.96, foot - high * 0.45))
    edge.append((x + half * 0.86, foot))
    c.shaded(edge, (lighter(metal, 0.45), metal, metal, darker(metal, 0.3)))
    for k in range(5):
        c.ball(edge[1 + 2 * k][0], edge[1 + 2 * k][1], width * 0.05, stone)
    c.block(x - half * 0.88, foot - high * 0.2, width * 0.88, high * 0.22, darker(metal, 0.1), 6)
    for k in range(-2, 3):
        c.ball(x + k * half * 0.36, foot - high * 0.09, width * 0.04, stone if k % 2 else (255, 255, 255))


def altar(c: Canvas, p: Palette) -> None:
    """Build steps of marigolds and candles with a painted sugar skull, under cut paper."""
    c.backdrop(*p.sky)
    c.glow(800, 560, 800, lights.WARM, 0.5)
    for row, (y, size) in enumerate(((24, 190), (150, 150))):
        party.cut_paper(c, hanging((-60, y), (WIDTH + 60, y), 60 + row * 30), p.accents[row:] + p.accents[:row], size, lighter(p.sky[0], 0.4))
    for step, (half, top) in enumerate(((360, 560), (560, 720), (760, 880))):
        c.shaded([(800 - half, top), (800 + half, top), (800 + half, HEIGHT + 5), (800 - half, HEIGHT + 5)], (p.accents[step], darker(p.accents[step], 0.2)))
        for k in range(round(half / 26)):
            x = 800 - half + 26 + k * (2 * half - 52) / (round(half / 26) - 1)
            flora.marigold(c, x, top + 10, 34, (245, 158, 11) if k % 2 else (249, 115, 22))
        for k in range(4 + step):
            x = 800 - half * 0.84 + k * half * 1.68 / (3 + step)
            if abs(x - 800) > 170 or step:
                lights.candle(c, x, top - 10, 26, c.random.uniform(60, 120), p.light)
    _sugar_skull(c, 800, 430, 150, p)
    for x in (350, 1250):
        flora.cluster(c, x, 680, 76, [(245, 158, 11), (249, 115, 22), p.accents[0]], p.leaf, flora.marigold, 12)
    places.bulbous_petals(c, [(245, 158, 11), (249, 115, 22), (251, 191, 36)], 60, 900, HEIGHT, 14)


def _sugar_skull(c: Canvas, x: float, y: float, size: float, p: Palette) -> None:
    bone, ink = (255, 253, 247), darker(p.dark, 0.3)
    c.glow(x, y, size * 1.9, (255, 255, 255), 0.5)
    c.shaded([(x - size * 0.52, y + size * 0.4), (x + size * 0.52, y + size * 0.4), (x + size * 0.42, y + size * 1.02), (x - size * 0.42, y + size * 1.02)], (bone, darker(bone, 0.08)))
    c.shaded(oval(x, y, size, size * 0.88, steps=64), (bone, bone, bone, darker(bone, 0.1)))
    for side in (-1, 1):
        ex, ey = x + side * size * 0.4, y + size * 0.08
        for k in range(12):
            angle = math.tau * k / 12
            c.disc(ex + size * 0.27 * math.cos(angle), ey + size * 0.27 * math.sin(angle), size * 0.085, p.accents[(0, 2)[k % 2]])
        c.disc(ex, ey, size * 0.25, ink)
        flora.daisy(c, ex, ey, size * 0.15, p.accents[1])
        for k in range(3):
            c.stroke(curve([(x + side * size * (0.72 + k * 0.06), y + size * (0.36 - k * 0.1)), (x + side * size * (0.86 + k * 0.03), y + size * (0.3 - k * 0.12))], 6), p.accents[3], 4)
    c.shape([(x, y + size * 0.3), (x + size * 0.12, y + size * 0.54), (x, y + size * 0.48), (x - size * 0.12, y + size * 0.54)], ink)
    c.stroke([(x - size * 0.36, y + size * 0.76), (x + size * 0.36, y + size * 0.76)], ink, 5)
    for k in range(-3, 4):
        c.stroke([(x + k * size * 0.1, y + size * 0.67), (x + k * size * 0.1, y + size * 0.85)], ink, 4)
    flora.peony(c, x, y - size * 0.48, size * 0.24, p.accents[0])
    for k, dx in enumerate((-0.5, 0.5, -0.3, 0.3)):
        flora.leaf(c, x + dx * size * 0.6, y - size * 0.5, size * 0.26, math.pi if dx < 0 else 0, p.accents[2])
        c.disc(x + dx * size, y - size * (0.62 if k > 1 else 0.4), size * 0.05, p.accents[3])


def masks(c: Canvas, p: Palette) -> None:
    """Show a feathered carnival mask among ribbons, feathers and confetti."""
    c.backdrop(*p.sky)
    c.glow(800, 520, 820, p.accents[0], 0.35)
    lights.bokeh(c, p.accents, 60, size=52)
    for k in range(12):
        x = c.random.uniform(-40, WIDTH)
        c.stroke([(x + 40 * math.sin(t / 3 + k), -20 + t * 18) for t in range(c.random.randrange(14, 34))], p.accents[k % len(p.accents)], 7, 0.9)
    for layer in range(3):
        for k in range(15):
            angle = -math.pi / 2 + (k - 7) * 0.19
            reach = (470 - layer * 90) * (1 - 0.018 * abs(k - 7))
            tone = p.accents[(k + layer) % len(p.accents)]
            x, y = 800 + (k - 7) * 36, 500.0
            c.shape(petal(x, y, reach, 70 - layer * 8, angle, 1.3), darker(tone, 0.12))
            c.shape(petal(x, y, reach * 0.95, 46 - layer * 6, angle, 1.3), lighter(tone, 0.12))
            c.stroke([(x, y), (x + reach * 0.9 * math.cos(angle), y + reach * 0.9 * math.sin(angle))], lighter(tone, 0.55), 2, 0.8)
            tip = (x + reach * 0.8 * math.cos(angle), y + reach * 0.8 * math.sin(angle))
            if layer == 0:
                c.disc(*tip, 19, p.metal)
                c.disc(*tip, 11, p.accents[(k + 2) % len(p.accents)])
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
            c.stroke([(800 + sign * (290 - k * 40 + 22 * math.cos(t / 3)), 690 - k * 6 + 22 * math.sin(t / 3)) for t in range(16)], p.metal, 3.4)
    c.ball(800, 470, 40, p.accents[2])
    c.ring(800, 470, 46, p.metal, 8)
    party.confetti(c, p.accents, 240, 0, HEIGHT, 11)


def moonrise(c: Canvas, p: Palette) -> None:
    """Let a huge moon rise behind tiled roofs, persimmons and silver grass."""
    c.backdrop(*p.sky)
    lights.stars(c, 120, 600, p.light)
    lights.moon(c, 860, 430, 300, p.light, p.sky[-1])
    places.clouds(c, 4, 420, 600, p.light, 0.12)
    places.hills(c, 850, 230, mix(p.sky[-1], p.sky[0], 0.3), mix(p.sky[-1], p.sky[0], 0.5))
    for x, wide in ((1180, 420), (560, 300)):
        pagoda(c, x, 940, wide, 1, darker(p.ground, 0.05), mix(p.sky[0], p.sky[1], 0.5), lights.WARM)
    places.hills(c, 1000, 90, darker(p.ground, 0.1), darker(p.ground, 0.4))
    branch = curve([(-30, 190), (260, 170), (520, 330)], 30)
    c.stroke(branch, darker(p.ground, 0.4), 13)
    for k, (x, y) in enumerate(branch[3::4]):
        flora.leaf(c, x, y, 84, c.random.uniform(0.4, 2.4), mix(p.accents[0], p.accents[1], c.random.random()))
        c.ball(x + c.random.uniform(-16, 16), y + 58 + 14 * (k % 3), 36, (245, 124, 40), 0.92)
    for k in range(60):
        x = c.random.choice((c.random.uniform(0, 480), c.random.uniform(1150, WIDTH)))
        flora.plume(c, x, 1075, c.random.uniform(180, 340), -math.pi / 2 + c.random.uniform(-0.3, 0.3), mix(p.light, p.metal, 0.4)) if k % 3 == 0 else c.stroke(
            curve([(x, 1070), (x + 10, 900), (x + c.random.uniform(-60, 90), 820)], 10), mix(p.leaf, p.light, 0.3), 3)


def blossoms(c: Canvas, p: Palette, carp: bool = False, lanterns: bool = False, heart: str = "pink") -> None:
    """Bend flowering branches into a spring sky, with carp streamers or lanterns."""
    c.backdrop(*p.sky)
    c.glow(1100, 260, 700, (255, 255, 255), 0.7)
    places.clouds(c, 5, 120, 500)
    for base, high, share in ((960, 200, 0.5), (1040, 150, 0.2)):
        places.hills(c, base, high, mix(p.leaf, p.sky[-1], share), mix(p.leaf, p.sky[-1], share))
    if carp:
        c.block(1086, 80, 16, 1000, (190, 150, 110), 6)
        c.ball(1094, 76, 24, p.metal)
        for k, (y, size) in enumerate(((130, 1.0), (330, 0.86), (510, 0.72), (660, 0.56))):
            _carp(c, 1094, y, 480 * size, 118 * size, (darker(p.accents[3], 0.35), p.accents[2], p.accents[3], p.accents[4])[k])
    if lanterns:
        for x, y, size in ((1060, 360, 92), (1290, 240, 116), (1470, 500, 80), (880, 560, 60)):
            lights.paper_lantern(c, x, y, size, p.accents[2], p.metal, -10)
    tone = p.accents[:2] if heart == "pink" else (p.accents[4], lighter(p.accents[4], 0.4))
    for path, width in ((curve([(-40, 420), (260, 300), (560, 210), (820, 60)], 46), 24), (curve([(180, 330), (420, 420), (640, 430)], 30), 14), (curve([(-40, 820), (160, 700), (420, 690)], 30), 15), (curve([(420, 250), (600, 120), (640, 10)], 20), 11)):
        c.stroke(path, (104, 76, 70), width)
        for x, y in path[4:]:
            for _ in range(3):
                px, py = x + c.random.gauss(0, 44), y + c.random.gauss(0, 40)
                flora.blossom(c, px, py, c.random.uniform(16, 34), c.random.choice(tone))
            if c.random.random() < 0.4:
                flora.leaf(c, x, y, 46, c.random.uniform(0, math.tau), lighter(p.leaf, 0.2))
    places.bulbous_petals(c, list(tone), 60, 120, HEIGHT, 13)


def _carp(c: Canvas, x: float, y: float, length: float, height: float, fill: Colour) -> None:
    wave = [height * 0.16 * math.sin(k / 24 * 5) for k in range(25)]
    top = [(x - length * k / 24, y + wave[k] - height * 0.5 * (1 - 0.45 * k / 24)) for k in range(25)]
    low = [(x - length * k / 24, y + wave[k] + height * 0.5 * (1 - 0.45 * k / 24)) for k in range(25)]
    fork = [(x - length * 1.16, y + wave[24] - height * 0.46), (x - length * 1.06, y + wave[24]), (x - length * 1.16, y + wave[24] + height * 0.46)]
    c.shaded([*top, *fork, *low[::-1]], (lighter(fill, 0.2), darker(fill, 0.14)))
    c.shape([*top[:4], *low[:4][::-1]], (255, 255, 255))
    for row in range(7):
        at = 7 + row * 2
        cx, half = x - length * at / 24, height * 0.46 * (1 - 0.45 * at / 24)
        for k in range(-1, 2):
            c.shape(petal(cx + 12, y + wave[at] + k * half * 0.62, -height * 0.26, half * 0.56, 0), lighter(fill, 0.5 if (row + k) % 2 else 0.75), 0.8)
    c.disc(x - length * 0.07, y + wave[2] - height * 0.12, height * 0.15, (255, 255, 255))
    c.ring(x - length * 0.07, y + wave[2] - height * 0.12, height * 0.15, fill, 3)
    c.disc(x - length * 0.07, y + wave[2] - height * 0.12, height * 0.08, (30, 24, 40))


def water_bowl(c: Canvas, p: Palette) -> None:
    """Look down on a silver bowl of scented water with floating flowers and splashes."""
    c.backdrop(*p.sky)
    for k in range(7):
        c.ring(800, 533, 330 + k * 90, (255, 255, 255), 5, 0.4 - k * 0.045)
    for k in range(130):
        angle, at = c.random.uniform(0, math.tau), c.random.uniform(430, 900)
        x, y, size = 800 + at * math.cos(angle), 533 + at * math.sin(angle) * 0.8, c.random.uniform(4, 17)
        c.shaded(petal(x, y, size * 2.6, size * 1.3, angle, 1.6), ((255, 255, 255), lighter(p.accents[0], 0.3)), 0.8)
    party.plate(c, 800, 533, 400, (206, 212, 224), (236, 240, 248))
    for k in range(40):
        angle = math.tau * k / 40
        c.shape(petal(800 + 338 * math.cos(angle), 533 + 338 * math.sin(angle), 50, 44, angle, 1.3), (186, 194, 212))
        c.shape(petal(800 + 342 * math.cos(angle), 533 + 342 * math.sin(angle), 34, 24, angle, 1.3), (242, 246, 252))
    c.shaded(oval(800, 533, 326, 326, steps=90), (lighter(p.accents[0], 0.35), p.accents[0], p.accents[0], darker(p.accents[0], 0.18)))
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


def clovers(c: Canvas, p: Palette) -> None:
    """Fill a meadow with clover under a rainbow and bunting."""
    c.backdrop((206, 232, 246), (238, 248, 240), bottom=760)
    c.glow(400, 240, 700, (255, 255, 255), 0.6)
    for k, tone in enumerate(((239, 110, 110), (247, 168, 92), (250, 220, 110), (126, 200, 130), (112, 170, 232), (160, 132, 220))):
        ring = [(800 + (690 - k * 30) * math.cos(a), 900 - (690 - k * 30) * math.sin(a)) for a in (math.pi * s / 60 for s in range(61))]
        c.stroke(ring, mix(tone, (232, 244, 244), 0.45), 32)
    places.clouds(c, 5, 180, 420)
    for base, high, share in ((730, 170, 0.4), (800, 120, 0.15)):
        places.hills(c, base, high, mix(p.leaf, p.sky[-1], share), mix(p.leaf, p.sky[-1], share * 0.5))
    c.backdrop(p.leaf, darker(p.leaf, 0.35), top=800)
    party.bunting(c, hanging((-40, 30), (WIDTH + 40, 30), 130), [p.accents[0], (255, 255, 255), (255, 150, 50)], 58)
    for k in range(150):
        depth = (k / 150) ** 0.8
        clover(c, c.random.uniform(-10, WIDTH + 10), 790 + 290 * depth, 16 + 46 * depth, mix(p.accents[0], p.accents[1], c.random.random()))


def clover(c: Canvas, x: float, y: float, size: float, fill: Colour) -> None:
    """Draw a three-leaved clover."""
    c.stroke(curve([(x, y), (x + size * 0.2, y + size * 0.7), (x + size * 0.1, y + size * 1.3)], 8), darker(fill, 0.25), size * 0.09)
    for k in range(3):
        angle = -math.pi / 2 + k * math.tau / 3
        for side in (-0.34, 0.34):
            c.shape(petal(x, y, size * 0.95, size * 0.7, angle + side, 1.5), darker(fill, 0.16))
            c.shape(petal(x, y, size * 0.88, size * 0.6, angle + side, 1.5), fill)
        c.stroke([(x, y), (x + size * 0.7 * math.cos(angle), y + size * 0.7 * math.sin(angle))], lighter(fill, 0.45), size * 0.05, 0.8)


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
        party.balloon(c, 560 + n * 62, 650 + 40 * math.sin(n * 1.7), 40, (p.accents[0], p.accents[1], (255, 255, 255))[n % 3], (800, 790))
    for n in range(46):
        px, y = WIDTH * (n + 0.5) / 46, 985 + c.random.uniform(-24, 30)
        c.stroke([(px, 1080), (px, y)], p.leaf, 8)
        flora.leaf(c, px, 1080, 110, -1.9 + 0.7 * (n % 2), p.leaf, 0.26)
        flora.tulip(c, px, y - 30, 38, (p.accents[0], p.accents[1], p.accents[2])[n % 3])


def _gabled_house(c: Canvas, x: float, foot: float, wide: float, tall: float, brick: Colour, gable: int) -> None:
    top = foot - tall
    c.shaded([(x, top), (x + wide, top), (x + wide, foot), (x, foot)], (lighter(brick, 0.08), darker(brick, 0.12)))
    peak: list[Point]
    if gable == 0:
        peak = [(x + wide * f, top - wide * h) for f, h in ((0, 0), (0, 0.12), (0.18, 0.12), (0.18, 0.28), (0.34, 0.28), (0.34, 0.46), (0.66, 0.46), (0.66, 0.28), (0.82, 0.28), (0.82, 0.12), (1, 0.12), (1, 0))]
    elif gable == 1:
        peak = [(x, top), *curve([(x, top - 8), (x + wide * 0.36, top), (x + wide * 0.2, top - wide * 0.6), (x + wide * 0.5, top - wide * 0.6)], 14)]
        peak += [(2 * x + wide - px, py) for px, py in reversed(peak)]
    else:
        peak = [(x, top), (x + wide / 2, top - wide * 0.6), (x + wide, top)]
    c.shape(peak, brick)
    c.stroke(peak, (250, 244, 232), 6)
    for row in range(4):
        for k in range(3):
            wx, wy = x + wide * (0.1 + k * 0.29), top + 26 + row * (tall - 60) / 4
            c.block(wx - 4, wy - 4, wide * 0.22 + 8, tall * 0.15 + 8, (250, 246, 238))
            c.block(wx, wy, wide * 0.22, tall * 0.15, (88, 116, 142))
            c.shape([(wx, wy), (wx + wide * 0.22, wy), (wx, wy + tall * 0.15)], (255, 255, 255), 0.2)
            c.stroke([(wx + wide * 0.11, wy), (wx + wide * 0.11, wy + tall * 0.15)], (250, 246, 238), 3)


def menorah(c: Canvas, p: Palette) -> None:
    """Light a nine-branched candlestick at a window in the evening."""
    c.backdrop(*p.sky, bottom=860)
    lights.stars(c, 150, 700, p.light)
    lights.bokeh(c, [lights.WARM, *p.accents], 46, 80, 780, 50)
    c.glow(800, 380, 760, lights.WARM, 0.45)
    c.shaded([(-5, 860), (WIDTH + 5, 860), (WIDTH + 5, HEIGHT + 5), (-5, HEIGHT + 5)], (mix(p.sky[1], p.metal, 0.3), darker(p.sky[0], 0.2)))
    for width, ink in ((20, darker(p.metal, 0.3)), (13, p.metal), (4, lighter(p.metal, 0.55))):
        for k in range(1, 5):
            reach = k * 112
            c.stroke([(800 + reach * math.cos(a), 480 + reach * 0.86 * math.sin(a)) for a in (math.pi * s / 48 for s in range(49))], ink, width)
        c.stroke([(800, 430), (800, 940)], ink, width * 1.2)
    foot = curve([(800 - 210, 985), (800 - 60, 975), (800 - 26, 900)], 14)
    c.shadow(oval(800, 985, 230, 22), 14, 0.5)
    c.shaded(foot + [(1600 - x, y) for x, y in reversed(foot)], (lighter(p.metal, 0.3), darker(p.metal, 0.3)))
    for y in (600, 700, 800):
        c.ball(800, y, 22, p.metal)
    for k in range(-4, 5):
        x, top = 800 + k * 112, 480 if k else 428
        c.shaded([(x - 30, top - 14), (x + 30, top - 14), (x + 16, top + 16), (x - 16, top + 16)], (lighter(p.metal, 0.35), darker(p.metal, 0.2)))
        lights.candle(c, x, top - 14, 26, 130 if k else 160, p.accents[2] if k else p.light)
    for x, side in ((250, 1), (1330, -1)):
        for n in range(5):
            c.ball(x + side * n * 66 - 60, 990 - 20 * (n % 2), 38, (226, 160, 80), 0.8)
            c.disc(x + side * n * 66 - 60, 972 - 20 * (n % 2), 10, (196, 40, 70))
    for x in (120, 1480):
        lights.sparkle(c, x, 220, 90, p.light)


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
            outline = [(x + 100, 470 - half * 2.2), (x + 100 + half, 470), (x + 100, 470 + half * 2.2), (x + 100 - half, 470)]
            c.shape(outline, (ink, tones[0], (255, 255, 255), tones[1])[n])
        for n, half in enumerate((100, 78, 52, 26)):
            c.shape([(x + 100 - half, 850), (x + 100, 850 - half * 1.3), (x + 100 + half, 850)], (ink, tones[1], (255, 255, 255), tones[2])[n])
        for n in range(4):
            c.block(x + n * 50, 200 + (n % 2) * 18, 50, 26, tones[n % 3])
    for y in (190, 246, 700, 850):
        c.block(-5, y, WIDTH + 10, 12, ink)
    c.backdrop(p.ground, darker(p.ground, 0.2), top=862)
    for x, wide, high, k in ((330, 230, 250, 0), (620, 180, 190, 2), (1010, 200, 210, 3), (1290, 240, 260, 1)):
        _drum(c, x, 1010, wide, high, p.accents[k], p.light)
    party.bunting(c, hanging((-40, 20), (WIDTH + 40, 20), 110), p.accents, 54)
    party.confetti(c, p.accents, 70, 60, 860, 8)


def _drum(c: Canvas, x: float, foot: float, wide: float, high: float, fill: Colour, skin: Colour) -> None:
    half, top = wide / 2, foot - high
    c.shadow(oval(x, foot + 4, half, 26), 12, 0.45)
    side = curve([(x - half, top), (x - half * 0.78, foot - high * 0.4), (x - half * 0.6, foot)], 16)
    c.shaded(side + [(2 * x - px, py) for px, py in reversed(side)], (lighter(fill, 0.2), fill, fill, darker(fill, 0.35)))
    for k in range(9):
        place = -1 + k / 4
        c.stroke([(x + half * place, top + 8), (x + half * 0.75 * (place + 0.12), foot - high * 0.45), (x + half * place, top + 8)], skin, 3, 0.9)
        c.shape([(x + half * 0.66 * place, foot - 10), (x + half * 0.66 * place + 10, foot - 44), (x + half * 0.66 * place + 20, foot - 10)], skin, 0.8)
    c.shape(oval(x, top, half, half * 0.24), darker(skin, 0.25))
    c.shaded(oval(x, top - 4, half * 0.94, half * 0.21), (lighter(skin, 0.3), darker(skin, 0.06)))


def star_lake(c: Canvas, p: Palette) -> None:
    """Let a cluster of bright stars stand over a mountain lake before dawn."""
    c.backdrop(*p.sky, bottom=760)
    lights.stars(c, 320, 700, p.light)
    for k in range(60):
        t = k / 60
        c.glow(WIDTH * (0.1 + 0.8 * t) + c.random.gauss(0, 40), 560 - 460 * t + c.random.gauss(0, 50), c.random.uniform(60, 150), p.accents[2], 0.09)
    for x, y, size in ((760, 250, 58), (860, 190, 44), (900, 300, 50), (690, 340, 40), (820, 380, 42), (980, 220, 34), (970, 380, 36), (640, 220, 32), (740, 160, 30)):
        c.glow(x, y, size * 2.4, p.light, 0.5)
        lights.sparkle(c, x, y, size, (255, 255, 255))
    for base, high, share in ((760, 330, 0.35), (765, 220, 0.65), (768, 110, 0.9)):
        places.hills(c, base, high, mix(p.sky[-1], p.sky[0], share), mix(p.sky[-1], p.sky[0], share), 2.1)
    c.reflect(758, 0.6, p.sky[0])
    places.ripples(c, 764, p.light, 90, 0.16)
    for k in range(40):
        x = c.random.choice((c.random.uniform(-10, 380), c.random.uniform(1220, WIDTH)))
        for n in range(5):
            flora.leaf(c, x, 1090, c.random.uniform(160, 330), -math.pi / 2 + (n - 2) * 0.3, mix(darker(p.sky[0], 0.1), p.leaf, 0.35), 0.1)


SCENES: dict[str, Any] = {
    scene.__name__: scene
    for scene in (
        powder, harvest_pot, thread, kites, spring_table, eggs, crowns, altar, masks, moonrise, blossoms,
        water_bowl, clovers, canal, menorah, painted_wall, star_lake,
    )
}
