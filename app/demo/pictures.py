"""Draws the demo's pictures, each from its line in content/pictures.json, the same on every run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context

import click

from app.demo.content import content
from app.demo.drawing import (
    feasts_at_the_water,
    feasts_of_india,
    feasts_of_light,
    feasts_of_spring,
    feasts_of_the_street,
    meadows,
    nights,
    seasons,
    stages,
    tables,
    towns,
)
from app.demo.drawing.canvas import Canvas
from app.demo.drawing.palettes import PALETTES
from app.media.sandbox import Drawing
from app.media.studio.drawing import blur, draw_crops, draw_widths, encode
from app.media.studio.kinds import Drawn
from app.media.studio.likeness import likeness_of

_PAGES = (
    feasts_at_the_water,
    feasts_of_india,
    feasts_of_light,
    feasts_of_spring,
    feasts_of_the_street,
    meadows,
    nights,
    seasons,
    stages,
    tables,
    towns,
)
SCENES = {name: scene for page in _PAGES for name, scene in page.SCENES.items()}
LARGEST = 120_000
"""No picture weighs more than this many bytes."""


SAID_EVERY = 20
_QUICK = {"method": 2}  # half the time of a slower one, a tenth more bytes


def draw_all(names: Iterable[str] | None = None, workers: int | None = None) -> Iterator[tuple[str, Drawing]]:
    """Draw the named pictures, or all of them, in the order of their names; says how far it is."""
    wanted = sorted(content("pictures") if names is None else names)
    workers = min(workers or os.cpu_count() or 1, max(1, len(wanted) // 4))
    for number, name, drawing in zip(count(1), wanted, _drawn(wanted, workers)):
        if number % SAID_EVERY == 0 or number == len(wanted):
            click.echo(f"Pictures: {number} of {len(wanted)} are drawn.")
        yield name, drawing


def _drawn(names: list[str], workers: int) -> Iterator[Drawing]:
    if workers == 1:
        yield from map(draw, names)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(draw, names, chunksize=4)


def draw(name: str) -> Drawing:
    """Draw one picture, as good as stays small enough, with its WebP; a job draws the other forms later."""
    recipe = content("pictures")[name]
    canvas = Canvas(name)
    SCENES[recipe["scene"]](canvas, PALETTES[recipe["palette"]], **recipe.get("options", {}))
    picture = canvas.finish()
    for quality in (84, 76, 66, 50):
        written = encode(picture, "webp", quality=quality, **_QUICK)
        if len(written) <= LARGEST:
            break
    files = (
        Drawn("picture", "webp", *picture.size, written),
        *draw_widths(picture, ["webp"], webp=_QUICK),
        *draw_crops(picture, (0.5, 0.5)),
    )
    return Drawing(
        "WEBP", has_alpha=False, blurhash=blur(picture), files=files, likeness=likeness_of(picture)
    )
