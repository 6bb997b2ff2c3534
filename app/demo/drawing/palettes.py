"""Colours that belong together: a wall or sky, a floor or ground, accents, a leaf green, a metal."""

from __future__ import annotations

from dataclasses import dataclass

from app.demo.content import content
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


def _read(told: dict[str, str]) -> Palette:
    runs = {part: tuple(colour(f"#{name}") for name in names.split()) for part, names in told.items()}
    return Palette(
        runs["sky"],
        runs["ground"][0],
        runs["accents"],
        runs["leaf"][0],
        runs["metal"][0],
        runs["light"][0],
        runs["dark"][0],
    )


PALETTES = {name: _read(told) for name, told in content("palettes").items()}
