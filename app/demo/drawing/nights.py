"""Scenes after dark: lanterns, lamps, fireworks, moonlit domes, planets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.demo.drawing import flora, lights, party, places
from app.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, colour, curve, darker, hanging, lighter, mix, oval, petal
from app.demo.drawing.palettes import Palette


def lanterns(c: Canvas, p: Palette, bridge: bool = False) -> None:
    """Hang round paper lanterns at many depths over a lit street or a bridge."""
    c.backdrop(*p.sky)
    lights.stars(c, 90, 500, p.light)
    lights.moon(c, 1240, 210, 96, p.light, p.sky[0])
    lights.bokeh(c, p.accents, 36, 420, 980, 46)
    places.hills(c, 900, 230, mix(p.sky[1], p.sky[-1], 0.4), mix(p.sky[0], p.sky[-1], 0.3))
    for x, wide, floors in ((150, 340, 3), (1440, 380, 4), (760, 260, 2)):
        pagoda(c, x, 985, wide, floors, darker(p.ground, 0.1), p.accents[0], lights.WARM)
    c.backdrop(darker(p.ground, 0.1), p.ground, top=975)
    rows = ((0.42, 12, 40.0, 330.0), (0.68, 8, 62.0, 270.0), (1.0, 6, 96.0, 230.0))
    for depth, (share, count, radius, low) in enumerate(rows):
        cord = hanging((-60, -40 + depth * 10), (WIDTH + 60, -60 + depth * 24), low)
        c.stroke(cord, darker(p.ground, 0.3), 1.5 + depth)
        for k in range(count):
            x, y = cord[round((k + 0.5) / count * 60)]
            drop = c.random.uniform(20, 60) * share + radius * 0.9
            lights.paper_lantern(c, x, y + drop, radius, p.accents[(k + depth) % 4], p.metal, y)
    if bridge:
        blossoms = curve([(-20, 260), (220, 300), (420, 470)], 30)
        c.stroke(blossoms, darker(p.ground, 0.2), 9)
        for x, y in blossoms[::2]:
            flora.blossom(c, x + c.random.uniform(-36, 36), y + c.random.uniform(-36, 36), 24, lighter(p.accents[0], 0.7))


def pagoda(
    c: Canvas, x: float, foot: float, width: float, floors: int,
    wood: tuple[int, int, int], roof: tuple[int, int, int], window: tuple[int, int, int],
) -> None:
    """Raise a pagoda with lit windows and bent eaves."""
    for floor in range(floors):
        span, high = width * (1 - floor * 0.17), width * 0.26
        c.block(x - span * 0.36, foot - high, span * 0.72, high, wood)
        for k in range(-2, 3):
            c.block(x + k * span * 0.13 - span * 0.04, foot - high * 0.74, span * 0.08, high * 0.44, window, 3)
            c.glow(x + k * span * 0.13, foot - high * 0.5, span * 0.1, window, 0.4)
        top = foot - high - width * 0.13
        eave = curve([(x - span * 0.56, foot - high - width * 0.03), (x - span * 0.4, foot - high + 4), (x - span * 0.26, top + 4), (x - span * 0.22, top)], 14)
        eave += [(2 * x - px, py) for px, py in reversed(eave)]
        c.shaded(eave, (mix(roof, wood, 0.3), mix(roof, wood, 0.7)))
        foot = top + 4
    c.stroke([(x, foot), (x, foot - width * 0.2)], roof, 4)


def sky_lanterns(c: Canvas, p: Palette, water: bool = True) -> None:
    """Let lanterns rise over hills and a lake."""
    c.backdrop(*p.sky, bottom=800)
    lights.stars(c, 170, 620, p.light)
    c.glow(800, 800, 700, p.accents[-1], 0.4)
    places.hills(c, 800, 190, mix(p.sky[-1], p.sky[0], 0.45), p.sky[0], 1.3)
    places.hills(c, 810, 110, mix(p.sky[-1], p.sky[0], 0.75), darker(p.sky[0], 0.3), 2.3)
    for k in range(54):
        share = k / 54
        x, y = c.random.uniform(20, WIDTH - 20), 720 - 640 * c.random.random() ** 0.8 * (0.3 + 0.7 * share)
        lights.sky_lantern(c, x, y, 11 + 50 * share**2, 0.6 + 0.4 * share)
    if water:
        c.reflect(796, 0.55, darker(p.sky[0], 0.2))
        places.ripples(c, 800, lights.WARM, 90, 0.2)
    for x, y, size in ((250, 380, 92), (1330, 300, 112), (860, 560, 66)):
        lights.sky_lantern(c, x, y, size)


def floating_lights(c: Canvas, p: Palette) -> None:
    """Float candles in lotus blossoms on still water under the moon."""
    c.backdrop(*p.sky, bottom=470)
    lights.stars(c, 120, 400, p.light)
    lights.moon(c, 800, 210, 92, p.light, p.sky[0])
    places.hills(c, 480, 120, mix(p.sky[-1], p.sky[0], 0.6), darker(p.sky[0], 0.2))
    c.reflect(468, 0.6, p.sky[0])
    places.ripples(c, 470, p.light, 120, 0.2)
    for row in range(7):
        depth = row / 6
        for k in range(9 - row):
            x = (k + 0.5 + c.random.uniform(-0.22, 0.22)) * WIDTH / (9 - row)
            lotus_lamp(c, x, 506 + 470 * depth**1.25, 26 + 108 * depth**1.2, p.accents[(k + row) % 3], p.leaf)


def lotus_lamp(c: Canvas, x: float, y: float, size: float, bloom: tuple[int, int, int], leaf: tuple[int, int, int]) -> None:
    """Draw a lotus with a flame in it."""
    c.glow(x, y, size * 1.8, lights.FLAME, 0.4)
    c.shape(oval(x, y + size * 0.42, size * 0.95, size * 0.2), darker(leaf, 0.3), 0.9)
    c.shape(oval(x, y + size * 0.38, size * 0.88, size * 0.17), leaf)
    for layer, (count, reach, lift) in enumerate(((7, 1.0, 0.0), (5, 0.86, 0.14), (3, 0.66, 0.26))):
        fill = lighter(bloom, 0.12 + 0.2 * layer)
        for k in sorted(range(count), key=lambda place: -abs(place - (count - 1) / 2)):
            angle = -math.pi / 2 + (k - (count - 1) / 2) * 2.3 / max(1, count - 1)
            outline = petal(x, y + size * 0.42, size * reach * 0.96, size * 0.36, angle, 0.9)
            c.shaded(outline, (lighter(fill, 0.35), darker(fill, 0.1)))
    lights.flame(c, x, y - size * 0.12, size * 0.4)


def fireworks(c: Canvas, p: Palette, town: str = "town", flags: Sequence[str] = ()) -> None:
    """Light a sky over a town and its river."""
    c.backdrop(*p.sky, bottom=770)
    lights.stars(c, 120, 600, p.light)
    bursts = ((380, 300, 220), (1180, 260, 240), (790, 200, 190), (1450, 480, 120), (130, 520, 110), (620, 480, 120), (1000, 500, 100))
    for index, (x, y, radius) in enumerate(bursts):
        lights.firework(c, x, y, radius, p.accents[index % len(p.accents)], p.accents[(index + 1) % len(p.accents)])
    silhouette = darker(p.sky[0], 0.35)
    if town == "town":
        places.skyline(c, 770, mix(silhouette, p.sky[1], 0.25), lights.WARM, 200)
    elif town == "tower":
        places.skyline(c, 770, mix(silhouette, p.sky[1], 0.25), lights.WARM, 130)
        _iron_tower(c, 800, 772, 520, mix(p.metal, p.sky[0], 0.35))
    elif town == "domes":
        for x, wide in ((800, 250), (560, 140), (1040, 140), (380, 100), (1220, 100)):
            places.dome(c, x, 772, wide, silhouette, p.metal)
        for x in (250, 690, 910, 1350):
            places.minaret(c, x, 772, 360, silhouette, p.metal)
    else:
        places.hills(c, 780, 300, mix(silhouette, p.sky[1], 0.5), silhouette, 2.2)
        places.hills(c, 780, 120, silhouette, silhouette, 3.1)
    c.reflect(770, 0.5, darker(p.sky[0], 0.3))
    places.ripples(c, 774, p.light, 110, 0.2)
    if flags:
        party.bunting(c, hanging((-40, 20), (WIDTH + 40, 20), 120), [colour(name) for name in flags], 54)


def _iron_tower(c: Canvas, x: float, foot: float, height: float, metal: tuple[int, int, int]) -> None:
    c.glow(x, foot - height * 0.4, height * 0.5, lights.WARM, 0.35)
    for side in (-1, 1):
        legs = [(x + side * height * (0.018 + 0.19 * (1 - t) ** 2.4), foot - height * t) for t in (k / 24 for k in range(25))]
        c.stroke(legs, metal, 9)
        c.stroke([(px - side * height * 0.055 * (1 - k / 24) ** 1.4, py) for k, (px, py) in enumerate(legs)], metal, 6)
    for k in range(22):
        low, high = k / 24, (k + 1) / 24
        wide, narrow = (height * (0.018 + 0.19 * (1 - t) ** 2.4) for t in (low, high))
        c.stroke([(x - wide, foot - height * low), (x + narrow, foot - height * high)], metal, 2.2)
        c.stroke([(x + wide, foot - height * low), (x - narrow, foot - height * high)], metal, 2.2)
    for share, half in ((0.24, 0.135), (0.47, 0.075), (0.9, 0.03)):
        c.block(x - height * half, foot - height * share, height * half * 2, height * 0.024, lighter(metal, 0.2), 3)
    c.stroke([(x, foot - height), (x, foot - height * 1.1)], metal, 4)
    lights.sparkle(c, x, foot - height * 1.1, 30, lights.WARM)


def diyas(c: Canvas, p: Palette, garland: bool = True) -> None:
    """Line up lamps on a ledge before a rangoli and marigold strings."""
    c.backdrop(*p.sky)
    lights.bokeh(c, [*p.accents, lights.WARM], 90, 60, 720, 56)
    if garland:
        for k in range(4):
            flora.string_of_flowers(c, hanging((k * 400 - 4, -20), (k * 400 + 404, -20), 150), 42, p.accents[:3])
            x = k * 400.0
            flora.string_of_flowers(c, [(x, -10), (x, 300)], 38, p.accents[:3])
        flora.string_of_flowers(c, [(1600, -10), (1600, 300)], 38, p.accents[:3])
    c.backdrop(darker(p.sky[0], 0.1), mix(p.sky[1], p.sky[0], 0.3), top=700)
    c.glow(800, 760, 760, lights.FLAME, 0.3)
    party.mandala(c, 800, 880, 560, p.accents, 7, 18, 0.26)
    for row, (y, size, count) in enumerate(((690, 96, 9), (1010, 150, 6))):
        for k in range(count):
            x = (k + 0.5) * WIDTH / count
            lift = 14 * math.cos((k - (count - 1) / 2) * 0.5) * (1 if row else -1)
            lights.diya(c, x, y + lift, size, p.accents[(k + row) % 2], p.metal)
    lights.diya(c, 800, 850, 210, p.accents[0], p.metal)


def crescent(c: Canvas, p: Palette, hanging_lamps: bool = True, window: bool = False) -> None:
    """Show a crescent over domes, lanterns in front, or all of it through a pointed window."""
    c.backdrop(*p.sky)
    lights.stars(c, 170, 640, p.light)
    lights.moon(c, 1030, 300, 150, p.light, p.sky[0], crescent=True)
    far, near = mix(p.sky[-1], p.sky[0], 0.35), mix(p.sky[-1], p.sky[0], 0.72)
    for x, wide in ((300, 190), (520, 130), (1330, 210), (1120, 120)):
        places.dome(c, x, 940, wide, far, p.metal)
    for x in (170, 640, 1470):
        places.minaret(c, x, 960, 470, far, p.metal)
    places.dome(c, 850, 985, 330, near, p.metal)
    places.dome(c, 620, 985, 170, near, p.metal)
    places.dome(c, 1080, 985, 170, near, p.metal)
    for x in (480, 1230):
        places.minaret(c, x, 990, 620, near, p.metal)
    c.block(0, 960, WIDTH, HEIGHT - 960, darker(p.sky[0], 0.25))
    for x in range(40, WIDTH, 76):
        c.shape(party.arch_outline(x, 1050, 40, 70), lights.WARM, 0.75)
        c.glow(x, 1020, 46, lights.WARM, 0.4)
    if hanging_lamps:
        glass = [p.accents[k % len(p.accents)] for k in range(5)]
        for k, (x, y, size) in enumerate(((150, 300, 120), (360, 190, 84), (560, 360, 70), (1270, 470, 70), (1470, 290, 126))):
            lights.brass_lantern(c, x, y, size, p.metal, glass[k], -10)
    if window:
        _lattice_window(c, p)


def _lattice_window(c: Canvas, p: Palette) -> None:
    wall = darker(p.sky[0], 0.25)
    half, top, foot = 480.0, 60.0, HEIGHT + 20.0
    side = curve([(800 - half, foot), (800 - half, 480), (800 - half * 0.94, 210), (800 - 60, 120), (800, top)], 40)
    right = [(1600 - x, y) for x, y in side]
    c.shape([(-5, -5), (800, -5), (800, top), *side[::-1], (-5, foot)], wall)
    c.shape([(1605, -5), (800, -5), (800, top), *right[::-1], (1605, foot)], wall)
    for k in range(3):
        c.stroke([(x, y) for x, y in (side + right[::-1])], p.metal, 7 - 2 * k, 0.9 - 0.2 * k)
    for column in (0, 1, 2, 13, 14, 15):
        for row in range(11):
            x, y = 50 + column * 100, 50 + row * 100
            for turn in (0, math.pi / 4):
                points = [(x + 36 * math.cos(turn + k * math.pi / 2), y + 36 * math.sin(turn + k * math.pi / 2)) for k in range(5)]
                c.stroke(points, p.metal, 2.2, 0.75)
            c.disc(x, y, 6, p.metal, 0.8)


def courtyard(c: Canvas, p: Palette) -> None:
    """Look into a courtyard of pointed arches with brass lanterns, rugs and candles."""
    c.backdrop(*p.sky)
    c.glow(800, 380, 620, p.light, 0.55)
    wall = mix(p.ground, p.sky[-1], 0.35)
    for depth, (shade, half) in enumerate(((lighter(wall, 0.22), 300), (wall, 480), (darker(wall, 0.18), 690))):
        top = 250 - depth * 130
        side = curve([(800 - half, HEIGHT + 9), (800 - half, 520 - depth * 50), (800 - half * 1.12, 270 - depth * 60), (800 - half * 0.4, top + 40), (800, top)], 40)
        right = [(1600 - x, y) for x, y in side]
        c.shadow([(x, y) for x, y in side + right[::-1]], 1, 0.0)
        c.shape([(-5, -5), (800, -5), (800, top), *side[::-1], (-5, HEIGHT + 9)], shade)
        c.shape([(1605, -5), (800, -5), (800, top), *right[::-1], (1605, HEIGHT + 9)], shade)
        c.stroke(side + right[::-1], p.metal, 5 + depth)
        c.stroke([(x + (14 if x < 800 else -14), y + 12) for x, y in side + right[::-1]], lighter(p.metal, 0.3), 1.6, 0.7)
    floor = [(240, 900), (1360, 900), (1660, HEIGHT + 9), (-60, HEIGHT + 9)]
    c.shaded(floor, (darker(wall, 0.1), darker(wall, 0.32)))
    party.mandala(c, 800, 985, 520, p.accents, 6, 20, 0.17)
    for k, (x, y, size) in enumerate(((430, 330, 110), (1170, 330, 110), (800, 300, 150), (200, 260, 86), (1400, 260, 86))):
        lights.brass_lantern(c, x, y, size, p.metal, p.accents[(k + 1) % len(p.accents)], -10)
    for k, (x, high) in enumerate(((120, 120), (190, 80), (260, 150), (1340, 150), (1410, 80), (1480, 120))):
        lights.candle(c, x, 1010 + 10 * (k % 2), 42, high, p.light)
    for side in (330, 1270):
        flora.cluster(c, side, 985, 74, p.accents, p.leaf, flora.peony, 10)


def pavilion(c: Canvas, p: Palette) -> None:
    """Pitch an open tent hung with bulbs among dark trees."""
    c.backdrop(*p.sky, bottom=880)
    lights.stars(c, 200, 620, p.light)
    lights.moon(c, 1330, 170, 66, p.light, p.sky[0])
    c.backdrop(mix(p.sky[-1], p.ground, 0.6), darker(p.ground, 0.3), top=840)
    for x, size in ((60, 520), (250, 380), (1400, 400), (1560, 560)):
        places.tree(c, x, 890, size, [mix(p.leaf, p.sky[0], 0.45), mix(p.leaf, p.sky[0], 0.6)], darker(p.ground, 0.2))
    c.glow(800, 680, 560, lights.WARM, 0.55)
    roof = curve([(330, 520), (620, 440), (770, 250), (800, 190)], 20)
    roof += [(1600 - x, y) for x, y in reversed(roof)]
    c.shaded(roof, (lighter(p.light, 0.3), mix(p.light, lights.WARM, 0.5)))
    for k in range(1, 8):
        x = 330 + k * 117.5
        c.stroke(curve([(x, 520), ((x + 800) / 2, 430), (800, 190)], 16), darker(p.light, 0.25), 1.6, 0.5)
    for k in range(8):
        x = 330 + k * 117.5
        c.shaded([(x, 518), (x + 117.5, 518), *[(x + 117.5 - 117.5 * t, 518 + 44 * math.sin(math.pi * t)) for t in (s / 12 for s in range(13))]], (p.metal if k % 2 else p.light, darker(p.metal if k % 2 else p.light, 0.12)))
    for x in (350, 580, 1020, 1250):
        c.block(x - 5, 518, 10, 370, p.metal, 4)
        lights.fairy(c, [(x, 530), (x, 880)], 22, [lights.WARM])
    for k in range(5):
        lights.bulbs(c, hanging((352, 540), (1248, 540), 40 + k * 26), 52 - k * 3)
    for start, end in (((330, 520), (-40, 300)), ((1270, 520), (1640, 300)), ((800, 190), (-40, 120)), ((800, 190), (1640, 120))):
        lights.bulbs(c, hanging(start, end, 60), 48)
    for x, wide in ((560, 170), (800, 190), (1040, 170)):
        c.shadow(oval(x, 930, wide * 0.6, 24), 10, 0.4)
        c.shaded([(x - wide / 2, 810), (x + wide / 2, 810), (x + wide * 0.6, 930), (x - wide * 0.6, 930)], (p.light, mix(p.light, p.ground, 0.35)))
        c.shape(oval(x, 810, wide / 2, 20), lighter(p.light, 0.5))
        flora.cluster(c, x, 780, 40, p.accents, p.leaf, flora.rose, 9)
        for dx in (-50, 50):
            lights.candle(c, x + dx, 812, 12, 44, p.light)
    places.bulbous_petals(c, [p.accents[0], p.accents[-1]], 26, 930, 1060, 9)


def planets(c: Canvas, p: Palette, rocket: bool = True) -> None:
    """Fill space with planets, a ringed one among them, and a rocket."""
    c.backdrop(*p.sky)
    for x, y, radius, tone in ((300, 300, 620, p.accents[3]), (1300, 800, 700, p.accents[2]), (900, 100, 500, p.sky[-1])):
        c.glow(x, y, radius, tone, 0.3)
    lights.stars(c, 300, HEIGHT, p.light)
    for x, y, radius, tone in ((1210, 340, 190, p.accents[0]), (300, 760, 140, p.accents[2]), (1440, 860, 88, p.accents[3]), (620, 190, 64, p.accents[1]), (150, 180, 46, p.accents[3])):
        c.glow(x, y, radius * 1.7, tone, 0.32)
        c.ball(x, y, radius, tone)
        for k in range(4):
            at = (k - 1.5) * radius * 0.38
            half = math.sqrt(radius**2 - at**2) * 0.96
            c.stroke(curve([(x - half, y + at), (x, y + at + radius * 0.16), (x + half, y + at)], 20), lighter(tone, 0.28), radius * 0.07, 0.4)
    for width, ink in ((20, p.accents[1]), (6, lighter(p.accents[1], 0.5))):
        ring = [(1210 + 320 * math.cos(a) + 60 * math.sin(a), 340 + 84 * math.sin(a) - 70 * math.cos(a)) for a in (-0.35 + k * 3.85 / 60 for k in range(61))]
        c.stroke(ring, ink, width, 0.9)
    if rocket:
        _rocket(c, 800, 560, p)
    for k, (x, y) in enumerate(((470, 420), (1010, 700), (1080, 150), (520, 930), (1500, 560))):
        lights.star(c, x, y, 30 + 6 * (k % 3), p.accents[1], -1.3 + k * 0.3)


def _rocket(c: Canvas, x: float, y: float, p: Palette) -> None:
    for k in range(7):
        c.glow(x - 30 * k * 0.4, y + 250 + k * 34, 90 - k * 6, (255, 176, 80), 0.4)
    for share, tone in ((1.0, (255, 122, 60)), (0.7, (255, 196, 80)), (0.4, (255, 246, 210))):
        c.shape(petal(x, y + 178, 200 * share, 96 * share, math.pi / 2, 0.7), tone)
    for side in (-1, 1):
        fin = curve([(x + side * 62, y + 40), (x + side * 150, y + 90), (x + side * 138, y + 214), (x + side * 52, y + 166)], 16)
        c.shaded(fin, (p.accents[0], darker(p.accents[0], 0.25)))
    hull = curve([(x, y - 250), (x - 130, y - 120), (x - 96, y + 120), (x - 58, y + 182)], 24)
    hull += [(2 * x - px, py) for px, py in reversed(hull)]
    c.shaded(hull, ((255, 255, 255), (226, 226, 244), (240, 240, 250), (186, 184, 220)))
    nose = [point for point in hull if point[1] < y - 118]
    c.shaded(nose, (lighter(p.accents[0], 0.2), p.accents[0]))
    c.disc(x, y - 30, 50, p.accents[1])
    c.disc(x, y - 30, 38, darker(p.accents[2], 0.35))
    c.shaded(oval(x, y - 30, 36, 36), (p.accents[2], darker(p.accents[2], 0.4)))
    c.shape(oval(x - 12, y - 44, 12, 7, -0.6), (255, 255, 255), 0.8)
    c.block(x - 58, y + 140, 116, 18, p.accents[2], 6)


SCENES: dict[str, Any] = {
    "lanterns": lanterns,
    "sky_lanterns": sky_lanterns,
    "floating_lights": floating_lights,
    "fireworks": fireworks,
    "diyas": diyas,
    "crescent": crescent,
    "courtyard": courtyard,
    "pavilion": pavilion,
    "planets": planets,
}
