"""Pictures come out the same on every run, in every process, and stay light."""

from __future__ import annotations

import hashlib
import time

import pytest
from PIL import Image

from app.demo.content import content
from app.demo.drawing.canvas import Canvas
from app.demo.drawing.palettes import PALETTES
from app.demo.pictures import LARGEST, SCENES, draw, draw_all, rendition_of
from app.media.renditions import WIDTHS


def checksum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_recipe_names_a_scene_and_a_palette():
    recipes = content("pictures").values()
    assert {recipe["scene"] for recipe in recipes} == set(SCENES)
    assert {recipe["palette"] for recipe in recipes} <= set(PALETTES)


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_draws_something(scene):
    name, recipe = next(
        (name, recipe) for name, recipe in content("pictures").items() if recipe["scene"] == scene
    )
    canvas = Canvas(name)
    SCENES[scene](canvas, PALETTES[recipe["palette"]], **recipe.get("options", {}))
    drawn = canvas.finish()
    assert len(drawn.convert("L").resize((64, 43)).getcolors(4096)) > 40  # no empty sheet


@pytest.mark.parametrize("name", ["holi-powder", "rose-arch"])
def test_a_picture_is_drawn_the_same_twice(name, tmp_path):
    first, second = draw(name, tmp_path), draw(name, _made(tmp_path / "again"))
    assert checksum(first) == checksum(second)


def test_a_picture_is_three_to_two_light_and_has_its_renditions(tmp_path):
    path = draw("starlit-pavilion", tmp_path)
    assert path.stat().st_size <= LARGEST
    with Image.open(path) as image:
        assert (image.size, image.format) == ((1600, 1067), "WEBP")
        assert len(image.convert("L").resize((64, 43)).getcolors(4096)) > 40  # no empty sheet
    for width in WIDTHS:
        with Image.open(rendition_of(path, width)) as image:
            assert image.width == width


def test_other_names_give_other_pictures(tmp_path):
    assert checksum(draw("deco-star", tmp_path)) != checksum(draw("gala-star", tmp_path))


@pytest.mark.long
def test_all_are_drawn_in_time_each_unlike_the_others_and_the_same_in_other_processes(tmp_path):
    started = time.monotonic()
    drawn = draw_all(tmp_path, workers=2)
    assert time.monotonic() - started < 120  # 40 s on two idle cores
    assert drawn.keys() == content("pictures").keys()
    assert max(path.stat().st_size for path in drawn.values()) <= LARGEST
    assert len({checksum(path) for path in drawn.values()}) == len(drawn)
    assert checksum(drawn["eid-window"]) == checksum(draw("eid-window", _made(tmp_path / "here")))


def _made(folder):
    folder.mkdir()
    return folder
