"""Draws the demo's pictures, each from its line in content/pictures.json, the same on every run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

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
from app.media.renditions import WIDTHS, render

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


def draw_all(folder: Path, names: Iterable[str] | None = None, workers: int | None = None) -> dict[str, Path]:
    """Draw the named pictures, or all of them, into a folder; returns the file of each."""
    wanted = sorted(content("pictures") if names is None else names)
    folder.mkdir(parents=True, exist_ok=True)
    workers = min(workers or os.cpu_count() or 1, max(1, len(wanted) // 4))
    if workers == 1:
        return {name: draw(name, folder) for name in wanted}
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        drawn = pool.map(draw, wanted, [folder] * len(wanted), chunksize=4)
        return dict(zip(wanted, drawn, strict=True))


def draw(name: str, folder: Path) -> Path:
    """Draw one picture and save it, as good as stays small enough, with its renditions beside it."""
    recipe = content("pictures")[name]
    canvas = Canvas(name)
    SCENES[recipe["scene"]](canvas, PALETTES[recipe["palette"]], **recipe.get("options", {}))
    picture, path = canvas.finish(), folder / f"{name}.webp"
    for quality in (84, 76, 66, 50):
        picture.save(path, "WEBP", quality=quality, method=3)
        if path.stat().st_size <= LARGEST:
            break
    for width in WIDTHS:
        rendition_of(path, width).write_bytes(render(picture, width))
    return path


def rendition_of(path: Path, width: int) -> Path:
    """Give the file beside a drawn picture that holds it in a smaller width."""
    return path.with_name(f"{path.stem}-{width}.webp")
