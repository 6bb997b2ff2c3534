"""Colours that belong together: a wall or sky, a floor or ground, accents, a leaf green, a metal."""

from __future__ import annotations

from dataclasses import dataclass

from app.demo.drawing.canvas import Colour, colour


@dataclass(frozen=True, slots=True)
class Palette:
    """`sky` runs from top to bottom; `accents` are what flowers, flags and balloons wear."""

    sky: tuple[Colour, ...]
    ground: Colour
    accents: tuple[Colour, ...]
    leaf: Colour
    metal: Colour
    light: Colour
    dark: Colour


def _palette(sky: str, ground: str, accents: str, leaf: str, metal: str, light: str, dark: str) -> Palette:
    def run(names: str) -> tuple[Colour, ...]:
        return tuple(colour(f"#{name}") for name in names.split())

    return Palette(
        run(sky), run(ground)[0], run(accents), run(leaf)[0], run(metal)[0], run(light)[0], run(dark)[0]
    )


PALETTES: dict[str, Palette] = {
    "marigold": _palette("fff3d6 ffdf9e", "e9b872", "f59e0b f97316 fbbf24 e11d48 fde68a", "3f7d4e", "c8902e", "fffaf0", "7c2d12"),
    "blush": _palette("fbeee8 f4d9cf", "e6c3b3", "e8a598 f3c6bb d98880 f8e3da c9a18c", "a3a380", "c9a26b", "fffaf6", "6b4a45"),
    "starlit": _palette("0b1437 1d2a63 4a3f86", "10163a", "f7d488 c7b5ff 8fb8ff ffffff f4a7c0", "3c5a5a", "e2bd6b", "fff4d2", "080d26"),
    "emerald": _palette("0c3b34 0f5a4b", "0a2c28", "d9b25f f2e3b6 1f8a70 0f6b58 ffffff", "2a8f6f", "d9b25f", "fff6dc", "062320"),
    "lemon": _palette("eaf6ff cfe8f7", "f4ead2", "fcd53f f9b71e 2f6fb5 ffffff 7cc0ea", "4f8a4b", "b98d4b", "fffdf2", "1f3f66"),
    "lantern": _palette("2b0f2e 6b1d3c c2453f", "2a0c25", "ef4444 fb923c fbbf24 be123c fde68a", "3f6b52", "f0b95a", "ffe9b8", "22091d"),
    "coast": _palette("e3f4f8 bfe3ec", "f1e3c8", "2f8fa8 7cc7d3 f29e7a ffffff f6d7a7", "7ba58d", "c9a26b", "ffffff", "174a5b"),
    "winter": _palette("dcebf5 f3f6fa", "e6eef5", "b3261e 2f5d50 ffffff d4a65a 8fb4cc", "2f5d50", "d4a65a", "fff8e6", "23384a"),
    "confetti": _palette("e9f3ff fdeef6", "fbd9e6", "ff6b8b ffc145 4dabf7 63d2a1 a78bfa", "63b58a", "f2b84b", "ffffff", "3b2f63"),
    "rose": _palette("3d1022 6d1f38", "2c0b19", "b3223f e05a6f f3a6ac 7f1530 fbe3dd", "4b6a4c", "d8ac62", "fff0e2", "1f0711"),
    "desert": _palette("fbe3c8 f4b98a e08a5f", "c9704a", "c2553a e9a15b f6d7a8 8b3a3a 2f7f79", "6e8060", "d09a4a", "fff3df", "5a241f"),
    "meadow": _palette("e6f4fb f8f6de", "a9cf8b", "f07ca0 f7c548 8f7ce0 ffffff f59a5b", "5a9a58", "c9a26b", "fffdf0", "2f5a3a"),
    "cosmos": _palette("170f3e 33217a 6a3fb0", "1d1450", "ff8a5b ffd166 5be0d8 f78fd0 ffffff", "4fb39a", "ffd166", "fff6d6", "0e0930"),
    "fiesta": _palette("fff1db ffd9b0", "e98b5a", "e5317f ff7a1a 12a594 7a3fd1 ffc61a", "2f8a5a", "d9a441", "fffaf0", "5a1846"),
    "navy_gold": _palette("070f2b 14275c 2e4a8f", "081029", "ffd27a ff9f6b 8fc7ff ffffff ff7aa8", "35607a", "e8c06a", "fff3cf", "050a1e"),
    "diwali": _palette("1c0b33 471552 8a2a5c", "1a0a2c", "ff9f1c ff5c8a ffd166 f72585 7bdff2", "3f7d5a", "e9b44c", "fff0c2", "12061f"),
    "sand": _palette("fdf0dd f6d9b5", "e3b98a", "0f7b6c d9a441 b5533c f2e2c4 174a5b", "5c8268", "d2a24c", "fffaf0", "4a2f22"),
    "mint": _palette("e6f7f0 cdeee0", "bfe3d2", "3aa583 ff9aa2 ffd66b ffffff 7cc7d3", "3d8f6c", "d2ab5e", "ffffff", "1f4d40"),
    "spring": _palette("eaf7ff fff5f8", "bfe0a3", "ff9ebb ffd3e0 f9d65c b79cf0 8ed1c6", "6bab5e", "d9b36a", "ffffff", "4a3a5a"),
    "autumn": _palette("fdeed8 f7cf9b", "c98a4b", "c8501e e58a1f a33a1f f2b632 7a5a2b", "7a7a34", "c08a3e", "fff7e8", "4a2412"),
    "spooky": _palette("1b1238 4a2466 d9692b", "140d29", "f28c28 8f5bd6 ffd166 4fb06b f4eaff", "3f5a46", "e9a83e", "fff0c2", "0c0719"),
    "tricolour": _palette("101b4d 2b3f8f 6f7fc0", "0c1438", "f5f7ff e63950 5b8def ffd27a ffffff", "3f5f7f", "e8c06a", "fff6df", "080d2b"),
    "green_gold": _palette("e9f5e4 cfe8c2", "8fbf7f", "2f8f4e 7cc06a f2c14e ffffff 1f6b3d", "2f8f4e", "d9ab4a", "fffef2", "163f28"),
    "orange": _palette("e6f3fb fdebd2", "9cc98a", "ff7a00 ffa23e ffd08a ffffff 2f6fb5", "4b9a52", "e0a040", "fffaf0", "6b3208"),
    "dusk": _palette("2a1f5a 7a3f86 f08a6c ffc98a", "2c1a45", "ffd27a ff8fa3 c7b5ff ffffff ffb26b", "4a5a5f", "f0c070", "fff2d2", "1a0f33"),
    "lagoon": _palette("0d2b4a 1c5a78 4fa3a5", "0b2238", "ffd27a ff9bb3 ffe9b0 a5e3d8 ffffff", "2f7f6f", "e9c06a", "fff3cf", "07172a"),
    "sakura": _palette("eaf5fb fdeef2", "cfe3c4", "f7a8bf fbd0dc e8567c 2f6fb5 ffd166", "78a86a", "d2a24c", "ffffff", "5a2a40"),
    "red_gold": _palette("5c0a12 9e1620 d3372c", "4a0710", "ffcf5c f7a32b ff6b4a ffe6a8 d3202c", "5a7a3f", "f2bf4f", "fff0c2", "33050b"),
    "adey": _palette("e4f2fb f6f3d2", "a9c97a", "ffd21f ffbf1a ffe169 fff3b0 f59e0b", "5a9a4a", "c9a26b", "fffdf0", "2f5a3a"),
    "snow": _palette("dfeaf4 f7f9fc", "e6eef5", "ffffff f3f6fb ffffff e9d9a8 ffffff", "4f7d68", "d4a65a", "fff8e6", "23384a"),
}
